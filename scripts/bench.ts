// `npm run bench`: how long the parts take on this machine, held against the bars of change detection. No test asserts a
// time: a stopwatch in a test lies. The last line holds the figures; exits 0 when every bar that could be measured holds.
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { matcherOf } from "../src/core/changes/match-rule.ts";
import { judge } from "../src/core/judge.ts";
import { readModel } from "../src/core/readers/read-model.ts";
import { readForeignYaml } from "../src/core/text/yaml.ts";
import { readRules } from "../src/shell/local/rule-files.ts";
import { aModelOf } from "../test/make/a-large-model.ts";
import { aSnapshot } from "../test/make/a-snapshot.ts";
import { benchCorpus, benchGrowth, benchPullRequests, seenAnew } from "./bench-changes.ts";
import { benchDashboard } from "./bench-dashboard.ts";
import { benchEvidence } from "./bench-evidence.ts";
import { holds, type Row, rounded, timesOf, told } from "./bench-measure.ts";
import { benchReading } from "./bench-reading.ts";
import { benchStanding } from "./bench-standing.ts";
import { benchSystemModel } from "./bench-system-model.ts";
import { benchThreats } from "./bench-threats.ts";

const context = {
  threatgateVersion: "bench",
  documentation: "https://example.org",
  host: "https://github.com",
  requestId: "bench",
};
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const corpora = resolve(root, process.env["CORPUS_DIR"] ?? "../shared/corpus");

const rows: Row[] = [];
const started = performance.now();
const rules = await readRules();
rows.push({ what: "read the rules", figure: performance.now() - started, how: "once a process, from the disk" });
const compiling = performance.now();
matcherOf(rules);
rows.push({ what: "compile the rules", figure: performance.now() - compiling, how: "once a process" });

const corpus = await benchCorpus(join(corpora, "changes"), rules);
rows.push(
  ...corpus.rows,
  ...benchPullRequests(rules, context),
  ...benchGrowth(rules),
  ...benchThreats(rules),
  ...benchReading(rules),
  ...benchSystemModel(rules),
  ...benchEvidence(rules),
  ...benchStanding(rules, context),
  ...(await benchDashboard(rules)),
);

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
measure("read 60 KB of model", 10, () => readModel([{ path: "threat-model.yaml", text: model }]));
measure("judge 60 KB of model", 10, () => judge(seenAnew(withModel), rules, context));
measure("judge 200 models", 3, () => judge(aSnapshot({ models }), rules, context));

const path = "api/openapi.yaml";
const before = aDescriptionOf(150_000, -1);
const after = aDescriptionOf(150_000, 7);
const patch = `@@ -113,1 +113,1 @@\n-      security: [{ bearer: [] }]\n+      security: []`;
const described = aSnapshot({
  files: [{ filename: path, status: "modified", additions: 1, deletions: 1, changes: 2, patch }],
  baseTexts: [{ path, text: before }],
  headTexts: [{ path, text: after }],
});
measure("read 150 KB of OpenAPI", 10, () => readForeignYaml(before));
measure("judge 150 KB of OpenAPI", 10, () => judge(seenAnew(described), rules, context));
for (const [what, unit] of Object.entries({ brackets: "[a]\n", colons: "a: 1\nb\n", tags: "!a !b\n" }))
  measure(`200 KB of wrong ${what}`, 3, () => readForeignYaml(unit.repeat(200_000 / unit.length)));

console.log(told(rows));
if (corpus.absent !== undefined) console.log(`\n${corpus.absent}`);
const failed = rows.filter((row) => !holds(row)).map(({ what }) => what);
if (failed.length > 0) console.log(`\nNot held: ${failed.join("; ")}.`);
console.log(JSON.stringify({ ...Object.fromEntries(rows.map(({ what, figure }) => [what, rounded(figure)])), failed }));
// Left to end by itself, the process would say 0: the library that started PostgreSQL ends it so.
process.exit(failed.length > 0 ? 1 : 0);

function measure(what: string, rounds: number, work: () => void): void {
  const { median, least } = timesOf(rounds, work);
  rows.push({ what, figure: median, how: `median of ${rounds} after 2 to warm up; least ${least.toFixed(1)}` });
}
