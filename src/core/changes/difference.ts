import type { AttributeValue, Difference, Item } from "./structure.ts";
import { versionStep } from "./version.ts";

export { compareVersions, type VersionStep, versionStep } from "./version.ts";

/** Above this many unmatched items of one type, renames are no longer looked for: the work would be quadratic. */
const mostRenameCandidates = 60;
/** Lists of one item that are aligned, outer ones first; the rest is compared by position. */
const mostLists = 200;
/** Share of attributes that two items under different keys must have in common to be one renamed item. */
const sameEnough = 0.75;

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

/** A difference and the file it was found in. */
export interface PlacedDifference {
  readonly path: string;
  readonly difference: Difference;
}

/**
 * Settles what several files of one change say together. Something removed from one file and added to another is a
 * move: it is dropped when nothing else changed, and becomes one `changed` difference in the new place otherwise. A lockfile's word on a
 * package is dropped where a manifest of the same change speaks of the package itself. Order is kept.
 */
export function settleMoves<T extends PlacedDifference>(found: readonly T[]): T[] {
  const removed = new Map<string, T[]>();
  const spoken = new Set<string>();
  for (const one of found) {
    const { before, after, change } = one.difference;
    const item = after ?? before;
    if (item?.kind === "dependency") spoken.add(packageKey(item));
    if (change !== "removed" || !before) continue;
    const group = moveGroup(before);
    const others = removed.get(group);
    if (others) others.push(one);
    else removed.set(group, [one]);
  }
  const replaced = new Map<T, T | undefined>();
  for (const one of found) {
    const { after, change } = one.difference;
    if (change !== "added" || !after) continue;
    const candidates = (removed.get(moveGroup(after)) ?? []).filter(
      (other) => !replaced.has(other) && other.path !== one.path,
    );
    const origin = bestOrigin(candidates, after);
    const before = origin?.difference.before;
    if (!origin || !before) continue;
    replaced.set(origin, undefined);
    const changed = changedItem(before, after);
    replaced.set(one, changed ? { ...one, difference: changed } : undefined);
  }
  const settled: T[] = [];
  for (const one of found) {
    const item = one.difference.after ?? one.difference.before;
    if (item?.kind === "locked-dependency" && spoken.has(packageKey(item))) continue;
    const now = replaced.has(one) ? replaced.get(one) : one;
    if (now) settled.push(now);
  }
  return settled;
}

function packageKey(item: Item): string {
  return `${String(item.attributes.get("ecosystem"))}\u0000${item.type}`;
}

function moveGroup(item: Item): string {
  return item.kind === "dependency" ? `dependency\u0000${packageKey(item)}` : `${item.kind}\u0000${item.type}`;
}

