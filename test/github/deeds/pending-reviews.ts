import { unprocessable } from "../refusal.ts";
import type { Account, App, PullRequest, Repository, Review, Thread, World } from "../world.ts";
import { drop } from "./pull-requests.ts";
import { announceReview } from "./reviews.ts";
import { announceThreadComment, beginThread, judgePlace, type Place } from "./threads.ts";

/** Adds a thread to a review that nobody sees yet. Refuses a place that is not in the diff, and that place alone. */
export function addThreadToPending(
  world: World,
  repository: Repository,
  pull: PullRequest,
  review: Review,
  place: Place & { readonly body: string },
  app?: App,
): Thread {
  if (review.state !== "PENDING") throw unprocessable("Review is not pending");
  const hunk = judgePlace(repository, pull, review.commit, place);
  return beginThread(world, pull, review, place, hunk, place.body, app).thread;
}

/** Submits a pending review as a comment: from here on people see it, and are told. */
export function submitPending(
  world: World,
  repository: Repository,
  pull: PullRequest,
  review: Review,
  author: Account,
  body: string,
): void {
  if (review.state !== "PENDING") throw unprocessable("Review is not pending");
  if (pull.locked) throw unprocessable("lock prevents review");
  const begun = pull.threads.filter((thread) => thread.comments.some((comment) => comment.review === review));
  if (body === "" && begun.length === 0) throw unprocessable("Review body can't be blank");
  review.state = "COMMENTED";
  review.body = body;
  review.updatedAt = world.clock.tick();
  pull.updatedAt = review.updatedAt;
  announceReview(world, repository, pull, review, author, "submitted");
  for (const thread of begun) {
    for (const comment of thread.comments.filter((one) => one.review === review)) {
      announceThreadComment(world, repository, pull, thread, comment, author, "created");
    }
  }
}

/** Throws a pending review away with its threads. A submitted one stays. */
export function deletePending(pull: PullRequest, review: Review): void {
  if (review.state !== "PENDING") throw unprocessable("Can not delete a non-pending pull request review");
  for (const thread of pull.threads.slice()) {
    if (thread.comments.some((comment) => comment.review === review)) drop(pull.threads, thread);
  }
  drop(pull.reviews, review);
}
