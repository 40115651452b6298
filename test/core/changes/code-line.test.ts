import { describe, expect, test } from "@jest/globals";
import { readCode } from "../../../src/core/changes/code-line.ts";
import type { Language } from "../../../src/core/changes/language.ts";
import { readPatch } from "../../../src/core/changes/patch.ts";

function codeOf(language: Language, ...lines: string[]): string[] {
  const count = lines.length;
  const patch = readPatch([`@@ -10,${count} +10,${count} @@`, ...lines.map((line) => ` ${line}`)].join("\n"));
  if ("unreadable" in patch) throw new Error(patch.unreadable);
  return patch.hunks.flatMap((hunk) => readCode(hunk, language)).map(({ code }) => code);
}

describe("what of a line is code", () => {
  test.each<[string, Language, string[], string[]]>([
    ["a line comment", "javascript", ["send(x); // send(y)"], ["send(x);"]],
    [
      "comments of templates",
      "html",
      ["{{-- {!! name !!} --}}<b>", "{# {{ name|safe }} #}", "<%# raw(name) %>"],
      ["<b>", "", ""],
    ],
    ["an address is no comment", "go", ['get("https://a.test/b") // fetch'], ['get("https://a.test/b")']],
    ["a block comment over lines", "java", ["a(); /* b();", "c();", "d(); */ e();"], ["a();", "", "e();"]],
    [
      "a block comment that opened above the hunk",
      "php",
      ["old words", " * still", " */", "run();"],
      ["", "", "", "run();"],
    ],
    [
      "a docstring",
      "python",
      ["def f():", '    """Say', "    login()", '    """', "    run()"],
      ["def f():", "", "", "", "run()"],
    ],
    ["a docstring that opened above the hunk", "python", ["words of it", '"""', "run()"], ["", "", "run()"]],
    [
      "a docstring whose first line is the first of the hunk",
      "python",
      ['"""', "Says whether it is safe to go there", '"""', "if not target:", "    return False"],
      ["", "", "", "if not target:", "return False"],
    ],
    [
      "a docstring whose last line is the first of the hunk, before another one",
      "python",
      ['"""', "total = total + 1", "def g():", '    """', "    Says", '    """', "    run()"],
      ["", "total = total + 1", "def g():", "", "", "", "run()"],
    ],
    ["a hash inside a value", "yaml", ["colour: a#b # note"], ["colour: a#b"]],
    ["an SQL comment", "sql", ["-- CREATE TABLE a", "CREATE TABLE b ("], ["", "CREATE TABLE b ("]],
    ["a comment of markup", "xml", ["<a/> <!-- <b/> -->"], ["<a/>"]],
    [
      "unit tests at the foot of a Rust file",
      "rust",
      ["pub fn run() {}", "#[cfg(test)]", "mod tests {", "    login();", "}"],
      ["pub fn run() {}", "", "", "", ""],
    ],
    [
      "a line that only says that tests stand in another file ends nothing",
      "rust",
      ["#[cfg(test)]", "mod tests;", "mod test;", "#[cfg(test)] use fake::Client;", "pub fn run() {}"],
      ["", "", "mod test;", "", "pub fn run() {}"],
    ],
    ["quotes around a marker", "ruby", ['puts "# no comment"'], ['puts "# no comment"']],
  ])("%s", (_, language, lines, code) => {
    expect(codeOf(language, ...lines)).toEqual(code);
  });

  test("the two sides of a hunk keep their own state", () => {
    const patch = readPatch("@@ -1,3 +1,2 @@\n-/*\n-old();\n-*/\n+fresh();\n+more();");
    if ("unreadable" in patch) throw new Error(patch.unreadable);
    const code = patch.hunks.flatMap((hunk) => readCode(hunk, "javascript")).map((line) => line.code);
    expect(code).toEqual(["", "", "", "fresh();", "more();"]);
  });

  test.each<[Language, string, boolean]>([
    ["javascript", 'import { a } from "b";', true],
    ["javascript", 'const load = await import("b");', false],
    ["python", "from a import b", true],
    ["go", 'import "net/http"', true],
    ["php", "use App\\Models\\User;", true],
    ["rust", "use crate::api::Headers;", true],
    ["ruby", "require 'openssl'", true],
    ["csharp", "namespace Shop.Permissions;", true],
    ["csharp", "namespace Shop.Permissions", true],
    ["php", "namespace Shop\\Permissions;", true],
    ["javascript", "namespace Permissions {", false],
  ])("%s: `%s` is an import: %s", (language, line, isImport) => {
    const patch = readPatch(`@@ -0,0 +1,1 @@\n+${line}`);
    if ("unreadable" in patch) throw new Error(patch.unreadable);
    expect(patch.hunks.flatMap((hunk) => readCode(hunk, language))[0]?.isImport).toBe(isImport);
  });

  test("a trait that a PHP class takes in is code", () => {
    const patch = readPatch("@@ -0,0 +1,1 @@\n+    use ThrottlesLogins;");
    if ("unreadable" in patch) throw new Error(patch.unreadable);
    expect(patch.hunks.flatMap((hunk) => readCode(hunk, "php"))[0]?.isImport).toBe(false);
  });
});
