import type { Timeline } from "../core/domain/timeline.ts";
import { timelineOfMerge, withoutKnown } from "../core/timeline.ts";
import type { WakeUp } from "../shell/event.ts";
import type { Remembered } from "../shell/github/timeline.ts";
import type { World } from "../shell/ports.ts";
import { look, type Outcome } from "../shell/run.ts";
import type { Database } from "../shell/store/database.ts";
import { closingsOf } from "../shell/store/other-tracker.ts";
import { historyOf, rememberAsking, rememberHistory, timelineOf } from "../shell/store/timeline.ts";

/** What is remembered of a repository's default branch; nothing where GitHub did not name its id. */
export async function remembered(database: Database, repositoryId: number | undefined): Promise<Remembered> {
  if (repositoryId === undefined) return { entries: [] };
  const upTo = await historyOf(database.kysely, repositoryId);
  const closings = await closingsOf(database.kysely, repositoryId);
  return {
    entries: await timelineOf(database.kysely, repositoryId),
    ...(upTo ? { upTo } : {}),
    ...(closings && closings.length > 0 ? { closings } : {}),
  };
}

type Learnt = Pick<Outcome, "snapshot" | "timeline"> & { readonly assessment?: Outcome["assessment"] };

/**
 * Remembers what an evaluation learnt of the default branch: what its own merge left, which was judged with everything
 * at hand, and what was read of the history before.
 */
export async function rememberLearnt(database: Database, { assessment, snapshot, timeline }: Learnt): Promise<void> {
  const repositoryId = snapshot.repository.id;
  if (repositoryId === undefined) return;
  const own = assessment ? timelineOfMerge(assessment, snapshot) : [];
  const read =
    snapshot.history === undefined
      ? []
      : withoutKnown(timeline.entries, [...snapshot.timeline.entries, ...own]).filter((entry) => !isAsked(entry));
  const upTo = snapshot.history === undefined ? undefined : timeline.upTo;
  await rememberAsking(database.kysely, repositoryId, snapshot.evidence === undefined ? [] : timeline.entries);
  if (own.length === 0 && upTo === undefined) return;
  await rememberHistory(database.kysely, repositoryId, [...own, ...read], upTo, timeline.rewritten);
}

/** What others ask, which is remembered by itself: it may be settled later. */
function isAsked({ kind }: Timeline["entries"][number]): boolean {
  return kind === "incident" || kind === "intelligence";
}

/** Why a pull request is judged again once the history was read that its verdict waited for. */
export const historyWasRead = "history.read";

/**
 * Whether a verdict waits for more of the history than could be read while somebody waited. Not right after that was
 * read in the background: whatever is missing then is not asked for in a circle, but by the next event.
 */
export function waitsForHistory({ snapshot, timeline }: Learnt, { why, subject }: WakeUp): boolean {
  if (why === historyWasRead || subject.repositoryId === undefined) return false;
  return snapshot.history !== undefined && timeline.state === "reading";
}

/**
 * Reads one more part of the history that a pull request's verdict waits for, and remembers it. `more`: another part is
 * left; `done`: it is all there, or nothing waits for it any more. Nobody else reads this repository's history meanwhile.
 */
export async function readOn(
  database: Database,
  { subject }: WakeUp,
  worldFor: () => Promise<World>,
): Promise<"more" | "done"> {
  return database.alone(`history of ${subject.owner}/${subject.repository}`, async () => {
    const world = await worldFor();
    const snapshot = await look(subject, world);
    if (snapshot.history === undefined) return "done";
    const { timeline } = await world.judging.judge(snapshot, world.context);
    await rememberLearnt(database, { snapshot, timeline });
    return hasMore(timeline) ? "more" : "done";
  });
}

function hasMore({ state, remaining }: Timeline): boolean {
  return state === "reading" && remaining !== undefined && remaining > 0;
}
