import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { hostileCases } from "../make/hostile-cases.ts";

const tests = fileURLToPath(new URL("../", import.meta.url));

/** Ids that stand in the titles of tests and groups, and in the first cell of rows that become titles. */
function idsInTitles(): ReadonlySet<string> {
  const found = new Set<string>();
  const paths = readdirSync(tests, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".test.ts"));
  for (const path of paths) {
    if (path.endsWith("hostile-cases.test.ts")) continue;
    const text = readFileSync(join(tests, path), "utf8");
    for (const title of text.matchAll(/(?:\b(?:test|describe)\(|\]\)\(|^\s*\[)\s*(["'`])((?:(?!\1).)*)\1/gm)) {
      for (const [id] of (title[2] ?? "").matchAll(/\bH\d{3}\b/g)) found.add(id);
    }
  }
  return found;
}

const titled = idsInTitles();

test.each(hostileCases)("%s is held by a test that names it", (id) => {
  expect([...titled]).toContain(id);
});

test("a name that stands in no title is missed", () => {
  expect(titled.has("H999")).toBe(false);
});
