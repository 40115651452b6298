import type { ThreatModel } from "../domain/threat-model.ts";

/** Where a symbol stands, in the tool's pixels, from the upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Tile {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly inside: readonly Tile[];
}

const gap = 70;
const margin = 40;
const across = 4;
/** Boxes in boxes: more is no drawing that anybody reads, and a circle of parents ends here. */
const deepest = 16;

/** A place for every element and boundary: elements in rows inside the box of their boundary, boxes beside each other. */
export function placed(model: Pick<ThreatModel, "elements" | "boundaries">): Map<string, Box> {
  const known = new Set(model.boundaries.map(({ id }) => id));
  const seen = new Set<string>();
  const tilesIn = (boundary: string | undefined, depth: number): Tile[] => [
    ...model.boundaries
      .filter(
        ({ id, parent }) =>
          !seen.has(id) && (parent !== undefined && known.has(parent) ? parent : undefined) === boundary,
      )
      .map(({ id }): Tile => {
        seen.add(id);
        const inside = depth < deepest ? tilesIn(id, depth + 1) : [];
        const { width, height } = sizeOf(inside);
        return { id, width: Math.max(200, width + 2 * margin), height: Math.max(120, height + 2 * margin), inside };
      }),
    ...model.elements
      .filter(
        (element) =>
          (element.boundary !== undefined && known.has(element.boundary) ? element.boundary : undefined) === boundary,
      )
      .map(({ id, kind, name }): Tile => {
        const width = Math.min(260, Math.max(120, name.length * 8));
        return {
          id,
          width: kind === "process" ? Math.max(110, width) : width,
          height: kind === "process" ? 110 : 70,
          inside: [],
        };
      }),
  ];
  const boxes = new Map<string, Box>();
  const top = [...tilesIn(undefined, 0)];
  // Boundaries that lie in themselves hang below no other; they are drawn beside the rest.
  for (const { id } of model.boundaries)
    if (!seen.has(id)) top.push({ id, width: 200, height: 120, inside: tilesIn(id, deepest) });
  spread(top, margin, margin, boxes);
  return boxes;
}

function rowsOf(tiles: readonly Tile[]): Tile[][] {
  const rows: Tile[][] = [];
  for (let index = 0; index < tiles.length; index += across) rows.push(tiles.slice(index, index + across));
  return rows;
}

function sizeOf(tiles: readonly Tile[]): { width: number; height: number } {
  const rows = rowsOf(tiles);
  return {
    width: Math.max(0, ...rows.map((row) => row.reduce((sum, { width }) => sum + width + gap, -gap))),
    height: rows.reduce(
      (sum, row) => sum + Math.max(...row.map(({ height }) => height)) + gap,
      rows.length === 0 ? 0 : -gap,
    ),
  };
}

function spread(tiles: readonly Tile[], left: number, top: number, boxes: Map<string, Box>): void {
  let y = top;
  for (const row of rowsOf(tiles)) {
    let x = left;
    for (const { id, width, height, inside } of row) {
      boxes.set(id, { x, y, width, height });
      spread(inside, x + margin, y + margin, boxes);
      x += width + gap;
    }
    y += Math.max(...row.map(({ height }) => height)) + gap;
  }
}
