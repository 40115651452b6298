import { type Kysely, sql } from "kysely";
import type { Group, OpenKind, Organisation, RuleFigure, WeekOfColours } from "../../core/domain/dashboard.ts";
import type { Tables } from "../tables.ts";
import { colourCounts, coloursFrom, movementFrom, type Sums } from "./figures.ts";
import { idsOf, ownerOf, type Visible } from "./visible.ts";
import { weekOf, weeksUpTo } from "./weeks.ts";

const day = 86_400_000;
/** Weeks of the trend of an organisation. */
const weeksShown = 52;

type Db = Kysely<Tables>;

/** An organisation in figures, over the repositories given and no others. @param now ISO instant. */
export async function organisationFigures(db: Db, visible: Visible, now: string): Promise<Organisation> {
  const [{ judged, ...totals }, trend, waiting, openThreats, ending, work] = await Promise.all([
    totalsOf(db, visible),
    trendOf(db, visible, now),
    waitingOf(db, visible, 10),
    commonOpenThreats(db, visible, 10),
    acceptancesEnding(db, visible, now),
    workOf(db, visible, now),
  ]);
  return {
    schemaVersion: 1,
    owner: visible.owner,
    asOf: now,
    ...totals,
    repositories: { readable: visible.repositories.length, judged },
    trend,
    waiting,
    openThreats,
    acceptancesEnding: ending,
    work,
  };
}

async function totalsOf(db: Db, visible: Visible) {
  const { rows } = await sql<Record<string, string>>`
    select count(*) as systems, count(distinct repository_id) as judged,
      count(*) filter (where threats > 0 or complete > 0 or tm2 <> 'RED') as with_model,
      count(*) filter (where risk_class = 'low') as low, count(*) filter (where risk_class = 'medium') as medium,
      count(*) filter (where risk_class = 'high') as high, ${colourCounts},
      sum(quarter_opened) as opened, sum(quarter_mitigated) as mitigated, sum(quarter_accepted) as accepted,
      sum(quarter_reopened) as reopened, sum(quarter_covered) as covered, sum(quarter_covered_days) as covered_days,
      sum(quarter_suppliers) as suppliers, sum(quarter_suppliers_covered) as suppliers_covered
    from system_standing where owner = ${ownerOf(visible)} and ${idsOf(visible)}`.execute(db);
  const row = rows[0] ?? {};
  return {
    judged: Number(row["judged"] ?? 0),
    systems: Number(row["systems"] ?? 0),
    withModel: Number(row["with_model"] ?? 0),
    indicators: coloursFrom(row),
    riskClasses: { low: Number(row["low"] ?? 0), medium: Number(row["medium"] ?? 0), high: Number(row["high"] ?? 0) },
    movement: movementFrom(row),
  };
}

const letters = { G: "GREEN", A: "AMBER", R: "RED", U: "UNKNOWN" } as const;

/** Systems by their worst indicator, week by week, from the trends that stand beside them. */
async function trendOf(db: Db, visible: Visible, now: string): Promise<WeekOfColours[]> {
  const rows = await db
    .selectFrom("system_standing")
    .select(sql<string>`right(trend, ${sql.lit(weeksShown)})`.as("trend"))
    .where("owner", "=", ownerOf(visible))
    .where(idsOf(visible))
    .execute();
  const weeks: WeekOfColours[] = weeksUpTo(now, weeksShown).map(
    (week): WeekOfColours => ({ week, GREEN: 0, AMBER: 0, RED: 0, UNKNOWN: 0 }),
  );
  for (const { trend } of rows) {
    const start = weeks.length - trend.length;
    for (let index = 0; index < trend.length; index++) {
      const week = weeks[start + index];
      if (week) week[letters[trend[index] as keyof typeof letters] ?? "UNKNOWN"]++;
    }
  }
  return weeks;
}

/** What waits for a Security Architect, the longest first. */
export async function waitingOf(db: Db, visible: Visible, most: number): Promise<Organisation["waiting"]> {
  const rows = await db
    .selectFrom("architect_wait")
    .select(["repository", "number", "title", "conclusion", "since"])
    .select(sql<string>`count(*) over ()`.as("all"))
    .where("owner", "=", ownerOf(visible))
    .where(idsOf(visible))
    .orderBy("since")
    .orderBy("repository")
    .limit(most)
    .execute();
  const first = rows.map(({ all: _, since, ...row }) => ({ ...row, since: since.toISOString() }));
  return { count: Number(rows[0]?.all ?? 0), first };
}

const riskRank = sql`case risk when 'critical' then 4 when 'high' then 3 when 'medium' then 2 when 'low' then 1 else 0 end`;

async function commonOpenThreats(db: Db, visible: Visible, most: number): Promise<OpenKind[]> {
  const { rows } = await sql<{ kind: string; title: string; rank: number; systems: string; since: Date }>`
    select kind, min(title) as title, max(${riskRank}) as rank,
      count(*) as systems, min(since) as since
    from open_threat where owner = ${ownerOf(visible)} and ${idsOf(visible)}
    group by kind order by systems desc, rank desc, kind limit ${most}`.execute(db);
  const names = ["not rated", "low", "medium", "high", "critical"];
  return rows.map(({ kind, title, rank, systems, since }) => ({
    kind,
    title,
    risk: names[Number(rank)] ?? "not rated",
    systems: Number(systems),
    since: since.toISOString(),
  }));
}

