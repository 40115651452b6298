import type { ModelAcceptance } from "../../src/core/domain/model-decisions.ts";
import {
  emptyModel,
  type ModelControl,
  type ModelElement,
  type ModelStory,
  type ModelThreat,
  type ModelValidation,
  type ReadModel,
  type ThreatModel,
} from "../../src/core/domain/threat-model.ts";

/* Parts of a model that start valid: a test bends the one thing it is about. */

const place = { path: "threat-model.yaml", line: 10 };

export function anElement(id: string, bend: Partial<ModelElement> = {}): ModelElement {
  return { id, name: id, kind: "process", data: [], files: [], facts: [], place, ...bend };
}

/** A mitigated threat of high risk on `web`, answered by the control C-1. */
export function aThreatOfModel(id: string, bend: Partial<ModelThreat> = {}): ModelThreat {
  return {
    id,
    title: `Threat ${id}`,
    element: "web",
    stride: ["I"],
    impact: "high",
    likelihood: "medium",
    risk: "high",
    status: "mitigated",
    controls: ["C-1"],
    place,
    ...bend,
  };
}

export function aControl(id: string, bend: Partial<ModelControl> = {}): ModelControl {
  return { id, title: `Control ${id}`, status: "implemented", evidence: [], place, ...bend };
}

export function aStory(id: string, threats: readonly string[], bend: Partial<ModelStory> = {}): ModelStory {
  return { id, threats, acceptance: ["An anonymous request is answered with 403."], place, ...bend };
}

export function aValidation(id: string, control: string, bend: Partial<ModelValidation> = {}): ModelValidation {
  return { id, control, how: "An automated test.", result: "passed", date: "2026-02-01", place, ...bend };
}

/** An acceptance until 2026-06-01, approved by dana. */
export function anAcceptance(threat: string, bend: Partial<ModelAcceptance> = {}): ModelAcceptance {
  return {
    threat,
    reason: "The service is switched off in May.",
    approver: "dana",
    until: "2026-06-01",
    compensating: "none",
    review: "2026-05-01",
    place,
    ...bend,
  };
}

/** One process with one high threat that a tested control mitigates and a story tracks. */
export function aModel(bend: Partial<ThreatModel> = {}): ThreatModel {
  return {
    ...emptyModel("native", ["threat-model.yaml"]),
    elements: [anElement("web")],
    threats: [aThreatOfModel("T-1")],
    controls: [aControl("C-1")],
    stories: [aStory("S-1", ["T-1"])],
    validations: [aValidation("V-1", "C-1")],
    ...bend,
  };
}

/** What reading it gave. */
export function aReadModel(model: ThreatModel = aModel(), bend: Partial<ReadModel> = {}): ReadModel {
  return { format: model.format, isModel: true, model, problems: [], ...bend };
}
