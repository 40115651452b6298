// The speed of change detection: on the corpus where there is one, on pull requests made for it, and how it grows with their size.
// All by the processor's clock: what else the machine does at the same time is not counted.
// `node scripts/bench-changes.ts ID DIR` judges one change of the corpus in a process of its own and prints its milliseconds.
import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { matcherOf } from "../src/core/changes/match-rule.ts";
import type { JudgeContext } from "../src/core/domain/judge-context.ts";
import type { Rules } from "../src/core/domain/rules.ts";
import type { ChangedFile, FileText, Snapshot } from "../src/core/domain/snapshot.ts";
import { detectIn, type GivenDifference } from "../src/core/inspect.ts";
import { judge, needs, stillNeeded } from "../src/core/judge.ts";
import { readRules } from "../src/shell/local/rule-files.ts";
import { aSnapshot } from "../test/make/a-snapshot.ts";
import { medianOf, processorTimed, type Row, timesOf } from "./bench-measure.ts";

const bars = { median: 3, largest: 150, files3000: 500, growth: 6 } as const;

/** Rows for the corpus of changes, each judged for the first time and then again. None, and a sentence, where it is absent. */
export async function benchCorpus(
  directory: string,
  rules: Rules,
): Promise<{ readonly rows: readonly Row[]; readonly absent?: string }> {
  const names = await readdir(directory).catch(() => []);
  const ids = names.filter((name) => name.endsWith(".json") && name !== "labels.json" && name !== "repos.json");
  if (ids.length === 0) {
    return { rows: [], absent: `No corpus of changes at ${directory}: its bars were not measured. Set CORPUS_DIR.` };
  }
  // A service judges all day; what a process does first is measured below, in processes of their own.
  for (let count = 0; count < 5; count++)
    detectIn({ files: aPullRequestOf(20).files, headTexts: [], baseTexts: [] }, rules);
  const seen: { id: string; first: number; again: number; bytes: number }[] = [];
  for (const name of ids.sort()) {
    const id = name.slice(0, -".json".length);
    const change = await readChange(directory, id);
    const first = processorTimed(() => detectIn(change, rules));
    const again = Array.from({ length: 3 }, () => processorTimed(() => detectIn(change, rules)));
    seen.push({ id, first, again: medianOf(again), bytes: bytesOf(change) });
  }
  const slowest = seen.toSorted((one, other) => other.first - one.first)[0];
  const biggest = seen.toSorted((one, other) => other.bytes - one.bytes).slice(0, 3);
  const alone = biggest.map(({ id }) => Math.min(...[1, 2, 3].map(() => inOwnProcess(id, directory))));
  const all = `of ${seen.length} changes`;
  return {
    rows: [
      {
        what: "corpus: the median change",
        figure: medianOf(seen.map(({ first }) => first)),
        bar: bars.median,
        how: `${all}, each the first time this process sees it`,
      },
      {
        what: "corpus: the slowest change",
        figure: slowest?.first ?? 0,
        bar: bars.largest,
        how: `${all}, each the first time: ${slowest?.id}`,
      },
      {
        what: "corpus: the slowest change, seen before",
        figure: Math.max(...seen.map(({ again }) => again)),
        bar: bars.largest,
        how: `${all}, median of 3 after the first time`,
      },
      {
        what: "corpus: the three largest, each as the first thing",
        figure: Math.max(...alone),
        how: "a new process judges, nothing is warm; least of 3 processes, the slowest of the three",
      },
    ],
  };
}

async function readChange(directory: string, id: string): Promise<GivenDifference> {
  return {
    files: JSON.parse(await readFile(join(directory, `${id}.json`), "utf8")) as ChangedFile[],
    headTexts: await textsBelow(join(directory, id, "head")),
    baseTexts: await textsBelow(join(directory, id, "base")),
  };
}

async function textsBelow(directory: string): Promise<FileText[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({ path: relative(directory, path), text: await readFile(path, "utf8") })),
  );
}

function bytesOf({ files, headTexts, baseTexts }: GivenDifference): number {
  const texts = [...files.map(({ patch }) => patch ?? ""), ...[...headTexts, ...baseTexts].map(({ text }) => text)];
  return texts.reduce((sum, text) => sum + text.length, 0);
}

const ownPath = fileURLToPath(import.meta.url);

function inOwnProcess(id: string, directory: string): number {
  return Number(execFileSync(process.execPath, [ownPath, id, directory], { encoding: "utf8" }));
}

