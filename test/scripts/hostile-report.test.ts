import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { allHold, figuresOf, idsIn, readReport, told } from "../../scripts/hostile/cases.ts";
import { suitesThatName } from "../../scripts/hostile/suites.ts";

/** Jest's report on one file with tests of these titles. */
function reportOf(tests: Readonly<Record<string, string>>, file = "a.test.ts"): string {
  const assertionResults = Object.entries(tests).map(([fullName, status]) => ({ fullName, status, duration: 1 }));
  const status = Object.values(tests).includes("failed") ? "failed" : "passed";
  return JSON.stringify({ success: true, testResults: [{ name: file, status, message: "", assertionResults }] });
}

// Ids are put together here: whoever reads titles for hostile cases must not take these tests for theirs.
const idOf = (number: number): string => `H${String(number).padStart(3, "0")}`;
const [one, other, third] = [idOf(1), idOf(35), idOf(99)];

test("a suite is found by the tests that it shares with others, and not by a list of cases", async () => {
  const folder = fileURLToPath(new URL("../", import.meta.url));
  const found = await suitesThatName([idOf(28)], folder);
  expect(found).toEqual(
    expect.arrayContaining(["flow/approval.test.ts", "flow/real-postgres.test.ts", "shell/store/database.test.ts"]),
  );
  expect(found).not.toContain("contract/hostile-cases.test.ts");
  expect(await suitesThatName([], folder)).toEqual(expect.arrayContaining([...found]));
});

describe("the report of hostile cases", () => {
  test("counts the tests of each case, and a test of two cases once", () => {
    const text = reportOf({ [`${one} starts`]: "passed", [`${one}, ${other}: both`]: "passed", "no case": "failed" });
    const results = readReport(text, [one, other]);
    expect(results.cases).toEqual([
      { id: one, state: "holds", tests: 2 },
      { id: other, state: "holds", tests: 1 },
    ]);
    expect([figuresOf(results), allHold(results)]).toEqual([{ cases: 2, held: 2, tests: 2, failed: 0 }, true]);
  });

  test("names what fails with its file, and holds no case that one of several tests fails", () => {
    const results = readReport(reportOf({ [`${one} a`]: "passed", [`${one} b`]: "failed" }), [one]);
    expect(told(results)).toBe(`${one}  FAILS    2\nFAILS a.test.ts: ${one} b`);
    expect([figuresOf(results), allHold(results)]).toEqual([{ cases: 1, held: 0, tests: 2, failed: 1 }, false]);
  });

  test("a case whose only test was skipped, and one that nobody tests, have none", () => {
    const results = readReport(reportOf({ [`${one} a`]: "pending", [`${other} b`]: "passed" }), [one, other, third]);
    expect(told(results)).toBe(`${one}  no test\n${other}  holds    1\n${third}  no test`);
    expect(allHold(results)).toBe(false);
  });

  test("a case that nobody asked for is told too, and left out where only some are wanted", () => {
    const text = reportOf({ [`${one} a`]: "passed", [`${other} b`]: "failed" });
    expect(readReport(text, [one]).cases.map(({ id }) => id)).toEqual([one, other]);
    expect(readReport(text, [one], [one])).toEqual({
      cases: [{ id: one, state: "holds", tests: 1 }],
      tests: 1,
      failures: [],
    });
  });

  test("a file that did not run fails, whatever else holds", () => {
    const broken = { name: "b.test.ts", status: "failed", message: "SyntaxError", assertionResults: [] };
    const text = JSON.stringify({
      testResults: [...JSON.parse(reportOf({ [`${one} a`]: "passed" })).testResults, broken],
    });
    const results = readReport(text, [one]);
    expect(told(results)).toBe(`${one}  holds    1\nFAILS b.test.ts: it did not run`);
    expect(allHold(results)).toBe(false);
  });

  test("ids are whole words from 1 to 100", () => {
    expect(idsIn(`${one} XH035 H0351 H101 H100 ${one}`)).toEqual([one, "H100"]);
  });

  test("what is no report is refused", () => {
    expect(() => readReport("{}", [one])).toThrow();
  });
});
