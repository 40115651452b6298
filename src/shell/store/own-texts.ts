import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import type { Tables } from "../tables.ts";

/** The pull request that texts of ours stand in. */
export interface Place {
  readonly repositoryId: number;
  readonly number: number;
}

/**
 * The digest by which a text of ours is known again. GitHub stores CRLF for what a browser sends and drops white space at
 * the end; what was written below the text because it found no other place is not part of it.
 */
export function digestOfText(text: string): string {
  const own = text.replaceAll("\r\n", "\n").split("\n\n---\n\n<!-- threatgate:1 question ", 1)[0] ?? "";
  return createHash("sha256").update(own.trimEnd()).digest("hex");
}

/** What we last wrote in a pull request: digests by place. */
export async function ownTexts(
  db: Kysely<Tables>,
  { repositoryId, number }: Place,
): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom("own_text")
    .select(["place", "digest"])
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
  return new Map(rows.map(({ place, digest }) => [place, digest]));
}

/** Remembers what stands in these places now; undefined: nothing of ours does. */
export async function keepOwnTexts(
  db: Kysely<Tables>,
  { repositoryId, number }: Place,
  texts: ReadonlyMap<string, string | undefined>,
): Promise<void> {
  for (const [place, digest] of texts) {
    if (digest === undefined) {
      await db
        .deleteFrom("own_text")
        .where("repository_id", "=", repositoryId)
        .where("number", "=", number)
        .where("place", "=", place)
        .execute();
      continue;
    }
    await db
      .insertInto("own_text")
      .values({ repository_id: repositoryId, number, place, digest })
      .onConflict((conflict) => conflict.columns(["repository_id", "number", "place"]).doUpdateSet({ digest }))
      .execute();
  }
}

/** Evaluations that put something back within the 24 hours before `now` (ISO). */
export async function restorationsBefore(db: Kysely<Tables>, place: Place, now: string): Promise<number> {
  const { count } = await db
    .selectFrom("restoration")
    .select((select) => select.fn.countAll<string>().as("count"))
    .where("repository_id", "=", place.repositoryId)
    .where("number", "=", place.number)
    .where("at", ">", new Date(Date.parse(now) - 86_400_000))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** One more evaluation puts something back. */
export async function countRestoration(db: Kysely<Tables>, place: Place, at: string): Promise<void> {
  await db.insertInto("restoration").values({ repository_id: place.repositoryId, number: place.number, at }).execute();
}
