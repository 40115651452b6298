import type { Assessment, SystemAssessment } from "../domain/assessment.ts";
import type { Desired } from "../domain/desired.ts";
import { atLeast } from "../domain/risk.ts";
import { checkRun } from "./check-run.ts";
import { type PresentContext, pullRequestPage } from "./context.ts";
import { debtIssue } from "./debt-issue.ts";
import { issues } from "./issue.ts";
import { placeQuestions } from "./line-comments.ts";
import { openSummary, settledSummary } from "./review-summary.ts";
import { concernedSystems, openThreats, significantChanges } from "./standing.ts";

export type { PresentContext } from "./context.ts";

const nobody: Desired["reviewers"] = { teams: [], users: [] };
const nothing: Desired = { review: "leave", reviewers: nobody, issues: [], withheld: [] };

/**
 * What GitHub should show for an assessment. Draws, and decides no verdict. Everything that came from a repository is
 * inert in it. An open pull request gets its check, and, unless it is a draft or only observed, its review; a merged one
 * gets issues; a closed one, and any in an archived repository, nothing.
 */
export function present(assessment: Assessment, context: PresentContext): Desired {
  const { pullRequest, repository } = context;
  if (repository.isArchived)
    return { ...nothing, withheld: [{ output: "everything", why: "the repository is archived" }] };
  if (!pullRequest) return { ...nothing, checkRun: checkRun(assessment, context) };
  if (pullRequest.state === "closed") return nothing;
  if (pullRequest.state === "merged") return { ...nothing, ...afterMerge(assessment, context) };

  const page = pullRequestPage(context);
  const check = checkRun(assessment, context);
  const silence = whySilent(assessment, context);
  if (silence !== undefined) {
    return { ...nothing, checkRun: check, withheld: [{ output: "review", why: silence }] };
  }
  return {
    ...nothing,
    checkRun: check,
    review: reviewOf(assessment, context, pullRequest.number),
    reviewers: reviewersOf(assessment, context),
    ...(page === undefined ? {} : { pullRequestUrl: page }),
  };
}

function whySilent(assessment: Assessment, context: PresentContext): string | undefined {
  if (assessment.mode === "observe") return "the mode is observe";
  if (context.pullRequest?.isDraft) return "the pull request is a draft";
  return assessment.couldNotEvaluate ? "it could not be evaluated" : undefined;
}

/** Asks while a question is open or a mitigation lost; otherwise an earlier summary is settled. */
function reviewOf(assessment: Assessment, context: PresentContext, number: number): Desired["review"] {
  const open = significantChanges(assessment).filter((change) => change.open);
  const lost = concernedSystems(assessment).some((system) => system.lost.length > 0);
  if (open.length === 0 && !lost) return { settled: settledSummary(number, assessment, context) };
  if (context.threadsWouldBlock) {
    return { ask: { summary: openSummary(number, open, assessment, context), comments: [], alsoOpen: [] } };
  }
  const { comments, unplaced, alsoOpen } = placeQuestions(open, assessment, context);
  return { ask: { summary: openSummary(number, unplaced, assessment, context), comments, alsoOpen } };
}

/**
 * Security Architects are called when a person of theirs must act, for every change to a system of the highest risk
 * class, and for a threat of high risk in one of the middle class; never the author, and never twice.
 */
function reviewersOf(assessment: Assessment, context: PresentContext): Desired["reviewers"] {
  if (assessment.waived || !concernedSystems(assessment).some((system) => callsForArchitect(system.name, assessment)))
    return nobody;
  const { teams, users } = assessment.policy.architects;
  const author = context.pullRequest?.author?.toLowerCase();
  const logins = users.map((user) => user.split("#")[0] ?? user);
  return { teams, users: logins.filter((login) => login.toLowerCase() !== author) };
}

function callsForArchitect(name: string, assessment: Assessment): boolean {
  const system = assessment.systems.find((candidate) => candidate.name === name);
  if (!system || system.review.architects.length > 0) return false;
  if (assessment.reasons.some((reason) => reason.outcome === "action_required")) return true;
  const changes = significantChanges(assessment).filter((change) => system.changes.includes(change.index));
  if (changes.length === 0) return false;
  const when = whenArchitectsAreAsked(system, assessment);
  if (when !== "from-high") return when === "always";
  return changes.some(({ checklist }) => openThreats(checklist).some((threat) => atLeast(threat.risk, "high")));
}

/** By the system's class; a record without one goes by the policy's word. */
function whenArchitectsAreAsked({ name, classification }: SystemAssessment, { policy }: Assessment) {
  if (classification) return classification.architect;
  const stated = policy.systems.find((system) => system.name === name)?.riskClass;
  return stated === "high" ? "always" : stated === "low" ? "never" : "from-high";
}

/** After the merge to the default branch: an issue for each threat nobody has mitigated, as far as it may be shown. */
function afterMerge(assessment: Assessment, context: PresentContext): Pick<Desired, "issues" | "withheld"> {
  const none = (why: string) => ({ issues: [], withheld: [{ output: "issues", why }] });
  if (!context.pullRequest?.toDefaultBranch) return { issues: [], withheld: [] };
  if (assessment.mode === "observe") return none("the mode is observe");
  if (assessment.couldNotEvaluate) return none("it could not be evaluated");
  if (!context.repository.hasIssues && assessment.policy.tracker === "github") {
    return none("issues are switched off in this repository");
  }
  const all = issues(assessment, context);
  // In public, an issue of high risk or above would point strangers to the hole.
  // Of another tracker it is known only there whether the public reads it (`IssuePlace.mayBePublic`).
  const { tracker, publish } = assessment.policy;
  const isPublic = tracker === "github" && !context.repository.isPrivate && !publish.issues;
  const hidden = all.filter(({ risk, issue }) => isPublic && issue.state !== "closed" && atLeast(risk, "high"));
  const debt = debtIssue(assessment, context);
  const why = "public repository (publish.issues)";
  return {
    issues: [
      ...all.filter((work) => !hidden.includes(work)).map(({ issue }) => issue),
      ...(debt && !isPublic ? [debt] : []),
    ],
    withheld: [
      ...hidden.map(({ issue }) => ({ output: `issue for ${issue.threat}`, why })),
      ...(debt && isPublic ? [{ output: "issue for the waiver", why }] : []),
    ],
  };
}
