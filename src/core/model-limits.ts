import { mainFirst } from "./assess/systems.ts";
import type { Policy } from "./domain/policy.ts";
import type { NotInspected } from "./domain/problem.ts";
import type { FileText, Snapshot } from "./domain/snapshot.ts";
import { isModelPath } from "./readers/read-model.ts";
import { compileGlobs } from "./text/globs.ts";
import { limits, showBytes, utf8Bytes } from "./text/limits.ts";

/* How much of a repository's models is read: 200 files, and 8 MiB together. What is beyond is named, and the rest is judged. */

/**
 * Every path of the head that may hold a model, by its name or because the policy names it: what the pull request changes
 * first, then the order in which files lead. The first 200 are read.
 */
export function modelPathsIn(snapshot: Snapshot, policy: Policy): readonly string[] {
  const isNamed = compileGlobs(policy.systems.flatMap((system) => system.model));
  const changed = new Set(snapshot.files.map(({ filename }) => filename));
  const paths = snapshot.headPaths.filter((path) => isModelPath(path) || isNamed.matches(path));
  if (paths.length <= limits.allModelFiles) return paths;
  const [first, rest] = [paths.filter((path) => changed.has(path)), paths.filter((path) => !changed.has(path))];
  return [...inOrder(first), ...inOrder(rest)];
}

function inOrder(paths: readonly string[]): readonly string[] {
  return mainFirst(paths.map((path) => ({ path, text: "" }))).map(({ path }) => path);
}

/** The snapshot with as many models on either side as are read; each that is left out is in `notRead` with the reason. */
export function withinModelLimits(snapshot: Snapshot, policy: Policy): Snapshot {
  const head = withinLimits(snapshot.models);
  const base = withinLimits(snapshot.baseModels);
  const unseen = modelPathsIn(snapshot, policy).slice(limits.allModelFiles);
  const read = new Set(snapshot.models.map(({ path }) => path));
  const leftOut = [...new Set([...head.leftOut, ...base.leftOut, ...unseen.filter((path) => !read.has(path))])];
  if (leftOut.length === 0) return snapshot;
  return {
    ...snapshot,
    models: head.kept,
    baseModels: base.kept,
    notRead: [...snapshot.notRead, ...namedFiles(leftOut)],
  };
}

/** Files are taken in the order in which they lead until a limit is met; a smaller one behind a larger one still fits. */
function withinLimits(files: readonly FileText[]): {
  readonly kept: readonly FileText[];
  readonly leftOut: readonly string[];
} {
  const sizes = new Map(files.map((file) => [file.path, utf8Bytes(file.text)]));
  const fits = files.length <= limits.allModelFiles && sum(sizes.values()) <= limits.allModelBytes;
  if (fits) return { kept: files, leftOut: [] };
  const kept = new Set<string>();
  let bytes = 0;
  for (const { path } of mainFirst(files)) {
    const size = sizes.get(path) ?? 0;
    if (kept.size >= limits.allModelFiles || bytes + size > limits.allModelBytes) continue;
    kept.add(path);
    bytes += size;
  }
  return {
    kept: files.filter(({ path }) => kept.has(path)),
    leftOut: files.flatMap(({ path }) => (kept.has(path) ? [] : [path])),
  };
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** More names than anybody reads; the last one tells how many follow. */
const mostNames = 20;

function namedFiles(paths: readonly string[]): readonly NotInspected[] {
  const limit = `of a repository's models ${limits.allModelFiles} files and ${showBytes(limits.allModelBytes)} together are read`;
  return paths.slice(0, mostNames).map((path, index) => {
    const more = paths.length - mostNames;
    const reason = index === mostNames - 1 && more > 0 ? `${limit}; this holds for ${more} more files` : limit;
    return { path, reason, isModel: true };
  });
}
