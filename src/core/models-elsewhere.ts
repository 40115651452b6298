import { type ModelDifference, modelDifference } from "./assess/model-difference.ts";
import { type Home, localised } from "./assess/model-home.ts";
import { mentions } from "./assess/names.ts";
import type { System } from "./assess/systems.ts";
import type { Policy, PolicySystem } from "./domain/policy.ts";
import type { ElsewhereNeeds, FileText, HistoryStep, Snapshot } from "./domain/snapshot.ts";
import type { ReadModel, ThreatModel } from "./domain/threat-model.ts";
import type { TimelineEntry } from "./domain/timeline.ts";
import { isModelPath, readModel, wellKnownModelPaths } from "./readers/read-model.ts";
import { compileGlobs } from "./text/globs.ts";
import { limits } from "./text/limits.ts";

/* Models of systems that lie in several repositories, read from the one that holds them. */

/** Systems whose model stands in another repository. */
export function systemsElsewhere({ systems }: Policy): readonly PolicySystem[] {
  return systems.filter(({ repository }) => repository !== undefined);
}

/**
 * What is still to be read of the other repositories: first the files at usual and named places, then those that their
 * trees show, then when these were last touched.
 * @param concerned names of the systems that the difference concerns; nothing is read for others
 */
export function elsewhereNeeded(
  snapshot: Snapshot,
  policy: Policy,
  concerned: ReadonlySet<string>,
): readonly ElsewhereNeeds[] {
  const byRepository = Map.groupBy(
    systemsElsewhere(policy).filter(({ name }) => concerned.has(name)),
    ({ repository }) => repository?.toLowerCase() ?? "",
  );
  return [...byRepository.values()].flatMap((systems): ElsewhereNeeds[] => {
    const repository = systems[0]?.repository ?? "";
    const named = systems.flatMap(({ model }) => model);
    const found = snapshot.elsewhere?.find((one) => one.repository === repository)?.reading;
    if (found === undefined) {
      const exact = named.filter((path) => !/[*?[\]{}!]/.test(path));
      return [{ repository, paths: [...new Set([...exact, ...wellKnownModelPaths])].slice(0, limits.allModelFiles) }];
    }
    if (found.outcome === "unknown") return [];
    const isNamed = compileGlobs(named);
    const asked = new Set(found.asked);
    const paths = found.paths.filter((path) => !asked.has(path) && (isModelPath(path) || isNamed.matches(path)));
    const room = limits.allModelFiles - asked.size;
    if (paths.length > 0 && room > 0) return [{ repository, paths: paths.slice(0, room) }];
    const models = found.models.filter((file) => readModel([file]).isModel).map(({ path }) => path);
    return found.touches === undefined && models.length > 0 ? [{ repository, paths: [], touchesOf: models }] : [];
  });
}

/** A model that stands elsewhere, as it is held against the repository that is judged. Its own faults are told there. */
export function readElsewhere(home: Home, repository: string): ReadModel | undefined {
  if (home.files.length === 0) return undefined;
  const read = readModel(home.files);
  return { ...read, problems: [], ...(read.model && { model: localised(read.model, repository) }) };
}

/** The updates in substance among the steps that touched the models of a system elsewhere, oldest first. */
function updatesOf(home: Home, repository: string): readonly { step: HistoryStep; difference: ModelDifference }[] {
  const touches = home.reading?.outcome === "present" ? (home.reading.touches ?? []) : [];
  return touches.flatMap((step) => {
    const difference = modelDifference(modelAt(step.modelsBefore, repository), modelAt(step.modelsAfter, repository));
    return difference.says.length > 0 ? [{ step, difference }] : [];
  });
}

function modelAt(files: readonly FileText[], repository: string): ThreatModel | undefined {
  const { model } = readModel(files);
  return model && localised(model, repository);
}

/** When the model of a system elsewhere was last updated in substance, ISO; undefined where that was not seen. */
export function lastUpdateElsewhere(home: Home, repository: string): string | undefined {
  return updatesOf(home, repository).at(-1)?.step.at;
}

/** What the updates of a model elsewhere leave in the timeline of a repository that shares it. */
export function timelineElsewhere(
  system: System,
  repository: string,
  earlier: readonly TimelineEntry[],
): readonly TimelineEntry[] {
  const { home, name } = system;
  if (!home) return [];
  return updatesOf(home, repository).map(({ step: { at, reference }, difference }): TimelineEntry => {
    const elements = earlier.flatMap((entry) => ("elements" in entry && entry.at <= at ? entry.elements : []));
    const spokenOf = elements.filter((element) => difference.texts.some((text) => mentions(text, element)));
    const concerns = [...new Set([...difference.names, ...difference.files, ...spokenOf])];
    const mark = reference.startsWith("#") ? reference : `@${reference}`;
    return { kind: "update", at, reference: `${home.repository}${mark}`, concerns, system: name };
  });
}

/**
 * What a model elsewhere has learnt since the difference was begun: an update there answers a change here as an update in
 * the same pull request would.
 */
export function updatedSince(home: Home, repository: string, begunAt: string | undefined): ModelDifference | undefined {
  if (begunAt === undefined || home.reading?.outcome !== "present") return undefined;
  const since = (home.reading.touches ?? []).filter(({ at }) => Date.parse(at) >= Date.parse(begunAt));
  if (since.length === 0) return undefined;
  const former = new Map(home.reading.models.map(({ path, text }) => [path, text]));
  for (const { modelsBefore, modelsAfter } of since.toReversed()) {
    for (const { path } of modelsAfter) former.delete(path);
    for (const { path, text } of modelsBefore) former.set(path, text);
  }
  const before = [...former].map(([path, text]) => ({ path, text }));
  return modelDifference(modelAt(before, repository), modelAt(home.reading.models, repository));
}
