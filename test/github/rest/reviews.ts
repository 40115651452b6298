import { z } from "zod";
import { commentOnPlace, dismissReview, editReview, reply, submitReview } from "../deeds/reviews.ts";
import { deleteThreadComment, editThreadComment } from "../deeds/threads.ts";
import { type Actor, writerOf } from "../identity.ts";
import { pullRequestsOf } from "../lookups.ts";
import { atLeast, permissionOf } from "../people.ts";
import { notAllowed, notFound, Refusal, unprocessable } from "../refusal.ts";
import { showReview, showThreadComment } from "../show/reviews.ts";
import type { Comment, PullRequest, Review, Thread, ThreadComment } from "../world.ts";
import {
  type Answer,
  created,
  nothing,
  numberIn,
  type Operation,
  ok,
  page,
  type RepositoryCall,
  read,
} from "./operation.ts";
import { pullIn, readPulls, writePulls } from "./pulls.ts";
import { resolveCommit } from "./revision.ts";

const pullPath = "/repos/{owner}/{repo}/pulls/{pull_number}";
const reviewPath = `${pullPath}/reviews/{review_id}`;
const commentPath = "/repos/{owner}/{repo}/pulls/comments/{comment_id}";

export const reviewOperations: readonly Operation[] = [
  { id: "pulls/list-reviews", method: "GET", path: `${pullPath}/reviews`, ...readPulls, answer: listReviews },
  { id: "pulls/create-review", method: "POST", path: `${pullPath}/reviews`, ...writePulls, answer: createReview },
  { id: "pulls/get-review", method: "GET", path: reviewPath, ...readPulls, answer: getReview },
  { id: "pulls/update-review", method: "PUT", path: reviewPath, ...writePulls, answer: updateReview },
  {
    id: "pulls/dismiss-review",
    method: "PUT",
    path: `${reviewPath}/dismissals`,
    ...writePulls,
    person: "write",
    answer: dismiss,
  },
  {
    id: "pulls/list-comments-for-review",
    method: "GET",
    path: `${reviewPath}/comments`,
    ...readPulls,
    answer: listOfReview,
  },
  { id: "pulls/list-review-comments", method: "GET", path: `${pullPath}/comments`, ...readPulls, answer: listComments },
  {
    id: "pulls/create-review-comment",
    method: "POST",
    path: `${pullPath}/comments`,
    ...writePulls,
    answer: createComment,
  },
  {
    id: "pulls/create-reply-for-review-comment",
    method: "POST",
    path: `${pullPath}/comments/{comment_id}/replies`,
    ...writePulls,
    answer: createReply,
  },
  { id: "pulls/get-review-comment", method: "GET", path: commentPath, ...readPulls, answer: getComment },
  { id: "pulls/update-review-comment", method: "PATCH", path: commentPath, ...writePulls, answer: updateComment },
  { id: "pulls/delete-review-comment", method: "DELETE", path: commentPath, ...writePulls, answer: deleteComment },
];

function listReviews(call: RepositoryCall): Answer {
  const pull = pullIn(call);
  return page(call, pull.reviews, (review) => showReview(call.world, call.repository, pull, review));
}

function getReview(call: RepositoryCall): Answer {
  const pull = pullIn(call);
  return ok(showReview(call.world, call.repository, pull, reviewIn(call, pull)));
}

function reviewIn(call: RepositoryCall, pull: PullRequest): Review {
  const id = numberIn(call, "review_id");
  const review = pull.reviews.find((one) => one.id === id);
  if (review === undefined) throw notFound();
  return review;
}

const side = z.enum(["LEFT", "RIGHT"]).optional();
const reviewWords = z.object({
  commit_id: z.string().optional(),
  body: z.string().optional(),
  event: z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]).optional(),
  comments: z
    .array(
      z.object({
        path: z.string(),
        body: z.string(),
        line: z.number().optional(),
        side,
        start_line: z.number().optional(),
        start_side: z.string().optional(),
        position: z.number().optional(),
      }),
    )
    .optional(),
});

const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;
/** GitHub refuses longer ones: "body is too long (maximum is 65536 characters)". */
const longestBody = 65_536;

function createReview(call: RepositoryCall): Answer {
  const { world, repository } = call;
  const pull = pullIn(call);
  const words = read(reviewWords, call);
  const { account, app } = writerOf(call.actor);
  const comments = words.comments ?? [];
  for (const text of [words.body ?? "", ...comments.map((comment) => comment.body)]) requireShort(text);
  if (words.event === "REQUEST_CHANGES" && (words.body ?? "") === "") throw unprocessable("Review body can't be blank");
  if (words.event === "COMMENT" && (words.body ?? "") === "" && comments.length === 0) {
    throw unprocessable("Review body can't be blank");
  }
  for (const comment of comments) {
    if (comment.position !== undefined)
      throw new Refusal(501, "the stand-in does not know the old `position` of comments");
    if (comment.line === undefined) throw unprocessable("Pull request review thread line must be part of the diff");
    if (comment.body.trim() === "") throw unprocessable("Pull request review thread body can't be blank");
  }
  const commit = words.commit_id === undefined ? pull.head.sha : resolveCommit(repository, words.commit_id)?.oid;
  if (commit === undefined) throw unprocessable("The commit_id is not part of the pull request");
  const review = submitReview(
    world,
    repository,
    pull,
    account,
    {
      state: words.event === undefined ? "PENDING" : states[words.event],
      body: words.body ?? "",
      commit,
      comments: comments.map((comment) => ({ ...comment, startLine: comment.start_line })),
    },
    app,
  );
  return ok(showReview(world, repository, pull, review));
}

