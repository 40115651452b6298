import { expect, test } from "@jest/globals";
import type { ChangedFile } from "../../src/core/domain/snapshot.ts";
import { judge } from "../../src/core/judge.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { aSnapshot } from "../make/a-snapshot.ts";

const context = {
  threatgateVersion: "1",
  documentation: "https://example.org",
  host: "https://github.com",
  requestId: "r",
};

/** A bucket in a file of its own. */
function aBucket(name: string): ChangedFile {
  return {
    filename: `infra/${name}.tf`,
    status: "added",
    additions: 3,
    deletions: 0,
    changes: 3,
    patch: `@@ -0,0 +1,3 @@\n+resource "aws_s3_bucket" "${name}" {\n+  bucket = "${name}"\n+}`,
  };
}

test("many new stores are not all asked about, but none of them passes unmodelled", async () => {
  const rules = await readRules();
  const names = Array.from({ length: 15 }, (_, index) => `decoy_${index}`);
  const files = [...names.map(aBucket), aBucket("patient_records")];
  const { assessment } = judge({ ...aSnapshot(), files, filesTotal: files.length }, rules, context);
  const asked = assessment.changes.filter((change) => change.significant).length;
  expect(asked).toBeLessThanOrEqual(6);
  const owed = assessment.systems.flatMap((system) =>
    system.uncovered.map((index) => assessment.changes[index]?.element.name),
  );
  expect(owed.toSorted()).toEqual([...names, "patient_records"].toSorted());
});

test("a manifest that is named like a model is searched all the same", async () => {
  const rules = await readRules();
  const path = "threat-model/package.json";
  const patch = '@@ -1,3 +1,4 @@\n {\n   "dependencies": {\n+    "pg": "8.13.1"\n   }';
  const file = { filename: path, status: "modified", additions: 1, deletions: 0, changes: 1, patch } as const;
  const texts = [{ path, text: '{\n  "dependencies": {\n    "pg": "8.13.1"\n  }\n}\n' }];
  const snapshot = { ...aSnapshot(), files: [file], filesTotal: 1, headTexts: texts };
  const { assessment } = judge({ ...snapshot, models: [...snapshot.models, ...texts] }, rules, context);
  expect(assessment.changes.map((change) => change.path)).toContain(path);
});
