import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { asInstallation, type Client } from "./ask.ts";
import { effects } from "./faults.ts";
import type { GitHub } from "./github.ts";
import { openExample, shop, startSmall } from "./scene.ts";

let github: GitHub;
let bot: Client;

beforeEach(async () => {
  github = await startSmall();
  bot = asInstallation(github);
});

afterEach(async () => {
  await github.close();
});

const openIssue = () => bot("POST", `${shop}/issues`, { title: "x" });

describe("faults", () => {
  test("a lost answer comes after the deed, a reset before it leaves nothing", async () => {
    github.faults.add({ operation: "issues/create", effect: effects.lostAfterApplying });
    await expect(openIssue()).rejects.toThrow("fetch failed");
    expect(github.issues("acme/shop")).toHaveLength(1);
    github.faults.add({ operation: "issues/create", effect: { do: "reset", when: "before" } });
    await expect(openIssue()).rejects.toThrow("fetch failed");
    expect(github.issues("acme/shop")).toHaveLength(1);
    github.faults.add({ operation: "issues/create", effect: effects.badGatewayAfterApplying });
    expect((await openIssue()).status).toBe(502);
    expect(github.issues("acme/shop")).toHaveLength(2);
    expect((await openIssue()).status).toBe(201);
    expect(github.faults.counts.get("issues/create")).toBe(4);
    expect(github.requests.writes.map(({ status }) => status)).toEqual([0, 0, 502, 201]);
  });

  test("hit only the calls that they are meant for, from the one on and as often as said", async () => {
    github.faults.add({ operation: /^repos\//, after: 1, times: 2, effect: effects.serverError(503) });
    const statuses: number[] = [];
    for (let at = 0; at < 4; at += 1) statuses.push((await bot("GET", shop)).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
    expect((await openIssue()).status).toBe(201);
  });

  test("hit a share of all calls, the same ones in every run", async () => {
    github.faults.add({ share: 0.2, seed: 7, effect: effects.serverError() });
    const hit: boolean[] = [];
    for (let at = 0; at < 100; at += 1) hit.push((await bot("GET", shop)).status === 502);
    const count = hit.filter(Boolean).length;
    expect(count).toBeGreaterThan(10);
    expect(count).toBeLessThan(32);
    github.faults.clear();
    github.faults.add({ share: 0.2, seed: 7, effect: effects.serverError() });
    for (const expected of hit.slice(0, 20)) expect((await bot("GET", shop)).status === 502).toBe(expected);
  });

  test("limits, pages instead of JSON, and JSON that breaks off", async () => {
    github.faults.add({ effect: effects.secondaryLimit(3) });
    const limited = await bot("GET", shop);
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([403, "3"]);
    github.faults.add({ effect: effects.tooManyRequests(5) });
    expect((await bot("GET", shop)).status).toBe(429);
    github.faults.add({ effect: effects.htmlPage });
    expect((await bot("GET", shop)).headers.get("content-type")).toBe("text/html");
    github.faults.add({ effect: effects.truncatedJson });
    const cut = await bot("GET", shop);
    expect([cut.status, typeof cut.body]).toEqual([200, "string"]);
  });

  test("name GraphQL by its operation", async () => {
    github.faults.add({ operation: "graphql/Who", effect: effects.serverError() });
    expect((await bot("POST", "/graphql", { query: "query Other { viewer { login } }" })).status).toBe(200);
    expect((await bot("POST", "/graphql", { query: "query Who { viewer { login } }" })).status).toBe(502);
    expect(github.requests.of("graphql").map(({ operation }) => operation)).toEqual(["graphql/Other", "graphql/Who"]);
    expect(github.requests.writes).toEqual([]);
  });
});

test("after a push the API may show the old head, or no files, for a while", async () => {
  openExample(github);
  const before = github.pullRequest("acme/shop", 1).head.sha;
  const shown = async (): Promise<string> => JSON.stringify((await bot("GET", `${shop}/pulls/1`)).body);
  github.lagBehind(60_000);
  const after = github.as("sam").pushToPullRequest("acme/shop", 1, { files: { "b.txt": "b\n" } });
  expect(await shown()).toContain(before);
  expect((await bot("GET", `${shop}/pulls/1/files`)).body).toHaveLength(2);
  github.lagBehind(60_000, "empty");
  expect((await bot("GET", `${shop}/pulls/1/files`)).body).toEqual([]);
  github.lagBehind(0);
  expect(await shown()).toContain(after);
  expect((await bot("GET", `${shop}/pulls/1/files`)).body).toHaveLength(3);
});
