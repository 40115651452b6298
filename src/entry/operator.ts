import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { join } from "node:path";
import { redrive } from "../shell/queue/dead-letters.ts";
import { type Database, openDatabase } from "../shell/store/database.ts";
import { type DeadLetter, deadLetters } from "../shell/store/dead-letters.ts";
import type { Environment } from "./environment.ts";

/*
 * What an operator asks of a service that runs. On PostgreSQL anybody who has the database may ask it directly; the
 * embedded one belongs to one process, so that process answers on a socket in its own folder: whoever may read and write
 * the folder may ask, and nobody on the network can.
 */

/** The failed jobs, and whether they were put back into the queue. */
export interface Failed {
  readonly jobs: readonly DeadLetter[];
  readonly redriven: boolean;
}

/** Lists the failed jobs and, where asked, has them done again. */
export async function failedJobs({ kysely, boss }: Database, again: boolean): Promise<Failed> {
  const jobs = await deadLetters(kysely);
  if (again) await redrive(kysely, boss, jobs);
  return { jobs, redriven: again };
}

const socketOf = (dataDir: string): string => join(dataDir, "operator.sock");

/** Answers operators of a service with the embedded database. Gives back how to stop. */
export async function answerOperators(database: Database, dataDir: string): Promise<() => Promise<void>> {
  const path = socketOf(dataDir);
  // The database's own lock tells that no other process is here: a socket that is left belongs to one that was killed.
  await rm(path, { force: true });
  const server = createServer((asked, answer) => {
    const again = asked.method === "POST";
    failedJobs(database, again).then(
      (failed) => answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(failed)),
      () => answer.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  server.unref();
  return () => closed(server);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Asks the service of this environment, or its database. Throws where neither can be reached. */
export async function askForFailedJobs(
  { databaseUrl, dataDir }: Pick<Environment, "databaseUrl" | "dataDir">,
  again: boolean,
): Promise<Failed> {
  if (databaseUrl === undefined) {
    const answered = await ask(socketOf(dataDir), again);
    if (answered) return answered;
  }
  const location = databaseUrl === undefined ? { folder: dataDir } : { url: databaseUrl };
  const database = await openDatabase(location, () => {});
  try {
    return await failedJobs(database, again);
  } finally {
    await database.close();
  }
}

/** The answer of a running service; undefined where none listens. */
async function ask(socketPath: string, again: boolean): Promise<Failed | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: "/failed", method: again ? "POST" : "GET" }, (answer) => {
      read(answer).then(
        (text) =>
          answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error("The service could not answer.")),
        reject,
      );
    });
    asked.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(undefined);
      else reject(error);
    });
    asked.end();
  });
}

async function read(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf8");
}
