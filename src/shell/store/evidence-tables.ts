import type { Kysely } from "kysely";

/**
 * What alerts, incidents and issues that people move leave to be looked at: which open pull requests they concern, which
 * issues we opened, and which of another tracker people closed.
 */
export async function addEvidence(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("open_pull_request").addColumn("incident_label", "text").execute();
  await db.schema.alterTable("open_pull_request").addColumn("evidence_changed", "timestamptz").execute();
  await db.schema
    .createIndex("open_pull_request_evidence")
    .on("open_pull_request")
    .column("evidence_changed")
    .execute();
  await db.schema
    .createTable("opened_issue")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("threat", "text", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("opened_issue_key", ["repository_id", "threat", "number"])
    .execute();
  await db.schema
    .createTable("other_tracker")
    .addColumn("repository_id", "bigint", (column) => column.primaryKey())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("installation", "bigint", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("repository", "text", (column) => column.notNull())
    .addColumn("place", "jsonb", (column) => column.notNull())
    .addColumn("closings", "jsonb", (column) => column.notNull())
    .addColumn("looked", "timestamptz")
    .execute();
}
