import { describe, expect, test } from "@jest/globals";
import type { ChangedFile } from "../../src/core/domain/snapshot.ts";
import { judge } from "../../src/core/judge.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { aSnapshot } from "../make/a-snapshot.ts";

const rules = await readRules();
const context = {
  threatgateVersion: "1",
  documentation: "https://example.org",
  host: "https://github.com",
  requestId: "r",
};

function aBucket(name: string): ChangedFile {
  const patch = `@@ -0,0 +1,3 @@\n+resource "aws_s3_bucket" "${name}" {\n+  bucket = "${name}"\n+}`;
  return { filename: `infra/${name}.tf`, status: "added", additions: 3, deletions: 0, changes: 3, patch };
}

const judged = (names: readonly string[]) => {
  const files = names.map(aBucket);
  return judge(aSnapshot({ files, filesTotal: files.length }), rules, context);
};

describe("one answer for several threats", () => {
  test("two new buckets: what answers both is said once, with the ids and the effort", () => {
    const { assessment, desired } = judged(["reports", "exports"]);
    const shared = assessment.countermeasures ?? [];
    expect(shared.length).toBeGreaterThan(0);
    const asked = new Set(assessment.checklists.flatMap(({ threats }) => threats.map(({ id }) => id)));
    for (const { threats } of shared) {
      expect(threats.length).toBeGreaterThan(1);
      expect(threats.filter((id) => !asked.has(id))).toEqual([]);
    }
    const [first] = shared;
    const ids = (first?.threats ?? []).map((id) => `\`${id.slice(0, 8)}\``).join(", ");
    expect(desired.checkRun?.text).toContain(`- ${first?.does} (${first?.effort}): answers ${ids}`);
  });

  test("nothing is added where each threat needs an answer of its own", () => {
    const { assessment, desired } = judged([]);
    expect(assessment.countermeasures).toBeUndefined();
    expect(desired.checkRun?.text).not.toContain("One answer for several");
  });
});
