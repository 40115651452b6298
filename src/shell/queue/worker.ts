import type { PgBoss } from "pg-boss";
import type { WakeUp } from "../event.ts";
import { Gone, TryAgainLater } from "../failures.ts";
import { commentQueue, type EvaluationJob, evaluationQueue, send } from "./jobs.ts";

/** What the worker does with jobs, and whom it tells. */
export interface Work {
  /** Evaluates one pull request, or answers one comment, from live state. Throws the three kinds of failures.ts, or a fault of ours. */
  evaluate(wakeUp: WakeUp, isLastAttempt: boolean): Promise<void>;
  /** Says on GitHub that the pull request could not be evaluated, or the comment not answered, after the last attempt. Must not throw. */
  giveUp(wakeUp: WakeUp, error: unknown): Promise<void>;
  log(level: "info" | "warn" | "error", message: string, fields: Readonly<Record<string, unknown>>): void;
}

const attempts = 4;

/** Starts `concurrency` workers for evaluations, and half as many for comments. Jobs run at least once; every write they make must bear being made twice. */
export async function startWorker(boss: PgBoss, work: Work, concurrency: number): Promise<void> {
  const options = {
    includeMetadata: true,
    batchSize: 1,
    pollingIntervalSeconds: 2,
    notifyPollingIntervalSeconds: 2,
    burstWhenReadyExceeds: 1,
  } as const;
  for (const [queue, localConcurrency] of [
    [evaluationQueue, concurrency],
    [commentQueue, Math.ceil(concurrency / 2)],
  ] as const) {
    await boss.work<EvaluationJob>(queue, { ...options, localConcurrency }, async (jobs) => {
      for (const job of jobs) await handle(boss, work, job.data.wakeUp, job.retryCount);
    });
  }
}

async function handle(boss: PgBoss, work: Work, wakeUp: WakeUp, retries: number): Promise<void> {
  const fields = { delivery: wakeUp.id, pullRequest: wakeUp.subject.number, attempt: retries + 1 };
  try {
    await work.evaluate(wakeUp, retries + 1 >= attempts);
  } catch (error) {
    if (error instanceof Gone) {
      work.log("info", "the subject is gone", { ...fields, error: error.message });
      return;
    }
    if (error instanceof TryAgainLater && error.afterSeconds !== undefined) {
      // A stated wait is no failed attempt: the job is put back for when GitHub asked us to come again.
      work.log("warn", "waiting as GitHub asked", { ...fields, seconds: error.afterSeconds });
      await send(boss, wakeUp, { startAfter: error.afterSeconds });
      return;
    }
    work.log("error", "evaluation failed", {
      ...fields,
      error: error instanceof Error ? error.message : String(error),
    });
    if (retries + 1 >= attempts) await work.giveUp(wakeUp, error);
    throw error;
  }
}
