import { execFile, type SpawnOptions, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "./program.ts";

const run = promisify(execFile);

/** Where PostgreSQL's server and its tools for backups are installed, in one version; undefined where they are not. */
export function installedPostgres(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
  const needed = ["initdb", "postgres", "createdb", "pg_dump", "pg_restore"];
  return folders.find((folder) => needed.every((tool) => existsSync(join(folder, tool))));
}

/** A server of the installed PostgreSQL on loopback, with its tools. */
export class InstalledPostgres {
  readonly url: string;
  readonly #tools: string;
  readonly #folder: string;
  readonly #stop: () => Promise<void>;

  private constructor(url: string, tools: string, folder: string, stop: () => Promise<void>) {
    this.url = url;
    this.#tools = tools;
    this.#folder = folder;
    this.#stop = stop;
  }

  /** @param tools the folder that `installedPostgres` gave. */
  static async start(tools: string): Promise<InstalledPostgres> {
    const folder = await mkdtemp(join(tmpdir(), "threatgate-installed-postgres-"));
    const data = join(folder, "data");
    await mkdir(data, { mode: 0o700 });
    const account = await otherAccount();
    if (account) {
      await chmod(folder, 0o755);
      await chown(data, account.uid, account.gid);
    }
    const port = await freePort();
    await run(join(tools, "initdb"), ["--username=postgres", "--auth=trust", `--pgdata=${data}`], { ...account });
    const options: SpawnOptions = { ...account, stdio: "ignore" };
    const flags = ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-k", data];
    const server = spawn(join(tools, "postgres"), flags, options);
    const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
    const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
    const made = new InstalledPostgres(url, tools, folder, async () => {
      server.kill("SIGINT");
      await ended;
      await rm(folder, { recursive: true, force: true });
    });
    await eventually("PostgreSQL answers", () =>
      run(join(tools, "pg_dump"), ["--schema-only", url]).then(
        () => true,
        () => false,
      ),
    );
    return made;
  }

  /** As docs/operation.md says; gives the file. */
  async dump(): Promise<string> {
    const file = join(this.#folder, "backup.dump");
    await run(join(this.#tools, "pg_dump"), ["--format=custom", `--file=${file}`, this.url]);
    return file;
  }

  /** As docs/operation.md says, into a database that did not exist; gives its address. Throws where anything went wrong. */
  async restore(file: string, database: string): Promise<string> {
    const url = new URL(`/${database}`, this.url).href;
    await run(join(this.#tools, "createdb"), ["--maintenance-db", this.url, database]);
    await run(join(this.#tools, "pg_restore"), ["--exit-on-error", "--no-owner", "--dbname", url, file]);
    return url;
  }

  async end(): Promise<void> {
    await this.#stop();
  }
}

/** PostgreSQL refuses to run as root: then it runs as somebody without rights. */
async function otherAccount(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all([run("id", ["-u", "nobody"]), run("id", ["-g", "nobody"])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
