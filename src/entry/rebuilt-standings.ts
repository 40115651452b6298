import type { Logger } from "pino";
import { standingOf } from "../core/standing.ts";
import { Forbidden, Gone, TryAgainLater } from "../shell/failures.ts";
import type { GitHubApp } from "../shell/github/app.ts";
import { reserveForPeople } from "../shell/github/budget.ts";
import { lastMergeOf } from "../shell/github/last-merge.ts";
import type { Database } from "../shell/store/database.ts";
import { keepRebuilt, markRebuilt, type UnknownRepository, unknownStandings } from "../shell/store/rebuilding.ts";
import type { Evaluator } from "./evaluator.ts";
import { rememberLearnt } from "./history.ts";

/*
 * How systems stand is kept after each merge. After an installation, an upgrade or the loss of the database it is not known
 * until the next one: so the last merge is judged again, a few repositories in each sweep, and nothing is written on GitHub.
 */

/** What rebuilding needs of the service. */
export interface RebuildingGround {
  readonly log: Logger;
  readonly database: Database;
  readonly app: Pick<GitHubApp, "forRepository" | "secondsUntil">;
  readonly judged: Evaluator["judged"];
}

/** Repositories in one sweep: some six requests each. */
const mostInSweep = 10;
/** One of which nothing could be learnt is looked at again after so many days. */
const againAfter = 7;

/** Judges the last merges of a few repositories of which nothing is kept. @param now ISO instant. */
export async function rebuildStandings(
  ground: RebuildingGround,
  now: string,
): Promise<{ readonly rebuilt: number; readonly nothing: number }> {
  const { database, app, log } = ground;
  const since = new Date(Date.parse(now) - againAfter * 86_400_000).toISOString();
  const counts = { rebuilt: 0, nothing: 0 };
  for (const repository of await unknownStandings(database.kysely, since, mostInSweep)) {
    // Pull requests come first: while the hourly limit is short, nobody waits for this.
    if (app.secondsUntil(repository.installation, reserveForPeople) > 0) continue;
    try {
      if (await rebuild(ground, repository)) counts.rebuilt++;
      else counts.nothing++;
    } catch (error) {
      if (error instanceof TryAgainLater) continue;
      const says = error instanceof Error ? error.message : String(error);
      const isExpected = error instanceof Forbidden || error instanceof Gone;
      log[isExpected ? "info" : "warn"](
        { repository: `${repository.owner}/${repository.name}`, error: says },
        "not rebuilt",
      );
      counts.nothing++;
    }
    await markRebuilt(database.kysely, repository.id, now);
  }
  return counts;
}

async function rebuild(
  { database, app, judged }: RebuildingGround,
  { id, installation, owner, name, merge }: UnknownRepository,
): Promise<boolean> {
  const number = merge ?? (await lastMergeOf(app.forRepository(installation, name), { owner, name }));
  if (number === undefined) return false;
  const subject = { kind: "pull-request", owner, repository: name, number, repositoryId: id, installation } as const;
  const { assessment, snapshot, timeline, merged } = await judged(subject);
  // The name may be another repository's by now.
  if (snapshot.repository.id !== id) return false;
  await rememberLearnt(database, { snapshot, timeline });
  const standing = standingOf({ snapshot, assessment, merged, architectsWanted: false, threads: [] });
  if (!standing?.merged) return false;
  await keepRebuilt(database.kysely, standing, { asOf: assessment.asOf, head: snapshot.head, writes: 0 });
  return true;
}
