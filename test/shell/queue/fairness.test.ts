import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { WakeUp } from "../../../src/shell/event.ts";
import { Demand, patientPriority } from "../../../src/shell/queue/demand.ts";
import { queueDepth } from "../../../src/shell/queue/depth.ts";
import { createQueues, type EvaluationJob, evaluationQueue, send, sendAll } from "../../../src/shell/queue/jobs.ts";
import { startWorker } from "../../../src/shell/queue/worker.ts";
import type { Database } from "../../../src/shell/store/database.ts";
import { eventually } from "../../flow/program.ts";
import { openPrepared } from "../../make/prepared-database.ts";

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
    database = await openPrepared(() => {});
    await createQueues(database.boss);
  });
  afterAll(() => database.close());

  test("H087: after two hundred wake-ups of one installation, those of fifty others are done before all but its first few", async () => {
    for (let number = 1; number <= 200; number++) await send(database.boss, wakeUp(1, number));
    for (let installation = 2; installation <= 51; installation++) await send(database.boss, wakeUp(installation, 1));
    expect(await queueDepth(database.kysely)).toMatchObject({ waiting: 250, running: 0 });
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
  });

  test("a push takes the place of what waits for its pull request and nobody waits for; nothing else does", async () => {
    const waiting = async () =>
      (await database.boss.findJobs<EvaluationJob>(evaluationQueue, { data: { wakeUp: { why: "place" } } })).map(
        ({ data, startAfter, priority }) => [
          data.wakeUp.id,
          startAfter.getTime() <= Date.now() + 1000,
          priority > patientPriority,
        ],
      );
    const of = (id: string): WakeUp => ({ ...wakeUp(900, 1), id, why: "place" });
    await send(database.boss, of("alerts"), { startAfter: 3000, priority: patientPriority });
    await send(database.boss, of("sweep"), { priority: patientPriority });
    expect(await waiting()).toEqual([["alerts", false, false]]);
    await sendAll(database.boss, [of("push")], {});
    expect(await waiting()).toEqual([["push", true, true]]);
    await send(database.boss, of("again"));
    expect(await waiting()).toEqual([["push", true, true]]);
  });

  test("what is put off for others leaves a push that waits behind it as it is", async () => {
    const done: string[] = [];
    const of = (id: string): WakeUp => ({ ...wakeUp(901, 1), id });
    await send(database.boss, of("alerts"), { priority: patientPriority });
    await startWorker(
      database.kysely,
      database.boss,
      {
        evaluate: async ({ id }) => {
          done.push(id);
        },
        pauseOfPatient: ({ id }) => {
          if (id === "alerts") void send(database.boss, of("push"));
          return 3000;
        },
        log: () => {},
      },
      1,
    );
    try {
      await eventually("the push is judged", () => done.includes("push"));
    } finally {
      await database.boss.offWork(evaluationQueue);
    }
  });

  test("an evaluation begins when it may", async () => {
    const order: string[] = [];
    await send(database.boss, wakeUp(902, 1));
    await startWorker(
      database.kysely,
      database.boss,
      {
        mayBegin: async () => {
          order.push("asked");
          await new Promise((resolve) => setTimeout(resolve, 20));
          order.push("may");
        },
        evaluate: async ({ subject }) => {
          if (subject.installation === 902) order.push("evaluated");
        },
        log: () => {},
      },
      1,
    );
    try {
      await eventually("it is evaluated", () => order.includes("evaluated"));
      expect(order.slice(order.indexOf("evaluated") - 2)).toEqual(["asked", "may", "evaluated"]);
    } finally {
      await database.boss.offWork(evaluationQueue);
    }
  });
});
