import { z } from "zod";
import type { Account, PushersReading } from "../../core/domain/snapshot.ts";
import { Forbidden } from "../failures.ts";
import { distinct } from "./accounts.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";

/*
 * Who pushed the commits of a pull request (H022). Git's author and committer are whatever a commit says, and GitHub finds
 * no account for an address that nobody registered; only the push itself was made by a known account.
 * https://docs.github.com/rest/repos/repos#list-repository-activities
 */

const route = "GET /repos/{owner}/{repo}/activity";
const call: Call = {
  what: "read who pushed to the branch",
  needs: "Contents: read",
  kind: "read",
  accepts: [404, 409, 422],
};

/** Pages of a hundred pushes that are read at most. */
const mostPages = 5;

const activityShape = z.object({
  after: z.string(),
  timestamp: z.string(),
  activity_type: z.string(),
  actor: z.object({ login: z.string(), id: z.number(), type: z.string() }).nullish(),
});
type Activity = z.infer<typeof activityShape>;

/** A push that an event told of: the commit that it made the head, and GitHub's id of whoever pushed. */
export interface PushSeen {
  readonly head: string;
  readonly account: number;
}

/** The pull request whose pushers are wanted. */
export interface PushedTo {
  /** Branches of the repository that its commits were pushed to. */
  readonly branches: readonly string[];
  /** Its commits; undefined where not all of them are known: then every push to these branches counts. */
  readonly commits: ReadonlySet<string> | undefined;
  /** When it was opened, ISO. */
  readonly opened: string | undefined;
}

/** The people who made one of its commits, or one that was rewritten since it was opened, the head of one of the branches. */
export async function pushersOf(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  { branches, commits, opened = "" }: PushedTo,
): Promise<PushersReading> {
  const accounts: Account[] = [];
  for (const branch of branches) {
    const found = await activitiesOf(client, { owner, name }, branch);
    if (typeof found === "string") return { outcome: "unknown", why: found };
    let isRewritten = false;
    for (const { after, timestamp, activity_type, actor } of found) {
      const isOfIt = commits === undefined || commits.has(after);
      const wasOfIt = isRewritten && Date.parse(timestamp) >= Date.parse(opened);
      if (actor && (isOfIt || wasOfIt)) accounts.push(accountOf(actor));
      isRewritten ||= activity_type === "force_push";
    }
  }
  return { outcome: "present", accounts: distinct(accounts) };
}

/**
 * The same with the pushes that events told of. Where GitHub does not let us ask, they are enough if they tell of the head:
 * then those of the commits before it were heard of as well, or were made before there was a pull request.
 */
export function withSeen(
  asked: PushersReading,
  seen: readonly PushSeen[],
  { commits, head }: Pick<PushedTo, "commits"> & { readonly head: string },
): PushersReading {
  const isKnown = asked.outcome === "present" || seen.some((push) => push.head === head);
  if (!isKnown) return asked;
  const told = seen.filter((push) => asked.outcome !== "present" || commits === undefined || commits.has(push.head));
  const accounts = told.map(({ account }): Account => ({ id: account, login: "", type: "unknown" }));
  return {
    outcome: "present",
    accounts: distinct([...accounts, ...(asked.outcome === "present" ? asked.accounts : [])]),
  };
}

/** What was done to a branch since it was made, newest first; or why that is not known. */
async function activitiesOf(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  branch: string,
): Promise<readonly Activity[] | string> {
  const all: Activity[] = [];
  let after: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const cursor = after === undefined ? {} : { after };
    const parameters = { owner, repo: name, ref: `refs/heads/${branch}`, per_page: 100, ...cursor };
    const answer = await client.rest(route, parameters, call).catch((error: unknown) => {
      if (error instanceof Forbidden) return undefined;
      throw error;
    });
    if (!answer || answer.status >= 400) return "GitHub does not show us what was pushed to its branch";
    const activities = read(z.array(activityShape), answer.data, call.what);
    const made = activities.findIndex(({ activity_type }) => activity_type === "branch_creation");
    // What is older belongs to a branch that once had the same name.
    if (made >= 0) return [...all, ...activities.slice(0, made + 1)];
    all.push(...activities);
    after = /[?&]after=([^&>]+)[^>]*>;\s*rel="next"/.exec(answer.headers["link"] ?? "")?.[1];
    if (after === undefined) return all;
    after = decodeURIComponent(after);
  }
  return "its branch was pushed to more often than is read";
}

function accountOf({ login, id, type }: NonNullable<Activity["actor"]>): Account {
  return { login, id, type: type === "User" || type === "Bot" ? type : "unknown" };
}
