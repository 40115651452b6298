import { describe, expect, test } from "@jest/globals";
import { inLimitedProcess } from "../../make/limited-process.ts";

const yaml = new URL("../../../src/core/text/yaml.ts", import.meta.url).href;

/**
 * Reads texts one after the other, each twice and in both ways, in one limited process. Tells what it said of each; of one
 * that ended or held up the process, and of those after it, nothing.
 */
function inAProcess(expressions: readonly string[]): readonly (string | undefined)[] {
  const program = `
    import { readForeignYaml, readOwnYaml } from ${JSON.stringify(yaml)};
    for (const make of [${expressions.map((expression) => `() => ${expression}`).join(", ")}]) {
      const text = make();
      const read = [1, 2].map(() => {
        const own = readOwnYaml("model.yaml", text).problems.length === 0 ? "read" : "refused";
        const foreign = "documents" in readForeignYaml(text) ? "read" : "refused";
        return own + " " + foreign;
      });
      console.log(read.join(", "));
    }`;
  return inLimitedProcess(program, 40).stdout.split("\n");
}

const texts: readonly (readonly [string, string, string])[] = [
  ["keys in each other (H056)", "'? '.repeat(500) + 'x'", "refused"],
  ...[1_000, 5_000, 100_000].flatMap((n) => [
    [`${n} brackets (H057)`, `'['.repeat(${n}) + ']'.repeat(${n})`, "refused"] as const,
    [`${n} lists in each other (H057)`, `'- '.repeat(${n}) + 'x'`, "refused"] as const,
  ]),
  ["a mebibyte of line breaks", "'a' + '\\n'.repeat(1048000)", "refused"],
  ["quoted texts one behind the other", "\"'a' \".repeat(200000)", "refused"],
  ...["[a]\n", "]", "- ]\n", ": :\n", "a: 1\nb\n", "a: [\n", "&a &b\n", "!a !b\n", "{a\n}\n"].map(
    (unit) => [`an error per line: ${unit.trim()}`, `${JSON.stringify(unit)}.repeat(50000)`, "refused"] as const,
  ),
  ["40,000 keys (H058)", "Array.from({ length: 40000 }, (_, i) => 'key' + i + ': v').join('\\n')", "read"],
];

describe("texts that ended the process, or held it up for half a minute, when they reached the parser", () => {
  // One process for all: to start one takes longer than to refuse a text.
  const said = inAProcess(texts.map(([, expression]) => expression));

  test.each(texts.map(([name, , outcome], index) => [name, outcome, index] as const))("%s", (_, outcome, index) => {
    expect(said[index]).toBe(`${outcome} ${outcome}, ${outcome} ${outcome}`);
  });
});
