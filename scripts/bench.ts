// `npm run bench`: how long the parts take on this machine. Measured and printed, never asserted: a stopwatch in a test lies.

import type { ChangedFile, Snapshot } from "../src/core/domain/snapshot.ts";
import { judge, needs, stillNeeded } from "../src/core/judge.ts";
import { readModel } from "../src/core/readers/read-model.ts";
import { readForeignYaml } from "../src/core/text/yaml.ts";
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

/** A native model of about `bytes` bytes, all of whose parts refer to each other. */
function aModelOf(bytes: number): string {
  let elements = "";
  let threats = "";
  let controls = "";
  for (let index = 0; elements.length + threats.length + controls.length < bytes; index++) {
    elements += `  - id: service-${index}\n    type: http-api\n    name: Service ${index}\n    data: [orders, addresses]\n    files: [src/service-${index}/**]\n`;
    threats += `  - id: threat-${index}\n    element: service-${index}\n    stride: [S, I]\n    title: Somebody reads the orders of another customer through service ${index}\n    impact: high\n    likelihood: medium\n    status: mitigated\n    controls: [control-${index}]\n`;
    controls += `  - id: control-${index}\n    title: Every order is read through the account of its owner\n    status: implemented\n    evidence: [src/service-${index}/orders.ts]\n`;
  }
  return `schemaVersion: 1\nsystem:\n  id: shop\n  name: Shop\nelements:\n${elements}threats:\n${threats}controls:\n${controls}`;
}

/** An OpenAPI description of about `bytes` bytes; its operation at `open` asks for no credentials. */
function aDescriptionOf(bytes: number, open: number): string {
  let text = "openapi: 3.0.3\ninfo: { title: Shop, version: '1' }\npaths:\n";
  for (let index = 0; text.length < bytes; index++) {
    text += `  /orders/{id}/part-${index}:\n    get:\n      summary: Read part ${index} of an order\n      parameters:\n        - name: id\n          in: path\n          required: true\n          schema:\n            type: string\n            format: uuid\n      responses:\n        "200":\n          description: The part\n      security: ${index === open ? "[]" : "[{ bearer: [] }]"}\n`;
  }
  return text;
}

const model = aModelOf(60_000);
const models = Array.from({ length: 200 }, (_, index) => ({
  path: `system-${index}/threat-model.yaml`,
  text: aModelOf(5_000),
}));
const withModel = aSnapshot({ models: [{ path: "threat-model.yaml", text: model }] });
figures["read 60 KB of model"] = median(10, () => readModel([{ path: "threat-model.yaml", text: model }]));
figures["judge 60 KB of model"] = median(10, () => judge(withModel, rules, context));
figures["judge 200 models"] = median(3, () => judge(aSnapshot({ models }), rules, context));

const path = "api/openapi.yaml";
const before = aDescriptionOf(150_000, -1);
const after = aDescriptionOf(150_000, 7);
const patch = `@@ -113,1 +113,1 @@\n-      security: [{ bearer: [] }]\n+      security: []`;
const described = aSnapshot({
  files: [{ filename: path, status: "modified", additions: 1, deletions: 1, changes: 2, patch }],
  baseTexts: [{ path, text: before }],
  headTexts: [{ path, text: after }],
});
figures["read 150 KB of OpenAPI"] = median(10, () => readForeignYaml(before));
figures["judge 150 KB of OpenAPI"] = median(10, () => judge(described, rules, context));
for (const [what, unit] of Object.entries({ brackets: "[a]\n", colons: "a: 1\nb\n", tags: "!a !b\n" }))
  figures[`200 KB of wrong ${what}`] = median(3, () => readForeignYaml(unit.repeat(200_000 / unit.length)));

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
