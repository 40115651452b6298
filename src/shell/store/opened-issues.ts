import type { Kysely } from "kysely";
import type { Tables } from "../tables.ts";

/** The numbers of the issues that we opened for a threat of a repository, the newest first. */
export async function openedIssues(
  db: Kysely<Tables>,
  repositoryId: number,
  threat: string,
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("opened_issue")
    .select("number")
    .where("repository_id", "=", repositoryId)
    .where("threat", "=", threat)
    .orderBy("number", "desc")
    .execute();
  return rows.map(({ number }) => number);
}

/** Remembers issues of ours by the threats that they are for. */
export async function keepOpenedIssues(
  db: Kysely<Tables>,
  repositoryId: number,
  issues: readonly { readonly threat: string; readonly number: number }[],
): Promise<void> {
  if (issues.length === 0) return;
  await db
    .insertInto("opened_issue")
    .values(issues.map(({ threat, number }) => ({ repository_id: repositoryId, threat, number })))
    .onConflict((conflict) => conflict.columns(["repository_id", "threat", "number"]).doNothing())
    .execute();
}
