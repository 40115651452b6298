import { describe, expect, test } from "@jest/globals";
import type { ScannerAlert } from "../../../src/core/domain/evidence.ts";
import { readSarif } from "../../../src/core/evidence/sarif.ts";
import fc from "../../make/fast-check.ts";

/* Results as tools write them: samples of ours after the conventions of CodeQL, Semgrep, Trivy, Checkov and gosec. */

function sarif(runs: readonly unknown[]): string {
  return JSON.stringify({ version: "2.1.0", runs });
}

function run(rules: readonly unknown[], results: readonly unknown[], more: object = {}): object {
  return { tool: { driver: { name: "Scan", rules } }, results, ...more };
}

function at(uri: string, startLine?: number, uriBaseId?: string): object {
  const artifactLocation = { uri, ...(uriBaseId ? { uriBaseId } : {}) };
  return { physicalLocation: { artifactLocation, ...(startLine ? { region: { startLine } } : {}) } };
}

function alertsIn(text: string, root?: string): readonly ScannerAlert[] {
  const reading = readSarif(text, "scan.sarif", root);
  if (reading.outcome !== "present") throw new Error(reading.why);
  return reading.alerts;
}

describe("where tools name the weakness", () => {
  test.each([
    [
      "CodeQL: a tag with a path",
      { id: "js/sqli", properties: { tags: ["security", "external/cwe/cwe-089"] } },
      {},
      ["CWE-89"],
    ],
    [
      "Semgrep: a tag with words",
      { id: "sqli", properties: { tags: ["CWE-89: Improper Neutralization"] } },
      {},
      ["CWE-89"],
    ],
    ["a property of its own, a number", { id: "x", properties: { cwe: 79 } }, {}, ["CWE-79"]],
    ["a list of ids", { id: "x", properties: { cwe_ids: ["CWE-22", "73"] } }, {}, ["CWE-22", "CWE-73"]],
    [
      "gosec: a relation to a taxonomy",
      { id: "G101", relationships: [{ target: { id: "798", toolComponent: { name: "CWE" } } }] },
      {},
      ["CWE-798"],
    ],
    ["taxa of the result", { id: "x" }, { taxa: [{ id: "502", toolComponent: { name: "CWE" } }] }, ["CWE-502"]],
    ["Trivy and Checkov: none at all", { id: "CKV_AWS_20", properties: { tags: ["security", "HIGH"] } }, {}, []],
    [
      "words that only look like one",
      { id: "x", properties: { tags: ["mcwe-89", "cwe-", "external/owasp/a01"] } },
      {},
      [],
    ],
  ])("%s", (_, rule, more, expected) => {
    const [alert] = alertsIn(sarif([run([rule], [{ ruleId: rule.id, message: { text: "m" }, ...more }])]));
    expect(alert?.cwe).toEqual(expected);
  });
});

describe("which rule a result belongs to", () => {
  const rules = [{ id: "a" }, { id: "b", properties: { tags: ["CWE-89"] } }];
  test.each([
    ["its index", { ruleIndex: 1, ruleId: "b" }],
    ["its id", { ruleId: "b" }],
    ["a reference", { rule: { id: "b" } }],
    ["an id below it", { ruleId: "b/1" }],
  ])("%s", (_, result) => {
    const [alert] = alertsIn(sarif([run(rules, [{ message: { text: "m" }, ...result }])]));
    expect(alert?.cwe).toEqual(["CWE-89"]);
  });

  test("a rule of an extension", () => {
    const tool = { driver: { name: "CodeQL" }, extensions: [{ name: "queries", rules }] };
    const result = { rule: { index: 1, toolComponent: { index: 0 } }, message: { text: "m" } };
    expect(alertsIn(sarif([{ tool, results: [result] }]))[0]?.cwe).toEqual(["CWE-89"]);
  });
});

test("several runs, each by its own tool", () => {
  const other = { tool: { driver: { name: "Trivy" } }, results: [{ ruleId: "CVE-2026-1", level: "error" }] };
  expect(
    alertsIn(sarif([run([], [{ ruleId: "x" }]), other])).map(({ tool, says, risk }) => [tool, says, risk]),
  ).toEqual([
    ["Scan", "x", undefined],
    ["Trivy", "CVE-2026-1", "high"],
  ]);
});

