import { type Kysely, type Selectable, sql } from "kysely";
import type { WakeUp } from "../event.ts";
import type { OpenPullRequestTable, Tables } from "../tables.ts";

/** An open pull request as it was judged, and what its verdict rests on. */
export interface OpenPullRequest {
  readonly repositoryId: number;
  readonly number: number;
  readonly installation: number;
  readonly owner: string;
  readonly repository: string;
  readonly head: string;
  readonly baseBranch: string;
  /** Slugs of teams, in any case. */
  readonly teams: readonly string[];
  /** Ids of accounts whose reviews were weighed. */
  readonly people: readonly number[];
  /** ISO instants. */
  readonly judged: string;
  readonly due?: string;
  readonly verdict: string;
  /** The label that makes an issue an incident, by its policy. */
  readonly incidentLabel?: string;
}

/** Remembers a pull request as it is judged now. */
export async function keepOpen(db: Kysely<Tables>, pullRequest: OpenPullRequest): Promise<void> {
  const { repositoryId, number, installation, owner, repository, head, baseBranch, judged, verdict } = pullRequest;
  const values = {
    installation,
    owner: owner.toLowerCase(),
    repository,
    head,
    base_branch: baseBranch,
    teams: JSON.stringify(pullRequest.teams.map((team) => team.toLowerCase())),
    people: JSON.stringify(pullRequest.people),
    judged,
    due: pullRequest.due ?? null,
    verdict,
    incident_label: pullRequest.incidentLabel?.toLowerCase() ?? null,
    kept: sql<Date>`now()`,
  };
  await db
    .insertInto("open_pull_request")
    .values({ repository_id: repositoryId, number, ...values })
    .onConflict((conflict) => conflict.columns(["repository_id", "number"]).doUpdateSet(values))
    .execute();
}

/** Forgets a pull request that is not open any more, and what we wrote there. */
export async function forgetOpen(db: Kysely<Tables>, repositoryId: number, number: number): Promise<void> {
  for (const table of ["open_pull_request", "own_text", "restoration", "architect_wait"] as const) {
    await db.deleteFrom(table).where("repository_id", "=", repositoryId).where("number", "=", number).execute();
  }
}

/** What is remembered of one pull request. */
export async function openPullRequest(
  db: Kysely<Tables>,
  repositoryId: number,
  number: number,
): Promise<OpenPullRequest | undefined> {
  const row = await db
    .selectFrom("open_pull_request")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .executeTakeFirst();
  return row && readRow(row);
}

/** All of one repository. */
export async function openIn(db: Kysely<Tables>, repositoryId: number): Promise<readonly OpenPullRequest[]> {
  const rows = await db.selectFrom("open_pull_request").selectAll().where("repository_id", "=", repositoryId).execute();
  return rows.map(readRow);
}

/**
 * Whether a row was written since something was noticed, by an evaluation that had begun before: it may have read what was
 * true before, and was not there to be woken. All by the database's own clock. The first look may have missed what was
 * being written meanwhile, so that a few seconds more are looked at; who is woken twice is judged once.
 */
function cameLate(noticed: string | undefined) {
  if (noticed === undefined) return sql<boolean>`true`;
  return sql<boolean>`open_pull_request.kept >= ${noticed}::timestamptz - interval '10 seconds' and not exists (
    select 1 from turn where turn.repository_id = open_pull_request.repository_id
      and turn.key = '#' || open_pull_request.number and turn.at >= ${noticed}::timestamptz)`;
}

/** The database's clock, as exact as it is. */
export async function databaseNow(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ now: string }>`select clock_timestamp()::text as now`.execute(db);
  return rows[0]?.now ?? new Date().toISOString();
}

/**
 * Those of an organisation whose verdict rests on one of these teams or people, by repository and number.
 * @param noticed only those that `cameLate` to what was noticed then; left out: all.
 */
export async function restingOn(
  db: Kysely<Tables>,
  organisation: string,
  teams: readonly string[],
  people: readonly number[],
  noticed?: string,
): Promise<readonly OpenPullRequest[]> {
  const rows = await db
    .selectFrom("open_pull_request")
    .selectAll()
    .where("owner", "=", organisation.toLowerCase())
    .where((where) =>
      where.or([
        ...teams.map((team) => sql<boolean>`teams @> ${JSON.stringify([team.toLowerCase()])}::jsonb`),
        ...people.map((person) => sql<boolean>`people @> ${JSON.stringify([person])}::jsonb`),
      ]),
    )
    .where(cameLate(noticed))
    .orderBy("repository_id")
    .orderBy("number")
    .execute();
  return rows.map(readRow);
}

