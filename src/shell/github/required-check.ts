import { z } from "zod";
import { Forbidden, Gone } from "../failures.ts";
import type { SetupLine } from "../ports.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { listInstallations } from "./missed.ts";

/*
 * Whether the check is required where it should be, and from this App alone: without that, anybody who may write can post
 * a check of the same name. What holds for a branch may be read with no more than the metadata of its repository.
 */

/** Installations, and repositories of each, that are looked at: those that were pushed to last. */
const most = { installations: 3, repositories: 5 } as const;

const repositoriesShape = z.object({
  repositories: z.array(
    z.object({
      name: z.string(),
      owner: z.object({ login: z.string() }),
      default_branch: z.string(),
      archived: z.boolean().optional(),
      pushed_at: z.string().nullish(),
    }),
  ),
});

/** https://docs.github.com/rest/repos/rules#get-rules-for-a-branch */
const rulesShape = z.array(
  z.object({
    type: z.string(),
    parameters: z
      .object({
        required_status_checks: z
          .array(z.object({ context: z.string(), integration_id: z.number().nullish() }))
          .optional(),
      })
      .nullish(),
  }),
);

/** What is required of one default branch. */
interface Required {
  readonly repository: string;
  /** The App that the check must come from; null: any source; absent: the check is not required. */
  readonly from?: number | null;
}

/** Looks at the rules of some default branches. Throws TryAgainLater where GitHub cannot be asked. */
export async function requiredCheckLine(
  asApp: GitHubClient,
  forListing: (installation: number) => GitHubClient,
  appId: number,
): Promise<SetupLine> {
  const { installations } = await listInstallations(asApp);
  const found: Required[] = [];
  for (const { id } of installations.filter(({ isSuspended }) => !isSuspended).slice(0, most.installations)) {
    try {
      found.push(...(await requiredIn(forListing(id), appId)));
    } catch (error) {
      // An installation that was taken away meanwhile says nothing of the others.
      if (!(error instanceof Gone || error instanceof Forbidden)) throw error;
    }
  }
  return lineOf(found, appId);
}

async function requiredIn(client: GitHubClient, appId: number): Promise<Required[]> {
  const listing: Call = { what: "list the repositories of the installation", needs: "Metadata: read", kind: "read" };
  const answer = await client.rest("GET /installation/repositories", { per_page: 100 }, listing);
  const { repositories } = read(repositoriesShape, answer.data, listing.what);
  const latest = repositories
    .filter(({ archived }) => archived !== true)
    .toSorted((one, other) => ((one.pushed_at ?? "") < (other.pushed_at ?? "") ? 1 : -1))
    .slice(0, most.repositories);
  const found: Required[] = [];
  for (const { owner, name, default_branch: branch } of latest) {
    const call: Call = {
      what: "read the rules of the default branch",
      needs: "Metadata: read",
      kind: "read",
      accepts: [404],
    };
    const route = "GET /repos/{owner}/{repo}/rules/branches/{branch}";
    const rules = await client.rest(route, { owner: owner.login, repo: name, branch, per_page: 100 }, call);
    if (rules.status !== 200) continue;
    const checks = read(rulesShape, rules.data, call.what).flatMap(
      ({ type, parameters }) => (type === "required_status_checks" && parameters?.required_status_checks) || [],
    );
    found.push(requiredOf(appId, `${owner.login}/${name}`, checks));
  }
  return found;
}

function requiredOf(
  appId: number,
  repository: string,
  checks: readonly { readonly context: string; readonly integration_id?: number | null | undefined }[],
): Required {
  const ours = checks.filter(({ context }) => context === "threat-model");
  if (ours.length === 0) return { repository };
  // One rule that pins it to this App is enough: all rules must be satisfied.
  const sources = ours.flatMap(({ integration_id: source }) => source ?? []);
  return { repository, from: sources.find((source) => source === appId) ?? sources[0] ?? null };
}

function lineOf(found: readonly Required[], appId: number): SetupLine {
  const what = "ruleset";
  const looked = `${found.length} ${found.length === 1 ? "repository" : "repositories"} looked at (those pushed to last)`;
  const pin = `Write ${appId} in place of 123456 in docs/ruleset.json before it is imported; in a ruleset that stands, choose this App as the source of the check.`;
  if (found.length === 0)
    return {
      what,
      state: "unknown",
      says: "The App is installed on no repository whose rules could be read.",
      next: pin,
    };
  const wrong = found.filter(({ from }) => from !== undefined && from !== appId);
  if (wrong.length > 0) {
    const named = wrong.map(
      ({ repository, from }) => `${repository} (from ${from === null ? "any source" : `App ${from}`})`,
    );
    return {
      what,
      state: "wrong",
      says: `"threat-model" is required and not pinned to this App: ${named.join(", ")}. Whoever may write there can post a check of that name.`,
      next: pin,
    };
  }
  const pinned = found.filter(({ from }) => from === appId);
  if (pinned.length === 0)
    return {
      what,
      state: "off",
      says: `"threat-model" is required in none of the ${looked}: it blocks nothing.`,
      next: pin,
    };
  return {
    what,
    state: "ok",
    says: `"threat-model" is required and pinned to this App (${appId}) in ${pinned.length} of the ${looked}. Rulesets that only evaluate, and branch protection of the older kind, are not seen.`,
  };
}
