import type { Kysely } from "kysely";
import { fromKysely, type PgBoss } from "pg-boss";
import type { Notice, WakeUp } from "../event.ts";
import type { Tables } from "../tables.ts";
import { sendAll } from "./jobs.ts";
import { sendNotice } from "./notices.ts";
import { keepPushes } from "./pushes.ts";

/** One webhook delivery that passed its signature. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly wakeUps: readonly WakeUp[];
  readonly notice?: Notice | undefined;
}

/** What became of a delivery. `ignored` needs no row: nothing would be done with it. */
export type Taken = "queued" | "duplicate" | "ignored";

/** Most deliveries of one transaction. */
const mostAtOnce = 100;

interface Waiting {
  readonly delivery: Delivery;
  resolve(taken: Taken): void;
  reject(error: unknown): void;
}

/**
 * Takes deliveries in: each with its jobs in one transaction, and those that arrive while one is stored together in the
 * next. So one delivery alone is stored at once, and three hundred a second cost a few dozen transactions and one connection.
 */
export class Intake {
  readonly #db: Kysely<Tables>;
  readonly #boss: PgBoss;
  readonly #stored: (deliveries: number) => void;
  readonly #waiting: Waiting[] = [];
  #isStoring = false;

  /** @param stored is told how many deliveries were stored together. */
  constructor(db: Kysely<Tables>, boss: PgBoss, stored: (deliveries: number) => void = () => {}) {
    this.#db = db;
    this.#boss = boss;
    this.#stored = stored;
  }

  /** Rejects when it could not be stored; GitHub then redelivers under the same id, which is new to us (H008). */
  take(delivery: Delivery): Promise<Taken> {
    if (delivery.wakeUps.length === 0 && delivery.notice === undefined) return Promise.resolve("ignored");
    return new Promise<Taken>((resolve, reject) => {
      this.#waiting.push({ delivery, resolve, reject });
      if (!this.#isStoring) void this.#storeAll();
    });
  }

  async #storeAll(): Promise<void> {
    this.#isStoring = true;
    while (this.#waiting.length > 0) await this.#store(this.#waiting.splice(0, mostAtOnce));
    this.#isStoring = false;
  }

  async #store(some: readonly Waiting[]): Promise<void> {
    try {
      const taken = await takeIn(
        this.#db,
        this.#boss,
        some.map(({ delivery }) => delivery),
      );
      this.#stored(some.length);
      for (const [index, { resolve }] of some.entries()) resolve(taken[index] ?? "queued");
    } catch (error) {
      // One that the database refuses for what is in it must not cost the others.
      if (some.length > 1 && isOf(error, /^(?:2[23]|40)/)) for (const one of some) await this.#store([one]);
      else for (const { reject } of some) reject(error);
    }
  }
}

/**
 * Classes 22 and 23 of SQLSTATE are about data and integrity, 40 about transactions that were in each other's way.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
function isOf(error: unknown, states: RegExp): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && states.test(error.code);
}

/** In one order whoever writes them, so that two replicas with the same deliveries do not wait for each other. */
function inOrder<Row extends { readonly id: string }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** Stores deliveries and their jobs in one transaction; each whose id is stored already is a duplicate. */
export async function takeIn(
  db: Kysely<Tables>,
  boss: PgBoss,
  deliveries: readonly Delivery[],
): Promise<readonly Taken[]> {
  return db.transaction().execute(async (transaction) => {
    const rows = await transaction
      .insertInto("delivery")
      .values(inOrder(deliveries.map(({ id, event }) => ({ id, event }))))
      .onConflict((conflict) => conflict.column("id").doNothing())
      .returning("id")
      .execute();
    const fresh = new Set(rows.map(({ id }) => id));
    const taken: Taken[] = [];
    const wakeUps: WakeUp[] = [];
    for (const { id, wakeUps: asked, notice } of deliveries) {
      // The second of two with one id in the same transaction is a duplicate too.
      if (!fresh.delete(id)) {
        taken.push("duplicate");
        continue;
      }
      taken.push("queued");
      wakeUps.push(...asked);
      if (notice) await sendNotice(boss, notice, id, { db: fromKysely(transaction) });
    }
    // Those that join a waiting job are forgotten with it; whose push it was is not to be.
    await keepPushes(transaction, wakeUps, new Date().toISOString());
    await sendAll(boss, wakeUps, { db: fromKysely(transaction) });
    return taken;
  });
}
