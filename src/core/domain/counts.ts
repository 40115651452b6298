import type { Counts } from "./assessment.ts";
import type { ThreatModel } from "./threat-model.ts";

/** What a system without a model holds. */
const noParts: Counts = {
  components: 0,
  flows: 0,
  boundaries: 0,
  threats: 0,
  threats_with_mitigation: 0,
  threats_open: 0,
};

/** How many parts a model holds; null where the format, or the form it is written in, cannot say. */
export function countsOf(model: ThreatModel | undefined): Counts {
  if (!model) return noParts;
  const known = (kind: (typeof model.uncounted)[number], count: number): number | null =>
    model.uncounted.includes(kind) ? null : count;
  const withMitigation = model.threats.filter(
    ({ controls, mitigation }) => controls.length > 0 || mitigation !== undefined,
  ).length;
  return {
    components: known("components", model.elements.length),
    flows: known("flows", model.flows.length),
    boundaries: known("boundaries", model.boundaries.length),
    threats: known("threats", model.threats.length),
    threats_with_mitigation: model.uncounted.includes("threats") ? null : known("mitigations", withMitigation),
    threats_open: known("open", model.threats.filter(({ status }) => status === "open").length),
  };
}
