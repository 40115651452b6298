import type { Classification, ClassificationRules } from "../domain/classification.ts";
import type { Place } from "../domain/problem.ts";
import { type RiskLevel, riskLevels } from "../domain/risk.ts";
import {
  type CountermeasureDefinition,
  type EvidenceTheme,
  efforts,
  type Rules,
  type ThreatRule,
} from "../domain/rules.ts";
import type { Threat } from "../domain/threat.ts";
import type {
  Countermeasure,
  CountermeasurePlan,
  CreditedControl,
  RegulatedRequirement,
} from "../domain/threat-report.ts";
import { compileRules } from "./compile.ts";

/** Weights of open risks: one of a level outweighs three of the next lower one. */
const weights: Readonly<Record<RiskLevel, number>> = { note: 1, low: 4, medium: 16, high: 64, critical: 256 };

/**
 * Orders what is to be done about open threats: at each step the countermeasure that takes away most risk, then the one
 * that is less work, then by its key. What stated facts already show of a countermeasure is not asked again: one that
 * needs two facts, of which an element has one, needs the other. The requirements are a pointer to evidence, never a claim
 * of conformity.
 */
export function planCountermeasures(
  threats: readonly Threat[],
  rules: Rules,
  classification: Classification | undefined,
): CountermeasurePlan {
  const regulations = applicable(classification, rules);
  const open = threats.filter(({ status }) => status === "open" || status === "unknown");
  const done = threats.filter(({ status }) => status === "mitigated");
  return {
    todo: greedy(open, rules).map((chosen) => drawn(chosen, rules, regulations)),
    credited: creditedOf(done),
    requirements: requirementsOf(open, done, rules.themes ?? [], regulations),
  };
}

interface Candidate {
  readonly key: string;
  readonly facts: readonly string[];
  readonly threats: readonly Threat[];
}

function greedy(open: readonly Threat[], rules: Rules): readonly Candidate[] {
  const byRule = new Map(rules.threats.map((rule) => [rule.id, rule]));
  const answering = new Map<string, { facts: readonly string[]; threats: Map<Threat, number> }>();
  for (const threat of open) {
    for (const [index, facts] of waysToAnswer(threat, byRule.get(threat.rule)).entries()) {
      // A rule names the usual answer first; another one is taken where it saves more.
      const share = index === 0 ? 1 : 0.5;
      const key = facts.length > 0 ? facts.join("+") : `rule:${threat.rule}`;
      const known = answering.get(key);
      if (known) known.threats.set(threat, Math.max(share, known.threats.get(threat) ?? 0));
      else answering.set(key, { facts, threats: new Map([[threat, share]]) });
    }
  }
  const rest = new Set(open);
  const chosen: Candidate[] = [];
  while (rest.size > 0) {
    let best: { key: string; weight: number; work: number } | undefined;
    for (const [key, { facts, threats }] of answering) {
      let weight = 0;
      for (const [threat, share] of threats) if (rest.has(threat)) weight += weights[threat.risk] * share;
      if (weight === 0) continue;
      const work = workOf(facts, rules);
      if (
        !best ||
        weight > best.weight ||
        (weight === best.weight && (work < best.work || (work === best.work && key < best.key)))
      )
        best = { key, weight, work };
    }
    const found = best && answering.get(best.key);
    if (!best || !found) break;
    const threats = open.filter((threat) => found.threats.has(threat) && rest.has(threat));
    for (const threat of threats) rest.delete(threat);
    chosen.push({ key: best.key, facts: found.facts, threats });
  }
  return chosen;
}

/** The sets of facts any of which would answer a threat, without those its element has; one empty set where its rule names none. */
function waysToAnswer(threat: Threat, rule: ThreatRule | undefined): readonly (readonly string[])[] {
  const has = new Set(threat.why.flatMap(({ fact, is }) => (is === "yes" ? [fact] : [])));
  const ways = (rule?.mitigatedBy ?? []).flatMap(({ yes = [], anyYes = [], no = [], anyNo = [] }): string[][] => {
    // What must not be there is no control that could be added.
    if (no.length > 0 || anyNo.length > 0) return [];
    const all = yes.filter((fact) => !has.has(fact));
    if (anyYes.length === 0 || anyYes.some((fact) => has.has(fact))) return [all.toSorted()];
    return anyYes.map((fact) => [...new Set([...all, fact])].sort());
  });
  const real = ways.filter((facts) => facts.length > 0);
  return real.length > 0 ? real : [[]];
}

/** The rank of the largest effort; what nobody estimated comes after what is known to be large. */
function workOf(facts: readonly string[], rules: Rules): number {
  const known = facts.map((fact) => definitionOf(fact, rules)?.effort);
  if (known.length === 0 || known.includes(undefined)) return efforts.length;
  return (
    Math.max(...known.map((effort) => (effort === undefined ? efforts.length : efforts.indexOf(effort)))) +
    facts.length / 10
  );
}

function definitionOf(fact: string, rules: Rules): CountermeasureDefinition | undefined {
  return rules.countermeasures?.find((definition) => definition.fact === fact);
}

