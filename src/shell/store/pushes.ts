import type { Kysely } from "kysely";
import type { Tables } from "../tables.ts";
import type { Place } from "./own-texts.ts";

/*
 * Who pushed to a pull request, as events told it. GitHub tells it of branches of the repository itself; a fork is not ours
 * to ask about.
 */

/** Migration: pushes that events told of. */
export async function addPushes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("push")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("number", "bigint", (column) => column.notNull())
    .addColumn("head", "text", (column) => column.notNull())
    .addColumn("account", "bigint", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("push_key", ["repository_id", "number", "head", "account"])
    .execute();
}

/** The pushes to a pull request that events told of. */
export async function pushesOf(
  db: Kysely<Tables>,
  { repositoryId, number }: Place,
): Promise<readonly { readonly head: string; readonly account: number }[]> {
  const rows = await db
    .selectFrom("push")
    .select(["head", "account"])
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
  return rows.map(({ head, account }) => ({ head, account: Number(account) }));
}
