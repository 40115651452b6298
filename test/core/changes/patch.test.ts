import { describe, expect, test } from "@jest/globals";
import { structuredPatch } from "diff";
import { applyPatch, commentableLines, readPatch, reversePatch } from "../../../src/core/changes/patch.ts";
import fc from "../../make/fast-check.ts";

const twoHunks = [
  "@@ -1,3 +1,4 @@ function first() {",
  " one",
  "-two",
  "+zwei",
  "+drei",
  " three",
  "@@ -20,2 +21,1 @@",
  " twenty",
  "-gone",
].join("\n");

describe("reading a patch", () => {
  test("numbers the lines of both sides", () => {
    const patch = readPatch(twoHunks);
    expect("hunks" in patch && patch.hunks[0]?.lines).toEqual([
      { kind: "context", text: "one", oldLine: 1, newLine: 1 },
      { kind: "removed", text: "two", oldLine: 2 },
      { kind: "added", text: "zwei", newLine: 2 },
      { kind: "added", text: "drei", newLine: 3 },
      { kind: "context", text: "three", oldLine: 3, newLine: 4 },
    ]);
    expect("hunks" in patch && patch.hunks[0]?.heading).toBe("function first() {");
  });

  test.each([
    ["what does not begin with a hunk", "+added", "line 1 of the patch is not a hunk header"],
    ["a hunk that ends early", "@@ -1,2 +1,2 @@\n one", "the patch ends inside a hunk"],
    ["a hunk with more lines than it says", "@@ -1,1 +1,2 @@\n one\n two", "a hunk is longer than its header says"],
    ["hunks that go backwards", "@@ -5,1 +5,1 @@\n a\n@@ -1,1 +1,1 @@\n b", "the hunks of the patch are out of order"],
    ["a line of no kind", "@@ -1,1 +1,1 @@\n?", "line 2 of the patch is neither added, removed nor context"],
    ["a patch beyond the limit", `@@ -1,1 +1,1 @@\n ${"x".repeat(9 * 1024 * 1024)}`, "patch too large"],
  ])("refuses %s", (_, text, reason) => {
    expect(readPatch(text)).toEqual({ unreadable: reason });
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("@", "-", "+", " ", "1", ",", "\n", "\\", "a") }), (text) => {
        readPatch(text);
        commentableLines(text);
      }),
    );
  });
});

describe("lines that can be commented on (H046)", () => {
  test("are those of the new side inside hunks", () => {
    expect(commentableLines(twoHunks)).toEqual([
      { start: 1, end: 4 },
      { start: 21, end: 21 },
    ]);
  });

  test("a removed file has none", () => {
    expect(commentableLines("@@ -1,2 +0,0 @@\n-one\n-two")).toEqual([]);
  });
});

describe("the other side of a text", () => {
  const line = fc.constantFrom("a", "b", "c", "", "  d", "e\r");
  const text = fc.tuple(fc.array(line, { maxLength: 30 }), fc.boolean()).map(([lines, ended]) => {
    const joined = lines.join("\n");
    return joined !== "" && ended ? `${joined}\n` : joined;
  });

  test("comes out exactly, forwards and backwards", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        const patch = readPatch(asGitHub(before, after));
        expect(applyPatch(before, patch)).toEqual({ text: after });
        expect(reversePatch(after, patch)).toEqual({ text: before });
      }),
      { numRuns: 500 },
    );
  });

  test("is refused when the text is another one", () => {
    expect(applyPatch("one\nother\nthree\n", readPatch(twoHunks))).toEqual({
      mismatch: "line 2 differs from the patch",
    });
    expect(reversePatch("one\n", readPatch("@@ -9,1 +9,1 @@\n-a\n+b"))).toEqual({
      mismatch: "the text ends before line 9 of the patch",
    });
  });
});

/** The patch as GitHub gives it: hunks only, and an empty side names the line before it. */
function asGitHub(before: string, after: string): string {
  const { hunks } = structuredPatch("a", "b", before, after, "", "", { context: 3 });
  return hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) => {
      const from = oldLines === 0 ? oldStart - 1 : oldStart;
      const to = newLines === 0 ? newStart - 1 : newStart;
      return [`@@ -${from},${oldLines} +${to},${newLines} @@`, ...lines].join("\n");
    })
    .join("\n");
}
