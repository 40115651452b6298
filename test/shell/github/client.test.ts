import { beforeEach, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { Forbidden, Gone, TryAgainLater, Uncertain } from "../../../src/shell/failures.ts";
import { addressOf } from "../../../src/shell/github/address.ts";
import { type Call, type ClientOptions, type GitHubClient, tokenClient } from "../../../src/shell/github/client.ts";
import { interceptRequests } from "./intercepted.ts";
import { StillClock } from "./still-clock.ts";

const host = "https://api.github.com";
const token = "ghp_secretsecretsecretsecretsecretsecret";
const reading: Call = { what: "read a thing", needs: "Things: read", kind: "read" };
const once: Call = { what: "write a thing", needs: "Things: write", kind: "once" };
const repeatable: Call = { ...once, kind: "repeatable" };

let clock: StillClock;

function client(options: Partial<ClientOptions> = {}): GitHubClient {
  return tokenClient(token, "cli", { clock, patience: 30, ...options });
}

function thing(github = client()): Promise<unknown> {
  return github.rest("GET /things/{id}", { id: "a/b" }, reading).then((answer) => answer.data);
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  );
}

interceptRequests();

beforeEach(() => {
  clock = new StillClock();
});

describe("addresses", () => {
  test.each([
    [undefined, "https://api.github.com", "https://api.github.com/graphql"],
    [
      "https://github.acme.example/api/v3/",
      "https://github.acme.example/api/v3",
      "https://github.acme.example/api/graphql",
    ],
    ["http://127.0.0.1:4100", "http://127.0.0.1:4100", "http://127.0.0.1:4100/graphql"],
    ["https://api.acme.ghe.com", "https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"],
  ])("%s", (base, rest, graphql) => {
    expect(addressOf(base)).toEqual({ rest, graphql });
  });

  test("GraphQL is where it is said to be", () => {
    expect(addressOf("https://h.example/api/v3", "https://g.example/q").graphql).toBe("https://g.example/q");
  });
});

describe("reads", () => {
  test("send the token, the version and an escaped path", async () => {
    nock(host, { reqheaders: { authorization: `bearer ${token}`, "x-github-api-version": "2022-11-28" } })
      .get("/things/a%2Fb")
      .reply(200, { ok: true });
    expect(await thing()).toEqual({ ok: true });
  });

  test("are sent again after 5xx, a reset and a timeout, twice at most", async () => {
    nock(host).get("/things/a%2Fb").reply(502, "<html>").get("/things/a%2Fb").replyWithError("socket hang up");
    nock(host).get("/things/a%2Fb").reply(200, { ok: true });
    expect(await thing()).toEqual({ ok: true });
    expect(clock.waits).toEqual([500, 1000]);
  });

  test("are given back when GitHub stays down", async () => {
    nock(host).get("/things/a%2Fb").times(3).reply(503, { message: "down" });
    const error = await failure(thing());
    expect(error).toBeInstanceOf(TryAgainLater);
    expect(String(error)).toBe("TryAgainLater: GitHub could not be asked to read a thing: GitHub answered 503.");
  });

  test("that are forbidden name what is needed, by GitHub's own header where it is sent", async () => {
    nock(host).get("/things/a%2Fb").reply(403, { message: "Resource not accessible by integration" });
    expect(await failure(thing())).toMatchObject({ name: "Forbidden", needs: "Things: read" });
    const headers = { "x-accepted-github-permissions": "contents=read" };
    nock(host).get("/things/a%2Fb").reply(403, { message: "no" }, headers);
    const error = await failure(thing());
    expect(error).toBeInstanceOf(Forbidden);
    expect(error).toMatchObject({ needs: "contents=read", message: "GitHub does not allow us to read a thing: no" });
  });

  test.each([404, 410, 451])("of what is gone: %d", async (status) => {
    nock(host).get("/things/a%2Fb").reply(status, { message: "Not Found" });
    expect(await failure(thing())).toBeInstanceOf(Gone);
  });

  test("a token that is no longer valid is a matter for a person", async () => {
    nock(host).get("/things/a%2Fb").reply(401, { message: "Bad credentials" });
    const error = await failure(thing());
    expect(error).toBeInstanceOf(Forbidden);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error as object))).not.toContain(token);
  });
});

