import { createHash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { KnownUpTo, TimelineEntry } from "../../core/domain/timeline.ts";
import type { Tables } from "../tables.ts";
import { plain, storable } from "./storable.ts";

/** Entries of one statement: PostgreSQL takes 65,535 values in one, and an entry has six. */
const mostAtOnce = 1000;

/** Adds entries to the timeline of a repository; an entry that is there already stays as it is. */
export async function rememberTimeline(
  db: Kysely<Tables>,
  repositoryId: number,
  entries: readonly TimelineEntry[],
): Promise<void> {
  for (let from = 0; from < entries.length; from += mostAtOnce) {
    await db
      .insertInto("timeline")
      .values(
        entries.slice(from, from + mostAtOnce).map((entry) => ({
          repository_id: repositoryId,
          kind: entry.kind,
          reference: plain(entry.reference),
          what: digestOfEntry(entry),
          at: entry.at,
          entry: storable(entry),
        })),
      )
      .onConflict((conflict) => conflict.columns(["repository_id", "kind", "reference", "what"]).doNothing())
      .execute();
  }
}

/**
 * What tells an entry from the others of one merge: a merge may bring the same in several places, and an update to each of
 * several systems.
 */
function digestOfEntry(entry: TimelineEntry): string {
  const what = "what" in entry ? entry.what : entry.kind;
  const elements = "elements" in entry ? entry.elements : [];
  const parts = [what, "path" in entry ? entry.path : "", entry.system ?? "", ...elements];
  return createHash("sha256")
    .update(plain(parts.join("\n")))
    .digest("hex");
}

/** Migration: entries were told apart by their words alone, so that of two systems that one merge updated one was kept. */
export async function tellEntriesApart(db: Kysely<unknown>): Promise<void> {
  await sql`
    update timeline set what = encode(sha256(convert_to(
      coalesce(entry->>'what', kind) || E'\\n' || coalesce(entry->>'path', '') || E'\\n' || coalesce(entry->>'system', '')
      || coalesce((
        select string_agg(E'\\n' || element, '' order by place)
        from jsonb_array_elements_text(entry->'elements') with ordinality as each (element, place)
      ), ''), 'UTF8')), 'hex')
    where kind in ('change', 'update', 'review')`.execute(db);
}

/**
 * Remembers what incidents and advisories ask, each by its reference and system: its words may change and it may be
 * settled, so the latest state is what stays. Other entries are passed over.
 */
export async function rememberAsking(
  db: Kysely<Tables>,
  repositoryId: number,
  entries: readonly TimelineEntry[],
): Promise<void> {
  const rows = entries.flatMap((entry) =>
    entry.kind === "incident" || entry.kind === "intelligence"
      ? [
          {
            repository_id: repositoryId,
            kind: entry.kind,
            reference: plain(entry.reference),
            what: plain(entry.system ?? ""),
            at: entry.at,
            entry: storable(entry),
          },
        ]
      : [],
  );
  for (let from = 0; from < rows.length; from += mostAtOnce) {
    await db
      .insertInto("timeline")
      .values(rows.slice(from, from + mostAtOnce))
      .onConflict((conflict) =>
        conflict
          .columns(["repository_id", "kind", "reference", "what"])
          .doUpdateSet((excluded) => ({ entry: excluded.ref("excluded.entry"), at: excluded.ref("excluded.at") })),
      )
      .execute();
  }
}

/** What is remembered of a repository's timeline, oldest first. */
export async function timelineOf(db: Kysely<Tables>, repositoryId: number): Promise<readonly TimelineEntry[]> {
  const rows = await db
    .selectFrom("timeline")
    .select("entry")
    .where("repository_id", "=", repositoryId)
    .orderBy("at")
    .execute();
  return rows.map((row) => row.entry as TimelineEntry);
}

/** How far forward the timeline of a repository is known; undefined until its history has been read once. */
export async function historyOf(db: Kysely<Tables>, repositoryId: number): Promise<KnownUpTo | undefined> {
  const row = await db
    .selectFrom("history")
    .select(["commit", "at"])
    .where("repository_id", "=", repositoryId)
    .executeTakeFirst();
  return row && { commit: row.commit, at: row.at.toISOString() };
}

/**
 * Adds entries and remembers how far forward the timeline is known, all in one transaction: whoever dies reads the same once
 * more.
 * @param rewritten the default branch was rewritten: what pushes without a pull request had brought is forgotten first.
 */
export async function rememberHistory(
  db: Kysely<Tables>,
  repositoryId: number,
  entries: readonly TimelineEntry[],
  upTo: KnownUpTo | undefined,
  rewritten = false,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    if (rewritten) {
      await transaction
        .deleteFrom("timeline")
        .where("repository_id", "=", repositoryId)
        .where("kind", "in", ["change", "update"])
        .where("reference", "not like", "#%")
        .execute();
    }
    await rememberTimeline(transaction, repositoryId, entries);
    if (upTo === undefined) return;
    await transaction
      .insertInto("history")
      .values({ repository_id: repositoryId, ...upTo })
      .onConflict((conflict) => conflict.column("repository_id").doUpdateSet(upTo))
      .execute();
  });
}
