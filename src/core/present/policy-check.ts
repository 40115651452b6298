import type { DesiredCheckRun } from "../domain/desired.ts";
import type { Mode } from "../domain/policy.ts";
import { policyPath } from "../domain/policy.ts";
import { type Problem, showPlace } from "../domain/problem.ts";
import { blocks, cut, entries, limits } from "./blocks.ts";
import { code, link, md, plainLine, prose } from "./markdown.ts";

/** What a pull request that edits the policy would do. */
export interface PolicyCheckInput {
  /** One sentence for each setting that would change; undefined when the new text could not be read. */
  readonly says: readonly string[] | undefined;
  /** Problems of the policy as it would be. */
  readonly problems: readonly Problem[];
  readonly mode: Mode;
  readonly documentation: string;
}

/** The check `threat-model/policy`: what would change after the merge. The pull request itself is judged by the old one. */
export function policyCheckRun({ says, problems, mode, documentation }: PolicyCheckInput): DesiredCheckRun {
  const errors = problems.filter((problem) => problem.severity === "error");
  const bad = errors.length > 0 || says === undefined;
  const [first] = errors;
  const title = first
    ? `${policyPath} could not be used: ${first.line === undefined ? "" : `line ${first.line}, `}see below`
    : says === undefined
      ? `${policyPath} could not be read`
      : `${says.length} setting${says.length === 1 ? "" : "s"} would change after the merge`;
  const sentences = says ?? ["The new text could not be read."];
  const summary = blocks([
    md`This pull request is judged by the policy of the default branch. After the merge:`,
    entries(
      (sentences.length > 0 ? sentences : ["Nothing: the settings stay as they are."]).map((sentence) =>
        prose(sentence),
      ),
      "marks",
    ),
    ...errors.map((problem) => md`${code(showPlace(problem))}: ${prose(problem.what)} ${prose(problem.hint)}`),
    link(md`All settings`, `${documentation}/policy.md`),
  ]);
  return {
    name: "threat-model/policy",
    conclusion: bad ? (mode === "enforce" ? "failure" : "neutral") : "success",
    title: plainLine(title, limits.checkTitle),
    summary: cut(summary, limits.checkText),
    annotations: errors.map((problem) => ({
      path: policyPath,
      start_line: problem.line ?? 1,
      end_line: problem.line ?? 1,
      annotation_level: "failure",
      title: "Policy",
      message: `${problem.what} ${problem.hint}`,
    })),
  };
}
