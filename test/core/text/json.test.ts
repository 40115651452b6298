import { describe, expect, test } from "@jest/globals";
import { readJson } from "../../../src/core/text/json.ts";
import fc from "../../make/fast-check.ts";

function value(text: string, comments = false): unknown {
  const read = readJson(text, { comments });
  return "unreadable" in read ? read.unreadable : read.value;
}

describe("JSON", () => {
  test("plain data with the line of every part", () => {
    const read = readJson('\uFEFF{\r\n  "a": [1, {\r\n    "b": null\r\n  }],\r\n  "c": "x\\u00e9"\r\n}\r\n');
    if ("unreadable" in read) throw new Error(read.unreadable);
    expect(read.value).toEqual({ a: [1, { b: null }], c: "xé" });
    expect([["a"], ["a", 1], ["a", 1, "b"], ["c"], []].map((path) => read.lineOf(path))).toEqual([2, 2, 3, 5, 1]);
    expect(read.lineOf(["a", 7])).toBeUndefined();
  });

  test("reads whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (data) => {
        const text = JSON.stringify(data, null, 1);
        fc.pre(
          text.isWellFormed() && !text.includes("\\u0000") && !/\\ud[89a-f]/.test(text) && !/[\ufffd\ufffe]/.test(text),
        );
        expect(value(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    ["a key twice", '{\n "a": 1,\n "a": 2\n}', 'Line 3: the key "a" is given again (first on line 2).'],
    ["a trailing comma", '{"a": 1,}', 'Line 1: a key in double quotes was expected, not "}".'],
    ["a trailing comma in a list", "[1,\n]", 'Line 2: a value was expected, not "]".'],
    ["a comment", "// x\n1", 'Line 1: a value was expected, not "/".'],
    ["a missing comma", "[1 2]", 'Line 1: a comma or ] was expected, not "2".'],
    ["text behind", "{} x", "Line 1: more text after the end of the value."],
    ["an early end", '{"a": [', "Line 1: the text ends too early."],
    ["an open quote", '{"a', "Line 1: a text in quotes is not closed."],
    [
      "a raw line break in quotes",
      '{"a\n": 1}',
      "Line 1: a text in quotes holds an escape or a character that JSON does not know.",
    ],
    ["a NUL escape", '["\\u0000"]', "Line 1: a text holds half of a surrogate pair or a NUL character."],
    ["half a pair", '["\\ud800"]', "Line 1: a text holds half of a surrogate pair or a NUL character."],
    ["a leading zero", "[01]", 'Line 1: a comma or ] was expected, not "1".'],
    ["nothing", "", "The file is empty."],
    ["200,000 levels (H061)", "[".repeat(200_000), "Line 1: nested deeper than 64 levels."],
    ["200,000 levels of mappings", '{"a":'.repeat(200_000), "Line 1: nested deeper than 64 levels."],
    ["too many values", `[${"1,".repeat(60_000)}1]`, "Line 1: more than 50000 values."],
  ])("%s is unreadable, with line and reason", (_, text, expected) => {
    expect(value(text)).toBe(expected);
  });

  test("comments and trailing commas where the format has them", () => {
    expect(value('{ // one\n "a": [1, /* two */ 2,],\n}', true)).toEqual({ a: [1, 2] });
    expect(value("[1] /* open", true)).toBe("Line 1: a comment is not closed.");
  });

  test("a text of 3 MB and a long run of backslashes are read", () => {
    expect(value(JSON.stringify("x".repeat(3_000_000)))).toHaveLength(3_000_000);
    expect(value(JSON.stringify("\\".repeat(100_000)))).toHaveLength(100_000);
  });

  test("__proto__ is data and no other object changes (H062)", () => {
    const read = value('{"__proto__": {"polluted": 1}, "constructor": 2}');
    expect(Object.keys(Object(read))).toEqual(["__proto__", "constructor"]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});
