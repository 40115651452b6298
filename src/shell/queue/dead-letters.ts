import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { fromKysely, type JobWithMetadata, type PgBoss } from "pg-boss";
import type { WakeUp } from "../event.ts";
import type { Tables } from "../tables.ts";
import { deadLetterQueue, type EvaluationJob, placeOf, send } from "./jobs.ts";
import type { Work } from "./worker.ts";

/** A job that failed at every attempt, or whose process ended each time. */
export interface FailedJob {
  /** The same for all that ask for the same: what fails again and again is one. */
  readonly id: string;
  readonly wakeUp: WakeUp;
  readonly reason: string;
  /** When its last attempt had failed. */
  readonly at: Date;
}

/** What is done about failed jobs. */
export interface SettingAside {
  /** Keeps it and says on GitHub that nothing came of it. Tried again when it throws; done twice it is as done once. */
  setAside(failed: FailedJob): Promise<void>;
  readonly log: Work["log"];
}

/**
 * Starts the worker that sets failed jobs aside. It is told of them by the queue and not by whoever ran them last: a job
 * that kills its process is counted when it is taken, and ends here all the same (H086).
 */
export async function startDeadLetterWorker(boss: PgBoss, work: SettingAside): Promise<void> {
  const options = { includeMetadata: true, batchSize: 1, localConcurrency: 1, pollingIntervalSeconds: 2 } as const;
  await boss.work(deadLetterQueue, options, async (jobs: readonly JobWithMetadata<EvaluationJob>[]) => {
    for (const job of jobs) {
      const failed = {
        id: placeOf(job.data.wakeUp).key,
        wakeUp: job.data.wakeUp,
        reason: reasonOf(job),
        at: job.createdOn,
      };
      const { owner, repository, number } = failed.wakeUp.subject;
      work.log("error", "set aside after its last attempt", {
        delivery: failed.wakeUp.id,
        repository: `${owner}/${repository}`,
        pullRequest: number,
        error: failed.reason,
      });
      await work.setAside(failed);
    }
  });
}

/** pg-boss keeps the error of the last attempt; where the process was gone there is only its own word for that. */
function reasonOf({ sourceOutput }: JobWithMetadata<EvaluationJob>): string {
  const output: unknown = sourceOutput;
  for (const part of [output, fieldOf(output, "value")]) {
    const message = fieldOf(part, "message");
    if (typeof message === "string" && message !== "") return message;
  }
  return "it ended without a word";
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

/** Puts jobs that were set aside back into their queues and takes them off the list, each in one transaction. */
export async function redrive(
  db: Kysely<Tables>,
  boss: PgBoss,
  failed: readonly Omit<FailedJob, "at">[],
): Promise<void> {
  for (const { id, wakeUp } of failed) {
    await db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom("dead_letter").where("id", "=", id).execute();
      await send(boss, wakeUp, { db: fromKysely(transaction) });
    });
  }
}

/** A name of our own for work that no delivery asked for. */
export function ownId(why: string): string {
  return `${why}-${randomUUID()}`;
}
