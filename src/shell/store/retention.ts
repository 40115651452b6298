import { type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";

/** Records older than these are deleted: ISO instants. */
export interface KeptSince {
  /** Evaluations and audit. */
  readonly records: string;
  readonly deliveries: string;
  /** Repositories that we left and whose time of grace has passed are erased. */
  readonly now: string;
}

/** What was deleted, in rows. */
export interface Deleted {
  readonly evaluations: number;
  readonly audit: number;
  readonly deliveries: number;
  /** Repositories erased whole. */
  readonly repositories: number;
}

/** Everything that is kept of one repository; the deliveries are ids without a name. */
export const tablesOfRepository = [
  "evaluation",
  "audit",
  "timeline",
  "history",
  "open_pull_request",
  "acceptance",
  "opened_issue",
  "other_tracker",
  "default_branch",
  "own_text",
  "restoration",
  "answered_comment",
  "dead_letter",
  "chain_start",
  "system_standing",
  "open_threat",
  "architect_wait",
  "system_week",
  "question",
  "trial",
  "turn",
  "push",
  "onboarding",
  "release",
  "past_standing",
] as const;

/** Deletes what has been kept long enough, and erases the repositories that were left long enough ago. */
export async function deleteOld(db: Kysely<Tables>, since: KeptSince): Promise<Deleted> {
  const repositories = await eraseLeft(db, since.now);
  const evaluations = await deleteEvaluations(db, since.records);
  const audit = await db.deleteFrom("audit").where("at", "<", new Date(since.records)).executeTakeFirst();
  await db.deleteFrom("push").where("at", "<", new Date(since.records)).execute();
  await db.deleteFrom("trial").where("last_judged", "<", new Date(since.records)).execute();
  await db.deleteFrom("release").where("published", "<", new Date(since.records)).execute();
  await deletePast(db, since.records);
  await db.deleteFrom("week_of_work").where("week", "<", since.records.slice(0, 10)).execute();
  const deliveries = await db
    .deleteFrom("delivery")
    .where("received", "<", new Date(since.deliveries))
    .executeTakeFirst();
  const weekAgo = new Date(Date.parse(since.now) - 7 * day);
  await db.deleteFrom("restoration").where("at", "<", weekAgo).execute();
  await deletePassing(db);
  return {
    evaluations,
    audit: Number(audit.numDeletedRows),
    deliveries: Number(deliveries.numDeletedRows),
    repositories,
  };
}

const day = 86_400_000;

/** Comments that a sweep may find again are at most a day old; thirty days leave no doubt. */
const answersKept = 30 * day;

/**
 * What is of use for a while only, by the clock that it was written by: GitHub's may be ahead of it, and what is in use yet,
 * such as the turn of an evaluation that runs, must not be lost because of that (H085).
 */
async function deletePassing(db: Kysely<Tables>): Promise<void> {
  const now = Date.now();
  await db
    .deleteFrom("answered_comment")
    .where("at", "<", new Date(now - answersKept))
    .execute();
  const dayAgo = new Date(now - day);
  await db.deleteFrom("owner_renaming").where("at", "<", dayAgo).execute();
  await db.deleteFrom("author_evaluation").where("at", "<", dayAgo).execute();
  const weekAgo = sql<Date>`now() - interval '7 days'`;
  await db.deleteFrom("turn").where("at", "<", weekAgo).where("writing", "is", null).execute();
}

/** Erases everything of the repositories whose time of grace has passed; returns how many there were. */
async function eraseLeft(db: Kysely<Tables>, now: string): Promise<number> {
  const left = await db
    .selectFrom("repository")
    .select(["id", "owner", "installation"])
    .where("erase_after", "<=", new Date(now))
    .limit(1000)
    .execute();
  for (const { id, owner, installation } of left) {
    await db.transaction().execute(async (transaction) => {
      await eraseWork(transaction, Number(id));
      for (const table of tablesOfRepository)
        await transaction.deleteFrom(table).where("repository_id", "=", id).execute();
      await transaction.deleteFrom("repository").where("id", "=", id).execute();
      const others = await transaction
        .selectFrom("repository")
        .select("id")
        .where("owner", "=", owner)
        .executeTakeFirst();
      if (others) return;
      for (const table of ["organisation_policy", "week_of_work"] as const)
        await transaction.deleteFrom(table).where("owner", "=", owner).execute();
      await transaction.deleteFrom("named_account").where("installation", "=", installation).execute();
    });
  }
  return left.length;
}

/** How systems stood before, but for the last that is old: it says how they stood from then on. */
async function deletePast(db: Kysely<Tables>, before: string): Promise<void> {
  await sql`
    delete from past_standing p where p.since < ${before}::timestamptz and exists (
      select from past_standing later
      where later.repository_id = p.repository_id and later.since > p.since and later.since <= ${before}::timestamptz
    )`.execute(db);
}

/**
 * The work of weeks is kept by names alone: of all names that the repository is known to have had, but for one that another
 * repository of the owner has now (H089).
 */
async function eraseWork(db: Kysely<Tables>, id: number): Promise<void> {
  await sql`
    with names as (
      select owner || '/' || lower(name) as name from repository where id = ${id}
      union select lower(repository) from evaluation where repository_id = ${id}
      union select lower(repository) from audit where repository_id = ${id}
    )
    delete from week_of_work w
    where w.owner || '/' || w.repository in (select name from names) and not exists (
      select from repository r where r.id <> ${id} and r.owner = w.owner and lower(r.name) = w.repository
    )`.execute(db);
}

/**
 * Old evaluations, always from the beginning of a repository's chain on; the digest of the last one deleted is kept, so
 * that what remains is verified from there.
 */
async function deleteEvaluations(db: Kysely<Tables>, before: string): Promise<number> {
  const repositories = await db
    .selectFrom("evaluation")
    .select("repository_id")
    .distinct()
    .where("as_of", "<", new Date(before))
    .execute();
  let deleted = 0;
  for (const { repository_id: id } of repositories) deleted += await deleteBeginning(db, Number(id), before);
  return deleted;
}

async function deleteBeginning(db: Kysely<Tables>, repositoryId: number, before: string): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${repositoryId}::bigint)`.execute(transaction);
    const firstKept = await transaction
      .selectFrom("evaluation")
      .select((select) => select.fn.min("id").as("id"))
      .where("repository_id", "=", repositoryId)
      .where("as_of", ">=", new Date(before))
      .executeTakeFirst();
    let old = transaction.selectFrom("evaluation").where("repository_id", "=", repositoryId);
    if (firstKept?.id != null) old = old.where("id", "<", firstKept.id);
    const last = await old.select(["id", "digest"]).orderBy("id", "desc").limit(1).executeTakeFirst();
    if (!last) return 0;
    const { numDeletedRows } = await transaction
      .deleteFrom("evaluation")
      .where("repository_id", "=", repositoryId)
      .where("id", "<=", last.id)
      .executeTakeFirst();
    const deleted = Number(numDeletedRows);
    await transaction
      .insertInto("chain_start")
      .values({ repository_id: repositoryId, digest: last.digest, deleted })
      .onConflict((conflict) =>
        conflict
          .column("repository_id")
          .doUpdateSet({ digest: last.digest, deleted: sql<number>`chain_start.deleted + ${deleted}` }),
      )
      .execute();
    return deleted;
  });
}
