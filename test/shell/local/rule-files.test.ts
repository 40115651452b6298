import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { loadRules, readRules, shippedRules } from "../../../src/shell/local/rule-files.ts";

function aFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "threatgate-"));
  for (const kind of ["changes", "threats", "deliverables"]) mkdirSync(join(folder, kind));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

test("the rules that ship are sound, and the same rules name themselves alike", async () => {
  const [one, other] = await Promise.all([readRules(), readRules(shippedRules)]);
  expect(one.changes.length).toBeGreaterThan(0);
  expect(one.version).toBe(other.version);
  expect(one.version).toMatch(/^[0-9a-f]{12}$/);
});

test("a faulty rule is left out and told with its line; the others are kept", async () => {
  const folder = aFolder({
    "facts.yml":
      "- { fact: logged, means: Somebody can tell, asks: Is it logged? }\n- fact: Not A Name\n  means: x\n  asks: y\n",
    "threats/half.yml": "id: half\ntitle: Too little said here\nstride: X\n",
    "changes/other.yml": "id: another\n",
    "changes/broken.yml": "id: [\n",
  });
  const { problems } = await loadRules(folder);
  const told = problems.map(({ path, line, what }) => `${path}:${line} ${what.split(":")[0]}`);
  expect(told).toContain("threats/half.yml:3 `stride`");
  expect(told).toContain("facts.yml:2 `1.fact`");
  expect(told.some((one) => one.startsWith("changes/broken.yml:"))).toBe(true);
  await expect(readRules(folder)).rejects.toThrow(/^These rules cannot be used:\n {2}/);
});
