import { type Kysely, sql } from "kysely";
import type { Standing } from "../../core/domain/standing.ts";
import type { Tables } from "../tables.ts";
import { plain } from "./storable.ts";

/** Remembers what has become of the questions of a pull request; one that is not asked any more is gone. */
export async function keepQuestions(db: Kysely<Tables>, standing: Standing, asOf: string): Promise<void> {
  const { repository, pullRequest, questions, mode } = standing;
  // Nobody is asked anything in `observe`.
  if (mode === "observe") return;
  const place = { repository_id: repository.id, number: pullRequest.number };
  if (questions.length > 0) {
    await db
      .insertInto("question")
      .values(
        questions.slice(0, 500).map(({ fingerprint, rule, outcome }) => ({
          ...place,
          fingerprint,
          owner: repository.owner.toLowerCase(),
          rule: plain(rule),
          asked: asOf,
          outcome,
          changed: asOf,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(["repository_id", "number", "fingerprint"])
          .doUpdateSet({ outcome: sql<string>`excluded.outcome`, changed: sql<string>`excluded.changed` })
          .whereRef("question.outcome", "!=", "excluded.outcome"),
      )
      .execute();
  }
  let gone = db
    .updateTable("question")
    .set({ outcome: "gone", changed: asOf })
    .where("repository_id", "=", place.repository_id)
    .where("number", "=", place.number)
    .where("outcome", "=", "open");
  const still = questions.map(({ fingerprint }) => fingerprint);
  if (still.length > 0) gone = gone.where("fingerprint", "not in", still);
  await gone.execute();
}

/** Whether anything was asked on a pull request. */
export async function wasAsked(db: Kysely<Tables>, repositoryId: number, number: number): Promise<boolean> {
  const row = await db
    .selectFrom("question")
    .select("fingerprint")
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** How people reacted to the comment of one question. */
export interface Reacted {
  readonly fingerprint: string;
  readonly liked: number;
  readonly disliked: number;
}

/** Remembers the reactions to the questions of a pull request, as they stand now. */
export async function keepReactions(
  db: Kysely<Tables>,
  repositoryId: number,
  number: number,
  reactions: readonly Reacted[],
): Promise<void> {
  for (const { fingerprint, liked, disliked } of reactions) {
    await db
      .updateTable("question")
      .set({ liked, disliked })
      .where("repository_id", "=", repositoryId)
      .where("number", "=", number)
      .where("fingerprint", "=", fingerprint)
      .execute();
  }
}
