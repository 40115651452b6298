import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { WakeUp } from "../../../src/shell/event.ts";
import { TryAgainLater } from "../../../src/shell/failures.ts";
import { Intake } from "../../../src/shell/queue/intake.ts";
import { createQueues, evaluationQueue, send } from "../../../src/shell/queue/jobs.ts";
import { createNoticeQueue } from "../../../src/shell/queue/notices.ts";
import { startWorker } from "../../../src/shell/queue/worker.ts";
import { type Database, openDatabase } from "../../../src/shell/store/database.ts";
import {
  forgetOrganisationPolicy,
  organisationPolicyWasSeen,
  rememberOrganisationPolicy,
} from "../../../src/shell/store/organisation-policies.ts";
import { rememberTimeline, timelineOf } from "../../../src/shell/store/timeline.ts";
import { recoveryCases } from "../../make/recovery-cases.ts";

const fail = (error: Error): never => {
  throw error;
};

function wakeUp(number: number, id = `delivery-${number}`): WakeUp {
  return {
    id,
    why: "pull_request.opened",
    subject: {
      kind: "pull-request",
      owner: "fernhill",
      repository: "booking",
      repositoryId: 7,
      installation: 1,
      number,
    },
  };
}

describe("the embedded database", () => {
  const folder = mkdtempSync(join(tmpdir(), "threatgate-"));
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({ folder }, fail);
    await createQueues(database.boss);
    await createNoticeQueue(database.boss);
  });
  afterAll(() => database.close());

  recoveryCases(() => database);

  test("refuses a second opening of the same folder while the first lives", async () => {
    await expect(openDatabase({ folder }, fail)).rejects.toThrow(/is in use by this process/);
  });

  // H007, H008
  test("stores a delivery once; the same id again is a duplicate; a failed transaction leaves nothing", async () => {
    const delivery = { id: "d-1", event: "pull_request", wakeUps: [wakeUp(101)] };
    const results = await Promise.all([
      new Intake(database.kysely, database.boss).take(delivery),
      new Intake(database.kysely, database.boss).take(delivery),
    ]);
    expect([...results].sort()).toEqual(["duplicate", "queued"]);

    const broken = {
      ...database.boss,
      insert: async () => fail(new Error("no queue")),
    } as unknown as typeof database.boss;
    await expect(new Intake(database.kysely, broken).take({ ...delivery, id: "d-2" })).rejects.toThrow("no queue");
    expect(await new Intake(database.kysely, database.boss).take({ ...delivery, id: "d-2" })).toBe("queued");
  });

  test("stores what arrives at once together: each once, the second of two with one id a duplicate, no job twice", async () => {
    const together: number[] = [];
    const intake = new Intake(database.kysely, database.boss, (stored) => together.push(stored));
    const deliveries = Array.from({ length: 250 }, (_, index) => ({
      id: `at-once-${index % 200}`,
      event: "pull_request",
      wakeUps: [wakeUp(500 + (index % 20), `at-once-${index}`)],
    }));
    const taken = await Promise.all(deliveries.map((delivery) => intake.take(delivery)));
    expect(taken.filter((one) => one === "queued")).toHaveLength(200);
    expect(taken.filter((one) => one === "duplicate")).toHaveLength(50);
    // The first alone, those that arrived meanwhile a hundred at a time.
    expect(together).toEqual([1, 100, 100, 49]);
    const jobs = await database.boss.findJobs(evaluationQueue);
    const numbers = jobs
      .map(({ data }) => (data as { wakeUp: WakeUp }).wakeUp.subject.number)
      .filter((one) => one >= 500);
    expect(numbers.toSorted()).toEqual(Array.from({ length: 20 }, (_, index) => 500 + index));
  });

  test("one delivery that the database refuses costs no other", async () => {
    const intake = new Intake(database.kysely, database.boss);
    const refused = { id: "with a NUL \u0000", event: "pull_request", wakeUps: [wakeUp(600)] };
    const good = ["beside-1", "beside-2"].map((id, index) => ({
      id,
      event: "pull_request",
      wakeUps: [wakeUp(601 + index)],
    }));
    // The first is stored alone; the three that arrive meanwhile together.
    const all = [{ ...refused, id: "first" }, ...good, refused].map((delivery) => intake.take(delivery));
    const settled = await Promise.allSettled(all);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected"]);
  });

  test("ignores a delivery that wakes nothing without storing it", async () => {
    expect(await new Intake(database.kysely, database.boss).take({ id: "d-3", event: "ping", wakeUps: [] })).toBe(
      "ignored",
    );
    const row = await database.kysely.selectFrom("delivery").selectAll().where("id", "=", "d-3").executeTakeFirst();
    expect(row).toBeUndefined();
  });

  test("joins waiting wake-ups of one pull request, and keeps those of others apart", async () => {
    expect(await send(database.boss, wakeUp(201, "a"))).toBe(true);
    expect(await send(database.boss, wakeUp(201, "b"))).toBe(false);
    expect(await send(database.boss, wakeUp(202, "c"))).toBe(true);
  });

  test("hands each pull request to the worker, never twice at once, and waits as long as GitHub asks", async () => {
    const running = new Set<number>();
    const seen: string[] = [];
    let overlapped = false;
    let limited = true;
    await startWorker(
      database.kysely,
      database.boss,
      {
        evaluate: async ({ subject, id }) => {
          overlapped ||= running.has(subject.number);
          running.add(subject.number);
          await new Promise((resolve) => setTimeout(resolve, 20));
          running.delete(subject.number);
          if (subject.number === 301 && limited) {
            limited = false;
            throw new TryAgainLater("slow down", { afterSeconds: 1 });
          }
          seen.push(id);
        },
        log: () => {},
      },
      3,
    );
    await send(database.boss, wakeUp(301, "limited"));
    await send(database.boss, wakeUp(302, "other"));
    for (let count = 0; count < 100 && !(seen.includes("limited") && seen.includes("other")); count++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await database.boss.offWork(evaluationQueue);
    expect(seen).toEqual(expect.arrayContaining(["limited", "other"]));
    expect(seen.indexOf("other")).toBeLessThan(seen.indexOf("limited"));
    expect(overlapped).toBe(false);
  });

  test("remembers whose policy was seen, whatever the case of the name, until it is surely gone", async () => {
    const { kysely } = database;
    expect(await organisationPolicyWasSeen(kysely, "Fernhill")).toBe(false);
    await rememberOrganisationPolicy(kysely, "Fernhill", "2026-03-01T00:00:00.000Z");
    await rememberOrganisationPolicy(kysely, "fernhill", "2026-03-02T00:00:00.000Z");
    expect(await organisationPolicyWasSeen(kysely, "FERNHILL")).toBe(true);
    expect(await organisationPolicyWasSeen(kysely, "other")).toBe(false);
    await forgetOrganisationPolicy(kysely, "fernHill");
    expect(await organisationPolicyWasSeen(kysely, "fernhill")).toBe(false);
  });

  test("remembers each entry of a timeline once, oldest first", async () => {
    const change = (at: string, reference: string) =>
      ({ kind: "change", at, reference, what: "New data store", path: "a.tf", elements: ["a"] }) as const;
    await rememberTimeline(database.kysely, 7, [
      change("2026-03-02T00:00:00.000Z", "#2"),
      change("2026-03-01T00:00:00.000Z", "#1"),
    ]);
    await rememberTimeline(database.kysely, 7, [change("2026-03-09T00:00:00.000Z", "#1")]);
    expect((await timelineOf(database.kysely, 7)).map((entry) => [entry.reference, entry.at])).toEqual([
      ["#1", "2026-03-01T00:00:00.000Z"],
      ["#2", "2026-03-02T00:00:00.000Z"],
    ]);
  });

  test("remembers what one merge brought to each of several systems, and what it brought in several places", async () => {
    const merge = { at: "2026-03-04T09:00:00Z", reference: "#31" } as const;
    const update = (system: string) => ({ kind: "update", ...merge, concerns: [system], system }) as const;
    const change = (path: string, system: string) =>
      ({ kind: "change", ...merge, what: "New data store `cards`", path, elements: ["cards"], system }) as const;
    const entries = [
      update("Payments"),
      update("Website"),
      change("shared/cards.tf", "Payments"),
      change("shared/cards.tf", "Website"),
      change("web/cards.tf", "Website"),
    ];
    for (let again = 0; again < 2; again++) await rememberTimeline(database.kysely, 31, entries);
    const known = await timelineOf(database.kysely, 31);
    expect(known).toHaveLength(entries.length);
    expect(known).toEqual(expect.arrayContaining(entries));
  });

  test("remembers a history of any length at once", async () => {
    const entries = Array.from({ length: 12_000 }, (_, index) => ({
      kind: "change" as const,
      at: "2026-03-04T09:00:00Z",
      reference: `#${index}`,
      what: "New data store",
      path: "a.tf",
      elements: ["a"],
    }));
    await rememberTimeline(database.kysely, 32, entries);
    expect(await timelineOf(database.kysely, 32)).toHaveLength(entries.length);
  });
});
