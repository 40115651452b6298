import { type ElementType, elementTypes } from "../domain/element-type.ts";
import type { Fact } from "../domain/fact.ts";
import { riskLevels, riskOf } from "../domain/risk.ts";
import type { ElementKind } from "../domain/stride.ts";
import { type ThreatStatus, threatStatuses } from "../domain/threat.ts";
import type {
  ControlStatus,
  ModelControl,
  ModelElement,
  ModelThreat,
  ReadModel,
  Stated,
  ThreatModel,
} from "../domain/threat-model.ts";
import { controlStatuses, emptyModel } from "../domain/threat-model.ts";
import { type Cursor, openForeign } from "./cursor.ts";
import { kindByName } from "./element-kind.ts";
import { elementsDiagram, finishForeign, threatIdOf, uncountedStatus, unreadable } from "./foreign.ts";
import { known } from "./known.ts";
import type { ModelReader } from "./reader.ts";
import { topLevelKeys } from "./top-level-keys.ts";
import { ratingOfScale, statusOf, strideOf } from "./words.ts";

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

/** Comment beside a number that the format demands although nobody gave one. */
const notRated = "not rated";

interface Instance {
  readonly element: string;
  readonly state: string | undefined;
  readonly mitigations: readonly { readonly id: string; readonly state: string | undefined }[];
}

function instancesOf(parts: readonly Cursor[]): Map<string, Instance[]> {
  const found = new Map<string, Instance[]>();
  for (const part of parts) {
    const element = part.at("id").text() ?? part.at("name").text() ?? "";
    for (const instance of part.at("threats").items()) {
      const threat = instance.at("threat").text();
      if (threat === undefined) continue;
      const mitigations = instance
        .at("mitigations")
        .items()
        .map((mitigation) => ({ id: mitigation.at("mitigation").text() ?? "", state: mitigation.at("state").text() }));
      found.set(threat, [...(found.get(threat) ?? []), { element, state: instance.at("state").text(), mitigations }]);
    }
  }
  return found;
}

function threatsOf(root: Cursor, parts: readonly Cursor[]): ModelThreat[] {
  const instances = instancesOf(parts);
  const controls = new Set(
    root
      .at("mitigations")
      .items()
      .map((mitigation) => mitigation.at("id").text() ?? ""),
  );
  return root
    .at("threats")
    .items()
    .map((threat) => {
      const own = threat.at("id").text();
      const of = own === undefined ? [] : (instances.get(own) ?? []);
      const title = threat.at("name").text() ?? own ?? "threat without a name";
      const more = threat.at("attributes");
      const rated = threat.at("risk", "impactComment").text() !== notRated;
      const impact = rated ? ratingOfScale(Number(threat.at("risk", "impact").text() ?? Number.NaN), 100) : undefined;
      const likelihood = ratingOfScale(Number(threat.at("risk", "likelihood").text() ?? Number.NaN), 100);
      return known({
        id: threatIdOf(own, title),
        title,
        description: threat.at("description").text(),
        element: of[0]?.element ?? more.at("element").text(),
        stride: [...new Set(threat.at("categories").texts().flatMap(strideOf))],
        impact,
        likelihood,
        risk:
          impact === undefined || likelihood === undefined
            ? riskLevels.find((level) => level === more.at("risk").text())
            : riskOf(impact, likelihood),
        status: of.length === 0 ? (statuses.get(more.at("status").text() ?? "") ?? "unknown") : statusOfInstances(of),
        statusStated: of[0]?.state,
        controls: [
          ...new Set(
            of.length === 0
              ? more.at("controls").texts()
              : of.flatMap(({ mitigations }) => mitigations.map(({ id }) => id)),
          ),
        ].filter((id) => controls.has(id)),
        mitigation: more.at("mitigation").text(),
        reason: more.at("reason").text(),
        place: threat.place(),
      });
    });
}

const statuses: ReadonlyMap<string, ThreatStatus> = new Map(threatStatuses.map((status) => [status, status]));

/** Open while one instance is neither mitigated nor accepted; a definition without instances says nothing. */
function statusOfInstances(instances: readonly Instance[]): ThreatStatus {
  if (instances.length === 0) return "unknown";
  const states = instances.map(({ state }) => (state === undefined ? "unknown" : (statusOf(state) ?? "open")));
  for (const status of ["open", "unknown", "accepted", "mitigated"] as const)
    if (states.includes(status)) return status;
  return "not-applicable";
}

function controlsOf(root: Cursor): ModelControl[] {
  const states = new Map<string, string>();
  for (const part of [...root.at("components").items(), ...root.at("dataflows").items()]) {
    for (const instance of part.at("threats").items()) {
      for (const mitigation of instance.at("mitigations").items()) {
        const [id, state] = [mitigation.at("mitigation").text(), mitigation.at("state").text()];
        if (id !== undefined && state !== undefined && states.get(id) === undefined) states.set(id, state);
      }
    }
  }
  return root
    .at("mitigations")
    .items()
    .map((mitigation) => {
      const id = mitigation.at("id").text() ?? mitigation.at("name").text() ?? "";
      const state = states.get(id);
      return known({
        id,
        title: mitigation.at("name").text() ?? id,
        status: controlStatusOf(state, mitigation.at("attributes", "status").text()),
        evidence: mitigation.at("attributes", "evidence").texts(),
        place: mitigation.place(),
      });
    });
}

/** The state at the instances holds; what Threatgate wrote beside the control says whether it was verified, too. */
function controlStatusOf(state: string | undefined, written: string | undefined): ControlStatus | undefined {
  if (state === undefined) return controlStatuses.find((status) => status === written);
  if (!/implement|done/i.test(state)) return "proposed";
  return written === "verified" ? "verified" : "implemented";
}
