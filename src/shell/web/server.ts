import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { Metrics } from "./metrics.ts";
import { setupHeaders } from "./setup.ts";
import { BodiesBeingRead, readWebhookRequest } from "./webhook-request.ts";

/** What the HTTP server needs from the rest of the service. */
export interface Service {
  readonly webhookSecrets: readonly string[];
  /** Durably stores a delivery, or ignores it by rule; throws when it should have been stored and could not be. */
  take(delivery: { id: string; event: string; payload: unknown }): Promise<void>;
  /** What stands in the way of work, in words; empty when ready. */
  unready(): Promise<readonly string[]>;
  readonly pages: Hono;
  readonly metrics: Metrics;
  log(level: "info" | "warn" | "error", message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** A server that listens. `stop` takes no new request, lets running ones end, and resolves when all are gone. */
export interface Listening {
  readonly url: string;
  stop(): Promise<void>;
}

const webhookPath = "/api/github/webhooks";

/**
 * Starts the HTTP server of the service: our own, because Probot's has no body limit, answers only when every handler
 * has ended, and knows no SIGTERM. Port 0 picks a free one.
 */
export async function startServer(service: Service, port: number, host: string): Promise<Listening> {
  const pages = getRequestListener(service.pages.fetch, { overrideGlobalObjects: false });
  const bodies = new BodiesBeingRead();
  const server = createServer(timing, (request, response) => {
    void answer(service, pages, bodies, request, response).catch((error: unknown) => {
      service.log("error", "request failed", { error: error instanceof Error ? error.message : String(error) });
      if (!response.headersSent) response.writeHead(500).end();
      else response.destroy();
    });
  });
  return listen(server, port, host);
}

/**
 * Starts the operator's server, apart from the one that the internet reaches: metrics and the set-up page.
 * @param setup the set-up page, as HTML.
 */
export async function startMetricsServer(
  metrics: Metrics,
  setup: () => Promise<string>,
  port: number,
  host: string,
): Promise<Listening> {
  const server = createServer(timing, (request, response) => {
    if (request.method === "GET" && pathOf(request) === "/setup") {
      setup().then(
        (page) => response.writeHead(200, setupHeaders).end(page),
        () => response.writeHead(500).end(),
      );
      return;
    }
    if (request.method !== "GET" || pathOf(request) !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    metrics.registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": metrics.registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  return listen(server, port, host);
}

/**
 * The servers of a service that has no App yet: one says so to everybody, the operator's has the pages that register one.
 * @param registration the pages of the operator's port.
 */
export async function startSetUpServers(
  registration: Hono,
  { port, metricsPort, host }: { readonly port: number; readonly metricsPort: number; readonly host: string },
): Promise<{ readonly main: Listening; readonly operators: Listening }> {
  const reason = "no App is registered yet: open /setup on the operator's port";
  const main = createServer(timing, (request, response) => {
    const isAlive = pathOf(request) === "/healthz";
    const body = isAlive ? { ok: true } : { ready: false, reasons: [reason] };
    const headers = { "content-type": "application/json", ...(isAlive ? {} : { "retry-after": "60" }) };
    response.writeHead(isAlive ? 200 : 503, headers).end(JSON.stringify(body));
  });
  const answerOperator = getRequestListener(registration.fetch, { overrideGlobalObjects: false });
  const operators = createServer(timing, (request, response) => {
    void answerOperator(request, response);
  });
  const listening = await listen(main, port, host);
  try {
    return { main: listening, operators: await listen(operators, metricsPort, host) };
  } catch (error) {
    await listening.stop();
    throw error;
  }
}

/**
 * Headers and body within 10 s (H005): a slow client cannot hold a connection. Node looks for late ones only every
 * 30 s unless told otherwise. A connection that rests is kept for longer than proxies keep theirs (most: a minute):
 * whoever closes first must be the one who sends, or a delivery is lost to a connection that closes as it comes.
 */
const timing = {
  headersTimeout: 9_000,
  requestTimeout: 9_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 500,
} as const;

async function answer(
  service: Service,
  pages: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
  bodies: BodiesBeingRead,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = pathOf(request);
  if (path === webhookPath) return answerWebhook(service, bodies, request, response);
  if (path === "/healthz") {
    response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
    return;
  }
  if (path === "/readyz") {
    const reasons = await service.unready();
    response
      .writeHead(reasons.length === 0 ? 200 : 503, { "content-type": "application/json" })
      .end(JSON.stringify({ ready: reasons.length === 0, reasons }));
    return;
  }
  await pages(request, response);
}

async function answerWebhook(
  service: Service,
  bodies: BodiesBeingRead,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "POST") {
    response.writeHead(405, { allow: "POST" }).end();
    return;
  }
  const end = service.metrics.answerSeconds.startTimer();
  const read = await readWebhookRequest(request, service.webhookSecrets, bodies);
  if (read.outcome === "refused") {
    service.metrics.deliveries.inc({ result: read.status === 401 ? "wrong-signature" : "refused" });
    // The rest of the body is not read: the connection ends with the answer.
    response.writeHead(read.status, { connection: "close" }).end(() => request.destroy());
    return;
  }
  try {
    await service.take(read);
    response.writeHead(202, { "content-type": "application/json" }).end('{"ok":true}');
  } catch (error) {
    service.metrics.deliveries.inc({ result: "not-stored" });
    service.log("error", "delivery not stored", {
      delivery: read.id,
      error: error instanceof Error ? error.message : String(error),
    });
    response.writeHead(503, { "retry-after": "10" }).end();
  } finally {
    end();
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0] ?? "/";
}

/** Listens, and gives back how to stop. Port 0 picks a free one. */
export async function listen(server: Server, port: number, host: string): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return {
    url: `http://${shown.includes(":") ? `[${shown}]` : shown}:${address.port}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const idle = setInterval(() => server.closeIdleConnections(), 200);
      await closed;
      clearInterval(idle);
    },
  };
}
