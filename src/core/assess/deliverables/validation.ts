import type { DeliverableVerdict } from "../../domain/assessment.ts";
import type { ModelValidation } from "../../domain/threat-model.ts";
import { isSubstantive, namesTest } from "../../text/placeholders.ts";
import { type Ground, home, isDraft, namedControl, openLedger, passage, share, stateOf } from "./ledger.ts";

/**
 * Validation plan. Present: it says how most controls are tested or verified; partial: for some, or tests, scans and
 * audits are mentioned in general.
 */
export function judgeValidation(ground: Ground): DeliverableVerdict {
  const { model, rule } = ground;
  const ledger = openLedger(rule);
  const plans = model.validations.filter((validation) => !isDraft(model, validation.id) && saysHow(validation));
  const tested = new Map(plans.flatMap((plan) => (plan.control === undefined ? [] : [[plan.control, plan] as const])));
  const covered = model.controls.filter(({ id }) => tested.has(id));
  const full = passage(ground, "full");
  const part = passage(ground, "part");

  for (const stated of model.controls) {
    const { id, place } = stated;
    const plan = tested.get(id);
    const drafted = model.validations.find(
      ({ id: validation, control }) => control === id && isDraft(model, validation),
    );
    if (plan !== undefined) ledger.met("controls-tested", plan.place);
    else if (drafted !== undefined)
      ledger.objects(
        "controls-tested",
        `${namedControl(model, stated)} has only a drafted validation that nobody has confirmed.`,
        drafted.place,
      );
    else ledger.lacks("controls-tested", { part: namedControl(model, stated) }, place);
  }
  if (model.controls.length === 0) ledger.lacks("controls-tested", { part: "The model" }, home(model));

  const touched = model.validations.length > 0 || part !== undefined;
  const state = full !== undefined ? "present" : stateOf(covered.length, model.controls.length, touched);
  const where = plans[0]?.place ?? full?.place ?? model.validations[0]?.place ?? part?.place;
  const found =
    model.controls.length > 0 && touched
      ? `${share(covered.length, model.controls.length, "controls")} with a test, scan or review.`
      : (full ?? part) !== undefined
        ? `In prose: ${(full ?? part)?.what ?? ""}.`
        : model.validations.length > 0
          ? `${model.validations.length} validations, tied to no control.`
          : "Nothing says how the controls are tested.";
  return { state, ...(where === undefined || state === "missing" ? {} : { where }), found, ...ledger.close() };
}

/** A kind or a result alone is no plan; one word is none either (H076), unless it is the name of a test. */
function saysHow(validation: ModelValidation): boolean {
  return isSubstantive(validation.how) || namesTest(validation.how);
}
