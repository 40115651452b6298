import type { Assessment } from "../core/domain/assessment.ts";
import type { Desired } from "../core/domain/desired.ts";
import type { Judgement } from "../core/domain/judgement.ts";
import type { Plan, StepResult } from "../core/domain/plan.ts";
import type { Snapshot, Timeline } from "../core/domain/snapshot.ts";
import { couldNotEvaluate, needs, unevaluatedCheck } from "../core/judge.ts";
import { externalIdOf, reconcile } from "../core/reconcile.ts";
import type { Subject } from "./event.ts";
import { TryAgainLater } from "./failures.ts";
import type { World } from "./ports.ts";

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
 * How often a snapshot may show that something more must be read: models and teams that the policy names, then the
 * history, then the history further back, each time four times as far, then what it changed as a whole.
 */
const looks = 7;

/**
 * The whole bot: read, judge, compare with what GitHub shows, do the difference, remember. The App, the Action and the
 * command line run these lines and no others. Throws only the three kinds of failures.ts.
 * @param isLastAttempt false where whoever runs this will run it again when it throws.
 */
export async function run(subject: Subject, world: World, isLastAttempt = true): Promise<Outcome> {
  const snapshot = await look(subject, world);
  if (snapshot.pullRequest?.state !== "merged") return finish(subject, snapshot, world, isLastAttempt);
  // Two merges of one repository may find the same threat open; whoever comes second must see the first one's issue.
  const { owner, name } = snapshot.repository;
  return world.alone(`${owner}/${name}`, async () => finish(subject, await look(subject, world), world, isLastAttempt));
}

async function finish(subject: Subject, snapshot: Snapshot, world: World, isLastAttempt: boolean): Promise<Outcome> {
  const { assessment, timeline, desired } = await judgeOrSaySo(snapshot, world, isLastAttempt);
  const plan = reconcile(desired, await world.posts.observed(subject, snapshot), snapshot.head);
  const results = await world.posts.apply(subject, plan);
  await world.store.record({ subject, assessment, plan, results });
  return { snapshot, assessment, timeline, desired, plan, results };
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
  await world.posts.apply(subject, { head, steps: [{ do: "create-check-run", checkRun, externalId }] });
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

/** Reads until nothing is missing: what the policy names can only be asked for once the policy is known. */
export async function look(subject: Subject, world: World): Promise<Snapshot> {
  const listing = await world.source.listing(subject);
  const first = needs(listing.files, world.memory.recall(subject));
  const asked = new Set([...first.look, ...first.teams]);
  let snapshot = await world.source.snapshot(subject, listing, first);
  for (let count = 0; count < looks; count++) {
    const more = await world.judging.stillNeeded(snapshot, asked);
    if (more === undefined) return snapshot;
    for (const name of [...more.look, ...more.teams]) asked.add(name);
    world.memory.keep(subject, more);
    snapshot = await world.source.complete(subject, snapshot, more);
  }
  if ((await world.judging.stillNeeded(snapshot, asked)) === undefined) return snapshot;
  throw new TryAgainLater("The repository changed while it was being read.");
}
