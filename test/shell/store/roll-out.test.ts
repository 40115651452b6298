import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { rollOutQuerySchema, rollOutSchema } from "../../../src/core/domain/roll-out.ts";
import type { AskedQuestion, Standing, Trial } from "../../../src/core/domain/standing.ts";
import type { Database } from "../../../src/shell/store/database.ts";
import { deleteOld } from "../../../src/shell/store/retention.ts";
import { rollOutOf } from "../../../src/shell/store/roll-out.ts";
import { keepStanding } from "../../../src/shell/store/standings.ts";
import { closeTrial } from "../../../src/shell/store/trials.ts";
import { openPrepared } from "../../make/prepared-database.ts";

let database: Database;
beforeAll(async () => {
  database = await openPrepared();
});
afterAll(() => database.close());

const passes: Trial = { conclusion: "success", because: [], comments: [], issues: 0 };
const fails: Trial = { conclusion: "failure", because: ["No model."], comments: ["q1", "q2"], issues: 0 };
const question = (fingerprint: string, outcome: AskedQuestion["outcome"], rule = "bucket"): AskedQuestion => ({
  fingerprint,
  rule,
  outcome,
});

interface Look {
  readonly id: number;
  readonly number?: number;
  readonly mode?: Standing["mode"];
  readonly state?: Standing["pullRequest"]["state"];
  readonly trial?: Trial;
  readonly questions?: readonly AskedQuestion[];
}

function keep({ id, number = 1, mode = "observe", state = "open", trial, questions = [] }: Look, asOf: string) {
  const standing: Standing = {
    repository: { id, owner: "Acme", name: `shop-${id}` },
    mode,
    pullRequest: { number, title: `Change ${number}`, state, conclusion: "neutral", waits: false },
    questions,
    ...(trial ? { trial } : {}),
  };
  return database.kysely
    .transaction()
    .execute((transaction) => keepStanding(transaction, standing, { asOf, head: "abc", writes: 1 }));
}

const now = "2026-11-20T09:00:00.000Z";
function report(ids: readonly number[], query: Readonly<Record<string, string>> = {}, most = 50) {
  const repositories = ids.map((id) => ({ id, name: `shop-${id}` }));
  return rollOutOf(database.kysely, { owner: "acme", repositories }, rollOutQuerySchema.parse(query), now, most);
}

describe("the roll-out report", () => {
  test("of nothing says that nothing is known", async () => {
    const empty = await report([900]);
    expect(rollOutSchema.parse(empty)).toMatchObject({ knownSince: null, days: 14, total: { pullRequests: 0 } });
  });

  test("whoever was stopped at any look was stopped, and why is kept when a later push mends it", async () => {
    await keep(
      { id: 1, trial: fails, questions: [question("q1", "open"), question("q2", "open")] },
      "2026-11-18T09:00:00.000Z",
    );
    await keep(
      {
        id: 1,
        trial: { ...passes, comments: ["q3"] },
        questions: [question("q1", "not-applicable"), question("q3", "open")],
      },
      "2026-11-19T09:00:00.000Z",
    );
    await keep({ id: 1, state: "merged", trial: { ...passes, issues: 2 } }, "2026-11-19T10:00:00.000Z");
    const { total, pullRequests, rules, knownSince, repositories } = await report([1]);
    expect(total).toEqual({
      repositories: 1,
      pullRequests: 1,
      blocked: 1,
      waited: 0,
      mergedAllTheSame: 0,
      quiet: 0,
      comments: 3,
      issues: 2,
      questions: { asked: 3, answered: 1, notApplicable: 1, resolved: 0 },
    });
    expect(pullRequests).toMatchObject([
      { number: 1, state: "merged", strictest: "failure", last: "success", because: ["No model."], comments: 3 },
    ]);
    expect(rules).toEqual([{ rule: "bucket", pullRequests: 1, asked: 3, answered: 1, notApplicable: 1, resolved: 0 }]);
    expect(knownSince).toBe("2026-11-18T09:00:00.000Z");
    expect(repositories).toMatchObject([{ repository: "shop-1", mode: "observe", blocked: 1 }]);
  });

  test("what is merged as it would have been stopped is counted; what time does after the merge is not", async () => {
    await keep({ id: 2, trial: fails }, "2026-11-18T09:00:00.000Z");
    await keep({ id: 2, state: "merged", trial: passes }, "2026-11-18T10:00:00.000Z");
    await keep({ id: 2, number: 2, trial: passes }, "2026-11-18T09:00:00.000Z");
    await keep({ id: 2, number: 2, state: "merged", trial: fails }, "2026-11-18T10:00:00.000Z");
    expect((await report([2])).total).toMatchObject({ pullRequests: 2, blocked: 1, mergedAllTheSame: 1, quiet: 0 });
  });

  test("holds those of `observe` and `advise` in the days asked for, of the repositories given", async () => {
    await keep({ id: 3, trial: { ...fails, conclusion: "action_required" } }, "2026-11-19T09:00:00.000Z");
    await keep({ id: 3, number: 2, mode: "advise", trial: passes }, "2026-10-30T09:00:00.000Z");
    await keep({ id: 3, number: 3, mode: "enforce" }, "2026-11-19T09:00:00.000Z");
    await keep({ id: 4, trial: fails }, "2026-11-19T09:00:00.000Z");
    expect((await report([3])).total).toMatchObject({ pullRequests: 1, waited: 1, blocked: 0 });
    expect((await report([3], { days: "28" })).total).toMatchObject({ pullRequests: 2, quiet: 1 });
    expect((await report([3, 4], { repository: "SHOP-4" })).total).toMatchObject({ pullRequests: 1, blocked: 1 });
    expect((await report([3], { days: "'; drop table trial" })).days).toBe(14);
    // Begun in `advise`, judged in `enforce` since: no trial any more.
    await keep({ id: 3, number: 2, mode: "enforce" }, "2026-11-19T09:00:00.000Z");
    expect((await report([3], { days: "28" })).total.pullRequests).toBe(1);
  });

  test("lists so many as are asked for, the latest first, and knows closed ones", async () => {
    for (const number of [1, 2, 3]) await keep({ id: 5, number, trial: fails }, `2026-11-1${number}T09:00:00.000Z`);
    await closeTrial(database.kysely, 5, 2);
    const { pullRequests, total } = await report([5], {}, 2);
    expect(pullRequests.map(({ number, state }) => [number, state])).toEqual([
      [3, "open"],
      [2, "closed"],
    ]);
    expect(total.blocked).toBe(3);
  });

  test("a title and reasons that a database refuses are kept without what it refuses (H064)", async () => {
    await keep({ id: 6, trial: { ...fails, because: ["nul \u0000 and \ud800"] } }, "2026-11-19T09:00:00.000Z");
    expect((await report([6])).pullRequests[0]?.because).toEqual(["nul \ufffd and \ufffd"]);
  });

  test("what is older than records are kept is deleted", async () => {
    await keep({ id: 7, trial: fails }, "2026-11-19T09:00:00.000Z");
    await deleteOld(database.kysely, { records: "2026-11-19T08:00:00Z", deliveries: now, now });
    expect((await report([7])).total.pullRequests).toBe(1);
    await deleteOld(database.kysely, { records: "2026-11-19T09:30:00Z", deliveries: now, now });
    expect((await report([7])).knownSince).toBeNull();
  });
});
