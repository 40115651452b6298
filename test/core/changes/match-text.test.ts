import { describe, expect, test } from "@jest/globals";
import { compileLineExpression, expressionSet } from "../../../src/core/changes/expression-set.ts";
import { compileLiterals } from "../../../src/core/changes/literal-search.ts";
import { requiredLiterals } from "../../../src/core/changes/required-literals.ts";
import { compileExpression } from "../../../src/core/text/expressions.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import fc from "../../make/fast-check.ts";

function matching(expressions: readonly string[], line: string): [number, string][] {
  const found: [number, string][] = [];
  expressionSet(expressions.map(compileLineExpression)).each(
    line,
    () => true,
    (index, matched) => found.push([index, matched]),
  );
  return found.sort(([one], [other]) => one - other);
}

describe("many expressions in one line", () => {
  test("each that matches is found once, with what it matched", () => {
    expect(matching(["(?i)set_cookie", "\\d+", "never", "cook.e"], "SET_COOKIE(cookie, 12, set_cookie)")).toEqual([
      [0, "SET_COOKIE"],
      [1, "12"],
      [3, "cookie"],
    ]);
  });

  test("a bad expression is named", () => {
    expect(() => compileLineExpression("(b")).toThrow("`(b`");
  });

  test("only wanted ones are tried", () => {
    const found: number[] = [];
    expressionSet(["aaa", "bbb"].map(compileLineExpression)).each(
      "aaa bbb",
      (index) => index === 1,
      (index) => found.push(index),
    );
    expect(found).toEqual([1]);
  });
});

describe("what a line must hold for an expression to match", () => {
  test.each<[string, readonly string[] | undefined]>([
    ["abc", ["abc"]],
    ["(?i)AbC\\(", ["abc("]],
    ["foo|barbaz", ["foo", "barbaz"]],
    ["foo|b", undefined],
    ["x(foo|bar)?y", undefined],
    ["[abc]def+ghi", ["ghi"]],
    ["\\bset_?cookie\\b", ["cookie"]],
    ["a.{0,5}secret", ["secret"]],
    ["(one|three){0,2}four", ["four"]],
    ["\\w+", undefined],
    ["[[:alpha:]]]token", ["]token"]],
    ["(?P<name>word)s", ["words"]],
  ])("%s", (expression, literals) => {
    expect(requiredLiterals(expression)).toEqual(literals);
  });

  test("is right for the rules that ship: no match without one of the literals", async () => {
    const { changes } = await readRules();
    const wrong: { rule: string; line: string; expression: string }[] = [];
    let looked = 0;
    for (const { id, watch, examples } of changes) {
      const lines = [...examples.fires, ...examples.silent].flatMap(({ patch, before, after }) =>
        `${patch ?? ""}\n${before ?? ""}\n${after ?? ""}`.split("\n").map((line) => line.replace(/^[+-]/, "").trim()),
      );
      const texts = [watch.text ?? []].flat();
      for (const expression of texts.flatMap((text) => [...(text.added ?? []), ...(text.removed ?? [])])) {
        const literals = requiredLiterals(expression);
        const { find } = compileExpression(expression);
        looked++;
        for (const line of lines) {
          const misses = literals && !literals.some((literal) => line.toLowerCase().includes(literal));
          if (misses && find(line)) wrong.push({ rule: id, line, expression });
        }
      }
    }
    expect(looked).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });
});

describe("searching for many literals at once", () => {
  test("finds the same as looking for each", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "é"), minLength: 1, maxLength: 4 });
    const ascii = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(ascii, { maxLength: 8 }), fc.array(word, { maxLength: 10 }), (literals, words) => {
        const text = words.join("").toUpperCase();
        const found = new Set<number>();
        compileLiterals(literals).each(text, (index) => found.add(index));
        const expected = literals.flatMap((literal, index) => (text.toLowerCase().includes(literal) ? [index] : []));
        expect([...found].sort((one, other) => one - other)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
