import type { Selectable } from "kysely";
import type { Standing, SystemStanding } from "../../core/domain/standing.ts";
import { deliverableIds } from "../../core/domain/threat-model.ts";
import type { SystemStandingTable } from "../tables.ts";
import { plain } from "./storable.ts";

/** Threats that count against a system. */
export function openThreatsOf({ threats }: SystemStanding): SystemStanding["threats"] {
  return threats.filter(({ status }) => status === "open" || status === "unknown");
}

/** How many of the eight deliverables are complete. */
export function completeOf({ deliverables }: SystemStanding): number {
  return deliverableIds.filter((id) => {
    const { state, lacking } = deliverables[id];
    return state === "present" && lacking.length === 0;
  }).length;
}

/** The row of a system, without where it is in the tables. */
export function columnsOf(
  standing: Pick<Standing, "repository" | "portfolio" | "mode" | "pullRequest">,
  system: SystemStanding,
): Omit<
  Selectable<SystemStandingTable>,
  | "sheet"
  | "requirements"
  | "trend"
  | `quarter_${string}`
  | `year_${string}`
  | "judged"
  | "merged"
  | "head"
  | "uncovered_since"
> {
  const open = openThreatsOf(system);
  const rated = (...levels: readonly (string | undefined)[]): number =>
    open.filter(({ risk }) => levels.includes(risk)).length;
  const ends = system.acceptances.flatMap(({ until }) => until ?? []).toSorted();
  return {
    repository_id: standing.repository.id,
    system: plain(system.system),
    owner: standing.repository.owner.toLowerCase(),
    repository: standing.repository.name,
    team: plain(system.team ?? ""),
    portfolio: plain(standing.portfolio ?? ""),
    risk_class: system.riskClass,
    mode: standing.mode,
    tm1: system.indicators["TM-1"].rag,
    tm2: system.indicators["TM-2"].rag,
    tm3: system.indicators["TM-3"].rag,
    tm4: system.indicators["TM-4"].rag,
    complete: completeOf(system),
    threats: system.threatCount,
    open_critical: rated("critical"),
    open_high: rated("high"),
    open_medium: rated("medium", undefined),
    open_low: rated("low", "note"),
    accepted: system.threats.filter(({ status }) => status === "accepted").length,
    acceptance_ends: ends[0] ?? null,
    model_updated: system.modelUpdated ?? null,
    green_days: system.currency.green,
    amber_days: system.currency.amber,
    review_days: system.currency.review,
    pull_request: standing.pullRequest.number,
  };
}
