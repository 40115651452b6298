import { z } from "zod";
import type { Place } from "./problem.ts";

/** The classes of systems, least at risk first. Names are the policy's (`systems[].riskClass`). */
export const riskClasses = ["low", "medium", "high"] as const;
export type RiskClass = (typeof riskClasses)[number];

/** Risks that work and acceptances are decided by, lowest first: those of a policy's `riskThreshold`. */
const decidedRisks = ["low", "medium", "high", "critical"] as const;
export type DecidedRisk = (typeof decidedRisks)[number];

const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens");

/** One thing that must be known of a system to classify it, with the answers that people may give. */
const systemFactSchema = z.strictObject({
  fact: name,
  /** The question, as the questionnaire asks it. */
  asks: z.string().min(10),
  /** Several answers may hold at once, such as laws; otherwise the first of `answers` that is stated counts. */
  several: z.boolean().default(false),
  /** The gravest first. */
  answers: z
    .array(
      z.strictObject({
        answer: name,
        means: z.string().min(5),
        /** Words of the model that state it; RE2 syntax, case-blind. */
        words: z.array(z.string()).default([]),
        /** Facts of elements that state it when one of them is yes. */
        facts: z.array(z.string()).default([]),
        /** It counts even where another entry is not understood: one store of personal data is enough. */
        alone: z.boolean().default(false),
      }),
    )
    .min(2),
});
export type SystemFact = z.infer<typeof systemFactSchema>;

/** A rule: where each fact named has one of the answers listed, the system is at least of this class. */
const classRuleSchema = z.strictObject({
  id: name,
  when: z.record(name, z.array(name).min(1)),
  class: z.enum(riskClasses),
  because: z.string().min(10),
});
export type ClassRule = z.infer<typeof classRuleSchema>;

/** The role whose holders the policy names under `architects`; every other word is a role that a counted peer may take. */
const architectRole = "security-architect";

/**
 * A role that may approve an acceptance. Whatever reads like the architect's, or like nobody's, and is not spelt so is none:
 * it would let every peer approve what only an architect was to.
 */
export const roleSchema = z
  .string()
  .max(100)
  .refine(
    (role) => role === architectRole || !/archi|^secur[a-z]*[-_ ]?ar|^(?:none|nobody|no[-_ ]?one)$/i.test(role),
    `\`${architectRole}\`, spelt so, or another role, which any counted peer may take`,
  );

/** What a class decides. A policy that sets `riskThreshold` or `acceptance.approvers` itself is not overruled. */
const consequenceSchema = z.strictObject({
  class: z.enum(riskClasses),
  /** Open threats from this risk on count, in place of a policy's default. */
  threshold: z.enum(decidedRisks).optional(),
  /** `always`, `from-high` (a threat of high risk or above) or `never`: when a Security Architect is asked for review. */
  architect: z.enum(["always", "from-high", "never"]),
  /** Roles that may approve the acceptance of each risk, in place of a policy's default. */
  approvers: z.partialRecord(z.enum(decidedRisks), z.array(roleSchema).min(1)).optional(),
});
export type ClassConsequence = z.infer<typeof consequenceSchema>;

/** A law or standard whose requirements join the countermeasures of the systems it applies to. */
const regulationSchema = z.strictObject({
  id: name,
  name: z.string(),
  /** Where the requirements of each evidence theme stand: a field of `catalogues/evidence-themes.json`, or given here. */
  themes: z.union([z.string(), z.record(z.string(), z.array(z.string()).min(1))]),
});

/** `rules/classification.yml`: how systems are classified, and what follows. Data, so that an organisation may replace it. */
export const classificationRulesSchema = z
  .strictObject({
    source: z.string(),
    facts: z.array(systemFactSchema).min(1),
    rules: z.array(classRuleSchema).min(1),
    /** The class of a system of which too little is stated, and of one that no rule names. */
    otherwise: z.enum(riskClasses),
    classes: z.array(consequenceSchema).length(riskClasses.length),
    regulations: z.array(regulationSchema).default([]),
  })
  .superRefine((given, context) => {
    const answers = new Map(given.facts.map(({ fact, answers: known }) => [fact, known.map(({ answer }) => answer)]));
    for (const [index, rule] of given.rules.entries()) {
      for (const [fact, wanted] of Object.entries(rule.when)) {
        const known = answers.get(fact);
        const strange = known === undefined ? fact : wanted.find((one) => !known.includes(one));
        if (strange === undefined) continue;
        const message =
          known === undefined
            ? `a fact that stands under \`facts\`, and \`${fact}\` does not`
            : `a list of answers of \`${fact}\`, and \`${strange}\` is none`;
        context.addIssue({ code: "custom", path: ["rules", index, "when", fact], message });
      }
    }
    for (const one of riskClasses) {
      if (!given.classes.some((consequence) => consequence.class === one))
        context.addIssue({
          code: "custom",
          path: ["classes"],
          message: `one entry for each class, and \`${one}\` has none`,
        });
    }
  });
export type ClassificationRules = z.infer<typeof classificationRulesSchema>;

/** One fact of a system as it was found, or not. */
export interface KnownSystemFact {
  readonly fact: string;
  /** The answers that hold; empty when nothing states it. */
  readonly answers: readonly string[];
  /** What was read, and where. */
  readonly stated: readonly { readonly text: string; readonly place: Place }[];
}

/** A question of the questionnaire: a fact of the system that nothing states and that would matter. */
export interface SystemQuestion {
  readonly fact: string;
  readonly asks: string;
  readonly choices: readonly { readonly answer: string; readonly means: string }[];
  /** What somebody answered that is none of the choices. */
  readonly notUnderstood?: string;
}

/** The class of one system with everything that decided it. */
export interface Classification {
  readonly riskClass: RiskClass;
  /** `policy` where the policy names the class; `rules` where facts decide; `unknown` where too little is stated. */
  readonly decidedBy: "policy" | "rules" | "unknown";
  /** One sentence: which facts, which rule. */
  readonly because: string;
  /** Id of the rule that decided; absent where none did. */
  readonly rule?: string;
  readonly facts: readonly KnownSystemFact[];
  /** Ids and names of the laws and standards that the model says apply. */
  readonly regulations: readonly { readonly id: string; readonly name: string; readonly place?: Place }[];
  readonly questions: readonly SystemQuestion[];
  /** Open threats from this risk on count. */
  readonly threshold: DecidedRisk;
  readonly architect: ClassConsequence["architect"];
  /** Roles that may approve the acceptance of each risk. */
  readonly approvers: Readonly<Partial<Record<DecidedRisk, readonly string[]>>>;
}
