import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { RunningService } from "../../test/flow/program.ts";
import type { GitHub } from "../../test/github/github.ts";
import { folderFor, organisations } from "../chaos/organisations.ts";
import { type Outcome, quantile, rest } from "../chaos/outcome.ts";
import { PostgresServer } from "../chaos/postgres.ts";
import { Traffic } from "../chaos/traffic.ts";
import type { Load, Sent } from "./sender.ts";

/** One measurement under load. */
export interface Measurement {
  readonly database: "postgresql" | "embedded";
  readonly replicas?: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** Milliseconds within which 99 of 100 deliveries are answered; left out: no bar. */
  readonly p99?: number;
  /** Whether memory is to be level: the last fifth no more than a tenth above the second fifth. */
  readonly levelMemory?: boolean;
}

/** Pull requests that the deliveries are about. With fewer of them more deliveries join one that waits. */
const pullRequests = 200;

/**
 * Sends signed deliveries at a steady rate to the real service, which evaluates against the stand-in meanwhile. Afterwards every
 * accepted delivery must be stored and every pull request be as it must be.
 */
export async function underLoad(wanted: Measurement): Promise<Outcome> {
  const { perSecond, seconds, replicas = 1 } = wanted;
  const { github, repositories } = await organisations(20);
  const folder = await folderFor("load");
  const server = wanted.database === "postgresql" ? await PostgresServer.create() : undefined;
  const services: RunningService[] = [];
  const traffic = new Traffic(github, repositories, () => 0);
  try {
    const bodies = openedBodies(github, traffic, repositories);
    const settings = {
      EVALUATIONS_PER_PERSON: "10000",
      ...(server === undefined ? {} : { DATABASE_URL: server.url }),
    };
    for (let count = 0; count < replicas; count++)
      services.push(await RunningService.start(github, folder.path, settings));
    const urls = services.map(({ url }) => `${url}/api/github/webhooks`);
    const memory: number[] = [];
    const lag: number[] = [];
    const sampling = setInterval(
      () => {
        void sample(services, memory, lag);
      },
      Math.max(1000, (seconds * 1000) / 60),
    );
    const sent = await sendAll({ urls, secret: github.app.webhookSecret, perSecond, seconds, bodies });
    clearInterval(sampling);
    const began = Date.now();
    const wrong = [...(await traffic.settled(300_000))];
    const settled = (Date.now() - began) / 1000;
    const evaluations = await sum(services, "threatgate_evaluation_seconds_count");
    if (server) wrong.push(...(await notStored(server.url, sent.accepted)));
    const p99 = quantile(sent.milliseconds, 0.99);
    if (wanted.p99 !== undefined && p99 > wanted.p99) wrong.push(`p99 ${Math.round(p99)} ms, not ${wanted.p99}`);
    const refused = perSecond * seconds - sent.accepted.length;
    if (refused > 0) wrong.push(`${refused} deliveries were not accepted: ${JSON.stringify(sent.statuses)}`);
    const [early, late] = [
      memory.slice(memory.length / 5, (memory.length * 2) / 5),
      memory.slice((memory.length * 4) / 5),
    ];
    const growth = quantile(late, 0.5) / Math.max(1, quantile(early, 0.5));
    if (wanted.levelMemory && growth > 1.1) wrong.push(`memory grew by ${Math.round((growth - 1) * 100)} %`);
    return {
      figures: {
        deliveries: perSecond * seconds,
        "a second": perSecond,
        "answered, median ms": rounded(quantile(sent.milliseconds, 0.5)),
        "answered, p99 ms": rounded(p99),
        "answered, slowest ms": rounded(quantile(sent.milliseconds, 1)),
        evaluations,
        "evaluations a second": rounded(evaluations / (seconds + settled)),
        "settled after, s": settled,
        "memory, most MiB": Math.round(Math.max(0, ...memory) / 1_048_576),
        "memory, last fifth to second": Math.round(growth * 100) / 100,
        "event loop lag p99, median ms": rounded(quantile(lag, 0.5) * 1000),
      },
      wrong,
      said: services.flatMap(({ lines }) => lines),
    };
  } finally {
    await Promise.all(services.map((service) => service.end("SIGTERM")));
    await github.close();
    await server?.remove();
    await folder.remove();
  }
}

