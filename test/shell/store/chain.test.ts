import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Kysely } from "kysely";
import { brokenLink } from "../../../src/core/domain/record-chain.ts";
import { TryAgainLater } from "../../../src/shell/failures.ts";
import { chainOf } from "../../../src/shell/store/chain.ts";
import type { Database } from "../../../src/shell/store/database.ts";
import { createStore } from "../../../src/shell/store/records.ts";
import { deleteOld } from "../../../src/shell/store/retention.ts";
import type { Tables } from "../../../src/shell/tables.ts";
import { anAssessment } from "../../make/an-assessment.ts";
import { openPrepared } from "../../make/prepared-database.ts";

describe("a chain that is read while its old records are deleted", () => {
  let database: Database;
  beforeAll(async () => {
    database = await openPrepared();
  });
  afterAll(() => database.close());

  async function recorded(repositoryId: number, days: readonly string[]): Promise<void> {
    const store = createStore(database.kysely);
    for (const [index, day] of days.entries()) {
      const { subject } = anAssessment();
      const assessment = anAssessment({
        subject: { ...subject, repositoryId, pullRequest: index + 1 },
        asOf: `${day}T09:00:00Z`,
      });
      const named = { kind: "pull-request", owner: "acme", repository: "exports", number: index + 1 } as const;
      const plan = { head: subject.head, steps: [] };
      await store.record({ subject: named, assessment, plan, results: [], standing: undefined });
    }
  }

  const deletion = () =>
    deleteOld(database.kysely, {
      records: "2025-01-01T00:00:00Z",
      deliveries: "2025-01-01T00:00:00Z",
      now: "2026-03-04T00:00:00Z",
    });

  test("begins where the records begin that are left, however the two fall together", async () => {
    await recorded(61, ["2024-01-01", "2024-01-02", "2026-03-01", "2026-03-02"]);
    let isDeleted = false;
    // The deletion comes right after the first look at where the chain begins.
    const slow = new Proxy(database.kysely, {
      get(target, name) {
        const own = Reflect.get(target, name);
        if (name !== "selectFrom" || isDeleted) return typeof own === "function" ? own.bind(target) : own;
        return (table: "chain_start") => {
          const query = {
            select: () => query,
            where: () => query,
            executeTakeFirst: async () => {
              isDeleted = true;
              const before = await target
                .selectFrom(table)
                .selectAll()
                .where("repository_id", "=", 61)
                .executeTakeFirst();
              await deletion();
              return before;
            },
          };
          return query;
        };
      },
    }) as Kysely<Tables>;
    const { start, records } = await chainOf(slow, 61);
    expect(isDeleted).toBe(true);
    expect(start.deleted).toBe(2);
    let previous = start.digest;
    const asOf: string[] = [];
    for await (const record of records) {
      expect(brokenLink(previous, record)).toBeUndefined();
      previous = record.digest;
      asOf.push(record.asOf);
    }
    expect(asOf).toEqual(["2026-03-01T09:00:00.000Z", "2026-03-02T09:00:00.000Z"]);
  });

  test("is not taken for broken where what was not read yet is gone: it is to be read again", async () => {
    await recorded(62, [...Array.from({ length: 60 }, () => "2024-01-01"), "2026-03-01"]);
    const { records } = await chainOf(database.kysely, 62);
    const reading = async (): Promise<void> => {
      let count = 0;
      for await (const _ of records) if (++count === 50) await deletion();
    };
    await expect(reading()).rejects.toThrow(TryAgainLater);
    const again = await chainOf(database.kysely, 62);
    expect(again.start.deleted).toBe(60);
  });
});