function drawn({ key, facts, threats }: Candidate, rules: Rules, regulations: readonly Applicable[]): Countermeasure {
  const sorted = threats.toSorted((one, other) => riskLevels.indexOf(other.risk) - riskLevels.indexOf(one.risk));
  const definitions = facts.flatMap((fact) => definitionOf(fact, rules) ?? []);
  const isKnown = facts.length > 0 && definitions.length === facts.length;
  // What answers one kind of threat alone is said in its rule's words: they name the thing to do, not its class.
  const isOfOneRule = new Set(sorted.map(({ rule }) => rule)).size === 1;
  const effort = efforts.findLast((one) => definitions.some((definition) => definition.effort === one));
  const [first] = sorted;
  const elements = new Map(sorted.map(({ element }) => [element.id, { id: element.id, name: element.name }]));
  const themes = new Set(sorted.map(({ theme }) => theme));
  return {
    key,
    does:
      isOfOneRule && first
        ? first.countermeasure
        : isKnown
          ? definitions.map(({ does }) => does).join("; ")
          : (controlOf(first, facts, rules) ?? first?.countermeasure ?? key),
    ...(isKnown && effort !== undefined && { effort }),
    ...(isKnown && effort !== undefined && !isOfOneRule && { takes: definitions.map(({ takes }) => takes).join("; ") }),
    doneWhen: new Map(
      isOfOneRule
        ? []
        : sorted.flatMap((threat) => {
            const control = controlOf(threat, facts, rules);
            return control === undefined ? [] : [[threat.rule, control] as const];
          }),
    ),
    threats: sorted,
    answers: [...riskLevels].reverse().flatMap((risk) => {
      const count = sorted.filter((threat) => threat.risk === risk).length;
      return count === 0 ? [] : [{ risk, count }];
    }),
    elements: [...elements.values()],
    requirements: regulations.flatMap(({ id, byTheme }) =>
      [...new Set([...themes].flatMap((theme) => byTheme.get(theme) ?? []))].map(
        (requirement) => `${id} ${requirement}`,
      ),
    ),
  };
}

/** The rule's own words for the control that needs these facts. */
function controlOf(threat: Threat | undefined, facts: readonly string[], rules: Rules): string | undefined {
  const rule = threat && rules.threats.find(({ id }) => id === threat.rule);
  return rule?.mitigatedBy.find(({ yes = [], anyYes = [] }) =>
    facts.every((fact) => yes.includes(fact) || anyYes.includes(fact)),
  )?.control;
}

function creditedOf(done: readonly Threat[]): readonly CreditedControl[] {
  const byControl = new Map<string, { threats: Threat[]; places: Map<string, Place> }>();
  for (const threat of done) {
    const control = threat.answeredBy ?? threat.countermeasure;
    const known = byControl.get(control) ?? { threats: [], places: new Map<string, Place>() };
    byControl.set(control, known);
    known.threats.push(threat);
    const place = threat.statusPlace ?? threat.place;
    known.places.set(`${place.path}:${place.line ?? ""}`, place);
  }
  const credited = [...byControl].map(([control, { threats, places }]) => ({
    control,
    threats,
    places: [...places.values()],
  }));
  return credited.sort(
    (one, other) => other.threats.length - one.threats.length || (one.control < other.control ? -1 : 1),
  );
}

/** A law or standard that applies, with the ids of its requirements by evidence theme. */
interface Applicable {
  readonly id: string;
  readonly byTheme: ReadonlyMap<string, readonly string[]>;
}

function applicable(classification: Classification | undefined, rules: Rules): readonly Applicable[] {
  const wanted = new Set((classification?.regulations ?? []).map(({ id }) => id));
  const known: ClassificationRules["regulations"] = rules.classification?.regulations ?? [];
  return known
    .filter(({ id }) => wanted.has(id))
    .map(({ id, themes }) => ({
      id,
      byTheme:
        typeof themes === "string"
          ? new Map((rules.themes ?? []).map((theme) => [theme.id, idsIn(theme[themes])]))
          : new Map(Object.entries(themes)),
    }));
}

function idsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function requirementsOf(
  open: readonly Threat[],
  done: readonly Threat[],
  themes: readonly EvidenceTheme[],
  regulations: readonly Applicable[],
): readonly RegulatedRequirement[] {
  const openThemes = new Set(open.map(({ theme }) => theme));
  const doneThemes = new Set(done.map(({ theme }) => theme));
  const names = new Map(themes.map(({ id, name }) => [id, name]));
  return regulations.flatMap(({ id, byTheme }) => {
    const leading = new Map<string, string[]>();
    for (const [theme, requirements] of byTheme)
      for (const requirement of requirements) leading.set(requirement, [...(leading.get(requirement) ?? []), theme]);
    return [...leading].map(
      ([requirement, from]): RegulatedRequirement => ({
        regulation: id,
        requirement,
        themes: from.map((theme) => names.get(theme) ?? theme),
        state: from.some((theme) => openThemes.has(theme))
          ? "open"
          : from.some((theme) => doneThemes.has(theme))
            ? "answered"
            : "not-reached",
      }),
    );
  });
}

/** The protective facts of which nobody said how much work they are. For the tests of the rules. */
export function factsWithoutEstimate(rules: Rules): readonly string[] {
  return [...compileRules(rules).protective].filter((fact) => definitionOf(fact, rules) === undefined).sort();
}
