import { hasSameModels, withIssuesOf } from "../core/as-it-stands.ts";
import type { Assessment } from "../core/domain/assessment.ts";
import type { Desired } from "../core/domain/desired.ts";
import type { Judgement } from "../core/domain/judgement.ts";
import type { Plan, StepResult } from "../core/domain/plan.ts";
import type { Snapshot } from "../core/domain/snapshot.ts";
import type { Standing } from "../core/domain/standing.ts";
import type { Timeline } from "../core/domain/timeline.ts";
import { couldNotEvaluate, needs, unevaluatedCheck } from "../core/judge.ts";
import { externalIdOf, reconcile } from "../core/reconcile.ts";
import { standingOf } from "../core/standing.ts";
import { type Rival, strictest } from "../core/strictest.ts";
import type { Subject } from "./event.ts";
import { Gone, TryAgainLater } from "./failures.ts";
import { look, lookAtDefault, settle } from "./look.ts";
import { withPolicyTrial } from "./policy-trial.ts";
import { alwaysMayWrite, type World } from "./ports.ts";

export { look } from "./look.ts";

/** Everything one run came to. */
export interface Outcome {
  readonly snapshot: Snapshot;
  readonly assessment: Assessment;
  readonly timeline: Timeline;
  readonly desired: Desired;
  readonly plan: Plan;
  readonly results: readonly StepResult[];
}

/**
 * The whole bot: read, judge, compare with what GitHub shows, do the difference, remember. The App, the Action and the
 * command line run these lines and no others. Throws only the three kinds of failures.ts.
 * @param isLastAttempt false where whoever runs this will run it again when it throws.
 */
export async function run(subject: Subject, world: World, isLastAttempt = true): Promise<Outcome> {
  let head: string | undefined;
  const slow = setTimeout(() => {
    if (head !== undefined) void world.posts.begin(subject, head, undefined);
  }, world.showProgressAfter);
  try {
    return await evaluate(subject, world, isLastAttempt, (listed) => {
      head = listed;
    });
  } finally {
    clearTimeout(slow);
  }
}

async function evaluate(
  subject: Subject,
  world: World,
  isLastAttempt: boolean,
  listed: (head: string) => void,
): Promise<Outcome> {
  const snapshot = await look(subject, world, listed);
  if (snapshot.pullRequest?.state !== "merged") return finish(subject, snapshot, world, isLastAttempt);
  // Two merges of one repository may find the same threat open; whoever comes second must see the first one's issue.
  const { owner, name } = snapshot.repository;
  return world.alone(`${owner}/${name}`, async () => finish(subject, await look(subject, world), world, isLastAttempt));
}

async function finish(subject: Subject, snapshot: Snapshot, world: World, isLastAttempt: boolean): Promise<Outcome> {
  const tooMany = tooManyTogether(snapshot);
  const judged = tooMany
    ? couldNotEvaluate(snapshot, world.rules, world.context, tooMany)
    : await judgeOrSaySo(await withPolicyTrial(subject, snapshot, world), world, isLastAttempt);
  const branch = await afterMerge(subject, snapshot, world, isLastAttempt);
  const { assessment, timeline, desired, merged } = strictest(
    branch ? withIssuesOf(branch.judgement, judged) : judged,
    snapshot,
    tooMany ? [] : await rivals(subject, snapshot, world, isLastAttempt),
  );
  const observed = await world.posts.observed(subject, snapshot, desired.issuesIn);
  const { id } = snapshot.repository;
  const lastRecord = id === undefined ? undefined : await world.store.last?.(id);
  const plan = reconcile(desired, observed, snapshot.head, lastRecord);
  const results = await world.posts.apply(subject, plan, alwaysMayWrite);
  const { teams, users } = desired.reviewers;
  const architectsWanted = teams.length + users.length > 0;
  const own = standingOf({ snapshot, assessment, merged, threads: observed.threads, architectsWanted });
  const standing = branch ? withSystemsOf(branch, own) : own;
  const wasJudged = observed.checkRuns.some(({ name, conclusion }) => name === "threat-model" && conclusion !== null);
  await world.store.record({ subject, assessment, plan, results, standing, wasJudged });
  return { snapshot, assessment, timeline, desired, plan, results };
}

/** The default branch as it stands, and what it was judged to be. */
interface Branch {
  readonly snapshot: Snapshot;
  readonly judgement: Judgement;
}

/**
 * Judges the default branch after a merge to it where its models are not those of the pull request's head: it left before
 * they changed, or is heard of late. As a rule they are the same, which one request shows.
 */
