import { readMarker } from "../../core/domain/marker.ts";
import type { Observed } from "../../core/domain/observed.ts";
import { bareLogin } from "./accounts.ts";
import { nodesOf } from "./answer-lists.ts";
import type { GitHubClient, GraphqlError, Identity } from "./client.ts";
import { readExternalId } from "./events.ts";
import type { RepositoryName } from "./files.ts";
import { foldedQuestions } from "./folded.ts";
import { restOfIssues, restOfList } from "./lists.ts";
import { refusalIn } from "./partial.ts";
import {
  type IssueAnswer,
  issueShape,
  type PostAnswer,
  postShape,
  type ThreadAnswer,
  threadShape,
} from "./post-shapes.ts";
import type { CheckRunAnswer, CheckSuiteAnswer, FirstLook, HeadCommitAnswer, PullRequestAnswer } from "./shapes.ts";

/** What is ours, with what only `apply` needs to know of it. */
export interface Own {
  readonly observed: Observed;
  /** Number of annotations that our check runs hold already, by the run's id. */
  readonly annotations: ReadonlyMap<number, number>;
  /** How each thread of ours stands, by its node id. */
  readonly threads: ReadonlyMap<string, OwnThread>;
}

export interface OwnThread {
  readonly comment: string;
  readonly isHidden: boolean;
  readonly isResolved: boolean;
  /** Whether GitHub lets us change that it is resolved. */
  readonly mayResolve: boolean;
}

/**
 * Our own posts, out of the first look. A post is ours when GitHub says that we wrote it *and* it begins with our marker;
 * either alone proves nothing (H036, H037). Check runs are ours by the App that made them.
 */
export async function ownPosts(
  client: GitHubClient,
  look: FirstLook,
  errors: readonly GraphqlError[],
  head: HeadCommitAnswer,
): Promise<Own> {
  const { repository, viewer } = look;
  const { pullRequest } = repository;
  const place = { owner: repository.owner.login, name: repository.name, number: pullRequest.number };
  const login = bareLogin(viewer?.login ?? "");
  const posts = await allPosts(client, place, pullRequest);
  const threads = await allThreads(client, place, pullRequest);
  const issues = await ownIssues(client, look, errors, login);
  const runs = nodesOf(head.checkSuites)
    .filter((suite) => isOurSuite(suite, client.identity, login))
    .flatMap(runsOf)
    .sort((one, other) => other.id - one.id);
  const observed: Observed = {
    checkRuns: runs.map(({ id, name, conclusion, externalId }) => ({ id, name, conclusion, externalId })),
    summaries: posts.filter(isSubmittedByUs).flatMap((post) => summaryOf(post, pullRequest.number)),
    threads: [
      ...threads.flatMap((thread) => threadOf(thread, login)),
      ...posts.filter(isSubmittedByUs).flatMap(folded),
    ],
    ...requestedOf(pullRequest),
    reviewedBy: reviewersOf(posts, pullRequest),
    issues,
  };
  return {
    observed,
    annotations: new Map(runs.map((run) => [run.id, run.annotations])),
    threads: new Map(threads.flatMap(ownThread)),
  };
}

async function allPosts(client: GitHubClient, place: RepositoryName & { number: number }, answer: PullRequestAnswer) {
  const cursor = answer.reviews?.pageInfo?.hasNextPage ? answer.reviews.pageInfo.endCursor : undefined;
  const rest = await restOfList(client, place, "reviews", cursor, postShape);
  return [...nodesOf(answer.reviews), ...rest.nodes];
}

async function allThreads(client: GitHubClient, place: RepositoryName & { number: number }, answer: PullRequestAnswer) {
  const first = answer.reviewThreads;
  const cursor = first?.pageInfo?.hasNextPage ? first.pageInfo.endCursor : undefined;
  const rest = await restOfList(client, place, "reviewThreads", cursor, threadShape);
  return [...nodesOf(first), ...rest.nodes];
}

function isSubmittedByUs(post: PostAnswer): boolean {
  return post.viewerDidAuthor && post.state !== "PENDING";
}

function summaryOf(post: PostAnswer, pullRequest: number): Observed["summaries"][number][] {
  const marked = readMarker(post.body);
  if (marked?.kind !== "summary" || marked.pullRequest !== pullRequest || !post.fullDatabaseId) return [];
  const { fullDatabaseId: id, id: nodeId, body, isMinimized = false } = post;
  return [{ id, nodeId, body, isMinimized }];
}

function threadOf(thread: ThreadAnswer, login: string): Observed["threads"][number][] {
  const [first, ...others] = thread.comments.nodes ?? [];
  // What stands in a review that was never submitted, nobody but us has seen: it is not asked.
  if (!first?.viewerDidAuthor || first.state === "PENDING") return [];
  const marked = readMarker(first.body);
  if (marked?.kind !== "question") return [];
  const read = others.length + 1;
  const byOthers = others.some((comment) => comment?.viewerDidAuthor === false) || thread.comments.totalCount > read;
  // We hide a comment as outdated where we may not resolve its thread; hidden for another reason, it is somebody's answer.
  const isHidden = first.isMinimized === true;
  const isHiddenByOthers = isHidden && first.minimizedReason?.toLowerCase() !== "outdated";
  // Where GitHub does not name who resolved it, it is not counted as a person's answer.
  const resolver = thread.resolvedBy ? bareLogin(thread.resolvedBy.login) : login;
  return [
    {
      nodeId: thread.id,
      fingerprint: marked.fingerprint,
      isResolved: thread.isResolved || isHidden,
      answered: byOthers || isHiddenByOthers || (thread.isResolved && resolver !== login),
      ...(first.url === undefined ? {} : { url: first.url }),
      ...(first.fullDatabaseId ? { comment: { id: first.fullDatabaseId, body: first.body } } : {}),
    },
  ];
}

