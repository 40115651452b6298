import type { Deliverables, DeliverableVerdict } from "../domain/assessment.ts";
import type { DeliverableRule } from "../domain/rules.ts";
import type { DeliverableId, ThreatModel } from "../domain/threat-model.ts";
import { deliverableNames } from "../domain/threat-model.ts";
import { judgeContext } from "./deliverables/context.ts";
import { judgeControls } from "./deliverables/controls.ts";
import { judgeDfd } from "./deliverables/dfd.ts";
import { judgeDocumentation } from "./deliverables/documentation.ts";
import type { Ground } from "./deliverables/ledger.ts";
import { judgeRisk } from "./deliverables/risk.ts";
import { judgeStories } from "./deliverables/stories.ts";
import { judgeStride } from "./deliverables/stride.ts";
import { judgeValidation } from "./deliverables/validation.ts";

const judges: Readonly<Record<DeliverableId, (ground: Ground) => DeliverableVerdict>> = {
  context: judgeContext,
  dfd: judgeDfd,
  stride: judgeStride,
  risk: judgeRisk,
  controls: judgeControls,
  stories: judgeStories,
  validation: judgeValidation,
  documentation: judgeDocumentation,
};

/**
 * Judges a model by the eight deliverables. The state follows what is there (present, partial, missing; "most" is more
 * than half); `lacking` lists every unmet MUST of the standard field by field, whatever the state; what the format has no
 * place for is `not-carried`, which is no fault of the team. Source: UKHSA threat-modelling deliverables.
 * `context.paths` are the repository's paths at the head, to resolve links; empty when not known.
 */
export function judgeDeliverables(
  model: ThreatModel,
  rules: readonly DeliverableRule[],
  context: { readonly paths: readonly string[] },
): Deliverables {
  return forEach((id) => {
    const rule = ruleOf(id, rules);
    const verdict = judges[id]({ model, rule, paths: context.paths });
    return verdict.state === "missing" && model.notCarried.includes(id) ? notCarried(model, rule, id) : verdict;
  });
}

/** The verdict on a system without any model: everything is missing, and every must is lacking. */
export function missingDeliverables(rules: readonly DeliverableRule[]): Deliverables {
  return forEach((id) => ({
    state: "missing",
    found: "There is no threat model.",
    lacking: ruleOf(id, rules).musts.map(({ id: must, asks, example }) => ({ must, says: asks, example })),
    met: [],
  }));
}

function notCarried(model: ThreatModel, rule: DeliverableRule, id: DeliverableId): DeliverableVerdict {
  const says = `The format of this model (${model.format}) has no place for the ${deliverableNames[id]}: put it in threat-model.yaml beside it.`;
  return {
    state: "not-carried",
    found: says,
    lacking: rule.musts.map(({ id: must, asks, example }) => ({ must, says: `${asks} ${says}`, example })),
    met: [],
  };
}

function forEach(verdictOf: (id: DeliverableId) => DeliverableVerdict): Deliverables {
  return {
    context: verdictOf("context"),
    dfd: verdictOf("dfd"),
    stride: verdictOf("stride"),
    risk: verdictOf("risk"),
    controls: verdictOf("controls"),
    stories: verdictOf("stories"),
    validation: verdictOf("validation"),
    documentation: verdictOf("documentation"),
  };
}

/** A rule that the rule set does not hold asks nothing; the contract tests see to it that all eight are there. */
function ruleOf(id: DeliverableId, rules: readonly DeliverableRule[]): DeliverableRule {
  return rules.find((rule) => rule.id === id) ?? { id, title: deliverableNames[id], source: "", musts: [] };
}
