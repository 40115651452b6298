import type { Rating } from "../domain/risk.ts";
import { strideNames } from "../domain/stride.ts";
import type { ModelElement, ModelThreat, ThreatModel } from "../domain/threat-model.ts";
import { fitted, withMitigationsAsControls, withSafeIds } from "./fit.ts";
import type { ModelWriter } from "./model-writer.ts";
import { yamlOf } from "./native.ts";
import { withEscapes } from "./plain.ts";

/**
 * Open Threat Model 0.2.0. Source: `otm_schema.json` of iriusrisk/OpenThreatModel. The schema demands numbers and a trust
 * zone where a model may state none; those say in a comment or an attribute that nobody stated them.
 */
export const writer: ModelWriter = {
  name: "otm",
  fileName: "threat-model.otm",
  fit: (model) => fitted(model, withMitigationsAsControls, withSafeIds),
  write: (model, { syntax }) => {
    const parts = documentOf(model);
    return syntax === "json" ? withEscapes(`${JSON.stringify(parts, null, 2)}\n`) : yamlOf(parts);
  },
};

/** Middles of the thirds into which 0 to 100 is read. */
const numbers: Readonly<Record<Rating, number>> = { low: 20, medium: 50, high: 90 };
const notRated = "not rated";

function documentOf(model: ThreatModel): object {
  const { system, documentation } = model;
  const assets = assetsOf(model);
  const noZone = zoneOfNone(model);
  const needsNoZone = model.elements.some(({ boundary }) => boundary === undefined);
  return {
    otmVersion: "0.2.0",
    project: filled({
      name: system.name?.text ?? system.id ?? "threat model",
      id: system.id ?? "threat-model",
      description: system.description?.text,
      owner: (system.owner ?? documentation.owner)?.text,
      attributes: filled({
        users: system.users.map(({ text }) => text),
        links: system.links.map(({ text }) => text),
        exposure: system.exposure?.text,
        criticality: system.criticality?.text,
        authors: documentation.authors.map(({ text }) => text),
        date: documentation.date?.text,
        version: documentation.version?.text,
        reviewers: documentation.reviewers.map(({ text }) => text),
      }),
    }),
    assets: [...assets].map(([name, { id, classification, ofTheSystem }]) =>
      filled({
        id,
        name,
        risk: { confidentiality: 0, integrity: 0, availability: 0, comment: notRated },
        attributes: filled({ classification, ofTheSystem: ofTheSystem ? undefined : false }),
      }),
    ),
    trustZones: [
      ...model.boundaries.map(({ id, name, parent }) =>
        filled({
          id,
          name,
          risk: { trustRating: 0 },
          parent: parent === undefined ? undefined : { trustZone: parent },
        }),
      ),
      ...(needsNoZone
        ? [{ id: noZone, name: "No trust zone stated", risk: { trustRating: 0 }, attributes: { stated: false } }]
        : []),
    ],
    components: model.elements.map((element) =>
      filled({
        id: element.id,
        name: element.name,
        type: element.type ?? element.technology ?? typeWords[element.kind],
        parent: { trustZone: element.boundary ?? noZone },
        assets: heldBy(element, assets),
        threats: instancesOn(element.id, model),
        attributes: filled({
          kind: element.kind,
          type: element.type,
          technology: element.technology,
          files: element.files,
          facts: factsOf(element.facts),
        }),
      }),
    ),
    dataflows: model.flows.map((flow) =>
      filled({
        id: flow.id,
        name: flow.name ?? `${flow.from} -> ${flow.to}`,
        source: flow.from,
        destination: flow.to,
        assets: flow.data.flatMap((name) => assets.get(name)?.id ?? []),
        threats: instancesOn(flow.id, model),
        attributes: filled({
          named: flow.name === undefined ? false : undefined,
          protocol: flow.protocol,
          facts: factsOf(flow.facts),
        }),
      }),
    ),
    threats: model.threats.map((threat) => threatPart(threat, model)),
    mitigations: model.controls.map(({ id, title, status, evidence }) =>
      filled({ id, name: title, riskReduction: 0, attributes: filled({ status, evidence }) }),
    ),
  };
}

const typeWords = {
  process: "process",
  store: "data-store",
  external: "external-entity",
  flow: "data-flow",
} as const;

interface Asset {
  readonly id: string;
  readonly classification: string | undefined;
  readonly ofTheSystem: boolean;
}

/** The data of the system, and what elements and flows name beside it. */
function assetsOf(model: ThreatModel): Map<string, Asset> {
  const found = new Map<string, Asset>();
  const add = (name: string, classification: string | undefined, ofTheSystem: boolean): void => {
    if (name !== "" && !found.has(name)) found.set(name, { id: `data-${found.size + 1}`, classification, ofTheSystem });
  };
  for (const { name, classification } of model.system.data) add(name, classification, true);
  for (const { data } of [...model.elements, ...model.flows]) for (const name of data) add(name, undefined, false);
  return found;
}

function heldBy(element: ModelElement, assets: ReadonlyMap<string, Asset>): object | undefined {
  const ids = element.data.flatMap((name) => assets.get(name)?.id ?? []);
  if (ids.length === 0) return undefined;
  return element.kind === "store" ? { stored: ids } : { processed: ids };
}

/** An id for the zone of elements that lie in none. */
function zoneOfNone(model: ThreatModel): string {
  const taken = new Set(model.boundaries.map(({ id }) => id));
  let id = "no-zone-stated";
  while (taken.has(id)) id += "-";
  return id;
}

const states = {
  open: "exposed",
  mitigated: "mitigated",
  accepted: "accepted",
  "not-applicable": "not applicable",
  // The schema demands a text; an empty one states nothing.
  unknown: "",
} as const;

function instancesOn(id: string, model: ThreatModel): object[] {
  const controls = new Map(model.controls.map((control) => [control.id, control]));
  return model.threats
    .filter(({ element }) => element === id)
    .map((threat) => ({
      threat: threat.id,
      state: states[threat.status],
      mitigations: threat.controls.map((control) => ({
        mitigation: control,
        state: stateOf(controls.get(control)?.status),
      })),
    }));
}

function stateOf(status: ThreatModel["controls"][number]["status"]): string | null {
  if (status === undefined) return null;
  return status === "proposed" ? "recommended" : "implemented";
}

function threatPart(threat: ModelThreat, model: ThreatModel): object {
  const stands = [...model.elements, ...model.flows].some(({ id }) => id === threat.element);
  return filled({
    id: threat.id,
    name: threat.title,
    description: threat.description,
    categories: threat.stride.map((letter) => strideNames[letter]),
    risk: {
      likelihood: threat.likelihood === undefined ? null : numbers[threat.likelihood],
      impact: threat.impact === undefined ? 0 : numbers[threat.impact],
      ...(threat.impact === undefined ? { impactComment: notRated } : {}),
    },
    attributes: filled({
      reason: threat.reason,
      ...(threat.impact !== undefined && threat.likelihood !== undefined ? {} : { risk: threat.risk }),
      ...(stands ? {} : { element: threat.element, status: threat.status, controls: threat.controls }),
    }),
  });
}

function factsOf(facts: ModelElement["facts"]): object | undefined {
  return facts.length === 0 ? undefined : Object.fromEntries(facts.map(({ fact, is }) => [fact, is]));
}

function filled(part: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(part).filter(([, value]) => {
      if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return false;
      return !(typeof value === "object" && value !== null && Object.keys(value).length === 0);
    }),
  );
}
