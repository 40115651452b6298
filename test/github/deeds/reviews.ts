import { hunkOf } from "../anchors.ts";
import { changesOfPullRequest } from "../diff.ts";
import { isActiveMember } from "../people.ts";
import { Refusal, unprocessable } from "../refusal.ts";
import { nodeId } from "../show/node-id.ts";
import { showPullRequest } from "../show/pull-requests.ts";
import { showReviewInWebhook, showThreadComment } from "../show/reviews.ts";
import type {
  Account,
  App,
  PullRequest,
  Repository,
  Review,
  ReviewState,
  Side,
  Thread,
  ThreadComment,
  World,
} from "../world.ts";
import { drop } from "./pull-requests.ts";

/** Where a comment is to stand. Without a line it is about the whole file. */
export interface Place {
  readonly path: string;
  readonly line?: number | undefined;
  readonly startLine?: number | undefined;
  readonly side?: Side | undefined;
}

export interface NewReview {
  readonly state: Exclude<ReviewState, "DISMISSED">;
  readonly body: string;
  /** The commit that the reviewer looked at; default: the head. */
  readonly commit?: string | undefined;
  readonly comments?: readonly (Place & { readonly body: string })[] | undefined;
}

/**
 * Submits a review. Every place is judged first: one that is not in the diff refuses the whole review, and nothing is
 * kept. Nobody approves or refuses their own pull request.
 */
export function submitReview(
  world: World,
  repository: Repository,
  pull: PullRequest,
  author: Account,
  words: NewReview,
  app?: App,
): Review {
  if (author === pull.author && words.state === "APPROVED")
    throw unprocessable("Can not approve your own pull request");
  if (author === pull.author && words.state === "CHANGES_REQUESTED") {
    throw unprocessable("Can not request changes on your own pull request");
  }
  if (pull.locked) throw unprocessable("lock prevents review");
  if (words.state === "PENDING" && pull.reviews.some((one) => one.author === author && one.state === "PENDING")) {
    throw unprocessable("User can only have one pending review per pull request");
  }
  const commit = words.commit ?? pull.head.sha;
  const placed = (words.comments ?? []).map((comment) => ({
    comment,
    hunk: judgePlace(repository, pull, commit, comment),
  }));
  const submittedAt = world.clock.tick();
  const review: Review = {
    id: world.nextId(),
    author,
    body: words.body,
    state: words.state,
    commit,
    submittedAt,
    updatedAt: submittedAt,
    editor: null,
    minimized: undefined,
    onBehalfOf: pull.requestedTeams.filter((team) => isActiveMember(team.organization, team, author)),
  };
  pull.reviews.push(review);
  drop(pull.requestedUsers, author);
  for (const team of review.onBehalfOf) drop(pull.requestedTeams, team);
  pull.updatedAt = submittedAt;
  const begun = placed.map(({ comment, hunk }) => beginThread(world, pull, review, comment, hunk, comment.body, app));
  if (words.state === "PENDING") return review;
  announceReview(world, repository, pull, review, author, "submitted");
  for (const { thread, comment } of begun)
    announceThreadComment(world, repository, pull, thread, comment, author, "created");
  return review;
}

/** One comment outside a review: GitHub makes a review with an empty body around it. */
export function commentOnPlace(
  world: World,
  repository: Repository,
  pull: PullRequest,
  author: Account,
  commit: string,
  place: Place,
  body: string,
  app?: App,
): { readonly thread: Thread; readonly comment: ThreadComment } {
  const review = submitReview(
    world,
    repository,
    pull,
    author,
    { state: "COMMENTED", body: "", commit, comments: [{ ...place, body }] },
    app,
  );
  for (const thread of pull.threads) {
    const comment = thread.comments.find((one) => one.review === review);
    if (comment !== undefined) return { thread, comment };
  }
  throw new Error("a comment that was just made is not there");
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

function newComment(
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

/** An answer in a thread: GitHub wraps it in a review of its own. */
export function reply(
  world: World,
  repository: Repository,
  pull: PullRequest,
  thread: Thread,
  author: Account,
  body: string,
  app?: App,
): ThreadComment {
  if (pull.locked) throw new Refusal(403, "Unable to create comment because issue is locked.");
  const first = thread.comments[0];
  const review = submitReview(world, repository, pull, author, { state: "COMMENTED", body: "" }, app);
  const comment = newComment(world, review, body, first?.id, app);
  thread.comments.push(comment);
  announceThreadComment(world, repository, pull, thread, comment, author, "created");
  return comment;
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

export function editReview(
  world: World,
  repository: Repository,
  pull: PullRequest,
  review: Review,
  editor: Account,
  body: string,
): void {
  const from = review.body;
  review.body = body;
  review.editor = editor;
  review.updatedAt = world.clock.tick();
  announceReview(world, repository, pull, review, editor, "edited", { changes: { body: { from } } });
}

export function dismissReview(
  world: World,
  repository: Repository,
  pull: PullRequest,
  review: Review,
  account: Account,
): void {
  if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED") {
    throw unprocessable("Can not dismiss a commented pull request review");
  }
  review.state = "DISMISSED";
  review.updatedAt = world.clock.tick();
  announceReview(world, repository, pull, review, account, "dismissed");
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

export function announceReview(
  world: World,
  repository: Repository,
  pull: PullRequest,
  review: Review,
  sender: Account,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  world.announce({
    event: "pull_request_review",
    action,
    repository,
    sender,
    payload: {
      review: showReviewInWebhook(world, repository, pull, review),
      pull_request: showPullRequest(world, repository, pull),
      ...more,
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
