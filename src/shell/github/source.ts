import type { Needs } from "../../core/domain/needs.ts";
import type { RepositoryFacts, Snapshot } from "../../core/domain/snapshot.ts";
import type { Subject } from "../event.ts";
import { Gone } from "../failures.ts";
import type { Listing, Source } from "../ports.ts";
import type { GitHubClient, GraphqlError } from "./client.ts";
import { compareFiles, filesSince } from "./comparison.ts";
import { type ClientFor, readElsewhere } from "./elsewhere.ts";
import { type EvidenceAccess, readEvidence } from "./evidence.ts";
import { pullRequestFacts, repositoryFacts } from "./facts.ts";
import { listFiles, type RepositoryName } from "./files.ts";
import { type FittingLook, isTooMuch, lookUntilItFits, type PullRequestSubject } from "./first-look.ts";
import type { HistoryLimits } from "./history.ts";
import type { StepChanges } from "./history-files.ts";
import { withHistory } from "./history-of-snapshot.ts";
import { accountsNamedBy, sameTeams } from "./named-accounts.ts";
import { type Own, ownPosts } from "./observed.ts";
import { type PeopleRemembered, peopleTowards, withPushers } from "./people-behind.ts";
import { type OrganisationPolicyKnowledge, policyTexts } from "./policy-files.ts";
import { readProperties } from "./properties.ts";
import { modelFolders, type PullRequestQuestion, type Wanted } from "./query.ts";
import type { FirstLook } from "./shapes.ts";
import { readTeams, teamsIn } from "./teams.ts";
import { filesIn, joined, pathsAtOnce, readTexts, type Texts, textsIn } from "./texts.ts";
import { basePathsOf, pathsToRead, textsOfChange, withMore } from "./texts-of-change.ts";
import { type Remembered, timelineOf } from "./timeline.ts";
import { cutTree, readTree } from "./tree.ts";

/** What the source may be told beside its client. */
export interface SourceOptions extends PeopleRemembered {
  /** What is remembered of the default branch of the subject's repository. */
  readonly remembered?: Remembered;
  /** How much of the default branch's history may be read at once. */
  readonly history?: HistoryLimits;
  /** The instant to judge as of; left out, it is GitHub's own at the first look. */
  readonly now?: string;
  /** What is known of the organisation's policy beside what GitHub shows. */
  readonly organisationPolicy?: OrganisationPolicyKnowledge;
  /** Reads one other repository of the same owner; left out, the same client is asked. */
  readonly elsewhere?: ClientFor;
  /** With what alerts of scanners and incidents are read; left out, they are not. */
  readonly evidence?: EvidenceAccess;
}

