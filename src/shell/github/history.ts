import type { HistoryReach, HistoryStep, HistoryWanted } from "../../core/domain/snapshot.ts";
import type { KnownUpTo, Timeline } from "../../core/domain/timeline.ts";
import type { GitHubClient } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { type StepChanges, stepFiles } from "./history-files.ts";
import { readTouch, type Step, walkBack } from "./history-walk.ts";
import { readTexts } from "./texts.ts";

/** How much of a history is read at once. */
export interface HistoryLimits {
  /** Pages of up to 100 commits to go back: one query of three points each. */
  readonly pages: number;
  /**
   * Merges and pushes whose files are read: one request each, and one query for each that
   * changed files whose structure is compared; two more where it touched the model.
   */
  readonly steps: number;
  /** Beyond `pages` the way back is too long to be known: the history is taken to begin there, instead of left unread. */
  readonly beginsAtLimit: boolean;
}

/** While somebody waits for a verdict: at most 3 queries, and 20 merges. */
export const whileEvaluating: HistoryLimits = { pages: 3, steps: 20, beginsAtLimit: false };

/** In the background: at most 5,000 commits back, 100 merges at once. */
export const inBackground: HistoryLimits = { pages: 50, steps: 100, beginsAtLimit: true };

/** What to read, and what is known. */
export interface HistoryQuestion {
  readonly wanted: HistoryWanted;
  /** The head of the default branch. */
  readonly head: string;
  readonly now: string;
  /** The commit up to which all is known. */
  readonly known?: KnownUpTo;
  readonly limits: HistoryLimits;
  readonly changes: StepChanges;
}

/** Steps oldest first, how far they go back, and how far forward. */
export interface HistoryReading {
  readonly steps: readonly HistoryStep[];
  readonly reach: HistoryReach;
  readonly state: Timeline["state"];
  readonly upTo?: KnownUpTo;
  readonly remaining?: number;
  /** The known commit is not on the way back: the default branch was rewritten, or is further on than is gone back. */
  readonly rewritten?: true;
}

/**
 * The steps of a default branch since the model was last touched, or since what is known, oldest first: the oldest
 * uncovered change alone decides how current a model is. What the limits leave is said and read on from there.
 */
export async function readHistory(
  client: GitHubClient,
  repository: RepositoryName & { readonly defaultBranch: string },
  { wanted, head, now, known, limits, changes }: HistoryQuestion,
): Promise<HistoryReading> {
  const way = { head, pages: limits.pages, changes, ...(known ? { known: known.commit } : {}) };
  const walk = await walkBack(client, repository, wanted, way);
  const reach = { touches: wanted.touches, goesOn: walk.ended === "touch", met: walk.met };
  // A model that the default branch does not hold yet has no history there; and nothing is known of what comes later.
  if (walk.ended === "no-model") return { steps: [], reach, state: "complete" };
  if (walk.ended === "limit" && !limits.beginsAtLimit) return { steps: [], reach, state: "reading" };
  const isKnown = walk.ended === "known" && known !== undefined;
  const all = dated(walk.steps.toReversed(), isKnown ? known.at : walk.createdAt, now);
  const steps: HistoryStep[] = [];
  for (const { step, at, unverified } of all.slice(0, limits.steps)) {
    steps.push(
      await readStep(client, repository, step, walk.models, changes, { at, ...(unverified && { unverified }) }),
    );
  }
  const reading = { steps, reach, ...(known && !isKnown ? { rewritten: true as const } : {}) };
  const remaining = all.length - steps.length;
  if (remaining === 0) return { ...reading, state: "complete", upTo: { commit: head, at: now } };
  const last = all[steps.length - 1];
  const upTo = last && { commit: last.step.commits[0].oid, at: last.earliest };
  return { ...reading, state: "reading", remaining, ...(upTo ? { upTo } : {}) };
}

/** Pages of commits that are gone back in another repository to find when its model was touched. */
const pagesElsewhere = 3;

