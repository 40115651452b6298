import { type Box, boxOf, type Point } from "./geometry.ts";
import { textOfHtml } from "./markdown/html.ts";
import { child, type XmlElement } from "./xml.ts";

/** One cell of a draw.io page: a shape, an edge, a group or a layer. */
export interface DrawioCell {
  readonly id: string;
  readonly parent: string | undefined;
  readonly isEdge: boolean;
  readonly isVertex: boolean;
  /** Ids of the cells that an edge joins; absent where an end hangs free. */
  readonly source: string | undefined;
  readonly target: string | undefined;
  /** Its text as people read it, in lines; empty when it has none. */
  readonly lines: readonly string[];
  /** What a C4 stencil says of itself in fields of its own. */
  readonly c4: { readonly type?: string; readonly technology?: string };
  readonly style: DrawioStyle;
  /** Where it lies on the page; absent for edges and for what has no extent. */
  readonly box: Box | undefined;
  /** The free ends and the bends of an edge, in order, on the page. */
  readonly from: Point | undefined;
  readonly bends: readonly Point[];
  readonly to: Point | undefined;
  readonly xml: XmlElement;
}

/** `name;key=value;…`: what a cell looks like. https://www.drawio.com/doc/faq/shape-styles */
export interface DrawioStyle {
  /** Names without a value, such as `ellipse` or `swimlane`, and the value of `shape`. */
  readonly shapes: readonly string[];
  /** Shapes, icons and images in one text, for what is told by words alone. */
  readonly words: string;
  get(key: string): string | undefined;
}

const mostCells = 20_000;

/** The cells of a page by their ids, in the order of the file. Positions of nested cells are made those of the page. */
export function drawioCells(graph: XmlElement): ReadonlyMap<string, DrawioCell> {
  const raw = new Map<string, Raw>();
  for (const entry of child(graph, "root")?.children ?? []) {
    if (raw.size >= mostCells) break;
    const one = rawCell(entry);
    if (one !== undefined && !raw.has(one.id)) raw.set(one.id, one);
  }
  const origins = new Map<string, Point>();
  const originOf = (id: string | undefined, depth: number): Point => {
    const cell = id === undefined ? undefined : raw.get(id);
    if (cell === undefined || depth > 100) return { x: 0, y: 0 };
    const known = origins.get(cell.id);
    if (known !== undefined) return known;
    const above = originOf(cell.parent, depth + 1);
    const own = cell.isVertex && !cell.isRelative ? { x: cell.x ?? 0, y: cell.y ?? 0 } : { x: 0, y: 0 };
    const origin = { x: above.x + own.x, y: above.y + own.y };
    origins.set(cell.id, origin);
    return origin;
  };
  return new Map(
    [...raw.values()].map((cell) => {
      const above = originOf(cell.parent, 0);
      const moved = (point: Point | undefined): Point | undefined =>
        point === undefined ? undefined : { x: point.x + above.x, y: point.y + above.y };
      const placed = {
        ...cell,
        box:
          cell.isVertex && !cell.isRelative
            ? boxOf(above.x + (cell.x ?? 0), above.y + (cell.y ?? 0), cell.width, cell.height)
            : undefined,
        from: moved(cell.from),
        to: moved(cell.to),
        bends: cell.bends.flatMap((bend) => moved(bend) ?? []),
      };
      return [cell.id, placed] as const;
    }),
  );
}

interface Raw extends Omit<DrawioCell, "box"> {
  readonly x: number | undefined;
  readonly y: number | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly isRelative: boolean;
}

/** A cell stands alone, or inside an `object` that carries its text and fields of the author's own. */
function rawCell(entry: XmlElement): Raw | undefined {
  const wrapper = entry.name === "mxCell" ? undefined : entry;
  const cell = wrapper === undefined ? entry : child(wrapper, "mxCell");
  const id = wrapper?.attributes.get("id") ?? cell?.attributes.get("id");
  if (cell === undefined || id === undefined) return undefined;
  const geometry = child(cell, "mxGeometry");
  const points = new Map(
    (geometry?.children ?? []).flatMap((point) => {
      const as = point.attributes.get("as");
      return as === undefined || point.name !== "mxPoint" ? [] : [[as, pointOf(point)] as const];
    }),
  );
  const bends = geometry?.children.find((one) => one.attributes.get("as") === "points")?.children ?? [];
  const field = (key: string): string | undefined => {
    const value = wrapper?.attributes.get(key)?.trim();
    return value === undefined || value === "" ? undefined : value;
  };
  const [type, technology] = [field("c4Type"), field("c4Technology")];
  return {
    id,
    parent: cell.attributes.get("parent"),
    isEdge: cell.attributes.get("edge") === "1",
    isVertex: cell.attributes.get("vertex") === "1",
    source: cell.attributes.get("source"),
    target: cell.attributes.get("target"),
    lines: linesOf(wrapper, cell),
    c4: { ...(type === undefined ? {} : { type }), ...(technology === undefined ? {} : { technology }) },
    style: styleOf(cell.attributes.get("style") ?? ""),
    x: figure(geometry, "x"),
    y: figure(geometry, "y"),
    width: figure(geometry, "width"),
    height: figure(geometry, "height"),
    isRelative: geometry?.attributes.get("relative") === "1",
    from: points.get("sourcePoint"),
    to: points.get("targetPoint"),
    bends: bends.filter(({ name }) => name === "mxPoint").map(pointOf),
    xml: cell,
  };
}

/** The label: of a C4 stencil its name or description, otherwise the value with its `%fields%` filled in. */
function linesOf(wrapper: XmlElement | undefined, cell: XmlElement): string[] {
  const stencil = wrapper?.attributes.get("c4Name") ?? wrapper?.attributes.get("c4Description");
  const written = wrapper?.attributes.get("label") ?? cell.attributes.get("value") ?? "";
  const isFilledIn = wrapper?.attributes.get("placeholders") === "1";
  const filled = isFilledIn
    ? written.replace(/%([\w ]{1,60})%/g, (whole, key: string) => wrapper?.attributes.get(key) ?? whole)
    : written;
  const text = isFilledIn && stencil !== undefined && stencil.trim() !== "" ? stencil : filled;
  return textOfHtml(
    text
      .slice(0, 4_000)
      .replace(/<(?=(?:div|p)\b)/gi, "<br><")
      .replace(/<(?=\/t[dh]\b)/gi, " <"),
  )
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function figure(element: XmlElement | undefined, key: string): number | undefined {
  const value = element?.attributes.get(key);
  return value === undefined || value === "" || !Number.isFinite(Number(value)) ? undefined : Number(value);
}

function pointOf(point: XmlElement): Point {
  return { x: figure(point, "x") ?? 0, y: figure(point, "y") ?? 0 };
}

function styleOf(text: string): DrawioStyle {
  const values = new Map<string, string>();
  const shapes: string[] = [];
  for (const part of text.slice(0, 8_000).split(";")) {
    const equals = part.indexOf("=");
    if (equals === -1 && part.trim() !== "") shapes.push(part.trim());
    else if (equals > 0) values.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const shape = values.get("shape");
  if (shape !== undefined) shapes.push(shape);
  const image = values.get("image")?.slice(0, 300);
  const icons = [...shapes, values.get("resIcon"), values.get("grIcon"), values.get("prIcon"), values.get("clipPath")];
  const words = [...icons, image?.startsWith("data:") ? undefined : image?.replace(/^.*\//, "").replace(/\.\w+$/, "")]
    .filter((icon) => icon !== undefined)
    .join(" ");
  return { shapes, words, get: (key) => values.get(key) };
}
