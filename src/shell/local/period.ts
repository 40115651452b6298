import { versionOf } from "../../core/domain/release.ts";
import type { HistoryStep } from "../../core/domain/snapshot.ts";
import { commitOf, GitFailure, git } from "./git.ts";
import { type Commit, firstParents, modelTouches, stepOf } from "./history.ts";

/** One end of a period: what was asked for, and the commit and instant that it means. */
export interface PeriodEnd {
  readonly asked?: string;
  readonly commit: string;
  readonly at: string;
}

/** A period or release of a branch. Without a beginning it goes back to the branch's own. */
export interface Period {
  readonly from?: { readonly asked?: string; readonly commit?: string; readonly at: string };
  readonly to: PeriodEnd;
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const msPerDay = 86_400_000;

/**
 * What `--from` and `--to` mean: a day, from its beginning and to its end in UTC, or a revision. Left out, the period ends
 * with the branch as it stands and is a year long.
 * @throws GitFailure that says what is wrong with them.
 */
export async function periodOf(
  directory: string,
  branch: string,
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: string,
): Promise<Period> {
  const to = await endOf(directory, branch, asked.to, now);
  if (asked.from === undefined) return { from: { at: new Date(Date.parse(to.at) - 365 * msPerDay).toISOString() }, to };
  const from = dayPattern.test(asked.from)
    ? { asked: asked.from, at: instantOf(asked.from, "00:00:00.000") }
    : await revision(directory, asked.from);
  if (Date.parse(from.at) > Date.parse(to.at))
    throw new GitFailure(`--from ${asked.from} comes after the end of the period, ${to.at.slice(0, 10)}.`);
  return { from, to };
}

/** Tags before a release that are looked at, the latest first. */
const mostTags = 10_000;

/**
 * The period of a release: from the release before it to its tag. That is the latest tag of the same line of versions that the
 * release contains and that is no early version; without one the period goes back to the branch's beginning.
 * @throws GitFailure where there is no such tag.
 */
export async function periodOfRelease(directory: string, tag: string): Promise<Period> {
  const to = await revision(directory, `refs/tags/${tag}`).catch(() => {
    throw new GitFailure(`--release ${tag}: there is no such tag.`);
  });
  const contained = ["for-each-ref", `--merged=${to.commit}`, "--sort=-creatordate", `--count=${mostTags}`];
  const listed = await git(directory, [...contained, "--format=%(refname:strip=2)", "refs/tags"]);
  const line = versionOf(tag)?.line;
  for (const other of listed.toString("utf8").split("\n")) {
    const version = versionOf(other);
    if (other === tag || !version || version.line !== line || version.isPrerelease) continue;
    const from = await revision(directory, `refs/tags/${other}`);
    if (from.commit !== to.commit) return { from: { ...from, asked: other }, to: { ...to, asked: tag } };
  }
  return { to: { ...to, asked: tag } };
}

async function endOf(directory: string, branch: string, asked: string | undefined, now: string): Promise<PeriodEnd> {
  if (asked === undefined) return { commit: await commitOf(directory, branch), at: now };
  if (!dayPattern.test(asked)) return revision(directory, asked);
  const end = instantOf(asked, "23:59:59.999");
  const [last] = (await firstParents(directory, branch)).filter(({ at }) => at <= end);
  if (!last) throw new GitFailure(`--to ${asked}: ${branch} has no commit on or before that day.`);
  return { asked, commit: last.id, at: end > now ? now : end };
}

async function revision(directory: string, asked: string): Promise<PeriodEnd> {
  const commit = await commitOf(directory, asked);
  const seconds = (await git(directory, ["show", "-s", "--format=%ct", commit])).toString("utf8").trim();
  return { asked, commit, at: new Date(Number(seconds) * 1000).toISOString() };
}

function instantOf(day: string, time: string): string {
  const at = new Date(`${day}T${time}Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day)
    throw new GitFailure(`${day} is no day. Write a day as 2026-03-04, or name a revision.`);
  return at.toISOString();
}

/** What a branch's own history says of a period. */
export interface PeriodHistory {
  /** Updates of the models before the period, then every step of the period; oldest first. */
  readonly steps: readonly HistoryStep[];
  /** Commits of the period that were not read, because there are more than are read. */
  readonly notRead: number;
  /** Whether the first update of the models is among the steps. */
  readonly reachesBeginning: boolean;
  readonly authors: ReadonlyMap<string, Commit>;
}

/** Steps of a period that are read; more than a year of most repositories. */
const mostSteps = 2_000;
/** Updates of the models before it. */
const mostTouches = 200;

/** Reads the history of a period. Dates are commit dates: a clone knows no others. */
export async function historyOfPeriod(
  directory: string,
  { from, to }: Period,
  models: readonly string[],
): Promise<PeriodHistory> {
  const range = from?.commit === undefined ? to.commit : `${from.commit}..${to.commit}`;
  const commits = await firstParents(directory, range);
  const wanted =
    from === undefined || from.commit !== undefined
      ? commits
      : commits.filter(({ at }) => Date.parse(at) >= Date.parse(from.at));
  const read = wanted.slice(0, mostSteps);
  const inPeriod: HistoryStep[] = [];
  for (const commit of read.toReversed()) inPeriod.push(await stepOf(directory, commit, models, to.at));
  const known = new Set(read.map(({ id }) => id));
  const touches = models.length === 0 ? [] : await modelTouches(directory, to.commit, models, mostTouches, to.at);
  const before = touches.filter(({ commit }) => !known.has(commit));
  const all = await firstParents(directory, to.commit);
  return {
    steps: [...before, ...inPeriod],
    notRead: wanted.length - read.length,
    reachesBeginning: touches.length < mostTouches && !(await isShallow(directory)),
    authors: new Map(all.map((commit) => [commit.id.slice(0, 12), commit])),
  };
}

async function isShallow(directory: string): Promise<boolean> {
  return (await git(directory, ["rev-parse", "--is-shallow-repository"])).toString("utf8").trim() === "true";
}
