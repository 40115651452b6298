// `npm run load`: the real service under load, with GitHub's stand-in, the sender and the database on the same machine. Each row
// prints its figures against its bar; the last line holds them all; exits 0 when every bar holds.
//
//   npm run load                           all rows, about forty minutes
//   npm run load -- deliveries --for 20    one of them, for so many seconds
import { parseArgs } from "node:util";
import type { Outcome } from "./chaos/outcome.ts";
import { replicas, underLoad } from "./load/measure.ts";

interface Row {
  readonly what: string;
  readonly seconds: number;
  run(seconds: number): Promise<Outcome>;
}

/** Deliveries a second that the embedded database is stated to bear, beside the evaluations that they ask for. */
const embeddedLimit = 50;

const rows: Readonly<Record<string, Row>> = {
  deliveries: {
    what: "300 deliveries a second on PostgreSQL: none lost, 99 of 100 answered within 100 ms",
    seconds: 60,
    run: (seconds) => underLoad({ database: "postgresql", perSecond: 300, seconds, p99: 100 }),
  },
  evaluations: {
    what: "50 deliveries a second on PostgreSQL, with whole evaluations",
    seconds: 600,
    run: (seconds) => underLoad({ database: "postgresql", perSecond: 50, seconds, p99: 100 }),
  },
  embedded: {
    what: `${embeddedLimit} deliveries a second on the embedded database: its stated limit`,
    seconds: 60,
    run: (seconds) => underLoad({ database: "embedded", perSecond: embeddedLimit, seconds, p99: 1000 }),
  },
  memory: {
    what: "memory after a quarter of an hour at 20 deliveries a second",
    seconds: 900,
    run: (seconds) => underLoad({ database: "postgresql", perSecond: 20, seconds, levelMemory: true }),
  },
  replicas: { what: "two replicas against one, each under the same flood", seconds: 60, run: replicas },
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { for: { type: "string" } } });
const unknown = positionals.filter((name) => !(name in rows));
if (unknown.length > 0) {
  console.error(`load: no row ${unknown.join(", ")}; there are ${Object.keys(rows).join(", ")}`);
  process.exit(2);
}

const figures: Record<string, Outcome["figures"]> = {};
const failed: string[] = [];
for (const [name, { what, seconds, run }] of Object.entries(rows)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.log(`${name}: ${what}`);
  const outcome = await run(Number(values.for ?? seconds));
  figures[name] = outcome.figures;
  for (const [figure, value] of Object.entries(outcome.figures)) console.log(`  ${figure}: ${value}`);
  for (const sentence of outcome.wrong.slice(0, 20)) console.log(`  WRONG ${sentence}`);
  console.log(outcome.wrong.length === 0 ? "  holds" : "  FAILS");
  if (outcome.wrong.length > 0) failed.push(name);
}
console.log(JSON.stringify({ ...figures, failed }));
process.exit(failed.length > 0 ? 1 : 0);
