// `npm run cost`: what each thing that happens costs at GitHub, counted from what the stand-in for GitHub was asked by the real
// service, and held against bars. The last line holds the figures; exits 0 when every bar holds.
//
//   npm run cost                  all parts, about four minutes
//   npm run cost -- sweep         one of them
//   npm run cost -- --asked       with what was asked, in order
import { parseArgs } from "node:util";
import { firstInstallation, quietSweep } from "./cost/background.ts";
import { pullRequests } from "./cost/pull-requests.ts";
import { figuresOf, type Row, told, unmet } from "./cost/rows.ts";

const parts: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  "pull-requests": pullRequests,
  sweep: quietSweep,
  installation: firstInstallation,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { asked: { type: "boolean", default: false } },
});
const unknown = positionals.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`cost: no part ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}

const rows: Row[] = [];
for (const [name, count] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const counted = await count();
  rows.push(...counted);
  console.log(`${told(counted)}\n`);
  for (const row of counted) {
    const over = unmet(row);
    for (const sentence of over) console.log(`FAILS ${row.what}: ${sentence}`);
    if (over.length > 0 || values.asked) console.log(`${row.what}:\n${inShort(row.asked)}\n`);
  }
}
console.log(JSON.stringify(figuresOf(rows)));
process.exit(rows.some((row) => unmet(row).length > 0) ? 1 : 0);

/** Operations in order, the same ones after another on one line. */
function inShort(asked: readonly string[]): string {
  const lines: { readonly operation: string; count: number }[] = [];
  for (const operation of asked) {
    const last = lines.at(-1);
    if (last?.operation === operation) last.count++;
    else lines.push({ operation, count: 1 });
  }
  return lines.map(({ operation, count }) => `  ${operation}${count > 1 ? ` × ${count}` : ""}`).join("\n");
}
