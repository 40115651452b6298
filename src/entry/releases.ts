import type { Logger } from "pino";
import { Forbidden, Gone, TryAgainLater } from "../shell/failures.ts";
import type { GitHubApp } from "../shell/github/app.ts";
import { reserveForPeople } from "../shell/github/budget.ts";
import { readReleases } from "../shell/github/releases.ts";
import type { Database } from "../shell/store/database.ts";
import { keepReleases, markReleases, unreadReleases } from "../shell/store/releases.ts";
import type { KnownRepository } from "../shell/store/repositories.ts";

/*
 * Releases are read by the sweep alone: first those of repositories that an event told of, then of each repository once a
 * day, so that a lost event is made good. Nobody waits for it; pull requests come first.
 */

/** What reading releases needs of the service. */
export interface ReleasesGround {
  readonly log: Logger;
  readonly database: Database;
  readonly app: Pick<GitHubApp, "forRepository" | "secondsUntil">;
  /** Days for which releases are kept. */
  readonly keepDays: number;
}

/** Repositories in one sweep, one request each: with a sweep every ten minutes at most 150 requests an hour of an installation. */
const most = { ofInstallation: 25, inAll: 200 } as const;
/** Without an event the releases of a repository are read again after so many milliseconds. */
const again = 86_400_000;

/** Reads the releases of some repositories. @param now ISO instant. */
export async function sweepReleases(
  { database, app, log, keepDays }: ReleasesGround,
  now: string,
): Promise<{ readonly releases: number }> {
  const before = new Date(Date.parse(now) - again).toISOString();
  const since = new Date(Date.parse(now) - keepDays * 86_400_000).toISOString();
  const waiting = new Set<number>();
  let releases = 0;
  for (const repository of await unreadReleases(database.kysely, before, most)) {
    const { id, installation, owner, name } = repository;
    if (waiting.has(installation) || app.secondsUntil(installation, reserveForPeople) > 0) continue;
    await markReleases(database.kysely, id, now);
    try {
      releases += await readOf({ database, app }, repository, since);
    } catch (error) {
      if (error instanceof TryAgainLater) {
        // What holds for one holds for the others of the same installation; the next sweep asks again.
        waiting.add(installation);
        await markReleases(database.kysely, id, undefined);
      } else if (error instanceof Forbidden || error instanceof Gone) {
        log.info({ repository: `${owner}/${name}`, error: error.message }, "releases not read");
      } else throw error;
    }
  }
  return { releases };
}

async function readOf(
  { database, app }: Pick<ReleasesGround, "database" | "app">,
  { id, installation, owner, name }: KnownRepository,
  since: string,
): Promise<number> {
  const { repositoryId, releases, isWhole } = await readReleases(app.forRepository(installation, name), {
    owner,
    name,
  });
  // The name may be another repository's by now (H089).
  if (repositoryId !== id) return 0;
  return keepReleases(database.kysely, { repository: { id, owner, name }, releases, isWhole, since });
}