/** Of what was removed elsewhere, the one that this item is: any for a package, the most alike for everything else. */
function bestOrigin<T extends PlacedDifference>(candidates: readonly T[], after: Item): T | undefined {
  if (after.kind === "dependency") return candidates[0];
  let best: T | undefined;
  let bestLikeness = sameEnough;
  for (const candidate of candidates.slice(0, mostRenameCandidates)) {
    const { before } = candidate.difference;
    if (!before) continue;
    const alike = likeness(before, after) + (before.key === after.key ? 0.001 : 0);
    if (alike > bestLikeness || (alike === bestLikeness && !best)) {
      best = candidate;
      bestLikeness = alike;
    }
  }
  return best;
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
function changedItem(before: Item, after: Item): Difference | undefined {
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

/** Pairs what was added with what was removed where both are the same kind and type and say (nearly) the same. */
function pairRenamed(removed: readonly Item[], added: readonly Item[]): Map<Item, Item> {
  const byType = new Map<string, Item[]>();
  for (const item of removed) {
    const group = `${item.kind}\u0000${item.type}`;
    const others = byType.get(group);
    if (others) others.push(item);
    else byType.set(group, [item]);
  }
  const pairs = new Map<Item, Item>();
  const taken = new Set<Item>();
  const wanting = new Map<string, number>();
  for (const item of added) {
    const group = `${item.kind}\u0000${item.type}`;
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
  return pairs;
}

/** Share of attributes that both items hold with the same value: 1 when they say the same. */
function likeness(one: Item, other: Item): number {
  const total = Math.max(one.attributes.size, other.attributes.size);
  if (total === 0) return 1;
  let same = 0;
  for (const [attribute, value] of one.attributes) if (other.attributes.get(attribute) === value) same++;
  return same / total;
}

/** One list of an item: its elements' attributes by the path inside the element. */
type Elements = Map<number, Map<string, string>>;

/**
 * `before` with the positions of its list elements renumbered to those that hold the same in `after`, so that an element put in
 * front of a list is one new element and not a change of all. Elements that only one side has keep the order they had,
 * after the shared ones or in the gaps. Outer lists are aligned before inner ones.
 */
function alignLists(before: Item, after: Item): Item {
  let { attributes, lines } = before;
  if (saysTheSame(before, after)) return before;
  if (![...attributes.keys()].some(hasPosition)) return before;
  const done = new Set<string>();
  while (done.size < mostLists) {
    const list = nextList(attributes, done);
    if (list === undefined) break;
    done.add(list);
    const positions = matchPositions(elementsOf(attributes, list), elementsOf(after.attributes, list));
    if (!positions) continue;
    attributes = renumber(attributes, list, positions);
    lines = renumber(lines, list, positions);
  }
  return attributes === before.attributes ? before : { ...before, attributes, lines };
}

function saysTheSame(one: Item, other: Item): boolean {
  if (one.attributes.size !== other.attributes.size) return false;
  for (const [attribute, value] of one.attributes) if (other.attributes.get(attribute) !== value) return false;
  return true;
}

const position = /\.(\d+)(?=\.|$)/;

function hasPosition(path: string): boolean {
  return position.test(path);
}

/** The shortest list prefix that has not been looked at, so that outer lists come first. */
function nextList(attributes: ReadonlyMap<string, unknown>, done: ReadonlySet<string>): string | undefined {
  let best: string | undefined;
  for (const path of attributes.keys()) {
    for (const found of path.matchAll(/\.(\d+)(?=\.|$)/g)) {
      const list = path.slice(0, found.index);
      if (done.has(list)) continue;
      if (best === undefined || list.length < best.length || (list.length === best.length && list < best)) best = list;
      break;
    }
  }
  return best;
}

function elementsOf(attributes: ReadonlyMap<string, AttributeValue>, list: string): Elements {
  const elements: Elements = new Map();
  const start = `${list}.`;
  for (const [path, value] of attributes) {
    if (!path.startsWith(start)) continue;
    const rest = path.slice(start.length);
    const number = /^(\d+)(\.|$)/.exec(rest)?.[1];
    if (number === undefined) continue;
    const index = Number(number);
    const inside = elements.get(index) ?? new Map<string, string>();
    inside.set(rest.slice(number.length), JSON.stringify(value));
    elements.set(index, inside);
  }
  return elements;
}

/** Names by which an element of a list is known to people; two elements that share one are the same element. */
const elementNames = [".name", ".sid", ".Sid", ".id", ".key", ".principal", ".containerPort", ".port"];

/** From each old position to its new one; undefined when nothing moves. */
function matchPositions(before: Elements, after: Elements): Map<number, number> | undefined {
  const positions = new Map<number, number>();
  const free = new Set(after.keys());
  matchBy(before, after, positions, free, (inside) =>
    JSON.stringify([...inside].sort(([one], [other]) => (one < other ? -1 : 1))),
  );
  for (const name of elementNames) matchBy(before, after, positions, free, (inside) => inside.get(name));
  // What is left changed in place if its position is still free on the other side.
  for (const index of before.keys()) {
    if (positions.has(index) || !free.has(index)) continue;
    positions.set(index, index);
    free.delete(index);
  }
  const openPlaces = [...free];
  let beyond = Math.max(-1, ...before.keys(), ...after.keys()) + 1;
  for (const index of before.keys()) {
    if (!positions.has(index)) positions.set(index, openPlaces.shift() ?? beyond++);
  }
  return [...positions].some(([from, to]) => from !== to) ? positions : undefined;
}

function matchBy(
  before: Elements,
  after: Elements,
  positions: Map<number, number>,
  free: Set<number>,
  nameOf: (inside: ReadonlyMap<string, string>) => string | undefined,
): void {
  const places = new Map<string, number[]>();
  for (const index of free) {
    const name = nameOf(after.get(index) ?? new Map());
    if (name === undefined) continue;
    const others = places.get(name);
    if (others) others.push(index);
    else places.set(name, [index]);
  }
  for (const [index, inside] of before) {
    if (positions.has(index)) continue;
    const name = nameOf(inside);
    const place = name === undefined ? undefined : places.get(name)?.shift();
    if (place === undefined) continue;
    positions.set(index, place);
    free.delete(place);
  }
}

function renumber<V>(
  entries: ReadonlyMap<string, V>,
  list: string,
  positions: ReadonlyMap<number, number>,
): Map<string, V> {
  const start = `${list}.`;
  const renumbered = new Map<string, V>();
  for (const [path, value] of entries) {
    const number = path.startsWith(start) ? /^(\d+)(?=\.|$)/.exec(path.slice(start.length))?.[1] : undefined;
    const to = number === undefined ? undefined : positions.get(Number(number));
    renumbered.set(
      number === undefined || to === undefined ? path : `${start}${to}${path.slice(start.length + number.length)}`,
      value,
    );
  }
  return renumbered;
}

/** How the version of a dependency moved between two items: the step of `versionStep` on their `version` attributes. */
export function versionStepOf(difference: Difference): ReturnType<typeof versionStep> {
  const before = difference.before?.attributes.get("version");
  const after = difference.after?.attributes.get("version");
  return versionStep(
    before === undefined ? undefined : String(before),
    after === undefined ? undefined : String(after),
  );
}