/** The latest steps that touched model files, oldest first, with these files alone: what else they changed is not read. */
export async function readModelTouches(
  client: GitHubClient,
  repository: RepositoryName & { readonly defaultBranch: string },
  { wanted, head, now }: Pick<HistoryQuestion, "wanted" | "head" | "now">,
): Promise<readonly HistoryStep[]> {
  const walk = await walkBack(client, repository, wanted, { head, pages: pagesElsewhere, changes: new Map() });
  return dated(walk.steps.toReversed(), walk.createdAt, now).flatMap(({ step, at, unverified }): HistoryStep[] => {
    const [newest] = step.commits;
    if (!step.read) return [];
    return [
      {
        reference: referenceOf(newest),
        commit: newest.oid,
        at,
        ...(unverified && { unverified }),
        title: newest.title,
        files: [],
        modelsBefore: step.read.touch.before,
        modelsAfter: step.read.touch.after,
      },
    ];
  });
}

function referenceOf({ oid, pullRequest }: Step["commits"][0]): string {
  return pullRequest ? `#${pullRequest.number}` : oid.slice(0, 12);
}

async function readStep(
  client: GitHubClient,
  repository: RepositoryName,
  step: Step,
  models: readonly string[],
  changes: StepChanges,
  date: Pick<HistoryStep, "at" | "unverified">,
): Promise<HistoryStep> {
  const [newest] = step.commits;
  const files = step.read?.files ?? (await stepFiles(client, repository, step, changes));
  const touched = files.map((file) => file.filename).filter((path) => models.includes(path));
  const read =
    step.read ?? (touched.length > 0 ? await readTouch(client, repository, step, touched, changes) : undefined);
  return {
    reference: referenceOf(newest),
    commit: newest.oid,
    ...date,
    title: newest.title,
    files,
    modelsBefore: read?.touch.before ?? [],
    modelsAfter: read?.touch.after ?? [],
  };
}

/** The steps with the whole texts that were asked for: one query for each step with any. */
export async function withTexts(
  client: GitHubClient,
  repository: RepositoryName,
  steps: readonly HistoryStep[],
  wanted: NonNullable<HistoryWanted["texts"]>,
): Promise<HistoryStep[]> {
  const texts = new Map<string, HistoryStep["headTexts"]>();
  for (const { commit, paths } of wanted) {
    texts.set(commit, (await readTexts(client, repository, commit, paths)).texts);
  }
  return steps.map((step) => {
    const headTexts = texts.get(step.commit);
    return headTexts === undefined ? step : { ...step, headTexts };
  });
}

interface DatedStep {
  readonly step: Step;
  readonly at: string;
  /** What GitHub itself says of when it came: then or later. */
  readonly earliest: string;
  readonly unverified?: true;
}

const day = 86_400_000;

/**
 * When each step reached the default branch, oldest first. A pull request: when GitHub merged it. A push without one is
 * dated by nobody but its author, so that its own date counts only between what GitHub dates before it and after it; one
 * that claims to be from later counts from the earliest that it can be, and no date makes a change younger than it is by
 * more than the time to the next merge.
 * @param earliest when GitHub made the repository, or what is known was its head
 */
function dated(steps: readonly Step[], earliest: string, now: string): DatedStep[] {
  const merges = steps.map((step) => step.commits[0].pullRequest?.mergedAt);
  let lower = earliest;
  return steps.map((step, index): DatedStep => {
    const merged = merges[index];
    if (merged !== undefined) {
      if (Date.parse(merged) > Date.parse(lower)) lower = merged;
      return { step, at: merged, earliest: lower };
    }
    const upper = merges.slice(index + 1).find((other) => other !== undefined) ?? now;
    return { step, at: between(step.commits[0].committedDate, lower, upper), earliest: lower, unverified: true };
  });
}

/** A claimed date within its bounds. Clocks may be a day wrong; a date beyond that is a lie, and counts for nothing. */
function between(claimed: string, lower: string, upper: string): string {
  const time = Date.parse(claimed);
  if (Number.isNaN(time) || time < Date.parse(lower) || time > Date.parse(upper) + day) return lower;
  return time > Date.parse(upper) ? upper : new Date(time).toISOString();
}
