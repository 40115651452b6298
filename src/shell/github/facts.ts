import type { PullRequestFacts, RepositoryFacts } from "../../core/domain/snapshot.ts";
import { accountOf } from "./accounts.ts";
import { nodesOf } from "./answer-lists.ts";
import type { GitHubClient } from "./client.ts";
import { contributorsOf, reviewsOf } from "./reviews.ts";
import type { FirstLook, HeadCommitAnswer } from "./shapes.ts";

/** The repository, as far as judging needs it. */
export function repositoryFacts({ repository }: FirstLook): RepositoryFacts {
  return {
    ...(repository.databaseId ? { id: repository.databaseId } : {}),
    owner: repository.owner.login,
    name: repository.name,
    ownerIsOrganisation: repository.owner.__typename === "Organization",
    defaultBranch: repository.defaultBranchRef?.name ?? "",
    isPrivate: repository.isPrivate,
    isArchived: repository.isArchived,
    hasIssues: repository.hasIssuesEnabled,
  };
}

/** Other open pull requests of this repository with the same head commit: a check is attached to the commit (H018). */
function siblingsOf(look: FirstLook, head: HeadCommitAnswer): Pick<PullRequestFacts, "siblings" | "siblingsComplete"> {
  const { databaseId, pullRequest } = look.repository;
  const listed = nodesOf(head.associatedPullRequests);
  const siblings = listed
    .filter((other) => other.state === "OPEN" && other.headRefOid === head.oid && other.number !== pullRequest.number)
    .filter((other) => !other.repository?.databaseId || other.repository.databaseId === databaseId)
    .map((other) => ({ number: other.number, baseBranch: other.baseRefName }));
  const isCut = (head.associatedPullRequests?.totalCount ?? 0) > listed.length;
  return { siblings, ...(isCut ? { siblingsComplete: false } : {}) };
}

/** The pull request and its people. Reads on where the first look did not get a list whole. */
export async function pullRequestFacts(
  client: GitHubClient,
  look: FirstLook,
  head: HeadCommitAnswer,
): Promise<PullRequestFacts> {
  const { pullRequest } = look.repository;
  const place = { owner: look.repository.owner.login, name: look.repository.name, number: pullRequest.number };
  return {
    number: pullRequest.number,
    title: pullRequest.title,
    ...(pullRequest.author ? { author: accountOf(pullRequest.author) } : {}),
    state: pullRequest.state === "OPEN" ? "open" : pullRequest.state === "MERGED" ? "merged" : "closed",
    isDraft: pullRequest.isDraft,
    isFork: pullRequest.isCrossRepository,
    baseBranch: pullRequest.baseRefName,
    ...(pullRequest.headRefName === undefined ? {} : { headBranch: pullRequest.headRefName }),
    ...(pullRequest.mergedAt ? { mergedAt: pullRequest.mergedAt } : {}),
    ...(pullRequest.mergedBy ? { mergedBy: pullRequest.mergedBy.login } : {}),
    ...(await contributorsOf(client, place, pullRequest)),
    reviews: await reviewsOf(client, place, pullRequest),
    ...siblingsOf(look, head),
  };
}
