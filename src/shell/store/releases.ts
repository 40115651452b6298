import { type Kysely, sql } from "kysely";
import {
  evidenceOf,
  type KeptStanding,
  kindsOf,
  majorKinds,
  type Release,
  type ReleaseKind,
  type ReleaseList,
  type ReleaseQuery,
  type ReleaseRow,
  standingAt,
} from "../../core/domain/release.ts";
import type { Tables } from "../tables.ts";
import { addPastStandings } from "./past-standings.ts";
import type { KnownRepository } from "./repositories.ts";
import { plain } from "./storable.ts";
import { idsOf, ownerOf, type Visible } from "./visible.ts";

/** Migration: releases, how systems stood when they went out, and when the releases of a repository were last read. */
export async function addReleases(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("release")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("release", "bigint", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("repository", "text", (column) => column.notNull())
    .addColumn("tag", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("published", "timestamptz", (column) => column.notNull())
    .addColumn("prerelease", "boolean", (column) => column.notNull())
    .addColumn("commit", "text")
    .addColumn("withdrawn", "boolean", (column) => column.notNull().defaultTo(false))
    .addPrimaryKeyConstraint("release_key", ["repository_id", "release"])
    .execute();
  await db.schema.createIndex("release_owner").on("release").columns(["owner", "published"]).execute();
  await db.schema.alterTable("repository").addColumn("releases_read", "timestamptz").execute();
  await addPastStandings(db);
  // What is known today is known from here on: colours may have changed with time since the merge.
  await sql`
    insert into past_standing (repository_id, since, pull_request, head, systems)
    select repository_id, now(), max(pull_request), max(head), jsonb_agg(jsonb_build_object(
      'system', system, 'indicators', jsonb_build_object('TM-1', tm1, 'TM-2', tm2, 'TM-3', tm3, 'TM-4', tm4),
      'complete', complete, 'open', null, 'threshold', null,
      'uncovered', jsonb_array_length(coalesce(sheet->'uncovered', '[]')),
      'uncoveredSince', sheet->'uncovered'->0->'at', 'modelUpdated', model_updated,
      'currency', jsonb_build_object('green', green_days, 'amber', amber_days, 'review', review_days)
    ) order by system)
    from system_standing group by repository_id`.execute(db);
}

/**
 * Repositories whose releases were not read since `before` (ISO), those that an event told of and those never read first; of
 * each installation at most `most`, so that a large one holds no other up.
 */
export async function unreadReleases(
  db: Kysely<Tables>,
  before: string,
  most: { readonly ofInstallation: number; readonly inAll: number },
): Promise<readonly KnownRepository[]> {
  const { rows } = await sql<{ id: string; installation: string; owner: string; name: string }>`
    select id, installation, owner, name from (
      select id, installation, owner, name, releases_read,
        row_number() over (partition by installation order by releases_read nulls first, id) as turn
      from repository
      where erase_after is null and name <> '' and (releases_read is null or releases_read < ${before}::timestamptz)
    ) as waiting
    where turn <= ${most.ofInstallation} order by turn, releases_read nulls first, id limit ${most.inAll}`.execute(db);
  return rows.map(({ id, installation, owner, name }) => ({
    id: Number(id),
    installation: Number(installation),
    owner,
    name,
  }));
}

/**
 * When the releases of a repository were last read, ISO; undefined: they are to be read as soon as may be. Set before they
 * are read, so that an event which comes meanwhile is not lost.
 */
export async function markReleases(db: Kysely<Tables>, repositoryId: number, read: string | undefined): Promise<void> {
  await db
    .updateTable("repository")
    .set({ releases_read: read ?? null })
    .where("id", "=", repositoryId)
    .execute();
}

/** What was read of the releases of a repository. */
export interface ReadOfRepository {
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string };
  readonly releases: readonly Release[];
  /** Whether these are all that GitHub has. */
  readonly isWhole: boolean;
  /** Releases from before this are not kept, ISO. */
  readonly since: string;
}

/**
 * Keeps the releases of a repository. One that GitHub shows no more is not forgotten: it went out, and was withdrawn. Done
 * twice it is as done once. Returns how many are new.
 */
export async function keepReleases(
  db: Kysely<Tables>,
  { repository, releases, isWhole, since }: ReadOfRepository,
): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${repository.id}::bigint)`.execute(transaction);
    const known = await releasesOf(transaction, repository.id);
    const listed = new Set(releases.map(({ id }) => id));
    const kept = releases.filter(({ published }) => Date.parse(published) >= Date.parse(since));
    const kinds = kindsOf([...releases, ...known.filter(({ id }) => !listed.has(id))]);
    for (const release of kept) await keepRelease(transaction, repository, release, kinds.get(release.id));
    if (isWhole) {
      const gone = known.flatMap(({ id }) => (listed.has(id) ? [] : [id]));
      if (gone.length > 0)
        await transaction
          .updateTable("release")
          .set({ withdrawn: true })
          .where("repository_id", "=", repository.id)
          .where("release", "in", gone)
          .execute();
    }
    const before = new Set(known.map(({ id }) => id));
    return kept.filter(({ id }) => !before.has(id)).length;
  });
}

/** Characters of a tag or a name that are kept. */
const longest = 300;

async function keepRelease(
  db: Kysely<Tables>,
  { id: repository_id, owner, name: repository }: ReadOfRepository["repository"],
  { id, tag, name, published, isPrerelease, commit }: Release,
  kind: ReleaseKind = "unnumbered",
): Promise<void> {
  const values = {
    owner: owner.toLowerCase(),
    repository,
    tag: plain(tag.slice(0, longest)),
    name: plain(name.slice(0, longest)),
    kind,
    published,
    prerelease: isPrerelease,
    commit: commit ?? null,
    withdrawn: false,
  };
  await db
    .insertInto("release")
    .values({ repository_id, release: id, ...values })
    .onConflict((conflict) => conflict.columns(["repository_id", "release"]).doUpdateSet(values))
    .execute();
}

/** A release that is known, with whether GitHub shows it still. */
export interface KnownRelease extends Release {
  readonly isWithdrawn: boolean;
}

/** The releases of a repository that are kept, latest first. */
export async function releasesOf(db: Kysely<Tables>, repositoryId: number): Promise<readonly KnownRelease[]> {
  const rows = await db
    .selectFrom("release")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .orderBy("published", "desc")
    .orderBy("release", "desc")
    .execute();
  return rows.map(({ release, tag, name, published, prerelease, commit, withdrawn }) => ({
    id: Number(release),
    tag,
    name,
    published: published.toISOString(),
    isPrerelease: prerelease,
    ...(commit === null ? {} : { commit }),
    isWithdrawn: withdrawn,
  }));
}

interface Row {
  readonly repository_id: string;
  readonly repository: string;
  readonly tag: string;
  readonly name: string;
  readonly kind: ReleaseKind;
  readonly published: Date;
  readonly commit: string | null;
  readonly withdrawn: boolean;
  readonly since: Date | null;
  readonly pull_request: number | null;
  readonly systems: readonly KeptStanding[] | null;
  readonly total: string;
}

/** Days of a period for which nobody named the beginning. */
const usualDays = 90;
const msPerDay = 86_400_000;

/**
 * The releases of a period, latest first, each with how the systems of its repository stood when it went out. Left out, the
 * period is the 90 days that end today. @param most releases that are shown at most. @param now ISO instant.
 */
export async function releaseList(
  db: Kysely<Tables>,
  visible: Visible,
  query: ReleaseQuery,
  now: string,
  most: number,
): Promise<ReleaseList> {
  const to = query.to ?? now.slice(0, 10);
  const from = query.from ?? new Date(Date.parse(to) - usualDays * msPerDay).toISOString().slice(0, 10);
  const end = new Date(Date.parse(to) + msPerDay).toISOString();
  const inPeriod = sql`owner = ${ownerOf(visible)} and ${idsOf(visible)}
    and published >= ${`${from}T00:00:00Z`}::timestamptz and published < ${end}::timestamptz`;
  const wanted = query.kinds === "all" ? sql`true` : sql`kind = any(${[...majorKinds]}::text[])`;
  const [{ rows: counts }, { rows }] = await Promise.all([
    sql<{ all: string; total: string }>`
      select count(*) as all, count(*) filter (where ${wanted}) as total from release where ${inPeriod}`.execute(db),
    sql<Row>`
      select r.repository_id, r.repository, r.tag, r.name, r.kind, r.published, r.commit, r.withdrawn,
        p.since, p.pull_request, p.systems
      from (
        select * from release where ${inPeriod} and ${wanted} order by published desc, repository, release desc limit ${most}
      ) as r
      left join lateral (
        select since, pull_request, systems from past_standing
        where repository_id = r.repository_id and since <= r.published order by since desc limit 1
      ) as p on true
      order by r.published desc, r.repository, r.release desc`.execute(db),
  ]);
  const releases = rows.map(rowOf);
  const count = (state: ReleaseRow["evidence"]): number => releases.filter(({ evidence }) => evidence === state).length;
  return {
    schemaVersion: 1,
    owner: visible.owner,
    asOf: now,
    from,
    to,
    kinds: query.kinds,
    total: Number(counts[0]?.total ?? 0),
    all: Number(counts[0]?.all ?? 0),
    evidence: { complete: count("complete"), gaps: count("gaps"), unknown: count("unknown") },
    releases,
  };
}

function rowOf({ repository_id, published, since, pull_request, systems: kept, ...row }: Row): ReleaseRow {
  const at = published.toISOString();
  const systems = (kept ?? []).map((one) => standingAt(one, at));
  const { repository, tag, name, kind, commit, withdrawn } = row;
  return {
    repositoryId: Number(repository_id),
    repository,
    tag,
    name,
    kind,
    published: at,
    commit,
    withdrawn,
    evidence: evidenceOf(systems),
    asOf: since?.toISOString() ?? null,
    pullRequest: pull_request,
    systems,
  };
}
