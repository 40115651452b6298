import type { Kysely } from "kysely";

/** Reactions to questions, requirements of systems, and when the last merge of a repository was judged again. */
export async function addMeasures(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("question")
    .addColumn("liked", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("disliked", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable("system_standing")
    .addColumn("requirements", "jsonb", (column) => column.notNull().defaultTo("{}"))
    .dropColumn("themes")
    .execute();
  await db.schema.alterTable("repository").addColumn("rebuilt", "timestamptz").execute();
}