/** Those of an owner, or of one repository of theirs; `noticed` as in `restingOn`. */
export async function openOf(
  db: Kysely<Tables>,
  owner: string,
  repositoryId?: number,
  noticed?: string,
): Promise<readonly OpenPullRequest[]> {
  let query = db
    .selectFrom("open_pull_request")
    .selectAll()
    .where("owner", "=", owner.toLowerCase())
    .where(cameLate(noticed));
  if (repositoryId !== undefined) query = query.where("repository_id", "=", repositoryId);
  return (await query.orderBy("repository_id").orderBy("number").execute()).map(readRow);
}

/** Those of an installation, wherever they are; `noticed` as in `restingOn`. */
export async function openUnder(
  db: Kysely<Tables>,
  installation: number,
  noticed?: string,
): Promise<readonly OpenPullRequest[]> {
  const rows = await db
    .selectFrom("open_pull_request")
    .selectAll()
    .where("installation", "=", installation)
    .where(cameLate(noticed))
    .orderBy("repository_id")
    .orderBy("number")
    .execute();
  return rows.map(readRow);
}

/** Those of one repository whose head is this commit. */
export async function openAt(
  db: Kysely<Tables>,
  repositoryId: number,
  head: string,
): Promise<readonly OpenPullRequest[]> {
  return (await openIn(db, repositoryId)).filter((one) => one.head === head);
}

/**
 * Alerts of a repository changed, or an issue got or lost this label: its open pull requests are to be judged again. However
 * many alerts change, each pull request is noted once. `noticed` as in `restingOn`.
 */
export async function noteEvidence(
  db: Kysely<Tables>,
  repositoryId: number,
  label?: string,
  noticed?: string,
): Promise<void> {
  let update = db
    .updateTable("open_pull_request")
    .set({ evidence_changed: sql<Date>`now()` })
    .where("repository_id", "=", repositoryId)
    .where("evidence_changed", "is", null)
    .where(cameLate(noticed));
  if (label !== undefined) update = update.where("incident_label", "=", label.toLowerCase());
  await update.execute();
}

/** Those whose alerts or incidents changed, the longest ago first, at most so many of one installation. */
export async function evidenceChanged(db: Kysely<Tables>, most: number): Promise<readonly OpenPullRequest[]> {
  const rows = await db
    .selectFrom("open_pull_request")
    .selectAll()
    .where("evidence_changed", "is not", null)
    .orderBy("evidence_changed")
    .limit(5000)
    .execute();
  return fewOfEach(rows.map(readRow), most);
}

/** It is asked for again, in the same transaction: what changes from then on is noted anew. */
export async function evidenceAsked(
  db: Kysely<Tables>,
  { repositoryId, number }: Pick<OpenPullRequest, "repositoryId" | "number">,
): Promise<void> {
  await db
    .updateTable("open_pull_request")
    .set({ evidence_changed: null })
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
}

/** The wake-up that has a remembered pull request judged again. */
export function wakeUpFor(
  {
    repositoryId,
    number,
    installation,
    owner,
    repository,
  }: Pick<OpenPullRequest, "repositoryId" | "number" | "installation" | "owner" | "repository">,
  why: string,
  id: string,
): WakeUp {
  return { id, why, subject: { kind: "pull-request", owner, repository, number, installation, repositoryId } };
}

/** At most so many of one installation, in the order in which they stand. */
export function fewOfEach<One extends { readonly installation: number }>(
  all: readonly One[],
  most: number,
): readonly One[] {
  const counts = new Map<number, number>();
  return all.filter(({ installation }) => {
    const count = (counts.get(installation) ?? 0) + 1;
    counts.set(installation, count);
    return count <= most;
  });
}

/** A row as it was judged. */
export function readRow(row: Selectable<OpenPullRequestTable>): OpenPullRequest {
  return {
    repositoryId: Number(row.repository_id),
    number: row.number,
    installation: Number(row.installation),
    owner: row.owner,
    repository: row.repository,
    head: row.head,
    baseBranch: row.base_branch,
    teams: row.teams,
    people: row.people,
    judged: row.judged.toISOString(),
    ...(row.due === null ? {} : { due: row.due.toISOString() }),
    verdict: row.verdict,
    ...(row.incident_label === null ? {} : { incidentLabel: row.incident_label }),
  };
}
