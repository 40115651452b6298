import { describe, expect, test } from "@jest/globals";
import { RE2JS, RE2Set } from "re2js";
import { compileExpression } from "../../src/core/text/expressions.ts";
import { startGitHub } from "../github/server.ts";

describe("what Node loads once for all suites of a worker", () => {
  test("is the stand-in: it is no function of this suite's", () => {
    expect(typeof startGitHub).toBe("function");
    expect(startGitHub instanceof Function).toBe(false);
  });

  test("is every expression, compiled once, and each set of flags by itself", () => {
    expect(RE2JS.compile("a+b")).toBe(RE2JS.compile("a+b"));
    expect(RE2JS.compile("a+b", RE2JS.CASE_INSENSITIVE)).not.toBe(RE2JS.compile("a+b"));
    expect(RE2JS.compile("a+b", RE2JS.CASE_INSENSITIVE).test("xAAB")).toBe(true);
    expect(RE2JS.compile("a+b").test("xAAB")).toBe(false);
  });

  test("throws errors of this suite, with the engine's words", () => {
    expect(() => RE2JS.compile("a(")).toThrow(Error);
    expect(() => compileExpression("a(?=b)")).toThrow(
      /^The expression `a\(\?=b\)` cannot be used: error parsing regexp/,
    );
    expect(() => new RE2Set(RE2Set.UNANCHORED, 0).add("[")).toThrow(Error);
  });
});
