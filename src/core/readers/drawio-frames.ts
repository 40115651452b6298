import type { DrawioCell } from "./drawio-cells.ts";
import { nameOf } from "./drawio-names.ts";
import { iconName, isRemark } from "./drawio-shapes.ts";
import { centreOf, contains } from "./geometry.ts";

/** Boxes without a text are compared with all texts of the page: this many. */
const mostFrames = 200;
/** The sides from which on a box without a text can hold others. */
const smallestFrame = 90;
/** How far a picture may stand above or below the edge that it heads. */
const mostAbove = 25;

/** The large boxes of a page that have no text of their own: their name stands beside them, in a text or with a picture. */
export class Frames {
  readonly #cells: ReadonlyMap<string, DrawioCell>;
  readonly #isJoined: (cell: DrawioCell) => boolean;
  readonly #seen = new Set<string>();
  readonly #crowns = new Map<string, DrawioCell>();

  /** @param isJoined whether an arrow is tied to a cell. */
  constructor(cells: ReadonlyMap<string, DrawioCell>, isJoined: (cell: DrawioCell) => boolean) {
    this.#cells = cells;
    this.#isJoined = isJoined;
  }

  /** Looks at a box; true when it is a frame whose name stands beside it. */
  takes(cell: DrawioCell): boolean {
    const { id, box, lines } = cell;
    const isLarge = box !== undefined && box.width >= smallestFrame && box.height >= smallestFrame;
    if (!isLarge || lines.length > 0 || this.#seen.size >= mostFrames || isRemark(cell) || iconName(cell) !== undefined)
      return false;
    this.#seen.add(id);
    const crown = crownOf(cell, this.#cells, this.#isJoined);
    if (crown !== undefined) this.#crowns.set(id, crown);
    return crown !== undefined || captionAtEdge(cell, this.#cells) !== undefined;
  }

  has({ id }: DrawioCell): boolean {
    return this.#seen.has(id);
  }

  /** The name of a box: its own, that of the picture upon it, or the text at its edge. */
  headingOf(cell: DrawioCell): string | undefined {
    const crown = this.#crowns.get(cell.id);
    return nameOf(cell) ?? (crown === undefined ? captionAtEdge(cell, this.#cells) : nameOf(crown));
  }

  /** The pictures that head one of these boxes and are no parts themselves. */
  crownsOf(cells: readonly DrawioCell[]): ReadonlySet<string> {
    return new Set(cells.flatMap(({ id }) => this.#crowns.get(id)?.id ?? []));
  }
}

/** The text that stands at the upper or lower edge of a box without a text of its own, the nearest to it. */
function captionAtEdge({ box }: DrawioCell, cells: ReadonlyMap<string, DrawioCell>): string | undefined {
  if (box === undefined) return undefined;
  let nearest = Math.max(30, box.height / 6);
  let caption: string | undefined;
  for (const cell of cells.values()) {
    if (!cell.isVertex || cell.box === undefined || cell.lines.length === 0 || !isRemark(cell)) continue;
    const { x, y } = centreOf(cell.box);
    const away = Math.min(Math.abs(y - box.y), Math.abs(y - box.y - box.height));
    if (away > nearest || (away === nearest && caption !== undefined) || !contains(box, { x, y }, 25)) continue;
    nearest = away;
    caption = cell.lines.join(" ").slice(0, 120);
  }
  return caption;
}

/**
 * The picture with a name that stands upon the upper edge of a box, in its middle, and that no arrow touches: how drawings of
 * clouds head the box of a service.
 */
function crownOf(
  { id, box }: DrawioCell,
  cells: ReadonlyMap<string, DrawioCell>,
  isJoined: (cell: DrawioCell) => boolean,
): DrawioCell | undefined {
  if (box === undefined) return undefined;
  for (const cell of cells.values()) {
    if (!cell.isVertex || cell.box === undefined || cell.id === id || cell.lines.length === 0) continue;
    if (iconName(cell) === undefined || isRemark(cell) || isJoined(cell) || cell.box.width * 2 > box.width) continue;
    const isInMiddle = Math.abs(centreOf(cell.box).x - centreOf(box).x) <= box.width / 10;
    const under = cell.box.y + cell.box.height;
    if (isInMiddle && cell.box.y < box.y && under > box.y - mostAbove && under < box.y + mostAbove) return cell;
  }
  return undefined;
}
