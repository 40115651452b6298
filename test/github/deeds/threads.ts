import { hunkOf } from "../anchors.ts";
import { changesOfPullRequest } from "../diff.ts";
import { unprocessable } from "../refusal.ts";
import { nodeId } from "../show/node-id.ts";
import { showPullRequest } from "../show/pull-requests.ts";
import { showThreadComment } from "../show/reviews.ts";
import type { Account, App, PullRequest, Repository, Review, Side, Thread, ThreadComment, World } from "../world.ts";
import { drop } from "./pull-requests.ts";

/** Where a comment is to stand. Without a line it is about the whole file. */
export interface Place {
  readonly path: string;
  readonly line?: number | undefined;
  readonly startLine?: number | undefined;
  readonly side?: Side | undefined;
}

/** The hunk that the comment will show; refuses a place that is not in the diff. */
export function judgePlace(repository: Repository, pull: PullRequest, commit: string, place: Place): string {
  const change = changesOfPullRequest(repository.store, pull.base.sha, commit).find(
    (one) => one.filename === place.path,
  );
  if (change === undefined) throw unprocessable("Path could not be resolved");
  if (place.line === undefined) return change.patch?.split("\n")[0] ?? "";
  const hunk = hunkOf(change.patch, place.side ?? "RIGHT", place.line, place.startLine);
  if (hunk === undefined) throw unprocessable("Line could not be resolved");
  return hunk;
}

export function beginThread(
  world: World,
  pull: PullRequest,
  review: Review,
  place: Place,
  diffHunk: string,
  body: string,
  app: App | undefined,
) {
  const thread: Thread = {
    id: world.nextId(),
    path: place.path,
    subject: place.line === undefined ? "file" : "line",
    side: place.side ?? "RIGHT",
    line: place.line,
    startLine: place.startLine,
    outdated: false,
    originalLine: place.line,
    originalStartLine: place.startLine,
    originalCommit: review.commit,
    commit: review.commit,
    diffHunk,
    resolvedBy: null,
    resolved: false,
    comments: [],
  };
  const comment = newComment(world, review, body, undefined, app);
  thread.comments.push(comment);
  pull.threads.push(thread);
  return { thread, comment };
}

export function newComment(
  world: World,
  review: Review,
  body: string,
  inReplyTo: number | undefined,
  app: App | undefined,
): ThreadComment {
  return {
    id: world.nextId(),
    author: review.author,
    app,
    body,
    createdAt: review.submittedAt,
    updatedAt: review.submittedAt,
    editor: null,
    minimized: undefined,
    review,
    inReplyTo,
  };
}

export function editThreadComment(
  world: World,
  repository: Repository,
  pull: PullRequest,
  thread: Thread,
  comment: ThreadComment,
  editor: Account,
  body: string,
): void {
  const from = comment.body;
  comment.body = body;
  comment.editor = editor;
  comment.updatedAt = world.clock.tick();
  announceThreadComment(world, repository, pull, thread, comment, editor, "edited", { changes: { body: { from } } });
}

/** Deletes a comment; the last one takes its thread with it. */
export function deleteThreadComment(
  world: World,
  repository: Repository,
  pull: PullRequest,
  thread: Thread,
  comment: ThreadComment,
  account: Account,
): void {
  thread.comments.splice(thread.comments.indexOf(comment), 1);
  if (thread.comments.length === 0) drop(pull.threads, thread);
  world.clock.tick();
  announceThreadComment(world, repository, pull, thread, comment, account, "deleted");
}

export function setResolved(
  world: World,
  repository: Repository,
  pull: PullRequest,
  thread: Thread,
  account: Account,
  resolved: boolean,
): void {
  if (thread.resolved === resolved) return;
  thread.resolved = resolved;
  thread.resolvedBy = resolved ? account : null;
  world.clock.tick();
  world.announce({
    event: "pull_request_review_thread",
    action: resolved ? "resolved" : "unresolved",
    repository,
    sender: account,
    payload: {
      pull_request: showPullRequest(world, repository, pull),
      thread: {
        node_id: nodeId("PullRequestReviewThread", thread.id),
        comments: thread.comments.map((comment) => showThreadComment(world, repository, pull, thread, comment)),
      },
    },
  });
}

export function announceThreadComment(
  world: World,
  repository: Repository,
  pull: PullRequest,
  thread: Thread,
  comment: ThreadComment,
  sender: Account,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  world.announce({
    event: "pull_request_review_comment",
    action,
    repository,
    sender,
    payload: {
      comment: showThreadComment(world, repository, pull, thread, comment),
      pull_request: showPullRequest(world, repository, pull),
      ...more,
    },
  });
}
