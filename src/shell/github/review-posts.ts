import { z } from "zod";
import type { DesiredLineComment } from "../../core/domain/desired.ts";
import { readMarker } from "../../core/domain/marker.ts";
import type { StepResult } from "../../core/domain/plan.ts";
import { TryAgainLater, Uncertain } from "../failures.ts";
import { nodesOf } from "./answer-lists.ts";
import { type Answer, messageOf } from "./answers.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { foldInto } from "./folded.ts";
import { type OwnReviewAnswer, ownReviewsShape } from "./post-shapes.ts";
import { aliases, ownReviewsQuery } from "./query.ts";
import { named, refusals, resultOf, type StepOf, skipped, type Target } from "./steps.ts";

type CreateReview = StepOf<"create-review">;

const reviewShape = z.object({ id: z.number(), node_id: z.string(), html_url: z.string().optional() });
type OwnReview = { readonly id: number; readonly node_id: string; readonly url?: string | undefined };

const writing = { what: "write the review", needs: "Pull requests: write", accepts: refusals } as const;
const reading: Call = { what: "look for our own reviews", needs: "Pull requests: read", kind: "read" };

/**
 * Writes the one review of an evaluation: its body, and a comment for each question. Whatever GitHub says to a single
 * place, the others are posted: a line that it refuses becomes a comment on the file, and what it refuses there too is
 * written below the body (H046). People are notified once.
 */
export class ReviewPosts {
  readonly #client: GitHubClient;

  constructor(client: GitHubClient) {
    this.#client = client;
  }

  async create(target: Target, step: CreateReview): Promise<StepResult> {
    // The request that takes all comments at once knows lines only.
    if (step.comments.every((comment) => comment.line !== undefined)) {
      const answer = await this.#once(target, step, () => this.#post(target, step));
      if (answer.status !== 422 || step.comments.length === 0) return resultOf(step, answer, refused);
      if (isLocked(answer)) return skipped(step, answer, refused);
    }
    return this.#piecewise(target, step);
  }

  #post(target: Target, step: CreateReview): Promise<Answer> {
    const comments = step.comments.map(({ path, line, body }) => ({ path, line, side: "RIGHT", body }));
    const parameters = { ...this.#pull(target), commit_id: target.head, body: step.body, event: "COMMENT", comments };
    const call = { ...writing, kind: "once", createsContent: true } as const;
    return this.#client.rest("POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews", parameters, call);
  }

