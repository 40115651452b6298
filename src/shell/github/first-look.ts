import type { Subject } from "../event.ts";
import { Forbidden, Gone, TryAgainLater } from "../failures.ts";
import type { Listing } from "../ports.ts";
import { nodesOf } from "./answer-lists.ts";
import { type Call, type GitHubClient, type GraphqlError, read } from "./client.ts";
import { listedHead, mostListedFiles, rereadAfter } from "./files.ts";
import { isBelow, refusalIn } from "./partial.ts";
import { type PullRequestQuestion, pullRequestQuery } from "./query.ts";
import { type FirstLook, firstLookShape, type HeadCommitAnswer } from "./shapes.ts";

export type PullRequestSubject = Extract<Subject, { kind: "pull-request" }>;

/** A first look whose parts are of one commit. */
export interface FittingLook {
  readonly look: FirstLook;
  /** The parts that GitHub withheld. */
  readonly errors: readonly GraphqlError[];
  /** GitHub's instant of the answer, ISO. */
  readonly at: string;
  readonly head: HeadCommitAnswer;
}

/** Whether a failure may come from asking for too much at once: GitHub did not answer, and did not say when it would. */
export function isTooMuch(error: unknown): boolean {
  return error instanceof TryAgainLater && error.afterSeconds === undefined;
}

const call: Call = { what: "read the pull request", needs: "Pull requests: read, Contents: read", kind: "read" };

/**
 * Asks until the answer is of the same commit as the listing and not older than the event: right after a push GitHub may
 * still answer with what was before (H083). What does not come to fit is given back, never believed.
 */
export async function lookUntilItFits(
  client: GitHubClient,
  subject: PullRequestSubject,
  question: PullRequestQuestion,
  listing: Listing,
): Promise<FittingLook> {
  let misfit = "";
  let answer: FittingLook | undefined;
  for (const pause of [0, ...rereadAfter]) {
    if (pause > 0) await client.wait(pause);
    const { look, errors, at } = await askOnce(client, subject, question);
    const { pullRequest } = look.repository;
    const [head] = nodesOf(pullRequest.head);
    if (!head) throw new Gone(`Pull request #${pullRequest.number} has no commits.`);
    misfit = misfitOf(pullRequest, head.commit, listing);
    if (misfit !== "") {
      if (pause === 0) await refuseOldListing(client, subject, listing, pullRequest.headRefOid);
      continue;
    }
    answer = { look, errors, at, head: head.commit };
    if (!isOlder(pullRequest.updatedAt, subject.updatedAt)) return answer;
  }
  // All of one commit, and only its age in doubt: if that is old after all, another event follows.
  if (misfit === "" && answer) return answer;
  throw new TryAgainLater(`GitHub's answers do not fit together yet: ${misfit}.`);
}

async function askOnce(
  client: GitHubClient,
  subject: PullRequestSubject,
  question: PullRequestQuestion,
): Promise<Omit<FittingLook, "head">> {
  const { document, variables } = pullRequestQuery(question);
  const answer = await client.graphql(document, variables, call);
  const unscoped = answer.errors.find((error) => error.type === "INSUFFICIENT_SCOPES");
  if (unscoped && !answer.data.repository) {
    if (!question.seesTeams) throw new Forbidden(unscoped.message.slice(0, 300), "a token with the scope repo");
    const seen = await askOnce(client, subject, { ...question, seesTeams: false });
    const teams = question.teams.map((_team, index) => ({ ...unscoped, path: ["teams", `t${index}`] }));
    return { ...seen, errors: [...seen.errors, ...teams] };
  }
  refuseMissing(answer.errors);
  const look = read(firstLookShape, answer.data, call.what);
  if (subject.repositoryId !== undefined && look.repository.databaseId !== subject.repositoryId) {
    throw new Gone(`${subject.owner}/${subject.repository} is another repository now than the one the event named.`);
  }
  return { look, errors: answer.errors, at: answer.at };
}

/** Parts of a pull request that GitHub may withhold without harm to a verdict: teams' names, and check runs. */
const undeciding: ReadonlySet<string | number> = new Set(["checkSuites", "reviewRequests", "onBehalfOf"]);

function refuseMissing(errors: readonly GraphqlError[]): void {
  const atOrAbove = errors.filter((error) => error.path.length <= 2 && isBelow(error, ["repository"]));
  const missing = atOrAbove.filter((error) => error.path[1] === undefined || error.path[1] === "pullRequest");
  const refusal = refusalIn(missing, ["repository"]);
  if (refusal) throw refusal.asFailure(call.what, call.needs);
  // Inside the pull request nothing may be missing that decides: a review or a commit that we do not see could.
  const deciding = errors.filter((error) => !error.path.some((key) => undeciding.has(key)));
  const inside = refusalIn(deciding, ["repository", "pullRequest"]);
  if (inside?.kind === "denied") throw inside.asFailure(call.what, call.needs);
}

function misfitOf(
  pullRequest: FirstLook["repository"]["pullRequest"],
  head: HeadCommitAnswer,
  listing: Listing,
): string {
  if (head.oid !== pullRequest.headRefOid) return `the last commit is ${head.oid}, the head ${pullRequest.headRefOid}`;
  if (listing.head !== undefined && listing.head !== head.oid) {
    return `the files are of ${listing.head}, the head is ${head.oid}`;
  }
  const expected = Math.min(pullRequest.changedFiles, mostListedFiles);
  if (listing.head === undefined && listing.files.length < expected) {
    return `${listing.files.length} files are listed of ${pullRequest.changedFiles}`;
  }
  return "";
}

function isOlder(answered: string | null | undefined, seen: string | undefined): boolean {
  return Boolean(answered && seen) && Date.parse(answered ?? "") < Date.parse(seen ?? "");
}

/** A listing that is of another commit by now is read anew from the start, at once: that is progress, and no failure. */
async function refuseOldListing(
  client: GitHubClient,
  subject: PullRequestSubject,
  listing: Listing,
  head: string,
): Promise<void> {
  if (listing.head === undefined || listing.head === head) return;
  const now = await listedHead(client, { owner: subject.owner, name: subject.repository }, subject.number);
  if (now !== head) return;
  throw new TryAgainLater("The pull request was pushed to while it was read.", { afterSeconds: 1 });
}