/** Accepted risks that end within 30 days. */
async function acceptancesEnding(db: Db, visible: Visible, now: string): Promise<Organisation["acceptancesEnding"]> {
  const until = new Date(Date.parse(now) + 30 * day).toISOString().slice(0, 10);
  const rows = await db
    .selectFrom("system_standing")
    .select(["repository", "system", "acceptance_ends"])
    .where("owner", "=", ownerOf(visible))
    .where(idsOf(visible))
    .where("acceptance_ends", ">=", now.slice(0, 10))
    .where("acceptance_ends", "<=", until)
    .orderBy("acceptance_ends")
    .limit(10)
    .execute();
  return rows.map(({ repository, system, acceptance_ends }) => ({ repository, system, until: acceptance_ends ?? "" }));
}

async function workOf(db: Db, visible: Visible, now: string): Promise<Organisation["work"]> {
  const week = weekOf(now);
  const names = visible.repositories.map(({ name }) => name.toLowerCase());
  const { rows } = await sql<Record<string, string | null>>`
    select sum(evaluations) as evaluations, sum(writes) as writes, sum(calls) as calls from week_of_work
    where owner = ${ownerOf(visible)} and week = ${week} and repository = any(${names}::text[])`.execute(db);
  const number = (name: string): number => Number(rows[0]?.[name] ?? 0);
  return { week, evaluations: number("evaluations"), writes: number("writes"), calls: number("calls") };
}

/** How the systems of each team, or of each portfolio, stand together; the many first. */
export async function groupsOf(db: Db, visible: Visible, by: "team" | "portfolio"): Promise<Group[]> {
  const { rows } = await sql<Sums & { uncovered: Date | null }>`
    select ${sql.ref(by)} as name, count(*) as systems, sum(open_critical + open_high) as open_high,
      count(*) filter (where risk_class = 'high') as high_risk, count(*) filter (where complete = 8) as complete,
      min(uncovered_since) as uncovered, sum(year_covered) as covered, sum(year_covered_days) as covered_days, ${colourCounts}
    from system_standing where owner = ${ownerOf(visible)} and ${idsOf(visible)}
    group by 1 order by systems desc, name`.execute(db);
  return rows.map((row) => ({
    name: row["name"] ?? "",
    systems: Number(row["systems"]),
    indicators: coloursFrom(row),
    openHigh: Number(row["open_high"] ?? 0),
    highRisk: Number(row["high_risk"]),
    complete: Number(row["complete"]),
    daysToUpdate: movementFrom(row).daysToUpdate,
    uncoveredSince: row.uncovered?.toISOString() ?? null,
  }));
}

/** What became of the questions of each rule that were asked since a day; the most asked first. */
export async function ruleFigures(db: Db, visible: Visible, since: string): Promise<RuleFigure[]> {
  const outcome = (name: string) => sql`count(*) filter (where outcome = ${sql.lit(name)})`;
  const { rows } = await sql<Record<string, string>>`
    select rule, count(*) as asked, count(distinct (repository_id, number)) as pull_requests,
      ${outcome("mitigated")} as mitigated, ${outcome("accepted")} as accepted,
      ${outcome("not-applicable")} as not_applicable, ${outcome("resolved")} as resolved, ${outcome("gone")} as gone,
      ${outcome("open")} as open, count(*) filter (where liked > 0) as liked,
      count(*) filter (where disliked > 0) as disliked,
      count(*) filter (where disliked > liked and outcome in ('open', 'gone')) as disliked_alone
    from question where owner = ${ownerOf(visible)} and asked >= ${since}::date and ${idsOf(visible)}
    group by rule order by asked desc, rule`.execute(db);
  return rows.map((row) => {
    const number = (name: string): number => Number(row[name] ?? 0);
    return {
      rule: row["rule"] ?? "",
      asked: number("asked"),
      pullRequests: number("pull_requests"),
      mitigated: number("mitigated"),
      accepted: number("accepted"),
      notApplicable: number("not_applicable"),
      resolved: number("resolved"),
      gone: number("gone"),
      open: number("open"),
      liked: number("liked"),
      disliked: number("disliked"),
      dislikedAlone: number("disliked_alone"),
    };
  });
}

/** Of each system, the ids of the requirements of one framework by state; empty where they were not kept yet. */
export async function requirementsBySystem(
  db: Db,
  visible: Visible,
  framework: string,
): Promise<readonly Readonly<Record<string, readonly string[]>>[]> {
  const rows = await db
    .selectFrom("system_standing")
    .select(sql<Readonly<Record<string, readonly string[]>> | null>`requirements -> ${framework}`.as("requirements"))
    .where("owner", "=", ownerOf(visible))
    .where(idsOf(visible))
    .execute();
  return rows.map(({ requirements }) => requirements ?? {});
}
