import { z } from "zod";
import { conclusions } from "./assessment.ts";
import { count, moment, questionFiguresSchema } from "./figures.ts";
import { modes } from "./policy.ts";

/*
 * The roll-out report: what `enforce` would have done to the pull requests of repositories that only observe or advise. The
 * page, the downloads and the API `/api/v1` show it. Field names are stable, new fields may appear, enumerations may grow.
 */

/** Some pull requests together. */
const trialSumSchema = z.object({
  pullRequests: count,
  /** Would have failed, or waited for a person, at some time while they were open. */
  blocked: count,
  waited: count,
  /** Of both together, those that were merged like that. */
  mergedAllTheSame: count,
  /** On which nothing would have been asked and nothing stopped. */
  quiet: count,
  comments: count,
  issues: count,
  /** Asked, or, in `observe`, those that would have been. */
  questions: questionFiguresSchema,
});
export type TrialSum = z.infer<typeof trialSumSchema>;

const repositorySchema = trialSumSchema.extend({
  repository: z.string(),
  /** The mode by which it was judged last. */
  mode: z.enum(modes),
  /** When the first of these pull requests was judged. */
  since: moment,
});
export type RepositoryTrial = z.infer<typeof repositorySchema>;

const pullRequestSchema = z.object({
  repository: z.string(),
  number: z.number().int(),
  title: z.string(),
  state: z.enum(["open", "closed", "merged"]),
  mode: z.enum(modes),
  /** The strictest that `enforce` would have concluded, and what it would conclude at the last look. */
  strictest: z.enum(conclusions),
  last: z.enum(conclusions),
  /** Why it would have been stopped, worst first. */
  because: z.array(z.string()),
  comments: count,
  issues: count,
  firstJudged: moment,
  lastJudged: moment,
});
export type PullRequestTrial = z.infer<typeof pullRequestSchema>;

const ruleSchema = questionFiguresSchema.extend({ rule: z.string(), pullRequests: count });
export type RuleTrial = z.infer<typeof ruleSchema>;

/** Days that the report may look back. */
export const trialDays = [7, 14, 28, 90] as const;

/** What is asked of the report; what cannot be used is as if it were not given. */
export const rollOutQuerySchema = z.object({
  days: z.coerce
    .number()
    .refine((days) => trialDays.some((one) => one === days))
    .catch(14),
  /** One repository by its name; empty for all. */
  repository: z.string().max(200).catch(""),
});
export type RollOutQuery = z.infer<typeof rollOutQuerySchema>;

export const rollOutSchema = z.object({
  schemaVersion: z.literal(1),
  owner: z.string(),
  asOf: moment,
  days: count,
  /** Pull requests judged from then on. */
  from: moment,
  /** When the first pull request that is known of was judged; null where none was. Nothing is known of what was before. */
  knownSince: moment.nullable(),
  /** The repository that was asked for; empty: all that the viewer may read. */
  repository: z.string(),
  total: trialSumSchema.extend({ repositories: count }),
  /** Those where most would have been stopped first; at most 200. */
  repositories: z.array(repositorySchema),
  /** Those that would have been stopped, the latest first; at most 200. */
  pullRequests: z.array(pullRequestSchema),
  /** Those that spoke most first; at most 100. */
  rules: z.array(ruleSchema),
});
export type RollOut = z.infer<typeof rollOutSchema>;
