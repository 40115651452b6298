import { runCommandLine } from "../../src/entry/command-line.ts";
import type { Ended } from "../flow/program.ts";

/*
 * Loaded by Node, once a worker: the command line without a process of its own. What a command writes, its exit code, its folder
 * and its variables are those of the process; so one runs after the other, and all of it is put back.
 */

let turn: Promise<unknown> = Promise.resolve();

/** Runs a command to its end. */
export function run(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  folder: string,
): Promise<Ended> {
  const mine = turn.then(() => runNow(args, variables, folder));
  turn = mine.catch(() => {});
  return mine;
}

async function runNow(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  folder: string,
): Promise<Ended> {
  const before = { env: process.env, folder: process.cwd(), exitCode: process.exitCode };
  const out = listenTo(process.stdout);
  const err = listenTo(process.stderr);
  const { PATH = "", NODE_COMPILE_CACHE = "" } = before.env;
  process.env = { PATH, NODE_COMPILE_CACHE, ...variables };
  process.chdir(folder);
  process.exitCode = 0;
  try {
    await runCommandLine(args);
    return { code: Number(process.exitCode), stdout: out.said(), stderr: err.said() };
  } finally {
    out.end();
    err.end();
    process.chdir(before.folder);
    process.env = before.env;
    process.exitCode = before.exitCode;
  }
}

/** Has what is written to a stream said here instead. */
function listenTo(stream: NodeJS.WriteStream) {
  const { write } = stream;
  const parts: string[] = [];
  stream.write = (part: Uint8Array | string, ...rest: unknown[]): boolean => {
    parts.push(typeof part === "string" ? part : Buffer.from(part).toString());
    for (const done of rest) if (typeof done === "function") done();
    return true;
  };
  return {
    said: () => parts.join(""),
    end: () => {
      stream.write = write;
    },
  };
}
