import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { fromKysely } from "pg-boss";
import type { TimelineEntry } from "../../src/core/domain/timeline.ts";
import type { WakeUp } from "../../src/shell/event.ts";
import { patientPriority } from "../../src/shell/queue/demand.ts";
import { bringForward } from "../../src/shell/queue/held-back.ts";
import { Intake, takeIn } from "../../src/shell/queue/intake.ts";
import { createQueues, type EvaluationJob, evaluationQueue, keyOf, send } from "../../src/shell/queue/jobs.ts";
import { createNoticeQueue } from "../../src/shell/queue/notices.ts";
import { startWorker } from "../../src/shell/queue/worker.ts";
import { firstBrokenRecord } from "../../src/shell/store/chain.ts";
import { type Database, openDatabase } from "../../src/shell/store/database.ts";
import { auditOf, createStore, latestEvaluation } from "../../src/shell/store/records.ts";
import { rememberTimeline, timelineOf } from "../../src/shell/store/timeline.ts";
import { anAssessment } from "../make/an-assessment.ts";
import { heldBackCases } from "../make/held-back-cases.ts";
import { PostgresServer } from "../make/postgres-server.ts";
import { recoveryCases } from "../make/recovery-cases.ts";
import { eventually } from "./program.ts";

/** The same store and queue as with the embedded database, by two replicas on one real PostgreSQL server. */
let isEnding = false;
let server: PostgresServer;
let url: string;
let one: Database;
let other: Database;

beforeAll(async () => {
  server = await PostgresServer.create();
  url = server.url;
  // Both at once: whoever comes second waits for the first one's migrations.
  [one, other] = await Promise.all([openDatabase({ url }, fail), openDatabase({ url }, fail)]);
  await Promise.all([createQueues(one.boss), createQueues(other.boss)]);
  await Promise.all([createNoticeQueue(one.boss), createNoticeQueue(other.boss)]);
});

afterAll(async () => {
  for (const database of [one, other]) {
    await database.boss.stop({ graceful: true, timeout: 5_000 });
    await database.close();
  }
  // The server ends whatever connection is still closing; that is no fault of the store.
  isEnding = true;
  await server.remove();
});

function fail(error: Error): void {
  if (!isEnding) throw error;
}

function wakeUp(number: number, id = `delivery-${number}`): WakeUp {
  const subject = { owner: "acme", repository: "shop", repositoryId: 7, installation: 1, number };
  return { id, why: "pull_request.opened", subject: { kind: "pull-request", ...subject } };
}

