import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, PostgresDialect } from "kysely";
import pg from "pg";
import { fromPglite, PgBoss } from "pg-boss";
import type { Tables } from "../tables.ts";
import { lockFolder } from "./folder-lock.ts";
import { migrate } from "./migrations.ts";

/** The one database and its queue, whichever engine is behind them. */
export interface Database {
  readonly kind: "embedded" | "postgresql";
  readonly kysely: Kysely<Tables>;
  readonly boss: PgBoss;
  /**
   * Comes back when nothing can be on its way to GitHub any more that a process sent before it was killed; at once where
   * none was killed in the middle of a job. Whoever looks at GitHub sooner may write the same again.
   */
  readonly settled: Promise<void>;
  /** Runs work for which no other process and no other caller holds the same key. */
  alone<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Answers true when a query comes back; false, never a throw, when it does not. */
  ping(): Promise<boolean>;
  /** Stops the queue where it still runs, without waiting for its jobs, and closes everything. */
  close(): Promise<void>;
}

/** Where to keep things: a PostgreSQL address, a folder for the embedded database, or memory (tests). */
export type DatabaseLocation = { readonly url: string } | { readonly folder: string } | { readonly memory: true };

/**
 * pg-boss settings common to both engines; polling is a fallback, new jobs are announced by NOTIFY. What is fetched passes
 * over the pull requests that the last look at the queue (`monitor`) saw being evaluated, as cached: with the cache's
 * default of a minute, a push right after an evaluation could wait that long (queue/held-back.ts takes them off the note).
 */
const queueSettings = {
  useListenNotify: true,
  superviseIntervalSeconds: 5,
  monitorIntervalSeconds: 5,
  queueCacheIntervalSeconds: 1,
  maintenanceIntervalSeconds: 60,
} as const;

/**
 * Opens the database, brings its tables up to date and starts the queue. The embedded one takes an exclusive lock and
 * refuses a second process, because PGlite itself has no lock and would lose writes without an error.
 */
export async function openDatabase(location: DatabaseLocation, onError: (error: Error) => void): Promise<Database> {
  return "url" in location ? openPostgres(location.url, onError) : openEmbedded(location, onError);
}

/** Why the database of `DATABASE_URL` cannot be used. An address with several hosts fails with a message for none of them. */
function unusable(error: unknown): Error {
  // A refused connection to several addresses is an error without words.
  const { message, code } = error as NodeJS.ErrnoException;
  const why = message || code || "no answer";
  return new Error(`The database of DATABASE_URL cannot be used: ${why}.`, { cause: error });
}

async function openPostgres(url: string, onError: (error: Error) => void): Promise<Database> {
  const inTurn = createTurns();
  const pool = openPool({ connectionString: url, max: 10, connectionTimeoutMillis: 4000 }, onError);
  // Whoever holds a lock asks the database in the meantime: out of one pool, ten of them would wait for each other.
  const locks = openPool({ connectionString: url, max: 10, connectionTimeoutMillis: 60_000 }, onError);
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await migrate(kysely as Kysely<unknown>).catch((error: unknown) => {
    throw unusable(error);
  });
  const boss = new PgBoss({ connectionString: url, max: 5, ...queueSettings });
  boss.on("error", onError);
  await boss.start();
  return {
    kind: "postgresql",
    kysely,
    boss,
    // What another replica was doing is its own until its lease runs out, which is later.
    settled: Promise.resolve(),
    alone: (key, work) => inTurn(key, () => withAdvisoryLock(locks, key, work)),
    ping: async () => answers(pool.query("select 1")),
    close: () =>
      boss.stop({ graceful: false }).finally(async () => {
        await Promise.all([kysely.destroy(), locks.end()]);
      }),
  };
}

function openPool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool(config);
  pool.on("error", onError);
  // The pool listens to idle connections alone. One that is lent, and whose server goes away while it waits inside a
  // transaction or holds a lock, would end the process.
  pool.on("connect", (client) => client.on("error", onError));
  return pool;
}

async function openEmbedded(
  location: { readonly folder: string } | { readonly memory: true },
  onError: (error: Error) => void,
): Promise<Database> {
  const unlock = "folder" in location ? await lockFolder(location.folder) : async () => {};
  try {
    const inTurn = createTurns();
    const pglite = await PGlite.create("folder" in location ? join(location.folder, "database") : "memory://");
    const kysely = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
    await migrate(kysely as Kysely<unknown>);
    const boss = new PgBoss({ db: fromPglite(pglite), backend: "pglite", ...queueSettings });
    boss.on("error", onError);
    await boss.start();
    const givenBack = await giveBackJobs(pglite, boss);
    return {
      kind: "embedded",
      kysely,
      boss,
      settled: givenBack > 0 ? sleep(settleSeconds * 1000, undefined, { ref: false }) : Promise.resolve(),
      alone: inTurn,
      ping: async () => answers(pglite.query("select 1")),
      close: () =>
        boss.stop({ graceful: false }).finally(async () => {
          await kysely.destroy();
          if (!pglite.closed) await pglite.close();
          await unlock();
        }),
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/**
 * Seconds after which nothing that a process sent before it was killed can still be done: GitHub ends a request that takes
 * it more than ten. docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts
 */
const settleSeconds = 11;

/**
 * Jobs that were running when the last process of this folder was killed belong to nobody, since only one process may
 * open it: they are tried again before their lease runs out, but not before what was on its way can be seen. Otherwise the
 * same would be written twice. It counts as an attempt (H043, H086).
 * @returns how many there were.
 */
async function giveBackJobs(pglite: PGlite, boss: PgBoss): Promise<number> {
  const { rows } = await pglite.query<{ name: string; id: string }>(
    "select name, id from pgboss.job where state = 'active'",
  );
  for (const { name, id } of rows) await boss.fail(name, id, { message: "The process ended while this job ran." });
  await pglite.query(
    `update pgboss.job set start_after = greatest(start_after, now() + ${settleSeconds} * interval '1 second')
     where id = any($1::uuid[]) and state = 'retry'`,
    [rows.map(({ id }) => id)],
  );
  // The queue's own note of what is running is as old as the process that is gone.
  await pglite.query("update pgboss.queue set singletons_active = null");
  return rows.length;
}

async function answers(query: Promise<unknown>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 3000).unref());
  return Promise.race([query.then(() => true).catch(() => false), late]);
}

/** Callers of one process with the same key, one after the other. */
function createTurns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.then(
      () => {},
      () => {},
    );
    last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (last.get(key) === settled) last.delete(key);
    }
  };
}

/** Holds a lock of the database session while the work lasts, so that other processes wait for it. */
async function withAdvisoryLock<T>(pool: pg.Pool, key: string, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock(hashtextextended($1, 0))", [key]);
    return await work();
  } finally {
    // Ending the session gives the lock back even when the unlock could not be sent.
    const unlocked = await client.query("select pg_advisory_unlock(hashtextextended($1, 0))", [key]).then(
      () => true,
      () => false,
    );
    client.release(!unlocked);
  }
}
