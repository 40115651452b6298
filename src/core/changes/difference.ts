import { alignLists } from "./align-lists.ts";
import type { AttributeValue, Difference, Item } from "./structure.ts";
import { type VersionStep, versionStep } from "./version.ts";

/** Above this many unmatched items of one type, renames are no longer looked for: the work would be quadratic. */
export const mostRenameCandidates = 60;
/** Share of attributes that two items under different keys must have in common to be one renamed item. */
export const sameEnough = 0.75;
/** The same share for the only module of a source that went and the only one that came: it is called again by what changed. */
const sameEnoughAlone = 0.5;

/**
 * What differs between two lists of items of one file. An item is found again by kind and key; one that only changed
 * its key (a renamed resource, a moved service) is found by its type and attributes, and is no difference when nothing
 * else changed. Elements of lists are compared by content, not by position: `before` of each difference is given
 * with the list positions of `after`. Deterministic: the order is that of `after`, then what was removed in the order of `before`.
 */
export function diffItems(before: readonly Item[], after: readonly Item[]): Difference[] {
  const old = keyed(before);
  const found: Difference[] = [];
  const added: Item[] = [];
  for (const [key, item] of keyed(after)) {
    const earlier = old.get(key);
    if (!earlier) {
      added.push(item);
      continue;
    }
    old.delete(key);
    const changed = changedItem(earlier, item);
    if (changed) found.push(changed);
  }
  const removed = [...old.values()];
  const renamed = pairRenamed(removed, added);
  const goneAsRenamed = new Set(renamed.values());
  for (const item of added) {
    const earlier = renamed.get(item);
    if (!earlier) {
      found.push({ change: "added", after: item, attributes: [] });
      continue;
    }
    const changed = changedItem(earlier, item);
    if (changed) found.push(changed);
  }
  found.sort((one, other) => lineOfAfter(one) - lineOfAfter(other));
  for (const item of removed) {
    if (!goneAsRenamed.has(item)) found.push({ change: "removed", before: item, attributes: [] });
  }
  return found;
}

/** Items by kind and key. A key that occurs twice gets a number, so that none is lost. */
function keyed(items: readonly Item[]): Map<string, Item> {
  const byKey = new Map<string, Item>();
  const seen = new Map<string, number>();
  for (const item of items) {
    const key = `${item.kind}\u0000${item.key}`;
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    byKey.set(times === 0 ? key : `${key}\u0000${times}`, item);
  }
  return byKey;
}

function lineOfAfter(difference: Difference): number {
  return difference.after?.line ?? Number.MAX_SAFE_INTEGER;
}

/** The `changed` difference of two items that are the same thing, or undefined when they say the same. */
export function changedItem(before: Item, after: Item): Difference | undefined {
  const aligned = alignLists(before, after);
  const attributes: { attribute: string; before?: AttributeValue; after?: AttributeValue }[] = [];
  if (before.type !== after.type) attributes.push({ attribute: "type", before: before.type, after: after.type });
  for (const [attribute, value] of after.attributes) {
    const earlier = aligned.attributes.get(attribute);
    if (earlier === value) continue;
    attributes.push(earlier === undefined ? { attribute, after: value } : { attribute, before: earlier, after: value });
  }
  for (const [attribute, value] of aligned.attributes) {
    if (!after.attributes.has(attribute)) attributes.push({ attribute, before: value });
  }
  return attributes.length === 0 ? undefined : { change: "changed", before: aligned, after, attributes };
}

/** Among which items one that was renamed is looked for. The type of a job is its own name: of jobs, any may be the former one. */
function groupOf({ kind, type }: Item): string {
  return kind === "workflow-job" ? kind : `${kind}\u0000${type}`;
}

/** Pairs what was added with what was removed where both are the same kind and type and say (nearly) the same. */
function pairRenamed(removed: readonly Item[], added: readonly Item[]): Map<Item, Item> {
  const byType = new Map<string, Item[]>();
  for (const item of removed) {
    const group = groupOf(item);
    const others = byType.get(group);
    if (others) others.push(item);
    else byType.set(group, [item]);
  }
  const pairs = new Map<Item, Item>();
  const taken = new Set<Item>();
  const wanting = new Map<string, number>();
  for (const item of added) {
    const group = groupOf(item);
    const candidates = byType.get(group);
    const asked = (wanting.get(group) ?? 0) + 1;
    wanting.set(group, asked);
    if (!candidates || asked > mostRenameCandidates) continue;
    let best: Item | undefined;
    let bestLikeness = 0;
    for (const candidate of candidates.slice(0, mostRenameCandidates)) {
      if (taken.has(candidate)) continue;
      const alike = likeness(candidate, item);
      if (alike >= sameEnough && alike > bestLikeness) {
        best = candidate;
        bestLikeness = alike;
      }
    }
    if (!best) continue;
    taken.add(best);
    pairs.set(item, best);
  }
  for (const item of added) {
    if (item.kind !== "terraform-module" || pairs.has(item)) continue;
    const others = (byType.get(`${item.kind}\u0000${item.type}`) ?? []).filter((candidate) => !taken.has(candidate));
    const isAlone = wanting.get(`${item.kind}\u0000${item.type}`) === 1;
    const [only] = others;
    if (isAlone && others.length === 1 && only && likeness(only, item) >= sameEnoughAlone) pairs.set(item, only);
  }
  return pairs;
}

/** Share of attributes that both items hold with the same value: 1 when they say the same. */
export function likeness(one: Item, other: Item): number {
  const total = Math.max(one.attributes.size, other.attributes.size);
  if (total === 0) return 1;
  let same = 0;
  for (const [attribute, value] of one.attributes) if (other.attributes.get(attribute) === value) same++;
  return same / total;
}

/** How the version of a dependency moved between two items: the step of `versionStep` on their `version` attributes. */
export function versionStepOf(difference: Difference): VersionStep {
  const before = difference.before?.attributes.get("version");
  const after = difference.after?.attributes.get("version");
  return versionStep(
    before === undefined ? undefined : String(before),
    after === undefined ? undefined : String(after),
  );
}
