// Which threats the library derives from models that other people drew, held against what a security engineer expects of
// them (test/expected/corpus-threats.yml). The models are named by path and checksum, never copied.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import type { Rules } from "../src/core/domain/rules.ts";
import { readOne } from "../src/core/readers/read-model.ts";
import { elicitModel, threatsOutput } from "../src/core/threats/elicit.ts";
import type { ThreatsOutput } from "../src/core/threats/threats-output.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const expectedFile = join(root, "test", "expected", "corpus-threats.yml");
const topicsFile = join(root, "test", "expected", "topics.yml");

/** One thing expected of one element; see the head of test/expected/corpus-threats.yml. */
const expectation = z.strictObject({
  on: z.string(),
  about: z.string(),
  why: z.string(),
  asks: z.array(z.string()).optional(),
});
const silence = z.strictObject({ on: z.string(), about: z.string().optional(), why: z.string() });

/** What is expected of one model, whoever holds its text. */
export const expectedOfModel = z.strictObject({ expect: z.array(expectation), silent: z.array(silence) });
export type ExpectedOfModel = z.infer<typeof expectedOfModel>;

/** Topics that expectations speak of: each is a set of CWE ids. */
const topicsSchema = z.record(z.string(), z.array(z.string().regex(/^CWE-\d+$/)).min(1));
export type Topics = z.infer<typeof topicsSchema>;

const expectedSchema = z.strictObject({
  models: z.array(expectedOfModel.extend({ file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});

/** The topics that every expectation of ours speaks of. */
export async function readTopics(): Promise<Topics> {
  return topicsSchema.parse(parse(await readFile(topicsFile, "utf8")));
}

/** How one model's threats fared. `listed` and `asked` are the ways in which an expectation may be met. */
export interface ThreatVerdict {
  readonly listed: number;
  readonly asked: number;
  readonly missed: readonly string[];
  readonly kept: number;
  readonly broken: readonly string[];
}

/**
 * Holds the threats of one model against what is expected of it.
 * @throws Error when an expectation names a topic that is not defined.
 */
export function judgeThreats(expected: ExpectedOfModel, output: ThreatsOutput, topics: Topics): ThreatVerdict {
  const weaknesses = (topic: string): readonly string[] => {
    const found = topics[topic];
    if (!found) throw new Error(`The topic "${topic}" is not defined.`);
    return found;
  };
  const listed = (on: string, topic: string | undefined): readonly string[] =>
    output.threats
      .filter((threat) => threat.element === on || threat.elementName === on)
      .filter((threat) => threat.status === "open" || threat.status === "unknown")
      .filter((threat) => topic === undefined || threat.cwe.some((one) => weaknesses(topic).includes(one)))
      .map((threat) => threat.rule);
  const elements = new Map(output.threats.map((threat) => [threat.elementName, threat.element]));
  const asked = (on: string, facts: readonly string[]): boolean =>
    output.questions
      .filter((question) => [on, elements.get(on)].includes(question.element) || question.asks.startsWith(`${on}: `))
      .some((question) => question.facts.some((fact) => facts.includes(fact)));
  const missed: string[] = [];
  const broken: string[] = [];
  let met = 0;
  let questioned = 0;
  for (const { on, about, why, asks } of expected.expect) {
    if (listed(on, about).length > 0) met += 1;
    else if (asks && asked(on, asks)) questioned += 1;
    else missed.push(`${on}: ${about} (${why})`);
  }
  for (const { on, about, why } of expected.silent) {
    const rules = listed(on, about);
    if (rules.length > 0) broken.push(`${on}: ${rules.join(", ")} (${why})`);
  }
  return { listed: met, asked: questioned, missed, kept: expected.silent.length - broken.length, broken };
}

/** Agreement over all models. Shares are from 0 to 1. */
export interface ThreatFigures {
  readonly models: number;
  readonly expected: number;
  /** Share of expected threats that are listed or asked about. */
  readonly recall: number;
  /** Share of expected threats that are listed, whether or not a question would also do. */
  readonly listed: number;
  readonly silences: number;
  /** Share of expected silences that are kept. */
  readonly silent: number;
  /** Of the judged threats that are there, the share that should be: met expectations against broken silences. */
  readonly precision: number;
  /** Open or unknown threats for each element, flow or boundary of the models. */
  readonly perElement: number;
}

/**
 * Compares the threats of the expected models below `<corpusDir>/models`. `figures` is absent when the corpus is not
 * there; the text then says so. A model whose checksum differs is named and not judged.
 */
export async function evaluateThreats(
  corpusDir: string,
  rules: Rules,
  options: { readonly misses: boolean },
): Promise<{ readonly text: string; readonly figures?: ThreatFigures }> {
  const { models } = expectedSchema.parse(parse(await readFile(expectedFile, "utf8")));
  const topics = await readTopics();
  const lines: string[] = [];
  const verdicts: ThreatVerdict[] = [];
  let elements = 0;
  let threats = 0;
  for (const expected of models) {
    const bytes = await readFile(join(corpusDir, "models", expected.file)).catch(() => undefined);
    if (bytes === undefined) continue;
    if (createHash("sha256").update(bytes).digest("hex") !== expected.sha256) {
      lines.push(`Threats: not judged, ${expected.file} is not the file that was read (its checksum differs).`);
      continue;
    }
    const { model } = readOne({ path: expected.file, text: bytes.toString("utf8") });
    if (!model) {
      lines.push(`Threats: not judged, ${expected.file} is not read as a model.`);
      continue;
    }
    const output = threatsOutput(expected.file, elicitModel(model, rules));
    const verdict = judgeThreats(expected, output, topics);
    verdicts.push(verdict);
    elements += model.elements.length + model.flows.length + model.boundaries.length;
    threats += output.threats.filter(({ status }) => status === "open" || status === "unknown").length;
    if (!options.misses) continue;
    for (const miss of verdict.missed) lines.push(`  missed  ${expected.file}: ${miss}`);
    for (const noise of verdict.broken) lines.push(`  broken  ${expected.file}: ${noise}`);
  }
  if (verdicts.length === 0) {
    lines.push(`Threats: not measured, no models in ${corpusDir} (set CORPUS_DIR to the folder of the corpora).`);
    return { text: lines.join("\n") };
  }
  const figures = figuresOf(verdicts, threats / elements);
  const share = (value: number): string => `${(value * 100).toFixed(1)} %`;
  lines.push(
    `Threats: ${figures.models} models. Of ${figures.expected} expected threats ${share(figures.recall)} are listed or asked about` +
      ` (${share(figures.listed)} listed); of ${figures.silences} expected silences ${share(figures.silent)} are kept;` +
      ` precision ${share(figures.precision)}; ${figures.perElement.toFixed(1)} threats for each element or flow.`,
  );
  return { text: lines.join("\n"), figures };
}

function figuresOf(verdicts: readonly ThreatVerdict[], perElement: number): ThreatFigures {
  const sum = (of: (verdict: ThreatVerdict) => number): number => verdicts.reduce((total, one) => total + of(one), 0);
  const met = sum((one) => one.listed + one.asked);
  const expected = met + sum((one) => one.missed.length);
  const broken = sum((one) => one.broken.length);
  const silences = sum((one) => one.kept) + broken;
  return {
    models: verdicts.length,
    expected,
    recall: met / expected,
    listed: sum((one) => one.listed) / expected,
    silences,
    silent: (silences - broken) / silences,
    precision: met / (met + broken),
    perElement,
  };
}
