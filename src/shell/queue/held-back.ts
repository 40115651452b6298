import { type Kysely, sql } from "kysely";
import { fromKysely, type PgBoss } from "pg-boss";
import type { Tables } from "../tables.ts";

/*
 * A worker is given the first job of its queue and nothing else. Where that is a wake-up of a pull request that is being
 * evaluated, it may not run, and whoever asks gets nothing, though others wait behind it. So such a wake-up is held back:
 * its start is put off, and brought forward when the evaluation has ended. Where a process dies in between, the evaluation
 * is tried again, and brings it forward; at the latest it starts when its time has come.
 */

/** Seconds for which a wake-up is held back at most: longer than almost every evaluation. */
const longest = 120;

/** What pg-boss writes with: its own connection, or a transaction. */
interface Statements {
  executeSql(text: string, values?: unknown[]): Promise<unknown>;
}

/**
 * Holds back what waits under these keys while a job of the same key runs. The running job's row is locked meanwhile: its
 * end either comes before, and then nothing is held back, or after, and then it sees what is.
 */
export async function holdBack(db: Statements, queue: string, keys: readonly string[]): Promise<void> {
  await db.executeSql(
    `with running as materialized (
       select singleton_key from pgboss.job
       where name = $1 and policy = 'stately' and state = 'active' and coalesce(singleton_key, '') = any($2::text[])
       order by singleton_key
       for share
     )
     update pgboss.job waiting set start_after = now() + ${longest} * interval '1 second'
     from running
     where waiting.name = $1 and waiting.policy = 'stately' and waiting.state < 'active'
       and coalesce(waiting.singleton_key, '') = running.singleton_key
       and waiting.start_after < now() + ${longest} * interval '1 second'`,
    [queue, [...keys]],
  );
}

/**
 * Locks the rows of what runs under these keys until the transaction ends. To be called before what waits there is changed:
 * whoever ends a job locks its row first and then the waiting one's, and in the other order each would wait for the other.
 */
export async function lockRunning(db: Statements, queue: string, keys: readonly string[]): Promise<void> {
  await db.executeSql(
    `select id from pgboss.job
     where name = $1 and policy = 'stately' and state = 'active' and coalesce(singleton_key, '') = any($2::text[])
     order by singleton_key
     for share`,
    [queue, [...keys]],
  );
}

/**
 * Lets a wake-up that somebody waits for take the place of one that waits under the same key and nobody waits for: that one
 * may be put off for an hour, and does no more than this one. After `lockRunning`.
 */
export async function takePlace(db: Statements, queue: string, urgent: Urgent): Promise<void> {
  const { key, data, priority, patient } = urgent;
  await db.executeSql(
    `update pgboss.job set data = $3::jsonb, priority = $4, start_after = now()
     where name = $1 and policy = 'stately' and state = 'created' and singleton_key = $2 and priority <= $5`,
    [queue, key, JSON.stringify(data), priority, patient],
  );
}

/** Most further people that one waiting wake-up names. */
const mostOthers = 20;

/**
 * Notes that further people ask for what waits under keys, of each key one. Where that waits because its own person has
 * caused as much as one may, it waits no longer: it is for its own sake that each waits, and for nobody else's. One
 * statement for all, as deliveries come by the hundred. After `lockRunning`.
 */
export async function joinWaiting(
  db: Statements,
  queue: string,
  asking: readonly { readonly key: string; readonly author: number }[],
): Promise<void> {
  if (asking.length === 0) return;
  const others = "coalesce(job.data #> '{wakeUp,alsoBy}', '[]'::jsonb)";
  await db.executeSql(
    `update pgboss.job job
     set data = jsonb_set(job.data - 'waitsForShare', '{wakeUp,alsoBy}', ${others} || to_jsonb(asked.author)),
         start_after = case when job.data->>'waitsForShare' is null then job.start_after else now() end
     from unnest($2::text[], $3::bigint[]) as asked(key, author)
     where job.name = $1 and job.policy = 'stately' and job.state = 'created' and job.singleton_key = asked.key
       and job.data #>> '{wakeUp,author}' <> asked.author::text
       and not ${others} @> to_jsonb(asked.author) and jsonb_array_length(${others}) < ${mostOthers}`,
    [queue, asking.map(({ key }) => key), asking.map(({ author }) => author)],
  );
}

/** A wake-up for which somebody waits. `patient`: the priority at which, and below which, nobody does. */
export interface Urgent {
  readonly key: string;
  readonly data: object;
  readonly priority: number;
  readonly patient: number;
}

/** One that ran and came to its end. */
export interface Ended {
  readonly queue: string;
  readonly key: string;
  /** As the queue gave it: only this attempt is ended. */
  readonly job: { readonly id: string; readonly retryCount: number };
}

/**
 * Ends a job and brings forward what was held back for it, in one transaction. An attempt whose lease ran out ends nothing:
 * what is held back waits for the attempt that took its place.
 */
export async function endAndBringForward(db: Kysely<Tables>, boss: PgBoss, { queue, key, job }: Ended): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { rows } = await sql`
      select 1 from pgboss.job
      where name = ${queue} and id = ${job.id} and state = 'active' and retry_count = ${job.retryCount}
      for update`.execute(transaction);
    if (rows.length === 0) return;
    await boss.complete(queue, { id: job.id, retryCount: job.retryCount }, null, { db: fromKysely(transaction) });
    await bringForward(transaction, boss, queue, key);
    // The queue's own note of what runs, by which others pass over this key, is seconds old (see `queueSettings`).
    await sql`
      update pgboss.queue set singletons_active = array_remove(singletons_active, ${key}::text)
      where name = ${queue} and ${key}::text = any(singletons_active)`.execute(transaction);
  });
}

/**
 * Whether an earlier attempt under this key waits to be made again. The queue keeps one of them: a second one that fails
 * would be set aside at once, as if it had failed at every attempt.
 */
export async function waitsForRetry(db: Kysely<Tables>, queue: string, key: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pgboss.job
    where name = ${queue} and policy = 'stately' and state = 'retry' and coalesce(singleton_key, '') = ${key}`.execute(
    db,
  );
  return rows.length > 0;
}

/**
 * Lets what was held back under a key begin; what waits for a later time goes on waiting. By the clock and not by `now()`,
 * which stands still in a transaction: what was held back since it began would seem to wait for a later time, and what
 * came since then, and is being taken by a worker, to be held back.
 */
export async function bringForward(db: Kysely<Tables>, boss: PgBoss, queue: string, key: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from pgboss.job
    where name = ${queue} and policy = 'stately' and state < 'active' and coalesce(singleton_key, '') = ${key}
      and start_after > clock_timestamp() and start_after <= clock_timestamp() + ${longest} * interval '1 second'`.execute(
    db,
  );
  for (const { id } of rows) await boss.update(queue, undefined, { id, startAfter: 0, db: fromKysely(db) });
}

/** Lets what waits under a key wait for so many seconds from now: GitHub asked for it, or does not answer. */
export async function putOff(boss: PgBoss, queue: string, key: string, seconds: number): Promise<void> {
  await boss.update(queue, undefined, { singletonKey: key, startAfter: seconds });
}
