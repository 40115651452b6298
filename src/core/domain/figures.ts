import { z } from "zod";
import { indicatorIds, rags } from "./assessment.ts";

/*
 * What several answers of the dashboard and its API hold alike, so that a field means the same wherever it stands. Field names
 * are stable, new fields may appear, enumerations may grow.
 */

export const count = z.number().int().nonnegative();

/** An ISO instant in UTC. */
export const moment = z.string();

const ragSchema = z.enum(rags);

/** The four indicators of one system. */
export const indicatorsSchema = z.object({
  "TM-1": ragSchema,
  "TM-2": ragSchema,
  "TM-3": ragSchema,
  "TM-4": ragSchema,
});

/** How many systems have which colour, by indicator. */
export const coloursSchema = z.record(z.enum(indicatorIds), z.record(ragSchema, count));
export type Colours = z.infer<typeof coloursSchema>;

/** What became of threats and of changes in a stretch of time. */
export const threatMovementSchema = z.object({
  opened: count,
  mitigated: count,
  accepted: count,
  reopened: count,
  /** Changes that an update of the model covered, and the mean of the days until it did; null where there was none. */
  covered: count,
  daysToUpdate: z.number().nullable(),
});

/** The same, with the third parties that came. */
export const movementSchema = threatMovementSchema.extend({
  /** Third-party components and services that merges brought, and those of them that the model held. */
  suppliers: count,
  suppliersCovered: count,
});
export type Movement = z.infer<typeof movementSchema>;

/** What became of some questions. */
export const questionFiguresSchema = z.object({
  asked: count,
  /** Those that the model answers, or that somebody set aside. */
  answered: count,
  /** Of the answered, those set aside because they do not apply. */
  notApplicable: count,
  /** Those whose thread somebody resolved without an answer. */
  resolved: count,
});
export type QuestionFigures = z.infer<typeof questionFiguresSchema>;
