import { isSubstantive } from "../text/placeholders.ts";

/** What the stated result of a validation says. */
export type Result = "none" | "failed" | "stated";

/** Reads a stated result: words that say that it failed or is still to be done are no proof of anything. */
export function resultOf(result: string | undefined): Result {
  if (result === undefined || !isSubstantive(result, 1)) return "none";
  if (/\b(not (yet|run|done|tested|executed)|pending|planned|scheduled|outstanding|in progress|to do)\b/i.test(result))
    return "none";
  if (/\b(0|no|without) (fail\w*|errors?|findings?)\b/i.test(result)) return "stated";
  return /\b(fail(ed|s|ing|ure|ures)?|broken|not (ok|passed|effective)|unsuccessful)\b/i.test(result)
    ? "failed"
    : "stated";
}
