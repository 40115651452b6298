import type { Assessment, Reason } from "../domain/assessment.ts";
import type { PresentContext } from "./context.ts";
import { isTold, policyProblems, whatIsOpen } from "./standing.ts";

/** Nothing significant, nothing wrong, nothing to do. */
export function isQuiet(assessment: Assessment): boolean {
  return (
    assessment.conclusion === "success" &&
    !assessment.couldNotEvaluate &&
    assessment.waived === undefined &&
    !assessment.changes.some(isTold)
  );
}

/** The title of the check: the verdict in one line of plain text. */
export function titleOf(assessment: Assessment, context: PresentContext): string {
  if (assessment.couldNotEvaluate) {
    const [problem] = policyProblems(assessment).filter(({ severity }) => severity === "error");
    return problem ? `Threatgate cannot use ${problem.path}` : "Could not evaluate";
  }
  if (assessment.waived) return `Waived until ${assessment.waived.until} by ${assessment.waived.by.login}`;
  if (isQuiet(assessment)) return "No threat-model change needed";
  const open = whatIsOpen(assessment).slice(0, 3).join(", ");
  if (context.pullRequest?.isDraft) return draftTitle(assessment, open);
  return assessment.mode === "observe" ? observeTitle(assessment, open) : readyTitle(assessment, open);
}

function draftTitle(assessment: Assessment, open: string): string {
  if (assessment.conclusion === "failure") return `Draft, would be blocked: ${open || firstReason(assessment)}`;
  return open === "" ? "Draft: the model covers this change" : `Draft: ${open}`;
}

function observeTitle(assessment: Assessment, open: string): string {
  if (open === "" && assessment.conclusion === "success") return "The model covers this change";
  return `Observed: ${open || firstReason(assessment)}`;
}

function readyTitle(assessment: Assessment, open: string): string {
  switch (assessment.conclusion) {
    case "failure":
      return `Blocked: ${open || firstReason(assessment)}`;
    case "action_required": {
      const waits = `Waiting for a person: ${firstReason(assessment, "action_required")}`;
      return open === "" ? waits : `${waits}; ${open}`;
    }
    case "neutral":
      return `Advice: ${open || firstReason(assessment)}`;
    case "success":
      return open === "" ? "The model covers this change" : `Passed with a warning: ${open}`;
  }
}

/** The weightiest reason, or the weightiest of one outcome, as plain words. */
function firstReason({ reasons }: Assessment, outcome?: Reason["outcome"]): string {
  const found = reasons.find((reason) => reason.outcome === outcome) ?? reasons[0];
  return found?.says.replaceAll("`", "").replace(/\.\s*$/, "") ?? "see below";
}
