import { spawnSync } from "node:child_process";

/**
 * Runs a program in a process of its own with 256 MiB and a small stack, which must end by itself. It is TypeScript and an
 * ES module, and imports by absolute addresses.
 * @param seconds of the processor, not of the clock: a busy machine is no fault of what is read.
 */
export function inLimitedProcess(
  program: string,
  seconds: number,
): { readonly stdout: string; readonly stderr: string } {
  const node = [
    process.execPath,
    "--max-old-space-size=256",
    "--stack-size=500",
    "--input-type=module-typescript",
    "--no-warnings",
    "-e",
    program,
  ];
  return spawnSync("/bin/sh", ["-c", `ulimit -t ${seconds} && exec "$0" "$@"`, ...node], { encoding: "utf8" });
}
