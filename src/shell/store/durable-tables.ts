import type { Kysely } from "kysely";

/**
 * The tables of the order of evaluations, with what one of them is writing at the moment, and of how many evaluations each
 * person caused within the hour.
 */
export async function addTurns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("turn")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("number", "bigint", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addColumn("writing", "jsonb")
    .addPrimaryKeyConstraint("turn_key", ["repository_id", "key"])
    .execute();
  await db.schema
    .createTable("author_evaluation")
    .addColumn("id", "bigserial", (column) => column.primaryKey())
    .addColumn("installation", "bigint", (column) => column.notNull())
    .addColumn("author", "bigint", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("author_evaluation_of_author")
    .on("author_evaluation")
    .columns(["installation", "author", "at"])
    .execute();
}
