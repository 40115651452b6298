// How well the model readers and the deliverable checks agree with models that other people wrote and somebody labelled.
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { judgeDeliverables, missingDeliverables } from "../src/core/assess/deliverables.ts";
import { type DeliverableRule, deliverableRuleSchema } from "../src/core/domain/rules.ts";
import { type DeliverableId, deliverableIds } from "../src/core/domain/threat-model.ts";
import { readOne } from "../src/core/readers/read-model.ts";
import { barsOf, type SplitFigures } from "./eval-model-bars.ts";
import {
  type CountKind,
  countKinds,
  countsFrom,
  type Label,
  labelSchema,
  near,
  type Outcome,
  percent,
  share,
  stateOf,
} from "./labelled-models.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Agreement over all files: the figures that the bars are set on. Shares are from 0 to 1. */
export interface ModelFigures {
  readonly files: number;
  readonly crashes: number;
  readonly format: number;
  readonly deliverables: number;
  readonly deliverable: Readonly<Record<DeliverableId, number>>;
  /** Share of labelled counts that are equal or within 10 percent. */
  readonly counts: number;
  readonly count: Readonly<Record<CountKind, number>>;
  /** The two parts on which the bars of the issue are set. */
  readonly structured: SplitFigures;
  readonly markdown: SplitFigures;
}

/**
 * Compares every labelled file below `<corpusDir>/models` with its label. `figures` is absent when the corpus is not
 * there; the text then says so. Throws only when the labels or our own rules cannot be read.
 */
export async function evaluateModels(
  corpusDir: string,
): Promise<{ readonly text: string; readonly figures?: ModelFigures }> {
  const folder = join(corpusDir, "models");
  const labelsText = await readFile(join(folder, "labels.json"), "utf8").catch(() => undefined);
  if (labelsText === undefined) {
    return {
      text: `Models: not measured, no labelled models in ${folder} (set CORPUS_DIR to the folder of the corpora).`,
    };
  }
  const labels = z.array(labelSchema).parse(JSON.parse(labelsText));
  const rules = await deliverableRules();
  const outcomes: Outcome[] = [];
  for (const label of labels) outcomes.push(await outcomeOf(label, folder, rules));
  const totals = figuresOf(outcomes);
  const { lines, ...bars } = barsOf(outcomes);
  const figures = { ...totals, ...bars };
  return { text: [report(outcomes, totals), "", ...lines].join("\n"), figures };
}

async function deliverableRules(): Promise<DeliverableRule[]> {
  const folder = join(root, "rules", "deliverables");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yml")).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts.map((text) => deliverableRuleSchema.parse(parse(text)));
}

async function outcomeOf(label: Label, folder: string, rules: readonly DeliverableRule[]): Promise<Outcome> {
  const text = (await readFile(join(folder, label.file))).toString("utf8");
  try {
    const read = readOne({ path: label.file, text });
    const deliverables =
      read.model === undefined ? missingDeliverables(rules) : judgeDeliverables(read.model, rules, { paths: [] });
    return { label, read, deliverables };
  } catch (fault) {
    return { label, crash: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) };
  }
}

type Totals = Omit<ModelFigures, "structured" | "markdown">;

function figuresOf(outcomes: readonly Outcome[]): Totals {
  const deliverable = Object.fromEntries(
    deliverableIds.map((id) => {
      const right = outcomes.filter((outcome) => stateOf(outcome, id) === outcome.label.deliverables[id]).length;
      return [id, share(right, outcomes.length)];
    }),
  ) as Record<DeliverableId, number>;
  let rightCounts = 0;
  let allCounts = 0;
  const counted = Object.fromEntries(
    countKinds.map((kind) => {
      const labelled = outcomes.filter(({ label }) => label[kind] !== null);
      const right = labelled.filter(({ label, read }) => near(countsFrom(read)?.[kind], label[kind] ?? 0)).length;
      rightCounts += right;
      allCounts += labelled.length;
      return [kind, share(right, labelled.length)];
    }),
  ) as Record<CountKind, number>;
  const states = outcomes.length * deliverableIds.length;
  const rightStates = deliverableIds.reduce((sum, id) => sum + deliverable[id] * outcomes.length, 0);
  return {
    files: outcomes.length,
    crashes: outcomes.filter(({ crash }) => crash !== undefined).length,
    format: share(outcomes.filter(({ label, read }) => read?.format === label.format).length, outcomes.length),
    deliverables: share(Math.round(rightStates), states),
    deliverable,
    counts: share(rightCounts, allCounts),
    count: counted,
  };
}

