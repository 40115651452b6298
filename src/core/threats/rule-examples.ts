import type { Rules, ThreatRule } from "../domain/rules.ts";
import { askedBy } from "./applies.ts";
import { compileRules } from "./compile.ts";
import { outcomeOf, threatOf } from "./derive.ts";
import { profileOf } from "./profile.ts";

type ThreatExample = ThreatRule["examples"]["fires"][number];

/** What became of one example of a threat rule. */
export interface ThreatExampleResult {
  readonly example: ThreatExample;
  readonly expected: "fires" | "silent";
  readonly passed: boolean;
  /** `open`, `answered` by the example's facts, or `silent`. */
  readonly outcome: "open" | "answered" | "silent";
}

/** Runs a rule's own examples: each `fires` must leave the threat open, each `silent` must not. */
export function runThreatExamples(rule: ThreatRule, rules: Rules): readonly ThreatExampleResult[] {
  const run = (example: ThreatExample, expected: "fires" | "silent"): ThreatExampleResult => {
    const outcome = outcomeOfExample(rule, example, rules);
    return { example, expected, outcome, passed: expected === "fires" ? outcome === "open" : outcome !== "open" };
  };
  return [
    ...rule.examples.fires.map((example) => run(example, "fires")),
    ...rule.examples.silent.map((example) => run(example, "silent")),
  ];
}

/** What a rule says of the element of one example. */
export function outcomeOfExample(
  rule: ThreatRule,
  example: ThreatExample,
  rules: Rules,
): ThreatExampleResult["outcome"] {
  const element = { ...example.element, id: "example", name: "example" };
  if (!rule.appliesTo.elements.includes(element.type)) return "silent";
  const asked = example.changes?.some((id) => askedBy({ rule: id, stride: [rule.stride] }, [rule]).length > 0) ?? true;
  if (!asked) return "silent";
  // Compiling says which rule cannot be evaluated, before one of them is.
  compileRules(rules);
  const profile = profileOf(undefined, undefined);
  const facts = new Map([
    ...profile.facts(element.type).map((fact) => [fact.fact, fact] as const),
    ...Object.entries(example.element.facts).map(([fact, is]) => [fact, { fact, is }] as const),
  ]);
  const subject = { element, facts, place: { path: "example" } };
  if (outcomeOf(rule, facts)?.is !== "there") return "silent";
  return threatOf(rule, subject, subject.place).status === "open" ? "open" : "answered";
}