describe("limits", () => {
  test("a secondary limit is waited for as long as it says, and even a write is sent again", async () => {
    nock(host)
      .post("/things")
      .reply(403, { message: "You have exceeded a secondary rate limit" }, { "retry-after": "7" });
    nock(host).post("/things").reply(201, { id: 1 });
    const answer = await client().rest("POST /things", { name: "x" }, once);
    expect(answer.status).toBe(201);
    expect(clock.waits).toEqual([7000]);
  });

  test("429 is read by its header", async () => {
    nock(host).get("/things/a%2Fb").reply(429, {}, { "retry-after": "3" }).get("/things/a%2Fb").reply(200, {});
    await thing();
    expect(clock.waits).toEqual([3000]);
  });

  test("a wait beyond the client's patience is given back with its length", async () => {
    nock(host).get("/things/a%2Fb").reply(429, {}, { "retry-after": "300" });
    expect(await failure(thing())).toMatchObject({ name: "TryAgainLater", afterSeconds: 300 });
    expect(clock.waits).toEqual([]);
  });

  test("an empty primary budget lasts until its reset, by GitHub's clock", async () => {
    const date = new Date(clock.now() + 600_000).toUTCString();
    const reset = String((clock.now() + 600_000) / 1000 + 90);
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset, date };
    nock(host).get("/things/a%2Fb").reply(403, { message: "API rate limit exceeded" }, headers);
    expect(await failure(thing())).toMatchObject({ name: "TryAgainLater", afterSeconds: 91 });
  });

  test("a limit that does not say how long is at least a minute", async () => {
    nock(host).get("/things/a%2Fb").reply(403, { message: "You have triggered an abuse detection mechanism" });
    expect(await failure(thing())).toMatchObject({ afterSeconds: 60 });
  });

  test("a limit is never taken for an accepted refusal", async () => {
    nock(host).post("/things").reply(403, { message: "secondary rate limit" }, { "retry-after": "300" });
    expect(await failure(client().rest("POST /things", {}, { ...once, accepts: [403] }))).toMatchObject({
      afterSeconds: 300,
    });
  });
});

describe("writes", () => {
  test.each([
    ["a 502", (scope: nock.Interceptor) => scope.reply(502, {})],
    ["a reset", (scope: nock.Interceptor) => scope.replyWithError("ECONNRESET")],
  ])("that must happen once are not sent again after %s", async (_, break_) => {
    break_(nock(host).post("/things"));
    expect(await failure(client().rest("POST /things", {}, once))).toBeInstanceOf(Uncertain);
  });

  test("that may happen twice are", async () => {
    nock(host).put("/things").reply(502).put("/things").reply(200, {});
    expect((await client().rest("PUT /things", {}, repeatable)).status).toBe(200);
  });

  test("follow each other as many at once as one pull request takes, and reads do not wait", async () => {
    nock(host).put("/things").times(13).reply(200, {}).get("/things/a%2Fb").reply(200, {});
    const github = client();
    for (let count = 0; count < 13; count++) await github.rest("PUT /things", {}, repeatable);
    await thing(github);
    expect(clock.waits).toEqual([1000]);
  });

  test("are refused in words", async () => {
    nock(host)
      .post("/things")
      .reply(422, { message: "Validation Failed", errors: [{ field: "line", code: "invalid" }] });
    const answer = await client().rest("POST /things", {}, { ...once, accepts: [422] });
    expect(answer.status).toBe(422);
  });
});

describe("GraphQL", () => {
  const ask = (github = client()) => github.graphql("{ viewer { login } }", {}, reading);

  test("gives data, errors and GitHub's own time", async () => {
    const errors = [{ type: "NOT_FOUND", path: ["a", 0], message: "no a" }];
    const headers = { date: "Wed, 04 Mar 2026 11:59:58 GMT" };
    nock(host)
      .post("/graphql")
      .reply(200, { data: { viewer: { login: "x" }, a: null }, errors }, headers);
    expect(await ask()).toEqual({
      data: { viewer: { login: "x" }, a: null },
      errors,
      at: "2026-03-04T11:59:58.000Z",
    });
  });

  test.each([
    ["half of it", '{"data":{"viewer":{"login"', "application/json"],
    ["a page for people", "<html><body>Unicorn!</body></html>", "text/html"],
    ["nothing", "", "application/json"],
    ["a list", "[]", "application/json"],
  ])("an answer that is %s is asked for again and never believed", async (_, body, type) => {
    nock(host).post("/graphql").times(3).reply(200, body, { "content-type": type });
    expect(await failure(ask())).toBeInstanceOf(TryAgainLater);
  });

  test("a fault of GitHub's own is asked for again", async () => {
    nock(host)
      .post("/graphql")
      .reply(200, { data: null, errors: [{ message: "Something went wrong while executing your query" }] });
    nock(host)
      .post("/graphql")
      .reply(200, { data: { viewer: { login: "x" } } });
    expect((await ask()).data).toEqual({ viewer: { login: "x" } });
  });

  test("its own kind of limit is a limit", async () => {
    const headers = {
      "x-ratelimit-reset": String(clock.now() / 1000 + 120),
      date: new Date(clock.now()).toUTCString(),
    };
    nock(host)
      .post("/graphql")
      .reply(200, { errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] }, headers);
    expect(await failure(ask())).toMatchObject({ name: "TryAgainLater", afterSeconds: 121 });
  });

  test("a mutation whose answer is lost is uncertain", async () => {
    nock(host).post("/graphql").reply(502);
    expect(await failure(client().graphql("mutation { x }", {}, once))).toBeInstanceOf(Uncertain);
  });
});
