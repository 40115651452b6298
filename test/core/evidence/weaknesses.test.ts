import { expect, test } from "@jest/globals";
import { sharedWeaknesses, weaknessesIn } from "../../../src/core/evidence/weaknesses.ts";

test.each([
  ["SQL injection (CWE-89)", ["CWE-89"]],
  ["external/cwe/cwe-0079", ["CWE-79"]],
  ["cwe_22, CWE 22 and CWE-732", ["CWE-22", "CWE-732"]],
  ["acwe-89 or CWE-0", []],
])("%s", (text, expected) => {
  expect(weaknessesIn(text)).toEqual(expected);
});

test("a weakness is the same matter as its direct kinds and classes, and as nothing further away", () => {
  expect(sharedWeaknesses(["CWE-89"], ["CWE-943"])).toEqual(["CWE-89"]);
  expect(sharedWeaknesses(["CWE-943"], ["CWE-89"])).toEqual(["CWE-943"]);
  expect(sharedWeaknesses(["CWE-79"], ["CWE-89"])).toEqual([]);
  expect(sharedWeaknesses(["CWE-564"], ["CWE-943"])).toEqual([]);
});
