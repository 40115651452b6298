import type { DrawioCell } from "./drawio-cells.ts";
import { isRemark } from "./drawio-shapes.ts";

/* Short names and numbers on a page: what marks a place or numbers a part and is no part itself. */

const shortName = /^[A-Z]{1,3}[-.]?\d{1,3}$/;
const shortNames = /\b[A-Z]{1,3}[-.]?\d{1,3}\b/g;
/** The letters of STRIDE with a number: so many of them mark threats, whether or not a text explains them. */
const strideCode = /^[STRIDE][-.]?\d{1,2}$/;
const fewestMarks = 4;

/**
 * The texts of boxes that mark a place and are no part: short names that a text beside the drawing explains, and letters of
 * STRIDE with numbers, three of the six and four boxes at least.
 */
export function markTexts(cells: Iterable<DrawioCell>, isJoined: (cell: DrawioCell) => boolean): ReadonlySet<string> {
  const explained = new Set<string>();
  const stride: string[] = [];
  for (const cell of cells) {
    if (!cell.isVertex) continue;
    const text = cell.lines.join(" ");
    if (strideCode.test(text) && !isJoined(cell)) stride.push(text);
    if (isRemark(cell) && cell.lines.length > 1) for (const [one] of text.matchAll(shortNames)) explained.add(one);
  }
  const letters = new Set(stride.map((one) => one.charAt(0)));
  return stride.length >= fewestMarks && letters.size > 2 ? new Set([...explained, ...stride]) : explained;
}

/** Whether a shape holds no more than its number, as a store of a data flow diagram does beside its name. */
export function isNumbered(name: string | undefined): boolean {
  return name !== undefined && (/^\d{1,3}$/.test(name) || shortName.test(name));
}

/** A field of a stencil, such as the number of a process, which draw.io keeps as a cell of its own. */
export function isField({ style }: DrawioCell): boolean {
  return style.get("part") === "1";
}
