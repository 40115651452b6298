// Sends deliveries at a steady rate from a process of its own, so that neither GitHub's stand-in nor whoever counts is in its
// way. Each is sent at its time, whether earlier ones were answered or not; a late answer delays no other (no "coordinated
// omission").
import { createHmac, randomUUID } from "node:crypto";
import { Agent, request } from "node:http";

/** What to send. */
export interface Load {
  readonly urls: readonly string[];
  readonly secret: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** Bodies of `pull_request` events, sent in turn, each time under an id of its own. */
  readonly bodies: readonly string[];
}

/** What came of it. */
export interface Sent {
  /** Milliseconds until each answer, in the order of sending. */
  readonly milliseconds: readonly number[];
  readonly accepted: readonly string[];
  /** Answers by status, and by the fault's code where there was none. */
  readonly statuses: Readonly<Record<string, number>>;
}

process.on("disconnect", () => process.exit(0));
if (process.send) process.on("message", (load: Load) => void send(load).then((sent) => process.send?.(sent)));

async function send({ urls, secret, perSecond, seconds, bodies }: Load): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const signed = bodies.map((body) => ({
    body,
    signature: `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  }));
  const milliseconds: number[] = [];
  const accepted: string[] = [];
  const statuses: Record<string, number> = {};
  const running: Promise<void>[] = [];
  const began = performance.now();
  for (let count = 0; count < perSecond * seconds; count++) {
    const due = began + (count * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    const one = signed[count % signed.length];
    const url = urls[count % urls.length];
    if (!one || url === undefined) continue;
    const id = randomUUID();
    running.push(
      post(agent, url, one.body, one.signature, id).then((status) => {
        milliseconds[count] = performance.now() - due;
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (typeof status === "number" && status >= 200 && status < 300) accepted.push(id);
      }),
    );
  }
  await Promise.all(running);
  agent.destroy();
  return { milliseconds, accepted, statuses };
}

function post(agent: Agent, url: string, body: string, signature: string, id: string): Promise<number | string> {
  return new Promise((resolve) => {
    const asked = request(
      url,
      {
        method: "POST",
        agent,
        timeout: 10_000,
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "x-github-event": "pull_request",
          "x-github-delivery": id,
          "x-hub-signature-256": signature,
        },
      },
      (answer) => {
        answer.resume();
        answer.once("end", () => resolve(answer.statusCode ?? 0));
      },
    );
    asked.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "no answer"));
    asked.once("timeout", () => asked.destroy());
    asked.end(body);
  });
}
