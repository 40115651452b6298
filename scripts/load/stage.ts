import { type ChildProcess, fork } from "node:child_process";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { RunningService } from "../../test/flow/program.ts";
import type { GitHub } from "../../test/github/github.ts";
import { PostgresServer } from "../../test/make/postgres-server.ts";
import { folderFor, organisations } from "../chaos/organisations.ts";
import { Traffic } from "../chaos/traffic.ts";
import type { Load, Sent } from "./sender.ts";

/** Pull requests that the deliveries are about. With fewer of them more deliveries join one that waits. */
const pullRequests = 200;

/** More than any measurement needs: what a person may cause in an hour is not what is measured. */
const evaluationsPerPerson = "10000";

/** The service with everything around it: GitHub's stand-in in this process, everything else in processes of its own. */
export interface Stage {
  readonly services: readonly RunningService[];
  readonly traffic: Traffic;
  /** Address of the database; undefined where it is the embedded one. */
  readonly databaseUrl: string | undefined;
  /** Forgets what the stand-in remembers of requests, which would take more memory than all the rest. */
  forgetRequests(): void;
  /** Sends `pull_request` deliveries, in turn to each service, about every pull request in turn. */
  send(perSecond: number, seconds: number): Promise<Sent>;
  end(): Promise<void>;
}

/** @param replicas on PostgreSQL; the embedded database has one process. */
export async function setStage(database: "postgresql" | "embedded", replicas: number): Promise<Stage> {
  const { github, repositories } = await organisations(20);
  // GitHub's hourly limits are not what is measured: in ten minutes everybody's would be spent.
  github.limits.limits = { core: 1_000_000, graphql: 1_000_000 };
  const folder = await folderFor("load");
  const server = database === "postgresql" ? await PostgresServer.create() : undefined;
  const services: RunningService[] = [];
  const sender = startSender();
  const traffic = new Traffic(github, repositories, () => 0);
  const end = async (): Promise<void> => {
    sender.kill();
    await Promise.all(services.map((service) => service.end("SIGTERM")));
    await github.close();
    await server?.remove();
    await folder.remove();
  };
  try {
    const bodies = openedBodies(github, traffic, repositories);
    const settings = {
      EVALUATIONS_PER_PERSON: evaluationsPerPerson,
      ...(server === undefined ? {} : { DATABASE_URL: server.url }),
    };
    for (let count = 0; count < replicas; count++)
      services.push(await RunningService.start(github, folder.path, settings));
    yieldToOthers();
    const urls = services.map(({ url }) => `${url}/api/github/webhooks`);
    const secret = github.app.webhookSecret;
    return {
      services,
      traffic,
      databaseUrl: server?.url,
      forgetRequests: () => github.requests.clear(),
      send: (perSecond, seconds) => sendBy(sender, { urls, secret, perSecond, seconds, bodies }),
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/**
 * GitHub does not run on the machine of the service: where both want the processor, its stand-in waits. The processes that
 * were started before keep their own priority. Not every system lets us say so.
 */
function yieldToOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {}
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

function startSender(): ChildProcess {
  return fork(fileURLToPath(new URL("./sender.ts", import.meta.url)), [], {
    serialization: "advanced",
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
}

function sendBy(sender: ChildProcess, load: Load): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null): void => reject(new Error(`the sender ended with ${code}`));
    sender.once("exit", gone);
    sender.once("message", (message) => {
      sender.off("exit", gone);
      resolve(message as Sent);
    });
    sender.send(load);
  });
}

/** Says how many of these deliveries the database does not have; nothing where it has all. */
export async function notStored(url: string, accepted: readonly string[]): Promise<readonly string[]> {
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
