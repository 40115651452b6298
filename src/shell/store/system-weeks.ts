import { type Kysely, sql } from "kysely";
import type { Standing, SystemStanding } from "../../core/domain/standing.ts";
import type { Tables } from "../tables.ts";
import { columnsOf, openThreatsOf } from "./system-columns.ts";
import { weekOf } from "./weeks.ts";

/** What a week is counted against. */
export interface Before {
  /** How the system stood before this merge. */
  readonly before: SystemStanding | undefined;
  /** The instant that says which week it is. */
  readonly at: string;
  readonly isAgain: boolean;
}

/** Adds what a merge did to the week of a system. */
export async function keepWeek(
  db: Kysely<Tables>,
  standing: Standing,
  system: SystemStanding,
  { before, at, isAgain }: Before,
): Promise<void> {
  const effect = isAgain ? undefined : standing.merged?.effects.find((one) => one.system === system.system);
  const { repository_id, system: name, owner, tm1, tm2, tm3, tm4 } = columnsOf(standing, system);
  const colours = { tm1, tm2, tm3, tm4, open_threats: openThreatsOf(system).length };
  const moved = movesOf(before, system);
  const counts = {
    ...moved,
    covered: effect?.coveredAfter.length ?? 0,
    covered_days: effect?.coveredAfter.reduce((sum, days) => sum + days, 0) ?? 0,
    suppliers: effect?.suppliers.changed ?? 0,
    suppliers_covered: effect?.suppliers.covered ?? 0,
  };
  await db
    .insertInto("system_week")
    .values({ repository_id, system: name, week: weekOf(at), owner, ...colours, ...counts })
    .onConflict((conflict) =>
      conflict.columns(["repository_id", "system", "week"]).doUpdateSet({
        ...colours,
        opened: sql<number>`system_week.opened + excluded.opened`,
        mitigated: sql<number>`system_week.mitigated + excluded.mitigated`,
        accepted: sql<number>`system_week.accepted + excluded.accepted`,
        reopened: sql<number>`system_week.reopened + excluded.reopened`,
        covered: sql<number>`system_week.covered + excluded.covered`,
        covered_days: sql<number>`system_week.covered_days + excluded.covered_days`,
        suppliers: sql<number>`system_week.suppliers + excluded.suppliers`,
        suppliers_covered: sql<number>`system_week.suppliers_covered + excluded.suppliers_covered`,
      }),
    )
    .execute();
}

/** How the threats of a system moved from one merge to the next; the first time, what is open counts as opened. */
export function movesOf(
  before: SystemStanding | undefined,
  after: SystemStanding,
): { opened: number; mitigated: number; accepted: number; reopened: number } {
  const was = new Map(before?.threats.map(({ id, status }) => [id, isOpen(status) ? "open" : status]));
  const moves = { opened: 0, mitigated: 0, accepted: 0, reopened: 0 };
  for (const { id, status } of after.threats) {
    const earlier = was.get(id);
    const now = isOpen(status) ? "open" : status;
    if (earlier === now) continue;
    if (now === "open") moves[earlier === undefined ? "opened" : "reopened"]++;
    else if (earlier !== undefined && now === "mitigated") moves.mitigated++;
    else if (earlier !== undefined && now === "accepted") moves.accepted++;
  }
  return moves;
}

function isOpen(status: SystemStanding["threats"][number]["status"]): boolean {
  return status === "open" || status === "unknown";
}
