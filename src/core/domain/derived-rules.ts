import type { ThreatRule } from "./rules.ts";
import { candidateId, threatId } from "./threat-id.ts";
import type { ModelThreat, ThreatModel } from "./threat-model.ts";

/** Gives the rule of the library from which a threat's id was made; undefined for an id that people made up. */
export type RuleBehind = (threat: Pick<ModelThreat, "id" | "element">) => ThreatRule | undefined;

/** `T-` and 6 to 12 characters of Crockford's alphabet: an id of ours, whole or shortened. */
const derivedId = /^t-[0-9a-hjkmnp-tv-z]{6,12}$/;
const wholeLength = "T-".length + 12;

/** Most elements and flows of one model that are looked at, and most names of parts that the model does not have. */
const mostParts = 1_000;

/** Kept for each model, because several parts of one judgement ask the same of it. */
const known = new WeakMap<ThreatModel, { readonly rules: readonly ThreatRule[]; readonly behind: RuleBehind }>();

/**
 * Which rule is behind each threat of a model. An id rests on rule and element alone and cannot be read backwards, so that the
 * ids that there could be are made and compared: first those of the rules that speak of the type of the threat's element, then
 * those of its other rules (its type was changed since), then, for a whole id, those of every part (the threat was moved). The
 * element may be named by its id or its name, and may have had another id (`formerly`); the id may be shortened.
 */
export function rulesBehind(model: ThreatModel, rules: readonly ThreatRule[]): RuleBehind {
  const before = known.get(model);
  if (before?.rules === rules) return before.behind;
  const behind = search(model, rules);
  known.set(model, { rules, behind });
  return behind;
}

/** Something that threats are derived for. */
interface Part {
  /** What its threats' ids rest on: its id, that with its kind before it where parts of two kinds share it, and earlier ones. */
  readonly keys: readonly string[];
  /** Rules that speak of its type, and all others; every rule is among the first where the type is not known. */
  readonly near: readonly ThreatRule[];
  readonly far: readonly ThreatRule[];
}

type Made = readonly (readonly [id: string, rule: ThreatRule])[];

function search(model: ThreatModel, rules: readonly ThreatRule[]): RuleBehind {
  const { parts, byName } = partsOf(model, rules);
  const near = new Map<Part, Made>();
  const far = new Map<Part, Made>();
  let everywhere: ReadonlyMap<string, ThreatRule> | undefined;
  const nearOf = (part: Part): Made => keptIn(near, part, () => idsOf(part.keys, part.near, threatId));
  const farOf = (part: Part): Made => keptIn(far, part, () => idsOf(part.keys, part.far, candidateId));
  const anywhere = (id: string): ThreatRule | undefined => {
    everywhere ??= new Map(parts.flatMap((part) => nearOf(part)));
    return everywhere.get(id);
  };
  let strangers = 0;
  const partNamed = (name: string): Part | undefined => {
    const part = byName.get(name);
    if (part || strangers >= mostParts) return part;
    strangers++;
    const gone: Part = { keys: [name], near: rules, far: [] };
    byName.set(name, gone);
    return gone;
  };
  return ({ id: written, element }) => {
    const id = written.toLowerCase();
    if (!derivedId.test(id)) return undefined;
    const wanted = `T${id.slice(1)}`;
    const part = element === undefined ? undefined : partNamed(element);
    const found = part && (ruleOf(wanted, nearOf(part)) ?? ruleOf(wanted, farOf(part)));
    return found ?? (wanted.length === wholeLength ? anywhere(wanted) : undefined);
  };
}

/** Elements, flows and boundaries, and each by what a threat may call it. */
function partsOf(model: ThreatModel, rules: readonly ThreatRule[]) {
  const speaking = new Map<string, Pick<Part, "near" | "far">>();
  const of = (type: string | undefined): Pick<Part, "near" | "far"> => {
    if (type === undefined) return { near: rules, far: [] };
    const speaks = ({ appliesTo }: ThreatRule): boolean => appliesTo.elements.some((one) => one === type);
    return keptIn(speaking, type, () => ({ near: rules.filter(speaks), far: rules.filter((rule) => !speaks(rule)) }));
  };
  const ofElements = new Set(model.elements.map(({ id }) => id));
  // Formats other than ours number elements and flows each by themselves (see elicit-model.ts).
  const keysOf = (kind: string, id: string) => (ofElements.has(id) ? [`${kind}:${id}`, id] : [id]);
  const found = [
    ...model.elements.map(({ id, name, type, formerly = [] }) => ({ id, name, keys: [id, ...formerly], ...of(type) })),
    ...model.flows.map(({ id, name, formerly = [] }) => ({
      id,
      name,
      keys: [...keysOf("flow", id), ...formerly],
      ...of("data-flow"),
    })),
    ...model.boundaries.map(({ id, name }) => ({ id, name, keys: keysOf("boundary", id), ...of("trust-boundary") })),
  ].slice(0, mostParts);
  const byName = new Map<string, Part>();
  for (const part of found) if (!byName.has(part.id)) byName.set(part.id, part);
  for (const part of found) if (part.name !== undefined && !byName.has(part.name)) byName.set(part.name, part);
  return { parts: found as readonly Part[], byName };
}

function idsOf(keys: readonly string[], rules: readonly ThreatRule[], idOf: typeof threatId): Made {
  return keys.flatMap((key) => rules.map((rule) => [idOf(rule.id, key), rule] as const));
}

function ruleOf(wanted: string, made: Made): ThreatRule | undefined {
  for (const [id, rule] of made) if (id.startsWith(wanted)) return rule;
  return undefined;
}

function keptIn<Key, Value>(kept: Map<Key, Value>, key: Key, make: () => Value): Value {
  const before = kept.get(key);
  if (before !== undefined) return before;
  const made = make();
  kept.set(key, made);
  return made;
}
