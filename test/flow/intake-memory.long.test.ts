import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { drainedOrClosed, head, type OpenPort, openPort } from "./open-port.ts";
import { eventually } from "./program.ts";

/** What a flood of large bodies costs: measured by the memory of the whole process, which means something only on a machine that has time to free it. */
let port: OpenPort;

beforeAll(async () => {
  port = await openPort();
});

afterAll(() => port.close());

test("H004: bodies of strangers, a gigabyte of them at once, take no more memory than is set aside for them", async () => {
  const resident = (): Promise<number> => port.service.metric("threatgate_process_resident_memory_bytes");
  const before = await resident();
  let most = 0;
  const strangers = Array.from({ length: 50 }, () => port.connection());
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
  let isOver = false;
  // One look after the other: a busy service answers late, and none may be on its way when it is ended.
  const look = async (): Promise<void> => {
    while (!isOver) {
      most = Math.max(most, await resident());
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const looking = look();
  try {
    expect(await port.goodDelivery("beside-large-ones")).toBe(202);
    await Promise.all(pieces);
    expect(await port.goodDelivery("after-large-ones")).toBe(202);
    await eventually("the rest is refused, and what was begun is closed", () => strangers.every(({ ended }) => ended));
  } finally {
    isOver = true;
    await looking;
  }
  most = Math.max(most, await resident());
  // 64 MiB are set aside, and freed buffers wait for the collector: the longer, the busier the machine.
  expect((most - before) / 1_048_576).toBeLessThan(256);
});
