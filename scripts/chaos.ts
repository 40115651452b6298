// `npm run chaos`: the service and everything around it at its worst, on loopback. Each scenario prints its figures; the last
// line holds them all; exits 1 and says what was lost or done twice where anything was.
//
//   npm run chaos                          all scenarios, about half an hour
//   npm run chaos -- kills --for 60        one of them, for so many seconds
//   npm run chaos -- --fast                all of them, as short as they make sense
//   npm run chaos -- histories --seed 7    another series of random numbers
//   npm run chaos -- histories --count 60  so many histories
//   npm run chaos -- --patience 60         seconds until everything must be right after the disturbances
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { faultyGitHub } from "./chaos/faults.ts";
import { histories } from "./chaos/histories.ts";
import { kills } from "./chaos/kills.ts";
import { noisyTenant } from "./chaos/noise.ts";
import type { Outcome, Wanted } from "./chaos/outcome.ts";
import { databaseRestarts } from "./chaos/restarts.ts";

interface Known {
  readonly what: string;
  readonly seconds: number;
  run(wanted: Wanted, isFast: boolean): Promise<Outcome>;
}

const scenarios: Readonly<Record<string, Known>> = {
  histories: {
    what: "random histories with crashes, losses, duplicates and reorderings",
    seconds: 0,
    run: (wanted, isFast) => histories(wanted, Number(values.count ?? (isFast ? 20 : 300))),
  },
  kills: { what: "kill -9 every 20 s", seconds: 600, run: (wanted) => kills(wanted) },
  restarts: { what: "PostgreSQL restarted five times", seconds: 150, run: (wanted) => databaseRestarts(wanted) },
  faults: { what: "20 % mixed faults and 5 % lost answers", seconds: 600, run: (wanted) => faultyGitHub(wanted) },
  noise: {
    what: "one noisy tenant with thousands of pushes, and 50 quiet ones",
    seconds: 0,
    run: (wanted, isFast) => noisyTenant(wanted, isFast ? 400 : 2_000),
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    for: { type: "string" },
    seed: { type: "string", default: "20260304" },
    patience: { type: "string", default: "300" },
    count: { type: "string" },
    fast: { type: "boolean", default: false },
  },
});
const unknown = positionals.filter((name) => !(name in scenarios));
if (unknown.length > 0) {
  console.error(`chaos: no scenario ${unknown.join(", ")}; there are ${Object.keys(scenarios).join(", ")}`);
  process.exit(2);
}

const figures: Record<string, Outcome["figures"]> = {};
let isRight = true;
for (const [name, { what, seconds, run }] of Object.entries(scenarios)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const wanted = {
    seconds: Number(values.for ?? (values.fast ? 30 : seconds)),
    seed: Number(values.seed),
    patience: Number(values.patience) * 1000,
  };
  console.log(`${name}: ${what}${seconds > 0 ? `, for ${wanted.seconds} s` : ""}`);
  const began = performance.now();
  const outcome = await run(wanted, values.fast);
  figures[name] = { ...outcome.figures, "took, s": Math.round((performance.now() - began) / 1000) };
  for (const [figure, value] of Object.entries(figures[name])) console.log(`  ${figure}: ${value}`);
  for (const sentence of outcome.wrong.slice(0, 50)) console.log(`  WRONG ${sentence}`);
  if (outcome.wrong.length > 0 && outcome.said) {
    const kept = join(tmpdir(), `threatgate-chaos-${name}-${process.pid}.log`);
    await writeFile(kept, outcome.said.join("\n"));
    console.log(`  what the service said: ${kept}`);
  }
  console.log(outcome.wrong.length === 0 ? "  holds" : `  FAILS: ${outcome.wrong.length} wrong`);
  isRight &&= outcome.wrong.length === 0;
}
console.log(JSON.stringify({ seed: Number(values.seed), ...figures, holds: isRight }));
process.exit(isRight ? 0 : 1);
