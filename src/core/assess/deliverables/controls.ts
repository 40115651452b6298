import type { DeliverableVerdict } from "../../domain/assessment.ts";
import type { ModelThreat, ThreatModel } from "../../domain/threat-model.ts";
import { isPlaceholder, isSubstantive } from "../../text/placeholders.ts";
import {
  type Ground,
  home,
  isDraft,
  namedControl,
  namedThreat,
  openLedger,
  passage,
  share,
  stateOf,
} from "./ledger.ts";

/** Security controls. Present: most threats have controls tied to them; partial: some do, or controls are tied to none. */
export function judgeControls(ground: Ground): DeliverableVerdict {
  const { model, rule } = ground;
  const ledger = openLedger(rule);
  const real = new Set(
    model.controls.filter(({ id, title }) => !isDraft(model, id) && !isPlaceholder(title)).map(({ id }) => id),
  );
  const controlled = model.threats.filter((threat) => !isDraft(model, threat.id) && hasControl(threat, real));
  const full = passage(ground, "full");
  const part = passage(ground, "part");

  judgeThreats(model, real, ledger);
  for (const stated of model.controls) {
    const { id, title, status, place } = stated;
    if (isDraft(model, id))
      ledger.objects("controls-stated", `${namedControl(model, stated)} is a draft that nobody has confirmed.`, place);
    else if (isPlaceholder(title))
      ledger.objects("controls-stated", `${namedControl(model, stated)} is a placeholder.`, place);
    else if (status !== undefined) ledger.met("controls-stated", place);
    else ledger.lacks("controls-stated", { part: namedControl(model, stated) }, place);
  }

  const touched =
    model.controls.length > 0 ||
    model.threats.some((threat) => hasControl(threat, new Set(threat.controls))) ||
    part !== undefined;
  const state = full !== undefined ? "present" : stateOf(controlled.length, model.threats.length, touched);
  const where = controlled[0]?.place ?? full?.place ?? model.controls[0]?.place ?? part?.place;
  const found =
    model.threats.length > 0
      ? `${share(controlled.length, model.threats.length, "threats")} with a control.`
      : model.controls.length > 0
        ? `${model.controls.length} controls, tied to no threat.`
        : (full ?? part) === undefined
          ? "No control is written down."
          : `In prose: ${(full ?? part)?.what ?? ""}.`;
  return { state, ...(where === undefined || state === "missing" ? {} : { where }), found, ...ledger.close() };
}

function hasControl(threat: ModelThreat, real: ReadonlySet<string>): boolean {
  return threat.controls.some((id) => real.has(id)) || isSubstantive(threat.mitigation);
}

function judgeThreats(model: ThreatModel, real: ReadonlySet<string>, ledger: ReturnType<typeof openLedger>): void {
  const accepted = new Map(model.acceptances.map((acceptance) => [acceptance.threat, acceptance]));
  if (model.threats.length === 0) ledger.lacks("threats-answered", { part: "The model" }, home(model));
  for (const threat of model.threats) {
    const part = namedThreat(model, threat);
    if (threat.status === "not-applicable") continue;
    const acceptance = accepted.get(threat.id);
    if (threat.status === "accepted" || acceptance !== undefined) {
      const reasoned =
        isSubstantive(acceptance?.reason) || isSubstantive(threat.reason) || isSubstantive(threat.mitigation);
      if (reasoned) ledger.met("acceptances-reasoned", acceptance?.place ?? threat.place);
      else ledger.lacks("acceptances-reasoned", { part }, acceptance?.place ?? threat.place);
      continue;
    }
    if (hasControl(threat, real) && !isDraft(model, threat.id)) ledger.met("threats-answered", threat.place);
    else if (threat.controls.some((id) => isDraft(model, id)))
      ledger.objects("threats-answered", `${part} has only drafted controls that nobody has confirmed.`, threat.place);
    else ledger.lacks("threats-answered", { part }, threat.place);
  }
}
