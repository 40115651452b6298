import { type Kysely, type Selectable, sql } from "kysely";
import type { AcceptanceTable, Tables } from "../tables.ts";
import { fewOfEach, type OpenPullRequest, readRow } from "./open-pull-requests.ts";

/*
 * What time alone changes: when each open pull request, and each repository with accepted risks, is to be looked at again.
 * What was asked for is marked, so that the sweeps that come before it is done do not ask once more.
 */

/** Migration: when what is due was asked for, and when an open pull request was written. */
export async function addAsking(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("open_pull_request").addColumn("due_asked", "timestamptz").execute();
  await db.schema.alterTable("acceptance").addColumn("due_asked", "timestamptz").execute();
  await db.schema
    .alterTable("open_pull_request")
    .addColumn("kept", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
    .execute();
}

/** Milliseconds after which what was asked for and never done is asked for again: its job was lost. */
const lost = 86_400_000;

/** Most rows that one sweep reads of a table. */
const mostRead = 5_000;

/** It is due by `now`, and was not asked for since, or so long ago that nothing came of it. */
function isDue(now: string) {
  const longAgo = new Date(Date.parse(now) - lost);
  return sql<boolean>`due <= ${new Date(now)} and (due_asked is null or due_asked < due or due_asked < ${longAgo})`;
}

/** It is asked for as of `now` (ISO, by the clock that it is due by), in the same transaction. */
export async function dueAsked(
  db: Kysely<Tables>,
  table: "open_pull_request" | "acceptance",
  { repositoryId, number }: Pick<OpenPullRequest, "repositoryId" | "number">,
  now: string,
): Promise<void> {
  await db
    .updateTable(table)
    .set({ due_asked: now })
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
}

/**
 * Those that time may have changed by `now`, and that were not asked for already, the longest due first, at most so many of
 * one installation.
 */
export async function dueBy(db: Kysely<Tables>, now: string, most: number): Promise<readonly OpenPullRequest[]> {
  const rows = await db
    .selectFrom("open_pull_request")
    .selectAll()
    .where(isDue(now))
    .orderBy("due")
    .limit(mostRead)
    .execute();
  return fewOfEach(rows.map(readRow), most);
}

/** A pull request is not looked at again for the sake of time before `due`. */
export async function waitUntil(
  db: Kysely<Tables>,
  { repositoryId, number }: Pick<OpenPullRequest, "repositoryId" | "number">,
  judged: string,
  due: string | undefined,
): Promise<void> {
  await db
    .updateTable("open_pull_request")
    .set({ judged, due: due ?? null })
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
}

/** What could not be done for the sake of time is not asked for again before `due`. */
export async function postponeDue(
  db: Kysely<Tables>,
  repositoryId: number,
  number: number,
  due: string,
): Promise<void> {
  for (const table of ["open_pull_request", "acceptance"] as const) {
    await db
      .updateTable(table)
      .set({ due })
      .where("repository_id", "=", repositoryId)
      .where("number", "=", number)
      .where("due", "<", new Date(due))
      .execute();
  }
}

/** A repository whose default branch accepts risks, and when the first of them ends. */
export interface Acceptance
  extends Pick<OpenPullRequest, "repositoryId" | "number" | "installation" | "owner" | "repository"> {
  readonly due: string;
}

/** Remembers through which merged pull request a repository's accepted risks are looked at; undefined: there are none. */
export async function keepAcceptance(
  db: Kysely<Tables>,
  repositoryId: number,
  acceptance: Omit<Acceptance, "repositoryId"> | undefined,
): Promise<void> {
  if (!acceptance) {
    await db.deleteFrom("acceptance").where("repository_id", "=", repositoryId).execute();
    return;
  }
  const { owner, ...rest } = acceptance;
  const values = { ...rest, owner: owner.toLowerCase() };
  await db
    .insertInto("acceptance")
    .values({ repository_id: repositoryId, ...values })
    .onConflict((conflict) => conflict.column("repository_id").doUpdateSet(values))
    .execute();
}

/** Repositories of which an accepted risk has ended by `now`, and that were not asked for already. */
export async function acceptancesEndedBy(
  db: Kysely<Tables>,
  now: string,
  most: number,
): Promise<readonly Acceptance[]> {
  const rows = await db.selectFrom("acceptance").selectAll().where(isDue(now)).orderBy("due").limit(mostRead).execute();
  return fewOfEach(rows.map(readAcceptance), most);
}

function readAcceptance(row: Selectable<AcceptanceTable>): Acceptance {
  return {
    repositoryId: Number(row.repository_id),
    number: row.number,
    installation: Number(row.installation),
    owner: row.owner,
    repository: row.repository,
    due: row.due.toISOString(),
  };
}
