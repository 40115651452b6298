import { z } from "zod";
import { changeCategories, confidences, ruleModes } from "./change.ts";
import type { ClassificationRules } from "./classification.ts";
import { elementTypeIds } from "./element-type.ts";
import type { Framework } from "./framework.ts";
import { ratings } from "./risk.ts";
import { strideLetters } from "./stride.ts";

/*
 * The shapes of the files in `rules/`. One file is one rule with its words, its references and its own tests.
 * Ids are never reused. The contract tests read every file and run its examples.
 */

const ruleId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens");

/** How the two sides of a structural difference relate. */
export const differenceKinds = ["added", "removed", "changed", "raised-major", "raised", "lowered"] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

/**
 * A condition on one attribute of a structural item (see core/changes/structure.ts). Attribute names are dotted paths
 * and may be globs. Exactly the stated parts must hold. `is` and `matches` look at the value after the change,
 * `was` and `matched` at the value before; `changed: true` asks that the two differ.
 */
const attributeCondition = z.strictObject({
  attribute: z.string(),
  is: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
  was: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
  matches: z.string().optional(),
  matched: z.string().optional(),
  changed: z.boolean().optional(),
  present: z.boolean().optional(),
});
export type AttributeCondition = z.infer<typeof attributeCondition>;

/** Watches the difference of what a file means: a dependency, a resource, a service, an operation. */
const watchStructure = z.strictObject({
  /** Kind of item, for example `dependency`, `terraform-resource`, `compose-service`. */
  item: z.union([z.string(), z.array(z.string()).min(1)]),
  /** Globs on the item's type, for example `aws_s3_bucket` or a package name. */
  type: z.array(z.string()).optional(),
  /** Globs on the item's type that it must not match. */
  notType: z.array(z.string()).optional(),
  change: z.array(z.enum(differenceKinds)).min(1),
  /** All must hold. */
  all: z.array(attributeCondition).optional(),
  /** At least one must hold. */
  any: z.array(attributeCondition).optional(),
  /** None may hold. */
  none: z.array(attributeCondition).optional(),
});

/** Watches added or removed lines of source text by linear-time regular expressions (RE2 syntax). */
const watchText = z.strictObject({
  paths: z.array(z.string()).min(1),
  notPaths: z.array(z.string()).optional(),
  /** Patterns, one of which must match an added line. */
  added: z.array(z.string()).optional(),
  /** Patterns, one of which must match a removed line. */
  removed: z.array(z.string()).optional(),
  /** A line that matches one of these does not count. */
  unless: z.array(z.string()).optional(),
  /** Silent when the opposite side of the same file holds the same matched text (a move or a re-indent). */
  ignoreMoves: z.boolean().optional(),
  /** Looks at components and scripts of pages as well, which otherwise decide nothing that a server does not decide again. */
  inPages: z.boolean().optional(),
});

/** Watches whole files coming, going or changing. */
const watchFile = z.strictObject({
  paths: z.array(z.string()).min(1),
  notPaths: z.array(z.string()).optional(),
  status: z.array(z.enum(["added", "removed", "modified", "renamed"])).min(1),
});

/** Names a detector in core/changes/detectors/, for what YAML cannot say. */
const watchDetector = z.strictObject({ detector: z.string() });

export const watchSchema = z.strictObject({
  structure: z.union([watchStructure, z.array(watchStructure).min(1)]).optional(),
  text: z.union([watchText, z.array(watchText).min(1)]).optional(),
  file: watchFile.optional(),
  detector: watchDetector.shape.detector.optional(),
});

/** One example of a change rule: a file before and after, or a patch alone. */
const changeExample = z.strictObject({
  why: z.string(),
  path: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
  patch: z.string().optional(),
  /** GitHub's word for what became of the file; by default it follows from the texts or the patch. */
  status: z.enum(["added", "removed", "modified", "renamed", "changed"]).optional(),
  /** The path before a rename. */
  previousPath: z.string().optional(),
  /** Line in the new file where the rule must point, when that matters. */
  line: z.number().int().positive().optional(),
});
export type ChangeExample = z.infer<typeof changeExample>;

