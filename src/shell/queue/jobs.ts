import type { PgBoss, SendOptions } from "pg-boss";
import type { WakeUp } from "../event.ts";

/** The queue of evaluations and the one where a job rests that failed three times. */
export const evaluationQueue = "evaluate-pull-request";
export const deadLetterQueue = "evaluation-failed";

/** What a job holds: ids only. The handler reads the newest state, so a coalesced wake-up loses nothing. */
export interface EvaluationJob {
  readonly wakeUp: WakeUp;
}

/**
 * Creates the queues. `stately` keeps at most one waiting, one retrying and one running job for each pull request, so a
 * newer wake-up joins the waiting one and two evaluations of one pull request never run at once.
 */
export async function createQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue(deadLetterQueue, { retentionSeconds: 30 * 86_400 });
  const settings = {
    policy: "stately",
    notify: true,
    retryLimit: 3,
    retryDelay: 5,
    retryBackoff: true,
    expireInSeconds: 300,
    heartbeatSeconds: 20,
    deadLetter: deadLetterQueue,
  } as const;
  await boss.createQueue(evaluationQueue, settings);
  // pg-boss looks a queue up at its first use, on its own connection. The embedded database has only one, so a first use
  // inside a transaction (the intake) would wait for itself for ever. Looking for a job that cannot exist is a first use.
  await boss.findJobs(evaluationQueue, { id: "00000000-0000-0000-0000-000000000000" });
}

/** The key by which wake-ups of one pull request are joined: ids where GitHub gave them, names otherwise. */
export function keyOf({ subject }: WakeUp): string {
  return `${subject.installation ?? 0}/${subject.repositoryId ?? `${subject.owner}/${subject.repository}`}#${subject.number}`;
}

/** Puts a wake-up into the queue; false when one of the same pull request already waits there. */
export async function send(boss: PgBoss, wakeUp: WakeUp, options: SendOptions = {}): Promise<boolean> {
  const job: EvaluationJob = { wakeUp };
  return (await boss.send(evaluationQueue, job, { ...options, singletonKey: keyOf(wakeUp) })) !== null;
}
