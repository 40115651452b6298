import type { AttributeValue, Item } from "./structure.ts";

/** Lists of one item that are aligned, outer ones first; the rest is compared by position. */
const mostLists = 200;

/** One list of an item: its elements' attributes by the path inside the element. */
type Elements = Map<number, Map<string, string>>;

/**
 * `before` with the positions of its list elements renumbered to those that hold the same in `after`, so that an element put in
 * front of a list is one new element and not a change of all. Elements that only one side has keep the order they had,
 * after the shared ones or in the gaps. Outer lists are aligned before inner ones.
 */
export function alignLists(before: Item, after: Item): Item {
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
