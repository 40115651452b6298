// `npm run eval`: detection and reading held against the labelled corpora (`CORPUS_DIR`, default ../shared/corpus). Says so
// when they are absent. The last line holds the figures. Exits 1 when
// a corpus is there and cannot be read, or a bar on detection or on reading does not hold.
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { detectIn } from "../src/core/inspect.ts";
import { readRules } from "../src/shell/local/rule-files.ts";
import { evaluateChanges } from "./eval-changes.ts";
import { evaluateModels } from "./eval-models.ts";
import { evaluateThreats } from "./eval-threats.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const corpus = resolve(root, process.env["CORPUS_DIR"] ?? "../shared/corpus");
const rules = await readRules();

const changes = await evaluateChanges(
  join(corpus, "changes"),
  ({ files, headTexts, baseTexts }) => detectIn({ files, headTexts, baseTexts }, rules),
  { misses: process.argv.includes("--misses") },
);
console.log(changes.text);
const models = await evaluateModels(corpus);
console.log(models.text);
const threats = await evaluateThreats(corpus, rules, { misses: process.argv.includes("--misses") });
console.log(threats.text);
const unmet = [changes, models.figures?.structured, models.figures?.markdown].filter((part) => part?.met === false);
if (unmet.length > 0) process.exitCode = 1;
console.log(
  JSON.stringify({
    changes: changes.figures ?? null,
    models: models.figures ?? null,
    threats: threats.figures ?? null,
  }),
);
