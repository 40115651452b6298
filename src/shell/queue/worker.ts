import type { JobWithMetadata, PgBoss } from "pg-boss";
import type { WakeUp } from "../event.ts";
import { Gone, TryAgainLater } from "../failures.ts";
import { commentQueue, type EvaluationJob, evaluationQueue, patientPriority, send } from "./jobs.ts";
import { Outage } from "./outage.ts";

/** What the worker does with jobs, and whom it tells. */
export interface Work {
  /** Evaluates one pull request, or answers one comment, from live state. Throws the three kinds of failures.ts, or a fault of ours. */
  evaluate(wakeUp: WakeUp, isLastAttempt: boolean): Promise<void>;
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
export async function startWorker(boss: PgBoss, work: Work, concurrency: number): Promise<void> {
  const options = {
    includeMetadata: true,
    batchSize: 1,
    pollingIntervalSeconds: 2,
    notifyPollingIntervalSeconds: 2,
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
      for (const job of jobs) await handle(boss, work, outage, job);
    };
    await boss.work(queue, { ...options, localConcurrency, groupConcurrency }, run);
  }
}

async function handle(
  boss: PgBoss,
  work: Work,
  outage: Outage,
  { data: job, retryCount: retries, priority, createdOn }: JobWithMetadata<EvaluationJob>,
): Promise<void> {
  const { wakeUp } = job;
  const fields = { delivery: wakeUp.id, pullRequest: wakeUp.subject.number, attempt: retries + 1 };
  if (outage.pause > 0) return postpone(boss, job, outage.pause);
  const isPatient = job.since !== undefined || priority <= patientPriority;
  const rest = isPatient ? (work.pauseOfPatient?.(wakeUp) ?? 0) : 0;
  if (rest > 0) {
    await send(boss, wakeUp, { startAfter: rest, priority: patientPriority }, job.since);
    return;
  }
  try {
    await work.evaluate(wakeUp, retries + 1 >= attempts);
    outage.over();
    work.done?.(wakeUp, (Date.now() - Date.parse(job.since ?? createdOn.toISOString())) / 1000, retries + 1);
  } catch (error) {
    if (error instanceof Gone) {
      work.log("info", "the subject is gone", { ...fields, error: error.message });
      return;
    }
    if (error instanceof TryAgainLater && error.afterSeconds !== undefined) {
      // A stated wait is no failed attempt: the job is put back for when it is over.
      work.log("warn", "waiting as asked", { ...fields, seconds: error.afterSeconds, error: error.message });
      const priority = isPatient ? { priority: patientPriority } : {};
      await send(boss, wakeUp, { startAfter: error.afterSeconds, ...priority }, job.since);
      return;
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
async function postpone(boss: PgBoss, { wakeUp, since }: EvaluationJob, seconds: number): Promise<void> {
  const first = since ?? new Date().toISOString();
  const minutes = Math.floor((Date.now() - Date.parse(first)) / 60_000);
  await send(boss, wakeUp, { startAfter: seconds, priority: -1 - Math.min(100_000, minutes) }, first);
}
