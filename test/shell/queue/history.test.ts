import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { WakeUp } from "../../../src/shell/event.ts";
import { Gone, TryAgainLater } from "../../../src/shell/failures.ts";
import {
  createHistoryQueue,
  historyQueue,
  restSeconds,
  sendHistory,
  startHistoryWorker,
} from "../../../src/shell/queue/history.ts";
import type { Database } from "../../../src/shell/store/database.ts";
import { openPrepared } from "../../make/prepared-database.ts";

function wakeUp(number: number): WakeUp {
  const subject = { owner: "fernhill", repository: "booking", repositoryId: 7, installation: 1, number };
  return { id: `delivery-${number}`, why: "pull_request.opened", subject: { kind: "pull-request", ...subject } };
}

describe("the queue of histories", () => {
  let database: Database;
  const read: number[] = [];
  const said: string[] = [];

  beforeAll(async () => {
    database = await openPrepared();
    await createHistoryQueue(database.boss);
  });
  afterAll(() => database.close());

  async function waiting(number: number) {
    const jobs = await database.boss.findJobs<{ wakeUp: WakeUp }>(historyQueue, { key: `1/7#${number}` });
    return jobs.filter((job) => job.state === "created");
  }

  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  test("one job a pull request; what is left is read after a rest, and a stated wait is kept", async () => {
    for (const number of [1, 1, 2, 3, 4]) await sendHistory(database.boss, wakeUp(number));
    expect(await waiting(1)).toHaveLength(1);
    await startHistoryWorker(database.boss, {
      readHistory: async ({ subject: { number } }) => {
        read.push(number);
        if (number === 2) return "more";
        if (number === 3) throw new Gone("The repository is gone.");
        if (number === 4) throw new TryAgainLater("GitHub asks us to wait.", { afterSeconds: 1000 });
        return "done";
      },
      log: (_level, message) => said.push(message),
    });
    await until(async () => read.length === 4 && (await waiting(4)).length === 1 && (await waiting(2)).length === 1);
    expect(read.toSorted()).toEqual([1, 2, 3, 4]);
    expect(await waiting(1)).toEqual([]);
    expect(await waiting(3)).toEqual([]);
    const [rest] = await waiting(2);
    const [wait] = await waiting(4);
    const secondsUntil = (job: typeof rest) =>
      Math.round(((job?.startAfter.getTime() ?? 0) - (job?.createdOn.getTime() ?? 0)) / 1000);
    expect([secondsUntil(rest), secondsUntil(wait)]).toEqual([restSeconds, 1000]);
    expect(said).toEqual(["the history could not be read on"]);
  });
});