async function afterMerge(
  subject: Subject,
  merged: Snapshot,
  world: World,
  isLast: boolean,
): Promise<Branch | undefined> {
  const { pullRequest, repository } = merged;
  if (pullRequest?.state !== "merged" || pullRequest.baseBranch !== repository.defaultBranch) return undefined;
  const seen = await lookAtDefault(subject, merged, world);
  if (!seen || hasSameModels(seen.branch, merged)) return undefined;
  const snapshot = await settle(subject, seen.branch, seen.asked, world);
  return { snapshot, judgement: await judgeOrSaySo(snapshot, world, isLast) };
}

/** How the systems stand is the default branch's own; what the merge brought stays the pull request's. */
function withSystemsOf({ judgement: { merged: there } }: Branch, own: Standing | undefined): Standing | undefined {
  if (!own?.merged || !there) return own;
  return { ...own, merged: { ...own.merged, systems: there.systems } };
}

/** Most other pull requests of one commit that are judged together with it. */
const mostSiblings = 10;

/**
 * What is said where a commit is the head of more pull requests than are judged together: the strictest of them might be
 * one that nobody looked at, and whoever opens enough others could hide it (H018).
 */
function tooManyTogether({ pullRequest }: Snapshot): { readonly says: string; readonly next: string } | undefined {
  if (pullRequest?.state !== "open") return undefined;
  const { siblings, siblingsComplete = true } = pullRequest;
  if (siblings.length <= mostSiblings && siblingsComplete) return undefined;
  return {
    says: `This commit is or was the head of more pull requests than are judged together (${mostSiblings + 1}).`,
    next: "Close those that are not needed, or push another commit to the branch of this one.",
  };
}

/**
 * What else decides about the head commit, because a check belongs to the commit and not to a pull request: the other
 * open pull requests it is the head of (H018), and its difference to the default branch where none of them goes there
 * (H017). As a rule there is none, and nothing more is read.
 */
async function rivals(subject: Subject, snapshot: Snapshot, world: World, isLast: boolean): Promise<readonly Rival[]> {
  const { pullRequest, repository } = snapshot;
  if (subject.kind !== "pull-request" || pullRequest?.state !== "open") return [];
  const found: Rival[] = [];
  for (const { number } of pullRequest.siblings) {
    const { updatedAt: _, ...place } = subject;
    const other = await lookIfThere({ ...place, number }, world);
    if (other?.head !== snapshot.head || other.pullRequest?.state !== "open") continue;
    const { baseBranch } = other.pullRequest;
    found.push({ of: { number, baseBranch }, judgement: await judgeOrSaySo(other, world, isLast) });
  }
  const bases = [pullRequest.baseBranch, ...found.map(({ of }) => of.baseBranch)];
  if (bases.includes(repository.defaultBranch)) return found;
  const towards = await world.source.towardsDefault(subject, snapshot);
  if (!towards) return found;
  const whole = await settle(subject, await firstNeeds(subject, towards, world), new Set(), world);
  const judgement = await judgeOrSaySo(whole, world, isLast);
  return [...found, { of: { baseBranch: repository.defaultBranch }, judgement }];
}

async function lookIfThere(subject: Subject, world: World): Promise<Snapshot | undefined> {
  try {
    return await look(subject, world);
  } catch (error) {
    if (error instanceof Gone) return undefined;
    throw error;
  }
}

async function firstNeeds(subject: Subject, snapshot: Snapshot, world: World): Promise<Snapshot> {
  return world.source.complete(subject, snapshot, needs(snapshot.files, world.memory.recall(subject)));
}

/**
 * The last word when every attempt failed: a check that says so on the head commit, where GitHub still tells which that
 * is. Whether anything blocks is decided cautiously, because the policy could not be read.
 */
export async function runFailed(subject: Subject, world: World, error: unknown): Promise<void> {
  const { head } = await world.source.listing(subject);
  if (head === undefined) return;
  const why = error instanceof Error ? error.message : String(error);
  const checkRun = unevaluatedCheck(why, world.context);
  const externalId = externalIdOf(checkRun, head);
  await world.posts.apply(subject, { head, steps: [{ do: "create-check-run", checkRun, externalId }] }, alwaysMayWrite);
}

/**
 * A fault of ours must not read as silence: it becomes an assessment that says that nothing was evaluated. A busy machine
 * may have been the fault, so that the verdict waits for the last attempt where there will be another.
 */
async function judgeOrSaySo(snapshot: Snapshot, world: World, isLastAttempt: boolean): Promise<Judgement> {
  try {
    return await world.judging.judge(snapshot, world.context);
  } catch (error) {
    if (error instanceof TryAgainLater && !isLastAttempt) throw error;
    const why = error instanceof Error ? error.message : String(error);
    return couldNotEvaluate(snapshot, world.rules, world.context, why);
  }
}
