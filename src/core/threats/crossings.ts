import type { Fact } from "../domain/fact.ts";
import type { ModelElement, ModelFlow, ThreatModel } from "../domain/threat-model.ts";

/** How a model's flows lie: which cross a trust boundary, and which touch an element. */
export interface Crossings {
  /** `crosses-boundary` for a flow, or "not stated" where the model draws no boundary that could tell. */
  ofFlow(flow: ModelFlow): Fact;
  /** `crosses-boundary` for an element: yes when one of its flows crosses, no when all of them are known not to. */
  ofElement(id: string): Fact;
  /** Flows that start or end at an element. */
  touching(id: string): readonly ModelFlow[];
}

/**
 * A flow crosses when the model says so (a drawing shows it across a line), or when its ends lie in different boundaries.
 * An external entity is outside by definition, so a flow between it and a part of the system crosses even where no
 * boundary is drawn.
 */
export function crossingsOf(model: ThreatModel): Crossings {
  const elements = new Map(model.elements.map((element) => [element.id, element]));
  const touching = new Map<string, ModelFlow[]>();
  for (const flow of model.flows) {
    for (const end of new Set([flow.from, flow.to])) {
      const list = touching.get(end);
      if (list) list.push(flow);
      else touching.set(end, [flow]);
    }
  }
  // Boundaries that no part is known to lie in tell of no flow that it stays inside.
  const drawn = model.boundaries.length > 0 && model.elements.some(({ boundary }) => boundary !== undefined);
  const facts = new Map(model.flows.map((flow) => [flow, crossing(flow, elements, drawn)]));
  const ofFlow = (flow: ModelFlow): Fact => facts.get(flow) ?? crossing(flow, elements, drawn);
  return {
    ofFlow,
    ofElement(id) {
      const all = (touching.get(id) ?? []).map(ofFlow);
      const yes = all.find((fact) => fact.is === "yes");
      if (yes) return yes;
      const [first] = all;
      if (first && all.every((fact) => fact.is === "no")) return first;
      return { fact: "crosses-boundary", is: "not stated" };
    },
    touching: (id) => touching.get(id) ?? [],
  };
}

function crossing(flow: ModelFlow, elements: ReadonlyMap<string, ModelElement>, drawn: boolean): Fact {
  const from = elements.get(flow.from);
  const to = elements.get(flow.to);
  if (!from || !to) return { fact: "crosses-boundary", is: "not stated" };
  const stated = flow.facts.find(({ fact, is }) => fact === "crosses-boundary" && is !== "not stated");
  if (stated !== undefined) return stated;
  const decided = (is: "yes" | "no"): Fact => ({ fact: "crosses-boundary", is, where: flow.place });
  if ((from.kind === "external") !== (to.kind === "external")) return decided("yes");
  if (!drawn) return { fact: "crosses-boundary", is: "not stated" };
  return decided(from.boundary === to.boundary ? "no" : "yes");
}
