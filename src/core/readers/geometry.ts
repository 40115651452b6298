/*
 * What a drawing shows where its file does not say it: which element lies in which box, and which flow crosses which line.
 * Coordinates are those of the drawing, y downwards; their unit does not matter.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A box when all four figures are there and it has an extent; drawings in the wild leave figures out. */
export function boxOf(
  x: number | undefined,
  y: number | undefined,
  width: number | undefined,
  height: number | undefined,
): Box | undefined {
  const figures = [x, y, width, height];
  if (figures.some((figure) => figure === undefined || !Number.isFinite(figure))) return undefined;
  const box = { x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 };
  return box.width > 0 && box.height > 0 ? box : undefined;
}

export function centreOf({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Whether a point lies in a box, its edge included; `margin` widens the box on every side. */
export function contains(box: Box, point: Point, margin = 0): boolean {
  return (
    point.x >= box.x - margin &&
    point.x <= box.x + box.width + margin &&
    point.y >= box.y - margin &&
    point.y <= box.y + box.height + margin
  );
}

export function areaOf({ width, height }: Box): number {
  return width * height;
}

/** Drawing tools keep sizes with the faults of binary fractions: a box that fills another is not around it. */
const rounding = 1 + 1e-9;

/** A part of a drawing and the box it fills. */
export interface Placed {
  readonly id: string;
  readonly box: Box;
}

/**
 * The id of the smallest box around another: the one it is drawn in. The centre decides, because people draw over edges; a
 * box is never in one that is no larger than itself.
 */
export function innermostAround(box: Box, around: readonly Placed[]): string | undefined {
  const centre = centreOf(box);
  let best: Placed | undefined;
  for (const one of around) {
    if (areaOf(one.box) <= areaOf(box) * rounding || !contains(one.box, centre)) continue;
    if (best === undefined || areaOf(one.box) < areaOf(best.box)) best = one;
  }
  return best?.id;
}

/** The id of the box that a point lies in or comes within `reach` of, of several the one whose middle is nearest. */
export function touchedBy(point: Point, boxes: readonly Placed[], reach: number): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const { id, box } of boxes) {
    if (!contains(box, point, reach)) continue;
    const centre = centreOf(box);
    const away = Math.hypot(centre.x - point.x, centre.y - point.y);
    if (away < least) [nearest, least] = [id, away];
  }
  return nearest;
}

/** Whether two drawn lines cross or touch. Both are given by their corners; curves by points on them. */
export function linesCross(one: readonly Point[], other: readonly Point[]): boolean {
  return segmentsOf(one).some(([a, b]) => segmentsOf(other).some(([c, d]) => segmentsCross(a, b, c, d)));
}

function segmentsOf(line: readonly Point[]): (readonly [Point, Point])[] {
  return line.flatMap((point, index) => {
    const next = line[index + 1];
    return next === undefined ? [] : [[point, next] as const];
  });
}

/** Which side of the line from `a` to `b` a point lies on: the sign of the cross product. */
function sideOf(a: Point, b: Point, point: Point): number {
  return Math.sign((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x));
}

function segmentsCross(a: Point, b: Point, c: Point, d: Point): boolean {
  const [c1, d1, a1, b1] = [sideOf(a, b, c), sideOf(a, b, d), sideOf(c, d, a), sideOf(c, d, b)];
  if (c1 !== d1 && a1 !== b1) return true;
  const onLine = (side: number, start: Point, end: Point, point: Point): boolean =>
    side === 0 &&
    point.x >= Math.min(start.x, end.x) &&
    point.x <= Math.max(start.x, end.x) &&
    point.y >= Math.min(start.y, end.y) &&
    point.y <= Math.max(start.y, end.y);
  return onLine(c1, a, b, c) || onLine(d1, a, b, d) || onLine(a1, c, d, a) || onLine(b1, c, d, b);
}
