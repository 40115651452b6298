import type { Kysely } from "kysely";
import type { Tables } from "../tables.ts";

/** The latest merges that were judged of a repository's systems, each with its time, ISO. */
export async function mergesOf(
  db: Kysely<Tables>,
  repositoryId: number,
): Promise<readonly { readonly number: number; readonly at: string }[]> {
  const rows = await db
    .selectFrom("system_standing")
    .select(["pull_request", "merged"])
    .where("repository_id", "=", repositoryId)
    .execute();
  return rows.map(({ pull_request, merged }) => ({ number: Number(pull_request), at: merged.toISOString() }));
}

/** The installation through which a repository is reached; undefined where none is, or its data wait to be erased. */
export async function installationOf(db: Kysely<Tables>, repositoryId: number): Promise<number | undefined> {
  const row = await db
    .selectFrom("repository")
    .select("installation")
    .where("id", "=", repositoryId)
    .where("erase_after", "is", null)
    .executeTakeFirst();
  return row && Number(row.installation);
}
