import { describe, expect, test } from "@jest/globals";
import { compileExpression } from "../../../src/core/text/expressions.ts";

describe("expressions", () => {
  test("the first match with its groups", () => {
    expect(compileExpression("(?i)allow[_-]?(origin)(s)?\\s*=").find('  Allow_Origin = "*"')).toEqual({
      index: 2,
      text: "Allow_Origin =",
      groups: ["Origin", undefined],
    });
  });

  test("the index counts the units of the text, also behind characters outside the basic plane", () => {
    expect(compileExpression("b").find("😀b")?.index).toBe(2);
  });

  test("nothing found", () => {
    expect(compileExpression("^x$").find("y")).toBeUndefined();
  });

  test("a pattern that holds others up for hours only says no (H014)", () => {
    expect(compileExpression("^(a+)+$").find(`${"a".repeat(5_000)}!`)).toBeUndefined();
  });

  test("a bad pattern says what is wrong with it", () => {
    expect(() => compileExpression("a(")).toThrow(/^The expression `a\(` cannot be used: .*missing closing \).*\.$/);
    expect(() => compileExpression("x".repeat(2_001))).toThrow(
      `The expression \`${"x".repeat(60)}…\` is longer than 2000 characters.`,
    );
  });
});
