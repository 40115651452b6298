import type { Fact } from "../domain/fact.ts";
import { type Rating, type RiskLevel, ratings, riskOf } from "../domain/risk.ts";
import type { ThreatRule } from "../domain/rules.ts";
import type { RiskDriver } from "../domain/threat.ts";
import { type FactTable, factIn, holds, truthOf } from "./conditions.ts";

/** A rating with every reason that moved it, and the facts behind the reasons. */
export interface RatedRisk {
  readonly impact: Rating;
  readonly likelihood: Rating;
  readonly risk: RiskLevel;
  readonly drivers: readonly RiskDriver[];
  readonly facts: readonly Fact[];
}

/**
 * Rates a rule for one element: from the rule's own words, one step for each driver that holds, never past the ends of
 * the scale. Only what is stated moves a rating. What an internet-facing element raises, one that is known to be
 * reachable only from inside lowers by the same step.
 */
export function rate(rule: ThreatRule, table: FactTable): RatedRisk {
  const drivers: RiskDriver[] = [];
  const facts: Fact[] = [];
  for (const aggravation of rule.aggravatedBy) {
    const verdict = holds(aggravation, table);
    if (verdict.is === "yes") {
      drivers.push({
        name: aggravation.driver,
        raises: aggravation.raises,
        by: aggravation.by,
        because: aggravation.because,
      });
      facts.push(...verdict.decided);
    } else if (isReach(aggravation) && factIn(table, "internet-facing").is === "no") {
      drivers.push({ name: "inside only", raises: "likelihood", by: -1, because: "it is reachable only from inside" });
      facts.push(factIn(table, "internet-facing"));
    }
  }
  const impact = moved(rule.impact, drivers, "impact");
  const likelihood = moved(rule.likelihood, drivers, "likelihood");
  return { impact, likelihood, risk: riskOf(impact, likelihood), drivers, facts };
}

/** The overall risk that `rate` gives, without its reasons. */
export function riskAlone(rule: ThreatRule, table: FactTable): RiskLevel {
  let impact = ratings.indexOf(rule.impact);
  let likelihood = ratings.indexOf(rule.likelihood);
  for (const aggravation of rule.aggravatedBy) {
    const step =
      truthOf(aggravation, table) === "yes"
        ? aggravation.by
        : isReach(aggravation) && table.get("internet-facing")?.is === "no"
          ? -1
          : 0;
    if (aggravation.raises === "impact") impact += step;
    else likelihood += step;
  }
  return riskOf(within(impact), within(likelihood));
}

function within(step: number): Rating {
  return ratings[Math.min(Math.max(step, 0), ratings.length - 1)] ?? "medium";
}

function isReach(aggravation: ThreatRule["aggravatedBy"][number]): boolean {
  return (
    aggravation.raises === "likelihood" &&
    aggravation.by === 1 &&
    aggravation.yes?.length === 1 &&
    aggravation.yes[0] === "internet-facing"
  );
}

function moved(start: Rating, drivers: readonly RiskDriver[], raises: RiskDriver["raises"]): Rating {
  let step = ratings.indexOf(start);
  for (const driver of drivers) if (driver.raises === raises) step += driver.by;
  return within(step);
}
