import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { GitHub } from "../github/github.ts";
import { loadOnceAWorker } from "../make/once-a-worker.ts";
import { prepareDatabase } from "../make/prepared-database.ts";
import type * as commands from "../once-a-worker/commands.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** How a run of the program ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Variables = Readonly<Record<string, string>>;

function start(args: readonly string[], variables: Variables, folder: string, door = "cli"): ChildProcess {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", `${root}src/entry/${door}.ts`, ...args], {
    cwd: folder,
    // As the launcher does: what Node compiled once serves all starts.
    env: {
      PATH: process.env["PATH"] ?? "",
      NODE_COMPILE_CACHE: `${root}node_modules/.cache/compiled`,
      ...variables,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs `threatgate` to its end, as a user would. A program that does not end within two minutes is killed. */
export async function threatgate(args: readonly string[], variables: Variables = {}, folder = root): Promise<Ended> {
  return endOf(start(args, variables, folder));
}

/**
 * The same without a process of its own, which takes a tenth of the time: for what a command says and how it ends. Whether it
 * does so as a program is for `threatgate` to try, once for each command.
 */
export async function threatgateHere(
  args: readonly string[],
  variables: Variables = {},
  folder = root,
): Promise<Ended> {
  const { run } = loadOnceAWorker(new URL("../once-a-worker/commands.ts", import.meta.url)) as typeof commands;
  return run(args, variables, folder);
}

/** Runs the GitHub Action to its end, as a runner would. */
export async function action(variables: Variables): Promise<Ended> {
  return endOf(start([], variables, root, "action"));
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const late = setTimeout(() => child.kill("SIGKILL"), 120_000);
  const said = { stdout: "", stderr: "" };
  child.stdout?.on("data", (part: Buffer) => {
    said.stdout += part.toString();
  });
  child.stderr?.on("data", (part: Buffer) => {
    said.stderr += part.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(late);
  return { code, ...said };
}

/** One line of the service's log, as far as tests look at it. */
export interface LogLine {
  readonly msg: string;
  readonly url?: string;
  readonly result?: string;
  readonly step?: string;
  readonly pullRequest?: number;
  readonly why?: string;
  readonly notice?: string;
  readonly outcome?: string;
  readonly level?: number;
}

/** `threatgate serve` in a process of its own. */
export class RunningService {
  readonly url: string;
  readonly metricsUrl: string;
  readonly lines: readonly string[];
  readonly #child: ChildProcess;
  readonly #read: LogLine[] = [];

  private constructor(child: ChildProcess, lines: readonly string[], urls: { url: string; metricsUrl: string }) {
    this.#child = child;
    this.lines = lines;
    this.url = urls.url;
    this.metricsUrl = urls.metricsUrl;
  }

  /**
   * Starts it on free ports for an App of the stand-in, and has webhooks sent to it.
   * @param more further settings.
   * @param isFirstStart whether it makes its own database; otherwise an empty data folder is given one that is made already.
   */
  static async start(
    github: GitHub,
    dataDir: string,
    more: Variables = {},
    isFirstStart = false,
  ): Promise<RunningService> {
    if (!isFirstStart && more["DATABASE_URL"] === undefined && !existsSync(join(dataDir, "database"))) {
      await prepareDatabase(dataDir);
    }
    const child = start(
      ["serve"],
      { ...settingsFor(github), DATA_DIR: dataDir, PORT: "0", METRICS_PORT: "0", HOST: "127.0.0.1", ...more },
      root,
    );
    const lines: string[] = [];
    const addresses = new Map<string, string>();
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        // Nobody else knows of it: left alone it would go on for ever.
        child.kill("SIGKILL");
        reject(new Error(`the service does not listen: ${lines.join("\n")}`));
      }, 120_000);
      for (const stream of [child.stdout, child.stderr]) {
        if (!stream) continue;
        createInterface({ input: stream }).on("line", (line) => {
          lines.push(line);
          const said = logLine(line);
          if (said?.url !== undefined) addresses.set(said.msg, said.url);
          if (addresses.has("listening") && addresses.has("metrics")) {
            clearTimeout(late);
            resolve();
          }
        });
      }
      child.once("exit", (code) => reject(new Error(`the service ended (${code}): ${lines.join("\n")}`)));
    });
    const url = addresses.get("listening") ?? "";
    github.sendWebhooksTo(`${url}/api/github/webhooks`);
    return new RunningService(child, lines, { url, metricsUrl: addresses.get("metrics") ?? "" });
  }

  /** How it ended by itself, as far as it has; undefined while it runs. */
  get exitCode(): number | string | undefined {
    return this.#child.exitCode ?? this.#child.signalCode ?? undefined;
  }

  /** The log so far. Throws where a line is not one JSON object. Tests ask while they wait: each line is read once. */
  get log(): LogLine[] {
    for (const line of this.lines.slice(this.#read.length)) {
      const read = logLine(line);
      if (!read) throw new Error(`not a line of the log: ${line}`);
      this.#read.push(read);
    }
    return [...this.#read];
  }

  /** Sends a signal; gives the exit code, or undefined when the signal ended it. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<number | undefined> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode ?? undefined;
    const ended = new Promise<number | undefined>((resolve) =>
      this.#child.once("exit", (code) => resolve(code ?? undefined)),
    );
    this.#child.kill(signal);
    return ended;
  }

  /** Value of a metric with these labels, 0 where it was never counted. */
  async metric(name: string, labels = ""): Promise<number> {
    return (await this.metrics()).get(name + labels) ?? 0;
  }

  /** All metrics, by name and labels, read at once: what Node says of its loop is since the last reading. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(`${this.metricsUrl}/metrics`)).text();
    const values = new Map<string, number>();
    for (const line of text.split("\n")) {
      const end = line.lastIndexOf(" ");
      if (!line.startsWith("#") && end > 0) values.set(line.slice(0, end), Number(line.slice(end + 1)));
    }
    return values;
  }

  /** Whether no evaluation and no answer waits or runs. */
  async isIdle(): Promise<boolean> {
    const metrics = await this.metrics();
    return metrics.get("threatgate_queue_waiting_jobs") === 0 && metrics.get("threatgate_queue_running_jobs") === 0;
  }
}

/** The settings of the service for an App of the stand-in. */
export function settingsFor(github: GitHub): Variables {
  const { id, privateKey, webhookSecret } = github.app;
  return { APP_ID: String(id), PRIVATE_KEY: privateKey, WEBHOOK_SECRET: webhookSecret, GITHUB_API_URL: github.url };
}

function logLine(line: string): LogLine | undefined {
  try {
    const read: unknown = JSON.parse(line);
    return typeof read === "object" && read !== null && "msg" in read ? (read as LogLine) : undefined;
  } catch {
    return undefined;
  }
}

/** Waits until something holds, and fails saying what did not when it takes too long. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  milliseconds = 120_000,
): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it never came to be that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
