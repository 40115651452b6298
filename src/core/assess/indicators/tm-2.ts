import type { Deliverables, DeliverableVerdict, IndicatorVerdict } from "../../domain/assessment.ts";
import { addAThreatModel } from "../../domain/next-steps.ts";
import { type DeliverableId, deliverableIds, deliverableNames } from "../../domain/threat-model.ts";
import type { Indicator, IndicatorFacts } from "./indicator.ts";

/** Deliverables: UKHSA threat-modelling standard, TM-2. */
export const indicator: Indicator = {
  id: "TM-2",
  title: "Deliverables",
  means: {
    GREEN: "All eight deliverables are complete.",
    AMBER: "Some of the eight deliverables are missing or partial.",
    RED: "There is no model, or none of the eight deliverables is present.",
    UNKNOWN: "Never: what is not there is missing.",
  },
  judge,
};

/** Complete is present with nothing lacking; "present" alone only says that most of it is there. */
export function isComplete(verdict: DeliverableVerdict): boolean {
  return verdict.state === "present" && verdict.lacking.length === 0;
}

function judge(facts: IndicatorFacts): IndicatorVerdict {
  const { deliverables, model, system } = facts;
  if (!model) {
    return {
      rag: "RED",
      why: `There is no threat model of ${system}, so none of the eight deliverables is present.`,
      next: [addAThreatModel],
    };
  }
  const short = deliverableIds.filter((id) => !isComplete(deliverables[id]));
  const [first] = short;
  if (first === undefined) return { rag: "GREEN", why: "8 of 8 deliverables are complete.", next: [] };
  const isAnyPresent = deliverableIds.some((id) => deliverables[id].state === "present");
  const place = deliverables[first].lacking[0]?.place ?? deliverables[first].where;
  return {
    rag: isAnyPresent ? "AMBER" : "RED",
    why: `${8 - short.length} of 8 deliverables are complete; short: ${short.map((id) => inWords(id, deliverables)).join(", ")}.`,
    ...(place && { place }),
    next: short.map((id) => instruction(id, deliverables[id])),
  };
}

function inWords(id: DeliverableId, deliverables: Deliverables): string {
  const { state, lacking } = deliverables[id];
  if (state === "not-carried") return `${deliverableNames[id]} (not carried by this format)`;
  if (state === "present") return `${deliverableNames[id]} (${lacking.length} lacking)`;
  return `${deliverableNames[id]} (${state})`;
}

function instruction(id: DeliverableId, verdict: DeliverableVerdict): string {
  const [first] = verdict.lacking;
  if (verdict.state === "not-carried")
    return `Put the ${deliverableNames[id]} in \`threat-model.yaml\` beside the model.`;
  return first ? `Complete the ${deliverableNames[id]}: ${first.says}` : `Add the ${deliverableNames[id]}.`;
}
