import { z } from "zod";
import { riskClasses } from "./classification.ts";
import { coloursSchema, count, indicatorsSchema, moment, movementSchema } from "./figures.ts";
import { measuresSchema } from "./measures.ts";
import { modes } from "./policy.ts";
import { releaseListSchema } from "./release.ts";
import { rollOutSchema } from "./roll-out.ts";

/*
 * What the pages and the read-only API `/api/v1` show. Field names are stable, new fields may appear, enumerations may grow.
 * Days are ISO dates, moments ISO instants, both in UTC.
 */

const day = z.string();

/** What stands in every answer about an owner. */
const answer = { schemaVersion: z.literal(1), owner: z.string(), asOf: moment };

/** One system in a list. */
export const systemRowSchema = z.object({
  repositoryId: z.number().int(),
  repository: z.string(),
  system: z.string(),
  /** Who the model says owns it; empty where it says nothing. */
  team: z.string(),
  /** The repository's custom property `portfolio`, where the policy has properties read; empty otherwise. */
  portfolio: z.string(),
  riskClass: z.enum(riskClasses),
  mode: z.enum(modes),
  indicators: indicatorsSchema,
  /** Deliverables that are complete, of eight. */
  complete: count,
  threats: count,
  open: z.object({ critical: count, high: count, medium: count, low: count }),
  accepted: count,
  /** The first acceptance that ends. */
  acceptanceEnds: day.nullable(),
  /** The last substantive update or approved review of the model. */
  modelUpdated: day.nullable(),
  /** When the oldest change that the model does not hold was merged. */
  uncoveredSince: moment.nullable(),
  /** The last merge that was judged. */
  merged: moment,
  pullRequest: z.number().int(),
  /** The worst indicator of each week, oldest first: G, A, R, U. */
  trend: z.string(),
  /** Open pull requests of the repository that wait for a Security Architect, and since when the first one does. */
  waiting: count,
  waitingSince: moment.nullable(),
});
export type SystemRow = z.infer<typeof systemRowSchema>;

/** A pull request that waits for a Security Architect. */
export const waitSchema = z.object({
  repository: z.string(),
  number: z.number().int(),
  title: z.string(),
  conclusion: z.string(),
  since: moment,
});
export type Wait = z.infer<typeof waitSchema>;

/** A threat that is open in one system or several. */
export const openKindSchema = z.object({
  /** The library's rule, or the title of one written by hand. */
  kind: z.string(),
  title: z.string(),
  /** The highest rating it has anywhere. */
  risk: z.string(),
  systems: count,
  since: moment,
});
export type OpenKind = z.infer<typeof openKindSchema>;

/** How many systems had which worst indicator in one week. */
export const weekOfColoursSchema = z.object({ week: day, GREEN: count, AMBER: count, RED: count, UNKNOWN: count });
export type WeekOfColours = z.infer<typeof weekOfColoursSchema>;

/** What the bot did in a week. */
export const workSchema = z.object({ week: day, evaluations: count, writes: count, calls: count });

/** An organisation in figures, over what the viewer may read. */
export const organisationSchema = z.object({
  ...answer,
  /** Repositories that the viewer may read, and those of them of which a merge was judged. */
  repositories: z.object({ readable: count, judged: count }),
  systems: count,
  withModel: count,
  indicators: coloursSchema,
  riskClasses: z.record(z.enum(riskClasses), count),
  trend: z.array(weekOfColoursSchema),
  waiting: z.object({ count, first: z.array(waitSchema) }),
  openThreats: z.array(openKindSchema),
  acceptancesEnding: z.array(z.object({ repository: z.string(), system: z.string(), until: day })),
  /** This week. */
  work: workSchema,
  /** The last 90 days. */
  movement: movementSchema,
});
export type Organisation = z.infer<typeof organisationSchema>;

/** A list of systems, one page of it. */
export const systemListSchema = z.object({
  ...answer,
  total: count,
  page: z.number().int().positive(),
  pages: count,
  systems: z.array(systemRowSchema),
});

/** How the systems of a team, or of a portfolio, stand together. */
export const groupSchema = z.object({
  name: z.string(),
  systems: count,
  indicators: coloursSchema,
  openHigh: count,
  highRisk: count,
  complete: count,
  /** Mean days from a change to the update that covered it, over a year; null where there was none. */
  daysToUpdate: z.number().nullable(),
  uncoveredSince: moment.nullable(),
});
export type Group = z.infer<typeof groupSchema>;

export const groupsSchema = z.object({
  ...answer,
  teams: z.array(groupSchema),
  portfolios: z.array(groupSchema),
});
export type Groups = z.infer<typeof groupsSchema>;

/** What became of the questions of one rule. */
export const ruleFigureSchema = z.object({
  rule: z.string(),
  asked: count,
  pullRequests: count,
  mitigated: count,
  accepted: count,
  notApplicable: count,
  resolved: count,
  gone: count,
  open: count,
  /** Questions with a reaction that likes them, and with one that does not, counted when a pull request is closed. */
  liked: count,
  disliked: count,
  /** Those of the disliked that nobody answered in any other way. */
  dislikedAlone: count,
});
export type RuleFigure = z.infer<typeof ruleFigureSchema>;

export const ruleListSchema = z.object({
  ...answer,
  /** Questions asked from this day on. */
  since: day,
  rules: z.array(ruleFigureSchema),
});
export type RuleList = z.infer<typeof ruleListSchema>;

/** How one requirement of a framework stands over all systems. */
export const controlFigureSchema = z.object({
  /** Id of the requirement in its framework. */
  id: z.string(),
  name: z.string(),
  themes: z.array(z.string()),
  met: count,
  planned: count,
  gap: count,
  /** Systems that it does not apply to, as their model says, with a reason. */
  notApplicable: count,
  /** Systems of which it could not be told. */
  unknown: count,
  /** Systems of which nothing speaks to it. */
  silent: count,
});
export type ControlFigure = z.infer<typeof controlFigureSchema>;

export const controlListSchema = z.object({
  ...answer,
  systems: count,
  frameworks: z.array(z.object({ id: z.string(), name: z.string(), controls: z.array(controlFigureSchema) })),
});
export type ControlList = z.infer<typeof controlListSchema>;

/** The answers of the API as JSON Schema, by name. */
export function dashboardJsonSchema(): object {
  const schema = z.object({
    organisation: organisationSchema,
    systems: systemListSchema,
    teams: groupsSchema,
    rules: ruleListSchema,
    controls: controlListSchema,
    "roll-out": rollOutSchema,
    releases: releaseListSchema,
    measures: measuresSchema,
  });
  const { properties, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return { $schema: rest.$schema, title: "Answers of Threatgate's dashboard API", $defs: properties };
}