function ownThread(thread: ThreadAnswer): [string, OwnThread][] {
  const first = thread.comments.nodes?.[0];
  if (!first?.viewerDidAuthor) return [];
  const { isResolved, viewerCanResolve, viewerCanUnresolve } = thread;
  const mayResolve = (isResolved ? viewerCanUnresolve : viewerCanResolve) !== false;
  return [[thread.id, { comment: first.id, isHidden: first.isMinimized === true, isResolved, mayResolve }]];
}

/** Questions that could be placed at no line and no file stand in the body of a review: asked, and left alone. */
function folded(post: PostAnswer): Observed["threads"][number][] {
  return foldedQuestions(post.body).map((fingerprint) => ({
    nodeId: post.id,
    fingerprint,
    isResolved: false,
    answered: true,
  }));
}

interface Run {
  readonly id: number;
  readonly name: string;
  readonly conclusion: string | null;
  readonly externalId: string;
  readonly annotations: number;
}

function isOurSuite(suite: CheckSuiteAnswer, identity: Identity, login: string): boolean {
  if (!suite.app) return false;
  if (identity.appId !== undefined) return suite.app.databaseId === identity.appId;
  return bareLogin(suite.app.slug) === login;
}

function runsOf(suite: CheckSuiteAnswer): Run[] {
  return [...nodesOf(suite.gate), ...nodesOf(suite.policyGate)].flatMap((run) => {
    const id = idOf(run);
    if (id === undefined) return [];
    // "Re-run" puts the suite back into the queue and leaves its runs as they are: such a verdict is asked for anew.
    const isAskedAnew = suite.status === "QUEUED";
    const conclusion = isAskedAnew || run.status !== "COMPLETED" ? null : (run.conclusion?.toLowerCase() ?? null);
    const { name, externalId, annotations } = run;
    return [
      { id, name, conclusion, externalId: readExternalId(externalId ?? ""), annotations: annotations?.totalCount ?? 0 },
    ];
  });
}

/** GraphQL declares ids of check runs as 32-bit and they are longer: where it gives none, the page's address has it. */
function idOf(run: CheckRunAnswer): number | undefined {
  if (run.databaseId) return run.databaseId;
  const id = Number(/\/(?:runs|job)\/(\d+)(?:[/?#]|$)/.exec(run.url.replace(/.*\/actions\/runs\/\d+/, ""))?.[1]);
  return Number.isSafeInteger(id) ? id : undefined;
}

function requestedOf(pullRequest: PullRequestAnswer): Pick<Observed, "requestedTeams" | "requestedUsers"> {
  const requested = nodesOf(pullRequest.reviewRequests).map((request) => request.requestedReviewer);
  return {
    requestedTeams: requested.flatMap((reviewer) => reviewer?.slug ?? []),
    requestedUsers: requested.flatMap((reviewer) => reviewer?.login ?? []),
  };
}

function reviewersOf(posts: readonly PostAnswer[], pullRequest: PullRequestAnswer): string[] {
  const users = posts.filter((post) => post.state !== "PENDING").flatMap((post) => post.author?.login ?? []);
  const teams = nodesOf(pullRequest.latestOpinionatedReviews).flatMap((review) => nodesOf(review.onBehalfOf));
  return [...new Set([...users, ...teams.map((team) => team.slug)])];
}

/**
 * Our issues. While a pull request is open, none is created from it, so the newest page is enough; after the merge all
 * are read, because one that was overlooked would be opened twice.
 */
async function ownIssues(
  client: GitHubClient,
  look: FirstLook,
  errors: readonly GraphqlError[],
  login: string,
): Promise<Observed["issues"]> {
  const { repository } = look;
  if (!repository.hasIssuesEnabled || refusalIn(errors, ["repository", "issues"])) return [];
  const first = repository.issues;
  const isOver = repository.pullRequest.state !== "OPEN";
  const cursor = isOver && first?.pageInfo?.hasNextPage ? first.pageInfo.endCursor : undefined;
  const place = { owner: repository.owner.login, name: repository.name };
  const rest = await restOfIssues(client, place, cursor, issueShape);
  return [...nodesOf(first), ...rest.nodes].flatMap((issue) => issueOf(issue, login));
}

function issueOf(issue: IssueAnswer, login: string): Observed["issues"][number][] {
  const marked = readMarker(issue.body);
  if (!issue.viewerDidAuthor || marked?.kind !== "issue") return [];
  const closer = nodesOf(issue.timelineItems).at(-1)?.actor;
  const { number, title, body } = issue;
  const answeredClosing = closingAnswer(issue);
  return [
    {
      number,
      threat: marked.threat,
      title,
      body,
      state: issue.state === "OPEN" ? "open" : "closed",
      closedByUs:
        issue.state !== "OPEN" && closer !== undefined && closer !== null && bareLogin(closer.login) === login,
      ...(answeredClosing === undefined ? {} : { answeredClosing }),
    },
  ];
}

/** Whether our answer to a closing stands among the latest comments; undefined when there are more than were read. */
function closingAnswer(issue: IssueAnswer): boolean | undefined {
  const comments = nodesOf(issue.comments);
  if (comments.some((comment) => comment.viewerDidAuthor && readMarker(comment.body)?.kind === "closing")) return true;
  return (issue.comments?.totalCount ?? 0) <= comments.length ? false : undefined;
}
