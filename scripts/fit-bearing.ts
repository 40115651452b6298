// Fits the weights of `src/core/changes/bearing/weights.ts` on labelled changes, and says how far they carry over.
// `node scripts/fit-bearing.ts [--write] [--silent FILE] DIRECTORY…`: each directory holds labels.json and one file a change, as the corpus of changes does.
// The figures are of projects that the weights were not fitted on: each project is kept aside in turn, in twelve groups.
// `--silent FILE` lists the ids of the changes on which the rules were silent when they were first measured; then only these are counted.
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { passagesOf } from "../src/core/changes/bearing/passages.ts";
import { inspectFiles } from "../src/core/changes/inspected-file.ts";
import type { ChangedFile } from "../src/core/domain/snapshot.ts";

interface Label {
  readonly id: string;
  readonly repo: string;
  readonly significant: boolean;
  readonly confidence: "high" | "medium";
  readonly lines?: readonly { readonly path: string; readonly line: number }[];
}

interface Instance {
  readonly change: number;
  /** Whether a reviewer wanted to be asked here; undefined for the other passages of a significant change, which teach nothing. */
  readonly wanted: boolean | undefined;
  readonly evidence: readonly number[];
  readonly weight: number;
}

/** Evidence counts only where so many projects show it: what fewer show is their own way of naming. */
const fewestProjects = 8;
/** How much a weight must be worth to be kept: the strength of the L1 penalty, as scikit-learn's 1/C. */
const penalty = 2;
const folds = 12;
/** Lines between a labelled place and the passage that is it. */
const near = 5;

const directories = process.argv
  .slice(2)
  .filter((word, at, all) => !word.startsWith("--") && all[at - 1] !== "--silent");
const labels: Label[] = [];
const raw: { change: number; wanted: boolean | undefined; evidence: ReadonlySet<string> }[] = [];
for (const directory of directories) {
  for (const label of JSON.parse(await readFile(join(directory, "labels.json"), "utf8")) as Label[]) {
    const files = JSON.parse(await readFile(join(directory, `${label.id}.json`), "utf8")) as ChangedFile[];
    const change = labels.push(label) - 1;
    for (const { file, lines, evidence } of passagesOf(inspectFiles(files).files)) {
      const numbers = lines.map((line) => line.newLine ?? line.oldLine ?? 0);
      const [from, to] = [Math.min(...numbers) - near, Math.max(...numbers) + near];
      const isPlace = label.lines?.some(({ path, line }) => path === file.path && line >= from && line <= to) ?? false;
      raw.push({ change, wanted: label.significant ? isPlace || undefined : false, evidence });
    }
  }
}
const projects = new Map<string, Set<string>>();
for (const { change, evidence } of raw) {
  for (const one of evidence) {
    const repo = labels[change]?.repo ?? "";
    const known = projects.get(one);
    if (known) known.add(repo);
    else projects.set(one, new Set([repo]));
  }
}
const names = [...projects]
  .filter(([, where]) => where.size >= fewestProjects)
  .map(([name]) => name)
  .sort();
const indexOf = new Map(names.map((name, index) => [name, index]));
const passages = labels.map(() => 0);
const wantedPassages = labels.map(() => 0);
for (const { change, wanted } of raw) {
  passages[change] = (passages[change] ?? 0) + 1;
  if (wanted) wantedPassages[change] = (wantedPassages[change] ?? 0) + 1;
}
const instances = raw.map(({ change, wanted, evidence }): Instance => {
  const share = wanted ? 1 / (wantedPassages[change] ?? 1) : 1 / (passages[change] ?? 1) ** 0.2;
  return {
    change,
    wanted,
    evidence: [...evidence].map((one) => indexOf.get(one)).filter((index) => index !== undefined),
    weight: share * (labels[change]?.confidence === "high" ? 1 : 0.5),
  };
});

