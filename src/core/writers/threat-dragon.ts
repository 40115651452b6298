import type { RiskLevel } from "../domain/risk.ts";
import { strideNames } from "../domain/stride.ts";
import type { ThreatStatus } from "../domain/threat.ts";
import type { ModelElement, ModelFlow, ModelThreat, ThreatModel } from "../domain/threat-model.ts";
import { fitted, relinked, withControlsAsMitigations, withSafeIds } from "./fit.ts";
import type { Fitted, ModelWriter } from "./model-writer.ts";
import { type Box, placed } from "./placed.ts";
import { withEscapes } from "./plain.ts";

/**
 * OWASP Threat Dragon, version 2: one STRIDE diagram with every element in a grid, trust boundaries as boxes around
 * them. Threats stand on cells; those that name no part of the diagram stand on one process for the whole system.
 * Source: `td.vue/src/assets/schema/threat-dragon-v2.schema.json` of OWASP/threat-dragon.
 */
export const writer: ModelWriter = {
  name: "threat-dragon",
  fileName: "threat-model.json",
  fit: (model) => fitted(model, withControlsAsMitigations, withSafeIds, withLongIds, withWholeSystem),
  write: (model) => withEscapes(`${JSON.stringify(documentOf(model), null, 2)}\n`),
};

/** The tool asks for two characters at least in the id of a cell. */
function withLongIds(model: ThreatModel): Fitted {
  const parts = [...model.elements, ...model.flows, ...model.boundaries];
  const ids = new Set(parts.map(({ id }) => id));
  const drawn = new Map<string, string>();
  for (const { id } of parts) {
    if (id.length > 1) continue;
    let longer = `cell-${id}`;
    while (ids.has(longer)) longer += "-";
    ids.add(longer);
    drawn.set(id, longer);
  }
  if (drawn.size === 0) return { model, notes: [] };
  const none = new Map<string, string>();
  return {
    model: relinked(model, { drawn, threats: none, controls: none, stories: none, validations: none }),
    notes: [...drawn].map(([from, to]) => `"${from}" has the id ${to}`),
  };
}

function withWholeSystem(model: ThreatModel): Fitted {
  const ids = new Set([...model.elements, ...model.flows, ...model.boundaries].map(({ id }) => id));
  const homeless = model.threats.filter(({ element }) => element === undefined || !ids.has(element));
  if (homeless.length === 0) return { model, notes: [] };
  let id = "whole-system";
  while (ids.has(id)) id += "-";
  const place = homeless[0]?.place ?? { path: model.files[0] ?? "" };
  const whole: ModelElement = {
    id,
    name: model.system.name?.text ?? "The whole system",
    kind: "process",
    data: [],
    files: [],
    facts: [],
    place,
  };
  return {
    model: {
      ...model,
      elements: [...model.elements, whole],
      threats: model.threats.map((threat) =>
        threat.element === undefined
          ? { ...threat, element: id }
          : ids.has(threat.element)
            ? threat
            : { ...threat, element: id },
      ),
    },
    notes: homeless.map(
      ({ id: threat, element }) =>
        `threat ${threat} stands on the whole system${element === undefined ? "" : `, because "${element}" is no part of the diagram`}`,
    ),
  };
}

function documentOf(model: ThreatModel): object {
  const { system, documentation } = model;
  const boxes = placed(model);
  const title = system.name?.text ?? "Threat model";
  const cells = [
    ...model.boundaries.map(({ id, name }, index) => boundaryCell(id, name, boxes.get(id), index, model)),
    ...model.elements.map((element, index) => elementCell(element, boxes.get(element.id), index, model)),
    ...model.flows.map((flow, index) => flowCell(flow, index, model)),
  ];
  return {
    version: "2.3.0",
    summary: {
      title,
      owner: (system.owner ?? documentation.owner)?.text ?? "",
      description: system.description?.text ?? "",
      id: 0,
    },
    detail: {
      contributors: documentation.authors.map(({ text }) => ({ name: text })),
      diagrams: [
        {
          id: 0,
          title: "Data flow diagram",
          diagramType: "STRIDE",
          placeholder: "",
          thumbnail: "./public/content/images/thumbnail.stride.jpg",
          version: "2.3.0",
          cells,
        },
      ],
      diagramTop: 1,
      reviewer: documentation.reviewers.map(({ text }) => text).join(", "),
      threatTop: model.threats.length,
    },
  };
}

const shapes = { process: "process", store: "store", external: "actor", flow: "process" } as const;
const types = { process: "tm.Process", store: "tm.Store", external: "tm.Actor", flow: "tm.Process" } as const;

