import type { DrawioCell } from "./drawio-cells.ts";
import { isRemark } from "./drawio-shapes.ts";
import { centreOf, contains } from "./geometry.ts";

/* What stands on a page beside the parts of a system: marks with a short name, and texts that name the shape they lie on. */

const code = /^[A-Z]{1,3}[-.]?\d{1,3}$/;
const codesInText = /\b[A-Z]{1,3}[-.]?\d{1,3}\b/g;
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
    if (isRemark(cell) && cell.lines.length > 1) for (const [one] of text.matchAll(codesInText)) explained.add(one);
  }
  const letters = new Set(stride.map((one) => one.charAt(0)));
  return stride.length >= fewestMarks && letters.size > 2 ? new Set([...explained, ...stride]) : explained;
}

/**
 * For each text that an arrow is tied to, the shape that it lies on in the same group: whoever ties an arrow to the caption
 * of a shape means the shape.
 */
export function captionedShapes(cells: ReadonlyMap<string, DrawioCell>): ReadonlyMap<string, DrawioCell> {
  const groups = new Map<string, DrawioCell[]>();
  for (const cell of cells.values()) {
    const group = cell.parent === undefined ? undefined : cells.get(cell.parent);
    if (group?.style.shapes.includes("group") !== true || !cell.isVertex) continue;
    const members = groups.get(group.id);
    if (members === undefined) groups.set(group.id, [cell]);
    else members.push(cell);
  }
  const found = new Map<string, DrawioCell>();
  for (const members of groups.values()) {
    const shapes = members.filter((cell) => !isRemark(cell));
    const [shape] = shapes;
    if (shapes.length !== 1 || shape?.box === undefined) continue;
    for (const { id, box, lines } of members)
      if (id !== shape.id && lines.length > 0 && box !== undefined && contains(shape.box, centreOf(box)))
        found.set(id, shape);
  }
  return found;
}

/** How far below a shape its caption may stand, in the drawing's own unit. */
const below = 40;

/** The text in the same group as a shape, or the one right below it. */
export function captionBeside(
  { box }: DrawioCell,
  siblings: readonly DrawioCell[],
  isGroup: boolean,
): DrawioCell | undefined {
  const under = box === undefined ? undefined : { ...box, y: box.y + box.height, height: below };
  return siblings.find(
    (one) =>
      one.isVertex &&
      isRemark(one) &&
      one.lines.length > 0 &&
      (isGroup || (under !== undefined && one.box !== undefined && contains(under, centreOf(one.box)))),
  );
}

/** Whether a shape holds no more than its number, as a store of a data flow diagram does beside its name. */
export function isNumbered(name: string | undefined): boolean {
  return name !== undefined && (/^\d{1,3}$/.test(name) || code.test(name));
}

/** A field of a stencil, such as the number of a process, which draw.io keeps as a cell of its own. */
export function isField({ style }: DrawioCell): boolean {
  return style.get("part") === "1";
}
