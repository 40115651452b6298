import type { UnderEnforce } from "./domain/assessment.ts";
import type { Trial } from "./domain/standing.ts";
import { cut } from "./kept-text.ts";

/** Most sentences that are kept of why a pull request would have been stopped. */
const mostReasons = 5;

/** What is kept of what `enforce` would have done to a pull request. */
export function trialOf({ conclusion, reasons, comments, issues }: UnderEnforce): Trial {
  const isStopped = conclusion === "failure" || conclusion === "action_required";
  const stops = reasons.filter(({ outcome }) => outcome !== "success" && outcome !== "neutral");
  const because = isStopped ? stops.slice(0, mostReasons).map(({ says }) => cut(says)) : [];
  return { conclusion, because, comments, issues };
}
