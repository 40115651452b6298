import type { Kysely } from "kysely";
import type { WakeUp } from "../event.ts";
import type { Tables } from "../tables.ts";

/** A job that failed at every attempt. */
export interface DeadLetter {
  readonly id: string;
  readonly wakeUp: WakeUp;
  readonly reason: string;
  /** ISO instant. */
  readonly failed: string;
}

/** Keeps a failed job until somebody has it done again; one that failed again once, as it failed last. */
export async function keepDeadLetter(db: Kysely<Tables>, { id, wakeUp, reason, failed }: DeadLetter): Promise<void> {
  const values = {
    repository_id: wakeUp.subject.repositoryId ?? 0,
    wake_up: JSON.stringify(wakeUp),
    reason: reason.toWellFormed().replaceAll("\u0000", "\uFFFD").slice(0, 2000),
    failed,
  };
  await db
    .insertInto("dead_letter")
    .values({ id, ...values })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(values))
    .execute();
}

/** Jobs that failed, oldest first. */
export async function deadLetters(db: Kysely<Tables>): Promise<readonly DeadLetter[]> {
  const rows = await db.selectFrom("dead_letter").selectAll().orderBy("failed").orderBy("id").limit(1000).execute();
  return rows.map((row) => ({
    id: row.id,
    wakeUp: row.wake_up as WakeUp,
    reason: row.reason,
    failed: row.failed.toISOString(),
  }));
}

/** How many there are. */
export async function countDeadLetters(db: Kysely<Tables>): Promise<number> {
  const { count } = await db
    .selectFrom("dead_letter")
    .select((select) => select.fn.countAll<string>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** It is being done again, or nobody wants it any more. */
export async function dropDeadLetter(db: Kysely<Tables>, id: string): Promise<void> {
  await db.deleteFrom("dead_letter").where("id", "=", id).execute();
}

/** When jobs of a repository failed for good: ISO instants by the number of the pull request. */
export async function failuresIn(db: Kysely<Tables>, repositoryId: number): Promise<ReadonlyMap<number, string>> {
  const rows = await db
    .selectFrom("dead_letter")
    .select(["wake_up", "failed"])
    .where("repository_id", "=", repositoryId)
    .orderBy("failed")
    .execute();
  return new Map(rows.map(({ wake_up, failed }) => [(wake_up as WakeUp).subject.number, failed.toISOString()]));
}
