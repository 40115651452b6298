import { type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";

/*
 * An owner may take another login while an evaluation of one of its repositories is on its way: what that evaluation read
 * is stored under the login that was true when it began. So each renaming is remembered, and whoever began before it
 * follows it at the end.
 */

/** Migration: the renamings of owners, for as long as an evaluation may last. */
export async function addOwnerRenamings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("owner_renaming")
    .addColumn("id", "bigserial", (column) => column.primaryKey())
    .addColumn("installation", "bigint", (column) => column.notNull())
    .addColumn("former", "text", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .execute();
}

/** One renaming: logins in any case, and the installation, because anybody may take the former login. */
export interface OwnerRenaming {
  readonly installation: number;
  readonly former: string;
  readonly owner: string;
}

/** What says of one repository whose it is. The work of weeks is kept by names alone. */
export const ownedTables = [
  "open_pull_request",
  "acceptance",
  "other_tracker",
  "system_standing",
  "open_threat",
  "architect_wait",
  "system_week",
  "question",
  "trial",
  "release",
] as const;

/**
 * An owner goes by another login since `at` (milliseconds): everything known of its repositories is found under it from now
 * on. Only what belongs to this installation is moved. Done twice it is as done once.
 */
export async function renameOwner(db: Kysely<Tables>, renaming: OwnerRenaming, at: number): Promise<void> {
  const { installation } = renaming;
  const [former, owner] = [renaming.former.toLowerCase(), renaming.owner.toLowerCase()];
  await db
    .insertInto("owner_renaming")
    .values({ installation, former, owner, at: new Date(at).toISOString() })
    .execute();
  await moveRecords(db, { installation, former, owner });
}

/** Replicas may differ so much, in milliseconds. A renaming from before the evaluation began names a login it never saw. */
const clockSkew = 60_000;

/**
 * Moves what an evaluation has stored that began at `began` (milliseconds) and knew the owner as `former`, where the owner
 * was renamed since. Nothing is read but one table that is empty as a rule.
 */
export async function followRenamings(
  db: Kysely<Tables>,
  { installation, former, began }: { readonly installation: number; readonly former: string; readonly began: number },
): Promise<void> {
  const renamings = await db
    .selectFrom("owner_renaming")
    .select(["former", "owner"])
    .where("installation", "=", installation)
    .where("at", ">=", new Date(began - clockSkew))
    .orderBy("id")
    .execute();
  const known = former.toLowerCase();
  const owner = renamings.reduce((login, one) => (one.former === login ? one.owner : login), known);
  if (owner !== known) await moveRecords(db, { installation, former: known, owner });
}

async function moveRecords(
  db: Kysely<Tables>,
  { installation, former: from, owner: to }: OwnerRenaming,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const rows = await transaction
      .updateTable("repository")
      .set({ owner: to })
      .where("installation", "=", installation)
      .where("owner", "=", from)
      .returning(["id", "name"])
      .execute();
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return;
    for (const table of ownedTables) {
      await transaction.updateTable(table).set({ owner: to }).where("repository_id", "in", ids).execute();
    }
    const names = rows.map(({ name }) => name.toLowerCase());
    await sql`
      insert into week_of_work as known (owner, repository, week, calls, evaluations, writes)
      select ${to}, repository, week, calls, evaluations, writes from week_of_work
      where owner = ${from} and repository in (${sql.join(names)})
      on conflict (owner, repository, week) do update set calls = known.calls + excluded.calls,
        evaluations = known.evaluations + excluded.evaluations, writes = known.writes + excluded.writes
    `.execute(transaction);
    await transaction.deleteFrom("week_of_work").where("owner", "=", from).where("repository", "in", names).execute();
    // What was seen of an owner's policy is no sign of what another owner of the former login has.
    await transaction.deleteFrom("organisation_policy").where("owner", "=", to).execute();
    await transaction.updateTable("organisation_policy").set({ owner: to }).where("owner", "=", from).execute();
  });
}
