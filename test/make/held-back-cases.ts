import { expect, test } from "@jest/globals";
import { sql } from "kysely";
import type { WakeUp } from "../../src/shell/event.ts";
import { ShareSpent, TryAgainLater } from "../../src/shell/failures.ts";
import { endAndBringForward } from "../../src/shell/queue/held-back.ts";
import { takeIn } from "../../src/shell/queue/intake.ts";
import { evaluationQueue, keyOf, peopleOf, send } from "../../src/shell/queue/jobs.ts";
import { startWorker, type Work } from "../../src/shell/queue/worker.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { eventually } from "../flow/program.ts";

/** What holds while a pull request is being evaluated, whichever engine is behind it. No other worker may run. */
export function heldBackCases(open: () => Database): void {
  let repositories = 9_000;

  /** Workers of which one is in the middle of the first wake-up of a pull request, until it is let go. */
  async function begin(
    first: () => Promise<void> = async () => {},
    workers = 2,
    each: (id: string) => void = () => {},
  ) {
    const repositoryId = ++repositories;
    const wakeUp = (number: number, id: string, author?: number): WakeUp => {
      const subject = { owner: "acme", repository: "shop", repositoryId, installation: repositoryId + number, number };
      const by = author === undefined ? {} : { author };
      return { id, why: "pull_request.synchronize", subject: { kind: "pull-request", ...subject }, ...by };
    };
    const { kysely, boss } = open();
    const done: string[] = [];
    const began: string[] = [];
    let go = (): void => {};
    const gone = new Promise<void>((resolve) => {
      go = resolve;
    });
    const people: (readonly number[])[] = [];
    const evaluate: Work["evaluate"] = async (given) => {
      const { id, subject } = given;
      // What other tests left in the queue is none of this.
      if (subject.repositoryId !== repositoryId) return;
      began.push(id);
      people.push(peopleOf(given));
      each(id);
      if (id === "first" && began.filter((one) => one === "first").length === 1) {
        await gone;
        await first();
      }
      done.push(id);
    };
    await startWorker(kysely, boss, { evaluate, log: () => {} }, workers);
    await send(boss, wakeUp(1, "first", 1));
    await eventually("the first is being evaluated", () => began.includes("first"));
    /** Seconds until what waits under the key of the first pull request may begin; undefined where nothing waits. */
    const wait = async (): Promise<number | undefined> => {
      const { rows } = await sql<{ seconds: number }>`
        select extract(epoch from start_after - now())::float8 as seconds from pgboss.job
        where name = ${evaluationQueue} and singleton_key = ${keyOf(wakeUp(1, ""))} and state = 'created'`.execute(
        kysely,
      );
      return rows[0]?.seconds;
    };
    const end = (): Promise<void> => boss.offWork(evaluationQueue);
    return { kysely, boss, wakeUp, began, people, done, go, wait, end };
  }

  test("a push during an evaluation stands in nobody's way, and is judged when the evaluation has ended", async () => {
    const { boss, wakeUp, began, done, go, wait, end } = await begin();
    try {
      expect(await send(boss, wakeUp(1, "second"))).toBe(true);
      expect(await send(boss, wakeUp(1, "third"))).toBe(false);
      expect(await wait()).toBeGreaterThan(60);
      await send(boss, wakeUp(2, "another"));
      await eventually("the other is judged meanwhile", () => done.includes("another"));
      expect(began).toEqual(["first", "another"]);
      go();
      await eventually("the push is judged", () => done.includes("second"));
      expect(done).toEqual(["another", "first", "second"]);
    } finally {
      go();
      await end();
    }
  });

  test("the same where deliveries are stored together", async () => {
    const { kysely, boss, wakeUp, done, go, wait, end } = await begin();
    try {
      const deliveries = [wakeUp(1, "second"), wakeUp(2, "another")].map((one) => ({
        id: `${one.id}-${one.subject.repositoryId}`,
        event: "pull_request",
        wakeUps: [one],
      }));
      expect(await takeIn(kysely, boss, deliveries)).toEqual(["queued", "queued"]);
      expect(await wait()).toBeGreaterThan(60);
      await eventually("the other is judged meanwhile", () => done.includes("another"));
      go();
      await eventually("the push is judged", () => done.includes("second"));
    } finally {
      go();
      await end();
    }
  });

  test("an attempt whose lease ran out brings nothing forward: that is for the one that took its place", async () => {
    const { kysely, boss, wakeUp, done, go, wait, end } = await begin();
    try {
      await send(boss, wakeUp(1, "second"));
      const key = keyOf(wakeUp(1, ""));
      const { rows } = await sql<{ id: string; retryCount: number }>`
        select id, retry_count as "retryCount" from pgboss.job
        where name = ${evaluationQueue} and singleton_key = ${key} and state = 'active'`.execute(kysely);
      const [job] = rows;
      if (!job) throw new Error("the first is being evaluated");
      await sql`update pgboss.job set retry_count = retry_count + 1 where id = ${job.id}`.execute(kysely);
      await endAndBringForward(kysely, boss, { queue: evaluationQueue, key, job });
      expect(await wait()).toBeGreaterThan(60);
      const second = { id: job.id, retryCount: job.retryCount + 1 };
      await endAndBringForward(kysely, boss, { queue: evaluationQueue, key, job: second });
      await eventually("the push is judged", () => done.includes("second"));
    } finally {
      go();
      await end();
    }
  });

  test("where an evaluation is put back, so is what was held back for it", async () => {
    const { boss, wakeUp, go, wait, end } = await begin(async () => {
      throw new TryAgainLater("slow down", { afterSeconds: 900 });
    });
    try {
      await send(boss, wakeUp(1, "second"));
      go();
      await eventually("it waits as GitHub asks", async () => ((await wait()) ?? 0) > 600);
    } finally {
      go();
      await end();
    }
  });

  const spent = async () => {
    throw new ShareSpent("as many as one person may", { afterSeconds: 900 });
  };

  test("whoever has asked for too much waits alone: another's push meanwhile is judged at once", async () => {
    const { boss, wakeUp, done, go, wait, end } = await begin(spent);
    try {
      expect(await send(boss, wakeUp(1, "second", 2))).toBe(true);
      go();
      await eventually("the other's push is judged", () => done.includes("second"));
      expect(await wait()).toBeUndefined();
    } finally {
      go();
      await end();
    }
  });

  test("what waits for one person's share waits on for that person, and begins as soon as another asks for the same", async () => {
    const { kysely, boss, wakeUp, began, people, go, wait, end } = await begin(spent);
    try {
      go();
      await eventually("it waits", async () => ((await wait()) ?? 0) > 600);
      expect(await send(boss, wakeUp(1, "again", 1))).toBe(false);
      expect(await wait()).toBeGreaterThan(600);
      const { subject } = wakeUp(1, "");
      const delivery = { id: `both-${subject.repositoryId}`, event: "pull_request" };
      await takeIn(kysely, boss, [{ ...delivery, wakeUps: [wakeUp(1, "third", 1), wakeUp(1, "fourth", 3)] }]);
      await eventually("it is judged for the other", () => began.length === 2);
      expect([began, people]).toEqual([
        ["first", "first"],
        [[1], [1, 3]],
      ]);
    } finally {
      go();
      await end();
    }
  });

  test("an evaluation that fails is tried again, and then what was held back for it is judged", async () => {
    const { boss, wakeUp, began, done, go, end } = await begin(async () => {
      throw new Error("a fault of ours");
    });
    try {
      await send(boss, wakeUp(1, "second"));
      go();
      await eventually("both are judged", () => done.includes("second"));
      expect(began).toEqual(["first", "first", "second"]);
    } finally {
      go();
      await end();
    }
  });

  test("a newer wake-up that fails while an earlier one waits for its next attempt is not set aside", async () => {
    let failures = 0;
    const { kysely, boss, wakeUp, done, go, end } = await begin(
      async () => {
        throw new Error("a fault of ours");
      },
      2,
      (id) => {
        if (id === "second" && ++failures === 1) throw new Error("another fault of ours");
      },
    );
    try {
      go();
      await eventually("the first waits for its next attempt", async () => {
        const { rows } = await sql`
          select 1 from pgboss.job
          where name = ${evaluationQueue} and singleton_key = ${keyOf(wakeUp(1, ""))} and state = 'retry'`.execute(
          kysely,
        );
        return rows.length > 0;
      });
      await send(boss, wakeUp(1, "second"));
      await eventually("the first is tried again", () => done.includes("first"));
      const { rows } = await sql`
        select 1 from pgboss.job
        where name = ${evaluationQueue} and singleton_key = ${keyOf(wakeUp(1, ""))} and state = 'failed'`.execute(
        kysely,
      );
      expect(rows).toEqual([]);
    } finally {
      go();
      await end();
    }
  });

  test("deliveries that arrive while an evaluation ends are all judged in the end", async () => {
    const { boss, wakeUp, began, done, go, wait, end } = await begin(undefined, 4);
    try {
      go();
      for (let count = 0; count < 60; count++) await send(boss, wakeUp(1, `push-${count}`));
      // One that were held back with nobody to bring it forward would wait for two minutes.
      await eventually("nothing waits", async () => (await wait()) === undefined && done.length === began.length);
      expect(began.at(-1)).toMatch(/^push-/);
    } finally {
      await end();
    }
  });
}
