import { z } from "zod";
import { deliverableStates, indicatorIds, rags } from "./assessment.ts";
import { componentsSchema, count, list, placeSchema } from "./evidence-components.ts";
import { riskLevels } from "./risk.ts";
import { strideLetters } from "./stride.ts";
import { threatStatuses } from "./threat.ts";
import { controlStatuses, deliverableIds } from "./threat-model.ts";

/*
 * The evidence report as data: what an auditor is shown, and what `threatgate evidence --format json` prints. Markdown and
 * HTML are drawn from it, so that the three cannot disagree. Its texts come from repositories: escape them to show them.
 */

const instant = z.string().describe("ISO instant, UTC");

/** A commit or pull request by which something came. */
const commitSchema = z.object({
  /** `#12` for a pull request, otherwise the beginning of the commit. */
  reference: z.string(),
  commit: z.string().optional(),
  at: instant,
  title: z.string().optional(),
  /** As the commit states it; in a clone nobody vouches for it. */
  author: z.string().optional(),
});
export type EvidenceCommit = z.infer<typeof commitSchema>;

const decisionSchema = z.object({
  /** What the threat counts as. */
  status: z.enum(threatStatuses),
  /** What the model calls it. */
  stated: z.enum(threatStatuses),
  /** Why the stated status does not count. */
  why: z.string().optional(),
  /** The rationale that the model gives. */
  reason: z.string().optional(),
});

const controlSchema = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(controlStatuses).optional(),
  /** False where the threat names a control that the model does not hold. */
  exists: z.boolean(),
  isDraft: z.boolean(),
  /** `in-tree` and `not-in-tree`: a path of the repository, looked for at the commit judged. */
  evidence: list(z.object({ text: z.string(), state: z.enum(["in-tree", "not-in-tree", "address", "words"]) })),
});
export type EvidenceControl = z.infer<typeof controlSchema>;

const storySchema = z.object({
  id: z.string(),
  issue: z.string().optional(),
  need: z.string().optional(),
  criteria: count,
  isDraft: z.boolean(),
});

const validationSchema = z.object({
  id: z.string(),
  control: z.string(),
  kind: z.string().optional(),
  how: z.string(),
  result: z.string().optional(),
  date: z.string().optional(),
  isDraft: z.boolean(),
});

/** Who approved what brought the threat to where it stands. `unknown` is never read as approved. */
const approvalSchema = z.object({
  state: z.enum(["approved", "partly", "none", "unknown"]),
  says: z.string(),
});
export type EvidenceApproval = z.infer<typeof approvalSchema>;

const threatSchema = z.object({
  id: z.string(),
  title: z.string(),
  element: z.string().optional(),
  stride: list(z.enum(strideLetters)),
  impact: z.string().optional(),
  likelihood: z.string().optional(),
  risk: z.enum(riskLevels).optional(),
  isDraft: z.boolean(),
  where: placeSchema,
  /** Evidence themes, and on what ground each was given. */
  themes: list(
    z.object({ id: z.string(), ground: z.enum(["stated", "library", "category", "words"]), by: z.string() }),
  ),
  decision: decisionSchema,
  owner: z.string().optional(),
  due: z.string().optional(),
  controls: list(controlSchema),
  /** Words that mitigate, in formats without controls of their own. */
  mitigation: z.string().optional(),
  stories: list(storySchema),
  validations: list(validationSchema),
  approval: approvalSchema,
  /** When it came into the model; absent where the history that was read does not reach back so far. */
  introduced: commitSchema.optional(),
  /** The last update of the model that changed it, its controls, stories, validations or acceptance. */
  lastChanged: commitSchema.optional(),
  /** Links of the chain that are missing, one sentence each. */
  gaps: list(z.string()),
});
export type EvidenceThreat = z.infer<typeof threatSchema>;

const acceptanceSchema = z.object({
  threat: z.string(),
  title: z.string(),
  risk: z.enum(riskLevels).optional(),
  reason: z.string().optional(),
  approver: z.string().optional(),
  until: z.string().optional(),
  review: z.string().optional(),
  compensating: z.string().optional(),
  level: z.string().optional(),
  state: z.enum(["in-force", "ends-soon", "not-in-force"]),
  /** Whole days from the report's day to its end; negative when it has passed. */
  days: z.int().optional(),
  why: z.string().optional(),
  where: placeSchema,
});

