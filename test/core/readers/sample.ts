import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { judgeDeliverables, missingDeliverables } from "../../../src/core/assess/deliverables.ts";
import type { Deliverables } from "../../../src/core/domain/assessment.ts";
import { type DeliverableRule, deliverableRuleSchema } from "../../../src/core/domain/rules.ts";
import type { FileText } from "../../../src/core/domain/snapshot.ts";
import type { ReadModel } from "../../../src/core/domain/threat-model.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A sample model of ours under `test/cases/models/`, by its path below that folder. */
export function sample(path: string): FileText {
  return { path, text: readFileSync(`${root}test/cases/models/${path}`, "utf8") };
}

/** The sample files of one format. */
export function samplesOf(format: string): FileText[] {
  return readdirSync(`${root}test/cases/models/${format}`)
    .sort()
    .map((name) => sample(`${format}/${name}`));
}

/** The eight deliverable rules as they are shipped. */
export function deliverableRules(): DeliverableRule[] {
  const folder = `${root}rules/deliverables`;
  return readdirSync(folder)
    .sort()
    .map((name) => deliverableRuleSchema.parse(parse(readFileSync(`${folder}/${name}`, "utf8"))));
}

/** Deliverables of what was read; those of no model where there is none. */
export function deliverablesOf(read: ReadModel, paths: readonly string[] = []): Deliverables {
  const rules = deliverableRules();
  return read.model === undefined ? missingDeliverables(rules) : judgeDeliverables(read.model, rules, { paths });
}

/** The expected JSON of a whole reading, beside the tests. */
export function expected(name: string): unknown {
  return JSON.parse(readFileSync(`${root}test/core/readers/expected/${name}.json`, "utf8"));
}
