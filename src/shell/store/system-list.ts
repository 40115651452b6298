import { type Kysely, type RawBuilder, sql } from "kysely";
import type { SystemRow } from "../../core/domain/dashboard.ts";
import type { SystemFilter } from "../../core/domain/system-filter.ts";
import type { Tables } from "../tables.ts";
import { idsOf, ownerOf, type Visible } from "./visible.ts";

interface Row {
  readonly repository_id: string;
  readonly repository: string;
  readonly system: string;
  readonly team: string;
  readonly portfolio: string;
  readonly risk_class: SystemRow["riskClass"];
  readonly mode: SystemRow["mode"];
  readonly tm1: SystemRow["indicators"]["TM-1"];
  readonly tm2: SystemRow["indicators"]["TM-2"];
  readonly tm3: SystemRow["indicators"]["TM-3"];
  readonly tm4: SystemRow["indicators"]["TM-4"];
  readonly complete: number;
  readonly threats: number;
  readonly open_critical: number;
  readonly open_high: number;
  readonly open_medium: number;
  readonly open_low: number;
  readonly accepted: number;
  readonly acceptance_ends: string | null;
  readonly model_updated: string | null;
  readonly uncovered_since: Date | null;
  readonly merged: Date;
  readonly pull_request: number;
  readonly trend: string;
  readonly waiting: string | null;
  readonly waiting_since: Date | null;
  readonly total: string;
}

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
    select s.repository_id, s.repository, s.system, s.team, s.portfolio, s.risk_class, s.mode, s.tm1, s.tm2, s.tm3, s.tm4,
      s.complete, s.threats, s.open_critical, s.open_high, s.open_medium, s.open_low, s.accepted, s.acceptance_ends,
      s.model_updated, s.uncovered_since, s.merged, s.pull_request, s.trend, waits.waiting, waits.waiting_since,
      count(*) over () as total
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

const columns = { "TM-1": "tm1", "TM-2": "tm2", "TM-3": "tm3", "TM-4": "tm4" } as const;

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
        : sql`${sql.ref(columns[indicator])} = ${colour}`,
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
