import { type Kysely, type RawBuilder, type Selectable, sql } from "kysely";
import type { SystemRow } from "../../core/domain/dashboard.ts";
import type { SystemFilter } from "../../core/domain/system-filter.ts";
import type { SystemStandingTable, Tables } from "../tables.ts";
import { indicatorColumns } from "./figures.ts";
import { idsOf, ownerOf, type Visible } from "./visible.ts";

/** Columns of a system that a list shows. */
const shown = [
  "repository",
  "system",
  "team",
  "portfolio",
  "risk_class",
  "mode",
  "tm1",
  "tm2",
  "tm3",
  "tm4",
  "complete",
  "threats",
  "open_critical",
  "open_high",
  "open_medium",
  "open_low",
  "accepted",
  "acceptance_ends",
  "model_updated",
  "uncovered_since",
  "merged",
  "pull_request",
  "trend",
] as const satisfies readonly (keyof SystemStandingTable)[];

/** PostgreSQL gives ids and counts as text. */
type Row = Pick<Selectable<SystemStandingTable>, (typeof shown)[number]> & {
  readonly repository_id: string;
  readonly waiting: string | null;
  readonly waiting_since: Date | null;
  readonly total: string;
};

/** Systems on one page of a list. */
export const systemsOnPage = 50;

/**
 * Systems that a filter lets through, one page of them, and how many there are.
 * @param most systems at most, for a download; left out, a page.
 */
export async function findSystems(
  db: Kysely<Tables>,
  visible: Visible,
  filter: SystemFilter,
  most: number = systemsOnPage,
): Promise<{ readonly total: number; readonly systems: SystemRow[] }> {
  const { rows } = await sql<Row>`
    with waits as (
      select repository_id, count(*) as waiting, min(since) as waiting_since from architect_wait
      where owner = ${ownerOf(visible)} group by repository_id
    )
    select s.repository_id, ${sql.join(shown.map((column) => sql.ref(`s.${column}`)))},
      waits.waiting, waits.waiting_since, count(*) over () as total
    from system_standing s left join waits using (repository_id)
    where s.owner = ${ownerOf(visible)} and ${idsOf(visible)} ${conditionsOf(filter)}
    order by ${orders[filter.sort]}, s.repository, s.system
    limit ${most} offset ${(filter.page - 1) * systemsOnPage}`.execute(db);
  return { total: Number(rows[0]?.total ?? 0), systems: rows.map(readRow) };
}

/** The systems of one repository, by name. */
export async function systemsOfRepository(db: Kysely<Tables>, visible: Visible): Promise<SystemRow[]> {
  const filter = { q: "", sort: "name", page: 1 } as const;
  return (await findSystems(db, visible, filter, 1000)).systems;
}

/** Values of a column that a list may be filtered by, the most frequent first. */
export async function choicesOf(
  db: Kysely<Tables>,
  visible: Visible,
  column: "team" | "portfolio",
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("system_standing")
    .select(column)
    .where("owner", "=", ownerOf(visible))
    .where(idsOf(visible))
    .where(column, "<>", "")
    .groupBy(column)
    .orderBy(sql`count(*)`, "desc")
    .orderBy(column)
    .limit(500)
    .execute();
  return rows.map((row) => row[column] ?? "");
}

const ofColour = (rag: string) =>
  sql`((tm1 = ${rag})::int + (tm2 = ${rag})::int + (tm3 = ${rag})::int + (tm4 = ${rag})::int)`;
const riskRank = sql`case risk_class when 'high' then 3 when 'medium' then 2 else 1 end`;

const orders: Readonly<Record<SystemFilter["sort"], RawBuilder<unknown>>> = {
  worst: sql`${ofColour("RED")} desc, ${ofColour("AMBER")} desc, ${riskRank} desc, open_critical + open_high desc`,
  name: sql`s.repository`,
  waiting: sql`waits.waiting_since asc nulls last`,
  threats: sql`open_critical desc, open_high desc, open_medium desc, open_low desc`,
  updated: sql`model_updated asc nulls first`,
  risk: sql`${riskRank} desc, ${ofColour("RED")} desc`,
};

function conditionsOf(filter: SystemFilter): RawBuilder<unknown> {
  const { q, colour, indicator, risk, team, portfolio, waiting, threat } = filter;
  const conditions: RawBuilder<unknown>[] = [];
  for (const word of q
    .toLowerCase()
    .split(/\s+/)
    .filter((one) => one !== "")) {
    conditions.push(sql`strpos(lower(s.repository || ' ' || s.system || ' ' || s.team), ${word}) > 0`);
  }
  if (colour !== undefined) {
    conditions.push(
      indicator === undefined
        ? sql`${colour} in (tm1, tm2, tm3, tm4)`
        : sql`${sql.ref(indicatorColumns[indicator])} = ${colour}`,
    );
  }
  if (risk !== undefined) conditions.push(sql`risk_class = ${risk}`);
  if (team !== undefined) conditions.push(sql`team = ${team}`);
  if (portfolio !== undefined) conditions.push(sql`portfolio = ${portfolio}`);
  if (waiting === "yes") conditions.push(sql`waits.waiting > 0`);
  if (threat !== undefined) {
    conditions.push(
      sql`exists (select from open_threat o where o.repository_id = s.repository_id and o.system = s.system and o.kind = ${threat})`,
    );
  }
  return sql.join(
    conditions.map((condition) => sql`and ${condition}`),
    sql` `,
  );
}

function readRow(row: Row): SystemRow {
  return {
    repositoryId: Number(row.repository_id),
    repository: row.repository,
    system: row.system,
    team: row.team,
    portfolio: row.portfolio,
    riskClass: row.risk_class,
    mode: row.mode,
    indicators: { "TM-1": row.tm1, "TM-2": row.tm2, "TM-3": row.tm3, "TM-4": row.tm4 },
    complete: row.complete,
    threats: row.threats,
    open: { critical: row.open_critical, high: row.open_high, medium: row.open_medium, low: row.open_low },
    accepted: row.accepted,
    acceptanceEnds: row.acceptance_ends,
    modelUpdated: row.model_updated,
    uncoveredSince: row.uncovered_since?.toISOString() ?? null,
    merged: row.merged.toISOString(),
    pullRequest: row.pull_request,
    trend: row.trend,
    waiting: Number(row.waiting ?? 0),
    waitingSince: row.waiting_since?.toISOString() ?? null,
  };
}
