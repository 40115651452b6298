import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import type { WakeUp } from "../../../src/shell/event.ts";
import { type FailedJob, startDeadLetterWorker } from "../../../src/shell/queue/dead-letters.ts";
import { createQueues, evaluationQueue, send } from "../../../src/shell/queue/jobs.ts";
import { openDatabase } from "../../../src/shell/store/database.ts";
import { prepareDatabase } from "../../make/prepared-database.ts";

const folder = mkdtempSync(join(tmpdir(), "threatgate-poison-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fail = (error: Error): never => {
  throw error;
};

const wakeUp: WakeUp = {
  id: "poison",
  why: "pull_request.opened",
  subject: { kind: "pull-request", owner: "acme", repository: "shop", repositoryId: 7, installation: 1, number: 13 },
};

test("H086: a job whose process ends each time is counted when it is taken, and set aside after its fourth attempt", async () => {
  await prepareDatabase(folder);
  for (let attempt = 1; attempt <= 4; attempt++) {
    const database = await openDatabase({ folder }, fail);
    await createQueues(database.boss);
    if (attempt === 1) await send(database.boss, wakeUp);
    const taken = await database.boss.fetch(evaluationQueue, { ignoreStartAfter: true, includeMetadata: true });
    expect(taken.map(({ retryCount }) => retryCount)).toEqual([attempt - 1]);
    // The process ends here: nobody says what became of the job.
    await database.close();
  }
  const database = await openDatabase({ folder }, fail);
  await createQueues(database.boss);
  expect(await database.boss.fetch(evaluationQueue, { ignoreStartAfter: true })).toEqual([]);
  const aside: FailedJob[] = [];
  await startDeadLetterWorker(database.boss, {
    setAside: async (failed) => {
      aside.push(failed);
    },
    log: () => {},
  });
  for (let count = 0; count < 200 && aside.length === 0; count++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await database.close();
  const reason = "The process ended while this job ran.";
  expect(aside).toEqual([{ id: expect.any(String), wakeUp, reason, at: expect.any(Date) }]);
});
