import type { Kysely } from "kysely";
import type { JobWithMetadata, PgBoss } from "pg-boss";
import type { WakeUp } from "../event.ts";
import { Gone, ShareSpent, TryAgainLater } from "../failures.ts";
import type { Tables } from "../tables.ts";
import { patientPriority } from "./demand.ts";
import { bringForward, endAndBringForward, letWait, putOff, waitsForRetry } from "./held-back.ts";
import { commentQueue, type EvaluationJob, evaluationQueue, placeOf, send } from "./jobs.ts";
import { Outage } from "./outage.ts";

/** What the worker does with jobs, and whom it tells. */
export interface Work {
  /** Evaluates one pull request, or answers one comment, from live state. Throws the three kinds of failures.ts, or a fault of ours. */
  evaluate(wakeUp: WakeUp, isLastAttempt: boolean): Promise<void>;
  /** Comes back when an evaluation may begin, as far as it must wait for something else. Left out: for nothing. */
  mayBegin?(): Promise<void>;
  /** Whether GitHub answers at all. Left out: it is taken to. */
  isReachable?(): Promise<boolean>;
  /** Seconds for which what nobody waits for is put off, to leave GitHub's limits to others. Left out: none. */
  pauseOfPatient?(wakeUp: WakeUp): number;
  /** Told of each job that ended well: how long after it was asked for, in seconds, and at which attempt. */
  done?(wakeUp: WakeUp, seconds: number, attempt: number): void;
  log(level: "info" | "warn" | "error", message: string, fields: Readonly<Record<string, unknown>>): void;
}

const attempts = 4;

/**
 * Starts `concurrency` workers for evaluations, and half as many for comments. Jobs run at least once; every write they
 * make must bear being made twice. What fails at every attempt goes to the queue of failed jobs.
 */
export async function startWorker(db: Kysely<Tables>, boss: PgBoss, work: Work, concurrency: number): Promise<void> {
  const options = {
    includeMetadata: true,
    batchSize: 1,
    pollingIntervalSeconds: 1,
    notifyPollingIntervalSeconds: 1,
    burstWhenReadyExceeds: 1,
  } as const;
  const outage = new Outage(() => work.isReachable?.() ?? Promise.resolve(true));
  for (const [queue, localConcurrency] of [
    [evaluationQueue, concurrency],
    [commentQueue, Math.ceil(concurrency / 2)],
  ] as const) {
    // One installation's jobs wait for its own pace: they must leave workers to the others. The limit is of all replicas
    // together. The one of each process (`localGroupConcurrency`) would put back what two workers took at once, which
    // fails where a newer wake-up of the same pull request waits by then: the job would rest until its lease ends.
    const groupConcurrency = Math.ceil(localConcurrency / 2);
    const run = async (jobs: readonly JobWithMetadata<EvaluationJob>[]): Promise<void> => {
      for (const job of jobs) await handleInTurn(db, boss, work, outage, job);
    };
    await boss.work(queue, { ...options, localConcurrency, groupConcurrency }, run);
  }
}

/** One job, while which nothing of the same key stands in the way of others. */
async function handleInTurn(
  db: Kysely<Tables>,
  boss: PgBoss,
  work: Work,
  outage: Outage,
  job: JobWithMetadata<EvaluationJob>,
): Promise<void> {
  const { queue, key } = placeOf(job.data.wakeUp);
  // An earlier attempt may be due meanwhile.
  await letWait(boss.getDb(), queue, [{ key }]);
  let isPutBack: boolean;
  try {
    isPutBack = await handle(boss, work, outage, job);
  } catch (error) {
    // An earlier attempt that comes again reads the same, and counts its own failures.
    if (await waitsForRetry(db, queue, key)) return endAndBringForward(db, boss, { queue, key, job });
    // The next attempt reads what is new; after the last one, nothing else would.
    if (job.retryCount + 1 >= attempts) await bringForward(db, boss, queue, key);
    throw error;
  }
  if (!isPutBack) await endAndBringForward(db, boss, { queue, key, job });
}

/** Does one job; true where it was put back for later. */
async function handle(
  boss: PgBoss,
  work: Work,
  outage: Outage,
  { data: job, retryCount: retries, priority, createdOn }: JobWithMetadata<EvaluationJob>,
): Promise<boolean> {
  const { wakeUp } = job;
  const fields = { delivery: wakeUp.id, pullRequest: wakeUp.subject.number, attempt: retries + 1 };
  if (outage.pause > 0) return postpone(boss, job, outage.pause);
  const isPatient = job.since !== undefined || priority <= patientPriority;
  const rest = isPatient ? (work.pauseOfPatient?.(wakeUp) ?? 0) : 0;
  // Where a newer one waits, somebody may wait for it, and it does the same sooner.
  if (rest > 0) return send(boss, wakeUp, { startAfter: rest, priority: patientPriority }, job);
  await work.mayBegin?.();
  try {
    await work.evaluate(wakeUp, retries + 1 >= attempts);
    outage.over();
    work.done?.(wakeUp, (Date.now() - Date.parse(job.since ?? createdOn.toISOString())) / 1000, retries + 1);
    return false;
  } catch (error) {
    if (error instanceof Gone) {
      work.log("info", "the subject is gone", { ...fields, error: error.message });
      return false;
    }
    if (error instanceof ShareSpent) {
      work.log("warn", "waiting as asked", { ...fields, seconds: error.afterSeconds, error: error.message });
      // Where a newer one waits, it may be somebody else's; where it is not, it comes to wait by itself.
      return send(boss, wakeUp, { startAfter: error.afterSeconds ?? 0 }, { ...job, waitsForShare: true });
    }
    if (error instanceof TryAgainLater && error.afterSeconds !== undefined) {
      // A stated wait is no failed attempt: the job is put back for when it is over.
      work.log("warn", "waiting as asked", { ...fields, seconds: error.afterSeconds, error: error.message });
      return putBack(boss, job, error.afterSeconds, isPatient ? { priority: patientPriority } : {});
    }
    const pause = error instanceof TryAgainLater ? await outage.afterFailure() : 0;
    if (pause > 0) {
      work.log("warn", "GitHub does not answer", { ...fields, seconds: pause, error: String(error) });
      return postpone(boss, job, pause);
    }
    work.log("error", "evaluation failed", {
      ...fields,
      error: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
}

/**
 * The job is put back without counting an attempt. Among those that were, the newest is done first, for somebody may
 * still be waiting for it; what comes in anew is done before them all.
 */
async function postpone(boss: PgBoss, { wakeUp, since }: EvaluationJob, seconds: number): Promise<boolean> {
  const first = since ?? new Date().toISOString();
  const minutes = Math.floor((Date.now() - Date.parse(first)) / 60_000);
  return putBack(boss, { wakeUp, since: first }, seconds, { priority: -1 - Math.min(100_000, minutes) });
}

/** Has the job come again after so many seconds; where a newer one of the same key waits, that one has the same wait. */
async function putBack(
  boss: PgBoss,
  { wakeUp, since }: EvaluationJob,
  seconds: number,
  priority: { readonly priority?: number },
): Promise<true> {
  if (await send(boss, wakeUp, { startAfter: seconds, ...priority }, since === undefined ? {} : { since })) return true;
  const { queue, key } = placeOf(wakeUp);
  await putOff(boss, queue, key, seconds);
  return true;
}
