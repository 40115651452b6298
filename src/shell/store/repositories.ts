import type { Kysely } from "kysely";
import type { Tables } from "../tables.ts";

/** A repository that an installation of ours reaches. */
export interface KnownRepository {
  readonly id: number;
  readonly installation: number;
  readonly owner: string;
  readonly name: string;
}

/**
 * Remembers a repository that was looked at. Whatever is to be erased of it stays to be erased: what was begun before we
 * left may end after it.
 */
export async function seeRepository(db: Kysely<Tables>, { id, ...known }: KnownRepository): Promise<void> {
  const values = { ...known, owner: known.owner.toLowerCase() };
  await db
    .insertInto("repository")
    .values({ id, ...values, joined: null, erase_after: null, swept: null })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(values))
    .execute();
}

/** A repository is ours to look at from `joined` (ISO) on: nothing of it is erased any more. */
export async function joinRepository(
  db: Kysely<Tables>,
  { id, ...known }: KnownRepository,
  joined: string,
): Promise<void> {
  const values = { ...known, owner: known.owner.toLowerCase(), erase_after: null, joined };
  await db
    .insertInto("repository")
    .values({ id, ...values, swept: null })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(values))
    .execute();
}

/** When each of these repositories joined and was last swept, ISO; absent where it is not known. */
export async function sweepsOf(
  db: Kysely<Tables>,
  ids: readonly number[],
): Promise<ReadonlyMap<number, { readonly joined?: string; readonly swept?: string }>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom("repository").select(["id", "joined", "swept"]).where("id", "in", ids).execute();
  return new Map(
    rows.map(({ id, joined, swept }) => [
      Number(id),
      { ...(joined ? { joined: joined.toISOString() } : {}), ...(swept ? { swept: swept.toISOString() } : {}) },
    ]),
  );
}

/** Its open pull requests were compared with GitHub's at `at` (ISO): it is ours, whatever an event said before. */
export async function markSwept(db: Kysely<Tables>, known: KnownRepository, at: string): Promise<void> {
  await seeRepository(db, known);
  await db.updateTable("repository").set({ swept: at, erase_after: null }).where("id", "=", known.id).execute();
}

/** The installations of which something is known and that are not to be erased already. */
export async function knownInstallations(db: Kysely<Tables>): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("repository")
    .select("installation")
    .distinct()
    .where("erase_after", "is", null)
    .execute();
  return rows.map((row) => Number(row.installation));
}

/**
 * These repositories are not ours any more: nothing is looked at there, and their data are erased after `eraseAfter`.
 * @param whole the installation is gone, and with it whatever else is known to belong to it.
 */
export async function leaveRepositories(
  db: Kysely<Tables>,
  { installation, owner, ids, whole }: { installation: number; owner: string; ids: readonly number[]; whole: boolean },
  eraseAfter: string,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // One that was never judged may still have a timeline or a failed job: named by the event, it is noted as well.
    for (const id of ids) {
      await transaction
        .insertInto("repository")
        .values({
          id,
          installation,
          owner: owner.toLowerCase(),
          name: "",
          joined: null,
          erase_after: null,
          swept: null,
        })
        .onConflict((conflict) => conflict.column("id").doNothing())
        .execute();
    }
    const known = whole
      ? await transaction.selectFrom("repository").select("id").where("installation", "=", installation).execute()
      : [];
    const all = [...new Set([...ids, ...known.map((row) => Number(row.id))])];
    if (all.length === 0) return;
    await transaction
      .updateTable("repository")
      .set({ erase_after: eraseAfter })
      .where("id", "in", all)
      .where("installation", "=", installation)
      .where("erase_after", "is", null)
      .execute();
    for (const table of ["open_pull_request", "acceptance"] as const) {
      await transaction
        .deleteFrom(table)
        .where("repository_id", "in", all)
        .where("installation", "=", installation)
        .execute();
    }
    await transaction.deleteFrom("architect_wait").where("repository_id", "in", all).execute();
  });
}

/** Where a search that goes on from one sweep to the next has got to; undefined when it has not begun. */
export async function progressOf(db: Kysely<Tables>, name: string): Promise<string | undefined> {
  return (await db.selectFrom("progress").select("value").where("name", "=", name).executeTakeFirst())?.value;
}

/** Remembers how far a search got, at `at` (ISO). */
export async function rememberProgress(db: Kysely<Tables>, name: string, value: string, at: string): Promise<void> {
  await db
    .insertInto("progress")
    .values({ name, value, at })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value, at }))
    .execute();
}
