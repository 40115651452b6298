import type { Fact } from "../domain/fact.ts";
import type { AttributeCondition, ChangeRule, DifferenceKind } from "../domain/rules.ts";
import { compileExpression } from "../text/expressions.ts";
import { compileGlobs, compileNameGlob, type Globs } from "../text/globs.ts";
import { type Candidate, evidenceOf } from "./candidate.ts";
import { versionStepOf } from "./difference.ts";
import type { FileDifference } from "./file-differences.ts";
import type { AttributeValue, Difference, Item } from "./structure.ts";
import { compareVersions } from "./version.ts";

/*
 * Structural rules against the items of a file that differ between its two sides.
 */

interface Condition {
  readonly stated: AttributeCondition;
  /** Undefined for an attribute without wildcards: it is looked up. */
  readonly attributes?: (name: string) => boolean;
  readonly matches?: (value: string) => boolean;
  readonly matched?: (value: string) => boolean;
}

/** What one part of a rule looks for. */
export interface StructureWatch {
  readonly rule: ChangeRule;
  readonly items: ReadonlySet<string>;
  readonly type?: Globs;
  readonly notType?: Globs;
  readonly change: ReadonlySet<DifferenceKind>;
  readonly all: readonly Condition[];
  readonly any: readonly Condition[];
  readonly none: readonly Condition[];
  readonly facts: readonly { readonly fact: string; readonly is: "yes" | "no"; readonly when?: Condition }[];
}

export interface StructureMatcher {
  match(difference: FileDifference): readonly Candidate[];
}

/** The structural part of one rule, compiled; throws an Error for an expression that is not valid. */
export function compileStructurePart(rule: ChangeRule): readonly StructureWatch[] {
  const parts = [rule.watch.structure ?? []].flat();
  if (parts.length === 0) return [];
  const facts = rule.facts.map((fact) => ({
    fact: fact.fact,
    is: fact.is,
    ...(fact.when ? { when: compileCondition(fact.when) } : {}),
  }));
  return parts.map((part) => ({
    rule,
    items: new Set(typeof part.item === "string" ? [part.item] : part.item),
    ...(part.type ? { type: compileGlobs(part.type) } : {}),
    ...(part.notType ? { notType: compileGlobs(part.notType) } : {}),
    change: new Set(part.change),
    all: (part.all ?? []).map(compileCondition),
    any: (part.any ?? []).map(compileCondition),
    none: (part.none ?? []).map(compileCondition),
    facts,
  }));
}

/** Joins the structural parts of rules. */
export function structureMatcher(watches: readonly StructureWatch[]): StructureMatcher {
  const byKind = new Map<string, StructureWatch[]>();
  for (const watch of watches) {
    for (const item of watch.items) {
      const others = byKind.get(item);
      if (others) others.push(watch);
      else byKind.set(item, [watch]);
    }
  }
  const matcher: StructureMatcher = {
    match(found) {
      // An unknown base is worth a word where something would be said of what may be new; a rule alone cannot tell.
      if (found.ifNew && byKind.size > 1 && !found.ifNew.some((one) => matcher.match(one).some(isTelling))) return [];
      const item = found.difference.after ?? found.difference.before;
      const candidates: Candidate[] = [];
      for (const watch of item ? (byKind.get(item.kind) ?? []) : []) {
        // One rule speaks once of one item, whichever of its watches saw it.
        if (candidates.some((candidate) => candidate.rule === watch.rule)) continue;
        const candidate = matchWatch(watch, found);
        if (candidate) candidates.push(candidate);
      }
      return candidates;
    },
  };
  return matcher;
}

/** Whether it would be asked about by itself. */
function isTelling({ rule, confidence }: Candidate): boolean {
  return rule.significant && confidence !== "low";
}

