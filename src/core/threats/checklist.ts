import type { ChangedElement } from "../domain/change.ts";
import type { Place } from "../domain/problem.ts";
import { type RiskLevel, ratings, riskLevels } from "../domain/risk.ts";
import { strideLetters } from "../domain/stride.ts";
import type { Question, Threat } from "../domain/threat.ts";
import type { CompiledRules } from "./compile.ts";

/** As many facts as one question asks for: who is asked more answers nothing. */
export const mostFactsAsked = 3;

/** Highest risk first, then what is likelier, then the order of STRIDE, then by id: the same input, the same order. */
export function highestFirst(threats: readonly Threat[]): readonly Threat[] {
  return [...threats].sort(
    (a, b) =>
      riskLevels.indexOf(b.risk) - riskLevels.indexOf(a.risk) ||
      ratings.indexOf(b.likelihood) - ratings.indexOf(a.likelihood) ||
      strideLetters.indexOf(a.stride) - strideLetters.indexOf(b.stride) ||
      compare(a.rule, b.rule) ||
      compare(a.element.id, b.element.id),
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** A fact that nobody stated, and the highest risk of the threats that wait for it. */
export interface MissingFact {
  readonly fact: string;
  readonly risk: RiskLevel;
}

/**
 * One question for an element: the facts that would decide most, at most three. Undefined when nothing is missing that
 * a person could tell.
 */
export function groupedQuestion(
  element: ChangedElement & { readonly id: string },
  place: Place,
  missing: readonly MissingFact[],
  compiled: CompiledRules,
): Question | undefined {
  const weights = new Map<string, number>();
  for (const { fact, risk } of missing) {
    if (compiled.facts.get(fact)?.asked === false) continue;
    weights.set(fact, (weights.get(fact) ?? 0) + 4 ** riskLevels.indexOf(risk));
  }
  const facts = [...weights]
    .sort((a, b) => b[1] - a[1] || compare(a[0], b[0]))
    .slice(0, mostFactsAsked)
    .map(([fact]) => fact);
  if (facts.length === 0) return undefined;
  const clauses = facts.map((fact) => clause(compiled.facts.get(fact)?.asks ?? fact));
  return { element, facts, asks: `${element.name}: ${sentence(clauses)}?`, place };
}

function clause(question: string): string {
  const bare = question.replace(/\?$/, "");
  return bare.charAt(0).toLowerCase() + bare.slice(1);
}

function sentence(clauses: readonly string[]): string {
  const last = clauses.at(-1) ?? "";
  return clauses.length === 1 ? last : `${clauses.slice(0, -1).join(", ")}, and ${last}`;
}
