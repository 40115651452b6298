import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { BodiesBeingRead, readWebhookRequest } from "../../../src/shell/web/webhook-request.ts";

const secret = "a secret of at least thirty-two characters";

/** A request whose body arrives as it is written. */
function aRequest(signature: string): PassThrough & IncomingMessage {
  const headers = {
    "content-type": "application/json",
    "x-github-delivery": "one",
    "x-github-event": "ping",
    "x-hub-signature-256": signature,
  };
  return Object.assign(new PassThrough({ highWaterMark: 1024 * 1024 }), { headers }) as unknown as PassThrough &
    IncomingMessage;
}

const untrue = `sha256=${"0".repeat(64)}`;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("H004: what bodies of strangers hold", () => {
  test("is bounded however many of them there are, and however small each is", async () => {
    const bodies = new BodiesBeingRead();
    const piece = Buffer.alloc(100 * 1024, "x");
    const strangers = Array.from({ length: 1000 }, () => aRequest(untrue));
    const answers = strangers.map((request) => readWebhookRequest(request, [secret], bodies));
    let refused = 0;
    for (const answer of answers)
      void answer.then((read) => {
        if (read.outcome === "refused" && read.status === 503) refused++;
      });
    for (const request of strangers) request.write(piece);
    for (let count = 0; count < 10; count++) await turn();
    // 64 MiB are held of bodies that are small so far.
    expect(refused).toBeGreaterThan(300);
    expect((strangers.length - refused) * piece.length).toBeLessThanOrEqual(64 * 1024 * 1024);
    for (const request of strangers) request.end();
    await Promise.all(answers);
    // What they held is given back: a delivery of GitHub's is taken.
    const text = JSON.stringify({ zen: "Keep it logically awesome." });
    const good = aRequest(`sha256=${createHmac("sha256", secret).update(text).digest("hex")}`);
    good.end(text);
    expect(await readWebhookRequest(good, [secret], bodies)).toMatchObject({ outcome: "delivery", event: "ping" });
  });

  test("leaves room for small ones while large ones use up theirs", async () => {
    const bodies = new BodiesBeingRead();
    const large = Array.from({ length: 4 }, () => aRequest(untrue));
    const answers = large.map((request) => readWebhookRequest(request, [secret], bodies));
    for (let count = 0; count < 20; count++) {
      for (const request of large) if (!request.destroyed) request.write(Buffer.alloc(1024 * 1024, "x"));
      await turn();
    }
    const text = JSON.stringify({ pad: "x".repeat(50_000) });
    const good = aRequest(`sha256=${createHmac("sha256", secret).update(text).digest("hex")}`);
    good.end(text);
    expect(await readWebhookRequest(good, [secret], bodies)).toMatchObject({ outcome: "delivery" });
    for (const request of large) request.end();
    const statuses = (await Promise.all(answers)).map((read) => (read.outcome === "refused" ? read.status : 0));
    expect(statuses).toContain(503);
  });
});
