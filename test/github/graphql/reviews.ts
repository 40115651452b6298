import { may } from "../identity.ts";
import { nodeId } from "../show/node-id.ts";
import { pageOf } from "../show/repositories.ts";
import type { PullRequest, Repository, Review, Thread, ThreadComment } from "../world.ts";
import { commitShape } from "./git.ts";
import { writtenShape } from "./issues.ts";
import { actorShape, teamShape, viewerAccount } from "./people.ts";
import { canPush, pullRequestShape } from "./pull-requests.ts";
import { type Arguments, type Context, connection, type Shape } from "./shape.ts";

export function reviewShape(context: Context, repository: Repository, pull: PullRequest, review: Review): Shape {
  const commit = repository.store.commits.get(review.commit);
  const comments = pull.threads.flatMap((thread) =>
    thread.comments.filter((comment) => comment.review === review).map((comment) => ({ thread, comment })),
  );
  return {
    __typename: "PullRequestReview",
    id: nodeId("PullRequestReview", review.id),
    databaseId: review.id,
    fullDatabaseId: String(review.id),
    author: () => actorShape(context, review.author),
    authorCanPushToRepository: canPush(context, repository, review.author),
    viewerDidAuthor: review.author !== null && review.author === viewerAccount(context),
    body: review.body,
    state: review.state,
    submittedAt: review.submittedAt,
    updatedAt: review.updatedAt,
    lastEditedAt: review.editor === null ? null : review.updatedAt,
    editor: () => actorShape(context, review.editor),
    isMinimized: review.minimized !== undefined,
    minimizedReason: review.minimized?.toLowerCase() ?? null,
    url: `${pageOf(context.world, repository)}/pull/${pull.number}#pullrequestreview-${review.id}`,
    commit: () => (commit === undefined ? null : commitShape(context, repository, commit)),
    onBehalfOf: (args: Arguments) =>
      connection("TeamConnection", args, review.onBehalfOf, (team) => teamShape(context, team)),
    pullRequest: () => pullRequestShape(context, repository, pull),
    comments: (args: Arguments) =>
      connection("PullRequestReviewCommentConnection", args, comments, ({ thread, comment }) =>
        threadCommentShape(context, repository, pull, thread, comment),
      ),
  };
}

/** Whether this token may resolve threads. An App needs `contents: write` for it (github/gh-aw issue 35726). */
export function canResolve(context: Context, repository: Repository, pull: PullRequest): boolean {
  if (context.actor.kind === "user" && context.actor.account === pull.author) return true;
  return may(context.world, context.actor, repository, [{ pull_requests: "write", contents: "write" }], "write");
}

export function threadShape(context: Context, repository: Repository, pull: PullRequest, thread: Thread): Shape {
  return {
    __typename: "PullRequestReviewThread",
    id: nodeId("PullRequestReviewThread", thread.id),
    isResolved: thread.resolved,
    isOutdated: thread.outdated,
    isCollapsed: thread.resolved || thread.outdated,
    resolvedBy: () => actorShape(context, thread.resolvedBy),
    path: thread.path,
    line: thread.line ?? null,
    startLine: thread.startLine ?? null,
    originalLine: thread.originalLine ?? null,
    originalStartLine: thread.originalStartLine ?? null,
    diffSide: thread.side,
    startDiffSide: thread.startLine === undefined ? null : thread.side,
    subjectType: thread.subject.toUpperCase(),
    viewerCanResolve: !thread.resolved && canResolve(context, repository, pull),
    viewerCanUnresolve: thread.resolved && canResolve(context, repository, pull),
    viewerCanReply: !pull.locked,
    pullRequest: () => pullRequestShape(context, repository, pull),
    comments: (args: Arguments) =>
      connection("PullRequestReviewCommentConnection", args, thread.comments, (comment) =>
        threadCommentShape(context, repository, pull, thread, comment),
      ),
  };
}

export function threadCommentShape(
  context: Context,
  repository: Repository,
  pull: PullRequest,
  thread: Thread,
  comment: ThreadComment,
): Shape {
  return {
    __typename: "PullRequestReviewComment",
    ...writtenShape(context, repository, comment),
    id: nodeId("PullRequestReviewComment", comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    path: thread.path,
    line: thread.line ?? null,
    originalLine: thread.originalLine ?? null,
    outdated: thread.outdated,
    diffHunk: thread.diffHunk,
    state: comment.review.state === "PENDING" ? "PENDING" : "SUBMITTED",
    url: `${pageOf(context.world, repository)}/pull/${pull.number}#discussion_r${comment.id}`,
    pullRequestReview: () => reviewShape(context, repository, pull, comment.review),
    replyTo: () => {
      const first = thread.comments.find((one) => one.id === comment.inReplyTo);
      return first === undefined ? null : threadCommentShape(context, repository, pull, thread, first);
    },
  };
}
