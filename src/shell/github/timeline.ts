import type { Timeline, TimelineEntry } from "../../core/domain/snapshot.ts";

/** What is remembered of a default branch, and whether its history before that has been read. */
export interface Remembered {
  readonly entries: readonly TimelineEntry[];
  /** True once everything since the last substantive update of the model is known. */
  readonly complete: boolean;
}

/**
 * The timeline of a repository on GitHub. Every entry was remembered from a merge that GitHub reported, so GitHub vouches
 * for its date. Until the history before the installation has been read the state is `reading`, and nothing is concluded
 * from an entry that is not there.
 */
export function timelineOf(remembered: Remembered | undefined): Timeline {
  const entries = [...(remembered?.entries ?? [])].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return { state: remembered?.complete ? "complete" : "reading", verifiedByGitHub: true, entries };
}
