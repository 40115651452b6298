import type { DrawioCell } from "./drawio-cells.ts";
import { nameOf } from "./drawio-names.ts";
import { iconName, isRemark } from "./drawio-shapes.ts";
import { centreOf, contains } from "./geometry.ts";

/* Large boxes without a text of their own: their name stands beside them, in a text or with a picture. */

/** Boxes without a text are compared with all texts of the page: this many. */
const mostFrames = 200;
/** The sides from which on a box without a text can hold others. */
const smallestFrame = 90;
/** How far outside a box, and how far within it, the text at its edge may stand: the latter grows with the box. */
const beside = 25;
const leastWithin = 30;
/** How far a picture may stand above or below the edge that it heads. */
const mostAbove = 25;

/** A box without a text of its own, and what stands beside it. */
export interface Frame {
  readonly name: string | undefined;
  /** The cell of the picture that heads it and is no part itself. */
  readonly crown: string | undefined;
}

/**
 * The frames of a page by their cells, with or without a name.
 * @param isJoined whether an arrow is tied to a cell.
 */
export function framesOf(
  cells: ReadonlyMap<string, DrawioCell>,
  isJoined: (cell: DrawioCell) => boolean,
): ReadonlyMap<string, Frame> {
  const frames = new Map<string, Frame>();
  for (const cell of cells.values()) {
    if (frames.size >= mostFrames) break;
    if (!isFrame(cell)) continue;
    const crown = crownOf(cell, cells, isJoined);
    frames.set(cell.id, { name: crown === undefined ? captionAtEdge(cell, cells) : nameOf(crown), crown: crown?.id });
  }
  return frames;
}

function isFrame(cell: DrawioCell): boolean {
  const { box, isVertex, lines } = cell;
  const isLarge = box !== undefined && box.width >= smallestFrame && box.height >= smallestFrame;
  return isVertex && isLarge && lines.length === 0 && !isRemark(cell) && iconName(cell) === undefined;
}

/** The text that stands at the upper or lower edge of a box without a text of its own, the nearest to it. */
export function captionAtEdge({ box }: DrawioCell, cells: ReadonlyMap<string, DrawioCell>): string | undefined {
  if (box === undefined) return undefined;
  let nearest = Math.max(leastWithin, box.height / 6);
  let caption: string | undefined;
  for (const cell of cells.values()) {
    if (!cell.isVertex || cell.box === undefined || cell.lines.length === 0 || !isRemark(cell)) continue;
    const centre = centreOf(cell.box);
    const away = Math.min(Math.abs(centre.y - box.y), Math.abs(centre.y - box.y - box.height));
    const isNearer = away < nearest || (away === nearest && caption === undefined);
    if (!isNearer || !contains(box, centre, beside)) continue;
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