/** Logistic regression with an L1 penalty, by the fast proximal gradient method (Beck and Teboulle 2009). The last weight is the base. */
function weightsOf(learnt: readonly Instance[]): Float64Array {
  const used = learnt.filter(({ wanted }) => wanted !== undefined);
  const size = names.length + 1;
  let weights = new Float64Array(size);
  let ahead = Float64Array.from(weights);
  let momentum = 1;
  const step = 1 / (0.25 * used.reduce((sum, { weight, evidence }) => sum + weight * (evidence.length + 1), 0) * 0.12);
  for (let turn = 0; turn < 1500; turn++) {
    const gradient = new Float64Array(size);
    for (const { evidence, wanted, weight } of used) {
      let sum = ahead[size - 1] ?? 0;
      for (const index of evidence) sum += ahead[index] ?? 0;
      const error = weight * (1 / (1 + Math.exp(-sum)) - (wanted ? 1 : 0));
      for (const index of evidence) gradient[index] = (gradient[index] ?? 0) + error;
      gradient[size - 1] = (gradient[size - 1] ?? 0) + error;
    }
    const next = new Float64Array(size);
    for (let index = 0; index < size; index++) {
      const moved = (ahead[index] ?? 0) - step * (gradient[index] ?? 0);
      const shrink = index === size - 1 ? 0 : step * penalty;
      next[index] = Math.sign(moved) * Math.max(0, Math.abs(moved) - shrink);
    }
    const nextMomentum = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const part = (momentum - 1) / nextMomentum;
    let change = 0;
    const further = new Float64Array(size);
    for (let index = 0; index < size; index++) {
      const difference = (next[index] ?? 0) - (weights[index] ?? 0);
      change = Math.max(change, Math.abs(difference));
      further[index] = (next[index] ?? 0) + part * difference;
    }
    [weights, ahead, momentum] = [next, further, nextMomentum];
    if (change < 1e-4) break;
  }
  return weights;
}

function scoreOf(weights: Float64Array, evidence: readonly number[]): number {
  let sum = weights[names.length] ?? 0;
  for (const index of evidence) sum += weights[index] ?? 0;
  return sum;
}

const repos = [...new Set(labels.map(({ repo }) => repo))].sort();
const foldOf = new Map(repos.map((repo, index) => [repo, index % folds]));
const best = labels.map(() => Number.NEGATIVE_INFINITY);
for (let fold = 0; fold < folds; fold++) {
  const isAside = ({ change }: Instance): boolean => foldOf.get(labels[change]?.repo ?? "") === fold;
  const weights = weightsOf(instances.filter((instance) => !isAside(instance)));
  for (const instance of instances.filter(isAside)) {
    best[instance.change] = Math.max(best[instance.change] ?? 0, scoreOf(weights, instance.evidence));
  }
}
const silentAt = process.argv.indexOf("--silent");
const silent =
  silentAt < 0 ? undefined : new Set((await readFile(process.argv[silentAt + 1] ?? "", "utf8")).split("\n"));
console.log(
  `${labels.length} changes of ${repos.length} projects, ${instances.length} passages, ${names.length} kinds of evidence`,
);
console.log("from    high: caught   false         all: caught    false");
for (const from of [2, 1.5, 1.2, 1, 0.8, 0.6, 0.4, 0.2, 0, -0.3, -0.6, -1]) {
  const counted = (significant: boolean, highOnly: boolean): string => {
    const group = labels
      .map((label, index) => ({ label, score: best[index] ?? 0 }))
      .filter(
        ({ label }) =>
          label.significant === significant &&
          (!highOnly || label.confidence === "high") &&
          (silent?.has(label.id) ?? true),
      );
    const over = group.filter(({ score }) => score > from).length;
    return `${(over / Math.max(1, group.length)).toFixed(3)} of ${group.length}`.padEnd(14);
  };
  console.log(
    `${String(from).padStart(4)}    ${counted(true, true)} ${counted(false, true)} ${counted(true, false)} ${counted(false, false)}`,
  );
}
if (process.argv.includes("--write")) {
  const weights = weightsOf(instances);
  const kept = names
    .map((name, index) => ({ name, weight: Math.round((weights[index] ?? 0) * 100) / 100 }))
    .filter(({ weight }) => weight !== 0)
    .sort((one, other) => one.name.localeCompare(other.name));
  const base = Math.round((weights[names.length] ?? 0) * 100) / 100;
  const text = [
    "// Written by `node scripts/fit-bearing.ts --write`; do not edit. docs/how-it-decides.md says how it was fitted and how far it carries.",
    "",
    "/** What is added for a passage of which nothing is known. */",
    `export const base = ${base};`,
    "",
    "/** What each kind of evidence is worth; what is not listed is worth nothing. `position:subject`, see `passages.ts` and `subjects.ts`. */",
    "export const weights: Readonly<Record<string, number>> = {",
    ...kept.map(({ name, weight }) => `  "${name}": ${weight},`),
    "};",
    "",
  ].join("\n");
  await writeFile(resolve(fileURLToPath(import.meta.url), "../../src/core/changes/bearing/weights.ts"), text);
  console.log(`${kept.length} weights written`);
}
