import { describe, expect, test } from "@jest/globals";
import { DocumentationMarks } from "../../../src/core/changes/documentation-marks.ts";
import type { Language } from "../../../src/core/changes/language.ts";

function codeOf(language: Language, ...lines: string[]): string[] {
  const marks = new DocumentationMarks(language);
  return lines.map((line) => marks.codeOf(line));
}

describe("marks that only describe", () => {
  test.each<[string, string[], string[]]>([
    ["one line", ['@ApiResponse(responseCode = "403", description = "Not allowed (yet)")', "run();"], ["", "run();"]],
    [
      "over several lines, with another mark behind it",
      ['@Operation(summary = "Changes the email",', 'responses = { @ApiResponse(description = "a)") })', "@PUT"],
      ["", "", "@PUT"],
    ],
    ["what stands behind it on the line stays", ['@Schema(example = "a@b.test") String email;'], ["String email;"]],
    ["several on one line", ['@Tag(name = "a") @Schema(title = "b") int c;'], ["int c;"]],
    ["without brackets", ["@Schema", "@Schema int a;"], ["", "int a;"]],
    ["a text block", ['@Operation(description = """', "grants (every", '""")', "run();"], ["", "", "", "run();"]],
    ["attributes of PHP", ["#[OA\\Get(", "path: '/orders')]", "run();"], ["", "", "run();"]],
    ["a line from the middle of one", ['description = "Needs the role of an admin",', "run();"], ["", "run();"]],
    ["a mark of one's own that is told a right", ['@Operation(roles = "admin")'], ['@Operation(roles = "admin")']],
    ["a longer name", ['@SchemaGuard("admin")'], ['@SchemaGuard("admin")']],
  ])("%s", (_name, lines, code) => {
    expect(codeOf("java", ...lines)).toEqual(code);
  });
});

describe("a mark hides no code that stands after it", () => {
  test.each<[string, Language, string[], string[]]>([
    [
      "H077: an escape that ends its text before it seems to",
      "java",
      ['@Schema(title = "\\u0022) @GetMapping(\\u0022/orders")', "void list() {"],
      ['@Schema(title = "\\u0022) @GetMapping(\\u0022/orders")', "void list() {"],
    ],
    [
      "quotes within a text block",
      "java",
      ['@Schema(title = """', '\\"""', '""")', "void list() {"],
      ["", "", "", "void list() {"],
    ],
    [
      "a backslash before the end of a raw string",
      "kotlin",
      ['@Schema(title = """a\\""")', "fun list() {"],
      ["", "fun list() {"],
    ],
    [
      "a text over several lines",
      "php",
      ["#[OA\\Get(summary: 'one (", "two')]", "public function list() {"],
      ["#[OA\\Get(summary: 'one (", "two')]", "public function list() {"],
    ],
    [
      "a text without quotes",
      "php",
      ["#[OA\\Get(summary: <<<END", "one (two", "END)]", "public function list() {"],
      ["#[OA\\Get(summary: <<<END", "one (two", "END)]", "public function list() {"],
    ],
    [
      "a text that is longer than lines are read",
      "java",
      [`@Schema(title = "${"long ".repeat(200)}`, "void list() {"],
      [`@Schema(title = "${"long ".repeat(200)}`, "void list() {"],
    ],
  ])("%s", (_name, language, lines, code) => {
    expect(codeOf(language, ...lines)).toEqual(code);
  });
});