const states = ["present", "partial", "absent"] as const;

function report(outcomes: readonly Outcome[], figures: Totals): string {
  const repositories = new Set(outcomes.map(({ label }) => label.repo)).size;
  const lines = [
    `Models: ${figures.files} files of ${repositories} repositories, ${figures.crashes} crashes, format ${percent(figures.format)}, deliverables ${percent(figures.deliverables)}, counts ${percent(figures.counts)}.`,
    "",
    "deliverable     agrees   present as P/p/-   partial as P/p/-   absent as P/p/-",
  ];
  for (const id of deliverableIds) {
    const row = states.map((labelled) => {
      const of = outcomes.filter(({ label }) => label.deliverables[id] === labelled);
      return states.map((ours) => of.filter((outcome) => stateOf(outcome, id) === ours).length).join("/");
    });
    lines.push(
      `${id.padEnd(15)} ${percent(figures.deliverable[id]).padStart(6)}   ${row.map((cell) => cell.padEnd(19)).join("")}`.trimEnd(),
    );
  }
  lines.push("", "count                     agrees (equal, or within 10 percent)");
  for (const kind of countKinds) lines.push(`${kind.padEnd(25)} ${percent(figures.count[kind]).padStart(6)}`);
  lines.push("", "format              files  format  deliverables");
  for (const format of [...new Set(outcomes.map(({ label }) => label.format))].sort()) {
    const of = outcomes.filter(({ label }) => label.format === format);
    const part = figuresOf(of);
    lines.push(
      `${format.padEnd(18)} ${String(of.length).padStart(6)}  ${percent(part.format).padStart(6)}  ${percent(part.deliverables).padStart(6)}`,
    );
  }
  for (const { label, crash } of outcomes)
    if (crash !== undefined) lines.push(`crash: ${label.file}: ${crash.split("\n")[0] ?? ""}`);
  return lines.join("\n");
}

/** The files whose states or counts differ from their label, one line each: for whoever works on the readers. */
export async function differences(corpusDir: string): Promise<readonly string[]> {
  const folder = join(corpusDir, "models");
  const labels = z.array(labelSchema).parse(JSON.parse(await readFile(join(folder, "labels.json"), "utf8")));
  const rules = await deliverableRules();
  const lines: string[] = [];
  for (const label of labels) {
    const outcome = await outcomeOf(label, folder, rules);
    const wrong = deliverableIds
      .filter((id) => stateOf(outcome, id) !== label.deliverables[id])
      .map((id) => `${id} ${stateOf(outcome, id)} (label ${label.deliverables[id]})`);
    const counts = countsFrom(outcome.read);
    for (const kind of countKinds) {
      const labelled = label[kind];
      if (labelled !== null && !near(counts?.[kind], labelled))
        wrong.push(`${kind} ${counts?.[kind] ?? "null"} (label ${labelled})`);
    }
    if (outcome.read?.format !== label.format) wrong.push(`format ${outcome.read?.format ?? "none"}`);
    if (outcome.crash !== undefined) wrong.push(`crash ${outcome.crash}`);
    if (wrong.length > 0) lines.push(`${label.file}: ${wrong.join(", ")}`);
  }
  return lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const corpusDir = process.env.CORPUS_DIR ?? join(root, "..", "shared", "corpus");
  console.log((await evaluateModels(corpusDir)).text);
  if (process.argv.includes("--differences")) console.log(["", ...(await differences(corpusDir))].join("\n"));
}
