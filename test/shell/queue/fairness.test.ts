import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { WakeUp } from "../../../src/shell/event.ts";
import { Demand } from "../../../src/shell/queue/demand.ts";
import { createQueues, evaluationQueue, oldestWaiting, patientPriority, send } from "../../../src/shell/queue/jobs.ts";
import { startWorker } from "../../../src/shell/queue/worker.ts";
import { type Database, openDatabase } from "../../../src/shell/store/database.ts";

function wakeUp(installation: number, number: number): WakeUp {
  const subject = { owner: `o${installation}`, repository: "shop", repositoryId: installation, installation, number };
  return { id: `${installation}-${number}`, why: "pull_request.opened", subject: { kind: "pull-request", ...subject } };
}

describe("what an installation asked for lately", () => {
  test("puts its next wake-up behind others', and is forgotten by a second each", () => {
    let now = 0;
    const demand = new Demand(() => now);
    for (let count = 0; count < 30; count++) demand.add(1);
    expect([demand.of(1), demand.of(2)]).toEqual([30, 0]);
    now += 20_000;
    expect(demand.of(1)).toBe(10);
    now += 60_000;
    expect(demand.of(1)).toBe(0);
  });

  test("never comes below what nobody waits for", () => {
    const demand = new Demand(() => 0);
    for (let count = 0; count < 60_000; count++) demand.add(1);
    expect(-demand.of(1)).toBeGreaterThan(patientPriority);
  });
});

describe("the queue", () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({ memory: true }, () => {});
    await createQueues(database.boss);
  });
  afterAll(async () => {
    await database.boss.stop({ graceful: false });
    await database.close();
  });

  test("H087: after two hundred wake-ups of one installation, those of fifty others are done before all but its first few", async () => {
    for (let number = 1; number <= 200; number++) await send(database.boss, wakeUp(1, number));
    for (let installation = 2; installation <= 51; installation++) await send(database.boss, wakeUp(installation, 1));
    expect(await oldestWaiting(database.kysely)).toBeGreaterThanOrEqual(0);
    const order: number[] = [];
    const running: number[] = [];
    let most = 0;
    await startWorker(
      database.kysely,
      database.boss,
      {
        evaluate: async ({ subject: { installation = 0 } }) => {
          order.push(installation);
          running.push(installation);
          most = Math.max(most, running.filter((one) => one === 1).length);
          await new Promise((resolve) => setTimeout(resolve, 5));
          running.splice(running.indexOf(installation), 1);
        },
        log: () => {},
      },
      4,
    );
    while (order.length < 60) await new Promise((resolve) => setTimeout(resolve, 20));
    await database.boss.offWork(evaluationQueue);
    const quiet = new Set(order.slice(0, 56).filter((installation) => installation !== 1));
    expect(quiet.size).toBe(50);
    expect(most).toBeLessThanOrEqual(2);
  }, 60_000);
});
