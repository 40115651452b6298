import { positionOf } from "../anchors.ts";
import { changesOfPullRequest } from "../diff.ts";
import { associationOf } from "../people.ts";
import type { PullRequest, Repository, Review, Thread, ThreadComment, World } from "../world.ts";
import { type Shown, showAccountOrNobody } from "./accounts.ts";
import { noReactions } from "./issues.ts";
import { nodeId } from "./node-id.ts";
import { apiOf, pageOf } from "./repositories.ts";

export function showReview(world: World, repository: Repository, pull: PullRequest, review: Review): Shown {
  const html = `${pageOf(world, repository)}/pull/${pull.number}#pullrequestreview-${review.id}`;
  const pullApi = `${apiOf(world, repository)}/pulls/${pull.number}`;
  return {
    id: review.id,
    node_id: nodeId("PullRequestReview", review.id),
    user: showAccountOrNobody(world, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pullApi,
    author_association: associationOf(world, review.author, repository),
    _links: { html: { href: html }, pull_request: { href: pullApi } },
    ...(review.state === "PENDING" ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commit,
  };
}

/** Webhooks write a review's state in small letters, and an empty body as null. */
export function showReviewInWebhook(world: World, repository: Repository, pull: PullRequest, review: Review): Shown {
  const body = review.body === "" ? null : review.body;
  return {
    ...showReview(world, repository, pull, review),
    body,
    state: review.state.toLowerCase(),
    updated_at: review.updatedAt,
  };
}

/** A comment of a thread. The place in the old "position" scheme is counted from the first `@@` of the file's patch. */
export function showThreadComment(
  world: World,
  repository: Repository,
  pull: PullRequest,
  thread: Thread,
  comment: ThreadComment,
): Shown {
  const api = `${apiOf(world, repository)}/pulls/comments/${comment.id}`;
  const html = `${pageOf(world, repository)}/pull/${pull.number}#discussion_r${comment.id}`;
  const pullApi = `${apiOf(world, repository)}/pulls/${pull.number}`;
  const patchAt = (head: string): string | undefined =>
    changesOfPullRequest(repository.store, pull.base.sha, head).find((change) => change.filename === thread.path)
      ?.patch;
  const position = positionOf(patchAt(thread.commit), thread.line, thread.side);
  const originalPosition = positionOf(patchAt(thread.originalCommit), thread.originalLine, thread.side);
  return {
    url: api,
    pull_request_review_id: comment.review.id,
    id: comment.id,
    node_id: nodeId("PullRequestReviewComment", comment.id),
    diff_hunk: thread.diffHunk,
    path: thread.path,
    ...(thread.subject === "file"
      ? { position: 1, original_position: 1 }
      : { position: position ?? null, original_position: originalPosition ?? 1 }),
    commit_id: thread.commit,
    original_commit_id: thread.originalCommit,
    ...(comment.inReplyTo === undefined ? {} : { in_reply_to_id: comment.inReplyTo }),
    user: showAccountOrNobody(world, comment.author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: html,
    pull_request_url: pullApi,
    author_association: associationOf(world, comment.author, repository),
    _links: { self: { href: api }, html: { href: html }, pull_request: { href: pullApi } },
    start_line: thread.startLine ?? null,
    original_start_line: thread.originalStartLine ?? null,
    start_side: thread.startLine === undefined ? null : thread.side,
    line: thread.line ?? null,
    original_line: thread.originalLine ?? null,
    side: thread.side,
    subject_type: thread.subject,
    reactions: noReactions(api),
  };
}
