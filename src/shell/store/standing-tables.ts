import type { Kysely } from "kysely";

/**
 * The tables of the dashboard: how each system stands, what waits for an architect, the measures of each week, what became
 * of each question, and what the bot did and used.
 */
export async function addStandings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("system_standing")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("system", "text", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("repository", "text", (column) => column.notNull())
    .addColumn("team", "text", (column) => column.notNull())
    .addColumn("portfolio", "text", (column) => column.notNull())
    .addColumn("risk_class", "text", (column) => column.notNull())
    .addColumn("mode", "text", (column) => column.notNull())
    .addColumn("tm1", "text", (column) => column.notNull())
    .addColumn("tm2", "text", (column) => column.notNull())
    .addColumn("tm3", "text", (column) => column.notNull())
    .addColumn("tm4", "text", (column) => column.notNull())
    .addColumn("complete", "integer", (column) => column.notNull())
    .addColumn("threats", "integer", (column) => column.notNull())
    .addColumn("open_critical", "integer", (column) => column.notNull())
    .addColumn("open_high", "integer", (column) => column.notNull())
    .addColumn("open_medium", "integer", (column) => column.notNull())
    .addColumn("open_low", "integer", (column) => column.notNull())
    .addColumn("accepted", "integer", (column) => column.notNull())
    .addColumn("acceptance_ends", "text")
    .addColumn("uncovered_since", "timestamptz")
    .addColumn("model_updated", "text")
    .addColumn("green_days", "integer", (column) => column.notNull())
    .addColumn("amber_days", "integer", (column) => column.notNull())
    .addColumn("review_days", "integer", (column) => column.notNull())
    .addColumn("merged", "timestamptz", (column) => column.notNull())
    .addColumn("pull_request", "integer", (column) => column.notNull())
    .addColumn("head", "text", (column) => column.notNull())
    .addColumn("judged", "timestamptz", (column) => column.notNull())
    .addColumn("trend", "text", (column) => column.notNull())
    .addColumn("themes", "jsonb", (column) => column.notNull())
    .addColumn("quarter_opened", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("quarter_mitigated", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("quarter_accepted", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("quarter_reopened", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("quarter_covered", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("quarter_covered_days", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("quarter_suppliers", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("quarter_suppliers_covered", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("year_covered", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("year_covered_days", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("sheet", "jsonb", (column) => column.notNull())
    .addPrimaryKeyConstraint("system_standing_key", ["repository_id", "system"])
    .execute();
  await db.schema.createIndex("system_standing_owner").on("system_standing").column("owner").execute();
  await db.schema
    .createTable("open_threat")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("system", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("title", "text", (column) => column.notNull())
    .addColumn("risk", "text", (column) => column.notNull())
    .addColumn("since", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("open_threat_key", ["repository_id", "system", "kind"])
    .execute();
  await db.schema.createIndex("open_threat_owner").on("open_threat").column("owner").execute();
  await db.schema
    .createTable("architect_wait")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("repository", "text", (column) => column.notNull())
    .addColumn("title", "text", (column) => column.notNull())
    .addColumn("conclusion", "text", (column) => column.notNull())
    .addColumn("since", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("architect_wait_key", ["repository_id", "number"])
    .execute();
  await db.schema.createIndex("architect_wait_owner").on("architect_wait").column("owner").execute();
  await db.schema
    .createTable("system_week")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("system", "text", (column) => column.notNull())
    .addColumn("week", "text", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("tm1", "text", (column) => column.notNull())
    .addColumn("tm2", "text", (column) => column.notNull())
    .addColumn("tm3", "text", (column) => column.notNull())
    .addColumn("tm4", "text", (column) => column.notNull())
    .addColumn("open_threats", "integer", (column) => column.notNull())
    .addColumn("opened", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("mitigated", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("accepted", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("reopened", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("covered", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("covered_days", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("suppliers", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("suppliers_covered", "integer", (column) => column.notNull().defaultTo(0))
    .addPrimaryKeyConstraint("system_week_key", ["repository_id", "system", "week"])
    .execute();
  await db.schema.createIndex("system_week_owner").on("system_week").columns(["owner", "week"]).execute();
  await db.schema
    .createTable("question")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("fingerprint", "text", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("rule", "text", (column) => column.notNull())
    .addColumn("asked", "timestamptz", (column) => column.notNull())
    .addColumn("outcome", "text", (column) => column.notNull())
    .addColumn("changed", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("question_key", ["repository_id", "number", "fingerprint"])
    .execute();
  await db.schema.createIndex("question_owner").on("question").columns(["owner", "asked"]).execute();
  await db.schema
    .createTable("week_of_work")
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("repository", "text", (column) => column.notNull())
    .addColumn("week", "text", (column) => column.notNull())
    .addColumn("calls", "bigint", (column) => column.notNull().defaultTo(0))
    .addColumn("evaluations", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("writes", "integer", (column) => column.notNull().defaultTo(0))
    .addPrimaryKeyConstraint("week_of_work_key", ["owner", "repository", "week"])
    .execute();
}
