import type { Snapshot } from "../../core/domain/snapshot.ts";
import { distinct } from "./accounts.ts";
import type { GitHubClient } from "./client.ts";
import { contributorsBetween } from "./comparison.ts";
import type { NamedAccounts } from "./named-accounts.ts";
import { type PushSeen, pushersOf, withSeen } from "./pushers.ts";

/*
 * Whose work a pull request is: whoever wrote or pushed it approves nothing of it (H021, H022).
 */

/** What is remembered of people beside what GitHub tells. */
export interface PeopleRemembered {
  /** What events told of pushes to the pull request, for where GitHub does not let us ask; left out: nothing. */
  readonly pushesSeen?: () => Promise<readonly PushSeen[]>;
  /** The accounts that a policy's logins meant when they were first read; left out, a login means whoever has it now. */
  readonly accounts?: NamedAccounts;
}

type People = Pick<Snapshot, "pullRequest">;

/**
 * Whose work the head would bring to the default branch is more than the pull request's own, where its base is ahead of
 * that. It matters only where somebody approved.
 */
export async function peopleTowards(
  client: GitHubClient,
  { pullRequest, repository, head }: Snapshot,
  base: string,
): Promise<People> {
  if (!pullRequest?.reviews.some(({ state }) => state === "APPROVED")) return {};
  const people = await contributorsBetween(client, repository, base, head);
  const { pushers: _, ...facts } = pullRequest;
  const contributors = distinct([...facts.contributors, ...people.contributors]);
  return { pullRequest: { ...facts, ...people, contributors } };
}

/** Who pushed the commits. A fork is not ours to ask about: there, what events told must do. */
export async function withPushers(
  client: GitHubClient,
  { pushesSeen }: PeopleRemembered,
  { pullRequest, repository, head, begunAt }: Snapshot,
): Promise<People> {
  if (!pullRequest) return {};
  const { isFork, headBranch, baseBranch, contributorsComplete } = pullRequest;
  const commits = contributorsComplete && pullRequest.commits ? new Set(pullRequest.commits) : undefined;
  const bases = baseBranch === repository.defaultBranch ? [] : [baseBranch];
  const asked =
    isFork || headBranch === undefined
      ? ({ outcome: "unknown", why: "its branch is in a fork" } as const)
      : await pushersOf(client, repository, { branches: [headBranch, ...bases], commits, opened: begunAt });
  const seen = (await pushesSeen?.()) ?? [];
  return { pullRequest: { ...pullRequest, pushers: withSeen(asked, seen, { commits, head }) } };
}
