import { type Kysely, sql } from "kysely";
import type { Standing } from "../../core/domain/standing.ts";
import type { Tables } from "../tables.ts";
import type { KnownRepository } from "./repositories.ts";
import { type Evaluation, keepMerged } from "./standings.ts";

/** A repository of which it is not known how its systems stand. */
export interface UnknownRepository extends KnownRepository {
  /** The last merge that was judged before, by its number; absent where none is remembered. */
  readonly merge?: number;
}

/**
 * Repositories of which nothing is kept, or only what an earlier version kept, and that were not looked at since `since`
 * (ISO); those never looked at first, and among them by lot, so that none waits for what GitHub does not answer about others.
 */
export async function unknownStandings(
  db: Kysely<Tables>,
  since: string,
  most: number,
): Promise<readonly UnknownRepository[]> {
  const { rows } = await sql<{ id: string; installation: string; owner: string; name: string; merge: number | null }>`
    select r.id, r.installation, r.owner, r.name, (
        select pull_request from system_standing s where s.repository_id = r.id order by merged desc limit 1
      ) as merge
    from repository r
    where r.erase_after is null and lower(r.name) <> '.github' and (r.rebuilt is null or r.rebuilt < ${since}::timestamptz)
      and not exists (select from system_standing s where s.repository_id = r.id and s.requirements <> '{}'::jsonb)
    order by r.rebuilt nulls first, random() limit ${most}`.execute(db);
  return rows.map(({ id, installation, owner, name, merge }) => ({
    id: Number(id),
    installation: Number(installation),
    owner,
    name,
    ...(merge === null ? {} : { merge }),
  }));
}

/** It was looked at, whatever came of it. @param at ISO instant. */
export async function markRebuilt(db: Kysely<Tables>, repositoryId: number, at: string): Promise<void> {
  await db.updateTable("repository").set({ rebuilt: at }).where("id", "=", repositoryId).execute();
}

/** Keeps how the systems stand after a merge that was judged again; what later merges said is left alone. */
export async function keepRebuilt(db: Kysely<Tables>, standing: Standing, evaluation: Evaluation): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // As where evaluations are recorded: a merge may be judged at the same time.
    await sql`select pg_advisory_xact_lock(${standing.repository.id}::bigint)`.execute(transaction);
    await keepMerged(transaction, standing, evaluation);
  });
}
