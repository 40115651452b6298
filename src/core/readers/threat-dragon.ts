import type { Problem } from "../domain/problem.ts";
import type { ElementKind } from "../domain/stride.ts";
import type {
  ModelBoundary,
  ModelElement,
  ModelFlow,
  ModelThreat,
  ReadModel,
  ThreatModel,
} from "../domain/threat-model.ts";
import { emptyModel, unnamedBoundary } from "../domain/threat-model.ts";
import { isPlaceholder } from "../text/placeholders.ts";
import { type Cursor, openForeign } from "./cursor.ts";
import { elementsDiagram, finishForeign, mitigationText, statedFacts, threatIdOf, unreadable } from "./foreign.ts";
import { boxOf, type Point } from "./geometry.ts";
import { known } from "./known.ts";
import { Layout, placedBy } from "./placement.ts";
import type { ModelReader } from "./reader.ts";
import { topLevelKeys } from "./top-level-keys.ts";
import { riskLevelOf, statusOf, strideOf } from "./words.ts";

/**
 * OWASP Threat Dragon, versions 1 and 2. Version 1 keeps cells in `diagramJson.cells` with threats on the cell, version 2
 * in `cells` with threats in `cell.data`; both are accepted wherever they stand, because migrated files mix them.
 * Source: `td.vue/src/assets/schema/` of OWASP/threat-dragon.
 */
export const reader: ModelReader = {
  name: "threat-dragon",
  wants: (path) => /\.json$/i.test(path),
  recognises: (_path, text) => {
    const keys = topLevelKeys(text);
    if (keys.has("detail"))
      return keys.has("summary") || /"(diagrams|diagramJson|diagramTop|contributors)"/.test(text) || keys.size <= 4;
    return keys.has("summary") && /"(threatTop|diagramTop|diagramJson)"|"tm\.(Actor|Process|Store|Flow)"/.test(text);
  },
  read,
};

const kinds: Readonly<Record<string, ElementKind>> = {
  "tm.Actor": "external",
  "tm.Process": "process",
  "tm.Store": "store",
};

function read(path: string, text: string): ReadModel {
  const opened = openForeign(path, text);
  if ("problem" in opened) return unreadable("threat-dragon", opened.problem);
  const { root } = opened;
  if (root.at("summary").entries().length === 0) {
    const problem: Problem = {
      path,
      severity: "error",
      what: "`summary` is missing: the file looks like Threat Dragon but does not follow its schema.",
      hint: "Open and save it in Threat Dragon, which reports the fault.",
    };
    return {
      format: "threat-dragon",
      isModel: false,
      unfilled: emptyModel("threat-dragon", [path]),
      problems: [problem],
    };
  }
  const diagrams = root.at("detail", "diagrams").items().map(cellsOf);
  const cells = diagrams.flat();
  const elements: ModelElement[] = [];
  const flows: ModelFlow[] = [];
  const boundaries: ModelBoundary[] = [];
  const threats: ModelThreat[] = [];
  for (const { cell, type } of cells) {
    const id = cell.at("id").text() ?? nameOf(cell) ?? type;
    const kind = kinds[type];
    if (kind !== undefined) elements.push(elementOf(cell, id, kind));
    else if (type === "tm.Flow") flows.push(flowOf(cell, id));
    else if (type === "tm.Boundary" || type === "tm.BoundaryBox")
      boundaries.push({ id, name: nameOf(cell) ?? unnamedBoundary, place: cell.place() });
    threats.push(...threatsOf(cell, id));
  }
  const parts = { elements: withBoundaries(elements, cells), flows, boundaries };
  const model: ThreatModel = {
    ...emptyModel("threat-dragon", [path]),
    system: systemOf(root),
    ...placedBy(diagrams.map(layoutOf), parts),
    diagrams: elementsDiagram({ flows, boundaries }),
    threats,
    documentation: documentationOf(root),
    notCarried: ["stories", "validation"],
  };
  return finishForeign("threat-dragon", model, []);
}

interface TypedCell {
  readonly cell: Cursor;
  readonly type: string;
}

function cellsOf(diagram: Cursor): TypedCell[] {
  const cells = [...diagram.at("cells").items(), ...diagram.at("diagramJson", "cells").items()];
  return cells.flatMap((cell) => {
    const stated = cell.at("data", "type").text() ?? cell.at("type").text() ?? "";
    const shape = cell.at("shape").text() ?? "";
    const type = stated.startsWith("tm.") ? stated : (shapes[shape] ?? stated);
    return type.startsWith("tm.") ? [{ cell, type }] : [];
  });
}

/** Shapes that name a cell's type where `data` does not. */
const shapes: Readonly<Record<string, string>> = {
  actor: "tm.Actor",
  // As version 2.1 wrote it.
  "trust-broundary-curve": "tm.Boundary",
  process: "tm.Process",
  store: "tm.Store",
  flow: "tm.Flow",
  "trust-boundary-curve": "tm.Boundary",
  "trust-boundary-box": "tm.BoundaryBox",
};

function nameOf(cell: Cursor): string | undefined {
  const label = cell.at("labels").items()[0];
  const name =
    cell.at("data", "name").text() ??
    cell.at("name").text() ??
    (cell.at("attrs", "text", "text").text() || undefined) ??
    label?.at("attrs", "labelText", "text").text() ??
    label?.at("attrs", "text", "text").text();
  return name?.replace(/\s+/g, " ");
}

/** A field of version 2, where it stands in `data`, or of version 1. */
function field(cell: Cursor, key: string): Cursor {
  const inData = cell.at("data").at(key);
  return inData.value === undefined ? cell.at(key) : inData;
}

