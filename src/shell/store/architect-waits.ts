import type { Kysely } from "kysely";
import type { Standing } from "../../core/domain/standing.ts";
import type { Tables } from "../tables.ts";
import { plain } from "./storable.ts";

/** Remembers since when a pull request waits for a Security Architect, or that it does no more. */
export async function keepWait(db: Kysely<Tables>, { repository, pullRequest }: Standing, asOf: string): Promise<void> {
  if (!pullRequest.waits) {
    await forgetWait(db, repository.id, pullRequest.number);
    return;
  }
  const values = {
    owner: repository.owner.toLowerCase(),
    repository: repository.name,
    title: plain(pullRequest.title),
    conclusion: pullRequest.conclusion,
  };
  await db
    .insertInto("architect_wait")
    .values({ repository_id: repository.id, number: pullRequest.number, since: asOf, ...values })
    .onConflict((conflict) => conflict.columns(["repository_id", "number"]).doUpdateSet(values))
    .execute();
}

/** A pull request that is closed, or approved, waits for nobody. */
export async function forgetWait(db: Kysely<Tables>, repositoryId: number, number: number): Promise<void> {
  await db
    .deleteFrom("architect_wait")
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
}
