// Measures change detection on a corpus of labelled changes: how often it is right, silent, or speaks without need.
// `node scripts/eval-changes.ts [--misses] [--repo NAME] [--held-out NAME,NAME] [--rotate]`; `npm run eval` calls `evaluateChanges`.
// `--rotate` prints the figures of each group of four projects that is kept aside in turn.
import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { detectChanges } from "../src/core/changes/detect.ts";
import type { Change } from "../src/core/domain/change.ts";
import type { ChangedFile, FileText } from "../src/core/domain/snapshot.ts";
import { readRules } from "../src/shell/local/rule-files.ts";
import { barRow, isMet } from "./eval-bars.ts";
import { changeBars, type Rates } from "./eval-change-bars.ts";

/** One labelled change, see the corpus' README. */
interface Label {
  readonly id: string;
  readonly repo: string;
  readonly title: string;
  readonly significant: boolean;
  readonly categories: readonly string[];
  readonly lines?: readonly { readonly path: string; readonly line: number }[];
  readonly why: string;
  readonly confidence: "high" | "medium";
}

export interface CorpusInput {
  readonly id: string;
  readonly files: readonly ChangedFile[];
  readonly headTexts: readonly FileText[];
  readonly baseTexts: readonly FileText[];
}

export type DetectOne = (input: CorpusInput) => { readonly changes: readonly Change[] };

/** Kept aside while rules are written: one project for each of four languages. */
export const heldOut: readonly string[] = ["dispatch", "ntfy", "cwa-server", "ghostfolio"];

/** At most this many comments are posted on one pull request. */
const mostPosted = 10;
/** A place counts as found when one of ours is in the same file and at most this many lines away. */
const near = 5;

interface Result {
  readonly label: Label;
  readonly said: boolean;
  readonly posted: readonly Change[];
  readonly recorded: readonly Change[];
  readonly placesFound: number;
  readonly milliseconds: number;
}

interface Options {
  readonly misses?: boolean;
  readonly repo?: string;
  readonly heldOut?: readonly string[];
  readonly rotate?: boolean;
}

/** Runs detection over the corpus and sums up. Says plainly when there is no corpus at `corpusDir`. */
export async function evaluateChanges(
  corpusDir: string,
  detectOne: DetectOne,
  options: Options = {},
): Promise<{ text: string; figures: object; met?: boolean }> {
  const labelText = await readFile(join(corpusDir, "labels.json"), "utf8").catch(() => undefined);
  if (labelText === undefined) {
    return {
      text: `No corpus of changes at ${corpusDir}: nothing was measured. Set CORPUS_DIR.`,
      figures: { absent: true },
    };
  }
  const labels = (JSON.parse(labelText) as Label[]).filter(
    (label) => options.repo === undefined || label.repo.includes(options.repo),
  );
  const results: Result[] = [];
  for (const label of labels) results.push(await evaluateOne(corpusDir, label, detectOne));
  return summary(results, options);
}

async function evaluateOne(corpusDir: string, label: Label, detectOne: DetectOne): Promise<Result> {
  const input: CorpusInput = {
    id: label.id,
    files: JSON.parse(await readFile(join(corpusDir, `${label.id}.json`), "utf8")) as ChangedFile[],
    headTexts: await textsBelow(join(corpusDir, label.id, "head")),
    baseTexts: await textsBelow(join(corpusDir, label.id, "base")),
  };
  const start = performance.now();
  const { changes } = detectOne(input);
  const milliseconds = performance.now() - start;
  const posted = changes.filter((change) => change.significant).slice(0, mostPosted);
  const placesFound = (label.lines ?? []).filter((place) =>
    posted.some(
      (change) => change.path === place.path && change.line !== undefined && Math.abs(change.line - place.line) <= near,
    ),
  ).length;
  return { label, said: posted.length > 0, posted, recorded: changes, placesFound, milliseconds };
}

async function textsBelow(directory: string): Promise<FileText[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const texts: FileText[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    texts.push({ path: relative(directory, path), text: await readFile(path, "utf8") });
  }
  return texts;
}

