import { afterAll, beforeAll, describe } from "@jest/globals";
import { createQueues } from "../../../src/shell/queue/jobs.ts";
import { createNoticeQueue } from "../../../src/shell/queue/notices.ts";
import type { Database } from "../../../src/shell/store/database.ts";
import { heldBackCases } from "../../make/held-back-cases.ts";
import { openPrepared } from "../../make/prepared-database.ts";

describe("while a pull request is being evaluated", () => {
  let database: Database;
  beforeAll(async () => {
    database = await openPrepared(() => {});
    await createQueues(database.boss, 1);
    await createNoticeQueue(database.boss);
  });
  afterAll(() => database.close());

  heldBackCases(() => database);
});
