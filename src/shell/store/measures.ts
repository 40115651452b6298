import { type Kysely, sql } from "kysely";
import type { MeasuredWeek, Measures, MeasuresQuery, SystemInWeek } from "../../core/domain/measures.ts";
import type { Tables } from "../tables.ts";
import {
  colourCounts,
  coloursFrom,
  meanDays,
  movementFrom,
  questionCounts,
  questionsFrom,
  type Sums,
} from "./figures.ts";
import { idsOf, narrowed, ownerOf, type Visible } from "./visible.ts";
import { weeksUpTo } from "./weeks.ts";

type Db = Kysely<Tables>;

/** Weeks of systems of one repository that are listed at most: two years of two hundred systems. */
const mostSystemWeeks = 20_800;

/** The measures of the last weeks, over the repositories given and no others. @param now ISO instant. */
export async function measuresOf(
  db: Db,
  visible: Visible,
  { weeks, repository }: MeasuresQuery,
  now: string,
): Promise<Measures> {
  const shown = narrowed(visible, repository);
  const [first = ""] = weeksUpTo(now, weeks);
  const [moved, questions, systems] = await Promise.all([
    movedIn(db, shown, first),
    questionsIn(db, shown, first),
    repository === "" ? [] : systemsIn(db, shown, first),
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

async function movedIn(db: Db, visible: Visible, first: string): Promise<readonly Sums[]> {
  const sum = (column: string) => sql`sum(${sql.ref(column)}) as ${sql.ref(column)}`;
  const columns = ["open_threats", "opened", "mitigated", "accepted", "reopened", "covered", "covered_days"];
  const { rows } = await sql<Sums>`
    select week, count(*) as systems, ${colourCounts},
      ${sql.join([...columns, "suppliers", "suppliers_covered"].map(sum))}
    from system_week where owner = ${ownerOf(visible)} and ${idsOf(visible)} and week >= ${first}
    group by week order by week`.execute(db);
  return rows;
}

async function questionsIn(db: Db, visible: Visible, first: string): Promise<readonly Sums[]> {
  const { rows } = await sql<Sums>`
    select to_char(date_trunc('week', asked at time zone 'UTC'), 'YYYY-MM-DD') as week, ${questionCounts(sql`outcome`)},
      count(*) filter (where disliked > liked and outcome in ('open', 'gone')) as disliked_alone
    from question where owner = ${ownerOf(visible)} and ${idsOf(visible)} and asked >= ${`${first}T00:00:00Z`}::timestamptz
    group by 1`.execute(db);
  return rows;
}

function weekFrom(row: Sums, questions: Sums | undefined): MeasuredWeek {
  const number = (name: string): number => Number(row[name] ?? 0);
  return {
    week: row["week"] ?? "",
    systems: number("systems"),
    indicators: coloursFrom(row),
    openThreats: number("open_threats"),
    ...movementFrom(row),
    questions: { ...questionsFrom(questions), dislikedAlone: Number(questions?.["disliked_alone"] ?? 0) },
  };
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
    const indicators = { "TM-1": tm1, "TM-2": tm2, "TM-3": tm3, "TM-4": tm4 };
    const movement = { opened, mitigated, accepted, reopened, covered, daysToUpdate: meanDays(covered_days, covered) };
    const one = { week, indicators, openThreats: open_threats, ...movement };
    const known = bySystem.get(system);
    if (known) known.push(one);
    else bySystem.set(system, [one]);
  }
  return [...bySystem].map(([system, weeks]) => ({ system, weeks }));
}
