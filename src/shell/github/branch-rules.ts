import { z } from "zod";
import { type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";

/** https://docs.github.com/rest/repos/rules#get-rules-for-a-branch */
const rulesShape = z.array(
  z.object({
    type: z.string(),
    parameters: z.object({ required_review_thread_resolution: z.boolean().optional() }).nullish().catch(undefined),
  }),
);

/**
 * Whether the rulesets of a branch let nothing merge while a conversation is open. The older branch protection may ask for
 * the same, and shows itself only to whoever administers the repository: that is not known. Undefined as well where GitHub
 * shows no rules, as an Enterprise Server before 3.12 does.
 */
export async function requiresResolved(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  branch: string,
): Promise<boolean | undefined> {
  const call = {
    what: "read the rules of the branch",
    needs: "Metadata: read",
    kind: "read",
    accepts: [403, 404],
  } as const;
  const parameters = { owner, repo: name, branch, per_page: 100 };
  const answer = await client.rest("GET /repos/{owner}/{repo}/rules/branches/{branch}", parameters, call);
  if (answer.status >= 400) return undefined;
  const rules = read(rulesShape, answer.data, call.what);
  return rules.some(
    ({ type, parameters: asked }) => type === "pull_request" && asked?.required_review_thread_resolution === true,
  );
}
