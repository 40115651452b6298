// `npm run load`: the real service under load, with GitHub's stand-in, the sender and the database on the same machine. Each row
// prints its figures against its bar; the last line holds them all; exits 0 when every bar holds.
//
//   npm run load                           all rows, about forty minutes
//   npm run load -- deliveries --for 20    one of them, for so many seconds
//   npm run load -- embedded --rate 80     so many deliveries a second instead of the bar's
import { parseArgs } from "node:util";
import type { Outcome } from "./chaos/outcome.ts";
import { replicas, underLoad } from "./load/measure.ts";

interface Row {
  readonly what: string;
  readonly seconds: number;
  /** Deliveries a second. */
  readonly perSecond: number;
  run(seconds: number, perSecond: number): Promise<Outcome>;
}

/** Deliveries a second that the embedded database is stated to bear, beside the evaluations that they ask for. */
const embeddedLimit = 50;

const rows: Readonly<Record<string, Row>> = {
  deliveries: {
    what: "300 deliveries a second on PostgreSQL: none lost, 99 of 100 answered within 100 ms",
    seconds: 60,
    perSecond: 300,
    run: (seconds, perSecond) => underLoad({ database: "postgresql", perSecond, seconds, p99: 100 }),
  },
  evaluations: {
    what: "50 deliveries a second on PostgreSQL, with whole evaluations",
    seconds: 600,
    perSecond: 50,
    run: (seconds, perSecond) => underLoad({ database: "postgresql", perSecond, seconds, p99: 100 }),
  },
  embedded: {
    what: `${embeddedLimit} deliveries a second on the embedded database: its stated limit`,
    seconds: 60,
    perSecond: embeddedLimit,
    run: (seconds, perSecond) => underLoad({ database: "embedded", perSecond, seconds, p99: 1000 }),
  },
  memory: {
    what: "memory after a quarter of an hour at 20 deliveries a second",
    seconds: 900,
    perSecond: 20,
    run: (seconds, perSecond) => underLoad({ database: "postgresql", perSecond, seconds, levelMemory: true }),
  },
  replicas: { what: "two replicas against one, each under the same flood", seconds: 60, perSecond: 50, run: replicas },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { for: { type: "string" }, rate: { type: "string" } },
});
const unknown = positionals.filter((name) => !(name in rows));
if (unknown.length > 0) {
  console.error(`load: no row ${unknown.join(", ")}; there are ${Object.keys(rows).join(", ")}`);
  process.exit(2);
}

const figures: Record<string, Outcome["figures"]> = {};
const failed: string[] = [];
for (const [name, { what, seconds, perSecond, run }] of Object.entries(rows)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.log(`${name}: ${what}`);
  const outcome = await run(Number(values.for ?? seconds), Number(values.rate ?? perSecond));
  figures[name] = outcome.figures;
  for (const [figure, value] of Object.entries(outcome.figures)) console.log(`  ${figure}: ${value}`);
  for (const sentence of outcome.wrong.slice(0, 20)) console.log(`  WRONG ${sentence}`);
  console.log(outcome.wrong.length === 0 ? "  holds" : "  FAILS");
  if (outcome.wrong.length > 0) failed.push(name);
}
console.log(JSON.stringify({ ...figures, failed }));
process.exit(failed.length > 0 ? 1 : 0);
