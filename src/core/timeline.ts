import { isCovered } from "./assess/coverage.ts";
import { type ModelDifference, modelDifference } from "./assess/model-difference.ts";
import { mentions, referencesIn } from "./assess/names.ts";
import { detectChanges } from "./changes/detect.ts";
import { textsNeeded } from "./changes/texts.ts";
import type { Assessment } from "./domain/assessment.ts";
import type { Change } from "./domain/change.ts";
import type { Policy } from "./domain/policy.ts";
import type { Rules } from "./domain/rules.ts";
import type { HistoryReach, HistoryStep, HistoryWanted, Snapshot } from "./domain/snapshot.ts";
import type { TimelineEntry } from "./domain/timeline.ts";
import { readModel } from "./readers/read-model.ts";

/** Touches of a model that are gone back to find one that is an update in substance; the oldest then counts as one. */
const mostTouches = 64;

/** Files of one merge whose structure is compared: a merge with more of them is a move of the whole repository. */
const mostTexts = 60;

/**
 * What to read of a default branch's history for these groups of model files, one for each system: everything since the
 * last touch, and where that was no update in substance (H068), further back; then the texts of files whose structure
 * is compared. Undefined when enough was read.
 */
export function historyWanted(
  models: readonly (readonly string[])[],
  reach: HistoryReach | undefined,
  steps: readonly HistoryStep[] = [],
): HistoryWanted | undefined {
  if (reach === undefined) return { models, touches: 1 };
  if (goesFurther(models, reach)) return { models, touches: reach.touches * 4 };
  const texts = steps.flatMap(({ commit, files, headTexts }) => {
    const paths = headTexts === undefined ? textsNeeded(files).slice(0, mostTexts) : [];
    return paths.length > 0 ? [{ commit, paths }] : [];
  });
  return texts.length > 0 ? { models, touches: reach.touches, texts } : undefined;
}

function goesFurther(models: HistoryWanted["models"], reach: HistoryReach): boolean {
  if (!reach.goesOn || reach.touches >= mostTouches) return false;
  const updated = reach.met.filter(
    ({ before, after }) => modelDifference(readModel(before).model, readModel(after).model).says.length > 0,
  );
  const paths = new Set(updated.flatMap(({ before, after }) => [...before, ...after]).map((file) => file.path));
  const touched = new Set(reach.met.flatMap(({ before, after }) => [...before, ...after]).map((file) => file.path));
  // A group that was never touched is not on the default branch yet: there is nothing to go back to.
  const isSettled = (group: readonly string[]) =>
    group.some((path) => paths.has(path)) || !group.some((path) => touched.has(path));
  return !models.every(isSettled);
}

/**
 * The timeline that the steps of a default branch's history make, oldest first: each significant change, and each
 * substantive update of the model with what it concerns. White space, comments and dates of a model are no update (H068).
 * What `earlier` entries tell already is left out: a step that was seen when it was merged was seen better.
 */
export function timelineOfHistory(
  steps: readonly HistoryStep[],
  policy: Policy,
  rules: Rules,
  earlier: readonly TimelineEntry[] = [],
): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  const seen: Change[] = [];
  for (const step of steps) {
    const changes = significantIn(step, policy, rules);
    seen.push(...changes);
    for (const change of changes) entries.push(changeEntry(change, step));
    if (step.modelsBefore.length + step.modelsAfter.length === 0) continue;
    const difference = modelDifference(readModel(step.modelsBefore).model, readModel(step.modelsAfter).model);
    const paths = step.modelsAfter.map((file) => file.path);
    if (difference.says.length > 0) entries.push(updateEntry(difference, seen, earlier, paths, step));
  }
  return withoutKnown(entries, earlier);
}

/** The entries that tell something that the known ones do not. */
export function withoutKnown(entries: readonly TimelineEntry[], known: readonly TimelineEntry[]): TimelineEntry[] {
  const keys = new Set(known.map(keyOf));
  return entries.filter((entry) => !keys.has(keyOf(entry)));
}

/** Two entries of one key tell the same of the same merge. */
function keyOf(entry: TimelineEntry): string {
  const place = entry.kind === "change" ? [entry.path, ...entry.elements] : [];
  return JSON.stringify([entry.kind, entry.reference, ...place]);
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
    for (const change of changes) entries.push({ ...changeEntry(change, { at, reference }), system: system.name });
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
    { files, headTexts: step.headTexts ?? [], baseTexts: [], ignore: policy.paths.ignore, modes: policy.rules },
    rules,
  );
  return detection.changes.filter((change) => change.significant && change.mode !== "monitor");
}

function changeEntry(
  change: Change,
  { at, reference, unverified }: Pick<HistoryStep, "at" | "reference" | "unverified">,
): Extract<TimelineEntry, { kind: "change" }> {
  const entry = { kind: "change", at, what: change.says, reference, path: change.path } as const;
  return { ...entry, elements: [change.element.name], ...(unverified && { unverified }) };
}

/** An update concerns what it names, and whatever changes until then it covers by its words or files. */
function updateEntry(
  difference: ModelDifference,
  changes: readonly Change[],
  earlier: readonly TimelineEntry[],
  modelFiles: readonly string[],
  { at, reference }: HistoryStep,
): TimelineEntry {
  const ground = { difference, modelFiles, checklists: [], threats: [], noChangeNeeded: false };
  const covered = changes.filter((change, index) => isCovered(change, index, ground));
  const elements = earlier.flatMap((entry) => ("elements" in entry && entry.at <= at ? entry.elements : []));
  const spokenOf = elements.filter((element) => difference.texts.some((text) => mentions(text, element)));
  const concerns = [
    ...difference.names,
    ...difference.files,
    ...covered.flatMap(namesOf),
    ...spokenOf,
    ...referencesIn(difference.texts),
  ];
  return { kind: "update", at, reference, concerns: [...new Set(concerns)] };
}

function namesOf(change: Change): readonly string[] {
  return [change.element.name, change.path];
}