function elementOf(cell: Cursor, id: string, kind: ElementKind): ModelElement {
  const place = cell.place();
  return known({
    id,
    name: nameOf(cell) ?? id,
    kind,
    data: [],
    files: [],
    facts: statedFacts(place, {
      "encrypted-at-rest": kind === "store" ? field(cell, "isEncrypted").flag() : undefined,
      "handles-credentials": kind === "store" ? field(cell, "storesCredentials").flag() : undefined,
      "integrity-checked": kind === "store" ? field(cell, "isSigned").flag() : undefined,
    }),
    place,
  });
}

function flowOf(cell: Cursor, id: string): ModelFlow {
  const place = cell.place();
  const end = (side: string): string => cell.at(side, "cell").text() ?? cell.at(side, "id").text() ?? "";
  const ticked = field(cell, "isEncrypted").flag();
  const name = nameOf(cell);
  const protocol = field(cell, "protocol").text();
  // The tool writes `false` for a box that nobody touched: where name or protocol speak of encryption they say more.
  const untouched = ticked === false && [protocol, name].some((text) => text !== undefined && encrypts(text));
  return known({
    id,
    name,
    from: end("source"),
    to: end("target"),
    data: [],
    protocol,
    facts: statedFacts(place, { "encrypted-in-transit": untouched ? undefined : ticked }),
    place,
  });
}

const encryption = /\b(https|tls|mtls|ssl|wss|ftps|sftp|ssh|amqps|mqtts|ldaps|smtps|rediss|grpcs|ipsec|wireguard)\b/i;
const denied = /\b(no|not|non|without|un|plain|http or)\b/i;

/** Whether a name or protocol says that the connection is encrypted ("HTTPS", "query over TLS 1.3"), and does not deny it. */
function encrypts(text: string): boolean {
  return text.length <= 200 && encryption.test(text) && !denied.test(text);
}

/** Version 2.6 and later say what a boundary contains; before that only the drawing shows it. */
function withBoundaries(elements: readonly ModelElement[], cells: readonly TypedCell[]): ModelElement[] {
  const inside = new Map<string, string>();
  for (const { cell, type } of cells) {
    if (!type.startsWith("tm.Boundary")) continue;
    const id = cell.at("id").text();
    for (const contained of field(cell, "containedElements").texts()) if (id !== undefined) inside.set(contained, id);
  }
  return elements.map((element) => {
    const boundary = inside.get(element.id);
    return boundary === undefined ? element : { ...element, boundary };
  });
}

/** Where the cells of one diagram lie: boxes by position and size, lines by their ends and bends. */
function layoutOf(cells: readonly TypedCell[]): Layout {
  const layout = new Layout();
  for (const { cell, type } of cells) {
    const id = cell.at("id").text();
    if (id === undefined) continue;
    const figure = (...keys: string[]): number | undefined => numberAt(cell.at(...keys));
    const box = boxOf(
      figure("position", "x"),
      figure("position", "y"),
      figure("size", "width"),
      figure("size", "height"),
    );
    const bends = cell
      .at("vertices")
      .items()
      .flatMap((point) => pointAt(point) ?? []);
    if (type === "tm.Flow") {
      layout.bends.set(id, bends);
      layout.ends.set(id, { from: pointAt(cell.at("source")), to: pointAt(cell.at("target")) });
    } else if (type === "tm.Boundary") {
      const line = [pointAt(cell.at("source")), ...bends, pointAt(cell.at("target"))];
      layout.lines.set(
        id,
        line.filter((point) => point !== undefined),
      );
    } else if (box !== undefined) (type === "tm.BoundaryBox" ? layout.boundaries : layout.elements).set(id, box);
  }
  return layout;
}

function pointAt(cursor: Cursor): Point | undefined {
  const [x, y] = [numberAt(cursor.at("x")), numberAt(cursor.at("y"))];
  return x === undefined || y === undefined ? undefined : { x, y };
}

function numberAt({ value }: Cursor): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function threatsOf(cell: Cursor, element: string): ModelThreat[] {
  const lists = [...cell.at("data", "threats").items(), ...cell.at("threats").items()];
  return lists.map((threat) => {
    const title = threat.at("title").text() ?? threat.at("description").text() ?? "threat without a title";
    const severity = threat.at("severity").text();
    const status = threat.at("status").text();
    const mitigation = mitigationText(threat.at("mitigation").text());
    const meaning = status === undefined ? undefined : statusOf(status.replace(/([a-z])([A-Z])/g, "$1 $2"));
    return known({
      id: threatIdOf(threat.at("id").text() ?? threat.at("threatId").text(), element, title),
      title,
      description: threat.at("description").text(),
      element,
      stride: strideOf(threat.at("type").text() ?? ""),
      risk: severity === undefined ? undefined : riskLevelOf(severity),
      riskStated: severity === undefined || isPlaceholder(severity) ? undefined : severity,
      status: meaning ?? "unknown",
      statusStated: status,
      controls: [],
      mitigation,
      reason: meaning === "not-applicable" || meaning === "accepted" ? mitigation : undefined,
      place: threat.place(),
    });
  });
}

function systemOf(root: Cursor): ThreatModel["system"] {
  const summary = root.at("summary");
  return known({
    name: summary.at("title").stated(),
    description: summary.at("description").stated(),
    owner: summary.at("owner").stated(),
    users: [],
    data: [],
    links: [],
  });
}

function documentationOf(root: Cursor): ThreatModel["documentation"] {
  const reviewer = root.at("detail", "reviewer").stated();
  return known({
    owner: root.at("summary", "owner").stated(),
    authors: root
      .at("detail", "contributors")
      .items()
      .flatMap((contributor) => contributor.at("name").stated() ?? []),
    reviewers: reviewer === undefined ? [] : [reviewer],
  });
}
