import type { Problem } from "../domain/problem.ts";
import type { ChangeRule, Rules } from "../domain/rules.ts";
import { compileGlobs, type Globs } from "../text/globs.ts";
import { type Candidate, evidenceOf } from "./candidate.ts";
import type { Detector, Sighting } from "./detector.ts";
import { detectors } from "./detectors/index.ts";
import type { FileDifference } from "./file-differences.ts";
import type { InspectedFile } from "./inspected-file.ts";
import { compileStructurePart, type StructureWatch, structureMatcher } from "./match-structure.ts";
import { compileTextPart, type TextPart, textMatcher } from "./match-text.ts";

/** Change rules ready to be matched: expressions and globs compiled once for all pull requests. */
export interface RuleMatcher {
  /** Everything that the rules see, in the order of files and lines, before the change is judged as a whole. */
  match(files: readonly InspectedFile[], differences: readonly FileDifference[]): readonly Candidate[];
  /** Faults of rules: an unknown detector, a pattern that is refused. The other rules still work. */
  readonly problems: readonly Problem[];
}

const compiled = new WeakMap<Rules, RuleMatcher>();

/** The matcher of a rule set; compiled the first time and kept as long as the rule set is. */
export function matcherOf(rules: Rules): RuleMatcher {
  const known = compiled.get(rules);
  if (known) return known;
  const matcher = compileRules(rules.changes);
  compiled.set(rules, matcher);
  return matcher;
}

interface FileWatch {
  readonly rule: ChangeRule;
  readonly paths: Globs;
  readonly notPaths: Globs;
  readonly status: ReadonlySet<string>;
}

interface DetectorWatch {
  readonly rule: ChangeRule;
  readonly detector: Detector;
  readonly what: string;
}

/** Compiles rules. A rule with a fault is left out and told; the rest is kept. */
export function compileRules(rules: readonly ChangeRule[]): RuleMatcher {
  const problems: Problem[] = [];
  const sound: ChangeRule[] = [];
  const texts: TextPart[] = [];
  const structures: StructureWatch[] = [];
  for (const rule of rules) {
    try {
      if (rule.watch.detector !== undefined) requireDetector(rule.id, rule.watch.detector);
      const [text, structure] = [compileTextPart(rule), compileStructurePart(rule)];
      texts.push(text);
      structures.push(...structure);
      sound.push(rule);
    } catch (error) {
      problems.push({
        path: `rules/changes/${rule.id}.yml`,
        severity: "error",
        what: error instanceof Error ? error.message : String(error),
        hint: "Expressions are in RE2 syntax (no look-around, no back-references); a detector is named `<name>.<what>`.",
      });
    }
  }
  const text = textMatcher(texts);
  const structure = structureMatcher(structures);
  const fileWatches = sound.flatMap(({ watch }, index): FileWatch[] => {
    const rule = sound[index];
    if (!rule || !watch.file) return [];
    const { file } = watch;
    return [
      {
        rule,
        paths: compileGlobs(file.paths),
        notPaths: compileGlobs(file.notPaths ?? []),
        status: new Set(file.status),
      },
    ];
  });
  const detectorWatches = sound.flatMap((rule): DetectorWatch[] => {
    const named = detectorOf(rule.watch.detector);
    return named ? [{ rule, ...named }] : [];
  });
  return {
    problems,
    match: (files, differences) => [
      ...differences.flatMap((difference) => structure.match(difference)),
      ...matchDetectors(detectorWatches, files),
      ...files.flatMap((file) => [...text.match(file), ...matchFile(fileWatches, file)]),
    ],
  };
}

function requireDetector(rule: string, name: string): void {
  if (detectorOf(name)) return;
  const known = detectors.flatMap((detector) => detector.sees.map((what) => `${detector.name}.${what}`)).join(", ");
  throw new Error(`The rule \`${rule}\` names the detector \`${name}\`, which does not exist; known are ${known}.`);
}

function detectorOf(name: string | undefined): { detector: Detector; what: string } | undefined {
  const [first, what] = (name ?? "").split(".");
  const detector = detectors.find((one) => one.name === first);
  return detector && what !== undefined && detector.sees.includes(what) ? { detector, what } : undefined;
}

function matchDetectors(watches: readonly DetectorWatch[], files: readonly InspectedFile[]): Candidate[] {
  const found: Candidate[] = [];
  for (const detector of new Set(watches.map((watch) => watch.detector))) {
    for (const sighting of detector.inspect(files)) {
      for (const watch of watches) {
        if (watch.detector === detector && watch.what === sighting.what) found.push(candidateOf(watch.rule, sighting));
      }
    }
  }
  return found;
}

const order = { low: 0, medium: 1, high: 2 } as const;

function candidateOf(rule: ChangeRule, sighting: Sighting): Candidate {
  const { path, line, baseLine, name, attributes = {} } = sighting;
  const values = new Map(Object.entries(attributes).map(([key, value]) => [key, evidenceOf(value)]));
  values.set("name", evidenceOf(name));
  values.set("file", path.slice(path.lastIndexOf("/") + 1));
  if (!values.has("type")) values.set("type", rule.element.type);
  const own = sighting.confidence;
  return {
    rule,
    path,
    ...(line === undefined ? {} : { line }),
    ...(baseLine === undefined ? {} : { baseLine }),
    name: evidenceOf(name),
    values,
    evidence: evidenceOf(sighting.evidence),
    confidence: own !== undefined && order[own] < order[rule.confidence] ? own : rule.confidence,
    facts: [
      ...(sighting.facts ?? []),
      ...rule.facts
        .filter((fact) => fact.when === undefined)
        .map((fact) => ({ fact: fact.fact, is: fact.is, where: { path, ...(line === undefined ? {} : { line }) } })),
    ],
  };
}

/** GitHub also says `copied` and `changed`; rules know them as `added` and `modified`. */
const asRuleStatus: Readonly<Record<string, string>> = { copied: "added", changed: "modified" };

function matchFile(watches: readonly FileWatch[], { file, path, role, added }: InspectedFile): Candidate[] {
  if (role !== "production" && role !== "view") return [];
  const status = asRuleStatus[file.status] ?? file.status;
  const found: Candidate[] = [];
  for (const { rule, paths, notPaths, status: wanted } of watches) {
    if (!wanted.has(status) || !paths.matches(path) || notPaths.matches(path)) continue;
    const first = added[0];
    found.push(
      candidateOf(rule, {
        what: "file",
        path,
        ...(first?.newLine === undefined ? {} : { line: first.newLine }),
        name: path.slice(path.lastIndexOf("/") + 1),
        evidence: first?.text ?? path,
      }),
    );
  }
  return found;
}
