import type { Assessment } from "./domain/assessment.ts";
import { fingerprintOf } from "./domain/marker.ts";
import type { Observed } from "./domain/observed.ts";
import type { AskedQuestion, QuestionOutcome } from "./domain/standing.ts";

/**
 * What has become of each question of a pull request, one for each rule, path and element: the same thing asked about at
 * several lines is answered when all of it is.
 */
export function askedQuestions(assessment: Assessment, threads: Observed["threads"]): readonly AskedQuestion[] {
  const questions = new Map<string, AskedQuestion>();
  for (const index of assessment.asked) {
    const change = assessment.changes[index];
    if (change === undefined) continue;
    const fingerprint = fingerprintOf(change.rule, change.path, change.element.name);
    if (questions.get(fingerprint)?.outcome === "open") continue;
    const thread = threads.find((one) => one.fingerprint === fingerprint);
    questions.set(fingerprint, { fingerprint, rule: change.rule, outcome: outcomeOf(assessment, index, thread) });
  }
  return [...questions.values()];
}

function outcomeOf(
  { checklists, systems }: Assessment,
  index: number,
  thread: Observed["threads"][number] | undefined,
): QuestionOutcome {
  const statuses = (checklists.find(({ change }) => change === index)?.threats ?? []).map(({ status }) => status);
  if (statuses.length > 0 && statuses.every((status) => status !== "open" && status !== "unknown")) {
    if (statuses.every((status) => status === "not-applicable")) return "not-applicable";
    return statuses.includes("accepted") ? "accepted" : "mitigated";
  }
  const system = systems.find(({ changes }) => changes.includes(index));
  if (system && !system.uncovered.includes(index)) return "mitigated";
  return thread?.isResolved && thread.answered ? "resolved" : "open";
}
