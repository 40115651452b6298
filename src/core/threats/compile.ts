import { type ElementType, elementTypes } from "../domain/element-type.ts";
import type { FactDefinition, Rules, ThreatRule } from "../domain/rules.ts";
import { namesIn } from "./conditions.ts";
import { compileWords, type Words } from "./words.ts";

/** The rules in the order and by the keys that eliciting needs, made once for each set of rules. */
export interface CompiledRules {
  /** The rules for an element of a model, whose connections it draws (`carried`) or not. */
  readonly ofModel: (type: ElementType, carried: boolean) => readonly ThreatRule[];
  readonly ofType: ReadonlyMap<ElementType, readonly ThreatRule[]>;
  readonly facts: ReadonlyMap<string, FactDefinition>;
  /** Facts that answer threats when they are yes: what people mean by a control. */
  readonly protective: ReadonlySet<string>;
  /** Finds the facts that short texts state. */
  readonly words: Words;
}

const compiled = new WeakMap<Rules, CompiledRules>();

/**
 * The compiled form of a set of rules.
 * @throws Error when a rule names a fact that is not defined or a fact's words are no valid expression: a rule that
 *   cannot be evaluated is an error, never "does not apply".
 */
export function compileRules(rules: Rules): CompiledRules {
  const known = compiled.get(rules);
  if (known) return known;
  const fresh = compile(rules);
  compiled.set(rules, fresh);
  return fresh;
}

function compile(rules: Rules): CompiledRules {
  const facts = new Map(rules.facts.map((definition) => [definition.fact, definition]));
  const ofType = new Map<ElementType, ThreatRule[]>();
  const protective = new Set<string>();
  for (const rule of [...rules.threats].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    for (const name of factsNamedBy(rule)) {
      if (!facts.has(name)) {
        throw new Error(`Threat rule ${rule.id} names the fact "${name}", which rules/facts.yml does not define.`);
      }
    }
    for (const type of rule.appliesTo.elements) {
      const list = ofType.get(type);
      if (list) list.push(rule);
      else ofType.set(type, [rule]);
    }
    for (const condition of rule.mitigatedBy) {
      for (const name of [...(condition.yes ?? []), ...(condition.anyYes ?? [])]) protective.add(name);
    }
  }
  const aboutStates = new Map([...ofType].map(([type, list]) => [type, list.filter((rule) => !isAboutAnAct(rule))]));
  const without = new Map(
    [...aboutStates].map(([type, list]) => [type, list.filter((rule) => !isAboutConnections(rule))]),
  );
  const ofModel = (type: ElementType, carried: boolean) => (carried ? without : aboutStates).get(type) ?? [];
  return { ofModel, ofType, facts, protective, words: compileWords(rules.facts) };
}

/** A rule kept for certain changes that states no other condition asks about the act of changing, not about a state. */
export function isAboutAnAct(rule: ThreatRule): boolean {
  return rule.appliesTo.changes !== undefined && rule.appliesTo.when === undefined;
}

/** A rule that only encryption of connections answers: where flows are drawn it is asked of them, not of their ends. */
export function isAboutConnections(rule: ThreatRule): boolean {
  return (
    elementTypes[rule.appliesTo.elements[0] ?? "data-flow"] !== "flow" &&
    rule.mitigatedBy.length > 0 &&
    rule.mitigatedBy.every((condition) => condition.yes?.join() === "encrypted-in-transit")
  );
}

/** Every fact that a rule speaks of, in any of its three predicates. */
export function factsNamedBy(rule: ThreatRule): readonly string[] {
  return [
    ...(rule.appliesTo.when ? namesIn(rule.appliesTo.when) : []),
    ...(rule.appliesTo.crossesBoundary === undefined ? [] : ["crosses-boundary"]),
    ...rule.mitigatedBy.flatMap(namesIn),
    ...rule.aggravatedBy.flatMap(namesIn),
  ];
}