const systemSchema = z.object({
  name: z.string(),
  modelFiles: list(z.string()),
  /** Set where the model stands in another repository. */
  home: z.string().optional(),
  hasModel: z.boolean(),
  owner: z.string().optional(),
  description: z.string().optional(),
  riskClass: z.string().optional(),
  riskClassBecause: z.string().optional(),
  regulations: list(z.string()),
  indicators: list(z.object({ id: z.enum(indicatorIds), rag: z.enum(rags), why: z.string() })),
  deliverables: list(
    z.object({
      id: z.enum(deliverableIds),
      state: z.enum(deliverableStates),
      isComplete: z.boolean(),
      where: placeSchema.optional(),
      lacking: list(z.string()),
    }),
  ),
  threats: list(threatSchema),
  acceptances: list(acceptanceSchema),
  /** What the model says about its own reviews: claims of its author. */
  reviews: list(
    z.object({
      by: z.string().optional(),
      role: z.string().optional(),
      on: z.string().optional(),
      commit: z.string().optional(),
      outcome: z.string().optional(),
    }),
  ),
  /** Requirements that the model speaks of and that no framework here holds. */
  unknownRequirements: list(z.string()),
  problems: list(z.string()),
});
export type EvidenceSystem = z.infer<typeof systemSchema>;

const changeSchema = z.object({
  kind: z.enum(["change", "incident", "intelligence"]),
  what: z.string(),
  path: z.string().optional(),
  elements: list(z.string()),
  system: z.string().optional(),
  came: commitSchema,
  /** `gap`: nothing covers it. `settled`: it asks nothing any more. */
  state: z.enum(["covered", "gap", "settled"]),
  by: z.object({ kind: z.enum(["update", "review"]), commit: commitSchema, days: z.int() }).optional(),
  why: z.string().optional(),
  /** Whole days since it came, to the end of the period. */
  days: z.int(),
  approval: approvalSchema,
  isUnverified: z.boolean(),
});
export type EvidenceChange = z.infer<typeof changeSchema>;

export const requirementStates = ["met", "planned", "gap", "unknown", "not-applicable", "not-addressed"] as const;
/** `met` says that what is recorded here is complete, and never that a law is complied with. */
export type RequirementState = (typeof requirementStates)[number];

const requirementSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(requirementStates),
  why: z.string(),
  /** Ids of the evidence themes through which threats reach it. */
  themes: list(z.string()),
  /** Ids of the threats that speak to it, and of those that are open or of unknown status. */
  threats: list(z.string()),
  open: list(z.string()),
  mitigated: count,
  accepted: count,
  controls: count,
  controlsInPlace: count,
  controlsValidated: count,
  /** What the model says: whether it applies, and why. */
  applies: z.enum(["yes", "no"]).optional(),
  justification: z.string().optional(),
});
export type EvidenceRequirement = z.infer<typeof requirementSchema>;

const frameworkSchema = z.object({
  id: z.string(),
  name: z.string(),
  requirements: list(requirementSchema),
  /** Ids of the requirements of which a model must say whether they apply. */
  applicability: list(z.string()),
});
export type EvidenceFramework = z.infer<typeof frameworkSchema>;

const recordSchema = z.object({
  id: z.int(),
  at: instant,
  pullRequest: z.int().nullable(),
  head: z.string(),
  conclusion: z.string(),
  mode: z.string(),
  /** Who let it through in an emergency, until when and why. */
  waived: z.object({ by: z.string(), until: z.string(), because: z.string() }).optional(),
  digest: z.string(),
});
export type EvidenceRecord = z.infer<typeof recordSchema>;

const recordsSchema = z.object({
  /** Records of the period. */
  count,
  waived: list(recordSchema),
  first: recordSchema.optional(),
  last: recordSchema.optional(),
  /** Set where the recomputed chain does not hold. */
  broken: z.object({ id: z.int(), why: z.string() }).optional(),
  /** Where the chain begins: with a repository's first assessment, or after records that were deleted for their age. */
  begins: z.string(),
});
export type EvidenceRecords = z.infer<typeof recordsSchema>;

/** The whole report. Fields may be added; none changes its meaning within a version. */
export const evidenceReportSchema = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal("threatgate-evidence-report"),
  repository: z.string(),
  madeAt: instant,
  /** A clone knows git alone; the service knows what GitHub said. */
  source: z.enum(["clone", "service"]),
  branch: z.string(),
  period: z.object({
    from: z.object({ asked: z.string().optional(), commit: z.string().optional(), at: instant.optional() }),
    to: z.object({ asked: z.string().optional(), commit: z.string(), at: instant }),
  }),
  versions: z.object({ threatgate: z.string(), rules: z.string() }),
  standard: z.string(),
  policy: z.object({ preset: z.string(), mode: z.string(), asksOwnerAndDay: z.boolean() }),
  /** What this report does not prove. */
  notProved: list(z.string()),
  /** What could not be told here, and why. */
  unknown: list(z.string()),
  systems: list(systemSchema),
  changes: list(changeSchema),
  components: componentsSchema,
  /** The evidence themes by which threats reach requirements. */
  themes: list(z.object({ id: z.string(), name: z.string() })),
  frameworks: list(frameworkSchema),
  records: recordsSchema.optional(),
});
export type EvidenceReport = z.infer<typeof evidenceReportSchema>;

/** The published JSON Schema of the report. Draft 2020-12. */
export function evidenceReportJsonSchema(): object {
  return {
    title: "Threatgate evidence report",
    description: "What `threatgate evidence --format json` prints.",
    ...z.toJSONSchema(evidenceReportSchema),
  };
}
