import type { PgBoss } from "pg-boss";
import type { WakeUp } from "../event.ts";
import { Gone, TryAgainLater } from "../failures.ts";
import { type EvaluationJob, keyOf } from "./jobs.ts";
import type { Work } from "./worker.ts";

/** The queue of histories that are too long to be read while somebody waits. */
export const historyQueue = "read-history";

/**
 * The rest between two parts of one history. A part costs some 100 requests, so that at most 1,200 of an installation's
 * 5,000 an hour are spent on it.
 */
export const restSeconds = 300;

/** What reads a part of a history. `more`: another part is left. Throws the three kinds of failures.ts. */
export interface HistoryWork {
  readHistory(wakeUp: WakeUp): Promise<"more" | "done">;
  readonly log: Work["log"];
}

/** Creates the queue: one waiting and one running job for each pull request that waits for a history. */
export async function createHistoryQueue(boss: PgBoss): Promise<void> {
  await boss.createQueue(historyQueue, {
    policy: "stately",
    notify: true,
    retryLimit: 3,
    retryDelay: 30,
    retryBackoff: true,
    expireInSeconds: 600,
    heartbeatSeconds: 20,
  });
}

/** Asks for a history to be read on, for a pull request whose verdict waits for it; it is judged again when it was read. */
export async function sendHistory(boss: PgBoss, wakeUp: WakeUp, startAfter = 0): Promise<void> {
  const job: EvaluationJob = { wakeUp };
  await boss.send(historyQueue, job, { singletonKey: keyOf(wakeUp), startAfter });
}

/** Starts one worker: histories are read one after the other, beside evaluations, which have workers of their own. */
export async function startHistoryWorker(boss: PgBoss, work: HistoryWork): Promise<void> {
  const options = {
    batchSize: 1,
    localConcurrency: 1,
    pollingIntervalSeconds: 2,
    notifyPollingIntervalSeconds: 2,
    burstWhenReadyExceeds: 1,
  } as const;
  await boss.work<EvaluationJob>(historyQueue, options, async (jobs) => {
    for (const { data } of jobs) await handle(boss, work, data.wakeUp);
  });
}

async function handle(boss: PgBoss, work: HistoryWork, wakeUp: WakeUp): Promise<void> {
  const { owner, repository } = wakeUp.subject;
  try {
    if ((await work.readHistory(wakeUp)) === "more") await sendHistory(boss, wakeUp, restSeconds);
  } catch (error) {
    if (error instanceof Gone) return;
    const said = {
      repository: `${owner}/${repository}`,
      error: error instanceof Error ? error.message : String(error),
    };
    work.log("warn", "the history could not be read on", said);
    if (!(error instanceof TryAgainLater) || error.afterSeconds === undefined) throw error;
    // What was read is stored; the rest is read when GitHub asked us to come again.
    await sendHistory(boss, wakeUp, error.afterSeconds);
  }
}
