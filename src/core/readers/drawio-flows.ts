import type { ModelElement, ModelFlow } from "../domain/threat-model.ts";
import type { DrawioCell } from "./drawio-cells.ts";
import { isBoundaryLine } from "./drawio-shapes.ts";
import { linesCross, type Point } from "./geometry.ts";
import { known } from "./known.ts";

/* The arrows of a page: between which parts they lead, what they carry, and which drawn boundaries they cross. */

const mostFlows = 5_000;
const mostBends = 10;

/** A part at the end of an arrow, and where on the page the arrow touches it. */
export interface DrawnEnd {
  readonly id: string;
  readonly at?: Point;
}

/** What of a page its arrows need to know. */
export interface Surface {
  /** The part at an end: by the cell that it is tied to, or by what a free end touches. */
  endOf(id: string | undefined, free: Point | undefined): DrawnEnd | undefined;
  /** Texts that hang on an arrow. */
  labelsOf(edge: DrawioCell): readonly DrawioCell[];
  placeOf(edge: DrawioCell): ModelElement["place"];
}

/** The flows that arrows draw; an arrow that leads from or to nothing is none. At most 5,000. */
export function drawnFlows(
  edges: readonly DrawioCell[],
  lines: readonly (readonly Point[])[],
  surface: Surface,
): ModelFlow[] {
  const flows: ModelFlow[] = [];
  const drawn = new Map<string, number>();
  for (const edge of edges) {
    if (flows.length >= mostFlows) break;
    const ends = [surface.endOf(edge.source, edge.from), surface.endOf(edge.target, edge.to)] as const;
    const [from, to] = pointsBack(edge) ? [ends[1], ends[0]] : ends;
    if (from === undefined || to === undefined) continue;
    // A free end that touches nothing but the shape it starts from.
    if (from.id === to.id && (edge.source === undefined || edge.target === undefined)) continue;
    const place = surface.placeOf(edge);
    const name = labelOf(edge, surface);
    const base = name === undefined ? `${from.id} -> ${to.id}` : `${from.id} -> ${to.id}: ${name}`;
    const copies = (drawn.get(base) ?? 0) + 1;
    drawn.set(base, copies);
    const way = [from.at, ...edge.bends.slice(0, mostBends), to.at].filter((point) => point !== undefined);
    flows.push(
      known({
        id: copies === 1 ? base : `${base} #${copies}`,
        name,
        from: from.id,
        to: to.id,
        data: [],
        facts: lines.some((line) => linesCross(line, way))
          ? [{ fact: "crosses-boundary", is: "yes" as const, where: place }]
          : [],
        place,
      }),
    );
  }
  return flows;
}

function labelOf(edge: DrawioCell, surface: Surface): string | undefined {
  const texts = [edge, ...surface.labelsOf(edge)].map((cell) => cell.lines.join(" "));
  const label = texts
    .filter((text) => text !== "")
    .join(" ")
    .replace(/\s+/g, " ")
    .slice(0, 120);
  return label === "" ? undefined : label;
}

/** A free line that parts two sides, or one that is named as a boundary. */
export function isFreeBoundary(edge: DrawioCell): boolean {
  return edge.source === undefined && edge.target === undefined && isBoundaryLine(edge) && pathOf(edge).length > 1;
}

/** The way of a line over the page, its bends included. */
export function pathOf({ from, bends, to }: DrawioCell): Point[] {
  return [from, ...bends.slice(0, mostBends), to].filter((point) => point !== undefined);
}

/** An arrow whose head is drawn at its start alone. */
function pointsBack({ style }: DrawioCell): boolean {
  return style.get("endArrow") === "none" && (style.get("startArrow") ?? "none") !== "none";
}
