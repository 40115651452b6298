import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { addDefaultBranches } from "./default-branches.ts";
import { addAsking } from "./due.ts";
import { addTurns } from "./durable-tables.ts";
import { addEvidence } from "./evidence-tables.ts";
import { addMeasures } from "./measure-tables.ts";
import { addNamedAccounts } from "./named-accounts.ts";
import { addOnboarding } from "./onboarding.ts";
import { addPushes } from "./pushes.ts";
import { addRecovery } from "./recovery-tables.ts";
import { addReleases } from "./releases.ts";
import { addOwnerRenamings } from "./renamed-owner.ts";
import { addStandings } from "./standing-tables.ts";
import { tellEntriesApart } from "./timeline.ts";
import { addTrials } from "./trials.ts";

/** Every change of the tables, in order, forward only. A migration that has shipped is never edited. */
const migrations: Record<string, Migration> = {
  "0001-first": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("delivery")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("event", "text", (column) => column.notNull())
        .addColumn("received", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
      await db.schema
        .createTable("evaluation")
        .addColumn("id", "bigserial", (column) => column.primaryKey())
        .addColumn("repository_id", "bigint", (column) => column.notNull())
        .addColumn("repository", "text", (column) => column.notNull())
        .addColumn("pull_request", "integer")
        .addColumn("head", "text", (column) => column.notNull())
        .addColumn("as_of", "timestamptz", (column) => column.notNull())
        .addColumn("conclusion", "text", (column) => column.notNull())
        .addColumn("assessment", "jsonb", (column) => column.notNull())
        .addColumn("plan", "jsonb", (column) => column.notNull())
        .addColumn("results", "jsonb", (column) => column.notNull())
        .addColumn("digest", "text", (column) => column.notNull())
        .addColumn("previous", "text", (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex("evaluation_of_pull_request")
        .on("evaluation")
        .columns(["repository_id", "pull_request", "id"])
        .execute();
      await db.schema
        .createTable("audit")
        .addColumn("id", "bigserial", (column) => column.primaryKey())
        .addColumn("at", "timestamptz", (column) => column.notNull())
        .addColumn("repository_id", "bigint", (column) => column.notNull())
        .addColumn("repository", "text", (column) => column.notNull())
        .addColumn("pull_request", "integer")
        .addColumn("head", "text", (column) => column.notNull())
        .addColumn("step", "text", (column) => column.notNull())
        .addColumn("outcome", "text", (column) => column.notNull())
        .addColumn("detail", "text", (column) => column.notNull())
        .execute();
      await db.schema
        .createTable("timeline")
        .addColumn("repository_id", "bigint", (column) => column.notNull())
        .addColumn("kind", "text", (column) => column.notNull())
        .addColumn("reference", "text", (column) => column.notNull())
        .addColumn("what", "text", (column) => column.notNull())
        .addColumn("at", "timestamptz", (column) => column.notNull())
        .addColumn("entry", "jsonb", (column) => column.notNull())
        .addPrimaryKeyConstraint("timeline_key", ["repository_id", "kind", "reference", "what"])
        .execute();
    },
  },
  "0002-history": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("history")
        .addColumn("repository_id", "bigint", (column) => column.primaryKey())
        .addColumn("commit", "text", (column) => column.notNull())
        .addColumn("at", "timestamptz", (column) => column.notNull())
        .execute();
    },
  },
  "0003-organisation-policy": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("organisation_policy")
        .addColumn("owner", "text", (column) => column.primaryKey())
        .addColumn("seen", "timestamptz", (column) => column.notNull())
        .execute();
    },
  },
  "0004-recovery": { up: addRecovery },
  "0005-standings": { up: addStandings },
  "0006-turns": { up: addTurns },
  "0007-evidence": { up: addEvidence },
  "0008-onboarding": { up: addOnboarding },
  "0009-owner-renamings": { up: addOwnerRenamings },
  "0010-asking": { up: addAsking },
  "0011-trials": { up: addTrials },
  "0012-entries-apart": { up: tellEntriesApart },
  "0013-default-branches": { up: addDefaultBranches },
  "0014-measures": { up: addMeasures },
  "0015-found-by-pull-request": {
    async up(db: Kysely<unknown>): Promise<void> {
      const columns = ["repository", "pull_request", "id"];
      await db.schema.createIndex("audit_of_pull_request").on("audit").columns(columns).execute();
      await db.schema.createIndex("evaluation_by_name").on("evaluation").columns(columns).execute();
    },
  },
  "0016-pushes": { up: addPushes },
  "0017-named-accounts": { up: addNamedAccounts },
  "0018-releases": { up: addReleases },
};

/**
 * Brings the tables up to date; several processes may call it at once (Kysely takes a lock). Throws when one fails, and
 * where the database was used by a later version than this: there is no way back.
 * @param upTo the last migration to make; left out: all.
 */
export async function migrate(db: Kysely<unknown>, upTo?: keyof typeof migrations): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo));
  if (error) throw error;
}
