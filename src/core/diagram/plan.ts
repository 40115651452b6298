import type { ElementKind } from "../domain/stride.ts";
import { type ThreatModel, unnamedBoundary } from "../domain/threat-model.ts";

/** A data flow diagram before it is drawn: symbols in nested boxes, and arrows between them. Texts are still raw. */
export interface Plan {
  readonly title: string;
  readonly boxes: readonly PlannedBox[];
  readonly nodes: readonly PlannedNode[];
  readonly arrows: readonly PlannedArrow[];
}

export interface PlannedBox {
  /** Name in the source of the drawing, of our own making. */
  readonly key: string;
  readonly name: string;
  readonly parent: string | undefined;
}

export interface PlannedNode {
  readonly key: string;
  readonly name: string;
  /** `unknown`: the end of a flow that is no element of the model. */
  readonly kind: Exclude<ElementKind, "flow"> | "unknown";
  readonly box: string | undefined;
  /** Data that it holds, each with its classification where the model says one. */
  readonly data: readonly string[];
}

export interface PlannedArrow {
  readonly from: string;
  readonly to: string;
  readonly name: string | undefined;
  readonly protocol: string | undefined;
  readonly data: readonly string[];
  /** Whether it crosses a boundary that is drawn as a line, which has no box. */
  readonly crossesLine: boolean;
}

/**
 * The plan without boxes that show nothing: a boundary that was drawn as a line without a name holds no symbols; the arrows
 * that cross it say where it runs.
 */
export function withoutLines(plan: Plan): Plan {
  if (!plan.arrows.some(({ crossesLine }) => crossesLine)) return plan;
  const used = new Set([...plan.nodes.map(({ box }) => box), ...plan.boxes.map(({ parent }) => parent)]);
  return { ...plan, boxes: plan.boxes.filter(({ key, name }) => name !== unnamedBoundary || used.has(key)) };
}

/** Plans the diagram of a model. Boundaries that elements only name get a box as well; a boundary inside itself stands free. */
export function planOf(model: ThreatModel): Plan {
  const boxes = new Map<string, { key: string; name: string; parent: string | undefined }>();
  const addBox = (id: string, name: string, parent: string | undefined): void => {
    if (!boxes.has(id)) boxes.set(id, { key: `b${boxes.size + 1}`, name, parent });
  };
  for (const { id, name, parent } of model.boundaries) addBox(id, name, parent);
  const boxIds = new Map(model.boundaries.map(({ id, name }) => [name, id]));
  const boxOf = (reference: string | undefined): string | undefined => {
    if (reference === undefined || reference === "") return undefined;
    const id = boxes.has(reference) ? reference : (boxIds.get(reference) ?? reference);
    addBox(id, id, undefined);
    return boxes.get(id)?.key;
  };
  const classified = new Map(
    model.system.data.map(({ name, classification }) => [name.trim().toLowerCase(), classification]),
  );
  const dataOf = (names: readonly string[]): string[] =>
    names.map((name) => {
      const classification = classified.get(name.trim().toLowerCase());
      return classification === undefined ? name : `${name} (${classification})`;
    });
  const nodes = new Map<string, PlannedNode>();
  for (const { id, name, kind, boundary, data } of model.elements) {
    if (nodes.has(id)) continue;
    nodes.set(id, {
      key: `n${nodes.size + 1}`,
      name,
      kind: kind === "flow" ? "unknown" : kind,
      box: boxOf(boundary),
      data: kind === "store" ? dataOf(data) : [],
    });
  }
  const end = (id: string): string => {
    const known = nodes.get(id) ?? byName(id, model, nodes);
    if (known !== undefined) return known.key;
    const box = boxes.get(id);
    const node: PlannedNode = {
      key: `n${nodes.size + 1}`,
      name: box === undefined ? (id === "" ? "not connected" : id) : box.name,
      kind: "unknown",
      box: box?.key,
      data: [],
    };
    nodes.set(id, node);
    return node.key;
  };
  const arrows = model.flows.map(({ name, from, to, protocol, data, facts }) => ({
    from: end(from),
    to: end(to),
    name,
    protocol,
    data: dataOf(data),
    crossesLine: facts.some(({ fact, is }) => fact === "crosses-boundary" && is === "yes"),
  }));
  return { title: model.system.name?.text ?? "", boxes: nested(boxes), nodes: [...nodes.values()], arrows };
}

function byName(name: string, model: ThreatModel, nodes: ReadonlyMap<string, PlannedNode>): PlannedNode | undefined {
  const element = model.elements.find((one) => one.name === name);
  return element === undefined ? undefined : nodes.get(element.id);
}

/** Leads parents to keys, and cuts what would lie inside itself. */
function nested(boxes: ReadonlyMap<string, { key: string; name: string; parent: string | undefined }>): PlannedBox[] {
  return [...boxes].map(([id, { key, name, parent }]) => {
    const seen = new Set([id]);
    let above = parent;
    while (above !== undefined && !seen.has(above)) {
      seen.add(above);
      above = boxes.get(above)?.parent;
    }
    return { key, name, parent: above !== undefined || parent === undefined ? undefined : boxes.get(parent)?.key };
  });
}

/** The boxes and nodes that lie directly in a box; undefined for the top. */
export function within(
  plan: Plan,
  box: string | undefined,
): { boxes: readonly PlannedBox[]; nodes: readonly PlannedNode[] } {
  return {
    boxes: plan.boxes.filter(({ parent }) => parent === box),
    nodes: plan.nodes.filter((node) => node.box === box),
  };
}

/** At most this many symbols stand beside one another in a row: what a page shows without scrolling. */
const widestRow = 6;

/**
 * The symbols that no arrow touches, in rows box by box. A drawing places symbols by their arrows, so that those without
 * any would stand in one tall column; from four on they are better laid out as a block that is about as wide as it is high.
 */
export function rowsOf(plan: Plan): readonly (readonly PlannedNode[])[] {
  const touched = new Set(plan.arrows.flatMap(({ from, to }) => [from, to]));
  const rows: PlannedNode[][] = [];
  for (const box of [undefined, ...plan.boxes.map(({ key }) => key)]) {
    const alone = plan.nodes.filter((node) => node.box === box && !touched.has(node.key));
    if (alone.length < 4) continue;
    const width = Math.min(widestRow, Math.ceil(Math.sqrt(alone.length)));
    for (let at = 0; at < alone.length; at += width) rows.push(alone.slice(at, at + width));
  }
  return rows.filter((row) => row.length > 1);
}
