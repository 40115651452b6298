import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { TryAgainLater } from "../../../src/shell/failures.ts";
import { Budget } from "../../../src/shell/github/budget.ts";
import { type Call, createClient, type GitHubClient } from "../../../src/shell/github/client.ts";
import { gentlePace, Pace } from "../../../src/shell/github/pace.ts";
import { interceptRequests } from "./intercepted.ts";
import { StillClock } from "./still-clock.ts";

const host = "https://api.github.com";
const read: Call = { what: "read a thing", needs: "Things: read", kind: "read" };
const comment: Call = { what: "write a comment", needs: "Things: write", kind: "once", createsContent: true };
const check: Call = { what: "write the check run", needs: "Checks: write", kind: "once", comesFirst: true };

interceptRequests();

function clientOf(clock: StillClock, pace = new Pace(gentlePace, clock)): GitHubClient {
  return createClient({ token: async () => "ghs_x" }, { door: "app" }, pace, { clock });
}

/** The headers of an answer after which so many requests are left, until ten minutes later. */
function left(clock: StillClock, remaining: number): Record<string, string> {
  const now = clock.now();
  return {
    date: new Date(now).toUTCString(),
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(Math.floor(now / 1000) + 600),
    "x-ratelimit-resource": "core",
  };
}

describe("the budget of an installation", () => {
  test("while it is short, the check is written and everything else waits for the next hour, with nothing sent", async () => {
    const clock = new StillClock();
    const client = clientOf(clock);
    nock(host).get("/thing").reply(200, {}, left(clock, 400));
    nock(host).post("/checks").reply(201, {}, left(clock, 399));
    await client.rest("GET /thing", {}, read);
    await client.rest("POST /checks", {}, check);
    await expect(client.rest("POST /comments", {}, comment)).rejects.toMatchObject({ afterSeconds: 601 });
    clock.pass(602_000);
    nock(host).post("/comments").reply(201, {}, left(clock, 4999));
    await client.rest("POST /comments", {}, comment);
  });

  test("H080: a fifth is left to people: what nobody waits for ends there", () => {
    const budget = new Budget();
    const headers = { "x-ratelimit-limit": "5000", "x-ratelimit-reset": "600", "x-ratelimit-resource": "core" };
    const date = new Date(0).toUTCString();
    budget.observe({ status: 200, headers: { ...headers, date, "x-ratelimit-remaining": "1001" }, data: {} }, 0);
    expect(budget.secondsUntil(0.2, 0)).toBe(0);
    budget.observe({ status: 200, headers: { ...headers, date, "x-ratelimit-remaining": "1000" }, data: {} }, 0);
    expect([budget.secondsUntil(0.2, 0), budget.secondsUntil(0.1, 0)]).toEqual([601, 0]);
    expect([budget.shareOf("core", 0), budget.shareOf("graphql", 0), budget.shareOf("core", 700_000)]).toEqual([
      0.2,
      undefined,
      undefined,
    ]);
  });

  test("H081: a limit that does not say how long lasts a minute, then two, then four, and a minute again after something was written", async () => {
    const clock = new StillClock();
    const client = clientOf(clock);
    const limit = { message: "You have exceeded a secondary rate limit." };
    for (const seconds of [60, 120, 240]) {
      nock(host).post("/comments").reply(403, limit);
      await expect(client.rest("POST /comments", {}, comment)).rejects.toMatchObject({ afterSeconds: seconds });
      clock.pass(seconds * 1000 + 1);
    }
    nock(host).post("/comments").reply(201, {}).post("/comments").reply(403, limit);
    await client.rest("POST /comments", {}, comment);
    await expect(client.rest("POST /comments", {}, comment)).rejects.toMatchObject({ afterSeconds: 60 });
  });

  test("H081: while one installation is limited nothing is sent for it, and another one beside it goes on at once", async () => {
    const clock = new StillClock();
    const [limited, free] = [clientOf(clock), clientOf(clock)];
    nock(host).get("/thing").reply(429, {}, { "retry-after": "90" }).get("/thing").reply(200, {});
    await expect(limited.rest("GET /thing", {}, read)).rejects.toMatchObject({ afterSeconds: 90 });
    await expect(limited.rest("GET /thing", {}, read)).rejects.toBeInstanceOf(TryAgainLater);
    expect((await free.rest("GET /thing", {}, read)).status).toBe(200);
    expect(clock.waits).toEqual([]);
  });
});
