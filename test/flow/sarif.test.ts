import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { searchClaimedSafe } from "../make/an-alert.ts";
import { threatgateHere } from "./program.ts";

/* `threatgate check --sarif FILE`: results of scanners on the command line, held against the model of a clone. */
const folder = mkdtempSync(join(tmpdir(), "threatgate-sarif-"));
const clone = join(folder, "shop");

function put(path: string, text: string, below = clone): string {
  const full = join(below, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

function git(...args: string[]): void {
  const who = ["-c", "user.name=Sam", "-c", "user.email=sam@acme.example"];
  execFileSync("git", [...who, ...args], { cwd: clone, stdio: "ignore" });
}

function results(path: string, message: string): string {
  const rule = { id: "sqli", properties: { tags: ["CWE-89: Improper Neutralization"], "security-severity": "8.8" } };
  const location = { physicalLocation: { artifactLocation: { uri: path }, region: { startLine: 4 } } };
  const run = {
    tool: { driver: { name: "Semgrep", rules: [rule] } },
    results: [{ ruleId: "sqli", message: { text: message }, locations: [location] }],
  };
  return JSON.stringify({ version: "2.1.0", runs: [run] });
}

beforeAll(() => {
  mkdirSync(clone, { recursive: true });
  put("README.md", "# Shop\n");
  put("threat-model.yaml", searchClaimedSafe.replace("status: mitigated", "status: open"));
  put(".github/threatgate.yml", "version: 1\nmode: enforce\n");
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "Begin");
  put("threat-model.yaml", searchClaimedSafe);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asOf = ["--as-of", "2026-03-04T00:00:00Z", "--no-color"] as const;

test("a claim against an open result blocks, with the place of both; escape sequences in its words reach no terminal", async () => {
  const file = put("scan.sarif", results(`file://${clone}/src/search/query.ts`, "Words \u001b[31m in a query"), folder);
  const { stdout, code } = await threatgateHere(["check", clone, "--base", "main", ...asOf, "--sarif", file]);
  expect(code).toBe(1);
  expect(stdout).toContain("from scanners, advisories and incidents:");
  expect(stdout).toContain(
    "reports CWE-89 at `src/search/query.ts:4`: Words \\u001b[31m in a query (sqli in scan.sarif).",
  );
  expect(stdout).not.toContain("\u001b");
});

test("as JSON it stands under `evidence`, and `status` shows it as well", async () => {
  const file = put("scan.sarif", results("src/search/query.ts", "A query"), folder);
  const check = await threatgateHere(["check", clone, "--base", "main", ...asOf, "--format", "json", "--sarif", file]);
  expect(JSON.parse(check.stdout).evidence).toMatchObject({
    read: [{ source: "scan.sarif", open: 1, fixed: 0, isWhole: true }],
    matches: [{ verdict: "contradicts", threat: "search-injection", element: "Search", where: "threat-model.yaml:6" }],
    clock: [],
    unmatched: 0,
  });
  // On the default branch the threat is still open: nothing is claimed.
  const status = await threatgateHere(["status", clone, ...asOf, "--format", "json", "--sarif", file]);
  expect(JSON.parse(status.stdout).evidence).toMatchObject({ read: [{ open: 1 }], matches: [] });
});

test.each([
  ["no such file", join(folder, "nowhere.sarif"), "no such file"],
  ["no SARIF", put("text.sarif", "results: none\n", folder), "text.sarif: Line 1"],
])("a file that cannot be read ends with 2 and says why: %s", async (_, file, why) => {
  const { stderr, code } = await threatgateHere(["check", clone, "--base", "main", "--sarif", file]);
  expect(code).toBe(2);
  expect(stderr).toContain(why);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});
