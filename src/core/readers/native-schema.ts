import { z } from "zod";
import { elementTypeIds } from "../domain/element-type.ts";
import { factValues } from "../domain/fact.ts";
import { ratings, riskLevels } from "../domain/risk.ts";
import { statedRating } from "../domain/risk-scales.ts";
import { strideLetters } from "../domain/stride.ts";
import { threatStatuses } from "../domain/threat.ts";
import { controlStatuses } from "../domain/threat-model.ts";

/*
 * The shape of `threat-model.yaml`. Field names are fixed by the interfaces; unknown keys are problems. Every part has a
 * schema of its own, so that one faulty part never costs the rest of the file.
 */

/** Ids that people type and issues carry (H052): Latin letters, digits, dot, underscore, hyphen, at most 64. */
export const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const idSays = "1 to 64 of A-Z a-z 0-9 . _ - and starts with a letter or digit";

const id = z
  .string()
  .regex(idPattern, idSays)
  .describe("Stable name of this part; other parts and issues refer to it.");
const reference = z.string().regex(idPattern, idSays);
const line = z.string().min(1).max(500);
const prose = z.string().min(1).max(20_000);
const lines = z.array(line).max(500);
const references = z.array(reference).max(500);

/** A day that exists, between 2000 and 2100 (H069). */
const day = z
  .string()
  .regex(/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "a day written YYYY-MM-DD")
  .refine(isRealDay, "a day that exists")
  .describe("A day, written YYYY-MM-DD.");

function isRealDay(text: string): boolean {
  const [year = 0, month = 0, date = 0] = text.split("-").map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return date <= days;
}

const facts = z
  .record(
    z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens"),
    z.union([z.enum(factValues), z.boolean()]),
  )
  .describe("What is known: fact to yes, no or not stated.");

const stride = z
  .union([z.enum(strideLetters), z.array(z.enum(strideLetters)).min(1).max(6)])
  .describe("S, T, R, I, D, E or a list of them.");

/** The system as a whole. */
export const systemSchema = z.strictObject({
  id: id.optional(),
  name: line.optional(),
  description: prose.optional().describe("What it does and for whom, in a few sentences."),
  owner: line.optional().describe("Team or person who answers for this model."),
  users: lines.optional().describe("User roles and outside actors."),
  data: z
    .array(
      z.strictObject({
        name: line,
        classification: line.optional().describe("Sensitivity, for example public, internal, confidential, personal."),
      }),
    )
    .max(200)
    .optional(),
  links: lines.optional().describe("Architecture documentation: paths in the repository or addresses."),
  exposure: line.optional().describe("Who can reach it, for example internet, partners, internal."),
  criticality: line.optional().describe("What an outage or a breach would mean, for example low, medium, high."),
  regulations: lines.optional().describe("Laws and standards it has to meet, for example gdpr, cra, nis2, or none."),
  updated: day.optional().describe("Day of the model's last update, as its owner states it. It never proves currency."),
});

const formerly = references.optional().describe("Ids that it had before; answers given under them still count.");

export const elementSchema = z.strictObject({
  id,
  formerly,
  type: z.enum(elementTypeIds),
  name: line.optional(),
  technology: line.optional(),
  boundary: reference.optional().describe("Id of the boundary it lies in."),
  data: lines.optional().describe("Names of the data it holds or handles."),
  files: lines.optional().describe("Repository paths or globs that implement it."),
  facts: facts.optional(),
});

export const flowSchema = z.strictObject({
  id,
  formerly,
  name: line.optional(),
  from: reference,
  to: reference,
  data: lines.optional(),
  protocol: line.optional(),
  facts: facts.optional(),
});

export const boundarySchema = z.strictObject({ id, name: line.optional(), parent: reference.optional() });

export const threatSchema = z.strictObject({
  id,
  element: reference.optional().describe("Id of the element, flow or boundary it concerns."),
  stride: stride.optional(),
  title: line.optional(),
  description: prose.optional(),
  impact: z.enum(ratings).optional(),
  likelihood: z.enum(ratings).optional(),
  risk: z
    .enum(riskLevels)
    .optional()
    .describe("The risk as a whole, where impact and likelihood are not told apart. Both of these win over it."),
  rating: line
    .refine(
      (text) => statedRating(text) !== undefined,
      'a CVSS vector, OWASP Risk Rating factors, or "likelihood 4/5, impact 3/5"',
    )
    .optional()
    .describe("A rating in another scale: CVSS, OWASP Risk Rating, 5×5. Impact and likelihood win over it."),
  status: z.enum(threatStatuses).optional().describe("open unless said otherwise."),
  controls: references.optional(),
  reason: prose.optional().describe("Why it is accepted or not applicable."),
  owner: line.optional().describe("Who treats it."),
  due: day.optional().describe("The day by which it is treated."),
  theme: z
    .string()
    .regex(/^[A-Z]{2,20}$/, "the id of an evidence theme, such as AUTHN")
    .optional()
    .describe("The evidence theme it belongs to, where the evidence report cannot tell by itself."),
});

