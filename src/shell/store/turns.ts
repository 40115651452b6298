import { type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";

/*
 * Evaluations of one pull request run one after the other, unless a process is so slow that its lease runs out and another
 * one begins. Then the earlier one must not write over the later one (H041): each takes a number when it begins, before it
 * reads anything, and the highest alone may write. What it is about to write is kept beside the number until its record is
 * stored, so that the audit misses nothing of a process that was killed in between.
 */

/** The place of an evaluation among those of one key. */
export interface Turn {
  readonly repositoryId: number;
  /** `#12`, or the id of a commit. */
  readonly key: string;
  readonly number: number;
}

/** What an evaluation set out to write: lines for the audit. */
export interface Writing {
  readonly head: string;
  readonly steps: readonly string[];
}

/** Begins an evaluation. `left`: what the one before had begun to write and never recorded. */
export async function takeTurn(
  db: Kysely<Tables>,
  repositoryId: number,
  key: string,
): Promise<{ readonly turn: Turn; readonly left: Writing | undefined }> {
  return db.transaction().execute(async (transaction) => {
    const before = await transaction
      .selectFrom("turn")
      .select("writing")
      .where("repository_id", "=", repositoryId)
      .where("key", "=", key)
      .forUpdate()
      .executeTakeFirst();
    const { number } = await transaction
      .insertInto("turn")
      .values({ repository_id: repositoryId, key, number: 1, at: sql<Date>`now()`, writing: null })
      .onConflict((conflict) =>
        conflict
          .columns(["repository_id", "key"])
          .doUpdateSet({ number: sql<number>`turn.number + 1`, at: sql<Date>`now()`, writing: null }),
      )
      .returning("number")
      .executeTakeFirstOrThrow();
    return {
      turn: { repositoryId, key, number: Number(number) },
      left: (before?.writing ?? undefined) as Writing | undefined,
    };
  });
}

/** Whether nobody has taken a later turn. */
export async function isLatest(db: Kysely<Tables>, { repositoryId, key, number }: Turn): Promise<boolean> {
  const row = await db
    .selectFrom("turn")
    .select("number")
    .where("repository_id", "=", repositoryId)
    .where("key", "=", key)
    .executeTakeFirst();
  return row !== undefined && Number(row.number) === number;
}

/** Notes what is about to be written, or that its record is stored; false where a later turn was taken. */
export async function noteWriting(db: Kysely<Tables>, turn: Turn, writing: Writing | undefined): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("turn")
    .set({ writing: writing === undefined ? null : JSON.stringify(writing) })
    .where("repository_id", "=", turn.repositoryId)
    .where("key", "=", turn.key)
    .where("number", "=", turn.number)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** When the latest evaluation of a key began; undefined where none is known. */
export async function turnBegan(db: Kysely<Tables>, repositoryId: number, key: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom("turn")
    .select("at")
    .where("repository_id", "=", repositoryId)
    .where("key", "=", key)
    .executeTakeFirst();
  return row?.at;
}