/** Opens all pull requests unheard, and gives the bodies that GitHub would have sent. */
function openedBodies(github: GitHub, traffic: Traffic, repositories: readonly string[]): readonly string[] {
  github.webhooks.hold();
  github.sendWebhooksTo("http://127.0.0.1:9/");
  for (let count = 0; count < pullRequests; count++) traffic.open(repositories[count % repositories.length]);
  const drawn = github.webhooks.waiting;
  github.webhooks.drop(...drawn);
  return drawn.filter(({ event, action }) => event === "pull_request" && action === "opened").map(({ body }) => body);
}

/** Work of a fixed size, done by one replica and by two on one database: seconds for each, and their ratio. */
export async function replicas(): Promise<Outcome> {
  const times: number[] = [];
  for (const count of [1, 2]) {
    const { github, repositories } = await organisations(20);
    const folder = await folderFor("replicas");
    const server = await PostgresServer.create();
    const services: RunningService[] = [];
    const traffic = new Traffic(github, repositories, () => 0);
    try {
      const bodies = openedBodies(github, traffic, repositories);
      const settings = { EVALUATIONS_PER_PERSON: "10000", DATABASE_URL: server.url };
      for (let one = 0; one < count; one++) services.push(await RunningService.start(github, folder.path, settings));
      const urls = services.map(({ url }) => `${url}/api/github/webhooks`);
      const began = performance.now();
      await sendAll({ urls, secret: github.app.webhookSecret, perSecond: pullRequests, seconds: 1, bodies });
      const wrong = await traffic.settled(300_000);
      if (wrong.length > 0) return { figures: {}, wrong, said: services.flatMap(({ lines }) => lines) };
      times.push((performance.now() - began) / 1000);
    } finally {
      await Promise.all(services.map((service) => service.end("SIGTERM")));
      await github.close();
      await server.remove();
      await folder.remove();
    }
  }
  const [one = 0, two = 1] = times;
  return {
    figures: {
      evaluations: pullRequests,
      "one replica, s": rounded(one),
      "two replicas, s": rounded(two),
      ratio: rounded(one / two),
    },
    wrong: [],
  };
}

async function sendAll(load: Load): Promise<Sent> {
  const child = fork(fileURLToPath(new URL("./sender.ts", import.meta.url)), [], {
    serialization: "advanced",
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const sent = new Promise<Sent>((resolve, reject) => {
    child.once("message", (message) => resolve(message as Sent));
    child.once("exit", (code) => reject(new Error(`the sender ended with ${code}`)));
  });
  child.send(load);
  try {
    return await sent;
  } finally {
    child.removeAllListeners("exit");
    child.kill();
  }
}

async function notStored(url: string, accepted: readonly string[]): Promise<readonly string[]> {
  const pool = new pg.Pool({ connectionString: url });
  try {
    const { rows } = await pool.query<{ id: string }>("select id from delivery");
    const stored = new Set(rows.map(({ id }) => id));
    const lost = accepted.filter((id) => !stored.has(id));
    return lost.length === 0 ? [] : [`${lost.length} deliveries were accepted and are not stored`];
  } finally {
    await pool.end();
  }
}

async function sample(services: readonly RunningService[], memory: number[], lag: number[]): Promise<void> {
  try {
    memory.push(await sum(services, "threatgate_process_resident_memory_bytes"));
    lag.push(await sum(services, "threatgate_nodejs_eventloop_lag_p99_seconds"));
  } catch {
    // A sample that could not be taken is one less.
  }
}

async function sum(services: readonly RunningService[], metric: string): Promise<number> {
  let total = 0;
  for (const service of services) total += await service.metric(metric);
  await rest(0);
  return total;
}

function rounded(figure: number): number {
  return Math.round(figure * 10) / 10;
}
