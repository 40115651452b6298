import type { Kysely } from "kysely";
import { fromKysely, type PgBoss } from "pg-boss";
import type { Notice, WakeUp } from "../event.ts";
import type { Tables } from "../tables.ts";
import { send } from "./jobs.ts";
import { sendNotice } from "./notices.ts";

/** One webhook delivery that passed its signature. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly wakeUps: readonly WakeUp[];
  readonly notice?: Notice | undefined;
}

/**
 * Stores a delivery and its jobs in one transaction. `ignored` needs no row: nothing would be done with it.
 * Throws when nothing could be stored; GitHub then redelivers under the same id, which is new to us (H008).
 */
export async function takeIn(
  db: Kysely<Tables>,
  boss: PgBoss,
  delivery: Delivery,
): Promise<"queued" | "duplicate" | "ignored"> {
  const { notice } = delivery;
  if (delivery.wakeUps.length === 0 && notice === undefined) return "ignored";
  return db.transaction().execute(async (transaction) => {
    const stored = await transaction
      .insertInto("delivery")
      .values({ id: delivery.id, event: delivery.event })
      .onConflict((conflict) => conflict.column("id").doNothing())
      .executeTakeFirst();
    if (!stored.numInsertedOrUpdatedRows) return "duplicate";
    for (const wakeUp of delivery.wakeUps) await send(boss, wakeUp, { db: fromKysely(transaction) });
    if (notice) await sendNotice(boss, notice, delivery.id, { db: fromKysely(transaction) });
    return "queued";
  });
}