export const changeRuleSchema = z.strictObject({
  id: ruleId,
  /** Title template: `{name}`, `{type}` and attribute names in braces are filled in. */
  says: z.string().min(5),
  why: z.string().min(20),
  category: z.enum(changeCategories),
  /** False for what is recorded only (a development dependency, a patch bump). Default true. */
  significant: z.boolean().default(true),
  stride: z.array(z.enum(strideLetters)).min(1),
  element: z.strictObject({ type: z.enum(elementTypeIds), name: z.string().optional() }),
  /** What it sees may be a part of something else: beside the new thing that it belongs to it is credited, not asked about. */
  companion: z.boolean().optional(),
  /** It is asked about only where no other rule asks: for what sees in general what others see by its form. */
  givesWay: z.boolean().optional(),
  watch: watchSchema,
  asks: z.string().min(10),
  confidence: z.enum(confidences),
  mode: z.enum(ruleModes).default("comment"),
  /** Facts that the change states, by attribute condition: `fact: encrypted-at-rest, is: yes, when: {...}`. */
  facts: z
    .array(z.strictObject({ fact: z.string(), is: z.enum(["yes", "no"]), when: attributeCondition.optional() }))
    .default([]),
  falsePositives: z.string().optional(),
  examples: z.strictObject({ fires: z.array(changeExample).min(1), silent: z.array(changeExample).min(1) }),
});
export type ChangeRule = z.infer<typeof changeRuleSchema>;

/** A predicate over three-valued facts: every part that is stated must hold. */
const factCondition = z.strictObject({
  /** Facts that must be yes. */
  yes: z.array(z.string()).optional(),
  /** Facts that must be no. */
  no: z.array(z.string()).optional(),
  /** Facts of which at least one must be yes. */
  anyYes: z.array(z.string()).optional(),
  /** Facts of which at least one must be no. */
  anyNo: z.array(z.string()).optional(),
});
export type FactCondition = z.infer<typeof factCondition>;

const threatExample = z.strictObject({
  why: z.string(),
  element: z.strictObject({
    type: z.enum(elementTypeIds),
    /** Fact to `yes` or `no`; everything else is not stated. */
    facts: z.record(z.string(), z.enum(["yes", "no"])).default({}),
  }),
  /** Ids of change rules that raised the element, for threats asked only of such changes. */
  changes: z.array(z.string()).optional(),
});

export const threatRuleSchema = z.strictObject({
  id: ruleId,
  /** The outcome, not the attack: "Bucket readable by anyone who finds its name". */
  title: z.string().min(10).max(120),
  why: z.string().min(20),
  stride: z.enum(strideLetters),
  appliesTo: z.strictObject({
    elements: z.array(z.enum(elementTypeIds)).min(1),
    when: factCondition.optional(),
    /** Ids (or globs) of change rules: where given, the threat is asked of a change only when one of them saw it. */
    changes: z.array(z.string()).optional(),
    /**
     * Ids (or globs) of change rules that are about this very threat. Unlike `changes` it restricts nothing: of such a
     * change only the threats that name it, here or in `changes`, are asked.
     */
    about: z.array(z.string()).optional(),
    /** The element or flow must cross a trust boundary. */
    crossesBoundary: z.boolean().optional(),
  }),
  /** Any one that holds answers the threat. */
  mitigatedBy: z.array(factCondition.extend({ control: z.string() })).default([]),
  /** Each that holds raises or lowers the rating by one step and is named as a driver. */
  aggravatedBy: z
    .array(
      factCondition.extend({
        driver: z.string(),
        raises: z.enum(["likelihood", "impact"]),
        by: z.union([z.literal(1), z.literal(-1)]).default(1),
        because: z.string(),
      }),
    )
    .default([]),
  likelihood: z.enum(ratings),
  impact: z.enum(ratings),
  cwe: z.array(z.string().regex(/^CWE-\d+$/)),
  capec: z.array(z.string().regex(/^CAPEC-\d+$/)).default([]),
  asvs: z.array(z.string().regex(/^V\d+\.\d+\.\d+$/)).default([]),
  attack: z.array(z.string().regex(/^(T\d{4}(\.\d{3})?|AML\.T\d{4}(\.\d{3})?)$/)).default([]),
  theme: z.string(),
  countermeasure: z.string().min(15),
  story: z.strictObject({
    as: z.string(),
    need: z.string(),
    so: z.string(),
    acceptance: z.array(z.string()).min(3).max(5),
  }),
  sample: z.array(z.strictObject({ stack: z.string(), language: z.string(), code: z.string() })).default([]),
  /** The acceptance test in one line, for the table. */
  acceptance: z.string().min(15).max(200),
  /** How to test it in a pipeline, where that differs from the acceptance test. */
  test: z.string().optional(),
  training: z.strictObject({ title: z.string(), url: z.url() }),
  falsePositives: z.string(),
  examples: z.strictObject({ fires: z.array(threatExample).min(1), silent: z.array(threatExample).min(1) }),
});
export type ThreatRule = z.infer<typeof threatRuleSchema>;

