import { type Kysely, sql } from "kysely";
import type { KeptStanding } from "../../core/domain/release.ts";
import type { Standing, SystemStanding } from "../../core/domain/standing.ts";
import type { Tables } from "../tables.ts";
import { plain, storable } from "./storable.ts";
import { completeOf } from "./system-columns.ts";

/*
 * How the systems of a repository stood after each merge: what is replaced in `system_standing` by the next one stays here in
 * short, so that it can be told how they stood when a release went out, whenever somebody hears of it.
 */

/** Migration: the table of how systems stood. */
export async function addPastStandings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("past_standing")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("since", "timestamptz", (column) => column.notNull())
    .addColumn("pull_request", "integer", (column) => column.notNull())
    .addColumn("head", "text", (column) => column.notNull())
    .addColumn("systems", "jsonb", (column) => column.notNull())
    .addPrimaryKeyConstraint("past_standing_key", ["repository_id", "since"])
    .execute();
}

/**
 * Keeps how the systems stand from `since` (ISO) on; nothing where they stood so before. In the transaction of the
 * evaluation, which lets nobody else write of the same repository.
 * @param isAgain whether the same merge was kept before and is only judged again.
 */
export async function keepPast(
  db: Kysely<Tables>,
  { repository, pullRequest }: Pick<Standing, "repository" | "pullRequest">,
  systems: readonly SystemStanding[],
  { since, head, isAgain }: { readonly since: string; readonly head: string; readonly isAgain: boolean },
): Promise<void> {
  // What was judged of an earlier merge after this one knew nothing of it.
  if (!isAgain)
    await db
      .deleteFrom("past_standing")
      .where("repository_id", "=", repository.id)
      .where("since", ">", new Date(since))
      .execute();
  const kept = storable(systems.map(keptOf));
  await sql`
    insert into past_standing (repository_id, since, pull_request, head, systems)
    select ${repository.id}, ${since}::timestamptz, ${pullRequest.number}, ${head}, ${kept}::jsonb
    where ${kept}::jsonb is distinct from (
      select systems from past_standing where repository_id = ${repository.id} and since <= ${since}::timestamptz
      order by since desc limit 1
    )
    on conflict (repository_id, since) do update
      set pull_request = excluded.pull_request, head = excluded.head, systems = excluded.systems`.execute(db);
}

function keptOf(system: SystemStanding): KeptStanding {
  const { indicators, uncovered, openAtOrAbove } = system;
  return {
    system: plain(system.system),
    indicators: {
      "TM-1": indicators["TM-1"].rag,
      "TM-2": indicators["TM-2"].rag,
      "TM-3": indicators["TM-3"].rag,
      "TM-4": indicators["TM-4"].rag,
    },
    complete: completeOf(system),
    open: openAtOrAbove?.count ?? null,
    threshold: openAtOrAbove?.threshold ?? null,
    uncovered: uncovered.length,
    uncoveredSince: uncovered[0]?.at ?? null,
    modelUpdated: system.modelUpdated ?? null,
    currency: system.currency,
  };
}
