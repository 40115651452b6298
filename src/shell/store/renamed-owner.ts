import { type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";

/** What says of one repository whose it is. The work of weeks is kept by names alone. */
const ownedTables = [
  "open_pull_request",
  "acceptance",
  "other_tracker",
  "system_standing",
  "open_threat",
  "architect_wait",
  "system_week",
  "question",
] as const;

/**
 * An owner goes by another login: everything known of its repositories is found under it from now on. Only what belongs to
 * this installation is moved, because anybody may take the former login. Done twice it is as done once.
 */
export async function renameOwner(
  db: Kysely<Tables>,
  { installation, former, owner }: { installation: number; former: string; owner: string },
): Promise<void> {
  const [from, to] = [former.toLowerCase(), owner.toLowerCase()];
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
