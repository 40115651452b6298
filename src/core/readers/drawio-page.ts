import { type ModelBoundary, type ModelElement, type ModelFlow, unnamedBoundary } from "../domain/threat-model.ts";
import { captionBeside, captionedShapes } from "./drawio-captions.ts";
import { type DrawioCell, drawioCells } from "./drawio-cells.ts";
import { type DrawnEnd, drawnFlows, isFreeBoundary, pathOf } from "./drawio-flows.ts";
import { captionAtEdge, type Frame, framesOf } from "./drawio-frames.ts";
import { isField, isNumbered, markTexts } from "./drawio-marks.ts";
import { nameOf, technologyOf } from "./drawio-names.ts";
import type { DrawioPage } from "./drawio-pages.ts";
import {
  iconName,
  isListing,
  isNamedBoundary,
  isOutline,
  isRemark,
  isRound,
  isTable,
  kindOfCell,
  looksLikeBoundary,
} from "./drawio-shapes.ts";
import { areaOf, centreOf, contains, innermostAround, type Placed, type Point, touchedBy } from "./geometry.ts";
import { known } from "./known.ts";

/** What one page draws. Elements and boundaries are known by their names, as in every drawing. */
export interface DrawnPage {
  readonly elements: readonly ModelElement[];
  readonly flows: readonly ModelFlow[];
  readonly boundaries: readonly ModelBoundary[];
  /** Shapes that were left out, because the page has more than are compared with each other. */
  readonly leftOut: number;
}

/** More than people draw on one page; keeps the comparison of each shape with each other small. */
const mostShapes = 1_500;
const mostBoundaryLines = 50;
/** The side from which on a shape without a text that arrows lead to is no dot where they meet. */
const smallestUnnamed = 25;

/** How near a free end of an arrow must come to a shape to be meant for it, in the drawing's own unit. */
const reach = 20;

/** Reads one page into elements, flows and boundaries: by the stencils, by nesting, and by geometry where nothing is nested. */
export function readDrawioPage(page: DrawioPage, path: string): DrawnPage {
  return new Page(page, path).read();
}

class Page {
  readonly #page: DrawioPage;
  readonly #path: string;
  readonly #cells: ReadonlyMap<string, DrawioCell>;
  readonly #children = new Map<string, DrawioCell[]>();
  readonly #joined = new Set<string>();
  readonly #captioned: ReadonlyMap<string, DrawioCell>;
  readonly #frames: ReadonlyMap<string, Frame>;
  readonly #shapes: readonly DrawioCell[];
  readonly #leftOut: number;
  readonly #elements = new Map<string, ModelElement>();
  readonly #boundaries = new Map<string, ModelBoundary>();
  readonly #boxes: Placed[] = [];
  readonly #names = new Set<string>();

