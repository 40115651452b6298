import type { Change } from "../domain/change.ts";
import type { FactCondition, ThreatRule } from "../domain/rules.ts";
import { type FactTable, holds, truthOf, type Verdict } from "./conditions.ts";

/** Whether a threat rule is certain not to fit; quicker than `applies`, which says why. */
export function cannotApply(rule: ThreatRule, table: FactTable): boolean {
  return truthOf(conditionOf(rule), table) === "no";
}

/** Whether a threat rule fits an element with these facts: yes, no, or undecided and by which facts. */
export function applies(rule: ThreatRule, table: FactTable): Verdict {
  return holds(conditionOf(rule), table);
}

const conditions = new WeakMap<ThreatRule, FactCondition>();

/** The whole condition of a rule, that of the boundary included. */
function conditionOf(rule: ThreatRule): FactCondition {
  const known = conditions.get(rule);
  if (known) return known;
  const { when, crossesBoundary } = rule.appliesTo;
  const boundary = ["crosses-boundary"];
  const fresh: FactCondition =
    crossesBoundary === undefined
      ? { ...when }
      : crossesBoundary
        ? { ...when, yes: [...(when?.yes ?? []), ...boundary] }
        : { ...when, no: [...(when?.no ?? []), ...boundary] };
  conditions.set(rule, fresh);
  return fresh;
}

/**
 * The rules, of those for the changed element, that a change asks. When some name the change rule they are asked alone:
 * a loosened cross-origin policy is about that, not about everything an interface can suffer. Otherwise all are asked
 * whose STRIDE letter the change touches, but for those kept for other changes.
 */
export function askedBy(
  change: Pick<Change, "rule" | "stride">,
  candidates: readonly ThreatRule[],
): readonly ThreatRule[] {
  const named = candidates.filter((rule) => namesChange(rule, change.rule));
  if (named.length > 0) return named;
  return candidates.filter((rule) => !rule.appliesTo.changes && change.stride.includes(rule.stride));
}

/** Whether a threat rule names a change rule, as the one it is kept for or the one it is about. */
export function namesChange(rule: ThreatRule, changeRule: string): boolean {
  return [...(rule.appliesTo.changes ?? []), ...(rule.appliesTo.about ?? [])].some((glob) =>
    matchesId(glob, changeRule),
  );
}

/** Ids of change rules are words and hyphens; `*` stands for any run of them. */
export function matchesId(glob: string, id: string): boolean {
  const parts = glob.split("*");
  const [first = "", ...rest] = parts;
  if (!id.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    if (index === rest.length - 1) return id.length - part.length >= at && id.endsWith(part);
    const found = id.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at === id.length;
}

/** The control that answers a threat, or which facts would tell. */
export interface Mitigation extends Verdict {
  readonly control?: string;
}

/** Whether one of the rule's mitigations holds. The first that does is the one named. */
export function mitigation(rule: ThreatRule, table: FactTable): Mitigation {
  const missing: string[] = [];
  const refused: Verdict[] = [];
  for (const condition of rule.mitigatedBy) {
    const verdict = holds(condition, table);
    if (verdict.is === "yes") return { ...verdict, control: condition.control };
    if (verdict.is === "no") refused.push(verdict);
    missing.push(...verdict.missing);
  }
  if (missing.length > 0) return { is: "not stated", decided: [], missing: [...new Set(missing)] };
  return { is: "no", decided: refused.flatMap((verdict) => verdict.decided), missing: [] };
}
