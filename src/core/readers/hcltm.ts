import type { ElementKind } from "../domain/stride.ts";
import type {
  ModelBoundary,
  ModelElement,
  ModelFlow,
  ModelPassage,
  ReadModel,
  Stated,
  ThreatModel,
} from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { isSubstantive } from "../text/placeholders.ts";
import { openForeign } from "./cursor.ts";
import { elementsDiagram, finishForeign, uncountedStatus, unreadable } from "./foreign.ts";
import { type HclBlock, type HclValue, readHcl } from "./hcl-blocks.ts";
import { blockOfJson } from "./hcltm-json.ts";
import { readThreat, type ThreatParts, textOf } from "./hcltm-threats.ts";
import { known } from "./known.ts";
import type { ModelReader } from "./reader.ts";

/**
 * threatcl, once hcltm: HCL blocks, or their JSON form. Several `threatmodel` blocks of a file are read as one model.
 * Threats carry no status; a control says whether it is implemented. Imports are named, not followed.
 * Source: `spec.go` of threatcl/spec.
 */
export const reader: ModelReader = {
  name: "hcltm",
  wants: (path) => /\.(hcl|json|tm)$/i.test(path),
  recognises: (_path, text) =>
    /^[ \t]*threatmodel[ \t]+"[^"\n]{0,200}"\s*\{/m.test(text) ||
    (/"threatmodel"\s*:\s*\{/.test(text) && /^\s*\{/.test(text)),
  read,
};

function read(path: string, text: string): ReadModel {
  let root: HclBlock;
  if (/^\s*\{/.test(text)) {
    const opened = openForeign(path, text);
    if ("problem" in opened) return unreadable("hcltm", opened.problem);
    root = blockOfJson("", [], opened.root, 0);
  } else {
    const found = readHcl(text);
    if ("unreadable" in found)
      return unreadable("hcltm", {
        path,
        severity: "error",
        what: `The file cannot be read. ${found.unreadable}`,
        hint: "`threatcl validate` names the fault.",
      });
    root = found.root;
  }
  const models = root.blocks.filter(({ type }) => type === "threatmodel");
  const parts: Parts = { path, elements: [], flows: [], boundaries: [], threats: [], controls: new Map() };
  for (const model of models) {
    for (const diagram of model.blocks.filter(({ type }) => type.startsWith("data_flow_diagram")))
      readDiagram(diagram, parts);
    for (const threat of model.blocks.filter(({ type }) => type === "threat"))
      readThreat(threat, model.labels[0] ?? "", parts);
  }
  const [first] = models;
  const author = first === undefined ? undefined : stated(first, "author", path);
  const updated = models.map((model) => model.attributes.get("updated_at")).find((value) => value !== undefined);
  const model: ThreatModel = {
    ...emptyModel("hcltm", [path]),
    system: systemOf(models, path),
    elements: parts.elements,
    flows: parts.flows,
    boundaries: parts.boundaries,
    diagrams: [...elementsDiagram(parts), ...drawings(models, path)],
    threats: parts.threats,
    controls: [...parts.controls.values()],
    documentation: known({
      owner: author,
      authors: author === undefined ? [] : [author],
      date: updated === undefined ? undefined : unixDay(updated, path),
      reviewers: [],
    }),
    passages: passagesOf(models, path),
    notCarried: ["stories", "validation"],
    uncounted: uncountedStatus(parts.threats),
  };
  return finishForeign("hcltm", model, []);
}

interface Parts extends ThreatParts {
  readonly elements: ModelElement[];
  readonly flows: ModelFlow[];
  readonly boundaries: ModelBoundary[];
}

function stated(block: HclBlock, key: string, path: string): Stated | undefined {
  const value = block.attributes.get(key);
  const text = textOf(block, key);
  return value === undefined || text === undefined ? undefined : { text, place: { path, line: value.line } };
}

function systemOf(models: readonly HclBlock[], path: string): ThreatModel["system"] {
  const [first] = models;
  const all = (type: string): HclBlock[] =>
    models.flatMap(({ blocks }) => blocks.filter((block) => block.type === type));
  const descriptions = models.flatMap((model) => stated(model, "description", path) ?? []);
  const attributes = models.flatMap(({ blocks }) => blocks.filter(({ type }) => type === "attributes"));
  const facing = attributes.map((block) => textOf(block, "internet_facing")).find((text) => text !== undefined);
  return known({
    name: first?.labels[0] === undefined ? undefined : { text: first.labels[0], place: { path, line: first.line } },
    description: descriptions[0],
    owner: first === undefined ? undefined : stated(first, "author", path),
    users: [],
    data: all("information_asset").map((asset) =>
      known({
        name: asset.labels[0] ?? textOf(asset, "description") ?? "",
        classification: textOf(asset, "information_classification"),
        place: { path, line: asset.line },
      }),
    ),
    links: models.flatMap((model) =>
      ["link", "diagram_link", "repository"].flatMap((key) => stated(model, key, path) ?? []),
    ),
    exposure:
      facing === undefined
        ? undefined
        : { text: facing === "true" ? "internet" : "internal", place: { path, line: attributes[0]?.line ?? 1 } },
  });
}

const kinds: Readonly<Record<string, ElementKind>> = {
  process: "process",
  data_store: "store",
  external_element: "external",
};

function readDiagram(diagram: HclBlock, parts: Parts): void {
  const { path } = parts;
  const zone = (name: string, line: number): void => {
    if (!parts.boundaries.some(({ id }) => id === name))
      parts.boundaries.push({ id: name, name, place: { path, line } });
  };
  const element = (block: HclBlock, inside: string | undefined): void => {
    const kind = kinds[block.type];
    const name = block.labels[0];
    if (kind === undefined || name === undefined || parts.elements.some(({ id }) => id === name)) return;
    const boundary = inside ?? textOf(block, "trust_zone");
    if (boundary !== undefined) zone(boundary, block.line);
    parts.elements.push(
      known({
        id: name,
        name,
        kind,
        boundary,
        data: block.attributes.get("information_asset")?.texts ?? [],
        files: [],
        facts: [],
        place: { path, line: block.line },
      }),
    );
  };
  for (const block of diagram.blocks) {
    if (block.type === "trust_zone") {
      const name = block.labels[0] ?? "trust zone";
      zone(name, block.line);
      for (const nested of block.blocks) element(nested, name);
    } else if (block.type === "flow") {
      const [from = "", to = ""] = [textOf(block, "from"), textOf(block, "to")];
      const name = block.labels[0];
      parts.flows.push(
        known({
          id: `${from} -> ${to}${name === undefined ? "" : `: ${name}`}`,
          name,
          from,
          to,
          data: [],
          protocol: textOf(block, "protocol") ?? name,
          facts: [],
          place: { path, line: block.line },
        }),
      );
    } else element(block, undefined);
  }
}

/** Diagrams beside the modelled one: Mermaid texts and links to pictures. */
function drawings(models: readonly HclBlock[], path: string): ThreatModel["diagrams"] {
  return models.flatMap((model) => [
    ...model.blocks
      .filter(({ type }) => type === "mermaid")
      .map((block) => ({
        kind: "mermaid" as const,
        isDataFlow: false,
        hasBoundaries: false,
        place: { path, line: block.line },
      })),
    ...(model.attributes.get("diagram_link") === undefined
      ? []
      : [
          {
            kind: "link" as const,
            isDataFlow: false,
            hasBoundaries: false,
            place: { path, line: model.attributes.get("diagram_link")?.line ?? model.line },
          },
        ]),
  ]);
}

function passagesOf(models: readonly HclBlock[], path: string): ModelPassage[] {
  const found: ModelPassage[] = [];
  const blocks = models.flatMap((model) => model.blocks);
  const description = models.find((model) => isSubstantive(textOf(model, "description")));
  const around = blocks.find(
    ({ type }) => type === "usecase" || type === "third_party_dependency" || type === "exclusion",
  );
  if (description !== undefined && around !== undefined)
    found.push({
      deliverable: "context",
      strength: "full",
      what: "a description with use cases or dependencies",
      place: { path, line: description.line },
    });
  const asset = blocks.find(
    ({ type, attributes }) => type === "information_asset" && attributes.has("information_classification"),
  );
  if (asset !== undefined)
    found.push({ deliverable: "risk", strength: "part", what: "classified assets", place: { path, line: asset.line } });
  return found;
}

/** `updated_at` is a UNIX time in seconds; shown as its day in UTC. */
function unixDay(value: HclValue, path: string): Stated | undefined {
  const seconds = Number(value.texts[0] ?? Number.NaN);
  if (!Number.isFinite(seconds) || seconds < 946_684_800 || seconds > 4_102_444_800) return undefined;
  return { text: new Date(seconds * 1000).toISOString().slice(0, 10), place: { path, line: value.line } };
}
