import { type Kysely, sql } from "kysely";
import type { QueueDepth } from "../ports.ts";
import type { Tables } from "../tables.ts";
import { commentQueue, evaluationQueue } from "./jobs.ts";

/** Counts the jobs as they are now, over all replicas: pg-boss's own counts (`getQueueStats`) are up to an hour old. */
export async function queueDepth(db: Kysely<Tables>): Promise<QueueDepth> {
  const { rows } = await sql<{ waiting: number; running: number; oldest: number | null }>`
    select count(*) filter (where state < 'active')::int as waiting,
      count(*) filter (where state = 'active')::int as running,
      extract(epoch from now() - min(greatest(created_on, start_after))
        filter (where state < 'active' and start_after <= now()))::float8 as oldest
    from pgboss.job where name in (${evaluationQueue}, ${commentQueue}) and state <= 'active'`.execute(db);
  const counted = rows[0];
  return {
    waiting: counted?.waiting ?? 0,
    running: counted?.running ?? 0,
    oldestSeconds: Math.max(0, counted?.oldest ?? 0),
  };
}
