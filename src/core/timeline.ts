import { isCovered } from "./assess/coverage.ts";
import { type ModelDifference, modelDifference } from "./assess/model-difference.ts";
import { detectChanges } from "./changes/detect.ts";
import type { Assessment } from "./domain/assessment.ts";
import type { Change } from "./domain/change.ts";
import type { Policy } from "./domain/policy.ts";
import type { Rules } from "./domain/rules.ts";
import type { HistoryStep, Snapshot, TimelineEntry } from "./domain/snapshot.ts";
import { readModel } from "./readers/read-model.ts";

/**
 * The timeline that the steps of a default branch's history make, oldest first: each significant change, and each
 * substantive update of the model with what it concerns. White space, comments and dates of a model are no update (H068).
 */
export function timelineOfHistory(steps: readonly HistoryStep[], policy: Policy, rules: Rules): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  const seen: Change[] = [];
  for (const step of steps) {
    const changes = significantIn(step, policy, rules);
    seen.push(...changes);
    for (const change of changes) entries.push(changeEntry(change, step.at, step.reference));
    if (step.modelsBefore.length + step.modelsAfter.length === 0) continue;
    const difference = modelDifference(readModel(step.modelsBefore).model, readModel(step.modelsAfter).model);
    const paths = step.modelsAfter.map((file) => file.path);
    if (difference.says.length > 0) entries.push(updateEntry(difference, seen, paths, step.at, step.reference));
  }
  return entries;
}

/**
 * What the merge of a pull request to the default branch leaves in the timeline. Its time is GitHub's time of the
 * merge. Nothing for a pull request that was not merged there.
 */
export function timelineOfMerge(assessment: Assessment, snapshot: Snapshot): TimelineEntry[] {
  const { pullRequest, repository } = snapshot;
  if (pullRequest?.state !== "merged" || pullRequest.mergedAt === undefined) return [];
  if (pullRequest.baseBranch !== repository.defaultBranch) return [];
  const at = pullRequest.mergedAt;
  const reference = `#${pullRequest.number}`;
  const entries: TimelineEntry[] = [];
  for (const system of assessment.systems) {
    const changes = system.changes.flatMap((index) => assessment.changes[index] ?? []);
    for (const change of changes) entries.push({ ...changeEntry(change, at, reference), system: system.name });
    if (!system.modelUpdated) continue;
    const covered = system.changes.filter((index) => !system.uncovered.includes(index));
    const concerns = covered.flatMap((index) => assessment.changes[index] ?? []).flatMap(namesOf);
    entries.push({
      kind: "update",
      at,
      reference,
      concerns: [...new Set([...system.concerns, ...concerns])],
      system: system.name,
    });
  }
  return entries;
}

function significantIn(step: HistoryStep, policy: Policy, rules: Rules): readonly Change[] {
  const models = new Set([...step.modelsBefore, ...step.modelsAfter].map((file) => file.path));
  const files = step.files.filter((file) => !models.has(file.filename));
  const detection = detectChanges(
    { files, headTexts: [], baseTexts: [], ignore: policy.paths.ignore, modes: policy.rules },
    rules,
  );
  return detection.changes.filter((change) => change.significant && change.mode !== "monitor");
}

function changeEntry(change: Change, at: string, reference: string): Extract<TimelineEntry, { kind: "change" }> {
  return { kind: "change", at, what: change.says, reference, path: change.path, elements: [change.element.name] };
}

/** An update concerns what it names, and whatever changes until then it covers by its words or files. */
function updateEntry(
  difference: ModelDifference,
  changes: readonly Change[],
  modelFiles: readonly string[],
  at: string,
  reference: string,
): TimelineEntry {
  const ground = { difference, modelFiles, checklists: [], threats: [], noChangeNeeded: false };
  const covered = changes.filter((change, index) => isCovered(change, index, ground));
  const concerns = [...difference.names, ...difference.files, ...covered.flatMap(namesOf)];
  return { kind: "update", at, reference, concerns: [...new Set(concerns)] };
}

function namesOf(change: Change): readonly string[] {
  return [change.element.name, change.path];
}
