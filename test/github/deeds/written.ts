import { issueNumbered, pullNumbered, threadOf } from "../find.ts";
import type { Account, Repository, World } from "../world.ts";
import { deleteIssueComment, editIssueComment } from "./issues.ts";
import { editReview } from "./reviews.ts";
import { deleteThreadComment, editThreadComment } from "./threads.ts";

/** Edits what has this id under an issue or pull request: a comment, a comment in a thread, or a review's body. */
export function editWritten(
  world: World,
  repository: Repository,
  number: number,
  account: Account,
  id: number,
  body: string,
): void {
  const issue = issueNumbered(repository, number);
  const comment = issue.comments.find((one) => one.id === id);
  if (comment !== undefined) {
    editIssueComment(world, repository, issue, comment, account, body);
    return;
  }
  const pull = pullNumbered(repository, number);
  const review = pull.reviews.find((one) => one.id === id);
  if (review !== undefined) {
    editReview(world, repository, pull, review, account, body);
    return;
  }
  const thread = threadOf(pull, id);
  for (const one of thread.comments) {
    if (one.id === id) editThreadComment(world, repository, pull, thread, one, account, body);
  }
}

/** Deletes a comment or a comment in a thread. A submitted review cannot be deleted, on GitHub either. */
export function deleteWritten(
  world: World,
  repository: Repository,
  number: number,
  account: Account,
  id: number,
): void {
  const issue = issueNumbered(repository, number);
  const comment = issue.comments.find((one) => one.id === id);
  if (comment !== undefined) {
    deleteIssueComment(world, repository, issue, comment, account);
    return;
  }
  const pull = pullNumbered(repository, number);
  const thread = threadOf(pull, id);
  for (const one of thread.comments.filter((candidate) => candidate.id === id)) {
    deleteThreadComment(world, repository, pull, thread, one, account);
  }
}
