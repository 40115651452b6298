import type { Assessment } from "./assessment.ts";
import type { Desired } from "./desired.ts";
import type { MergedStanding } from "./standing.ts";
import type { Timeline } from "./timeline.ts";

/** What judging comes to: everything concluded, and everything that GitHub should show because of it. */
export interface Judgement {
  readonly assessment: Assessment;
  /** What is known of the default branch's history, and how far. */
  readonly timeline: Timeline;
  readonly desired: Desired;
  /** How systems stand now, of a pull request that was merged to the default branch. */
  readonly merged?: MergedStanding;
}
