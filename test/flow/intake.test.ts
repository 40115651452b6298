import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { eventually, RunningService } from "./program.ts";

jest.setTimeout(150_000);

/** What strangers send to the port that the internet reaches, at the real process. */
let github: GitHub;
let service: RunningService;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threatgate-intake-"));
  github = await startGitHub({
    now: "2026-03-04T09:00:00Z",
    users: ["olga"],
    organizations: [{ login: "acme", owners: ["olga"] }],
    repositories: [{ name: "acme/shop", files: { "README.md": "# Shop\n" } }],
    apps: [{ slug: "threatgate" }],
  });
  service = await RunningService.start(github, folder);
});

afterAll(async () => {
  await service.end("SIGKILL");
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

/** A delivery as GitHub sends it; resolves to the status of the answer. */
async function goodDelivery(id: string): Promise<number> {
  const body = JSON.stringify({ zen: "Keep it logically awesome.", hook_id: 1 });
  const signature = createHmac("sha256", github.app.webhookSecret).update(body).digest("hex");
  const answer = await fetch(`${service.url}/api/github/webhooks`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "ping",
      "x-github-delivery": id,
      "x-hub-signature-256": `sha256=${signature}`,
    },
  });
  return answer.status;
}

/** A connection to the port; `ended` turns true when the service has closed it. */
function connection(): { readonly socket: Socket; ended: boolean } {
  const { hostname, port } = new URL(service.url);
  const opened = { socket: connect(Number(port), hostname), ended: false };
  opened.socket.on("error", () => {});
  opened.socket.on("close", () => {
    opened.ended = true;
  });
  opened.socket.resume();
  return opened;
}

const head =
  "POST /api/github/webhooks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Event: push\r\n";

test("H004: a body without end, sent in pieces and unsigned, is cut off at the limit while good deliveries are taken", async () => {
  const { socket } = connection();
  const stranger = { sent: 0, ended: false };
  socket.on("close", () => {
    stranger.ended = true;
  });
  socket.write(
    `${head}X-GitHub-Delivery: endless\r\nX-Hub-Signature-256: sha256=00\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  const piece = "x".repeat(1_048_576);
  const chunk = `${piece.length.toString(16)}\r\n${piece}\r\n`;
  while (!stranger.ended && stranger.sent < 150) {
    stranger.sent++;
    if (!socket.write(chunk)) await drainedOrClosed(socket);
  }
  expect(await goodDelivery("beside-the-endless-one")).toBe(202);
  await eventually("it is cut off", () => stranger.ended);
  // What lay in buffers on the way was sent and never read.
  expect(stranger.sent).toBeLessThan(150);
});

function drainedOrClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      socket.off("drain", end);
      socket.off("close", end);
      resolve();
    };
    socket.once("drain", end);
    socket.once("close", end);
  });
}

test("H004: bodies of strangers, a gigabyte of them at once, take no more memory than is set aside for them", async () => {
  const resident = (): Promise<number> => service.metric("threatgate_process_resident_memory_bytes");
  const before = await resident();
  let most = 0;
  const strangers = Array.from({ length: 50 }, connection);
  // A signature of the right form: only the whole body would show that it is false.
  const signature = `sha256=${"0".repeat(64)}`;
  for (const { socket } of strangers) {
    socket.write(
      `${head}X-GitHub-Delivery: large\r\nX-Hub-Signature-256: ${signature}\r\nContent-Length: 20971520\r\n\r\n`,
    );
  }
  const piece = Buffer.alloc(1_048_576, "x");
  const pieces = strangers.map(async ({ socket }) => {
    for (let count = 0; count < 19 && socket.writable; count++) {
      if (!socket.write(piece)) await drainedOrClosed(socket);
    }
  });
  const looking = setInterval(() => {
    void resident().then((now) => {
      most = Math.max(most, now);
    });
  }, 100);
  try {
    expect(await goodDelivery("beside-large-ones")).toBe(202);
    await Promise.all(pieces);
    expect(await goodDelivery("after-large-ones")).toBe(202);
    await eventually("the rest is refused, and what was begun is closed", () => strangers.every(({ ended }) => ended));
  } finally {
    clearInterval(looking);
  }
  most = Math.max(most, await resident());
  // 64 MiB are set aside; freed buffers wait for the collector, the longer the busier the machine. Unbounded it is 450.
  expect((most - before) / 1_048_576).toBeLessThan(256);
});

test("H005: a thousand connections that send a byte a second are all closed, and good deliveries are taken meanwhile", async () => {
  const slow = Array.from({ length: 1_000 }, connection);
  for (const { socket } of slow) socket.write(head);
  const dripping = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write("a");
  }, 1_000);
  try {
    expect(await goodDelivery("beside-slow-ones")).toBe(202);
    await eventually("all are closed", () => slow.every(({ ended }) => ended), 40_000);
    expect(await goodDelivery("after-slow-ones")).toBe(202);
  } finally {
    clearInterval(dripping);
    for (const { socket } of slow) socket.destroy();
  }
});
