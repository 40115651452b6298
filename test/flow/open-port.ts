import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGitHub } from "../github/server.ts";
import { RunningService } from "./program.ts";

/** A connection of a stranger; `ended` turns true when the service has closed it. */
export interface Connection {
  readonly socket: Socket;
  ended: boolean;
}

/** The port that the internet reaches, of a real process. */
export interface OpenPort {
  readonly service: RunningService;
  /** A delivery as GitHub sends it; resolves to the status of the answer. */
  goodDelivery(id: string): Promise<number>;
  connection(): Connection;
  close(): Promise<void>;
}

/** How every request to the intake begins. */
export const head =
  "POST /api/github/webhooks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Event: push\r\n";

/** Starts the service for an App of the stand-in. */
export async function openPort(): Promise<OpenPort> {
  const folder = await mkdtemp(join(tmpdir(), "threatgate-intake-"));
  const github = await startGitHub({
    now: "2026-03-04T09:00:00Z",
    users: ["olga"],
    organizations: [{ login: "acme", owners: ["olga"] }],
    repositories: [{ name: "acme/shop", files: { "README.md": "# Shop\n" } }],
    apps: [{ slug: "threatgate" }],
  });
  const service = await RunningService.start(github, folder);
  return {
    service,
    goodDelivery: async (id) => {
      const body = JSON.stringify({ zen: "Keep it logically awesome.", hook_id: 1 });
      const signature = createHmac("sha256", github.app.webhookSecret).update(body).digest("hex");
      const headers = {
        "content-type": "application/json",
        "x-github-event": "ping",
        "x-github-delivery": id,
        "x-hub-signature-256": `sha256=${signature}`,
      };
      return (await fetch(`${service.url}/api/github/webhooks`, { method: "POST", body, headers })).status;
    },
    connection: () => {
      const { hostname, port } = new URL(service.url);
      const opened = { socket: connect(Number(port), hostname), ended: false };
      opened.socket.on("error", () => {});
      opened.socket.on("close", () => {
        opened.ended = true;
      });
      opened.socket.resume();
      return opened;
    },
    close: async () => {
      await service.end("SIGKILL");
      await github.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when a connection takes more, or takes no more for ever. */
export function drainedOrClosed(socket: Socket): Promise<void> {
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
