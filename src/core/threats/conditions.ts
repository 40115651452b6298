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

const held: Verdict = { is: "yes", decided: [], missing: [] };
/** Of several facts each of which would decide, asking for this many is enough: the others come up when those are "no". */
const enoughAlternatives = 2;

/**
 * Kleene's three-valued logic over a condition: a part that is no makes it no, whatever is missing; a missing fact
 * leaves it undecided only when nothing else decides. A condition without parts holds.
 */
export function holds(condition: FactCondition, table: FactTable): Verdict {
  const { yes, no, anyYes, anyNo } = condition;
  const kept: Fact[] = [];
  const refused: Fact[] = [];
  const missing: string[] = [];
  if (yes) each(yes, "yes", table, kept, refused, missing);
  if (no) each(no, "no", table, kept, refused, missing);
  if (anyYes) one(anyYes, "yes", table, kept, refused, missing);
  if (anyNo) one(anyNo, "no", table, kept, refused, missing);
  if (refused.length > 0) return { is: "no", decided: refused, missing: [] };
  if (missing.length > 0) return { is: "not stated", decided: [], missing };
  return kept.length === 0 ? held : { is: "yes", decided: kept, missing: [] };
}

function each(
  names: readonly string[],
  wanted: "yes" | "no",
  table: FactTable,
  kept: Fact[],
  refused: Fact[],
  missing: string[],
): void {
  for (const name of names) {
    const fact = table.get(name);
    if (!fact || fact.is === "not stated") missing.push(name);
    else if (fact.is === wanted) kept.push(fact);
    else refused.push(fact);
  }
}

function one(
  names: readonly string[],
  wanted: "yes" | "no",
  table: FactTable,
  kept: Fact[],
  refused: Fact[],
  missing: string[],
): void {
  const here: Fact[] = [];
  const others: Fact[] = [];
  const unstated: string[] = [];
  each(names, wanted, table, here, others, unstated);
  if (here.length > 0) kept.push(...here);
  else if (unstated.length > 0) missing.push(...unstated.slice(0, enoughAlternatives));
  else refused.push(...others);
}

/**
 * The answer of `holds` alone, without what decided it: most rules are silent about most elements, and building the
 * reasons for that would cost more than all the rest.
 */
export function truthOf({ yes, no, anyYes, anyNo }: FactCondition, table: FactTable): FactValue {
  let truth: FactValue = yes === undefined ? held.is : truthOfAll(yes, "yes", table);
  if (no !== undefined && truth !== "no") truth = both(truth, truthOfAll(no, "no", table));
  if (anyYes !== undefined && truth !== "no") truth = both(truth, truthOfAny(anyYes, "yes", table));
  if (anyNo !== undefined && truth !== "no") truth = both(truth, truthOfAny(anyNo, "no", table));
  return truth;
}

function both(one: FactValue, other: FactValue): FactValue {
  if (one === "no" || other === "no") return "no";
  return one === "yes" ? other : one;
}

function truthOfAll(names: readonly string[], wanted: "yes" | "no", table: FactTable): FactValue {
  let truth: FactValue = "yes";
  for (const name of names) {
    const is = table.get(name)?.is ?? "not stated";
    if (is === "not stated") truth = is;
    else if (is !== wanted) return "no";
  }
  return truth;
}

function truthOfAny(names: readonly string[], wanted: "yes" | "no", table: FactTable): FactValue {
  let truth: FactValue = "no";
  for (const name of names) {
    const is = table.get(name)?.is ?? "not stated";
    if (is === wanted) return "yes";
    if (is === "not stated") truth = is;
  }
  return truth;
}

/** Every fact name that a condition speaks of. */
export function namesIn(condition: FactCondition): readonly string[] {
  return [...(condition.yes ?? []), ...(condition.no ?? []), ...(condition.anyYes ?? []), ...(condition.anyNo ?? [])];
}