export const controlSchema = z.strictObject({
  id,
  title: line,
  status: z.enum(controlStatuses).optional(),
  evidence: z.union([line, lines]).optional().describe("Paths, links or texts that show it."),
});

export const storySchema = z.strictObject({
  id,
  threats: references.optional(),
  as: line.optional(),
  need: prose.optional(),
  so: prose.optional(),
  acceptance: z.array(prose).max(100).optional(),
  issue: line.optional().describe("Link or number of the work item."),
});

export const validationSchema = z.strictObject({
  id,
  control: reference.optional(),
  kind: line.optional().describe("automated-test, exploratory-test, logging-check, scan, review …"),
  how: prose.optional(),
  result: line.optional(),
  date: day.optional(),
});

export const acceptanceSchema = z.strictObject({
  threat: reference,
  reason: prose.optional(),
  compensating: prose.optional(),
  level: z.enum(["low", "medium", "high", "critical"]).optional(),
  approver: line.optional(),
  until: day.optional(),
  review: day.optional(),
});

export const reviewSchema = z.strictObject({
  by: line.optional(),
  role: line.optional(),
  on: day.optional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, "a commit's hexadecimal digest")
    .optional(),
  outcome: line.optional(),
});

export const requirementSchema = z.strictObject({
  requirement: line.describe("Its id, as the evidence report writes it: I.1(2)(g), 21(2)(d), A.8.24."),
  applies: z.union([z.enum(["yes", "no"]), z.boolean()]).describe("Whether it applies to this system."),
  because: prose.optional().describe("Why it does not apply, or how it is met."),
});

export const answerSchema = z.strictObject({
  fact: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens")
    .describe("The fact asked for."),
  element: reference.optional().describe("Id of the element or flow it is asked of; the system when left out."),
  asks: prose.optional().describe("The question in words."),
  choices: lines.optional().describe("Answers to choose from."),
  answer: z
    .union([line, z.boolean(), lines])
    .optional()
    .describe("One of the choices; leave `not stated` while unknown."),
});

/** Lists of the file and the schema of their entries, in the order in which people read them. */
export const partSchemas = {
  elements: elementSchema,
  flows: flowSchema,
  boundaries: boundarySchema,
  threats: threatSchema,
  controls: controlSchema,
  stories: storySchema,
  validations: validationSchema,
  acceptances: acceptanceSchema,
  reviews: reviewSchema,
  requirements: requirementSchema,
  questionnaire: answerSchema,
} as const;

export const draftIdSchema = reference;
/** Path of another model file: relative, forward slashes, staying inside the repository (H067). */
export const importSchema = z
  .string()
  .min(1)
  .max(500)
  .refine((path) => !/^[/\\]|^[A-Za-z]:|\\|%|\0/.test(path), "a path relative to this file, with forward slashes");

const partLimit = 5_000;

/** The whole file. */
export const nativeSchema = z.strictObject({
  schemaVersion: z.literal(1),
  system: systemSchema.optional(),
  elements: z.array(elementSchema).max(partLimit).optional(),
  flows: z.array(flowSchema).max(partLimit).optional(),
  boundaries: z.array(boundarySchema).max(partLimit).optional(),
  threats: z.array(threatSchema).max(partLimit).optional(),
  controls: z.array(controlSchema).max(partLimit).optional(),
  stories: z.array(storySchema).max(partLimit).optional(),
  validations: z.array(validationSchema).max(partLimit).optional(),
  acceptances: z.array(acceptanceSchema).max(partLimit).optional(),
  reviews: z.array(reviewSchema).max(partLimit).optional(),
  requirements: z
    .array(requirementSchema)
    .max(partLimit)
    .optional()
    .describe("Requirements of laws and standards: whether each applies, and why."),
  questionnaire: z
    .array(answerSchema)
    .max(partLimit)
    .optional()
    .describe("What nobody stated yet: questions, and their answers once they are known."),
  drafts: z
    .array(draftIdSchema)
    .max(partLimit)
    .optional()
    .describe("Ids of parts drafted by a machine and not yet confirmed by a person."),
  imports: z.array(importSchema).max(50).optional().describe("Other model files, relative to this one."),
});

/** Keys that may stand at the top of the file. */
export const nativeKeys: readonly string[] = Object.keys(nativeSchema.shape);

/** The published JSON Schema of `threat-model.yaml`, for editors. Draft 2020-12. */
export function nativeJsonSchema(): object {
  return {
    title: "Threatgate threat model",
    description: "A threat model kept beside the code: threat-model.yaml.",
    ...z.toJSONSchema(nativeSchema, { io: "input" }),
  };
}
