import type { DesiredCheckRun } from "../domain/desired.ts";
import type { JudgeContext } from "../domain/judge-context.ts";
import { blocks, cut, limits } from "./blocks.ts";
import { code, md, text } from "./markdown.ts";

/**
 * The check when nothing could be read, so that not even the policy is known. It fails, because a required check that
 * passes unexamined would open the gate.
 */
export function unevaluatedCheck(why: string, context: JudgeContext): DesiredCheckRun {
  return {
    name: "threat-model",
    conclusion: "failure",
    title: "Could not evaluate",
    summary: cut(
      blocks([
        md`**Nothing was judged.** ${text(why)}`,
        md`Run the check again (“Re-run”). If it stays, tell an administrator the request id ${code(context.requestId)}.`,
      ]),
      limits.checkText,
    ),
    annotations: [],
  };
}
