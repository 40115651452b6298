import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import ts from "typescript";
import { samplesOf } from "../../make/regex-samples.ts";

/*
 * Every regular expression of JavaScript in change detection, asked about texts built from its own source to make it try
 * again and again. They are all bound to lines and paths of at most a thousand characters: what is quadratic there ends at once, what is worse does not end.
 * The bound is a guard against hanging, far above what the work takes.
 */

const root = fileURLToPath(new URL("../../../src/core/changes/", import.meta.url));
const child = fileURLToPath(new URL("../../make/run-pumped.ts", import.meta.url));
const guard = 240_000;

function literalsIn(path: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(join(root, path), "utf8"), ts.ScriptTarget.Latest, true));
  return found;
}

const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
const literals = [...new Set(files.flatMap(literalsIn))];

test("the samples fit the expressions that they are made from", () => {
  const fitting = literals.filter((literal) => {
    const expression = new RegExp(literal.slice(1, literal.lastIndexOf("/")), literal.includes("/u") ? "u" : "i");
    return samplesOf(expression.source, 6).some((sample) => expression.test(sample));
  });
  expect(fitting.length / literals.length).toBeGreaterThan(0.9);
});

test("no expression of change detection hangs on a line built against it (H014)", async () => {
  expect(literals.length).toBeGreaterThan(500);
  const running = promisify(execFile)(process.execPath, [child, "2000"], { timeout: guard, killSignal: "SIGKILL" });
  running.child.stdin?.end(JSON.stringify(literals));
  const last = await running.then(
    ({ stdout }) => stdout.trim().split("\n").at(-1),
    (error: { stdout?: string }) => `hung on ${error.stdout?.trim().split("\n").at(-1)}`,
  );
  expect(last).toBe("done");
});

test("what is cubic is caught", async () => {
  // It would be at work for minutes: a process that ends by itself fails this test.
  const running = promisify(execFile)(process.execPath, [child, "20000"], { timeout: 2_000, killSignal: "SIGKILL" });
  running.child.stdin?.end(JSON.stringify(["/^a\\s*(?::\\s*b? *)?\\s*=/"]));
  await expect(running).rejects.toMatchObject({ killed: true });
});
