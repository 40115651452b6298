import { type Kysely, sql } from "kysely";
import type { MeasuredWeek, Measures, MeasuresQuery, SystemInWeek } from "../../core/domain/measures.ts";
import type { Tables } from "../tables.ts";
import { colourCounts, coloursFrom } from "./dashboard.ts";
import { idsOf, ownerOf, type Visible } from "./visible.ts";
import { weeksUpTo } from "./weeks.ts";

type Db = Kysely<Tables>;
type Row = Readonly<Record<string, string | null>>;

/** Weeks of systems of one repository that are listed at most: two years of two hundred systems. */
const mostSystemWeeks = 20_800;

/** The measures of the last weeks, over the repositories given and no others. @param now ISO instant. */
export async function measuresOf(
  db: Db,
  visible: Visible,
  { weeks, repository }: MeasuresQuery,
  now: string,
): Promise<Measures> {
  const asked = repository.toLowerCase();
  const repositories = visible.repositories.filter(({ name }) => asked === "" || name.toLowerCase() === asked);
  const shown = { owner: visible.owner, repositories };
  const [first = ""] = weeksUpTo(now, weeks);
  const [moved, questions, systems] = await Promise.all([
    movedIn(db, shown, first),
    questionsIn(db, shown, first),
    asked === "" ? [] : systemsIn(db, shown, first),
  ]);
  const byWeek = new Map(questions.map((row) => [row["week"], row]));
  return {
    schemaVersion: 1,
    owner: visible.owner,
    asOf: now,
    repository,
    weeks: moved.map((row) => weekFrom(row, byWeek.get(row["week"] ?? ""))),
    systems,
  };
}

async function movedIn(db: Db, visible: Visible, first: string): Promise<readonly Row[]> {
  const sum = (column: string) => sql`sum(${sql.ref(column)}) as ${sql.ref(column)}`;
  const columns = ["open_threats", "opened", "mitigated", "accepted", "reopened", "covered", "covered_days"];
  const { rows } = await sql<Row>`
    select week, count(*) as systems, ${colourCounts},
      ${sql.join([...columns, "suppliers", "suppliers_covered"].map(sum))}
    from system_week where owner = ${ownerOf(visible)} and ${idsOf(visible)} and week >= ${first}
    group by week order by week`.execute(db);
  return rows;
}

async function questionsIn(db: Db, visible: Visible, first: string): Promise<readonly Row[]> {
  const outcome = (...names: readonly string[]) =>
    sql`count(*) filter (where outcome in (${sql.join(names.map((name) => sql.lit(name)))}))`;
  const { rows } = await sql<Row>`
    select to_char(date_trunc('week', asked at time zone 'UTC'), 'YYYY-MM-DD') as week, count(*) as asked,
      ${outcome("mitigated", "accepted", "not-applicable")} as answered, ${outcome("not-applicable")} as not_applicable,
      ${outcome("resolved")} as resolved,
      count(*) filter (where disliked > liked and outcome in ('open', 'gone')) as disliked_alone
    from question where owner = ${ownerOf(visible)} and ${idsOf(visible)} and asked >= ${`${first}T00:00:00Z`}::timestamptz
    group by 1`.execute(db);
  return rows;
}

function weekFrom(row: Row, questions: Row | undefined): MeasuredWeek {
  const number = (name: string): number => Number(row[name] ?? 0);
  const asked = (name: string): number => Number(questions?.[name] ?? 0);
  return {
    week: row["week"] ?? "",
    systems: number("systems"),
    indicators: coloursFrom(row),
    openThreats: number("open_threats"),
    opened: number("opened"),
    mitigated: number("mitigated"),
    accepted: number("accepted"),
    reopened: number("reopened"),
    covered: number("covered"),
    daysToUpdate: meanDays(number("covered_days"), number("covered")),
    suppliers: number("suppliers"),
    suppliersCovered: number("suppliers_covered"),
    questions: {
      asked: asked("asked"),
      answered: asked("answered"),
      notApplicable: asked("not_applicable"),
      resolved: asked("resolved"),
      dislikedAlone: asked("disliked_alone"),
    },
  };
}

/** Mean days, to one decimal; null where there is nothing to be a mean of. */
function meanDays(days: number, covered: number): number | null {
  return covered === 0 ? null : Math.round((days / covered) * 10) / 10;
}

async function systemsIn(db: Db, visible: Visible, first: string): Promise<Measures["systems"]> {
  const rows = await db
    .selectFrom("system_week")
    .selectAll()
    .where("owner", "=", ownerOf(visible))
    .where(idsOf(visible))
    .where("week", ">=", first)
    .orderBy("system")
    .orderBy("week")
    .limit(mostSystemWeeks)
    .execute();
  const bySystem = new Map<string, SystemInWeek[]>();
  for (const { system, week, tm1, tm2, tm3, tm4, open_threats, covered, covered_days, ...moved } of rows) {
    const { opened, mitigated, accepted, reopened } = moved;
    const indicators = { "TM-1": ragOf(tm1), "TM-2": ragOf(tm2), "TM-3": ragOf(tm3), "TM-4": ragOf(tm4) };
    const daysToUpdate = meanDays(covered_days, covered);
    const one = {
      week,
      indicators,
      openThreats: open_threats,
      opened,
      mitigated,
      accepted,
      reopened,
      covered,
      daysToUpdate,
    };
    const known = bySystem.get(system);
    if (known) known.push(one);
    else bySystem.set(system, [one]);
  }
  return [...bySystem].map(([system, weeks]) => ({ system, weeks }));
}

function ragOf(text: string): SystemInWeek["indicators"]["TM-1"] {
  return text === "GREEN" || text === "AMBER" || text === "RED" ? text : "UNKNOWN";
}
