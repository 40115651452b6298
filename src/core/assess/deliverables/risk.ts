import type { DeliverableVerdict } from "../../domain/assessment.ts";
import type { ModelThreat } from "../../domain/threat-model.ts";
import { isPlaceholder } from "../../text/placeholders.ts";
import { type Ground, home, isDraft, namedThreat, openLedger, passage, share, stateOf } from "./ledger.ts";

/** Risk assessment. Present: most threats are rated in some way; partial: some are, or only drafts or assets, or a method is named. */
export function judgeRisk(ground: Ground): DeliverableVerdict {
  const { model, rule } = ground;
  const ledger = openLedger(rule);
  const anyRated = model.threats.filter(isRated);
  const rated = anyRated.filter(({ id }) => !isDraft(model, id));
  const full = passage(ground, "full");
  const part = passage(ground, "part");

  for (const threat of model.threats) {
    if (threat.status === "not-applicable") continue;
    const missing = [
      ...(threat.impact === undefined ? ["impact"] : []),
      ...(threat.likelihood === undefined ? ["likelihood"] : []),
    ];
    if (isDraft(model, threat.id))
      ledger.objects(
        "impact-and-likelihood",
        `${namedThreat(model, threat)} is a draft that nobody has confirmed.`,
        threat.place,
      );
    else if (missing.length === 0) ledger.met("impact-and-likelihood", threat.place);
    else
      ledger.lacks(
        "impact-and-likelihood",
        { part: namedThreat(model, threat), what: missing.join(" and no ") },
        threat.place,
      );
    const high = threat.impact === "high" || threat.likelihood === "high";
    if (high && threat.risk !== undefined) ledger.met("prioritised", threat.place);
    else if (high) ledger.lacks("prioritised", { part: namedThreat(model, threat) }, threat.place);
  }
  if (model.threats.length === 0)
    ledger.lacks("impact-and-likelihood", { part: "The model", what: "rated threat" }, home(model));

  const state =
    full !== undefined
      ? "present"
      : stateOf(rated.length, model.threats.length, part !== undefined || anyRated.length > 0);
  const where = rated[0]?.place ?? full?.place ?? part?.place ?? anyRated[0]?.place;
  const found =
    model.threats.length > 0
      ? `${share(rated.length, model.threats.length, "threats")} rated${anyRated.length > rated.length ? `, ${anyRated.length - rated.length} in drafts that nobody has confirmed` : ""}.`
      : (full ?? part) === undefined
        ? "No threat is rated."
        : `In prose: ${(full ?? part)?.what ?? ""}.`;
  return { state, ...(where === undefined || state === "missing" ? {} : { where }), found, ...ledger.close() };
}

function isRated(threat: ModelThreat): boolean {
  if (threat.risk !== undefined) return true;
  if (threat.impact !== undefined && threat.likelihood !== undefined) return true;
  return threat.riskStated !== undefined && !isPlaceholder(threat.riskStated);
}
