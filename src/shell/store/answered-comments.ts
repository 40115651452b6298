import type { Kysely } from "kysely";
import type { CommentName, WakeUp } from "../event.ts";
import type { Tables } from "../tables.ts";

/** Remembers that a comment was answered, so that no sweep asks for it again. */
export async function keepAnswered(
  db: Kysely<Tables>,
  { repositoryId, number }: WakeUp["subject"],
  { id, where }: CommentName,
): Promise<void> {
  if (repositoryId === undefined) return;
  await db
    .insertInto("answered_comment")
    .values({ repository_id: repositoryId, number, place: where, comment: id, at: new Date() })
    .onConflict((conflict) => conflict.columns(["repository_id", "place", "comment"]).doNothing())
    .execute();
}

/** Those of these comments that were not answered yet. */
export async function unanswered(
  db: Kysely<Tables>,
  repositoryId: number,
  comments: readonly CommentName[],
): Promise<readonly CommentName[]> {
  if (comments.length === 0) return [];
  const rows = await db
    .selectFrom("answered_comment")
    .select(["place", "comment"])
    .where("repository_id", "=", repositoryId)
    .where(
      "comment",
      "in",
      comments.map(({ id }) => id),
    )
    .execute();
  const known = new Set(rows.map(({ place, comment }) => `${place}/${Number(comment)}`));
  return comments.filter(({ id, where }) => !known.has(`${where}/${id}`));
}

/** Those of these delivery ids that were stored. */
export async function storedDeliveries(db: Kysely<Tables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.selectFrom("delivery").select("id").where("id", "in", ids).execute();
  return new Set(rows.map(({ id }) => id));
}
