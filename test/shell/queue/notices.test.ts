import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { sql } from "kysely";
import type { Notice } from "../../../src/shell/event.ts";
import { createNoticeQueue, noticeQueue, sendNotice, startNoticeWorker } from "../../../src/shell/queue/notices.ts";
import type { Database } from "../../../src/shell/store/database.ts";
import { openPrepared } from "../../make/prepared-database.ts";

let database: Database;
/** What was taken: the kind, and since when only what was being judged is meant. */
const taken: (readonly [Notice["kind"], string | undefined])[] = [];

beforeAll(async () => {
  database = await openPrepared();
  await createNoticeQueue(database.boss);
  await startNoticeWorker(database.boss, {
    now: async () => "the first time",
    takeNotice: async ({ kind }, _, noticed) => {
      taken.push([kind, noticed]);
      return [];
    },
    log: () => {},
  });
});

afterAll(() => database.close());

async function takenTimes(count: number): Promise<void> {
  for (let waited = 0; waited < 300 && taken.length < count; waited++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(taken).toHaveLength(count);
  // A later look is asked for before a job is over.
  for (let waited = 0; waited < 300 && (await isRunning()); waited++)
    await new Promise((resolve) => setTimeout(resolve, 100));
}

async function isRunning(): Promise<boolean> {
  const { rows } = await sql`select 1 from pgboss.job where name = ${noticeQueue} and state = 'active'`.execute(
    database.kysely,
  );
  return rows.length > 0;
}

/** Seconds for which the jobs that wait are put off. */
async function putOff(): Promise<readonly number[]> {
  const { rows } = await sql<{ seconds: number }>`
    select round(extract(epoch from start_after - created_on))::int as seconds from pgboss.job
    where name = ${noticeQueue} and state = 'created' order by created_on`.execute(database.kysely);
  return rows.map(({ seconds }) => seconds);
}

/** As if the time had passed. */
async function pass(): Promise<void> {
  await sql`update pgboss.job set start_after = now() where name = ${noticeQueue} and state = 'created'`.execute(
    database.kysely,
  );
}

test("H028: a notice about people is looked at again after half a minute and after the longest lease, for what was being judged then", async () => {
  const notice: Notice = { kind: "people-changed", organisation: "acme", teams: ["architects"], people: [] };
  await sendNotice(database.boss, notice, "d-1");
  await takenTimes(1);
  expect(await putOff()).toEqual([30]);
  await pass();
  await takenTimes(2);
  expect(await putOff()).toEqual([270]);
  await pass();
  await takenTimes(3);
  expect(await putOff()).toEqual([]);
  const later = ["people-changed", "the first time"];
  expect(taken).toEqual([["people-changed", undefined], later, later]);
});

test("a pull request that was closed is forgotten once", async () => {
  taken.length = 0;
  await sendNotice(database.boss, { kind: "closed", repositoryId: 7, number: 1 }, "d-2");
  await takenTimes(1);
  expect(await putOff()).toEqual([]);
});
