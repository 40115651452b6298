import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** The largest webhook body that is read: GitHub caps payloads at 25 MB. https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap */
export const bodyLimit = 25 * 1024 * 1024;

/**
 * Bytes of a body that are read whatever else is being read: more than most deliveries have, so that they are taken while
 * strangers send large ones.
 */
const smallBody = 128 * 1024;

/** What a piece costs beside its bytes, so that a body in pieces of one byte is no small one. */
const costOfPiece = 256;

/** Bytes that all bodies together may hold before their signatures are known: of each below `smallBody`, and above it. */
const heldAtOnce = { small: 64 * 1024 * 1024, large: 48 * 1024 * 1024 } as const;

/** What a body holds of each. */
interface Held {
  readonly small: number;
  readonly large: number;
}

const nothing: Held = { small: 0, large: 0 };

/** What is held of bodies that are being read, however many there are; one for each server. Nobody knows yet who sent them (H004). */
export class BodiesBeingRead {
  #small = 0;
  #large = 0;

  /** Whether a body may hold so much; then it is counted in place of what it held before, until it is given back. */
  take({ small, large }: Held, before: Held): boolean {
    const [smallThen, largeThen] = [this.#small + small - before.small, this.#large + large - before.large];
    if (smallThen > heldAtOnce.small || largeThen > heldAtOnce.large) return false;
    this.#small = smallThen;
    this.#large = largeThen;
    return true;
  }

  giveBack({ small, large }: Held): void {
    this.#small -= small;
    this.#large -= large;
  }
}

type Refused = { readonly outcome: "refused"; readonly status: 400 | 401 | 413 | 415 | 503; readonly why: string };

/** What reading a webhook request gave: a delivery with a true signature, or the status to answer with. */
export type WebhookRequest =
  | { readonly outcome: "delivery"; readonly id: string; readonly event: string; readonly payload: unknown }
  | Refused;

/**
 * Reads one request under the size limit and checks its signature over the raw bytes in constant time, against each
 * secret that is in rotation. Nothing of the body is put together or parsed before the signature holds.
 */
export async function readWebhookRequest(
  request: IncomingMessage,
  secrets: readonly string[],
  bodies: BodiesBeingRead,
): Promise<WebhookRequest> {
  if (Number(request.headers["content-length"] ?? 0) > bodyLimit) return refused(413, "body too large");
  const signature = header(request, "x-hub-signature-256");
  if (!/^sha256=[0-9a-f]{64}$/.test(signature)) return refused(401, "no usable signature");
  const body = await readSigned(request, secrets, signature, bodies);
  if (!Buffer.isBuffer(body)) return body;
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

function refused(status: Refused["status"], why: string): Refused {
  return { outcome: "refused", status, why };
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

/** The body, once its signature is known to be true. */
async function readSigned(
  request: IncomingMessage,
  secrets: readonly string[],
  signature: string,
  bodies: BodiesBeingRead,
): Promise<Buffer | Refused> {
  const chunks: Buffer[] = [];
  let size = 0;
  let cost = 0;
  let held = nothing;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      cost += chunk.length + costOfPiece;
      if (size > bodyLimit) return refused(413, "body too large");
      const needed = { small: Math.min(cost, smallBody), large: Math.max(0, cost - smallBody) };
      if (!bodies.take(needed, held)) return refused(503, "too many bodies at once");
      held = needed;
      chunks.push(chunk);
    }
    if (!secrets.some((secret) => isSignedWith(secret, chunks, signature))) return refused(401, "wrong signature");
    return Buffer.concat(chunks);
  } finally {
    bodies.giveBack(held);
  }
}

function isSignedWith(secret: string, chunks: readonly Buffer[], signature: string): boolean {
  const digest = createHmac("sha256", secret);
  for (const chunk of chunks) digest.update(chunk);
  const expected = Buffer.from(`sha256=${digest.digest("hex")}`);
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
