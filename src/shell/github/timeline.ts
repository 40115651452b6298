import type { IssueClosing } from "../../core/domain/observed.ts";
import type { KnownUpTo, Timeline, TimelineEntry } from "../../core/domain/timeline.ts";

/** What is remembered of a default branch. */
export interface Remembered {
  readonly entries: readonly TimelineEntry[];
  /** The commit up to which nothing is missing; absent until its history has been read. */
  readonly upTo?: KnownUpTo;
  /** Issues that people closed in a tracker beside GitHub, as they were seen last. */
  readonly closings?: readonly IssueClosing[];
}

/**
 * The timeline of a repository on GitHub as far as it is remembered. GitHub vouches for the date of each merge. It is
 * complete when what is remembered goes up to the head of the default branch; until then its history is to be read, and
 * nothing is concluded from an entry that is not there.
 */
export function timelineOf(remembered: Remembered | undefined, head: string | undefined): Timeline {
  const entries = [...(remembered?.entries ?? [])].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const upTo = remembered?.upTo;
  const isComplete = upTo !== undefined && upTo.commit === head;
  return {
    state: isComplete ? "complete" : "reading",
    verifiedByGitHub: true,
    entries,
    ...(upTo === undefined ? {} : { upTo }),
  };
}
