import { z } from "zod";

/**
 * What of a report gives evidence for a requirement beside threats: a deliverable, results of validations, the third-party components, the
 * changes and what covered them, reviews, acceptances, the applicability table, owners and days of treatments, incidents and
 * advisories, the chained records.
 */
export const evidenceSources = [
  "context",
  "dfd",
  "stride",
  "risk",
  "controls",
  "stories",
  "validation",
  "results",
  "documentation",
  "deliverables",
  "components",
  "changes",
  "review",
  "acceptances",
  "applicability",
  "treatment",
  "intelligence",
  "records",
] as const;
export type EvidenceSource = (typeof evidenceSources)[number];

const requirementSchema = z.strictObject({
  id: z.string().max(40),
  /** In our own words. */
  name: z.string(),
  servedBy: z.array(z.enum(evidenceSources)).default([]),
});
export type Requirement = z.infer<typeof requirementSchema>;

/** One law or standard as `rules/catalogues/frameworks.json` holds it. */
export const frameworkSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  name: z.string(),
  /** The field of the evidence themes that names its requirements, and what stands before these ids. */
  themes: z.string(),
  prefix: z.string().default(""),
  /** How the ids begin of which a model must say whether they apply; absent where nothing asks for that. */
  applicability: z.string().optional(),
  requirements: z.array(requirementSchema).min(1),
});
export type Framework = z.infer<typeof frameworkSchema>;
