import { type ElementType, elementTypes } from "../domain/element-type.ts";
import type { Fact } from "../domain/fact.ts";
import type { ElementKind } from "../domain/stride.ts";
import type { ModelElement, ReadModel, Stated, ThreatModel } from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { type Cursor, openForeign } from "./cursor.ts";
import { kindByName } from "./element-kind.ts";
import { elementsDiagram, finishForeign, uncountedStatus, unreadable } from "./foreign.ts";
import { known } from "./known.ts";
import { controlsOf, notRated, threatsOf } from "./otm-threats.ts";
import type { ModelReader } from "./reader.ts";
import { topLevelKeys } from "./top-level-keys.ts";
import { ratingOfScale } from "./words.ts";

/**
 * Open Threat Model 0.1 and 0.2, YAML or JSON. Threats are definitions; their instances on components and flows carry the
 * state and the mitigations. `state` and `categories` are free texts. What the format has no field for, tools keep under
 * `attributes`; those that Threatgate writes are read back. Source: `otm_schema.json` of iriusrisk/OpenThreatModel.
 */
export const reader: ModelReader = {
  name: "otm",
  wants: (path) => /\.(otm|json|ya?ml)$/i.test(path),
  recognises: (path, text) => {
    const keys = topLevelKeys(text);
    if (keys.has("otmVersion")) return true;
    return (
      keys.has("project") &&
      (keys.has("trustZones") || keys.has("representations") || /\.otm$|otm/i.test(path.split("/").at(-1) ?? ""))
    );
  },
  read,
};

function read(path: string, text: string): ReadModel {
  const opened = openForeign(path, text);
  if ("problem" in opened) return unreadable("otm", opened.problem);
  const { root } = opened;
  const zones = root
    .at("trustZones")
    .items()
    .filter((zone) => zone.at("attributes", "stated").flag() !== false);
  const unstated = new Set(
    root
      .at("trustZones")
      .items()
      .flatMap((zone) => (zone.at("attributes", "stated").flag() === false ? (zone.at("id").text() ?? []) : [])),
  );
  const assets = new Map(
    root
      .at("assets")
      .items()
      .map((asset) => [asset.at("id").text() ?? "", asset] as const),
  );
  const components = root.at("components").items();
  const elements = components.map((component) => elementOf(component, assets, unstated));
  const flows = root
    .at("dataflows")
    .items()
    .map((flow) =>
      known({
        id: flow.at("id").text() ?? `${flow.at("source").text() ?? ""} -> ${flow.at("destination").text() ?? ""}`,
        name: flow.at("attributes", "named").flag() === false ? undefined : flow.at("name").text(),
        from: flow.at("source").text() ?? "",
        to: flow.at("destination").text() ?? "",
        data: flow
          .at("assets")
          .texts()
          .map((id) => assets.get(id)?.at("name").text() ?? id),
        protocol: flow.at("attributes", "protocol").text(),
        facts: factsOf(flow),
        place: flow.place(),
      }),
    );
  const boundaries = zones.map((zone) =>
    known({
      id: zone.at("id").text() ?? zone.at("name").text() ?? "",
      name: zone.at("name").text() ?? zone.at("id").text() ?? "",
      parent: zone.at("parent", "trustZone").text(),
      place: zone.place(),
    }),
  );
  const threats = threatsOf(root, [...components, ...root.at("dataflows").items()]);
  const owner = root.at("project", "owner").stated();
  const about = root.at("project", "attributes");
  const model: ThreatModel = {
    ...emptyModel("otm", [path]),
    system: known({
      id: root.at("project", "id").text(),
      name: root.at("project", "name").stated(),
      description: root.at("project", "description").stated(),
      owner,
      users: statedList(about.at("users")),
      data: [...assets.values()]
        .filter((asset) => asset.at("attributes", "ofTheSystem").flag() !== false)
        .map((asset) =>
          known({
            name: asset.at("name").text() ?? asset.at("id").text() ?? "",
            classification: classificationOf(asset),
            place: asset.place(),
          }),
        ),
      links: statedList(about.at("links")),
      exposure: about.at("exposure").stated(),
      criticality: about.at("criticality").stated(),
    }),
    elements,
    flows,
    boundaries,
    diagrams: elementsDiagram({ flows, boundaries }),
    threats,
    controls: controlsOf(root),
    documentation: known({
      owner,
      authors: statedList(about.at("authors")),
      date: about.at("date").stated(),
      version: about.at("version").stated(),
      reviewers: statedList(about.at("reviewers")),
    }),
    notCarried: ["stories", "validation"],
    uncounted: uncountedStatus(threats),
  };
  return finishForeign("otm", model, []);
}

function statedList(list: Cursor): Stated[] {
  return list.items().flatMap((item) => item.stated() ?? []);
}

function elementOf(
  component: Cursor,
  assets: ReadonlyMap<string, Cursor>,
  unstated: ReadonlySet<string>,
): ModelElement {
  const id = component.at("id").text() ?? component.at("name").text() ?? "";
  const name = component.at("name").text() ?? id;
  const more = component.at("attributes");
  const words = component.at("type").text();
  const kind = kinds.get(more.at("kind").text() ?? "");
  const held = [...component.at("assets", "stored").texts(), ...component.at("assets", "processed").texts()];
  const zone = component.at("parent", "trustZone").text();
  return known({
    id,
    name,
    kind:
      kind ??
      kindByName(
        words === undefined
          ? name
          : `${words.replace(/[-_]/g, " ")} ${/client|external|generic-client/.test(words) ? "user" : ""}`,
      ),
    type: elementTypeOf(more.at("type").text()),
    technology: kind === undefined ? words : more.at("technology").text(),
    boundary: zone === undefined || unstated.has(zone) ? undefined : zone,
    data: [...new Set(held)].map((asset) => assets.get(asset)?.at("name").text() ?? asset),
    files: more.at("files").texts(),
    facts: factsOf(component),
    place: component.place(),
  });
}

const kinds: ReadonlyMap<string, ElementKind> = new Map(
  (["process", "store", "external", "flow"] as const).map((kind) => [kind, kind]),
);

function elementTypeOf(text: string | undefined): ElementType | undefined {
  return text !== undefined && Object.hasOwn(elementTypes, text) ? (text as ElementType) : undefined;
}

function factsOf(part: Cursor): Fact[] {
  const place = part.place();
  return part
    .at("attributes", "facts")
    .entries()
    .flatMap(([fact, value]): Fact[] => {
      const is = value.text();
      if (is === "not stated") return [{ fact, is }];
      return is === "yes" || is === "no" ? [{ fact, is, where: place }] : [];
    });
}

/** In the words that Threatgate wrote, else the rating of confidentiality, 0 to 100, in words. */
function classificationOf(asset: Cursor): string | undefined {
  const stated = asset.at("attributes", "classification").text();
  if (stated !== undefined || asset.at("risk", "comment").text() === notRated) return stated;
  const value = Number(asset.at("risk", "confidentiality").text() ?? Number.NaN);
  const rating = ratingOfScale(value, 100);
  return rating === undefined ? undefined : `${rating} confidentiality`;
}