function ratesOf(results: readonly Result[]): Rates {
  const significant = results.filter(({ label }) => label.significant);
  const harmless = results.filter(({ label }) => !label.significant);
  const said = significant.filter((result) => result.said);
  const places = significant.reduce((sum, { label }) => sum + (label.lines?.length ?? 0), 0);
  const placesFound = significant.reduce((sum, result) => sum + result.placesFound, 0);
  return {
    significant: significant.length,
    recall: share(said.length, significant.length),
    harmless: harmless.length,
    falsePositiveRate: share(harmless.filter((result) => result.said).length, harmless.length),
    places: share(placesFound, places),
    placesFound,
    comments: share(
      significant.reduce((sum, result) => sum + result.posted.length, 0),
      significant.length,
    ),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 1000;
}

function summary(results: readonly Result[], options: Options): { text: string; figures: object; met: boolean } {
  const aside = options.heldOut ?? heldOut;
  const isAside = ({ label }: Result): boolean => aside.some((name) => label.repo.endsWith(`/${name}`));
  const high = results.filter(({ label }) => label.confidence === "high");
  const dependency = results.filter(
    ({ label }) => !label.significant && label.categories.some((category) => /^dependency-(dev|patch)$/.test(category)),
  );
  const groups: [string, readonly Result[]][] = [
    ["high confidence", high],
    ["all", results],
    ["development, high", high.filter((result) => !isAside(result))],
    ["development, all", results.filter((result) => !isAside(result))],
    ["held out, high", high.filter(isAside)],
    ["held out, all", results.filter(isAside)],
  ];
  const repositories = [...new Set(results.map(({ label }) => label.repo))];
  const categories = [
    ...new Set(results.filter(({ label }) => label.significant).flatMap(({ label }) => label.categories)),
  ].sort();
  const lines: string[] = [head()];
  for (const [name, group] of groups) lines.push(row(name, ratesOf(group)));
  lines.push(
    "",
    `harmless dependency changes: ${dependency.filter((result) => result.said).length} of ${dependency.length} spoken about`,
    "",
  );
  for (const repo of repositories) {
    const own = results.filter(({ label }) => label.repo === repo);
    lines.push(row(`${repo}${own[0] && isAside(own[0]) ? " (held out)" : ""}`, ratesOf(own)));
  }
  lines.push("");
  for (const category of categories) {
    lines.push(
      row(category, ratesOf(results.filter(({ label }) => label.significant && label.categories.includes(category)))),
    );
  }
  if (options.rotate) lines.push("", ...rotations(results, repositories));
  const times = results.map(({ milliseconds }) => milliseconds).sort((one, other) => one - other);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  lines.push("", `time: median ${median.toFixed(1)} ms, largest ${(times.at(-1) ?? 0).toFixed(0)} ms`);
  if (options.misses) lines.push("", ...misses(results));
  const figures = {
    high: ratesOf(high),
    all: ratesOf(results),
    dependencyFalsePositives: share(dependency.filter((result) => result.said).length, dependency.length),
    heldOut: ratesOf(results.filter(isAside)),
    development: ratesOf(results.filter((result) => !isAside(result))),
    lowestRecall: Math.min(
      ...repositories.map((repo) => ratesOf(results.filter(({ label }) => label.repo === repo)).recall),
    ),
    medianMilliseconds: Math.round(median * 10) / 10,
  };
  const bars = changeBars(figures);
  lines.push("", ...bars.map(barRow));
  return { text: lines.join("\n"), figures, met: bars.every(isMet) };
}

/** Projects that one rotation keeps aside. */
const keptAside = 4;

/**
 * The figures of each group of projects that is kept aside in turn, high and all apart. Every fourth project of the list,
 * which is sorted by language, so that a group holds several languages.
 */
function rotations(results: readonly Result[], repositories: readonly string[]): string[] {
  const turns = Math.ceil(repositories.length / keptAside);
  const lines: string[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const aside = new Set(repositories.filter((_, index) => index % turns === turn));
    const own = results.filter(({ label }) => aside.has(label.repo));
    const names = [...aside].map((repo) => repo.replace(/^.*\//, "")).join(", ");
    lines.push(`kept aside in turn ${turn + 1}: ${names}`);
    const high = own.filter(({ label }) => label.confidence === "high");
    lines.push(row("  high confidence", ratesOf(high)), row("  all", ratesOf(own)));
  }
  return lines;
}

function head(): string {
  return `${"".padEnd(50)} recall        fpr           places  comments`;
}

function row(name: string, rates: Rates): string {
  const recall = rates.significant > 0 ? `${rates.recall.toFixed(3)} of ${rates.significant}` : "";
  const fpr = rates.harmless > 0 ? `${rates.falsePositiveRate.toFixed(3)} of ${rates.harmless}` : "";
  return `${name.padEnd(50)} ${recall.padEnd(13)} ${fpr.padEnd(13)} ${rates.places.toFixed(3)}   ${rates.comments.toFixed(2)}`;
}

function misses(results: readonly Result[]): string[] {
  const lines: string[] = ["MISSED"];
  for (const { label, said } of results) {
    if (label.significant && !said)
      lines.push(`  ${mark(label)} ${label.id} [${label.categories.join(",")}] ${label.title} | ${label.why}`);
  }
  lines.push("FALSE");
  for (const { label, said, posted } of results) {
    if (label.significant || !said) continue;
    lines.push(`  ${mark(label)} ${label.id} [${label.categories.join(",")}] ${label.title} | ${label.why}`);
    for (const change of posted) lines.push(`       ${shown(change)}`);
  }
  lines.push("PLACES NOT FOUND");
  for (const { label, said, posted, placesFound } of results) {
    if (!label.significant || !said || placesFound === (label.lines?.length ?? 0)) continue;
    lines.push(
      `  ${mark(label)} ${label.id} [${label.categories.join(",")}] ${label.title.slice(0, 70)} | wanted ${(label.lines ?? []).map((place) => `${place.path}:${place.line}`).join(" ")}`,
    );
    for (const change of posted) lines.push(`       ${shown(change)}`);
  }
  return lines;
}

function mark(label: Label): string {
  return label.confidence === "high" ? "H" : "m";
}

function shown(change: Change): string {
  return `${change.rule} (${change.confidence}) ${change.path}:${change.line ?? `-${change.baseLine ?? ""}`} ${change.says} :: ${change.evidence.slice(0, 100)}`;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const value = (name: string): string | undefined => {
    const at = process.argv.indexOf(name);
    return at < 0 ? undefined : process.argv[at + 1];
  };
  const corpora = process.env["CORPUS_DIR"] ?? join(fileURLToPath(import.meta.url), "../../../shared/corpus");
  const rules = await readRules();
  const repo = value("--repo");
  const aside = value("--held-out");
  const { text, figures } = await evaluateChanges(
    join(corpora, "changes"),
    (input) => detectChanges({ ...input, ignore: [], modes: {} }, rules),
    {
      misses: process.argv.includes("--misses"),
      rotate: process.argv.includes("--rotate"),
      ...(repo ? { repo } : {}),
      ...(aside ? { heldOut: aside.split(",") } : {}),
    },
  );
  console.log(text);
  console.log(JSON.stringify(figures));
}
