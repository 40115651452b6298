import { changesOfPullRequest } from "../diff.ts";
import { commitsBetween } from "../git/history.ts";
import { fullName, visibleHead } from "../lookups.ts";
import { atLeast, permissionOf } from "../people.ts";
import { nodeId } from "../show/node-id.ts";
import { pageOf } from "../show/repositories.ts";
import type { Account, PullRequest, Repository, Review } from "../world.ts";
import { commitShape, refShape } from "./git.ts";
import { issueFields } from "./issues.ts";
import { actorShape, teamShape, viewerAccount } from "./people.ts";
import { repositoryShape } from "./repositories.ts";
import { reviewShape, threadShape } from "./reviews.ts";
import { type Arguments, type Context, connection, type Shape, textOf, textsOf } from "./shape.ts";

export function pullRequestShape(context: Context, repository: Repository, pull: PullRequest): Shape {
  const { store } = repository;
  const head = visibleHead(context.world, pull);
  const submitted = pull.reviews.filter((review) => review.state !== "PENDING");
  // A pending review is shown to its own author and to nobody else.
  const viewer = viewerAccount(context);
  const visible = pull.reviews.filter((review) => review.state !== "PENDING" || review.author === viewer);
  const changes = () => changesOfPullRequest(store, pull.base.sha, head);
  const opinions = () => latestBy(submitted.filter((review) => review.state !== "COMMENTED"));
  const isFork = pull.head.repository !== repository;
  const reviewNode = (review: Review): Shape => reviewShape(context, repository, pull, review);
  return {
    __typename: "PullRequest",
    ...issueFields(context, repository, pull),
    id: nodeId("PullRequest", pull.id),
    state: pull.merged ? "MERGED" : pull.state.toUpperCase(),
    isDraft: pull.draft,
    isCrossRepository: isFork,
    isInMergeQueue: pull.inMergeQueue,
    merged: pull.merged,
    mergedAt: pull.mergedAt,
    mergedBy: () => actorShape(context, pull.mergedBy),
    mergeCommit: () => {
      const commit = store.commits.get(pull.mergeCommit ?? "");
      return commit === undefined ? null : commitShape(context, repository, commit);
    },
    baseRefName: pull.base.branch,
    baseRefOid: pull.base.sha,
    baseRef: () => refShape(context, repository, pull.base.branch),
    baseRepository: () => repositoryShape(context, repository),
    headRefName: pull.head.branch,
    headRefOid: head,
    headRef: () => (pull.head.repository === null ? null : refShape(context, pull.head.repository, pull.head.branch)),
    headRepository: () => {
      const from = pull.head.repository;
      if (from === null || from.deleted) return null;
      return {
        __typename: "Repository",
        id: nodeId("Repository", from.id),
        databaseId: from.id,
        name: from.name,
        nameWithOwner: fullName(from),
        isPrivate: from.private,
        owner: () => actorShape(context, from.owner),
      };
    },
    headRepositoryOwner: () => actorShape(context, pull.head.repository?.owner ?? null),
    repository: () => repositoryShape(context, repository),
    permalink: `${pageOf(context.world, repository)}/pull/${pull.number}`,
    mergeable: pull.state === "open" ? "MERGEABLE" : "UNKNOWN",
    reviewDecision: () => decision(opinions()),
    changedFiles: () => changes().length,
    additions: () => changes().reduce((sum, change) => sum + change.additions, 0),
    deletions: () => changes().reduce((sum, change) => sum + change.deletions, 0),
    files: (args: Arguments) =>
      connection("PullRequestChangedFileConnection", args, changes(), (change) => ({
        __typename: "PullRequestChangedFile",
        path: change.filename,
        additions: change.additions,
        deletions: change.deletions,
        changeType: change.status === "removed" ? "DELETED" : change.status.toUpperCase(),
      })),
    commits: (args: Arguments) =>
      connection("PullRequestCommitConnection", args, commitsBetween(store, pull.base.sha, head), (commit) => ({
        __typename: "PullRequestCommit",
        commit: () => commitShape(context, repository, commit),
      })),
    latestOpinionatedReviews: (args: Arguments) => {
      const writers =
        args["writersOnly"] === true
          ? opinions().filter((review) => canPush(context, repository, review.author))
          : opinions();
      return connection("PullRequestReviewConnection", args, writers, reviewNode, ["writersOnly"]);
    },
    latestReviews: (args: Arguments) =>
      connection("PullRequestReviewConnection", args, latestBy(submitted), reviewNode, ["writersOnly"]),
    reviews: (args: Arguments) => {
      const states = textsOf(args, "states");
      const author = textOf(args, "author");
      const wanted = visible.filter(
        (review) =>
          (states === undefined || states.includes(review.state)) &&
          (author === undefined || review.author?.login === author),
      );
      return connection("PullRequestReviewConnection", args, wanted, reviewNode, ["states", "author"]);
    },
    reviewThreads: (args: Arguments) =>
      connection("PullRequestReviewThreadConnection", args, pull.threads, (thread) =>
        threadShape(context, repository, pull, thread),
      ),
    reviewRequests: (args: Arguments) =>
      connection("ReviewRequestConnection", args, [...pull.requestedUsers, ...pull.requestedTeams], (one) => ({
        __typename: "ReviewRequest",
        asCodeOwner: false,
        requestedReviewer: () => ("organization" in one ? teamShape(context, one) : actorShape(context, one)),
      })),
  };
}

/** The last review of each reviewer, in the order of submission. */
function latestBy(reviews: readonly Review[]): Review[] {
  return reviews.filter((review, index) => !reviews.slice(index + 1).some((later) => later.author === review.author));
}

function decision(opinions: readonly Review[]): string | null {
  if (opinions.some((review) => review.state === "CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  return opinions.some((review) => review.state === "APPROVED") ? "APPROVED" : null;
}

export function canPush(context: Context, repository: Repository, account: Account | null): boolean {
  return account !== null && atLeast(permissionOf(context.world, account, repository), "write");
}
