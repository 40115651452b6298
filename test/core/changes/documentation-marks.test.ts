import { describe, expect, test } from "@jest/globals";
import { DocumentationMarks } from "../../../src/core/changes/documentation-marks.ts";

function codeOf(...lines: string[]): string[] {
  const marks = new DocumentationMarks();
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
    expect(codeOf(...lines)).toEqual(code);
  });
});
