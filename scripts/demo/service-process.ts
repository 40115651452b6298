import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** The real service in a process of its own. */
export interface ServiceProcess {
  readonly url: string;
  /** Lines of its log so far. */
  readonly log: readonly string[];
  /** Sends SIGTERM and gives the exit code. */
  stop(): Promise<number>;
}

/** Starts `threatgate serve` with the given settings and waits until it listens. Throws with its last words if it does not. */
export async function startServiceProcess(
  root: string,
  settings: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", `${root}/src/entry/cli.ts`, "serve"],
    {
      cwd: root,
      env: { PATH: process.env["PATH"] ?? "", ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const log: string[] = [];
  const url = await listening(child, log);
  return {
    url,
    log,
    stop: async () => {
      if (child.exitCode !== null) return child.exitCode;
      const exit = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
      child.kill("SIGTERM");
      return exit;
    },
  };
}

function listening(child: ChildProcess, log: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        log.push(line);
        const found = /"url":"(http[^"]+)","msg":"listening"|"msg":"listening","url":"(http[^"]+)"/.exec(line);
        if (found) resolve(found[1] ?? found[2] ?? "");
      });
    }
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the service stopped (${code}): ${log.slice(-5).join("\n")}`)));
  });
}
