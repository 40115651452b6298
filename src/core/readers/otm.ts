import { riskOf } from "../domain/risk.ts";
import type { ThreatStatus } from "../domain/threat.ts";
import type { ModelControl, ModelElement, ModelThreat, ReadModel, ThreatModel } from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { type Cursor, openForeign } from "./cursor.ts";
import { kindByName } from "./element-kind.ts";
import { elementsDiagram, finishForeign, threatIdOf, uncountedStatus, unreadable } from "./foreign.ts";
import { known } from "./known.ts";
import type { ModelReader } from "./reader.ts";
import { topLevelKeys } from "./top-level-keys.ts";
import { ratingOfScale, statusOf, strideOf } from "./words.ts";

/**
 * Open Threat Model 0.1 and 0.2, YAML or JSON. Threats are definitions; their instances on components and flows carry the
 * state and the mitigations. `state` and `categories` are free texts. Source: `otm_schema.json` of iriusrisk/OpenThreatModel.
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
  const zones = root.at("trustZones").items();
  const assets = new Map(
    root
      .at("assets")
      .items()
      .map((asset) => [asset.at("id").text() ?? "", asset] as const),
  );
  const components = root.at("components").items();
  const elements = components.map((component) => elementOf(component, assets));
  const flows = root
    .at("dataflows")
    .items()
    .map((flow) =>
      known({
        id: flow.at("id").text() ?? `${flow.at("source").text() ?? ""} -> ${flow.at("destination").text() ?? ""}`,
        name: flow.at("name").text(),
        from: flow.at("source").text() ?? "",
        to: flow.at("destination").text() ?? "",
        data: flow
          .at("assets")
          .texts()
          .map((id) => assets.get(id)?.at("name").text() ?? id),
        facts: [],
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
  const model: ThreatModel = {
    ...emptyModel("otm", [path]),
    system: known({
      id: root.at("project", "id").text(),
      name: root.at("project", "name").stated(),
      description: root.at("project", "description").stated(),
      owner,
      users: [],
      data: [...assets.values()].map((asset) =>
        known({
          name: asset.at("name").text() ?? asset.at("id").text() ?? "",
          classification: classificationOf(asset),
          place: asset.place(),
        }),
      ),
      links: [],
    }),
    elements,
    flows,
    boundaries,
    diagrams: elementsDiagram({ flows, boundaries }),
    threats,
    controls: controlsOf(root),
    documentation: known({ owner, authors: [], reviewers: [] }),
    notCarried: ["stories", "validation"],
    uncounted: uncountedStatus(threats),
  };
  return finishForeign("otm", model, []);
}

function elementOf(component: Cursor, assets: ReadonlyMap<string, Cursor>): ModelElement {
  const id = component.at("id").text() ?? component.at("name").text() ?? "";
  const name = component.at("name").text() ?? id;
  const technology = component.at("type").text();
  const held = [...component.at("assets", "stored").texts(), ...component.at("assets", "processed").texts()];
  return known({
    id,
    name,
    kind: kindByName(
      technology === undefined
        ? name
        : `${technology.replace(/[-_]/g, " ")} ${/client|external|generic-client/.test(technology) ? "user" : ""}`,
    ),
    technology,
    boundary: component.at("parent", "trustZone").text(),
    data: [...new Set(held)].map((asset) => assets.get(asset)?.at("name").text() ?? asset),
    files: [],
    facts: [],
    place: component.place(),
  });
}

/** The rating of confidentiality, 0 to 100, in words. */
function classificationOf(asset: Cursor): string | undefined {
  const value = Number(asset.at("risk", "confidentiality").text() ?? Number.NaN);
  const rating = ratingOfScale(value, 100);
  return rating === undefined ? undefined : `${rating} confidentiality`;
}

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
      const impact = ratingOfScale(Number(threat.at("risk", "impact").text() ?? Number.NaN), 100);
      const likelihood = ratingOfScale(Number(threat.at("risk", "likelihood").text() ?? Number.NaN), 100);
      return known({
        id: threatIdOf(own, title),
        title,
        description: threat.at("description").text(),
        element: of[0]?.element,
        stride: [...new Set(threat.at("categories").texts().flatMap(strideOf))],
        impact,
        likelihood,
        risk: impact === undefined || likelihood === undefined ? undefined : riskOf(impact, likelihood),
        status: statusOfInstances(of),
        statusStated: of[0]?.state,
        controls: [...new Set(of.flatMap(({ mitigations }) => mitigations.map(({ id }) => id)))].filter((id) =>
          controls.has(id),
        ),
        place: threat.place(),
      });
    });
}

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
        status:
          state === undefined
            ? undefined
            : /implement|done/i.test(state)
              ? ("implemented" as const)
              : ("proposed" as const),
        evidence: [],
        place: mitigation.place(),
      });
    });
}
