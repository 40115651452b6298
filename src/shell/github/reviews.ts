import type { Account, PullRequestFacts, Review } from "../../core/domain/snapshot.ts";
import { accountOf, distinct } from "./accounts.ts";
import { nodesOf } from "./answer-lists.ts";
import type { GitHubClient } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { restOfList } from "./lists.ts";
import {
  type CommitAnswer,
  contributionShape,
  type PullRequestAnswer,
  type ReviewAnswer,
  reviewShape,
} from "./shapes.ts";

type Place = RepositoryName & { readonly number: number };

/**
 * The latest decisive review of each reviewer. All of them are read: one that is missing could be the approval that
 * counts, or the request for changes that takes it back.
 */
export async function reviewsOf(client: GitHubClient, place: Place, answer: PullRequestAnswer): Promise<Review[]> {
  const first = answer.latestOpinionatedReviews;
  const cursor = first?.pageInfo?.hasNextPage ? first.pageInfo.endCursor : undefined;
  const rest = await restOfList(client, place, "latestOpinionatedReviews", cursor, reviewShape);
  return [...nodesOf(first), ...rest.nodes].map(asReview);
}

const states: readonly Review["state"][] = ["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"];

function asReview(answer: ReviewAnswer): Review {
  const editedBy = otherEditorOf(answer);
  return {
    // A state that we do not know decides nothing.
    state: states.find((state) => state === answer.state) ?? "COMMENTED",
    ...(answer.author ? { author: accountOf(answer.author) } : {}),
    ...(answer.commit ? { commit: answer.commit.oid } : {}),
    ...(answer.submittedAt ? { submittedAt: answer.submittedAt } : {}),
    ...(typeof answer.authorCanPushToRepository === "boolean" ? { canPush: answer.authorCanPushToRepository } : {}),
    ...(answer.body && editedBy === undefined ? { body: answer.body } : {}),
    ...(editedBy === undefined ? {} : { editedBy }),
  };
}

/** Whoever may write to a repository may edit what others wrote there: the words are then not the reviewer's (H039). */
function otherEditorOf({ author, editor, lastEditedAt }: ReviewAnswer): string | undefined {
  if (!lastEditedAt && !editor) return undefined;
  if (!author || !editor) return editor?.login ?? "";
  const { id } = accountOf(author);
  return id !== undefined && id === accountOf(editor).id ? undefined : editor.login;
}

/** The commits of a change and the people behind them. */
export type Contributors = Pick<PullRequestFacts, "contributors" | "contributorsComplete" | "commits">;

/** Authors, co-authors and committers of the commits of a pull request, and whether all commits were read. */
export async function contributorsOf(
  client: GitHubClient,
  place: Place,
  answer: PullRequestAnswer,
): Promise<Contributors> {
  const { contributions } = answer;
  const cursor = contributions.pageInfo.hasPreviousPage ? contributions.pageInfo.startCursor : undefined;
  const rest = await restOfList(client, place, "contributions", cursor, contributionShape);
  const commits = [...nodesOf(contributions), ...rest.nodes].map(({ commit }) => commit);
  return contributorsIn(commits, rest.complete && commits.length >= contributions.totalCount);
}

/** @param isWhole whether these are all commits that there are. */
export function contributorsIn(commits: readonly CommitAnswer[], isWhole: boolean): Contributors {
  return {
    contributors: distinct(commits.flatMap(accountsOf)),
    contributorsComplete: isWhole && commits.every(allAuthorsRead),
    commits: commits.map(({ oid }) => oid),
  };
}

function accountsOf(commit: CommitAnswer): Account[] {
  const users = [...nodesOf(commit.authors).map((author) => author.user), commit.committer?.user];
  return users.filter((user) => user !== null && user !== undefined).map(accountOf);
}

function allAuthorsRead(commit: CommitAnswer): boolean {
  return (commit.authors?.totalCount ?? 0) <= nodesOf(commit.authors).length;
}
