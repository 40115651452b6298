import { riskOf } from "../domain/risk.ts";
import { shortDigest } from "../domain/threat-id.ts";
import type { ModelControl, ModelThreat } from "../domain/threat-model.ts";
import type { Cursor } from "./cursor.ts";
import { mitigationText, threatIdOf } from "./foreign.ts";
import { first, idOf, nameOf } from "./generic-parts.ts";
import { known } from "./known.ts";
import { ratingOf, riskLevelOf, statusOf, strideOf } from "./words.ts";

/* Threats and controls of models in no known schema, by the usual names of their keys. */

/** A control written out, or a reference to one by its id. */
export function addControl(
  name: string | undefined,
  control: Cursor,
  controls: Map<string, ModelControl>,
): string | undefined {
  const own = idOf(control) ?? control.text();
  const title = nameOf(control) ?? name ?? first(control, "description", "content")?.text() ?? own;
  if (title === undefined) return undefined;
  const id = own ?? `C-${shortDigest(title, 12)}`;
  if (controls.has(id)) return id;
  const inPlace = first(control, "inPlace", "in_place", "implemented", "active")?.flag();
  const status = first(control, "status", "state")?.text();
  const done =
    inPlace ?? (status === undefined ? undefined : statusOf(status) === "mitigated" || /active|in place/i.test(status));
  controls.set(
    id,
    known({
      id,
      title,
      status: done === undefined ? undefined : done ? ("implemented" as const) : ("proposed" as const),
      evidence: first(control, "evidence")?.texts() ?? [],
      place: control.place(),
    }),
  );
  return id;
}

const controlKeys = [
  "mitigations",
  "mitigation",
  "controls",
  "control",
  "countermeasures",
  "countermeasure",
  "safeguards",
] as const;

/** One threat with its rating, its status and what is tied to it; controls written inside it are added to `controls`. */
export function threatOf(name: string | undefined, threat: Cursor, controls: Map<string, ModelControl>): ModelThreat {
  const own = idOf(threat) ?? name;
  const title =
    nameOf(threat) ??
    name ??
    first(threat, "threat", "description", "attack")?.text() ??
    threat.text() ??
    own ??
    "threat";
  const impact = ratingOf(first(threat, "impact", "base_impact")?.text() ?? "");
  const likelihood = ratingOf(
    first(threat, "likelihood", "probability", "base_exploitability", "exploitability")?.text() ?? "",
  );
  const rating = first(threat, "risk", "severity", "priority", "risk_level", "level", "cvss", "CVSS");
  const stated =
    rating?.text() ?? rating?.at("score").text() ?? rating?.at("vector").text() ?? rating?.at("level").text();
  const answers = controlKeys
    .flatMap((key) => threat.at(key))
    .filter(({ value }) => value !== undefined && value !== null);
  const texts = answers.flatMap((answer) =>
    answer.items().length === 0 && answer.entries().length === 0 ? (answer.text() ?? []) : [],
  );
  const ids = answers.flatMap((answer) =>
    answer.items().length > 0
      ? answer.items().map((item) => addControl(undefined, item, controls))
      : answer.entries().map(([key, item]) => addControl(key, item, controls)),
  );
  const status = first(threat, "status", "state")?.text();
  const mitigated = first(threat, "fullyMitigated", "fully_mitigated", "mitigated")?.flag();
  const category = first(threat, "stride", "STRIDE", "threatType", "threat_type", "category", "categories", "type");
  return known({
    id: threatIdOf(own, title),
    title,
    description: first(threat, "description", "attack", "scenario", "details")?.text(),
    element: first(threat, "element", "dfd_element", "component", "asset", "target", "affects")?.text(),
    stride: [...new Set((category?.texts() ?? []).flatMap(strideOf))],
    impact,
    likelihood,
    risk:
      (stated === undefined ? undefined : riskLevelOf(stated)) ??
      (impact === undefined || likelihood === undefined ? undefined : riskOf(impact, likelihood)),
    riskStated: stated,
    status:
      mitigated === undefined
        ? status === undefined
          ? ("unknown" as const)
          : (statusOf(status) ?? ("unknown" as const))
        : mitigated
          ? ("mitigated" as const)
          : ("open" as const),
    statusStated: status,
    controls: [...new Set(ids.filter((id) => id !== undefined))],
    mitigation: mitigationText(texts[0]),
    reason: first(threat, "reason", "justification", "rationale")?.text(),
    place: threat.place(),
  });
}
