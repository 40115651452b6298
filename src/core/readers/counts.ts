import type { Counts } from "../domain/assessment.ts";
import type { ThreatModel } from "../domain/threat-model.ts";

/** How many parts a model holds; null where the format, or the form it is written in, cannot say. */
export function countsOf(model: ThreatModel): Counts {
  const uncounted = new Set(model.uncounted);
  const known = (kind: (typeof model.uncounted)[number], count: number): number | null =>
    uncounted.has(kind) ? null : count;
  const threatsKnown = !uncounted.has("threats");
  return {
    components: known("components", model.elements.length),
    flows: known("flows", model.flows.length),
    boundaries: known("boundaries", model.boundaries.length),
    threats: known("threats", model.threats.length),
    threats_with_mitigation: threatsKnown ? known("mitigations", model.threats.filter(hasMitigation).length) : null,
    threats_open: known("open", model.threats.filter((threat) => threat.status === "open").length),
  };
}

function hasMitigation(threat: ThreatModel["threats"][number]): boolean {
  return threat.controls.length > 0 || threat.mitigation !== undefined;
}
