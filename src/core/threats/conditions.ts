import type { Fact, FactValue } from "../domain/fact.ts";
import type { FactCondition } from "../domain/rules.ts";

/** What is known about one element, by fact name. A name that is absent was not stated. */
export type FactTable = ReadonlyMap<string, Fact>;

/** The answer of a predicate: yes, no or not stated, with the facts that decided it or would decide it. */
export interface Verdict {
  readonly is: FactValue;
  /** For yes and no: the facts that made it so. */
  readonly decided: readonly Fact[];
  /** For "not stated": the names of the facts that are missing. */
  readonly missing: readonly string[];
}

/** The fact as the table has it, or as "not stated". */
export function factIn(table: FactTable, name: string): Fact {
  return table.get(name) ?? { fact: name, is: "not stated" };
}

/**
 * Kleene's three-valued logic over a condition: a part that is no makes it no, whatever is missing; a missing fact
 * leaves it undecided only when nothing else decides. A condition without parts holds.
 */
export function holds(condition: FactCondition, table: FactTable): Verdict {
  return all([
    ...(condition.yes ?? []).map((name) => single(name, "yes", table)),
    ...(condition.no ?? []).map((name) => single(name, "no", table)),
    ...(condition.anyYes ? [any(condition.anyYes.map((name) => single(name, "yes", table)))] : []),
    ...(condition.anyNo ? [any(condition.anyNo.map((name) => single(name, "no", table)))] : []),
  ]);
}

/** All must be yes. One no decides alone. */
export function all(parts: readonly Verdict[]): Verdict {
  const refused = parts.filter((part) => part.is === "no");
  if (refused.length > 0) return { is: "no", decided: refused.flatMap((part) => part.decided), missing: [] };
  const missing = parts.flatMap((part) => part.missing);
  if (missing.length > 0) return { is: "not stated", decided: [], missing };
  return { is: "yes", decided: parts.flatMap((part) => part.decided), missing: [] };
}

/** One must be yes. One yes decides alone; without parts it is no. */
export function any(parts: readonly Verdict[]): Verdict {
  const held = parts.filter((part) => part.is === "yes");
  if (held.length > 0) return { is: "yes", decided: held.flatMap((part) => part.decided), missing: [] };
  // Any one of them would decide: asking for the first two is enough, the others come up when those are answered "no".
  const missing = parts.flatMap((part) => part.missing).slice(0, 2);
  if (missing.length > 0) return { is: "not stated", decided: [], missing };
  return { is: "no", decided: parts.flatMap((part) => part.decided), missing: [] };
}

function single(name: string, wanted: "yes" | "no", table: FactTable): Verdict {
  const fact = factIn(table, name);
  if (fact.is === "not stated") return { is: "not stated", decided: [], missing: [name] };
  return { is: fact.is === wanted ? "yes" : "no", decided: [fact], missing: [] };
}

/** Every fact name that a condition speaks of. */
export function namesIn(condition: FactCondition): readonly string[] {
  return [...(condition.yes ?? []), ...(condition.no ?? []), ...(condition.anyYes ?? []), ...(condition.anyNo ?? [])];
}
