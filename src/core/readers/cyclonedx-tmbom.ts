import type { ElementKind } from "../domain/stride.ts";
import type { ModelBoundary, ModelElement, ModelFlow, ReadModel, ThreatModel } from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { type Cursor, openForeign } from "./cursor.ts";
import { elementsDiagram, finishForeign, unreadable } from "./foreign.ts";
import { known } from "./known.ts";
import type { ModelReader } from "./reader.ts";
import { topLevelKeys } from "./top-level-keys.ts";

/**
 * CycloneDX 1.6 with the proposed component type `threat-model`: kinds, sources and destinations are in `properties`.
 * An ordinary bill of materials is not recognised.
 */
export const reader: ModelReader = {
  name: "cyclonedx-tmbom",
  wants: (path) => /\.json$/i.test(path),
  recognises: (_path, text) =>
    topLevelKeys(text).has("bomFormat") && /"type"\s*:\s*"threat-model"|"cdx:model:/.test(text),
  read,
};

const kinds: Readonly<Record<string, ElementKind>> = {
  actor: "external",
  "external-entity": "external",
  server: "process",
  process: "process",
  lambda: "process",
  service: "process",
  datastore: "store",
  store: "store",
};

function read(path: string, text: string): ReadModel {
  const opened = openForeign(path, text);
  if ("problem" in opened) return unreadable("cyclonedx-tmbom", opened.problem);
  const { root } = opened;
  const models = root
    .at("components")
    .items()
    .filter((component) => component.at("type").text() === "threat-model");
  const elements: ModelElement[] = [];
  const flows: ModelFlow[] = [];
  const boundaries: ModelBoundary[] = [];
  for (const part of models.flatMap((model) => inner(model, 0))) {
    const properties = propertiesOf(part);
    const type = properties.get("cdx:model:type") ?? "";
    const id = part.at("bom-ref").text() ?? part.at("name").text() ?? "";
    const name = part.at("name").text() ?? id;
    const place = part.place();
    const kind = kinds[type];
    const boundary = properties.get("cdx:model:inBoundary");
    if (kind !== undefined)
      elements.push(
        known({
          id,
          name,
          kind,
          technology: properties.get("cdx:model:platform"),
          boundary,
          data: [],
          files: [],
          facts: [],
          place,
        }),
      );
    else if (type === "boundary") boundaries.push(known({ id, name, parent: boundary, place }));
    else if (type === "dataflow") {
      const data = properties.get("cdx:model:dataflow:data");
      flows.push(
        known({
          id,
          name,
          from: properties.get("cdx:model:dataflow:source") ?? "",
          to: properties.get("cdx:model:dataflow:destination") ?? "",
          data: data === undefined ? [] : [data],
          protocol: properties.get("cdx:model:dataflow:protocol"),
          facts: [],
          place,
        }),
      );
    }
  }
  const model: ThreatModel = {
    ...emptyModel("cyclonedx-tmbom", [path]),
    system: known({
      name: models[0]?.at("name").stated() ?? root.at("metadata", "component", "name").stated(),
      description: models[0]?.at("description").stated() ?? root.at("metadata", "component", "description").stated(),
      users: [],
      data: [],
      links: [],
    }),
    elements,
    flows,
    boundaries,
    diagrams: elementsDiagram({ flows, boundaries }),
    documentation: known({
      authors: root
        .at("metadata", "authors")
        .items()
        .flatMap((author) => author.at("name").stated() ?? []),
      date: root.at("metadata", "timestamp").stated(),
      reviewers: [],
    }),
    notCarried: ["stride", "risk", "controls", "stories", "validation"],
    uncounted: ["open"],
  };
  return finishForeign("cyclonedx-tmbom", model, []);
}

/** The parts nested in a component, however the tool nests them; depth is bounded by the parser. */
function inner(component: Cursor, depth: number): Cursor[] {
  if (depth > 32) return [];
  return component
    .at("components")
    .items()
    .flatMap((part) => [part, ...inner(part, depth + 1)]);
}

function propertiesOf(part: Cursor): Map<string, string> {
  return new Map(
    part
      .at("properties")
      .items()
      .map((property) => [property.at("name").text() ?? "", property.at("value").text() ?? ""] as const),
  );
}
