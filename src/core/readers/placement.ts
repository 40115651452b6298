import type { ModelBoundary, ModelElement, ModelFlow } from "../domain/threat-model.ts";
import { type Box, centreOf, innermostAround, linesCross, type Placed, type Point } from "./geometry.ts";

/** Where the parts of one drawing lie, by their ids. Parts of other drawings of the model are not in it. */
export class Layout {
  readonly elements = new Map<string, Box>();
  readonly boundaries = new Map<string, Box>();
  /** Boundaries drawn as a line: the points on it. */
  readonly lines = new Map<string, readonly Point[]>();
  /** The bends of flows; their ends are the middles of the elements. */
  readonly bends = new Map<string, readonly Point[]>();
}

/** More than people draw; keeps the comparison of each flow with each line small. */
const mostLines = 50;
const mostPoints = 20;

interface Parts {
  readonly elements: readonly ModelElement[];
  readonly flows: readonly ModelFlow[];
  readonly boundaries: readonly ModelBoundary[];
}

/**
 * The parts with what only the drawing shows: the boundary an element lies in, the boundary a boundary lies in, and the
 * flows that cross a boundary line. What the file states itself is kept.
 */
export function placedBy(layouts: readonly Layout[], { elements, flows, boundaries }: Parts): Parts {
  const inside = new Map<string, string>();
  const parents = new Map<string, string>();
  const crossing = new Set<string>();
  for (const layout of layouts) {
    const outlines: Placed[] = [...layout.boundaries].map(([id, box]) => ({ id, box }));
    for (const [id, box] of layout.elements) {
      const around = innermostAround(box, outlines);
      if (around !== undefined) inside.set(id, around);
    }
    for (const { id, box } of outlines) {
      const around = innermostAround(box, outlines);
      if (around !== undefined) parents.set(id, around);
    }
    const lines = [...layout.lines.values()].slice(0, mostLines).map((line) => line.slice(0, mostPoints));
    for (const flow of lines.length === 0 ? [] : flows) {
      const [from, to] = [layout.elements.get(flow.from), layout.elements.get(flow.to)];
      if (from === undefined || to === undefined) continue;
      const way = [centreOf(from), ...(layout.bends.get(flow.id) ?? []).slice(0, mostPoints), centreOf(to)];
      if (lines.some((line) => linesCross(line, way))) crossing.add(flow.id);
    }
  }
  return {
    elements: elements.map((element) => {
      const boundary = element.boundary ?? inside.get(element.id);
      return boundary === undefined ? element : { ...element, boundary };
    }),
    boundaries: boundaries.map((boundary) => {
      const parent = boundary.parent ?? parents.get(boundary.id);
      return parent === undefined ? boundary : { ...boundary, parent };
    }),
    flows: flows.map((flow) =>
      crossing.has(flow.id)
        ? { ...flow, facts: [...flow.facts, { fact: "crosses-boundary", is: "yes", where: flow.place }] }
        : flow,
    ),
  };
}
