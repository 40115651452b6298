import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { drainedOrClosed, head, type OpenPort, openPort } from "./open-port.ts";
import { eventually } from "./program.ts";

/** What strangers send to the port that the internet reaches, at the real process. */
let port: OpenPort;

beforeAll(async () => {
  port = await openPort();
});

afterAll(() => port.close());

test("H004: a body without end, sent in pieces and unsigned, is cut off at the limit while good deliveries are taken", async () => {
  const { socket } = port.connection();
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
  expect(await port.goodDelivery("beside-the-endless-one")).toBe(202);
  await eventually("it is cut off", () => stranger.ended);
  // What lay in buffers on the way was sent and never read.
  expect(stranger.sent).toBeLessThan(150);
});

test("H005: a thousand connections that send a byte a second are all closed, and good deliveries are taken meanwhile", async () => {
  const slow = Array.from({ length: 1_000 }, () => port.connection());
  for (const { socket } of slow) socket.write(head);
  const dripping = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write("a");
  }, 1_000);
  try {
    expect(await port.goodDelivery("beside-slow-ones")).toBe(202);
    await eventually("all are closed", () => slow.every(({ ended }) => ended));
    expect(await port.goodDelivery("after-slow-ones")).toBe(202);
  } finally {
    clearInterval(dripping);
    for (const { socket } of slow) socket.destroy();
  }
});
