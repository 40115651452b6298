import { riskLevels, riskOf } from "../domain/risk.ts";
import { type ThreatStatus, threatStatuses } from "../domain/threat.ts";
import { type ControlStatus, controlStatuses, type ModelControl, type ModelThreat } from "../domain/threat-model.ts";
import type { Cursor } from "./cursor.ts";
import { threatIdOf } from "./foreign.ts";
import { known } from "./known.ts";
import { ratingOfScale, statusOf, strideOf } from "./words.ts";

/** Comment beside a number that the format demands although nobody gave one. */
export const notRated = "not rated";

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

/** The threats, each with its state at the parts where it stands. */
export function threatsOf(root: Cursor, parts: readonly Cursor[]): ModelThreat[] {
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

/** The mitigations, each with its state at the parts where it stands. */
export function controlsOf(root: Cursor): ModelControl[] {
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
