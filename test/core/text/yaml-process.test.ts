import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";

const yaml = fileURLToPath(new URL("../../../src/core/text/yaml.ts", import.meta.url));

/** Reads a text twice in a process of its own, under limits of time and memory, and tells how that ended. */
function inAProcess(expression: string): { status: number | null; said: string } {
  const program = `
    import { readForeignYaml, readOwnYaml } from ${JSON.stringify(`file://${yaml}`)};
    const text = ${expression};
    for (const _ of [1, 2]) {
      const own = readOwnYaml("model.yaml", text).problems.length === 0 ? "read" : "refused";
      const foreign = "documents" in readForeignYaml(text) ? "read" : "refused";
      console.log(own, foreign);
    }`;
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--max-old-space-size=256", "--stack-size=500", "--input-type=module-typescript", "--no-warnings", "-e", program],
    { timeout: 20_000, encoding: "utf8" },
  );
  return { status, said: stdout.trim().split("\n").join(", ") };
}

describe("texts that ended the process, or held it up for half a minute, when they reached the parser", () => {
  test.each([
    ["keys in each other (H056)", "'? '.repeat(500) + 'x'", "refused"],
    ...[1_000, 5_000, 100_000].flatMap((n) => [
      [`${n} brackets (H057)`, `'['.repeat(${n}) + ']'.repeat(${n})`, "refused"],
      [`${n} lists in each other (H057)`, `'- '.repeat(${n}) + 'x'`, "refused"],
    ]),
    ["a mebibyte of line breaks", "'a' + '\\n'.repeat(1048000)", "refused"],
    ["quoted texts one behind the other", "\"'a' \".repeat(200000)", "refused"],
    ...["[a]\n", "]", "- ]\n", ": :\n", "a: 1\nb\n", "a: [\n", "&a &b\n", "!a !b\n", "{a\n}\n"].map((unit) => [
      `an error per line: ${unit.trim()}`,
      `${JSON.stringify(unit)}.repeat(50000)`,
      "refused",
    ]),
    ["40,000 keys (H058)", "Array.from({ length: 40000 }, (_, i) => 'key' + i + ': v').join('\\n')", "read"],
  ])("%s", (_, expression, outcome) => {
    expect(inAProcess(expression)).toEqual({ status: 0, said: `${outcome} ${outcome}, ${outcome} ${outcome}` });
  });
});
