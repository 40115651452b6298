import type { ChangedFile, PullRequestFacts, RepositoryFacts, Snapshot } from "../../core/domain/snapshot.ts";
import type { Subject } from "../event.ts";
import { Forbidden, Gone, TryAgainLater } from "../failures.ts";
import type { Listing, Needs, Source } from "../ports.ts";
import { accountOf } from "./accounts.ts";
import { type Call, type GitHubClient, type GraphqlError, read } from "./client.ts";
import { listFiles, mergeBase, mostListedFiles, type RepositoryName, rereadAfter } from "./files.ts";
import { type Own, ownPosts } from "./observed.ts";
import { isBelow, refusalIn } from "./partial.ts";
import { policyTexts } from "./policy-files.ts";
import { modelFolders, type PullRequestQuestion, pullRequestQuery, type Wanted } from "./query.ts";
import { contributorsOf, reviewsOf } from "./reviews.ts";
import { type FirstLook, firstLookShape, type HeadCommitAnswer, nodesOf } from "./shapes.ts";
import { readTeams, teamsIn } from "./teams.ts";
import { filesIn, joined, noTexts, pathsAtOnce, readTexts, type Texts, textsIn } from "./texts.ts";
import { type Remembered, timelineOf } from "./timeline.ts";

type PullRequestSubject = Extract<Subject, { kind: "pull-request" }>;

/** A first look whose parts are of one commit. */
interface FittingLook {
  readonly look: FirstLook;
  readonly errors: readonly GraphqlError[];
  readonly at: string;
  readonly head: HeadCommitAnswer;
}

/** What the source may be told beside its client. */
export interface SourceOptions {
  /** What is remembered of the default branch of the subject's repository. */
  readonly remembered?: Remembered;
  /** The instant to judge as of; left out, it is GitHub's own at the first look. */
  readonly now?: string;
}

/** Reads pull requests from GitHub: one listing of files and, as a rule, one query. */
export class GitHubSource implements Source {
  readonly #client: GitHubClient;
  readonly #options: SourceOptions;
  /** Our own posts as the first look showed them, for as long as its snapshot lives. */
  readonly #own = new WeakMap<Snapshot, Own>();

  constructor(client: GitHubClient, options: SourceOptions = {}) {
    this.#client = client;
    this.#options = options;
  }

  /** What was seen of our own posts when this snapshot was read. */
  ownOf(snapshot: Snapshot): Own | undefined {
    return this.#own.get(snapshot);
  }

