import type { HistoryWanted, Snapshot } from "../../core/domain/snapshot.ts";
import type { GitHubClient } from "./client.ts";
import { type HistoryLimits, readHistory, whileEvaluating, withTexts } from "./history.ts";
import type { StepChanges } from "./history-files.ts";
import type { Remembered } from "./timeline.ts";

/** From where to where a history is read, and how much of it at once. */
export interface HistoryGround {
  /** The head of the default branch, as the first look showed it; undefined where there is no such branch. */
  readonly head: string | undefined;
  /** What steps changed that were read before. */
  readonly changes: StepChanges;
  readonly remembered?: Remembered;
  readonly history?: HistoryLimits;
}

/** The same snapshot with the history of the default branch since what is remembered of it. */
export async function withHistory(
  client: GitHubClient,
  snapshot: Snapshot,
  wanted: HistoryWanted,
  { head, changes, remembered, history: limits = whileEvaluating }: HistoryGround,
): Promise<Snapshot> {
  const { owner, name, defaultBranch } = snapshot.repository;
  if (wanted.texts && snapshot.history) {
    const history = await withTexts(client, { owner, name }, snapshot.history, wanted.texts);
    return { ...snapshot, history };
  }
  // A repository without a default branch: nothing ever reached it.
  if (head === undefined) return { ...snapshot, history: [], timeline: { ...snapshot.timeline, state: "complete" } };
  const known = remembered?.upTo;
  const question = { wanted, head, now: snapshot.now, limits, changes, ...(known ? { known } : {}) };
  const reading = await readHistory(client, { owner, name, defaultBranch }, question);
  const { entries } = snapshot.timeline;
  const isOfPullRequest = ({ reference }: { readonly reference: string }) => reference.startsWith("#");
  return {
    ...snapshot,
    history: reading.steps,
    historyReach: reading.reach,
    timeline: {
      state: reading.state,
      verifiedByGitHub: true,
      entries: reading.rewritten ? entries.filter(isOfPullRequest) : entries,
      ...(reading.rewritten ? { rewritten: true } : {}),
      ...(reading.upTo === undefined ? {} : { upTo: reading.upTo }),
      ...(reading.remaining === undefined ? {} : { remaining: reading.remaining }),
    },
  };
}
