import { readdir, readFile } from "node:fs/promises";

/** Seconds of processor time that each kind of process has taken so far. */
export type ProcessorSeconds = Readonly<Record<"service" | "judges" | "database", number>>;

/** Ticks of the clock in a second, as Linux shows them to every program. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const ticks = 100;

interface Process {
  readonly parent: number;
  readonly seconds: number;
  readonly command: string;
}

/** Looks at all processes that this one started, and theirs; undefined on systems without /proc. */
export async function processorSeconds(): Promise<ProcessorSeconds | undefined> {
  const all = await processes();
  if (all.size === 0) return undefined;
  const found = { service: 0, judges: 0, database: 0 };
  for (const [id, { seconds, command }] of all) {
    if (!descendsFrom(all, id, process.pid)) continue;
    if (command.includes("judge-child")) found.judges += seconds;
    else if (/\bserve\b/.test(command)) found.service += seconds;
    else if (command.includes("postgres")) found.database += seconds;
  }
  return found;
}

async function processes(): Promise<ReadonlyMap<number, Process>> {
  const all = new Map<number, Process>();
  const names = await readdir("/proc").catch(() => []);
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = await readFile(`/proc/${name}/stat`, "utf8");
      const command = (await readFile(`/proc/${name}/cmdline`, "utf8")).replaceAll("\0", " ");
      // The second field is the name in brackets, and may hold anything.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const seconds = (Number(fields[11]) + Number(fields[12])) / ticks;
      all.set(Number(name), { parent: Number(fields[1]), seconds, command });
    } catch {
      // It ended meanwhile.
    }
  }
  return all;
}

function descendsFrom(all: ReadonlyMap<number, Process>, id: number, ancestor: number): boolean {
  for (let at = all.get(id); at !== undefined; at = all.get(at.parent)) if (at.parent === ancestor) return true;
  return false;
}
