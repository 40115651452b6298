import { type Kysely, type Selectable, sql } from "kysely";
import type { IssuePlace } from "../../core/domain/desired.ts";
import type { IssueClosing } from "../../core/domain/observed.ts";
import type { OtherTrackerTable, Tables } from "../tables.ts";

/** A repository whose issues stand in a tracker beside GitHub. */
export interface OtherTracker {
  readonly repositoryId: number;
  /** The latest merged pull request, which lends its place where the default branch is looked at. */
  readonly number: number;
  readonly installation: number;
  readonly owner: string;
  readonly repository: string;
  readonly place: IssuePlace;
  readonly closings: readonly IssueClosing[];
}

/** Remembers where the issues of a repository stand as of its latest merge; undefined: on GitHub. */
export async function keepOtherTracker(
  db: Kysely<Tables>,
  repositoryId: number,
  tracker: Omit<OtherTracker, "repositoryId" | "closings"> | undefined,
): Promise<void> {
  if (!tracker) {
    await db.deleteFrom("other_tracker").where("repository_id", "=", repositoryId).execute();
    return;
  }
  const values = { ...tracker, place: JSON.stringify(tracker.place) };
  await db
    .insertInto("other_tracker")
    .values({ repository_id: repositoryId, ...values, closings: "[]", looked: null })
    .onConflict((conflict) => conflict.column("repository_id").doUpdateSet(values))
    .execute();
}

/** Those that were looked at before `now` (ISO), the longest ago first. */
export async function otherTrackers(
  db: Kysely<Tables>,
  before: string,
  most: number,
): Promise<readonly OtherTracker[]> {
  const rows = await db
    .selectFrom("other_tracker")
    .selectAll()
    .where((where) => where.or([where("looked", "is", null), where("looked", "<", new Date(before))]))
    .orderBy(sql`looked nulls first`)
    .limit(most)
    .execute();
  return rows.map(readRow);
}

/** Remembers which issues people closed there, as seen at `looked` (ISO). */
export async function keepClosings(
  db: Kysely<Tables>,
  repositoryId: number,
  closings: readonly IssueClosing[],
  looked: string,
): Promise<void> {
  await db
    .updateTable("other_tracker")
    .set({ closings: JSON.stringify(closings), looked })
    .where("repository_id", "=", repositoryId)
    .execute();
}

/** The issues of a repository that people closed in its other tracker; undefined where it has none. */
export async function closingsOf(
  db: Kysely<Tables>,
  repositoryId: number,
): Promise<readonly IssueClosing[] | undefined> {
  const row = await db
    .selectFrom("other_tracker")
    .select("closings")
    .where("repository_id", "=", repositoryId)
    .executeTakeFirst();
  return row?.closings;
}

function readRow(row: Selectable<OtherTrackerTable>): OtherTracker {
  const { number, owner, repository, place, closings } = row;
  return {
    repositoryId: Number(row.repository_id),
    number,
    installation: Number(row.installation),
    owner,
    repository,
    place,
    closings,
  };
}
