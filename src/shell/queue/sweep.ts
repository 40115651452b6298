import type { PgBoss } from "pg-boss";
import type { Work } from "./worker.ts";

/** The queue of the sweep: one job at a time, whatever the number of replicas. */
export const sweepQueue = "sweep";

/** Looks for what nobody told us: what time has changed, and what was missed. */
export interface SweepWork {
  sweep(): Promise<void>;
  readonly log: Work["log"];
}

/** Creates the queue. A sweep that failed is not repeated: the next one comes. */
export async function createSweepQueue(boss: PgBoss): Promise<void> {
  await boss.createQueue(sweepQueue, {
    policy: "stately",
    notify: true,
    retryLimit: 0,
    expireInSeconds: 3600,
    heartbeatSeconds: 30,
  });
}

/**
 * Seconds after a start before the first sweep. A process that was killed may have left a request on its way, which GitHub
 * carries out within the client's own limit of twenty seconds: looked at before that, it would be made again.
 */
const firstAfter = 30;

/**
 * Starts sweeping: once soon, then every `seconds`. Every replica asks; the queue keeps one waiting and one running.
 * @returns stops asking.
 */
export async function startSweeping(boss: PgBoss, work: SweepWork, seconds: number): Promise<() => void> {
  const options = {
    batchSize: 1,
    localConcurrency: 1,
    pollingIntervalSeconds: 2,
    // Left out it is thirty: a sweep that was asked for while another ran would wait that long.
    notifyPollingIntervalSeconds: 2,
  } as const;
  await boss.work(sweepQueue, options, async (jobs) => {
    for (const _ of jobs) await work.sweep();
  });
  const ask = async (when: { singletonSeconds: number } | { startAfter: number }): Promise<void> => {
    await boss.send(sweepQueue, {}, { singletonKey: "sweep", ...when });
  };
  await ask({ startAfter: Math.min(firstAfter, seconds) });
  const timer = setInterval(() => {
    ask({ singletonSeconds: seconds }).catch((error: unknown) =>
      work.log("warn", "could not ask for a sweep", { error: error instanceof Error ? error.message : String(error) }),
    );
  }, seconds * 1000);
  timer.unref();
  return () => clearInterval(timer);
}
