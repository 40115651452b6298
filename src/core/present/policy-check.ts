import type { DesiredCheckRun } from "../domain/desired.ts";
import type { Mode } from "../domain/policy.ts";
import { policyPath } from "../domain/policy.ts";
import type { Problem } from "../domain/problem.ts";
import type { PolicyTrial } from "../domain/snapshot.ts";
import { blocks, cut, entries, limits } from "./blocks.ts";
import { problemLine } from "./check-details.ts";
import { code, link, type Markdown, md, ownWords, plainLine, prose } from "./markdown.ts";
import { count } from "./standing.ts";

/** What a pull request that edits the policy would do. */
export interface PolicyCheckInput {
  /** One sentence for each setting that would change; undefined when the new text could not be read. */
  readonly says: readonly string[] | undefined;
  /** Problems of the policy as it would be, and of the rules beside it. */
  readonly problems: readonly Problem[];
  /** Examples of changed rules that do not hold, one sentence each. */
  readonly failedExamples?: readonly string[];
  /** What it would make of recent pull requests; absent where that was not tried. */
  readonly trial?: PolicyTrial;
  readonly mode: Mode;
  readonly documentation: string;
}

/** The check `threat-model/policy`: what would change after the merge. The pull request itself is judged by the old one. */
export function policyCheckRun(input: PolicyCheckInput): DesiredCheckRun {
  const { says, problems, failedExamples = [], trial, mode, documentation } = input;
  const errors = problems.filter((problem) => problem.severity === "error");
  const bad = errors.length > 0 || failedExamples.length > 0 || says === undefined;
  const sentences = says ?? ["The new text could not be read."];
  const summary = blocks([
    md`This pull request is judged by the policy of the default branch. After the merge:`,
    entries(
      (sentences.length > 0 ? sentences : ["Nothing: the settings stay as they are."]).map((sentence) =>
        prose(sentence),
      ),
      "marks",
    ),
    ...problems.map(problemLine),
    failedExamples.length === 0
      ? undefined
      : entries(
          failedExamples.map((one) => md`Example: ${prose(one)}`),
          "marks",
        ),
    ...(trial ? trialBlocks(trial) : []),
    link(md`All settings`, `${documentation}/policy.md`),
  ]);
  return {
    name: "threat-model/policy",
    conclusion: bad ? (mode === "enforce" ? "failure" : "neutral") : "success",
    title: plainLine(titleOf(input, errors), limits.checkTitle),
    summary: cut(summary, limits.checkText),
    // What is wrong in another repository has no line here.
    annotations: errors
      .filter(({ path }) => !path.includes(":"))
      .map((problem) => ({
        path: problem.path,
        start_line: problem.line ?? 1,
        end_line: problem.line ?? 1,
        annotation_level: "failure",
        title: "Policy",
        message: `${problem.what} ${problem.hint}`,
      })),
  };
}

function titleOf({ says, failedExamples = [], trial }: PolicyCheckInput, errors: readonly Problem[]): string {
  const [first] = errors;
  if (first)
    return `${first.path} could not be used: ${first.line === undefined ? "" : `line ${first.line}, `}see below`;
  if (says === undefined) return `${policyPath} could not be read`;
  if (failedExamples.length > 0) return `${count(failedExamples.length, "example")} of a rule would not hold`;
  const others = trial?.tried.filter(({ before, after }) => before !== after).length ?? 0;
  const tried = trial && others > 0 ? `; ${others} of ${trial.tried.length} recent pull requests judged otherwise` : "";
  return `${count(says.length, "setting")} would change after the merge${tried}`;
}

/** What the changed policy would make of recent pull requests, and what nobody looked at. */
function trialBlocks({ tried, notLooked }: PolicyTrial): readonly (Markdown | undefined)[] {
  const other = tried.filter(({ before, after }) => before !== after);
  const alike = tried.length - other.length;
  const result =
    other.length === 0
      ? md`None would be judged otherwise.`
      : entries(
          other.map(
            ({ reference, before, after, why }) =>
              md`${code(reference)}: ${code(before)} → ${code(after)}, because: ${prose(why, 300)}`,
          ),
          "marks",
        );
  const head = md`**Tried on ${ownWords(count(tried.length, "recent pull request"))}**, each judged as it stands now, by the policy in force and by the changed one:`;
  return [
    ...(tried.length === 0 ? [md`**Tried on no pull request.**`] : [head, result]),
    other.length > 0 && alike > 0
      ? ownWords(alike === 1 ? "One other stays as it is." : `${alike} others stay as they are.`)
      : undefined,
    notLooked.length === 0
      ? undefined
      : blocks([
          md`Not looked at:`,
          entries(
            notLooked.map((one) => prose(one, 300)),
            "marks",
          ),
        ]),
  ];
}
