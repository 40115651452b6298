/** A rectangle in the coordinates of the drawing; y grows downwards. */
interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The title of a box: where its line stands in the text of the drawing, and what it covers. */
interface Title {
  readonly line: number;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly half: number;
  readonly box: Area;
}

/** What Graphviz drew, as far as titles must keep clear of it. */
interface Drawing {
  readonly titles: readonly Title[];
  readonly boxes: readonly Area[];
  /** Symbols and the white ground of labels. */
  readonly areas: readonly Area[];
  /** Points along the arrows, close enough that no title slips between two of them. */
  readonly points: readonly Point[];
}

/** Between a title and the line of its box, as Graphviz leaves it. */
const inset = 8;
/** Between a title and whatever else is drawn. */
const clearance = 2;
/** Between two points that stand for an arrow. */
const apart = 4;
/**
 * Comparisons for one drawing, some hundredths of a second: in one of hundreds of boxes and arrows, which nobody could read,
 * the rest stay where they are. Whoever writes a model must not hold up whoever looks at it.
 */
const mostComparisons = 5_000_000;

/**
 * The drawing with the titles of its boxes where nothing runs over them. Graphviz sets a title into the upper left corner
 * of its box before it leads the arrows, and paints arrows and their labels over it. A title that is covered moves along
 * the upper line of its box, else along the lower one; where there is no free place it stays. Nothing else is changed.
 *
 * The text is what Graphviz writes: an element a line. https://graphviz.org/docs/outputs/svg/
 */
export function clearTitles(svg: string): string {
  const lines = svg.split("\n");
  const drawing = drawingIn(lines);
  const settled = new Map(drawing.titles.map((title) => [title.line, areaOf(title, title)]));
  let left = mostComparisons;
  for (const title of drawing.titles) {
    left -= drawing.boxes.length + drawing.areas.length + drawing.points.length;
    if (left < 0) break;
    const { areas, points } = blockersOf(title, drawing);
    const others = [...settled].flatMap(([line, other]) => (line === title.line ? [] : [other]));
    const inTheWay = [...areas, ...others];
    const isFree = (place: Point): boolean => {
      const area = areaOf(title, place);
      left -= inTheWay.length + points.length;
      return !inTheWay.some((other) => overlap(area, other)) && !points.some((point) => holds(area, point));
    };
    if (isFree(title)) continue;
    const place = placesFor(title).find((one) => left < 0 || isFree(one));
    if (place === undefined || left < 0) continue;
    settled.set(title.line, areaOf(title, place));
    lines[title.line] = moved(lines[title.line] ?? "", place);
  }
  return lines.join("\n");
}

/** What may cover a title beside other titles; boxes inside the title's own count as a whole. */
function blockersOf(title: Title, { boxes, areas, points }: Drawing): Pick<Drawing, "areas" | "points"> {
  const here = areas.filter((area) => overlap(area, title.box));
  const inside = boxes.filter((box) => box !== title.box && overlap(box, title.box) && !encloses(box, title.box));
  return { areas: [...here, ...inside], points: points.filter((point) => holds(title.box, point)) };
}

/** Along the upper line of the box from the left, then along the lower one. */
function placesFor({ box, half, y, size }: Title): Point[] {
  const places: Point[] = [];
  for (const row of [y, box.bottom - size / 2])
    for (let x = box.left + inset + half; x <= box.right - inset - half; x += inset) places.push({ x, y: row });
  return places;
}

function areaOf({ half, size }: Title, { x, y }: Point): Area {
  return {
    left: x - half - clearance,
    right: x + half + clearance,
    top: y - size,
    bottom: y + size / 3,
  };
}

function overlap(one: Area, other: Area): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

function encloses(outer: Area, inner: Area): boolean {
  return inner.left > outer.left && inner.right < outer.right && inner.top > outer.top && inner.bottom < outer.bottom;
}

function holds({ left, right, top, bottom }: Area, { x, y }: Point): boolean {
  return x >= left && x <= right && y >= top && y <= bottom;
}

function moved(line: string, { x, y }: Point): string {
  return line.replace(/ x="[^"]*" y="[^"]*"/, ` x="${rounded(x)}" y="${rounded(y)}"`);
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function drawingIn(lines: readonly string[]): Drawing {
  const titles: Title[] = [];
  const boxes: Area[] = [];
  const areas: Area[] = [];
  const points: Point[] = [];
  let group: string | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith("<g ")) group = attribute(line, "class");
    else if (line.startsWith("</g>")) group = undefined;
    else if (group === "cluster") {
      const box = boxes.at(-1);
      if (line.startsWith("<path") || line.startsWith("<polygon")) boxes.push(areaAround(pointsIn(line)));
      else if (line.startsWith("<text") && box !== undefined) titles.push(titleIn(line, index, box));
    } else if (group === "edge" && line.startsWith("<path")) points.push(...alongCurve(pointsIn(line)));
    else if (line.startsWith("<ellipse")) areas.push(ellipseIn(line));
    else if ((group === "edge" || group === "node") && line.startsWith("<polygon"))
      areas.push(areaAround(pointsIn(line)));
  }
  return { titles, boxes, areas, points };
}

/** Graphviz sets the middle of a title's line; its left end stands a little off the left line of the box. */
function titleIn(line: string, index: number, box: Area): Title {
  const x = Number(attribute(line, "x"));
  const half = Math.max(0, x - box.left - inset);
  return { line: index, x, y: Number(attribute(line, "y")), size: Number(attribute(line, "font-size")), half, box };
}

function ellipseIn(line: string): Area {
  const [cx, cy, rx, ry] = ["cx", "cy", "rx", "ry"].map((name) => Number(attribute(line, name)));
  return {
    left: (cx ?? 0) - (rx ?? 0),
    right: (cx ?? 0) + (rx ?? 0),
    top: (cy ?? 0) - (ry ?? 0),
    bottom: (cy ?? 0) + (ry ?? 0),
  };
}

function attribute(line: string, name: string): string | undefined {
  const start = line.indexOf(` ${name}="`);
  if (start === -1) return undefined;
  const from = start + name.length + 3;
  return line.slice(from, line.indexOf('"', from));
}

/** The pairs of coordinates of a polygon, or of a path of curves, in their order. */
function pointsIn(line: string): Point[] {
  const text = attribute(line, "points") ?? attribute(line, "d") ?? "";
  return [...text.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
}

function areaAround(points: readonly Point[]): Area {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** Points along a chain of cubic Bézier curves: a start, then two handles and an end for each. */
function alongCurve(points: readonly Point[]): Point[] {
  const found: Point[] = [];
  for (let at = 0; at + 3 < points.length; at += 3) {
    const [a, b, c, d] = points.slice(at, at + 4);
    if (a === undefined || b === undefined || c === undefined || d === undefined) continue;
    const steps = Math.min(400, Math.max(4, Math.ceil((far(a, b) + far(b, c) + far(c, d)) / apart)));
    for (let step = 0; step <= steps; step++) {
      const t = step / steps;
      const u = 1 - t;
      const mix = (p: number, q: number, r: number, s: number): number =>
        u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s;
      found.push({ x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) });
    }
  }
  return found;
}

function far(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
