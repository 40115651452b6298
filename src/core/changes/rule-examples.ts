import { structuredPatch } from "diff";
import type { ChangeExample, ChangeRule, Rules } from "../domain/rules.ts";
import type { ChangedFile } from "../domain/snapshot.ts";
import { detectChanges } from "./detect.ts";

/** How one example of a rule came out. */
export interface ExampleResult {
  readonly example: ChangeExample;
  readonly expected: "fires" | "silent";
  readonly passed: boolean;
  /** What the rule said instead of what was expected; empty when it passed. */
  readonly instead: string;
}

/**
 * Runs the examples of a change rule against the rule alone. Also for rules of an organisation: `threatgate rules test`
 * says the same as our own tests. A rule with a fault fails all its examples.
 */
export function runExamples(rule: ChangeRule): readonly ExampleResult[] {
  const rules: Rules = { version: "examples", changes: [rule], threats: [], facts: [], deliverables: [] };
  const run = (example: ChangeExample, expected: "fires" | "silent"): ExampleResult => {
    const detection = detectChanges({ ...filesOf(example), notRead: [], ignore: [], modes: {} }, rules);
    const fault = detection.problems.find((problem) => problem.severity === "error");
    const said = detection.changes.filter((change) => change.rule === rule.id);
    const unread = detection.notInspected.map(({ reason }) => reason).join("; ");
    let instead = "";
    if (fault) instead = fault.what;
    else if (expected === "silent" && said.length > 0) instead = `said “${said[0]?.says}” about “${said[0]?.evidence}”`;
    // A rule is silent about anything that cannot be read: that shows nothing.
    else if (expected === "silent" && /could not be (?:read|parsed)/.test(unread)) instead = `was not read (${unread})`;
    else if (expected === "fires" && said.length === 0) {
      instead = unread === "" ? "said nothing" : `said nothing (${unread})`;
    } else if (expected === "fires" && example.line !== undefined && !said.some(({ line }) => line === example.line)) {
      instead = `pointed to line ${said.map(({ line }) => line ?? "none").join(", ")} instead of ${example.line}`;
    }
    return { example, expected, passed: instead === "", instead };
  };
  return [
    ...rule.examples.fires.map((example) => run(example, "fires")),
    ...rule.examples.silent.map((example) => run(example, "silent")),
  ];
}

/** An example as the change of one file, in the shape of GitHub's list. */
export function filesOf(example: ChangeExample): {
  readonly files: readonly ChangedFile[];
  readonly headTexts: readonly { path: string; text: string }[];
  readonly baseTexts: readonly { path: string; text: string }[];
} {
  const { path, before, after } = example;
  const byTexts = before !== undefined || after !== undefined;
  const patch = (byTexts ? patchBetween(before ?? "", after ?? "") : (example.patch ?? "")).replace(/\n$/, "");
  const status = example.status ?? statusOf(example, patch);
  const lines = patch.split("\n");
  const additions = lines.filter((line) => line.startsWith("+")).length;
  const deletions = lines.filter((line) => line.startsWith("-")).length;
  const file: ChangedFile = {
    filename: path,
    status,
    additions,
    deletions,
    changes: additions + deletions,
    ...(example.previousPath === undefined ? {} : { previous_filename: example.previousPath }),
    ...(patch.startsWith("@@") && additions + deletions > 0 ? { patch } : {}),
  };
  return {
    files: [file],
    headTexts: after === undefined ? [] : [{ path, text: after }],
    baseTexts: before === undefined ? [] : [{ path: example.previousPath ?? path, text: before }],
  };
}

function statusOf({ before, after, previousPath }: ChangeExample, patch: string): ChangedFile["status"] {
  if (previousPath !== undefined) return "renamed";
  if (before !== undefined || after !== undefined) {
    return before === undefined ? "added" : after === undefined ? "removed" : "modified";
  }
  if (patch.startsWith("@@ -0,0 ")) return "added";
  return /^@@ -\d+(,\d+)? \+0,0 @@/.test(patch) ? "removed" : "modified";
}

/** The unified diff of two texts from its first hunk on, with three lines of context. */
function patchBetween(before: string, after: string): string {
  const { hunks } = structuredPatch("a", "b", before, after, "", "", { context: 3 });
  return hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) => {
      const from = oldLines === 0 ? oldStart - 1 : oldStart;
      const to = newLines === 0 ? newStart - 1 : newStart;
      return [`@@ -${Math.max(0, from)},${oldLines} +${Math.max(0, to)},${newLines} @@`, ...lines].join("\n");
    })
    .join("\n");
}
