import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { SystemStanding } from "../../core/domain/standing.ts";
import type { TimelineEntry } from "../../core/domain/timeline.ts";
import type { Tables } from "../tables.ts";

/** The judged pull requests of a repository as its page lists them. */
export interface JudgedPullRequest {
  readonly number: number;
  readonly conclusion: string;
  readonly head: string;
  /** ISO instant. */
  readonly judged: string;
  /** Since when it waits for a Security Architect; absent where it does not. */
  readonly waitingSince?: string;
  readonly title?: string;
}

/** One system with everything that is kept of it; undefined where there is none of that name. */
export async function systemDetail(
  db: Kysely<Tables>,
  repositoryId: number,
  system: string,
): Promise<{ readonly sheet: SystemStanding; readonly head: string; readonly judged: string } | undefined> {
  const row = await db
    .selectFrom("system_standing")
    .select(["sheet", "head", "judged"])
    .where("repository_id", "=", repositoryId)
    .where("system", "=", system)
    .executeTakeFirst();
  return row && { sheet: row.sheet as SystemStanding, head: row.head, judged: row.judged.toISOString() };
}

/** The timeline of one system since a moment, oldest first; entries that name no system belong to each. */
export async function timelineSince(
  db: Kysely<Tables>,
  repositoryId: number,
  system: string,
  since: string,
): Promise<readonly TimelineEntry[]> {
  const rows = await db
    .selectFrom("timeline")
    .select("entry")
    .where("repository_id", "=", repositoryId)
    .where("at", ">=", new Date(since))
    .where(sql<boolean>`coalesce(entry->>'system', ${system}) = ${system}`)
    .orderBy("at")
    .limit(5000)
    .execute();
  return rows.map(({ entry }) => entry as TimelineEntry);
}

/** The pull requests of a repository that were judged last, newest first. */
export async function judgedPullRequests(
  db: Kysely<Tables>,
  repositoryId: number,
  most: number,
): Promise<readonly JudgedPullRequest[]> {
  const { rows } = await sql<{
    number: number;
    conclusion: string;
    head: string;
    judged: Date;
    since: Date | null;
    title: string | null;
  }>`
    with latest as (
      select distinct on (pull_request) id, pull_request as number, conclusion, head, as_of as judged from evaluation
      where repository_id = ${repositoryId} and pull_request is not null order by pull_request desc, id desc limit ${most}
    )
    select latest.number, latest.conclusion, latest.head, latest.judged, w.since, w.title from latest
    left join architect_wait w on w.repository_id = ${repositoryId} and w.number = latest.number
    order by latest.number desc`.execute(db);
  return rows.map(({ number, conclusion, head, judged, since, title }) => ({
    number,
    conclusion,
    head,
    judged: judged.toISOString(),
    ...(since ? { waitingSince: since.toISOString() } : {}),
    ...(title === null ? {} : { title }),
  }));
}
