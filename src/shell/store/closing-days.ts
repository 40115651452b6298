import { type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";
import { progressOf, rememberProgress } from "./repositories.ts";
import { sumWeeks } from "./week-sums.ts";
import { weeksUpTo } from "./weeks.ts";

/** Weeks that a trend shows: two years. */
export const weeksOfTrend = 104;

const name = "standings of the day";

/**
 * Once a day, as GitHub counts days: what the passing of time alone does to TM-1, and how every system stands in this week,
 * whether anything was merged there or not. Done twice it is as done once; weeks that nobody closed are told as the last
 * state was. Returns how many weeks were written.
 * @param now ISO instant.
 */
export async function closeDay(db: Kysely<Tables>, now: string): Promise<number> {
  const today = now.slice(0, 10);
  const last = await progressOf(db, name);
  if (last === today) return 0;
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(transaction);
    await colourByTime(transaction, today);
    for (const week of weeksSince(last, now)) await keepWeekOfAll(transaction, week);
    await drawTrends(transaction, now);
    await sumWeeks(transaction, now);
    await rememberProgress(transaction, name, today, now);
  });
  return weeksSince(last, now).length;
}

function weeksSince(last: string | undefined, now: string): readonly string[] {
  const weeks = weeksUpTo(now, weeksOfTrend);
  if (last === undefined) return weeks.slice(-1);
  return weeks.filter((week, index) => index === weeks.length - 1 || week > last);
}

/** The thresholds of TM-1, on whole UTC days: what a merge judged GREEN may be AMBER or RED without another. */
async function colourByTime(db: Kysely<Tables>, today: string): Promise<void> {
  await sql`
    update system_standing as s set tm1 = coloured.tm1
    from (
      select repository_id, system, case
        when model_updated is not null and ${today}::date - model_updated::date > review_days then 'RED'
        when uncovered_since is null then tm1
        when ${today}::date - (uncovered_since at time zone 'UTC')::date > amber_days then 'RED'
        when ${today}::date - (uncovered_since at time zone 'UTC')::date > green_days then 'AMBER'
        else tm1 end as tm1
      from system_standing where tm1 in ('GREEN', 'AMBER')
    ) as coloured
    where coloured.repository_id = s.repository_id and coloured.system = s.system and coloured.tm1 <> s.tm1`.execute(
    db,
  );
}

async function keepWeekOfAll(db: Kysely<Tables>, week: string): Promise<void> {
  await sql`
    insert into system_week (repository_id, system, week, owner, tm1, tm2, tm3, tm4, open_threats)
    select repository_id, system, ${week}, owner, tm1, tm2, tm3, tm4, open_critical + open_high + open_medium + open_low
    from system_standing
    on conflict (repository_id, system, week) do update set
      tm1 = excluded.tm1, tm2 = excluded.tm2, tm3 = excluded.tm3, tm4 = excluded.tm4,
      open_threats = excluded.open_threats`.execute(db);
}

/** The worst colour of each week in one letter, so that a page of many systems needs no look at their weeks. */
export async function drawTrends(db: Kysely<Tables>, now: string): Promise<void> {
  const [first = ""] = weeksUpTo(now, weeksOfTrend);
  await sql`
    update system_standing as s set trend = drawn.trend
    from (
      select repository_id, system, string_agg(case
        when 'RED' in (tm1, tm2, tm3, tm4) then 'R'
        when 'AMBER' in (tm1, tm2, tm3, tm4) then 'A'
        when 'UNKNOWN' in (tm1, tm2, tm3, tm4) then 'U'
        else 'G' end, '' order by week) as trend
      from system_week where week >= ${first} group by repository_id, system
    ) as drawn
    where drawn.repository_id = s.repository_id and drawn.system = s.system and drawn.trend <> s.trend`.execute(db);
}
