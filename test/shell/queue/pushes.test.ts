import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { wakeUpsOf } from "../../../src/shell/github/events.ts";
import { takeIn } from "../../../src/shell/queue/intake.ts";
import { createQueues } from "../../../src/shell/queue/jobs.ts";
import type { Database } from "../../../src/shell/store/database.ts";
import { pushesOf } from "../../../src/shell/store/pushes.ts";
import { openPrepared } from "../../make/prepared-database.ts";

let database: Database;

beforeAll(async () => {
  database = await openPrepared(() => {});
  await createQueues(database.boss);
});

afterAll(() => database.close());

const [first, second] = ["a".repeat(40), "b".repeat(40)];

/** An event of pull request #7 whose sender is this account, as a delivery. */
function delivered(id: string, action: string, sender: number, sha: unknown) {
  const payload = {
    action,
    repository: { id: 4711, name: "shop", owner: { login: "acme" } },
    installation: { id: 1 },
    pull_request: { number: 7, merged: true, head: { sha } },
    sender: { id: sender },
  };
  return { id, event: "pull_request", wakeUps: wakeUpsOf("pull_request", id, payload, { appId: 12 }) };
}

test("H022: whoever an event says has pushed is remembered, though only one of the events is judged", async () => {
  const deliveries = [
    delivered("d-1", "opened", 1, first),
    delivered("d-2", "synchronize", 2, second),
    // Delivered again, and what is no push or names no commit.
    delivered("d-2", "synchronize", 2, second),
    delivered("d-3", "ready_for_review", 3, second),
    delivered("d-4", "synchronize", 4, "HEAD"),
  ];
  await takeIn(database.kysely, database.boss, deliveries);
  await takeIn(database.kysely, database.boss, [delivered("d-5", "synchronize", 2, second)]);
  const pushes = await pushesOf(database.kysely, { repositoryId: 4711, number: 7 });
  expect(pushes.toSorted((one, other) => one.account - other.account)).toEqual([
    { head: first, account: 1 },
    { head: second, account: 2 },
  ]);
  expect(await pushesOf(database.kysely, { repositoryId: 4711, number: 8 })).toEqual([]);
});
