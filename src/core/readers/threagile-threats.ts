import { type Rating, riskOf } from "../domain/risk.ts";
import type { StrideLetter } from "../domain/stride.ts";
import type { ThreatStatus } from "../domain/threat.ts";
import type { ModelThreat } from "../domain/threat-model.ts";
import type { Cursor } from "./cursor.ts";
import { mitigationText, threatIdOf } from "./foreign.ts";
import { known } from "./known.ts";
import { textOfHtml } from "./markdown/html.ts";
import { riskLevelOf, strideOf } from "./words.ts";

const likelihoods: Readonly<Record<string, Rating>> = {
  unlikely: "low",
  likely: "medium",
  "very-likely": "high",
  frequent: "high",
};
const impacts: Readonly<Record<string, Rating>> = { low: "low", medium: "medium", high: "high", "very-high": "high" };

/** Risks of the model's own categories, each with the assets it was identified at. */
export function identified(root: Cursor): ModelThreat[] {
  return root
    .at("individual_risk_categories")
    .named()
    .flatMap(([name, category]) =>
      category
        .at("risks_identified")
        .named()
        .map(([heading, risk]) => {
          const title = textOfHtml(heading ?? risk.at("title").text() ?? name ?? "risk");
          const impact = impacts[risk.at("exploitation_impact").text() ?? ""];
          const likelihood = likelihoods[risk.at("exploitation_likelihood").text() ?? ""];
          const severity = risk.at("severity").text();
          return known({
            id: threatIdOf(undefined, category.at("id").text() ?? name, title),
            title,
            description: category.at("description").text(),
            element: risk.at("most_relevant_technical_asset").text(),
            stride: strideOfCategory(category),
            impact,
            likelihood,
            risk:
              (severity === undefined ? undefined : riskLevelOf(severity)) ??
              (impact === undefined || likelihood === undefined ? undefined : riskOf(impact, likelihood)),
            riskStated: severity,
            status: "open" as const,
            controls: [],
            mitigation: mitigationText(category.at("mitigation").text() ?? category.at("action").text()),
            place: risk.place(),
          });
        }),
    );
}

function strideOfCategory(category: Cursor): StrideLetter[] {
  return strideOf((category.at("stride").text() ?? "").replace(/-/g, " "));
}

const trackedStatus: Readonly<Record<string, ThreatStatus>> = {
  unchecked: "open",
  "in-discussion": "open",
  "in-progress": "open",
  mitigated: "mitigated",
  accepted: "accepted",
  "false-positive": "not-applicable",
};

/** Tracked risks name rule and assets, `rule@asset@…`; asterisks stand for any. */
export function tracked(root: Cursor): ModelThreat[] {
  return root
    .at("risk_tracking")
    .entries()
    .map(([key, entry]) => {
      const [rule = key, ...assets] = key.split("@");
      const stated = entry.at("status").text();
      const justification = entry.at("justification").text();
      const status = trackedStatus[stated ?? ""] ?? "unknown";
      const element = assets.find((asset) => asset !== "*" && asset !== "");
      return known({
        id: threatIdOf(undefined, key),
        title: rule.replace(/-/g, " "),
        description: assets.length === 0 ? undefined : `Risk ${rule.replace(/-/g, " ")} at ${assets.join(", ")}`,
        element,
        stride: [],
        status,
        statusStated: stated,
        controls: [],
        mitigation:
          status === "mitigated" || stated === "in-progress" ? mitigationText(justification ?? stated) : undefined,
        reason: status === "accepted" || status === "not-applicable" ? justification : undefined,
        place: entry.place(),
      });
    });
}
