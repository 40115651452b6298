import type { Kysely } from "kysely";
import type { Tables } from "../tables.ts";

/** Whether a policy of this organisation for all its repositories was seen, and not surely gone since. */
export async function organisationPolicyWasSeen(db: Kysely<Tables>, owner: string): Promise<boolean> {
  const found = await db
    .selectFrom("organisation_policy")
    .select("owner")
    .where("owner", "=", owner.toLowerCase())
    .executeTakeFirst();
  return found !== undefined;
}

/** Remembers that it was seen at `at` (ISO). */
export async function rememberOrganisationPolicy(db: Kysely<Tables>, owner: string, at: string): Promise<void> {
  await db
    .insertInto("organisation_policy")
    .values({ owner: owner.toLowerCase(), seen: at })
    .onConflict((conflict) => conflict.column("owner").doUpdateSet({ seen: at }))
    .execute();
}

/** Forgets it: the organisation surely has none any more. */
export async function forgetOrganisationPolicy(db: Kysely<Tables>, owner: string): Promise<void> {
  await db.deleteFrom("organisation_policy").where("owner", "=", owner.toLowerCase()).execute();
}
