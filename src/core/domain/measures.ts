import { z } from "zod";
import {
  coloursSchema,
  count,
  indicatorsSchema,
  movementSchema,
  questionFiguresSchema,
  threatMovementSchema,
} from "./figures.ts";

/*
 * Measures over time, week by week. The page, the downloads and the API `/api/v1` show them. Field names are stable, new
 * fields may appear, enumerations may grow. A week is named by its Monday, an ISO date in UTC.
 */

/** What one week brought, over some systems. */
const weekSchema = z.object({
  week: z.string(),
  systems: count,
  /** How many systems had which colour when the week closed, or as they stand now. */
  indicators: coloursSchema,
  openThreats: count,
  ...movementSchema.shape,
  /** Questions asked in this week, and what has become of them since. */
  questions: questionFiguresSchema.extend({
    /** Nobody answered them but with a thumb down. */
    dislikedAlone: count,
  }),
});
export type MeasuredWeek = z.infer<typeof weekSchema>;

/** One system in one week. */
const systemWeekSchema = z.object({
  week: z.string(),
  indicators: indicatorsSchema,
  openThreats: count,
  ...threatMovementSchema.shape,
});
export type SystemInWeek = z.infer<typeof systemWeekSchema>;

export const measuresSchema = z.object({
  schemaVersion: z.literal(1),
  owner: z.string(),
  asOf: z.string(),
  /** The repository that was asked for; empty: all that the viewer may read. */
  repository: z.string(),
  /** Oldest first; weeks of which nothing is kept are left out. */
  weeks: z.array(weekSchema),
  /** Each system by itself; only of one repository that was asked for. */
  systems: z.array(z.object({ system: z.string(), weeks: z.array(systemWeekSchema) })),
});
export type Measures = z.infer<typeof measuresSchema>;

/** Stretches of time that the page offers, in weeks. */
export const measuredWeeks = [13, 26, 52, 104] as const;

/** What is asked for: the query of the page, the downloads and the API. What does not fit is taken for not given. */
export const measuresQuerySchema = z.object({
  weeks: z.coerce.number().int().min(1).max(104).catch(26),
  repository: z.string().max(100).catch(""),
});
export type MeasuresQuery = z.infer<typeof measuresQuerySchema>;
