import { createHmac, randomUUID } from "node:crypto";
import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Hono } from "hono";
import { createMetrics } from "../../../src/shell/web/metrics.ts";
import { type Listening, startServer } from "../../../src/shell/web/server.ts";
import { bodyLimit } from "../../../src/shell/web/webhook-request.ts";

const secret = "a-secret-of-at-least-thirty-two-characters";
const older = "an-older-secret-of-at-least-thirty-two-chars";
const taken: { id: string; event: string; payload: unknown }[] = [];
const logged: unknown[] = [];
let failing = false;
let server: Listening;

beforeEach(async () => {
  taken.length = 0;
  logged.length = 0;
  failing = false;
  server = await startServer(
    {
      webhookSecrets: [secret, older],
      take: async (delivery) => {
        if (failing) throw new Error("connection terminated: secret-body-text");
        taken.push(delivery);
      },
      unready: async () => (failing ? ["the database does not answer"] : []),
      pages: new Hono(),
      metrics: createMetrics({}),
      log: (...record) => logged.push(record),
    },
    0,
    "127.0.0.1",
  );
});
afterEach(async () => server.stop());

function sign(body: string, key = secret): string {
  return `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
}

async function deliver(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/api/github/webhooks`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "pull_request",
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": sign(body),
      ...headers,
    },
  });
}

describe("the webhook intake", () => {
  test("takes a delivery signed with any secret in rotation", async () => {
    expect((await deliver('{"a":1}')).status).toBe(202);
    expect((await deliver('{"a":2}', { "x-hub-signature-256": sign('{"a":2}', older) })).status).toBe(202);
    expect(taken.map((delivery) => delivery.payload)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  // H003
  const good = sign("{}");
  test.each([
    ["missing", ""],
    ["wrong", sign("{}", "another-secret-of-at-least-thirty-two-chars")],
    ["truncated", good.slice(0, -1)],
    ["not hexadecimal", `sha256=${"z".repeat(64)}`],
    ["with an upper-case prefix", good.replace("sha256", "SHA256")],
    ["of another length", `${good}00`],
  ])("H003: a signature %s answers 401 with an empty body, stores nothing, logs no body", async (_, signature) => {
    const answer = await deliver("{}", { "x-hub-signature-256": signature });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toBe("");
    expect(taken).toEqual([]);
    expect(logged).toEqual([]);
  });

  // H009
  test.each(["__proto__", "constructor", "toString", "a".repeat(10_000), "pull_request\u00e9"])(
    "H009: an event named %.20s is no server error",
    async (event) => {
      const answer = await deliver("{}", { "x-github-event": event }).catch(() => undefined);
      if (answer) expect(answer.status).toBeLessThan(500);
    },
  );

  test("a signed body that is not JSON is refused, not failed", async () => {
    expect((await deliver("{half")).status).toBe(400);
  });

  test("what cannot be stored answers 503, so that GitHub keeps it for redelivery, and tells no error text", async () => {
    failing = true;
    const answer = await deliver("{}");
    expect(answer.status).toBe(503);
    expect(await answer.text()).toBe("");
  });

  // H004: the announced size alone is enough to refuse; nothing of the body is waited for.
  test("H004: a body announced above the limit is refused before it is read", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = request(`${server.url}/api/github/webhooks`, {
        method: "POST",
        headers: { "content-length": String(bodyLimit + 1), "x-hub-signature-256": good },
      });
      outgoing.on("response", (response) => resolve(response.statusCode));
      outgoing.on("error", reject);
      outgoing.flushHeaders();
    });
    expect(status).toBe(413);
  });

  test("only POST is a delivery", async () => {
    expect((await fetch(`${server.url}/api/github/webhooks`)).status).toBe(405);
  });
});

describe("the other addresses", () => {
  test("health, readiness and its reasons", async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ ready: true, reasons: [] });
    failing = true;
    const answer = await fetch(`${server.url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ready: false, reasons: ["the database does not answer"] });
  });

  // H002: Probot's set-up pages would show or change credentials.
  test.each(["/probot", "/probot/setup", "/probot/import", "/metrics"])("H002: %s answers 404", async (path) => {
    expect((await fetch(server.url + path)).status).toBe(404);
  });
});
