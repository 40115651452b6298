import type { IndicatorVerdict } from "../../domain/assessment.ts";
import { addAThreatModel } from "../../domain/next-steps.ts";
import { atLeast } from "../../domain/risk.ts";
import type { ModelControl, ModelThreat, ThreatModel } from "../../domain/threat-model.ts";
import { isSubstantive } from "../../text/placeholders.ts";
import type { Indicator, IndicatorFacts } from "./indicator.ts";

/** Integration: UKHSA threat-modelling standard, TM-4. */
export const indicator: Indicator = {
  id: "TM-4",
  title: "Integration",
  means: {
    GREEN: "Every threat of medium risk or above has a story in the backlog, and every control a validation result.",
    AMBER: "Some threats of medium risk or above lack a story, or some controls a validation result.",
    RED: "No threat of medium risk or above has a story, and no control a validation result.",
    UNKNOWN: "The model rates no threat, so it is not known which need a story.",
  },
  judge,
};

function judge({ model, statuses }: IndicatorFacts): IndicatorVerdict {
  if (!model)
    return {
      rag: "UNKNOWN",
      why: "There is no threat model, so there is no rated threat.",
      next: [addAThreatModel],
    };
  if (model.threats.every(({ risk }) => risk === undefined)) {
    return {
      rag: "UNKNOWN",
      why: "No threat of the model is rated.",
      next: ["Give each threat an impact and a likelihood: high, medium or low."],
    };
  }
  // Who accepts a risk, or shows that it does not apply, has no work left to plan.
  const settled = new Set(
    statuses
      .filter(({ status }) => status === "accepted" || status === "not-applicable")
      .map(({ threat }) => threat.id),
  );
  const threats = model.threats.filter(
    ({ id, risk }) => risk !== undefined && atLeast(risk, "medium") && !settled.has(id),
  );
  const withStory = threats.filter((threat) => hasStory(threat, model));
  const validated = model.controls.filter((control) => hasResult(control, model));
  const needed = threats.length + model.controls.length;
  const done = withStory.length + validated.length;
  const why = `${counted(withStory.length, threats.length, "medium+ threats")} a story in the backlog; ${
    model.controls.length === 0
      ? withoutControls(model)
      : `${counted(validated.length, model.controls.length, "controls")} a validation result`
  }.`;
  if (done === needed) return { rag: "GREEN", why, next: [] };
  const lacking = threats.filter((threat) => !withStory.includes(threat));
  const untested = model.controls.filter((control) => !validated.includes(control));
  const place = lacking[0]?.place ?? untested[0]?.place;
  return {
    rag: done === 0 ? "RED" : "AMBER",
    why,
    ...(place && { place }),
    next: [
      ...(lacking.length > 0 ? [`Write a story for ${list(lacking)}: \`/threat stories\` drafts them.`] : []),
      ...(untested.length > 0 ? [`Record a validation result for ${list(untested)}.`] : []),
    ],
  };
}

function counted(some: number, all: number, what: string): string {
  return `${some} of ${all} ${what} ${all === 1 ? "has" : "have"}`;
}

/** In the backlog: linked to an issue, or written out with its acceptance criteria; a draft is neither. */
/** Many formats keep mitigations as words of a threat: those are there, and yet nothing that a result could be given for. */
function withoutControls({ threats }: ThreatModel): string {
  const written = threats.filter(({ mitigation }) => mitigation !== undefined).length;
  if (written === 0) return "the model lists no controls";
  return `the mitigations of ${written} ${written === 1 ? "threat" : "threats"} stand as text, not as controls that could have a validation result`;
}

function hasStory(threat: ModelThreat, model: ThreatModel): boolean {
  return model.stories.some(
    (story) =>
      story.threats.includes(threat.id) &&
      !model.drafts.includes(story.id) &&
      (isWritten(story.issue) || story.acceptance.some((criterion) => isSubstantive(criterion))),
  );
}

/** A validation that names the control and says what came of it. */
function hasResult(control: ModelControl, model: ThreatModel): boolean {
  return model.validations.some(
    (validation) =>
      validation.control === control.id && !model.drafts.includes(validation.id) && isWritten(validation.result),
  );
}

function isWritten(text: string | undefined): boolean {
  return isSubstantive(text, 1);
}

function list(parts: readonly { readonly id: string }[]): string {
  const shown = parts.slice(0, 5).map(({ id }) => `\`${id}\``);
  return parts.length > shown.length ? `${shown.join(", ")} and ${parts.length - shown.length} more` : shown.join(", ");
}
