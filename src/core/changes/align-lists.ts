import type { AttributeValue, Item } from "./structure.ts";

/** Deeper parts of an attribute's name are taken as one: names are hostile, and the walk below is recursive. */
const deepest = 64;

/** The attributes of an item as a tree, by the parts of their names. */
interface Node {
  /** The value as text; undefined where only parts below have one. */
  value?: string;
  readonly below: Map<string, Node>;
  /** Where this is a list whose elements moved: from each old position to its new one. */
  moved?: ReadonlyMap<number, number>;
}

/**
 * `before` with the positions of its list elements renumbered to those that hold the same in `after`, so that an element put in
 * front of a list is one new element and not a change of all. Elements that only one side has keep the order they had,
 * after the shared ones or in the gaps. Outer lists are aligned before inner ones. Linear in the attributes.
 */
export function alignLists(before: Item, after: Item): Item {
  if (saysTheSame(before, after) || ![...before.attributes.keys()].some(hasPosition)) return before;
  const tree = treeOf(before.attributes);
  if (!align(tree, treeOf(after.attributes), false)) return before;
  return { ...before, attributes: renamed(before.attributes, tree), lines: renamed(before.lines, tree) };
}

function saysTheSame(one: Item, other: Item): boolean {
  if (one.attributes.size !== other.attributes.size) return false;
  for (const [attribute, value] of one.attributes) if (other.attributes.get(attribute) !== value) return false;
  return true;
}

function hasPosition(name: string): boolean {
  return /\.\d+(?:\.|$)/.test(name);
}

function isPosition(part: string): boolean {
  return /^\d+$/.test(part);
}

function partsOf(name: string): string[] {
  const parts = name.split(".", deepest);
  const length = parts.reduce((sum, part) => sum + part.length + 1, -1);
  if (length < name.length) parts.push(name.slice(length + 1));
  return parts;
}

function treeOf(attributes: ReadonlyMap<string, AttributeValue>): Node {
  const root: Node = { below: new Map() };
  for (const [name, value] of attributes) {
    let node = root;
    for (const part of partsOf(name)) {
      let next = node.below.get(part);
      if (!next) {
        next = { below: new Map() };
        node.below.set(part, next);
      }
      node = next;
    }
    node.value = JSON.stringify(value);
  }
  return root;
}

/** Notes in the tree of `before` where elements of lists moved; whether any did. A name alone is no list, so the root is none. */
function align(before: Node, after: Node | undefined, canBeList: boolean): boolean {
  const moved = canBeList ? matchPositions(elementsOf(before), elementsOf(after)) : undefined;
  let any = false;
  if (moved) {
    before.moved = moved;
    any = true;
  }
  for (const [part, node] of before.below) any = align(node, after?.below.get(newPart(part, moved)), true) || any;
  return any;
}

function newPart(part: string, moved: ReadonlyMap<number, number> | undefined): string {
  const to = moved && isPosition(part) ? moved.get(Number(part)) : undefined;
  return to === undefined ? part : String(to);
}

function renamed<V>(entries: ReadonlyMap<string, V>, tree: Node): Map<string, V> {
  const out = new Map<string, V>();
  for (const [name, value] of entries) {
    let node: Node | undefined = tree;
    const parts = partsOf(name);
    for (const [index, part] of parts.entries()) {
      parts[index] = newPart(part, node?.moved);
      node = node?.below.get(part);
    }
    out.set(parts.join("."), value);
  }
  return out;
}

/** The elements of one list by their positions. */
type Elements = ReadonlyMap<number, Node>;

function elementsOf(list: Node | undefined): Elements {
  const elements = new Map<number, Node>();
  for (const [part, node] of list?.below ?? []) if (isPosition(part)) elements.set(Number(part), node);
  return elements;
}

/** Everything an element says, as one text. */
function contentOf(element: Node): string {
  return JSON.stringify(plainOf(element));
}

function plainOf({ value, below }: Node): unknown {
  if (below.size === 0) return value;
  const names = [...below.keys()].sort();
  return [value, names.map((name) => [name, plainOf(below.get(name) ?? { below: new Map() })])];
}

/** Names by which an element of a list is known to people; two elements that share one are the same element. */
const elementNames = ["name", "sid", "Sid", "id", "key", "principal", "containerPort", "port"];

/** From each old position to its new one; undefined when nothing moves. */
function matchPositions(before: Elements, after: Elements): Map<number, number> | undefined {
  if (before.size === 0) return undefined;
  const positions = new Map<number, number>();
  const free = new Set(after.keys());
  matchBy(before, after, positions, free, contentOf);
  for (const name of elementNames) matchBy(before, after, positions, free, (element) => element.below.get(name)?.value);
  // What is left changed in place if its position is still free on the other side.
  for (const index of before.keys()) {
    if (positions.has(index) || !free.has(index)) continue;
    positions.set(index, index);
    free.delete(index);
  }
  const openPlaces = [...free];
  let beyond = 0;
  for (const index of [...before.keys(), ...after.keys()]) beyond = Math.max(beyond, index + 1);
  let nextOpen = 0;
  for (const index of before.keys()) {
    if (!positions.has(index)) positions.set(index, openPlaces[nextOpen++] ?? beyond++);
  }
  return [...positions].some(([from, to]) => from !== to) ? positions : undefined;
}

function matchBy(
  before: Elements,
  after: Elements,
  positions: Map<number, number>,
  free: Set<number>,
  nameOf: (element: Node) => string | undefined,
): void {
  if (positions.size === before.size || free.size === 0) return;
  const places = new Map<string, { readonly all: number[]; next: number }>();
  for (const index of free) {
    const element = after.get(index);
    const name = element && nameOf(element);
    if (name === undefined) continue;
    const others = places.get(name);
    if (others) others.all.push(index);
    else places.set(name, { all: [index], next: 0 });
  }
  for (const [index, element] of before) {
    if (positions.has(index)) continue;
    const name = nameOf(element);
    const found = name === undefined ? undefined : places.get(name);
    const place = found?.all[found.next];
    if (!found || place === undefined) continue;
    found.next++;
    positions.set(index, place);
    free.delete(place);
  }
}
