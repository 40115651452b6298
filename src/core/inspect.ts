import { judgeDeliverables, missingDeliverables } from "./assess/deliverables.ts";
import { changesOutput } from "./changes/changes-output.ts";
import { type Detection, detectChanges } from "./changes/detect.ts";
import { runExamples } from "./changes/rule-examples.ts";
import { type Problem, showPlace } from "./domain/problem.ts";
import type { Rules } from "./domain/rules.ts";
import type { ChangedFile, FileText, PolicyTexts } from "./domain/snapshot.ts";
import { readOwnRules } from "./own-rules.ts";
import { effectivePolicy, type PolicySubject } from "./policy.ts";
import * as config from "./present/config-output.ts";
import { modelOutput, readOne } from "./readers/read-model.ts";
import { suggestionFor } from "./text/suggestion.ts";
import { runThreatExamples } from "./threats/rule-examples.ts";

export { textsNeeded } from "./changes/texts.ts";

/*
 * Single steps of judging, for the commands that show one step alone. `judge.ts` joins the same rooms for a pull request.
 */

/** A difference given as data: GitHub's file list and the whole texts that are known. */
export interface GivenDifference {
  readonly files: readonly ChangedFile[];
  readonly headTexts: readonly FileText[];
  readonly baseTexts: readonly FileText[];
}

/** Detection alone, with every rule in its own mode. */
export function detectIn(difference: GivenDifference, rules: Rules): Detection {
  return detectChanges({ ...difference, ignore: [], modes: {} }, rules);
}

/** One line of `threatgate changes`. */
export function inspectChanges(id: string, difference: GivenDifference, rules: Rules): object {
  return changesOutput(id, detectIn(difference, rules));
}

/** One line of `threatgate model`: the file alone, whatever stands beside it. `paths` resolve its links; none: they are not known. */
export function inspectModel(file: FileText, rules: Rules, paths: readonly string[] = []): object {
  const read = readOne(file);
  const deliverables =
    read.model === undefined
      ? missingDeliverables(rules.deliverables)
      : judgeDeliverables(read.model, rules.deliverables, { paths });
  return modelOutput(file.path, read, deliverables);
}

/** Whether a policy depends on custom properties of the repository. */
export function asksProperties(texts: PolicyTexts, repository: PolicySubject): boolean {
  return effectivePolicy(texts, repository).asksProperties;
}

/** The JSON of `threatgate config`. */
export function configOutput(texts: PolicyTexts, repository: PolicySubject): config.ConfigOutput {
  return config.configOutput(effectivePolicy(texts, repository));
}

/**
 * Ids under `rules` that no rule which ships has, as warnings: a mistyped one sets nothing, in silence. Ids of own rules are
 * not judged, because their files are not known here.
 */
export function unknownRuleIds(texts: PolicyTexts, repository: PolicySubject, { changes, threats }: Rules): Problem[] {
  const known = [...changes, ...threats].map(({ id }) => id);
  return Object.entries(effectivePolicy(texts, repository).policy.origins).flatMap(([key, { place }]) => {
    const id = key.startsWith("rules.") ? key.slice("rules.".length) : undefined;
    if (id === undefined || place === undefined || /^(?:org|repo)-/.test(id) || known.includes(id)) return [];
    const near = suggestionFor(id, known);
    const hint = near
      ? `Did you mean \`${near}\`?`
      : "`threatgate rules list` shows all. Ids of own rules begin with `org-` or `repo-`.";
    return [
      { ...place, severity: "warning", what: `No rule that ships is called \`${id}\`.`, hint },
    ] satisfies Problem[];
  });
}

/** The text of `threatgate config`. */
export function configText(texts: PolicyTexts, repository: PolicySubject): string {
  return config.configText(effectivePolicy(texts, repository));
}

/** Reads a folder of own rules as a verdict would, and runs their examples; one sentence for each fault. */
export function testOwnRules(files: readonly FileText[], shipped: Rules): { count: number; failures: string[] } {
  const { rules, problems } = readOwnRules(files, shipped);
  const told = problems.map(
    (one) => `${showPlace(one)}: ${one.what} ${one.hint}${one.example === undefined ? "" : ` Example: ${one.example}`}`,
  );
  const own = rules.own;
  const classifications = rules.classification === shipped.classification ? 0 : 1;
  if (!own) return { count: classifications, failures: told };
  return {
    count: own.changes.length + own.threats.length + classifications,
    failures: [...told, ...testRules(own)],
  };
}

/** Runs the examples that rules carry; one sentence for each that does not hold. */
export function testRules(rules: Rules): string[] {
  const changes = rules.changes.flatMap((rule) =>
    runExamples(rule)
      .filter(({ passed }) => !passed)
      .map(({ example, expected, instead }) => `${rule.id}: expected ${expected} (${example.why}): ${instead}`),
  );
  const threats = rules.threats.flatMap((rule) =>
    runThreatExamples(rule, rules)
      .filter(({ passed }) => !passed)
      .map(({ example, expected, outcome }) => `${rule.id}: expected ${expected} (${example.why}): ${outcome}`),
  );
  return [...changes, ...threats];
}