function compileCondition(stated: AttributeCondition): Condition {
  const test = (pattern: string): ((value: string) => boolean) => compileExpression(pattern).test;
  return {
    stated,
    ...(/[*?{[]/.test(stated.attribute) ? { attributes: compileNameGlob(stated.attribute) } : {}),
    ...(stated.matches === undefined ? {} : { matches: test(stated.matches) }),
    ...(stated.matched === undefined ? {} : { matched: test(stated.matched) }),
  };
}

function matchWatch(watch: StructureWatch, found: FileDifference): Candidate | undefined {
  const { difference, path } = found;
  const item = difference.after ?? difference.before;
  if (!item || !kindHolds(watch.change, difference)) return undefined;
  if (watch.type && !watch.type.matches(item.type)) return undefined;
  if (watch.notType?.matches(item.type)) return undefined;
  const attributes: string[] = [];
  for (const condition of watch.all) {
    const held = holdsFor(condition, difference);
    if (held === undefined) return undefined;
    attributes.push(held);
  }
  if (watch.any.length > 0) {
    const held = watch.any.map((condition) => holdsFor(condition, difference)).filter((one) => one !== undefined);
    if (held.length === 0) return undefined;
    attributes.unshift(...held);
  }
  for (const condition of watch.none) if (holdsFor(condition, difference) !== undefined) return undefined;
  const place = placeOf(difference, attributes);
  const line = place.line ?? place.baseLine;
  const text = line === undefined ? undefined : (place.line === undefined ? found.before : found.after)[line - 1];
  return {
    rule: watch.rule,
    path,
    ...place,
    name: item.name,
    values: valuesOf(difference, item, attributes),
    evidence: evidenceOf(text === undefined || text.trim() === "" ? `${item.type} ${item.name}` : text),
    confidence: watch.rule.confidence,
    facts: factsOf(watch, difference, path),
  };
}

function kindHolds(wanted: ReadonlySet<DifferenceKind>, difference: Difference): boolean {
  if (wanted.has(difference.change)) return true;
  if (difference.change !== "changed") return false;
  if (!wanted.has("raised") && !wanted.has("raised-major") && !wanted.has("lowered")) return false;
  const step = versionStepOf(difference);
  if (step === "none" || step === "other") return false;
  const text = (item: Item | undefined): string => String(item?.attributes.get("version") ?? "");
  const direction = compareVersions(text(difference.before), text(difference.after));
  if (direction < 0) return wanted.has("lowered");
  return wanted.has("raised") || (wanted.has("raised-major") && step === "major");
}

/** The attribute for which a condition holds, or undefined. For `present: false` the name itself. */
function holdsFor(condition: Condition, difference: Difference): string | undefined {
  const { stated, attributes } = condition;
  const { before, after } = difference;
  if (stated.present === false) {
    // Of no attribute that fits the name may the new side know anything.
    if (attributes ? someName(after, attributes) : after?.attributes.has(stated.attribute)) return undefined;
    const { present: _, ...others } = stated;
    if (Object.keys(others).length === 1) return stated.attribute;
  }
  const holds = (name: string): boolean =>
    valuesHold(condition, before?.attributes.get(name), after?.attributes.get(name));
  if (!attributes) return holds(stated.attribute) ? stated.attribute : undefined;
  if (stated.changed === true && difference.change === "changed") {
    for (const { attribute } of difference.attributes) if (attributes(attribute) && holds(attribute)) return attribute;
    return undefined;
  }
  for (const name of after?.attributes.keys() ?? []) if (attributes(name) && holds(name)) return name;
  for (const name of before?.attributes.keys() ?? [])
    if (!after?.attributes.has(name) && attributes(name) && holds(name)) return name;
  return undefined;
}

function someName(item: Item | undefined, fits: (name: string) => boolean): boolean {
  for (const name of item?.attributes.keys() ?? []) if (fits(name)) return true;
  return false;
}

function valuesHold(
  condition: Condition,
  before: AttributeValue | undefined,
  after: AttributeValue | undefined,
): boolean {
  const { stated, matches, matched } = condition;
  if (stated.present === true && after === undefined) return false;
  if (stated.present === false && after !== undefined) return false;
  if (stated.is !== undefined && !same(after, stated.is)) return false;
  if (stated.was !== undefined && !same(before, stated.was)) return false;
  if (matches && (after === undefined || after === null || !matches(String(after)))) return false;
  if (matched && (before === undefined || before === null || !matched(String(before)))) return false;
  if (stated.changed !== undefined && stated.changed !== (before !== after)) return false;
  return true;
}

/** Formats differ in how they write a boolean or a number; `"true"` and `true` say the same. */
function same(value: AttributeValue | undefined, stated: AttributeValue): boolean {
  if (value === undefined) return false;
  return value === stated || String(value) === String(stated);
}

function placeOf(difference: Difference, attributes: readonly string[]): { line?: number; baseLine?: number } {
  const { after, before } = difference;
  if (!after) return before ? { baseLine: before.line } : {};
  if (difference.change === "added") {
    for (const name of attributes) {
      const line = after.lines.get(name);
      if (line !== undefined && !identifying.has(name)) return { line };
    }
    return { line: after.line };
  }
  const differing = new Set(difference.attributes.map(({ attribute }) => attribute));
  const ordered = [...attributes.filter((name) => differing.has(name)), ...differing];
  for (const name of ordered) {
    const line = after.lines.get(name);
    if (line !== undefined) return { line: before ? startOfNew(name, line, before, after) : line };
  }
  for (const name of ordered) {
    const baseLine = before?.lines.get(name);
    if (before && baseLine !== undefined && !after.attributes.has(name))
      return { line: lineAbove(before, after, baseLine), baseLine };
  }
  return { line: after.line };
}

/** Of a statement that a policy gained as a whole, its first line that is known: all of it is the question. Else the line itself. */
function startOfNew(name: string, line: number, before: Item, after: Item): number {
  const prefix = /^(?:.*\.)?statement\.\d+\./i.exec(name)?.[0];
  if (prefix === undefined || hasBelow(before, prefix)) return line;
  let first = line;
  for (const [other, at] of after.lines) if (other.startsWith(prefix) && at < first) first = at;
  return first;
}

function hasBelow(item: Item, prefix: string): boolean {
  for (const name of item.attributes.keys()) if (name.startsWith(prefix)) return true;
  return false;
}

/** The new line of what stood nearest above a line that is gone: there a reader looks for what is missing. */
function lineAbove(before: Item, after: Item, baseLine: number): number {
  let nearest = before.line;
  let line = after.line;
  for (const [name, old] of before.lines) {
    const now = after.lines.get(name);
    if (now === undefined || old >= baseLine || old <= nearest) continue;
    nearest = old;
    line = now;
  }
  return line;
}

/** Attributes that say what an item is rather than what is of interest in it: the item's own line is the better place. */
const identifying: ReadonlySet<string> = new Set(["scope", "source", "direct", "ecosystem", "name", "version", "type"]);

/** `attribute` is the one for which the rule holds: of a new thing what it says first, of a changed one what differs. */
function valuesOf(
  { change, before, attributes }: Difference,
  item: Item,
  held: readonly string[],
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of before?.attributes ?? []) values.set(`was.${name}`, evidenceOf(String(value)));
  for (const [name, value] of item.attributes) values.set(name, evidenceOf(String(value)));
  const differing = attributes.map(({ attribute }) => attribute);
  const telling = change === "changed" ? differing : held.filter((name) => !identifying.has(name));
  const attribute = held.find((name) => telling.includes(name)) ?? telling[0];
  if (attribute !== undefined) values.set("attribute", evidenceOf(attribute));
  values.set("name", item.name);
  values.set("type", item.type);
  return values;
}

function factsOf(watch: StructureWatch, difference: Difference, path: string): readonly Fact[] {
  const facts: Fact[] = [];
  for (const { fact, is, when } of watch.facts) {
    const attribute = when ? holdsFor(when, difference) : "";
    if (attribute === undefined) continue;
    const line = difference.after?.lines.get(attribute) ?? difference.after?.line;
    facts.push({ fact, is, where: { path, ...(line === undefined ? {} : { line }) } });
  }
  return facts;
}
