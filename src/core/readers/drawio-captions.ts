import type { DrawioCell } from "./drawio-cells.ts";
import { isRemark } from "./drawio-shapes.ts";
import { centreOf, contains } from "./geometry.ts";

/* Texts that name the shape they lie on or stand below. */

/**
 * For each text in a group with one shape, the shape that it lies on: whoever ties an arrow to the caption of a shape means
 * the shape.
 * @param childrenOf the cells right below each cell, by its id.
 */
export function captionedShapes(
  cells: ReadonlyMap<string, DrawioCell>,
  childrenOf: ReadonlyMap<string, readonly DrawioCell[]>,
): ReadonlyMap<string, DrawioCell> {
  const found = new Map<string, DrawioCell>();
  for (const [group, children] of childrenOf) {
    if (cells.get(group)?.style.shapes.includes("group") !== true) continue;
    const members = children.filter(({ isVertex }) => isVertex);
    const [shape, another] = members.filter((cell) => !isRemark(cell));
    if (shape?.box === undefined || another !== undefined) continue;
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