describe("on PostgreSQL", () => {
  test("a push that comes as an evaluation ends waits for that end, and neither is refused for the other", async () => {
    const owed = { ...wakeUp(77), id: "owed", author: 5 };
    const key = keyOf(owed);
    await send(one.boss, owed);
    const job = (await one.boss.fetch<EvaluationJob>(evaluationQueue, { includeMetadata: true }))[0];
    expect(job?.data.wakeUp.id).toBe("owed");
    await send(one.boss, { ...owed, id: "patient" }, { priority: patientPriority });
    let pushed: Promise<unknown> | undefined;
    await one.kysely.transaction().execute(async (transaction) => {
      const db = fromKysely(transaction);
      await one.boss.complete(evaluationQueue, { id: job?.id ?? "", retryCount: job?.retryCount ?? 0 }, null, { db });
      const delivery = { id: "push-as-it-ends", event: "pull_request", wakeUps: [{ ...owed, id: "push", author: 6 }] };
      pushed = takeIn(other.kysely, other.boss, [delivery]);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await bringForward(transaction, one.boss, evaluationQueue, key);
    });
    expect(await pushed).toEqual(["queued"]);
    const waiting = await one.boss.fetch<EvaluationJob>(evaluationQueue, { includeMetadata: true });
    expect(waiting.map(({ data }) => data.wakeUp.id)).toEqual(["push"]);
    for (const { id } of waiting) await one.boss.complete(evaluationQueue, id);
  });

  test("two replicas start at once, and a third finds the tables as they are", async () => {
    expect([one.kind, await one.ping(), await other.ping()]).toEqual(["postgresql", true, true]);
    const third = await openDatabase({ url }, fail);
    const rows = await third.kysely.selectFrom("evaluation").selectAll().execute();
    await third.close();
    expect(rows).toEqual([]);
  });

  test("H007: a delivery that reaches both replicas at once is one row and one job", async () => {
    const delivery = { id: "at-both", event: "pull_request", wakeUps: [wakeUp(1)] };
    const taken = await Promise.all(
      [one, other, one, other].map(({ kysely, boss }) => new Intake(kysely, boss).take(delivery)),
    );
    expect(taken.toSorted()).toEqual(["duplicate", "duplicate", "duplicate", "queued"]);
    const rows = await other.kysely.selectFrom("delivery").selectAll().where("id", "=", "at-both").execute();
    expect(rows).toHaveLength(1);
    expect(await other.boss.findJobs(evaluationQueue, { data: { wakeUp: { id: "delivery-1" } } })).toHaveLength(1);
  });

  test("a delivery whose job could not be stored leaves no row, so that its redelivery is taken (H008)", async () => {
    const broken = {
      ...one.boss,
      insert: async () => Promise.reject(new Error("no queue")),
    } as unknown as typeof one.boss;
    const delivery = { id: "lost", event: "pull_request", wakeUps: [wakeUp(2)] };
    await expect(new Intake(one.kysely, broken).take(delivery)).rejects.toThrow("no queue");
    expect(await new Intake(other.kysely, other.boss).take(delivery)).toBe("queued");
  });

  test("wake-ups of one pull request join the waiting one, whichever replica takes them", async () => {
    const sent = [
      await send(one.boss, wakeUp(3, "a")),
      await send(other.boss, wakeUp(3, "b")),
      await send(other.boss, wakeUp(4, "c")),
    ];
    expect(sent).toEqual([true, false, true]);
  });

  test("two workers evaluate each pull request in turn, never one of them twice at once, and drop none", async () => {
    const running = new Set<number>();
    const seen = new Map<number, number>();
    let overlapped = false;
    const work = {
      evaluate: async ({ subject }: WakeUp) => {
        overlapped ||= running.has(subject.number);
        running.add(subject.number);
        await new Promise((resolve) => setTimeout(resolve, 30));
        running.delete(subject.number);
        seen.set(subject.number, (seen.get(subject.number) ?? 0) + 1);
      },
      log: () => {},
    };
    await Promise.all([startWorker(one.kysely, one.boss, work, 3), startWorker(other.kysely, other.boss, work, 3)]);
    const numbers = Array.from({ length: 12 }, (_, index) => 100 + index);
    for (const round of [1, 2, 3]) {
      for (const number of numbers)
        await send(round % 2 === 0 ? one.boss : other.boss, wakeUp(number, `${number}-${round}`));
    }
    await eventually("all were evaluated", () => numbers.every((number) => seen.has(number)));
    await Promise.all([one.boss.offWork(evaluationQueue), other.boss.offWork(evaluationQueue)]);
    expect(overlapped).toBe(false);
    for (const number of numbers) expect(seen.get(number)).toBeLessThanOrEqual(3);
  });

  test("what only one may do at a time is done by one, across replicas", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside++;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside--;
    };
    await Promise.all([one, other, one, other].map((database) => database.alone("acme/shop", work)));
    expect(most).toBe(1);
  });

  test("H011: a connection that the server ends while it holds a lock is told and ends nothing", async () => {
    const told: string[] = [];
    const database = await openDatabase({ url }, (error) => void told.push(error.message));
    const work = database.alone("acme/ended", async () => {
      await sql`
        select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()`.execute(
        one.kysely,
      );
      await eventually("it is told", () => told.some((message) => message.includes("terminat")));
      return "done";
    });
    expect(await work).toBe("done");
    expect(await database.ping()).toBe(true);
    await database.close();
  });

  test("the timeline keeps each entry once, oldest first, for each repository by itself", async () => {
    const entry = (reference: string, at: string): TimelineEntry => ({
      kind: "update",
      at,
      reference,
      concerns: ["db"],
    });
    const later = entry("#2", "2026-02-02T00:00:00Z");
    const earlier = entry("#1", "2026-01-01T00:00:00Z");
    await rememberTimeline(one.kysely, 7, [later]);
    await Promise.all([
      rememberTimeline(one.kysely, 7, [earlier, later]),
      rememberTimeline(other.kysely, 7, [earlier, later]),
    ]);
    await rememberTimeline(one.kysely, 8, [later]);
    expect(await timelineOf(other.kysely, 7)).toEqual([earlier, later]);
  });
});