  /**
   * The same by small steps that nobody sees before the last: a pending review, its threads each with an answer of its
   * own, and then the submission.
   */
  async #piecewise(target: Target, step: CreateReview): Promise<StepResult> {
    const opened = await this.#open(target);
    if ("refusal" in opened) return skipped(step, opened.refusal, refused);
    const { pending } = opened;
    const lines = step.comments.filter((comment) => comment.line !== undefined);
    const unplaced = await this.#addThreads(pending, lines);
    const files = [...step.comments.filter((comment) => comment.line === undefined), ...unplaced];
    const homeless = await this.#addThreads(pending, files.map(withoutLine));
    const body = foldInto(step.body, homeless);
    const answer = await this.#once(target, step, () => this.#submit(pending, body));
    if (answer.status >= 400) return skipped(step, answer, refused);
    await this.#foldWhatVanished(target, step, pending, homeless);
    return resultOf(step, answer, refused);
  }

  /** Opens a pending review; one of ours that was left behind is deleted first, since an account may have only one. */
  async #open(target: Target): Promise<{ readonly pending: OwnReview } | { readonly refusal: Answer }> {
    const route = "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews";
    const parameters = { ...this.#pull(target), commit_id: target.head };
    // Repeatable: a pending review is seen by nobody, and a second one is refused.
    const first = await this.#client.rest(route, parameters, { ...writing, kind: "repeatable" });
    if (first.status < 300) return { pending: read(reviewShape, first.data, writing.what) };
    const left = (await this.#ownReviews(target)).find((review) => review.state === "PENDING");
    if (first.status !== 422 || !left) return { refusal: first };
    await this.#client.graphql(deleteMutation, { id: left.id }, { ...writing, kind: "repeatable" });
    const second = await this.#client.rest(route, parameters, { ...writing, kind: "repeatable" });
    return second.status < 300 ? { pending: read(reviewShape, second.data, writing.what) } : { refusal: second };
  }

  /** Adds a thread for each comment in one request and returns those that GitHub would not place. */
  async #addThreads(pending: OwnReview, comments: readonly DesiredLineComment[]): Promise<DesiredLineComment[]> {
    if (comments.length === 0) return [];
    const names = aliases("c", comments.length);
    const { document } = addThreadsMutation(comments.length);
    const inputs = comments.map(({ path, line, body }) => ({
      pullRequestReviewId: pending.node_id,
      path,
      body,
      ...(line === undefined ? { subjectType: "FILE" } : { subjectType: "LINE", line, side: "RIGHT" }),
    }));
    const variables = Object.fromEntries(names.map((name, index) => [name, inputs[index]]));
    const answer = await this.#client.graphql(document, variables, { ...writing, kind: "once" });
    return comments.filter((_, index) => !addedThread.safeParse(answer.data[names[index] ?? ""]).success);
  }

  /** Submits it: from here on people see it. The refusal is told as a REST answer would tell it. */
  async #submit(pending: OwnReview, body: string): Promise<Answer> {
    const call = { ...writing, kind: "once", createsContent: true } as const;
    const { data, errors } = await this.#client.graphql(submitMutation, { id: pending.node_id, body }, call);
    const submitted = submittedShape.safeParse(data);
    if (!submitted.success)
      return { status: 422, headers: {}, data: { message: errors[0]?.message ?? "no reason given" } };
    return { status: 200, headers: {}, data: { html_url: submitted.data.submitted.pullRequestReview.url } };
  }

  /**
   * GitHub may take a line outside the difference and drop the comment when the review is submitted. So what arrived is
   * read, and what did not is written below the body.
   */
  async #foldWhatVanished(
    target: Target,
    step: CreateReview,
    review: OwnReview,
    folded: readonly DesiredLineComment[],
  ): Promise<void> {
    const submitted = (await this.#ownReviews(target)).find((own) => own.id === review.node_id);
    const there = new Set(nodesOf(submitted?.comments).map((comment) => comment.body.trim()));
    const known = new Set(folded.map((comment) => comment.fingerprint));
    const missing = step.comments.filter(({ fingerprint, body }) => !known.has(fingerprint) && !there.has(body.trim()));
    if (missing.length === 0) return;
    const body = foldInto(step.body, [...folded, ...missing]);
    await this.#client.rest(
      "PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}",
      { ...this.#pull(target), review_id: review.id, body },
      { ...writing, kind: "repeatable" },
    );
  }

  /** Sends a review; after a lost answer it looks whether the review is there, and only then sends once more (H044). */
  async #once(target: Target, step: CreateReview, send: () => Promise<Answer>): Promise<Answer> {
    for (const isSecond of [false, true]) {
      try {
        return await send();
      } catch (error) {
        if (!(error instanceof Uncertain)) throw error;
        await this.#client.wait(1000);
        const there = (await this.#ownReviews(target)).find((review) => isThisReview(review, target, step));
        if (there) return { status: 200, headers: {}, data: { html_url: there.url ?? "" } };
        if (isSecond) throw error;
      }
    }
    throw new TryAgainLater("The review could not be written.");
  }

  async #ownReviews(target: Target): Promise<OwnReviewAnswer[]> {
    const { document, variables } = ownReviewsQuery(target);
    const answer = await this.#client.graphql(document, variables, reading);
    const { pullRequest } = read(ownReviewsShape, answer.data, reading.what).repository;
    return nodesOf(pullRequest.reviews).filter((review) => review.viewerDidAuthor);
  }

  #pull(target: Target): { owner: string; repo: string; pull_number: number } {
    return { ...named(target), pull_number: target.number };
  }
}

const refused = "the review could not be posted";

const addedThread = z.object({ thread: z.object({ id: z.string() }) });

const submittedShape = z.object({ submitted: z.object({ pullRequestReview: z.object({ url: z.string() }) }) });

/** Makes a pending review public. */
export const submitMutation = `mutation SubmitReview($id: ID!, $body: String!) {
  submitted: submitPullRequestReview(input: { pullRequestReviewId: $id, event: COMMENT, body: $body }) { pullRequestReview { url } }
}`;

/** Throws a pending review away. */
export const deleteMutation = `mutation DeleteReview($id: ID!) {
  deletePullRequestReview(input: { pullRequestReviewId: $id }) { pullRequestReview { id } }
}`;

/** One document that adds `count` threads, each under its own name so that each fails by itself. */
export function addThreadsMutation(count: number): { readonly document: string } {
  const names = aliases("c", count);
  const inputs = names.map((name) => `$${name}: AddPullRequestReviewThreadInput!`).join(", ");
  const adds = names.map((name) => `${name}: addPullRequestReviewThread(input: $${name}) { thread { id } }`);
  return { document: `mutation AddThreads(${inputs}) {\n  ${adds.join("\n  ")}\n}` };
}

function withoutLine({ fingerprint, path, body }: DesiredLineComment): DesiredLineComment {
  return { fingerprint, path, body };
}

function isLocked(answer: Answer): boolean {
  return /\block(ed)?\b/i.test(messageOf(answer.data));
}

/** A review is the one that was sent when it is of this commit, has the same marker and, if it asks anything, its first question. */
function isThisReview(review: OwnReviewAnswer, target: Target, step: CreateReview): boolean {
  if (review.state === "PENDING" || review.commit?.oid !== target.head) return false;
  const marked = readMarker(review.body);
  const wanted = readMarker(step.body);
  const isSameText = marked && wanted ? marked.kind === wanted.kind : review.body.trim() === step.body.trim();
  const [first] = step.comments;
  if (!isSameText || !first) return isSameText;
  return (
    nodesOf(review.comments).some((comment) => comment.body.trim() === first.body.trim()) ||
    review.body.includes(first.body)
  );
}
