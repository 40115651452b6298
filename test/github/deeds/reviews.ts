import { isActiveMember } from "../people.ts";
import { Refusal, unprocessable } from "../refusal.ts";
import { showPullRequest } from "../show/pull-requests.ts";
import { showReviewInWebhook } from "../show/reviews.ts";
import type {
  Account,
  App,
  PullRequest,
  Repository,
  Review,
  ReviewState,
  Thread,
  ThreadComment,
  World,
} from "../world.ts";
import { drop } from "./pull-requests.ts";
import { announceThreadComment, beginThread, judgePlace, newComment, type Place } from "./threads.ts";

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