function elementCell(element: ModelElement, box: Box | undefined, index: number, model: ThreatModel): object {
  const { id, name, kind } = element;
  const threats = threatsOn(id, model);
  const is = (fact: string): boolean | undefined => {
    const found = element.facts.find((one) => one.fact === fact)?.is;
    return found === "yes" ? true : found === "no" ? false : undefined;
  };
  return {
    id,
    shape: shapes[kind],
    position: { x: box?.x ?? 0, y: box?.y ?? 0 },
    size: { width: box?.width ?? 120, height: box?.height ?? 60 },
    zIndex: 100 + index,
    visible: true,
    attrs: { text: { text: name } },
    data: {
      type: types[kind],
      name,
      description: element.technology ?? "",
      outOfScope: false,
      reasonOutOfScope: "",
      hasOpenThreats: hasOpen(threats),
      ...(kind === "store"
        ? defined({
            isEncrypted: is("encrypted-at-rest"),
            storesCredentials: is("handles-credentials"),
            isSigned: is("integrity-checked"),
          })
        : {}),
      threats,
    },
  };
}

function flowCell(flow: ModelFlow, index: number, model: ThreatModel): object {
  const threats = threatsOn(flow.id, model);
  const encrypted = flow.facts.find(({ fact }) => fact === "encrypted-in-transit")?.is;
  const name = flow.name ?? "";
  return {
    id: flow.id,
    shape: "flow",
    zIndex: 10 + index,
    width: 200,
    height: 100,
    connector: "smooth",
    attrs: {
      line: {
        stroke: "#333333",
        strokeWidth: 1.5,
        sourceMarker: { name: "" },
        targetMarker: { name: "block" },
        strokeDasharray: null,
      },
    },
    source: { cell: flow.from },
    target: { cell: flow.to },
    labels: [{ position: 0.5, attrs: { label: { text: name } } }],
    data: {
      type: "tm.Flow",
      name,
      description: flow.data.join(", "),
      outOfScope: false,
      reasonOutOfScope: "",
      hasOpenThreats: hasOpen(threats),
      isBidirectional: false,
      ...(encrypted === "yes" || encrypted === "no" ? { isEncrypted: encrypted === "yes" } : {}),
      ...(flow.protocol === undefined ? {} : { protocol: flow.protocol }),
      threats,
    },
  };
}

function boundaryCell(id: string, name: string, box: Box | undefined, index: number, model: ThreatModel): object {
  const threats = threatsOn(id, model);
  return {
    id,
    shape: "trust-boundary-box",
    position: { x: box?.x ?? 0, y: box?.y ?? 0 },
    size: { width: box?.width ?? 200, height: box?.height ?? 120 },
    zIndex: -1000 + index,
    visible: true,
    attrs: { label: { text: name } },
    data: {
      type: "tm.BoundaryBox",
      name,
      description: "",
      isTrustBoundary: true,
      hasOpenThreats: hasOpen(threats),
      containedElements: model.elements.filter(({ boundary }) => boundary === id).map((element) => element.id),
      threats,
    },
  };
}

const statuses: Readonly<Record<ThreatStatus, string>> = {
  open: "Open",
  // The tool has no word for a status that nobody stated, and none for accepted risks: both stay in sight as open.
  unknown: "Open",
  accepted: "Open",
  mitigated: "Mitigated",
  "not-applicable": "NotApplicable",
};

const severities: Readonly<Record<RiskLevel, string>> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
  note: "Low",
};

function threatsOn(element: string, model: ThreatModel): ToolThreat[] {
  return model.threats
    .map((threat, index) => ({ threat, number: index + 1 }))
    .filter(({ threat }) => threat.element === element)
    .map(({ threat, number }) => threatCell(threat, number));
}

interface ToolThreat {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly type: string;
  readonly modelType: "STRIDE";
  readonly severity: string;
  readonly score: "";
  readonly description: string;
  readonly mitigation: string;
  readonly status: string;
}

function threatCell(threat: ModelThreat, number: number): ToolThreat {
  const [letter] = threat.stride;
  const answer = threat.status === "not-applicable" ? (threat.reason ?? threat.mitigation) : threat.mitigation;
  return {
    id: threat.id,
    number,
    title: threat.title,
    type: letter === undefined ? "" : strideNames[letter],
    modelType: "STRIDE",
    severity: threat.risk === undefined ? "TBD" : severities[threat.risk],
    score: "",
    description: threat.description ?? "",
    mitigation: answer ?? "",
    status: statuses[threat.status],
  };
}

function hasOpen(threats: readonly ToolThreat[]): boolean {
  return threats.some(({ status }) => status === "Open");
}

function defined(part: Readonly<Record<string, boolean | undefined>>): object {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
}