  constructor(page: DrawioPage, path: string) {
    this.#page = page;
    this.#path = path;
    this.#cells = drawioCells(page.graph);
    for (const cell of this.#cells.values()) {
      const siblings = this.#children.get(cell.parent ?? "");
      if (siblings === undefined) this.#children.set(cell.parent ?? "", [cell]);
      else siblings.push(cell);
      for (const end of [cell.source, cell.target]) if (cell.isEdge && end !== undefined) this.#joined.add(end);
    }
    this.#captioned = captionedShapes(this.#cells, this.#children);
    this.#frames = framesOf(this.#cells, ({ id }) => this.#joined.has(id));
    const shapes = [...this.#cells.values()].filter((cell) => this.#isShape(cell));
    this.#shapes = shapes.slice(0, mostShapes);
    this.#leftOut = shapes.length - this.#shapes.length;
  }

  read(): DrawnPage {
    const outlines = this.#shapes.filter((cell) => this.#isBoundary(cell));
    const legends = new Set(
      outlines.filter((cell) => /^(legend|key|notation)\b/i.test(nameOf(cell) ?? "")).map(({ id }) => id),
    );
    if (this.#showsTables()) return { elements: [], flows: [], boundaries: [], leftOut: 0 };
    const drawn = outlines.filter(({ id }) => !legends.has(id));
    const legendBoxes = outlines.flatMap(({ id, box }) => (legends.has(id) && box !== undefined ? [{ id, box }] : []));
    for (const cell of drawn) this.#nameBoundary(cell);
    for (const cell of drawn) this.#placeBoundary(cell);
    const marks = markTexts(this.#cells.values(), ({ id }) => this.#joined.has(id));
    const isClassic = this.#shapes.some((cell) => isRound(cell) && this.#joined.has(cell.id));
    const crowns = new Set(drawn.flatMap(({ id }) => this.#frames.get(id)?.crown ?? []));
    for (const cell of this.#shapes) {
      if (crowns.has(cell.id)) continue;
      if (!this.#joined.has(cell.id) && (marks.has(cell.lines.join(" ")) || isListing(cell))) continue;
      if (outlines.includes(cell) || (cell.box !== undefined && innermostAround(cell.box, legendBoxes) !== undefined))
        continue;
      this.#addElement(cell, isClassic);
    }
    const edges = [...this.#cells.values()].filter(({ isEdge }) => isEdge);
    const lines = edges.filter(isFreeBoundary).slice(0, mostBoundaryLines);
    for (const line of lines) this.#addBoundary(line.id, line.lines.join(" "), line);
    const flows = drawnFlows(
      edges.filter((edge) => !lines.includes(edge)),
      lines.map((line) => pathOf(line)),
      {
        endOf: (id, free) => this.#endOf(id, free),
        labelsOf: (edge) => this.#children.get(edge.id) ?? [],
        placeOf: (edge) => this.#place(edge),
      },
    );
    return {
      elements: [...this.#elements.values()],
      flows,
      boundaries: [...this.#boundaries.values()],
      leftOut: this.#leftOut,
    };
  }

  /** A picture of a data model: tables, joined to each other alone. */
  #showsTables(): boolean {
    const joined = this.#shapes.filter(({ id, parent }) => this.#joined.has(id) || this.#joined.has(parent ?? ""));
    const tables = this.#shapes.filter(isTable);
    return tables.length > 1 && joined.every((cell) => isTable(cell));
  }

  /** A shape that stands for something: with a text or an arrow of its own, and no row of a table. */
  #isShape(cell: DrawioCell): boolean {
    if (!cell.isVertex || cell.box === undefined || isField(cell)) return false;
    if (isRemark(cell) && this.#captioned.has(cell.id)) return false;
    const isMarking = isRound(cell) && isOutline(cell) && cell.style.get("dashed") === "1";
    if ((isRemark(cell) || isMarking) && !this.#joined.has(cell.id)) return false;
    for (let above = cell.parent, steps = 0; above !== undefined && steps < 100; steps++) {
      const parent = this.#cells.get(above);
      if (parent === undefined) break;
      if (parent.isEdge || isTable(parent)) return false;
      above = parent.parent;
    }
    if (this.#frames.get(cell.id)?.name !== undefined || cell.lines.length > 0 || this.#joined.has(cell.id))
      return true;
    return looksLikeBoundary(cell) || this.#solidChildren(cell).length > 0;
  }

  /** Children that are parts of a system themselves, not the icon or the caption of the shape. */
  #solidChildren(cell: DrawioCell): readonly DrawioCell[] {
    return (this.#children.get(cell.id) ?? []).filter(
      (child) =>
        child.isVertex && !isRemark(child) && !isField(child) && (child.lines.length > 0 || this.#joined.has(child.id)),
    );
  }

  #isBoundary(cell: DrawioCell): boolean {
    if (isTable(cell) || isRemark(cell)) return false;
    const isNamed = cell.lines.length > 0;
    if (/Boundary/i.test(cell.c4.type ?? "")) return true;
    if (this.#solidChildren(cell).length > 0) return isNamed || looksLikeBoundary(cell);
    if (isRound(cell) || cell.box === undefined) return false;
    const outline = { id: cell.id, box: cell.box };
    // An arrow may end at an outline; a filled shape with an arrow of its own is one only around parts with theirs, and
    // one that covers most of it is drawn over it.
    const isFilled = this.#joined.has(cell.id) && !isOutline(cell);
    const mostInside = areaOf(cell.box) / 2;
    const holds = this.#shapes.some(
      (other) =>
        other !== cell &&
        other.box !== undefined &&
        (!isFilled || (this.#joined.has(other.id) && areaOf(other.box) <= mostInside)) &&
        innermostAround(other.box, [outline]) !== undefined,
    );
    if (holds) return isNamed || this.#joined.has(cell.id) || looksLikeBoundary(cell) || this.#partsOff(cell);
    return isNamedBoundary(cell);
  }

  /** Whether a frame leaves something outside: one around the whole page is its edge. */
  #partsOff(cell: DrawioCell): boolean {
    const { box } = cell;
    if (!this.#frames.has(cell.id) || box === undefined) return false;
    return this.#shapes.some(
      (other) => other !== cell && other.box !== undefined && !contains(box, centreOf(other.box)),
    );
  }

  #place(cell: DrawioCell): ModelElement["place"] {
    return { path: this.#path, line: this.#page.lineOf(cell.xml) };
  }

  /** An id that no other part of the page has: the name, with the cell's own id where a name is drawn twice. */
  #idFor(name: string, cell: DrawioCell): string {
    const id = this.#names.has(name) ? `${name} (${cell.id})` : name;
    this.#names.add(id);
    return id;
  }

  readonly #boundaryIds = new Map<string, string>();

  #addBoundary(cellId: string, name: string, cell: DrawioCell): void {
    const shown = name === "" ? unnamedBoundary : name.slice(0, 120);
    const id = this.#idFor(shown, cell);
    this.#boundaryIds.set(cellId, id);
    this.#boundaries.set(id, { id, name: shown, place: this.#place(cell) });
  }

  #nameBoundary(cell: DrawioCell): void {
    const name = nameOf(cell) ?? this.#frames.get(cell.id)?.name ?? captionAtEdge(cell, this.#cells);
    this.#addBoundary(cell.id, name ?? "", cell);
    const id = this.#boundaryIds.get(cell.id);
    if (id !== undefined && cell.box !== undefined) this.#boxes.push({ id, box: cell.box });
  }

  #placeBoundary(cell: DrawioCell): void {
    const id = this.#boundaryIds.get(cell.id);
    const boundary = id === undefined ? undefined : this.#boundaries.get(id);
    const parent = this.#boundaryAround(cell);
    if (boundary !== undefined && parent !== undefined) this.#boundaries.set(boundary.id, { ...boundary, parent });
  }

  /** The boundary that a cell is nested in; where it is nested in none, the innermost that it is drawn in. */
  #boundaryAround(cell: DrawioCell): string | undefined {
    for (let above = cell.parent, steps = 0; above !== undefined && steps < 100; steps++) {
      const id = this.#boundaryIds.get(above);
      if (id !== undefined) return id;
      above = this.#cells.get(above)?.parent;
    }
    return cell.box === undefined ? undefined : innermostAround(cell.box, this.#boxes);
  }

  readonly #elementIds = new Map<string, string>();

  #addElement(cell: DrawioCell, isClassic: boolean): void {
    const own = nameOf(cell);
    const named = isNumbered(own) ? (this.#captionOf(cell) ?? own) : (own ?? this.#captionOf(cell));
    const name = named ?? iconName(cell) ?? this.#unnamed(cell, isClassic);
    if (name === undefined) return;
    const id = this.#idFor(name, cell);
    this.#elementIds.set(cell.id, id);
    this.#elements.set(
      id,
      known({
        id,
        name,
        kind: kindOfCell(cell, name, isClassic),
        technology: technologyOf(cell),
        boundary: this.#boundaryAround(cell),
        data: [],
        files: [],
        facts: [],
        place: this.#place(cell),
      }),
    );
  }

  #captionOf(cell: DrawioCell): string | undefined {
    const isGroup = this.#cells.get(cell.parent ?? "")?.style.shapes.includes("group") === true;
    const caption = captionBeside(cell, this.#children.get(cell.parent ?? "") ?? [], isGroup);
    return caption === undefined ? undefined : nameOf(caption);
  }

  /** A shape that arrows lead to is a part, whether or not it has a text: a picture often stands in for one. */
  #unnamed(cell: DrawioCell, isClassic: boolean): string | undefined {
    const isLarge = cell.box !== undefined && Math.min(cell.box.width, cell.box.height) >= smallestUnnamed;
    if (!isLarge || !this.#joined.has(cell.id) || isRemark(cell) || this.#solidChildren(cell).length > 0)
      return undefined;
    const kind = kindOfCell(cell, "", isClassic);
    return kind === "external" ? "unnamed actor" : `unnamed ${kind}`;
  }

  /** The element or boundary at an end: the cell, one that it is part of, the one of its group, or what the free end touches. */
  #endOf(id: string | undefined, free: Point | undefined): DrawnEnd | undefined {
    const tied = id === undefined ? undefined : (this.#captioned.get(id)?.id ?? id);
    for (let at = tied, steps = 0; at !== undefined && steps < 100; steps++) {
      const cell = this.#cells.get(at);
      const part =
        this.#elementIds.get(at) ?? this.#boundaryIds.get(at) ?? (steps === 0 ? this.#onlyElementIn(at) : undefined);
      if (part !== undefined) return { id: part, ...(cell?.box === undefined ? {} : { at: centreOf(cell.box) }) };
      at = cell?.parent;
    }
    if (id !== undefined || free === undefined) return undefined;
    const parts = this.#shapes.flatMap(({ id: cell, box }): Placed[] => {
      const element = this.#elementIds.get(cell);
      return element === undefined || box === undefined ? [] : [{ id: element, box }];
    });
    const part = touchedBy(free, parts, reach) ?? this.#boundaryAt(free);
    return part === undefined ? undefined : { id: part, at: free };
  }

  /** The smallest boundary whose edge a free end touches; one that ends within it leads to nothing. */
  #boundaryAt(free: Point): string | undefined {
    const touched = this.#boxes.filter(({ box }) => contains(box, free, reach / 2) && !contains(box, free, -reach / 2));
    return touched.toSorted((one, other) => areaOf(one.box) - areaOf(other.box))[0]?.id;
  }

  #onlyElementIn(group: string): string | undefined {
    const parts = (this.#children.get(group) ?? []).flatMap(({ id }) => this.#elementIds.get(id) ?? []);
    return parts.length === 1 ? parts[0] : undefined;
  }
}
