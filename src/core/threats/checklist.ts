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

/** What is asked of an element: the facts, and the words for them. */
export interface GroupedFacts {
  readonly facts: readonly string[];
  readonly words: string;
}

/** The facts that would decide most, at most three; undefined when nothing is missing that a person could tell. */
export function groupedFacts(missing: readonly MissingFact[], compiled: CompiledRules): GroupedFacts | undefined {
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
  return { facts, words: sentence(facts.map((fact) => clause(compiled.facts.get(fact)?.asks ?? fact))) };
}

/** The one question for an element. */
export function questionOf(
  element: ChangedElement & { readonly id: string },
  place: Place,
  grouped: GroupedFacts | undefined,
): Question | undefined {
  return grouped && { element, facts: grouped.facts, asks: `${element.name}: ${grouped.words}?`, place };
}

function clause(question: string): string {
  const bare = question.replace(/\?$/, "");
  return bare.charAt(0).toLowerCase() + bare.slice(1);
}

function sentence(clauses: readonly string[]): string {
  const last = clauses.at(-1) ?? "";
  return clauses.length === 1 ? last : `${clauses.slice(0, -1).join(", ")}, and ${last}`;
}
