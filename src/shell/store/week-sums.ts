import { type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";
import { weeksUpTo } from "./weeks.ts";

/**
 * Sums the weeks of systems up beside how they stand: the last quarter, and the last year where only the year tells enough.
 * @param repositoryId of this repository; left out, of all.
 */
export async function sumWeeks(db: Kysely<Tables>, now: string, repositoryId?: number): Promise<void> {
  const [quarter = ""] = weeksUpTo(now, 13);
  const [year = ""] = weeksUpTo(now, 52);
  const of = repositoryId === undefined ? sql`true` : sql`repository_id = ${repositoryId}`;
  const inQuarter = (column: string) => sql`coalesce(sum(${sql.ref(column)}) filter (where week >= ${quarter}), 0)`;
  await sql`
    update system_standing as s set
      quarter_opened = w.opened, quarter_mitigated = w.mitigated, quarter_accepted = w.accepted,
      quarter_reopened = w.reopened, quarter_covered = w.covered, quarter_covered_days = w.covered_days,
      quarter_suppliers = w.suppliers, quarter_suppliers_covered = w.suppliers_covered,
      year_covered = w.year_covered, year_covered_days = w.year_covered_days
    from (
      select repository_id, system, ${inQuarter("opened")} as opened, ${inQuarter("mitigated")} as mitigated,
        ${inQuarter("accepted")} as accepted, ${inQuarter("reopened")} as reopened, ${inQuarter("covered")} as covered,
        ${inQuarter("covered_days")} as covered_days, ${inQuarter("suppliers")} as suppliers,
        ${inQuarter("suppliers_covered")} as suppliers_covered, sum(covered) as year_covered,
        sum(covered_days) as year_covered_days
      from system_week where week >= ${year} and ${of} group by repository_id, system
    ) as w
    where w.repository_id = s.repository_id and w.system = s.system`.execute(db);
}
