import type { DrawioCell } from "./drawio-cells.ts";
import { iconName } from "./drawio-shapes.ts";

const longestName = 50;
const c4Line = /^\[([^\]:]{1,60})(?::\s*([^\]]{1,100}))?\]$/;

/** The text of a shape without the lines in which C4 stencils tell the type and describe. */
export function nameOf({ lines }: DrawioCell): string | undefined {
  const typed = lines.findIndex((line) => c4Line.test(line));
  const whole = (typed > 0 ? lines.slice(0, typed) : lines).join(" ");
  // A long text is a name and what is said of it; a short one is a name on several lines.
  const name = (whole.length <= longestName ? whole : (lines[0] ?? "")).replace(/\s+/g, " ").trim().slice(0, 120);
  return name === "" ? undefined : name;
}

/** What a part is built with: as a C4 stencil tells it, or the product of its icon. */
export function technologyOf(cell: DrawioCell): string | undefined {
  if (cell.c4.technology !== undefined) return cell.c4.technology;
  const typed = cell.lines.map((line) => c4Line.exec(line)?.[2]).find((technology) => technology !== undefined);
  return typed ?? iconName(cell);
}
