import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second wherever it shows times of processes (USER_HZ, time(7)). */
const millisecondsOfATick = 10;

/**
 * Milliseconds that processors have worked for a process so far, all its threads together; undefined where the process is
 * gone or the system does not tell. Linux does: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function processorTime(processId: number): number | undefined {
  let line: string;
  try {
    line = readFileSync(`/proc/${processId}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets, and may hold spaces and brackets; after it comes the third.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[14 - 3]) + Number(fields[15 - 3]);
  return Number.isFinite(ticks) ? ticks * millisecondsOfATick : undefined;
}
