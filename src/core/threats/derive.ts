import type { ChangedElement } from "../domain/change.ts";
import type { Fact } from "../domain/fact.ts";
import type { Place } from "../domain/problem.ts";
import { type RiskLevel, riskOf } from "../domain/risk.ts";
import type { ThreatRule } from "../domain/rules.ts";
import type { Threat } from "../domain/threat.ts";
import { threatId } from "../domain/threat-id.ts";
import type { Answer } from "./answers.ts";
import { applies, cannotApply, mitigation } from "./applies.ts";
import type { MissingFact } from "./checklist.ts";
import type { FactTable } from "./conditions.ts";
import { rate, riskAlone } from "./risk.ts";
import { sampleFor } from "./sample-for.ts";

/** An element with all that is known of it: what threats are derived for. */
export interface Subject {
  readonly element: ChangedElement & { readonly id: string };
  /** What its threats' ids rest on, where another part of the model has the same id. */
  readonly key?: string;
  readonly facts: FactTable;
  /** Where its threats arise when no change says better. */
  readonly place: Place;
}

/** What a rule says of every element with the same facts, wherever they are stated. */
export interface Outcome {
  /** `there`: the threat exists · `undecided`: that depends on facts that nobody stated. */
  readonly is: "there" | "undecided";
  readonly risk: RiskLevel;
  /** Facts that would tell whether it exists, or where it does, whether it is already answered; empty when that is decided. */
  readonly missing: readonly MissingFact[];
}

/** What one rule says of an element with these facts; undefined when it says nothing. */
export function outcomeOf(rule: ThreatRule, facts: FactTable): Outcome | undefined {
  if (cannotApply(rule, facts)) return undefined;
  const verdict = applies(rule, facts);
  const risk = riskAlone(rule, facts);
  const missingOf = (names: readonly string[]): readonly MissingFact[] => names.map((fact) => ({ fact, risk }));
  if (verdict.is === "not stated") return { is: "undecided", risk, missing: missingOf(verdict.missing) };
  return { is: "there", risk, missing: missingOf(mitigation(rule, facts).missing) };
}

/**
 * Draws up the threat of a rule that applies to a subject, at the place where it arises. The answer of the model is put on
 * afterwards by `withAnswer`.
 */
export function threatOf(rule: ThreatRule, subject: Subject, place: Place): Threat {
  const verdict = applies(rule, subject.facts);
  const answered = mitigation(rule, subject.facts);
  const rated = rate(rule, subject.facts);
  const open = answered.is !== "yes";
  const unstated = answered.missing.map((fact): Fact => ({ fact, is: "not stated" }));
  const sample = sampleFor(rule.sample, place.path, subject.element.type);
  return {
    id: threatId(rule.id, subject.key ?? subject.element.id),
    rule: rule.id,
    element: subject.element,
    stride: rule.stride,
    title: rule.title,
    reason: rule.why,
    impact: rated.impact,
    likelihood: rated.likelihood,
    risk: rated.risk,
    drivers: rated.drivers,
    status: open ? "open" : "mitigated",
    ...(answered.control !== undefined && { answeredBy: answered.control }),
    // A fact that follows from the kind of thing has no place of its own: the element's is the nearest.
    ...(!open && { statusPlace: answered.decided.find((fact) => fact.where)?.where ?? subject.place }),
    why: distinct([...verdict.decided, ...answered.decided, ...unstated, ...rated.facts]),
    countermeasure: rule.countermeasure,
    acceptanceTest: rule.acceptance,
    story: rule.story,
    ...(sample && { sample: { language: sample.language, code: sample.code } }),
    training: rule.training,
    cwe: rule.cwe,
    capec: rule.capec,
    asvs: rule.asvs,
    attack: rule.attack,
    theme: rule.theme,
    place,
  };
}

/** The threat as the people's answer leaves it: their status, their rating, their words. */
export function withAnswer(threat: Threat, answer: Answer | undefined): Threat {
  if (!answer) return threat;
  const impact = answer.impact ?? threat.impact;
  const likelihood = answer.likelihood ?? threat.likelihood;
  const title = answer.title ?? threat.title;
  const rated = { ...threat, title, impact, likelihood, risk: riskOf(impact, likelihood) };
  // A model that leaves a threat open does not take back what a stated fact already answers.
  if (threat.status === "mitigated" && (answer.status === "open" || answer.status === "unknown")) return rated;
  return { ...rated, status: answer.status === "unknown" ? "open" : answer.status, statusPlace: answer.place };
}

function distinct(facts: readonly Fact[]): readonly Fact[] {
  const seen = new Map<string, Fact>();
  for (const fact of facts) if (!seen.has(fact.fact)) seen.set(fact.fact, fact);
  return [...seen.values()];
}