/** Reads pull requests from GitHub: one listing of files and, as a rule, one query. */
export class GitHubSource implements Source {
  readonly #client: GitHubClient;
  readonly #options: SourceOptions;
  /** Our own posts as the first look showed them, for as long as its snapshot lives. */
  readonly #own = new WeakMap<Snapshot, Own>();
  /** What steps of the history changed: they do not change again. */
  readonly #changes: StepChanges = new Map();
  /** The head of the default branch as the first look showed it. */
  readonly #defaultHead = new WeakMap<Snapshot, string>();

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
    const { look, errors, head } = await lookUntilItFits(this.#client, asked, question, listing);
    return ownPosts(this.#client, look, errors, head);
  }

  async listing(subject: Subject): Promise<Listing> {
    const { owner, repository, number } = pullRequestOf(subject);
    return listFiles(this.#client, { owner, name: repository }, number);
  }

  async snapshot(subject: Subject, listing: Listing, needs: Needs): Promise<Snapshot> {
    const asked = pullRequestOf(subject);
    const paths = pathsToRead(listing.files, needs);
    const { fitting, texts } = await this.#lookWithTexts(asked, listing, paths, needs.teams);
    const { look, errors, at, head } = fitting;
    const place: RepositoryName = { owner: look.repository.owner.login, name: look.repository.name };
    const repository = await this.#withProperties(repositoryFacts(look), needs);
    const { baseRefOid } = look.repository.pullRequest;
    const change = { base: baseRefOid, head: head.oid, files: listing.files };
    const read = await textsOfChange(this.#client, place, change, needs, texts);
    const policy = await policyTexts(this.#client, look, errors, this.#options.organisationPolicy);
    const own = await ownPosts(this.#client, look, errors, head);
    const snapshot: Snapshot = {
      now: this.#options.now ?? at,
      door: this.#client.identity.door,
      repository,
      pullRequest: await pullRequestFacts(this.#client, look, head),
      base: baseRefOid,
      head: head.oid,
      files: read.files,
      filesTotal: Math.max(look.repository.pullRequest.changedFiles, listing.total),
      headTexts: withMore([], read.head.texts, read.wanted),
      baseTexts: withMore([], read.base.texts, basePathsOf(listing.files, read.wanted)),
      headPaths: [...filesIn(head.tree?.entries ?? []), ...texts.paths],
      headPathsComplete: false,
      models: withMore([], read.head.texts, needs.look),
      baseModels: withMore([], read.base.texts, basePathsOf(listing.files, needs.look)),
      policy,
      teams: await this.#teams(look, errors, needs.teams),
      timeline: timelineOf(this.#options.remembered, look.repository.defaultBranchRef?.target?.oid),
      notRead: [...read.head.notRead, ...read.base.notRead],
      ...(look.repository.pullRequest.createdAt ? { begunAt: look.repository.pullRequest.createdAt } : {}),
      ...(this.#options.remembered?.closings ? { closings: this.#options.remembered.closings } : {}),
      asked: own.observed.threads.filter(({ isResolved }) => !isResolved).map(({ fingerprint }) => fingerprint),
    };
    const defaultHead = look.repository.defaultBranchRef?.target?.oid;
    if (defaultHead !== undefined) this.#defaultHead.set(snapshot, defaultHead);
    this.#own.set(snapshot, own);
    return snapshot;
  }

  async towardsDefault(subject: Subject, snapshot: Snapshot): Promise<Snapshot | undefined> {
    pullRequestOf(subject);
    const base = this.#defaultHead.get(snapshot);
    if (base === undefined) return undefined;
    const { owner, name } = snapshot.repository;
    const { files, total } = await compareFiles(this.#client, { owner, name }, base, snapshot.head);
    const towards: Snapshot = {
      ...snapshot,
      ...(await peopleTowards(this.#client, snapshot, base)),
      base,
      files,
      filesTotal: total,
      headTexts: [],
      baseTexts: [],
      baseModels: [],
    };
    this.#defaultHead.set(towards, base);
    return towards;
  }

  asItStands(snapshot: Snapshot): Snapshot | undefined {
    const head = this.#defaultHead.get(snapshot);
    if (head === undefined || head === snapshot.base) return undefined;
    const bare: Snapshot = {
      ...snapshot,
      head,
      base: head,
      files: [],
      filesTotal: 0,
      headTexts: [],
      baseTexts: [],
      models: [],
      baseModels: [],
    };
    const own = this.#own.get(snapshot);
    if (own) this.#own.set(bare, own);
    this.#defaultHead.set(bare, head);
    return bare;
  }

  async complete(subject: Subject, snapshot: Snapshot, more: Needs): Promise<Snapshot> {
    pullRequestOf(subject);
    const { repository } = snapshot;
    const place: RepositoryName = { owner: repository.owner, name: repository.name };
    const known = new Set([...snapshot.headTexts, ...snapshot.models].map((file) => file.path));
    const removed = new Set(snapshot.files.filter((file) => file.status === "removed").map((file) => file.filename));
    const paths = [...new Set([...more.texts, ...more.look])].filter((path) => !known.has(path) && !removed.has(path));
    const texts = await readTexts(this.#client, place, snapshot.head, paths);
    const { files, wanted, head: found, base } = await textsOfChange(this.#client, place, snapshot, more, texts);
    const all = [...snapshot.headTexts, ...snapshot.models, ...found.texts];
    const knownTeams = new Set(snapshot.teams.map((team) => team.team));
    const teams = more.teams.filter((team) => !knownTeams.has(team));
    const tree = more.tree ? await readTree(this.#client, place, more.tree) : undefined;
    const completed: Snapshot = {
      ...snapshot,
      ...tree,
      ...(more.evidence ? { evidence: await readEvidence(this.#options.evidence, place, more.evidence) } : {}),
      repository: await this.#withProperties(repository, more),
      files,
      headTexts: withMore(snapshot.headTexts, all, wanted),
      models: withMore(snapshot.models, all, more.look),
      baseTexts: withMore(snapshot.baseTexts, base.texts, basePathsOf(snapshot.files, wanted)),
      baseModels: withMore(snapshot.baseModels, base.texts, basePathsOf(snapshot.files, more.look)),
      teams: [...snapshot.teams, ...(await this.#moreTeams(snapshot, teams))],
      notRead: distinctPlaces([
        ...snapshot.notRead,
        ...found.notRead,
        ...base.notRead,
        ...(tree && !tree.headPathsComplete ? [cutTree] : []),
      ]),
      ...(await this.#withElsewhere(snapshot, more)),
      ...(await this.#withSince(snapshot, more)),
      ...(more.pushers ? await withPushers(this.#client, this.#options, snapshot) : {}),
      ...(more.accounts
        ? { accounts: await accountsNamedBy(this.#client, this.#options.accounts, more.accounts) }
        : {}),
    };
    const head = this.#defaultHead.get(snapshot);
    const whole = more.history
      ? await withHistory(this.#client, completed, more.history, { head, changes: this.#changes, ...this.#options })
      : completed;
    const own = this.#own.get(snapshot);
    if (own) this.#own.set(whole, own);
    if (head !== undefined) this.#defaultHead.set(whole, head);
    return whole;
  }

  /** What was pushed since the approvals that the policy lets stand for a while. */
  async #withSince({ repository, head, since = [] }: Snapshot, more: Needs): Promise<Pick<Snapshot, "since">> {
    if (!more.since || more.since.length === 0) return {};
    const place = { owner: repository.owner, name: repository.name };
    const found = [...since];
    for (const commit of more.since) found.push(await filesSince(this.#client, place, commit, head));
    return { since: found };
  }

  /** The models of other repositories, read on where more of them is wanted. */
  async #withElsewhere(snapshot: Snapshot, { elsewhere }: Needs): Promise<Pick<Snapshot, "elsewhere">> {
    if (!elsewhere || elsewhere.length === 0) return {};
    const known = new Map((snapshot.elsewhere ?? []).map((one) => [one.repository, one]));
    const clientFor = this.#options.elsewhere ?? (() => this.#client);
    for (const needs of elsewhere) {
      const { owner } = snapshot.repository;
      const before = known.get(needs.repository);
      known.set(needs.repository, await readElsewhere(clientFor, owner, needs, before, snapshot.now));
    }
    return { elsewhere: [...known.values()] };
  }

  /** Custom properties cost a request, and are read where the policy depends on them alone. */
  async #withProperties(repository: RepositoryFacts, { properties }: Needs): Promise<RepositoryFacts> {
    if (!properties || repository.properties || !repository.ownerIsOrganisation) return repository;
    return { ...repository, properties: await readProperties(this.#client, repository) };
  }

  /**
   * The first look with as many texts as go with it. GitHub gives a query ten seconds: where the texts are too much for
   * that, it is asked without them, and they are read by themselves.
   */
  async #lookWithTexts(
    subject: PullRequestSubject,
    listing: Listing,
    paths: readonly string[],
    teams: readonly string[],
  ): Promise<{ readonly fitting: FittingLook; readonly texts: Texts }> {
    const folders = modelFolders;
    let asked: Wanted = { paths: paths.slice(0, pathsAtOnce), folders, teams };
    const ask = () => lookUntilItFits(this.#client, subject, this.#questionOf(subject, asked), listing);
    let fitting: FittingLook;
    try {
      fitting = await ask();
    } catch (error) {
      if (!isTooMuch(error) || paths.length === 0) throw error;
      asked = { paths: [], folders, teams };
      fitting = await ask();
    }
    const { repository } = fitting.look;
    const place: RepositoryName = { owner: repository.owner.login, name: repository.name };
    const found = await textsIn(this.#client, place, fitting.head, asked);
    const rest = await readTexts(this.#client, place, fitting.head.oid, paths.slice(asked.paths.length));
    return { fitting, texts: joined(found, rest) };
  }

  #questionOf({ owner, repository, number }: PullRequestSubject, wanted: Wanted): PullRequestQuestion {
    const appId = this.#client.identity.appId ?? null;
    return { owner, name: repository, number, appId, seesTeams: true, ...wanted };
  }

  async #moreTeams({ repository, head }: Snapshot, teams: readonly string[]) {
    return sameTeams(this.#options.accounts, await readTeams(this.#client, repository, head, teams));
  }

  async #teams(look: FirstLook, errors: readonly GraphqlError[], asked: readonly string[]) {
    const { login, __typename } = look.repository.owner;
    const owner = { login, isOrganisation: __typename === "Organization" };
    const readings = await teamsIn(this.#client, owner, asked, { teams: look.teams, errors });
    return sameTeams(this.#options.accounts, readings);
  }
}

/** The pull request that a subject of this source must be. */
export function pullRequestOf(subject: Subject): PullRequestSubject {
  if (subject.kind !== "pull-request") throw new Gone("A local checkout is not read from GitHub.");
  return subject;
}

function distinctPlaces<Place extends { readonly path: string }>(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [place.path, place])).values()];
}
