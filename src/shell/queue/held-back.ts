import { type Kysely, sql } from "kysely";
import { fromKysely, type PgBoss } from "pg-boss";
import type { Tables } from "../tables.ts";
import { patientPriority } from "./demand.ts";

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

/** One wake-up under its key, which waits or has just come to join one that does. */
export interface Asked {
  readonly key: string;
  /** Who asks, by this one, for what waits already. Left out: nobody who did not before. */
  readonly people?: readonly number[];
  /** Takes the place of one that waits already and that nobody waits for: that one may be put off for an hour, and does no more. */
  readonly instead?: { readonly data: object; readonly priority: number };
}

/** Most further people that one waiting wake-up names. */
const mostOthers = 20;

/*
 * Parts of the statement below. What is written is told from the row as it is when its turn comes to be changed, so each is
 * an expression over that row, and none a table made before.
 */
const others = "coalesce(waiting.data #> '{wakeUp,alsoBy}', '[]'::jsonb)";
const givesWay = `(asked.data is not null and waiting.state = 'created' and waiting.priority <= ${patientPriority})`;
const joining = `(
  select jsonb_agg(person) from (
    select person from jsonb_array_elements(asked.people) as one(person)
    where waiting.state = 'created' and waiting.data #> '{wakeUp,author}' <> person and not ${others} @> person
    limit greatest(0, ${mostOthers} - jsonb_array_length(${others}))
  ) as joining)`;
const isHeld = "(asked.key = any(running.keys))";
const heldUntil = `(now() + ${longest} * interval '1 second')`;

/**
 * Has wake-ups wait as they should, of each key one. What waits while a job of the same key runs is held back. Where one
 * joined what waits already, whoever asks by it is noted there; and where that waits because its own person has caused as
 * much as one may, it waits no longer: it is for its own sake that each waits, and for nobody else's.
 *
 * The running jobs' rows are locked meanwhile, before what waits is looked at, as whoever ends a job does: its end either
 * comes before, and then nothing is held back, or after, and then it sees what is. It is one statement because deliveries
 * come by the hundred, and each further one has them wait for the database and for what else this process does. The keys are
 * told once more as a list, by which the index finds them however much waits.
 */
export async function letWait(db: Statements, queue: string, asked: readonly Asked[]): Promise<void> {
  const rows = asked.map(({ key, people = [], instead }) => ({ key, people, ...instead }));
  await db.executeSql(
    `with asked as materialized (
       select * from jsonb_to_recordset($2::jsonb) as one(key text, people jsonb, data jsonb, priority integer)
     ), locked as materialized (
       select singleton_key from pgboss.job
       where name = $1 and policy = 'stately' and state = 'active'
         and coalesce(singleton_key, '') = any($3::text[])
       order by singleton_key
       for share
     ), running as materialized (
       select coalesce(array_agg(singleton_key), '{}') as keys from locked
     )
     update pgboss.job waiting set
       data = case
         when ${givesWay} then asked.data
         when ${joining} is not null
           then jsonb_set(waiting.data - 'waitsForShare', '{wakeUp,alsoBy}', ${others} || ${joining})
         else waiting.data
       end,
       priority = case when ${givesWay} then asked.priority else waiting.priority end,
       start_after = greatest(
         case
           when ${givesWay} or (waiting.data ? 'waitsForShare' and ${joining} is not null) then now()
           else waiting.start_after
         end,
         case when ${isHeld} then ${heldUntil} end)
     from running cross join asked
     where waiting.name = $1 and waiting.policy = 'stately' and waiting.state in ('created', 'retry')
       and coalesce(waiting.singleton_key, '') = any($3::text[]) and waiting.singleton_key = asked.key
       and (${isHeld} and waiting.start_after < ${heldUntil} or ${givesWay} or ${joining} is not null)`,
    [queue, JSON.stringify(rows), asked.map(({ key }) => key)],
  );
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
    where name = ${queue} and policy = 'stately' and state in ('created', 'retry') and coalesce(singleton_key, '') = ${key}
      and start_after > clock_timestamp() and start_after <= clock_timestamp() + ${longest} * interval '1 second'`.execute(
    db,
  );
  for (const { id } of rows) await boss.update(queue, undefined, { id, startAfter: 0, db: fromKysely(db) });
}

/** Lets what waits under a key wait for so many seconds from now: GitHub asked for it, or does not answer. */
export async function putOff(boss: PgBoss, queue: string, key: string, seconds: number): Promise<void> {
  await boss.update(queue, undefined, { singletonKey: key, startAfter: seconds });
}
