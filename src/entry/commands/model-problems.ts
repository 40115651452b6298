import { type Problem, showPlace } from "../../core/domain/problem.ts";
import { plainTerminal } from "../../core/judge.ts";
import { WrongUse } from "../wrong-use.ts";

/** A file was named as a model and holds none that can be read: wrong use, with the first reason. */
export function noModel(file: string, [problem]: readonly Problem[]): WrongUse {
  return new WrongUse(
    `${file} is not a threat model that can be read. ${problem?.what ?? ""} ${problem?.hint ?? ""}`.trim(),
  );
}

/** Says on standard error what of a model could not be read, a line each: whatever is made of it is made without that. */
export function tellProblems(problems: readonly Problem[]): void {
  for (const problem of problems)
    process.stderr.write(`${plainTerminal(`${showPlace(problem)}: ${problem.what} ${problem.hint}`)}\n`);
}