  /** Our own posts anew, for a snapshot that was read elsewhere. */
  async readOwn(subject: Subject, snapshot: Snapshot): Promise<Own> {
    const asked = pullRequestOf(subject);
    const question = this.#questionOf(asked, { paths: [], folders: [], teams: [] });
    const listing = { files: snapshot.files, total: snapshot.filesTotal, head: snapshot.head };
    const { look, errors, head } = await this.#lookUntilItFits(asked, question, listing);
    return ownPosts(this.#client, look, errors, head);
  }

  async listing(subject: Subject): Promise<Listing> {
    const { owner, repository, number } = pullRequestOf(subject);
    return listFiles(this.#client, { owner, name: repository }, number);
  }

  async snapshot(subject: Subject, listing: Listing, needs: Needs): Promise<Snapshot> {
    const asked = pullRequestOf(subject);
    const paths = pathsToRead(listing.files, needs);
    const first = { paths: paths.slice(0, pathsAtOnce), folders: modelFolders, teams: needs.teams };
    const question = this.#questionOf(asked, first);
    const { look, errors, at, head } = await this.#lookUntilItFits(asked, question, listing);
    const place: RepositoryName = { owner: look.repository.owner.login, name: look.repository.name };
    const found = await textsIn(this.#client, place, head, question);
    const rest = await readTexts(this.#client, place, head.oid, paths.slice(pathsAtOnce));
    const texts = joined(found, rest);
    const repository = factsOf(look);
    const base = await this.#baseTexts(
      place,
      look.repository.pullRequest.baseRefOid,
      head.oid,
      listing.files,
      needs.texts,
    );
    const wanted = (list: readonly string[], from: Texts) => {
      const names = new Set(list);
      return from.texts.filter((file) => names.has(file.path));
    };
    const snapshot: Snapshot = {
      now: this.#options.now ?? at,
      door: this.#client.identity.door,
      repository,
      pullRequest: await this.#pullRequestFacts(look, head),
      base: look.repository.pullRequest.baseRefOid,
      head: head.oid,
      files: listing.files,
      filesTotal: Math.max(look.repository.pullRequest.changedFiles, listing.total),
      headTexts: wanted(needs.texts, texts),
      baseTexts: base.texts,
      headPaths: [...filesIn(head.tree?.entries ?? []), ...found.paths],
      headPathsComplete: false,
      models: wanted(needs.look, texts),
      baseModels: [],
      policy: await policyTexts(this.#client, look, errors),
      teams: await this.#teams(look, errors, needs.teams),
      timeline: timelineOf(this.#options.remembered),
      notRead: [...texts.notRead, ...base.notRead],
    };
    this.#own.set(snapshot, await ownPosts(this.#client, look, errors, head));
    return snapshot;
  }

  async complete(subject: Subject, snapshot: Snapshot, more: Needs): Promise<Snapshot> {
    pullRequestOf(subject);
    const { repository } = snapshot;
    const place: RepositoryName = { owner: repository.owner, name: repository.name };
    const known = new Set([...snapshot.headTexts, ...snapshot.models].map((file) => file.path));
    const removed = new Set(snapshot.files.filter((file) => file.status === "removed").map((file) => file.filename));
    const paths = [...new Set([...more.texts, ...more.look])].filter((path) => !known.has(path) && !removed.has(path));
    const texts = await readTexts(this.#client, place, snapshot.head, paths);
    const all = [...snapshot.headTexts, ...snapshot.models, ...texts.texts];
    const base = await this.#baseTexts(place, snapshot.base, snapshot.head, snapshot.files, [
      ...more.texts,
      ...more.look,
    ]);
    const knownTeams = new Set(snapshot.teams.map((team) => team.team));
    const teams = more.teams.filter((team) => !knownTeams.has(team));
    const completed: Snapshot = {
      ...snapshot,
      headTexts: withMore(snapshot.headTexts, all, more.texts),
      models: withMore(snapshot.models, all, more.look),
      baseTexts: withMore(snapshot.baseTexts, base.texts, basePathsOf(snapshot.files, more.texts)),
      baseModels: withMore(snapshot.baseModels, base.texts, basePathsOf(snapshot.files, more.look)),
      teams: [...snapshot.teams, ...(await readTeams(this.#client, repository, snapshot.head, teams))],
      notRead: distinctPlaces([...snapshot.notRead, ...texts.notRead, ...base.notRead]),
    };
    const own = this.#own.get(snapshot);
    if (own) this.#own.set(completed, own);
    return completed;
  }

  #questionOf({ owner, repository, number }: PullRequestSubject, wanted: Wanted): PullRequestQuestion {
    const appId = this.#client.identity.appId ?? null;
    return { owner, name: repository, number, appId, seesTeams: true, ...wanted };
  }

  /**
   * Asks until the answer is of the same commit as the listing and not older than the event: right after a push GitHub
   * may still answer with what was before (H083). What does not come to fit is given back, never believed.
   */
  async #lookUntilItFits(
    subject: PullRequestSubject,
    question: PullRequestQuestion,
    listing: Listing,
  ): Promise<FittingLook> {
    let misfit = "";
    let answer: FittingLook | undefined;
    for (const pause of [0, ...rereadAfter]) {
      if (pause > 0) await this.#client.wait(pause);
      const { look, errors, at } = await this.#look(subject, question);
      const { pullRequest } = look.repository;
      const [head] = nodesOf(pullRequest.head);
      if (!head) throw new Gone(`Pull request #${pullRequest.number} has no commits.`);
      misfit = misfitOf(pullRequest, head.commit, listing);
      if (misfit !== "") continue;
      answer = { look, errors, at, head: head.commit };
      if (!isOlder(pullRequest.updatedAt, subject.updatedAt)) return answer;
    }
    // All of one commit, and only its age in doubt: if that is old after all, another event follows.
    if (misfit === "" && answer) return answer;
    throw new TryAgainLater(`GitHub's answers do not fit together yet: ${misfit}.`);
  }

  async #look(
    subject: PullRequestSubject,
    question: PullRequestQuestion,
  ): Promise<{ look: FirstLook; errors: readonly GraphqlError[]; at: string }> {
    const call: Call = { what: "read the pull request", needs: "Pull requests: read, Contents: read", kind: "read" };
    const { document, variables } = pullRequestQuery(question);
    const answer = await this.#client.graphql(document, variables, call);
    const unscoped = answer.errors.find((error) => error.type === "INSUFFICIENT_SCOPES");
    if (unscoped && !answer.data.repository) {
      if (!question.seesTeams) throw new Forbidden(unscoped.message.slice(0, 300), "a token with the scope repo");
      const seen = await this.#look(subject, { ...question, seesTeams: false });
      const teams = question.teams.map((_, index) => ({ ...unscoped, path: ["teams", `t${index}`] }));
      return { ...seen, errors: [...seen.errors, ...teams] };
    }
    refuseMissing(answer.errors, call);
    const look = read(firstLookShape, answer.data, call.what);
    const id = look.repository.databaseId;
    if (subject.repositoryId !== undefined && id !== subject.repositoryId) {
      throw new Gone(`${subject.owner}/${subject.repository} is another repository now than the one the event named.`);
    }
    return { look, errors: answer.errors, at: answer.at };
  }

  async #pullRequestFacts(look: FirstLook, head: HeadCommitAnswer): Promise<PullRequestFacts> {
    const { pullRequest } = look.repository;
    const place = { owner: look.repository.owner.login, name: look.repository.name, number: pullRequest.number };
    return {
      number: pullRequest.number,
      title: pullRequest.title,
      ...(pullRequest.author ? { author: accountOf(pullRequest.author) } : {}),
      state: pullRequest.state === "OPEN" ? "open" : pullRequest.state === "MERGED" ? "merged" : "closed",
      isDraft: pullRequest.isDraft,
      isFork: pullRequest.isCrossRepository,
      baseBranch: pullRequest.baseRefName,
      ...(pullRequest.mergedAt ? { mergedAt: pullRequest.mergedAt } : {}),
      ...(pullRequest.mergedBy ? { mergedBy: pullRequest.mergedBy.login } : {}),
      ...(await contributorsOf(this.#client, place, pullRequest)),
      reviews: await reviewsOf(this.#client, place, pullRequest),
      siblings: siblingsOf(look, head),
    };
  }

  async #teams(look: FirstLook, errors: readonly GraphqlError[], asked: readonly string[]) {
    const { login, __typename } = look.repository.owner;
    const owner = { login, isOrganisation: __typename === "Organization" };
    return teamsIn(this.#client, owner, asked, { teams: look.teams, errors });
  }

  /**
   * Texts before the change, for files whose patch GitHub leaves out because it is very long (lock files): with a patch
   * they are derived from the text after it. Read at the commit where the branches part, which patches start from.
   */
  async #baseTexts(
    place: RepositoryName,
    base: string,
    head: string,
    files: readonly ChangedFile[],
    wanted: readonly string[],
  ): Promise<Texts> {
    const names = new Set(wanted);
    const blind = files.filter((file) => names.has(file.filename) && hasUnshownChange(file));
    if (blind.length === 0) return noTexts;
    const commit = await mergeBase(this.#client, place, base, head);
    return readTexts(
      this.#client,
      place,
      commit,
      blind.map((file) => file.previous_filename ?? file.filename),
    );
  }
}

/** The pull request that a subject of this source must be. */
export function pullRequestOf(subject: Subject): PullRequestSubject {
  if (subject.kind !== "pull-request") throw new Gone("A local checkout is not read from GitHub.");
  return subject;
}

/** The changed files whose text is wanted and the places to look at; what the head no longer has is not asked for. */
function pathsToRead(files: readonly ChangedFile[], needs: Needs): string[] {
  const removed = new Set(files.filter((file) => file.status === "removed").map((file) => file.filename));
  return [...new Set([...needs.look, ...needs.texts])].filter((path) => !removed.has(path));
}

/** Parts of a pull request that GitHub may withhold without harm to a verdict: teams' names, and check runs. */
const undeciding: ReadonlySet<string | number> = new Set(["checkSuites", "reviewRequests", "onBehalfOf"]);

function refuseMissing(errors: readonly GraphqlError[], call: Call): void {
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

function factsOf({ repository }: FirstLook): RepositoryFacts {
  return {
    ...(repository.databaseId ? { id: repository.databaseId } : {}),
    owner: repository.owner.login,
    name: repository.name,
    ownerIsOrganisation: repository.owner.__typename === "Organization",
    defaultBranch: repository.defaultBranchRef?.name ?? "",
    isPrivate: repository.isPrivate,
    isArchived: repository.isArchived,
    hasIssues: repository.hasIssuesEnabled,
  };
}

/** Other open pull requests of this repository with the same head commit: a check is attached to the commit (H018). */
function siblingsOf(look: FirstLook, head: HeadCommitAnswer): PullRequestFacts["siblings"] {
  const { databaseId, pullRequest } = look.repository;
  return nodesOf(head.associatedPullRequests)
    .filter((other) => other.state === "OPEN" && other.headRefOid === head.oid && other.number !== pullRequest.number)
    .filter((other) => !other.repository?.databaseId || other.repository.databaseId === databaseId)
    .map((other) => ({ number: other.number, baseBranch: other.baseRefName }));
}

/** A file that was there before and after and whose difference GitHub does not show. */
function hasUnshownChange(file: ChangedFile): boolean {
  if (file.patch !== undefined || file.status === "added" || file.status === "removed") return false;
  return file.changes > 0;
}

function basePathsOf(files: readonly ChangedFile[], paths: readonly string[]): string[] {
  const names = new Set(paths);
  return files.filter((file) => names.has(file.filename)).map((file) => file.previous_filename ?? file.filename);
}

function withMore<File extends { readonly path: string }>(
  known: readonly File[],
  found: readonly File[],
  wanted: readonly string[],
): File[] {
  const names = new Set(wanted);
  const byPath = new Map(known.map((file) => [file.path, file]));
  for (const file of found) if (names.has(file.path)) byPath.set(file.path, file);
  return [...byPath.values()];
}

function distinctPlaces<Place extends { readonly path: string }>(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [place.path, place])).values()];
}
