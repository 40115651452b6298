import { z } from "zod";
import { type Call, type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";

/** What became of an issue: it is here, it was moved to another repository, or it is gone. */
export type IssueSeen =
  | { readonly is: "here" }
  /** `to` as people name it, where we may know: `acme/other#12`. */
  | { readonly is: "moved"; readonly to?: string }
  | { readonly is: "gone" };

const shape = z.object({ html_url: z.string().max(1000), number: z.number().int() });

/**
 * Looks an issue up by the number that it once had. GitHub leads on from one that was moved, answers 404 where we may not
 * see the repository it went to, and 410 where it was deleted (or issues are switched off, which the next write tells).
 * https://docs.github.com/rest/issues/issues#get-an-issue
 */
export async function issueSeen(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  number: number,
): Promise<IssueSeen> {
  const call: Call = {
    what: "look for an issue of ours",
    needs: "Issues: read",
    kind: "read",
    accepts: [404, 410],
  };
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}";
  const answer = await client.rest(route, { owner, repo: name, issue_number: number }, call);
  if (answer.status === 410) return { is: "gone" };
  if (answer.status === 404) return { is: "moved" };
  const issue = read(shape, answer.data, call.what);
  const [, place = "", now = ""] = /\/([^/]+\/[^/]+)\/issues\/(\d+)$/.exec(issue.html_url) ?? [];
  const isHere = Number(now) === number && place.split("/")[1]?.toLowerCase() === name.toLowerCase();
  return isHere ? { is: "here" } : { is: "moved", to: `${place}#${now}` };
}
