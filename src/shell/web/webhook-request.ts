import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** The largest webhook body that is read: GitHub caps payloads at 25 MB. https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap */
export const bodyLimit = 25 * 1024 * 1024;

/** What reading a webhook request gave: a delivery with a true signature, or the status to answer with. */
export type WebhookRequest =
  | { readonly outcome: "delivery"; readonly id: string; readonly event: string; readonly payload: unknown }
  | { readonly outcome: "refused"; readonly status: 400 | 401 | 413 | 415; readonly why: string };

/**
 * Reads one request under the size limit and checks its signature over the raw bytes in constant time, against each
 * secret that is in rotation. Nothing of the body is parsed before the signature holds.
 */
export async function readWebhookRequest(
  request: IncomingMessage,
  secrets: readonly string[],
): Promise<WebhookRequest> {
  if (Number(request.headers["content-length"] ?? 0) > bodyLimit) return refused(413, "body too large");
  const signature = header(request, "x-hub-signature-256");
  if (!/^sha256=[0-9a-f]{64}$/.test(signature)) return refused(401, "no usable signature");
  const body = await readBody(request);
  if (body === undefined) return refused(413, "body too large");
  if (!secrets.some((secret) => isSignedWith(secret, body, signature))) return refused(401, "wrong signature");
  if (!/^application\/json\b/i.test(header(request, "content-type"))) return refused(415, "not application/json");
  const id = header(request, "x-github-delivery");
  const event = header(request, "x-github-event");
  if (!/^[A-Za-z0-9-]{1,100}$/.test(id) || !/^[a-z_]{1,100}$/.test(event)) return refused(400, "delivery headers");
  try {
    return { outcome: "delivery", id, event, payload: JSON.parse(body.toString("utf8")) };
  } catch {
    return refused(400, "not JSON");
  }
}

function refused(status: 400 | 401 | 413 | 415, why: string): WebhookRequest {
  return { outcome: "refused", status, why };
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isSignedWith(secret: string, body: Buffer, signature: string): boolean {
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