/** A pull request of `count` files, one in ten of which matters. */
function aPullRequestOf(count: number): Snapshot {
  const files: ChangedFile[] = Array.from({ length: count }, (_, index) => {
    const matters = index % 10 === 0;
    const patch = matters
      ? `@@ -0,0 +1,3 @@\n+resource "aws_s3_bucket" "exports_${index}" {\n+  bucket = "exports-${index}"\n+}`
      : `@@ -1,3 +1,3 @@\n const a = 1;\n-const b = ${index};\n+const b = ${index + 1};\n export { a, b };`;
    return {
      filename: matters ? `infra/bucket-${index}.tf` : `src/module-${index}.ts`,
      status: matters ? "added" : "modified",
      additions: matters ? 3 : 1,
      deletions: matters ? 0 : 1,
      changes: matters ? 3 : 2,
      patch,
    };
  });
  return { ...aSnapshot(), files, filesTotal: count };
}

/** The same snapshot as another evaluation reads it: what was detected in a list of files is remembered with the list. */
export function seenAnew(snapshot: Snapshot): Snapshot {
  return { ...snapshot, files: [...snapshot.files] };
}

/** Rows for whole judgements of pull requests of many files. */
export function benchPullRequests(rules: Rules, context: JudgeContext): readonly Row[] {
  return [1, 20, 300, 3000].map((count) => {
    const snapshot = aPullRequestOf(count);
    const {
      first = 0,
      median,
      least,
      rounds,
    } = timesOf(
      count > 500 ? 5 : 10,
      () => {
        const evaluated = seenAnew(snapshot);
        needs(evaluated.files);
        stillNeeded(evaluated, new Set(), rules);
        judge(evaluated, rules, context);
      },
      2,
      processorTimed,
    );
    const how = `median of ${rounds} after 2 to warm up; least ${least.toFixed(1)}, the very first ${first.toFixed(0)}`;
    const what = `judge a pull request of ${count} file${count === 1 ? "" : "s"}`;
    return { what, figure: median, ...(count === 3000 ? { bar: bars.files3000 } : {}), how };
  });
}

/** One change of source code of `lines` lines, a tenth of which a rule or detector looks at closely. */
function aLongFile(lines: number): GivenDifference {
  const text = Array.from({ length: lines }, (_, index) =>
    index % 10 === 0 ? `+  app.get("/orders/${index}", read${index});` : `+  const total${index} = price * ${index};`,
  );
  return changed("src/orders.ts", [`@@ -0,0 +1,${lines} @@`, ...text].join("\n"));
}

/** A lockfile of `count` packages, each of another version. */
function aLockfile(count: number): GivenDifference {
  const of = (version: string): string =>
    JSON.stringify(
      {
        lockfileVersion: 3,
        packages: Object.fromEntries(
          Array.from({ length: count }, (_, index) => [`node_modules/package-${index}`, { version, resolved: "" }]),
        ),
      },
      null,
      1,
    );
  return compared("package-lock.json", of("1.0.0"), of("1.0.1"));
}

/** A resource of `count` lists, in front of each of which an element is put. */
function manyLists(count: number): GivenDifference {
  const of = (elements: string): string =>
    `resource "aws_security_group" "way_in" {\n${Array.from({ length: count }, (_, index) => `  list_${index} = [${elements}]\n`).join("")}}\n`;
  return compared("infra/main.tf", of('"b", "c", "d"'), of('"a", "b", "c", "d"'));
}

function changed(filename: string, patch: string): GivenDifference {
  const lines = patch.split("\n").length - 1;
  const file: ChangedFile = { filename, status: "added", additions: lines, deletions: 0, changes: lines, patch };
  return { files: [file], headTexts: [], baseTexts: [] };
}

function compared(path: string, before: string, after: string): GivenDifference {
  const file: ChangedFile = { filename: path, status: "modified", additions: 1, deletions: 1, changes: 2 };
  return { files: [file], headTexts: [{ path, text: after }], baseTexts: [{ path, text: before }] };
}

/** Rows for how work grows when a change is twice and four times as large: four times the work is linear. */
export function benchGrowth(rules: Rules): readonly Row[] {
  const kinds: readonly [string, number, (size: number) => GivenDifference][] = [
    ["files", 750, (size) => ({ files: aPullRequestOf(size).files, headTexts: [], baseTexts: [] })],
    ["lines of one file", 5_000, aLongFile],
    ["packages of a lockfile", 2_000, aLockfile],
    ["lists of one resource", 300, manyLists],
  ];
  return kinds.map(([what, size, make]) => {
    const [one = 0, two = 0, four = 0] = [1, 2, 4].map((factor) => {
      const change = make(size * factor);
      return timesOf(5, () => detectIn(change, rules), 2, processorTimed).least;
    });
    const how = `${size}, ${2 * size}, ${4 * size}: ${one.toFixed(1)}, ${two.toFixed(1)}, ${four.toFixed(1)} ms; least of 5 after 2`;
    return { what: `growth with four times the ${what}`, figure: four / one, unit: "times", bar: bars.growth, how };
  });
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === ownPath) {
  const rules = await readRules();
  matcherOf(rules);
  const change = await readChange(process.argv[3] ?? "", process.argv[2] ?? "");
  console.log(processorTimed(() => detectIn(change, rules)));
}
