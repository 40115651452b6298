import type { Assessment, Conclusion, Reason } from "../domain/assessment.ts";
import type { Policy } from "../domain/policy.ts";
import type { Place } from "../domain/problem.ts";

/**
 * How much one finding weighs, worst first:
 * `could-not-evaluate`: something that had to be read or judged was not;
 * `blocks`: in `enforce` it fails the check;
 * `act`: a person must act, by a review or an acceptance;
 * `short`: something is incomplete; whether that fails is the policy's choice;
 * `told`: worth saying, weighs nothing.
 */
export const weights = ["could-not-evaluate", "blocks", "act", "short", "told"] as const;
export type Weight = (typeof weights)[number];

/** Something that this difference adds, loses or leaves uncovered, before the mode decides what it means. */
export interface Finding {
  readonly weight: Weight;
  readonly says: string;
  readonly place?: Place;
  readonly next?: string;
}

/** The conclusion of a check, with the reasons that led to it, worst first. */
export interface Concluded {
  readonly conclusion: Conclusion;
  readonly couldNotEvaluate: boolean;
  readonly reasons: readonly Reason[];
}

const worstFirst: readonly Reason["outcome"][] = [
  "could-not-evaluate",
  "failure",
  "action_required",
  "neutral",
  "success",
];

/**
 * Turns findings into a conclusion by the mode, as the table of outcomes says. In `enforce` nothing that could not be
 * evaluated is ever success or neutral, because GitHub lets both satisfy a required check; a draft is judged there as if
 * it were ready (H040).
 */
export function conclude(
  findings: readonly Finding[],
  policy: Pick<Policy, "mode" | "incomplete">,
  isDraft: boolean,
): Concluded {
  const reasons = findings
    .map(
      (finding): Reason => ({
        outcome: outcomeOf(finding.weight, policy),
        says: finding.says,
        ...(finding.place && { place: finding.place }),
        ...(finding.next !== undefined && { next: finding.next }),
      }),
    )
    .map((reason, index) => ({ reason, index }))
    .toSorted((one, other) => rank(one.reason) - rank(other.reason) || one.index - other.index)
    .map(({ reason }) => reason);
  const couldNotEvaluate = findings.some(({ weight }) => weight === "could-not-evaluate");
  const worst = reasons[0]?.outcome ?? "success";
  if (worst === "could-not-evaluate") {
    return { conclusion: policy.mode === "enforce" ? "failure" : "neutral", couldNotEvaluate, reasons };
  }
  if (isDraft && policy.mode !== "enforce" && findings.some(({ weight }) => weight !== "told"))
    return { conclusion: "neutral", couldNotEvaluate, reasons };
  return { conclusion: worst, couldNotEvaluate, reasons };
}

/** An architect's formal review lets one commit through; what it lets through stays on record. */
export function lettingThrough(
  concluded: Concluded,
  waiver: Assessment["waived"],
): Concluded & Pick<Assessment, "waived"> {
  if (!waiver || concluded.conclusion === "success") return concluded;
  const says = `Waived until ${waiver.until} by @${waiver.by.login} (Security Architect): ${waiver.because}`;
  return {
    conclusion: "success",
    couldNotEvaluate: false,
    reasons: [{ outcome: "success", says }, ...concluded.reasons],
    waived: waiver,
  };
}

function rank(reason: Reason): number {
  return worstFirst.indexOf(reason.outcome);
}

function outcomeOf(weight: Weight, policy: Pick<Policy, "mode" | "incomplete">): Reason["outcome"] {
  if (weight === "could-not-evaluate") return "could-not-evaluate";
  if (weight === "told") return "success";
  if (policy.mode !== "enforce") return "neutral";
  if (weight === "blocks") return "failure";
  if (weight === "act") return "action_required";
  return policy.incomplete === "fail" ? "failure" : "success";
}
