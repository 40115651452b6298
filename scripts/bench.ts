// `npm run bench`: how long the parts take on this machine. Measured and printed, never asserted: a stopwatch in a test lies.

import type { ChangedFile, Snapshot } from "../src/core/domain/snapshot.ts";
import { judge, needs, stillNeeded } from "../src/core/judge.ts";
import { readRules } from "../src/shell/local/rule-files.ts";
import { aSnapshot } from "../test/make/a-snapshot.ts";

const context = {
  threatgateVersion: "bench",
  documentation: "https://example.org",
  host: "https://github.com",
  requestId: "bench",
};
const started = performance.now();
const rules = await readRules();
const figures: Record<string, number> = { "read the rules": round(performance.now() - started) };

/** A pull request of `count` files, one in ten of which matters. */
function aPullRequestOf(count: number): Snapshot {
  const files: ChangedFile[] = Array.from({ length: count }, (_, index) => {
    const matters = index % 10 === 0;
    const patch = matters
      ? `@@ -0,0 +1,3 @@\n+resource "aws_s3_bucket" "exports_${index}" {\n+  bucket = "exports-${index}"\n+}`
      : `@@ -1,3 +1,3 @@\n const a = 1;\n-const b = ${index};\n+const b = ${index + 1};\n export { a, b };`;
    return {
      filename: matters ? `infra/bucket-${index}.tf` : `src/module-${index}.ts`,
      status: matters ? "added" : "modified",
      additions: matters ? 3 : 1,
      deletions: matters ? 0 : 1,
      changes: matters ? 3 : 2,
      patch,
    };
  });
  return { ...aSnapshot(), files, filesTotal: count };
}

for (const count of [1, 20, 300, 3000]) {
  const snapshot = aPullRequestOf(count);
  const rounds = count > 500 ? 3 : 10;
  judge(snapshot, rules, context);
  figures[`judge ${count} files`] = median(rounds, () => {
    needs(snapshot.files);
    stillNeeded(snapshot, new Set(), rules);
    judge(snapshot, rules, context);
  });
}

for (const [what, milliseconds] of Object.entries(figures))
  console.log(`${what.padEnd(24)} ${String(milliseconds).padStart(9)} ms`);
console.log(JSON.stringify(figures));

function median(rounds: number, work: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((one, other) => one - other);
  return round(times[Math.floor(rounds / 2)] ?? 0);
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
