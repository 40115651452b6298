import { type RawBuilder, sql } from "kysely";
import { type IndicatorId, indicatorIds, rags } from "../../core/domain/assessment.ts";
import type { Colours, Movement, QuestionFigures } from "../../core/domain/figures.ts";

/*
 * What rows of sums hold, read into the figures that pages and API show alike. PostgreSQL gives sums and counts as text, and
 * null for a sum of nothing.
 */

/** A row of sums, by column. */
export type Sums = Readonly<Record<string, string | null>>;

/** The columns of the four indicators, wherever a table holds them. */
export const indicatorColumns = {
  "TM-1": "tm1",
  "TM-2": "tm2",
  "TM-3": "tm3",
  "TM-4": "tm4",
} as const satisfies Record<IndicatorId, string>;

/** Counts of each colour of each indicator, as columns `tm1_GREEN` … */
export const colourCounts = sql.join(
  indicatorIds.flatMap((id) =>
    rags.map((rag) => {
      const column = indicatorColumns[id];
      return sql`count(*) filter (where ${sql.ref(column)} = ${sql.lit(rag)}) as ${sql.id(`${column}_${rag}`)}`;
    }),
  ),
);

/** The colours that a row counts in the columns of `colourCounts`. */
export function coloursFrom(row: Readonly<Record<string, unknown>>): Colours {
  const of = (id: IndicatorId) => {
    const number = (rag: string): number => Number(row[`${indicatorColumns[id]}_${rag}`] ?? 0);
    return { GREEN: number("GREEN"), AMBER: number("AMBER"), RED: number("RED"), UNKNOWN: number("UNKNOWN") };
  };
  return { "TM-1": of("TM-1"), "TM-2": of("TM-2"), "TM-3": of("TM-3"), "TM-4": of("TM-4") };
}

/** The movement that a row sums up in columns of these names, with `covered_days` for the days of all that was covered. */
export function movementFrom(row: Sums): Movement {
  const number = (name: string): number => Number(row[name] ?? 0);
  const covered = number("covered");
  return {
    opened: number("opened"),
    mitigated: number("mitigated"),
    accepted: number("accepted"),
    reopened: number("reopened"),
    covered,
    daysToUpdate: meanDays(number("covered_days"), covered),
    suppliers: number("suppliers"),
    suppliersCovered: number("suppliers_covered"),
  };
}

/** Mean days, to one decimal; null where there is nothing to be a mean of. */
export function meanDays(days: number, covered: number): number | null {
  return covered === 0 ? null : Math.round((days / covered) * 10) / 10;
}

/** What became of questions, as columns for `questionsFrom`. @param outcome the expression of a question's outcome. */
export function questionCounts(outcome: RawBuilder<unknown>): RawBuilder<unknown> {
  const among = (...outcomes: readonly string[]) =>
    sql`count(*) filter (where ${outcome} in (${sql.join(outcomes.map((one) => sql.lit(one)))}))`;
  return sql.join([
    sql`count(*) as asked`,
    sql`${among("mitigated", "accepted", "not-applicable")} as answered`,
    sql`${among("not-applicable")} as not_applicable`,
    sql`${among("resolved")} as resolved`,
  ]);
}

/** The figures of a row with the columns of `questionCounts`, or with their sums. */
export function questionsFrom(row: Sums | undefined): QuestionFigures {
  const number = (name: string): number => Number(row?.[name] ?? 0);
  return {
    asked: number("asked"),
    answered: number("answered"),
    notApplicable: number("not_applicable"),
    resolved: number("resolved"),
  };
}