/** A fact that rules may speak of: its name, the question that asks it, and what it means. */
export const factDefinitionSchema = z.strictObject({
  fact: ruleId,
  means: z.string(),
  asks: z.string(),
  /** False for what nobody is asked: words of the model or the files state it. Default true. */
  asked: z.boolean().optional(),
  /** Words in element, technology, flow or data names of a model that state it; RE2 syntax, case-blind. */
  statedBy: z.array(z.string()).default([]),
  /** Words that state the opposite; they win over `statedBy`. RE2 syntax, case-blind. */
  deniedBy: z.array(z.string()).optional(),
});
export type FactDefinition = z.infer<typeof factDefinitionSchema>;

/** The words for how much work a countermeasure is. */
export const efforts = ["hours", "days", "weeks"] as const;
export type Effort = (typeof efforts)[number];

/** What it takes to make a protective fact true of an element. Opinions of ours, said plainly; a team's own estimate is better. */
export const countermeasureDefinitionSchema = z.strictObject({
  fact: ruleId,
  /** As an instruction: "Encrypt connections". */
  does: z.string().min(5).max(120),
  effort: z.enum(efforts),
  /** What the effort is spent on. */
  takes: z.string().min(10),
});
export type CountermeasureDefinition = z.infer<typeof countermeasureDefinitionSchema>;

/** One evidence theme: a name, and by framework the ids of the requirements that it gives evidence for. */
export const evidenceThemeSchema = z.looseObject({ id: z.string(), name: z.string() });
export type EvidenceTheme = z.infer<typeof evidenceThemeSchema>;

/** One of the eight deliverables in words: what the standard asks, and the sentences shown when it lacks. */
export const deliverableRuleSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  source: z.string(),
  musts: z.array(
    z.strictObject({ id: ruleId, asks: z.string(), lacking: z.string(), example: z.string(), source: z.string() }),
  ),
});
export type DeliverableRule = z.infer<typeof deliverableRuleSchema>;

/** All rules in force, already checked. Passed to everything that judges; nothing reads rules from elsewhere. */
export interface Rules {
  /** Version of the rule set: a digest over all rule texts, so that the same rules always name themselves alike. */
  readonly version: string;
  readonly changes: readonly ChangeRule[];
  readonly threats: readonly ThreatRule[];
  readonly facts: readonly FactDefinition[];
  readonly deliverables: readonly DeliverableRule[];
  /**
   * Rules of the organisation and the repository. They are matched and weighed beside the shipped ones, never among them,
   * so that what a shipped rule says does not depend on what others wrote.
   */
  readonly own?: Rules;
  /** How systems are classified; without it each has the class that its policy gives it. */
  readonly classification?: ClassificationRules;
  /** Evidence themes with the requirements they answer, from `catalogues/evidence-themes.json`. */
  readonly themes?: readonly EvidenceTheme[];
  /** Laws and standards that evidence is reported by, from `catalogues/frameworks.json`. */
  readonly frameworks?: readonly Framework[];
  /** What it takes to make a protective fact true, from `countermeasures.yml`. */
  readonly countermeasures?: readonly CountermeasureDefinition[];
}
