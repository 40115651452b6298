import type { Kysely } from "kysely";
import type { WakeUp } from "../event.ts";
import type { Tables } from "../tables.ts";

/** Remembers the pushes that these events tell of. */
export async function keepPushes(db: Kysely<Tables>, wakeUps: readonly WakeUp[], at: string): Promise<void> {
  const rows = wakeUps.flatMap(({ subject: { repositoryId, number }, author, pushed }) =>
    repositoryId === undefined || author === undefined || pushed === undefined
      ? []
      : [{ repository_id: repositoryId, number, head: pushed, account: author, at }],
  );
  if (rows.length === 0) return;
  // In one order whoever writes them, so that two replicas with the same deliveries do not wait for each other.
  const inOrder = rows.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  await db
    .insertInto("push")
    .values(inOrder)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function keyOf(row: { readonly repository_id: number; readonly number: number; readonly head: string }): string {
  return `${row.repository_id}#${row.number}@${row.head}`;
}
