// How times are taken and told: a row for each measure, with its bar where it has one.

/** Milliseconds of several runs of the same work. */
export interface Times {
  /** Before anything of the kind ran in this process; undefined where that was not measured. */
  readonly first?: number;
  readonly least: number;
  readonly median: number;
  readonly rounds: number;
}

/** Runs the work `warmUps` times unmeasured but for the first, then `rounds` times, by the wall's clock or another one. */
export function timesOf(
  rounds: number,
  work: () => void,
  warmUps = 2,
  clock: (work: () => void) => number = timed,
): Times {
  const first = clock(work);
  for (let count = 1; count < warmUps; count++) work();
  const times = Array.from({ length: rounds }, () => clock(work)).sort(ascending);
  return { first, least: times[0] ?? 0, median: medianOf(times), rounds };
}

/**
 * Milliseconds of processor time that one run takes, collecting garbage included: the least of several groups of runs, each
 * long enough for the clock of the processor. Unlike time on the wall it does not grow with what else the machine does.
 */
export function processorTimeOf(work: () => void, warmUps: number, groups = 7, runs = 25): number {
  for (let count = 0; count < warmUps; count++) work();
  const times = Array.from({ length: groups }, () => {
    const start = process.cpuUsage();
    for (let count = 0; count < runs; count++) work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000 / runs;
  });
  return Math.min(...times);
}

/**
 * Milliseconds of processor time that the thread of the program takes for one run, what it collects of its own garbage included.
 * https://nodejs.org/api/process.html#processthreadcpuusagepreviousvalue
 */
export function processorTimed(work: () => void): number {
  const start = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}

/** Milliseconds of one run on the wall. */
export function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** The middle one; of an even number the upper of the two. */
export function medianOf(values: readonly number[]): number {
  return [...values].sort(ascending)[Math.floor(values.length / 2)] ?? 0;
}

function ascending(one: number, other: number): number {
  return one - other;
}

/** One line of the report. */
export interface Row {
  readonly what: string;
  /** Milliseconds, or a ratio where `unit` says so. */
  readonly figure: number;
  readonly unit?: "ms" | "times";
  /** The figure must not be above it. */
  readonly bar?: number;
  /** How the figure came about. */
  readonly how: string;
}

/** Whether a row keeps its bar; a row without one always does. */
export function holds({ figure, bar }: Row): boolean {
  return bar === undefined || figure <= bar;
}

/** The rows as aligned lines. */
export function told(rows: readonly Row[]): string {
  return rows
    .map((row) => {
      const unit = row.unit === "times" ? "×" : "ms";
      const verdict = row.bar === undefined ? "" : `${holds(row) ? "holds" : "FAILS"} (≤ ${row.bar} ${unit})`;
      return `${row.what.padEnd(52)} ${String(rounded(row.figure)).padStart(8)} ${unit.padEnd(2)}  ${verdict.padEnd(18)} ${row.how}`;
    })
    .join("\n");
}

/** To a tenth. */
export function rounded(figure: number): number {
  return Math.round(figure * 10) / 10;
}
