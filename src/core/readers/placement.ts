import type { ModelBoundary, ModelElement, ModelFlow } from "../domain/threat-model.ts";
import { type Box, centreOf, innermostAround, linesCross, type Placed, type Point, touchedBy } from "./geometry.ts";

/** Where the parts of one drawing lie, by their ids. Parts of other drawings of the model are not in it. */
export class Layout {
  readonly elements = new Map<string, Box>();
  readonly boundaries = new Map<string, Box>();
  /** Boundaries drawn as a line: the points on it. */
  readonly lines = new Map<string, readonly Point[]>();
  /** The bends of flows; their ends are the middles of the elements. */
  readonly bends = new Map<string, readonly Point[]>();
  /** Ends of flows that are tied to nothing, where they lie. */
  readonly ends = new Map<string, { readonly from?: Point | undefined; readonly to?: Point | undefined }>();
}

/** How near a free end must come to an element to be meant for it, in the unit of the drawing. */
const reach = 15;
/** More than people leave loose in one drawing; keeps the comparison of each with each element small. */
const mostLooseFlows = 500;

/** More than people draw; keeps the comparison of each flow with each line small. */
const mostLines = 50;
const mostPoints = 20;

interface Parts {
  readonly elements: readonly ModelElement[];
  readonly flows: readonly ModelFlow[];
  readonly boundaries: readonly ModelBoundary[];
}

/**
 * The parts with what only the drawing shows: the boundary an element lies in, the boundary a boundary lies in, the element
 * that the loose end of a flow touches, and the flows that cross a boundary line. What the file states itself is kept.
 */
export function placedBy(layouts: readonly Layout[], { elements, flows: stated, boundaries }: Parts): Parts {
  const flows = tied(stated, layouts);
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

/** The flows, each loose end tied to the element that it touches, if any. */
function tied(flows: readonly ModelFlow[], layouts: readonly Layout[]): readonly ModelFlow[] {
  let left = mostLooseFlows;
  return flows.map((flow) => {
    if ((flow.from !== "" && flow.to !== "") || left <= 0) return flow;
    left--;
    const layout = layouts.find(({ ends }) => ends.has(flow.id));
    const ends = layout?.ends.get(flow.id);
    if (layout === undefined || ends === undefined) return flow;
    const elements = [...layout.elements].map(([id, box]): Placed => ({ id, box }));
    const tiedTo = (stated: string, end: Point | undefined): string =>
      stated === "" && end !== undefined ? (touchedBy(end, elements, reach) ?? "") : stated;
    const [from, to] = [tiedTo(flow.from, ends.from), tiedTo(flow.to, ends.to)];
    // Both ends on one element: a line that was never drawn on to its other end.
    return from === to ? flow : { ...flow, from, to };
  });
}