export function requireShort(text: string): void {
  if (Array.from(text).length > longestBody) {
    throw unprocessable({
      resource: "IssueComment",
      code: "unprocessable",
      field: "data",
      message: "Body is too long (maximum is 65536 characters)",
    });
  }
}

const bodyWords = z.object({ body: z.string() });

function updateReview(call: RepositoryCall): Answer {
  const pull = pullIn(call);
  const review = reviewIn(call, pull);
  const { body } = read(bodyWords, call);
  requireShort(body);
  requireOwn(call, review);
  if (body === "") throw unprocessable("Review body can't be blank");
  editReview(call.world, call.repository, pull, review, writerOf(call.actor).account, body);
  return ok(showReview(call.world, call.repository, pull, review));
}

/** What an account wrote, it may edit; what others wrote, only a person with write access may. */
export function requireOwn(call: RepositoryCall, written: Pick<Comment, "author">): void {
  const { account } = writerOf(call.actor);
  if (written.author === account) return;
  if (isMaintainer(call, call.actor)) return;
  throw call.actor.kind === "user" ? new Refusal(403, "Must have admin rights to Repository.") : notAllowed();
}

function isMaintainer(call: RepositoryCall, actor: Actor): boolean {
  return actor.kind === "user" && atLeast(permissionOf(call.world, actor.account, call.repository), "write");
}

function dismiss(call: RepositoryCall): Answer {
  const pull = pullIn(call);
  const review = reviewIn(call, pull);
  read(z.object({ message: z.string() }), call);
  dismissReview(call.world, call.repository, pull, review, writerOf(call.actor).account);
  return ok(showReview(call.world, call.repository, pull, review));
}

interface Placed {
  readonly pull: PullRequest;
  readonly thread: Thread;
  readonly comment: ThreadComment;
}

function commentsOf(pull: PullRequest): Placed[] {
  const all = pull.threads.flatMap((thread) => thread.comments.map((comment) => ({ pull, thread, comment })));
  return all.sort((left, right) => left.comment.id - right.comment.id);
}

function show(call: RepositoryCall, { pull, thread, comment }: Placed) {
  return showThreadComment(call.world, call.repository, pull, thread, comment);
}

function listComments(call: RepositoryCall): Answer {
  return page(call, commentsOf(pullIn(call)), (placed) => show(call, placed));
}

function listOfReview(call: RepositoryCall): Answer {
  const pull = pullIn(call);
  const review = reviewIn(call, pull);
  return page(
    call,
    commentsOf(pull).filter((placed) => placed.comment.review === review),
    (placed) => show(call, placed),
  );
}

function commentIn(call: RepositoryCall): Placed {
  const id = numberIn(call, "comment_id");
  for (const pull of pullRequestsOf(call.repository)) {
    const placed = commentsOf(pull).find((one) => one.comment.id === id);
    if (placed !== undefined) return placed;
  }
  throw notFound();
}

function getComment(call: RepositoryCall): Answer {
  return ok(show(call, commentIn(call)));
}

const commentWords = z.object({
  body: z.string().min(1),
  commit_id: z.string(),
  path: z.string(),
  line: z.number().optional(),
  side,
  start_line: z.number().optional(),
  subject_type: z.enum(["line", "file"]).optional(),
});

function createComment(call: RepositoryCall): Answer {
  const pull = pullIn(call);
  const words = read(commentWords, call);
  requireShort(words.body);
  const commit = resolveCommit(call.repository, words.commit_id)?.oid;
  if (commit === undefined)
    throw unprocessable({ resource: "PullRequestReviewComment", code: "custom", field: "commit_id" });
  if (words.subject_type !== "file" && words.line === undefined) throw unprocessable("line is required");
  if (pull.locked) throw new Refusal(403, "Unable to create comment because issue is locked.");
  const { account, app } = writerOf(call.actor);
  const place = words.subject_type === "file" ? { path: words.path } : { ...words, startLine: words.start_line };
  const placed = commentOnPlace(call.world, call.repository, pull, account, commit, place, words.body, app);
  return created(show(call, { pull, ...placed }));
}

function createReply(call: RepositoryCall): Answer {
  const { pull, thread } = commentIn(call);
  const { body } = read(bodyWords, call);
  requireShort(body);
  const { account, app } = writerOf(call.actor);
  const comment = reply(call.world, call.repository, pull, thread, account, body, app);
  return created(show(call, { pull, thread, comment }));
}

function updateComment(call: RepositoryCall): Answer {
  const placed = commentIn(call);
  const { body } = read(bodyWords, call);
  requireShort(body);
  requireOwn(call, placed.comment);
  const { account } = writerOf(call.actor);
  editThreadComment(call.world, call.repository, placed.pull, placed.thread, placed.comment, account, body);
  return ok(show(call, placed));
}

function deleteComment(call: RepositoryCall): Answer {
  const { pull, thread, comment } = commentIn(call);
  requireOwn(call, comment);
  deleteThreadComment(call.world, call.repository, pull, thread, comment, writerOf(call.actor).account);
  return nothing;
}