test.each([
  ["9.8", "critical"],
  ["7.0", "high"],
  ["4", "medium"],
  ["0.1", "low"],
])("security-severity %s is %s", (score, risk) => {
  const rule = { id: "x", properties: { "security-severity": score }, defaultConfiguration: { level: "note" } };
  expect(alertsIn(sarif([run([rule], [{ ruleId: "x" }])]))[0]?.risk).toBe(risk);
});

test("what is suppressed is dismissed, what a comparison calls absent is fixed, what passed is nothing", () => {
  const results = [
    { ruleId: "a" },
    { ruleId: "b", suppressions: [{ kind: "inSource" }] },
    { ruleId: "c", suppressions: [{ kind: "external", status: "underReview" }] },
    { ruleId: "d", baselineState: "absent" },
    { ruleId: "e", kind: "pass" },
  ];
  expect(alertsIn(sarif([run([], results)])).map(({ state }) => state)).toEqual(["open", "dismissed", "open", "fixed"]);
});

describe("places", () => {
  test.each([
    ["src/a.ts", undefined, "src/a.ts"],
    ["./src/a%20b.ts", undefined, "src/a b.ts"],
    ["file:///builds/shop/src/a.ts", undefined, "src/a.ts"],
    ["/builds/shop/src/a.ts", undefined, "src/a.ts"],
    ["src/a.ts", "%SRCROOT%", "src/a.ts"],
    ["a.ts", "SOURCES", "src/a.ts"],
    ["../../etc/passwd", undefined, undefined],
    ["/etc/passwd", undefined, undefined],
    ["file:///builds/shop/../other/a.ts", undefined, undefined],
    ["https://example.com/a.ts", undefined, undefined],
    ["src/%00.ts", undefined, undefined],
    ["src/%ZZ.ts", undefined, undefined],
  ])("%s (%s)", (uri, base, path) => {
    const bases = { originalUriBaseIds: { SOURCES: { uri: "file:///builds/shop/src/" } } };
    const [alert] = alertsIn(sarif([run([], [{ ruleId: "x", locations: [at(uri, 7, base)] }], bases)]), "/builds/shop");
    expect(alert?.place).toEqual(path === undefined ? undefined : { path, line: 7 });
  });
});

describe("what is no SARIF is unknown with its reason, never empty", () => {
  test.each([
    ["", "The file is empty."],
    ["{", "Line 1"],
    ["[]", "no list `runs`"],
    ['{"runs": []}', "it is SARIF of no version; 2.1.0 is read."],
    ['{"version": "1.0.0", "runs": []}', "it is SARIF 1.0.0"],
    [`${"[".repeat(500)}${"]".repeat(500)}`, "Line 1"],
  ])("%s", (text, why) => {
    expect(readSarif(text, "scan.sarif")).toMatchObject({ outcome: "unknown", why: expect.stringContaining(why) });
  });
});

test("more results than GitHub itself takes are cut, and that is said", () => {
  const reading = readSarif(
    sarif([
      run(
        [],
        Array.from({ length: 25_001 }, () => ({ ruleId: "x" })),
      ),
    ]),
    "scan.sarif",
  );
  expect(reading).toMatchObject({ outcome: "present", isWhole: false });
  expect(reading.outcome === "present" && reading.alerts.length).toBe(25_000);
});

test("a rule that names thousands of weaknesses costs what one costs, however many results it has", () => {
  const relationships = Array.from({ length: 20_000 }, (_, index) => ({
    target: { id: String(index + 1), toolComponent: { name: "CWE" } },
  }));
  const rules = [{ id: "x", relationships }];
  // For each result anew this would take a minute, and the test would never end in time.
  const results = Array.from({ length: 25_000 }, () => ({ ruleId: "x" }));
  const reading = readSarif(sarif([{ tool: { driver: { name: "wordy", rules } }, results }]), "scan.sarif");
  expect(reading.outcome === "present" && reading.alerts.at(-1)?.cwe).toEqual(
    Array.from({ length: 20 }, (_, index) => `CWE-${index + 1}`),
  );
});

test("no JSON makes it throw, whatever stands where", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (driver, result, location) => {
      const wild = { tool: { driver, extensions: result }, results: [result, { locations: [location], rule: driver }] };
      expect(readSarif(sarif([wild, driver]), "scan.sarif").outcome).toBe("present");
    }),
  );
});
