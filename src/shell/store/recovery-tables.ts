import type { Kysely } from "kysely";

/**
 * The tables of what must be looked at again: open pull requests and what their verdicts rest on, repositories with
 * their time of erasure, jobs that failed, own texts, and how far searches got.
 */
export async function addRecovery(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("repository")
    .addColumn("id", "bigint", (column) => column.primaryKey())
    .addColumn("installation", "bigint", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("joined", "timestamptz")
    .addColumn("erase_after", "timestamptz")
    .addColumn("swept", "timestamptz")
    .execute();
  await db.schema
    .createTable("open_pull_request")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("installation", "bigint", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("repository", "text", (column) => column.notNull())
    .addColumn("head", "text", (column) => column.notNull())
    .addColumn("base_branch", "text", (column) => column.notNull())
    .addColumn("teams", "jsonb", (column) => column.notNull())
    .addColumn("people", "jsonb", (column) => column.notNull())
    .addColumn("judged", "timestamptz", (column) => column.notNull())
    .addColumn("due", "timestamptz")
    .addColumn("verdict", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("open_pull_request_key", ["repository_id", "number"])
    .execute();
  await db.schema.createIndex("open_pull_request_due").on("open_pull_request").column("due").execute();
  await db.schema.createIndex("open_pull_request_owner").on("open_pull_request").column("owner").execute();
  await db.schema
    .createTable("acceptance")
    .addColumn("repository_id", "bigint", (column) => column.primaryKey())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("installation", "bigint", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("repository", "text", (column) => column.notNull())
    .addColumn("due", "timestamptz", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("own_text")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("place", "text", (column) => column.notNull())
    .addColumn("digest", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("own_text_key", ["repository_id", "number", "place"])
    .execute();
  await db.schema
    .createTable("restoration")
    .addColumn("id", "bigserial", (column) => column.primaryKey())
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("restoration_of_pull_request")
    .on("restoration")
    .columns(["repository_id", "number", "at"])
    .execute();
  await db.schema
    .createTable("answered_comment")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("place", "text", (column) => column.notNull())
    .addColumn("comment", "bigint", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("answered_comment_key", ["repository_id", "place", "comment"])
    .execute();
  await db.schema
    .createTable("dead_letter")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("wake_up", "jsonb", (column) => column.notNull())
    .addColumn("reason", "text", (column) => column.notNull())
    .addColumn("failed", "timestamptz", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("chain_start")
    .addColumn("repository_id", "bigint", (column) => column.primaryKey())
    .addColumn("digest", "text", (column) => column.notNull())
    .addColumn("deleted", "integer", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("progress")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("evaluation_as_of").on("evaluation").column("as_of").execute();
  await db.schema.createIndex("delivery_received").on("delivery").column("received").execute();
}