describe("what is kept for another look, on PostgreSQL", () => {
  // Written by one replica and read by the other, in turn.
  let calls = 0;
  recoveryCases(() => (calls++ % 2 === 0 ? one : other));
});

describe("while a pull request is being evaluated, on PostgreSQL", () => {
  heldBackCases(() => one);
});

describe("the chain of evaluations", () => {
  const repositoryId = 11;
  const record = async (database: Database, pullRequest: number, says = "all is well") => {
    const assessment = anAssessment({ reasons: [{ outcome: "neutral", says }] });
    const subject = { ...assessment.subject, repository: "acme/chain", repositoryId, pullRequest };
    await createStore(database.kysely).record({
      subject: wakeUp(pullRequest).subject,
      assessment: { ...assessment, subject },
      plan: { head: subject.head, steps: [{ do: "request-review", teams: ["security-architects"], users: [] }] },
      results: [
        {
          step: { do: "request-review", teams: ["security-architects"], users: [] },
          outcome: "done",
          reference: "https://x.example",
        },
      ],
    });
  };

  test("verifies as it was written, by whichever replica, several at once, and with words that a database refuses", async () => {
    await Promise.all([
      record(one, 1),
      record(other, 2),
      record(one, 3, "a NUL \u0000 and half a sign \ud800"),
      record(other, 4),
    ]);
    expect(await firstBrokenRecord(other.kysely, repositoryId)).toBeUndefined();
    const rows = await one.kysely
      .selectFrom("evaluation")
      .select(["digest", "previous"])
      .where("repository_id", "=", repositoryId)
      .orderBy("id")
      .execute();
    expect(rows.map((row) => row.previous)).toEqual(["", ...rows.slice(0, -1).map((row) => row.digest)]);
    const latest = await latestEvaluation(other.kysely, repositoryId, 3);
    expect(latest?.assessment.reasons[0]?.says).toBe("a NUL \uFFFD and half a sign \uFFFD");
    expect(await auditOf(one.kysely, "acme/chain", 1)).toMatchObject([
      { step: "ask for review: team security-architects", outcome: "done" },
    ]);
  });

  test.each([
    ["its verdict", { conclusion: "failure" }],
    ["its reasons", { assessment: JSON.stringify({ ...anAssessment(), reasons: [] }) }],
    ["what was done", { results: "[]" }],
    ["when it was", { as_of: new Date("2020-01-01T00:00:00Z") }],
  ])("a record of which somebody changed %s is found", async (_, change) => {
    await record(one, 20);
    const rows = await one.kysely
      .selectFrom("evaluation")
      .selectAll()
      .where("repository_id", "=", repositoryId)
      .orderBy("id")
      .execute();
    const [, second] = rows;
    const was = {
      conclusion: second?.conclusion ?? "",
      assessment: JSON.stringify(second?.assessment),
      results: JSON.stringify(second?.results),
      as_of: second?.as_of ?? new Date(0),
    };
    const set = (values: Partial<typeof was>) =>
      one.kysely
        .updateTable("evaluation")
        .set(values)
        .where("id", "=", second?.id ?? 0)
        .execute();
    await set(change);
    expect(await firstBrokenRecord(one.kysely, repositoryId)).toBe(Number(second?.id));
    await set(was);
    expect(await firstBrokenRecord(one.kysely, repositoryId)).toBeUndefined();
  });

  test("a record that was taken out is missed by the next one", async () => {
    const rows = await one.kysely
      .selectFrom("evaluation")
      .select("id")
      .where("repository_id", "=", repositoryId)
      .orderBy("id")
      .execute();
    await one.kysely
      .deleteFrom("evaluation")
      .where("id", "=", rows[1]?.id ?? 0)
      .execute();
    expect(await firstBrokenRecord(one.kysely, repositoryId)).toBe(Number(rows[2]?.id));
  });

  test("whoever works alone on something leaves the others their connections, however many do", async () => {
    const all = Array.from({ length: 15 }, (_, index) => index);
    let arrived = 0;
    const works = all.map((index) =>
      one.alone(`report ${index}`, async () => {
        arrived++;
        await eventually("as many as can have begun", () => arrived >= 10);
        await sql`select 1`.execute(one.kysely);
        return index;
      }),
    );
    expect(await Promise.all(works)).toEqual(all);
  });
});
