import { describe, expect, test } from "@jest/globals";
import { patchBetween } from "../../../src/core/changes/line-difference.ts";
import { applyPatch, readPatch, reversePatch } from "../../../src/core/changes/patch.ts";
import fc from "../../make/fast-check.ts";

describe("a patch between two texts", () => {
  test("shows what came and went, with three lines around it", () => {
    const before = "a\nb\nc\nd\ne\nf\ng\nh\n";
    const patch = "@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+E\n+e2\n f\n g\n h";
    expect(patchBetween(before, before.replace("e\n", "E\ne2\n"))).toBe(patch);
    expect(patchBetween("", "a\nb\n")).toBe("@@ -0,0 +1,2 @@\n+a\n+b");
    expect(patchBetween("a\nb\n", "")).toBe("@@ -1,2 +0,0 @@\n-a\n-b");
    expect(patchBetween(before, before)).toBeUndefined();
  });

  const line = fc.constantFrom("a", "b", "c", "d", "", "  x", "y();", "+", "-", "\\ no");
  const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.map((one) => `${one}\n`).join(""));

  test("leads from the one to the other and back, whatever they hold", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const patch = readPatch(patchBetween(before, after) ?? "");
        expect(applyPatch(before, patch)).toEqual({ text: after });
        expect(reversePatch(after, patch)).toEqual({ text: before });
      }),
      { numRuns: 1000 },
    );
  });

  test("a line put into a text of two hundred thousand is one line", () => {
    const lines = Array.from({ length: 200_000 }, (_, index) => `line ${index % 5000}`);
    const after = [...lines.slice(0, 90_000), "new", ...lines.slice(90_000)];
    const patch = patchBetween(lines.join("\n"), after.join("\n")) ?? "";
    expect(patch.split("\n").filter((one) => /^[+-]/.test(one))).toEqual(["+new"]);
  });

  test("two texts of a hundred thousand lines that share only what stands often are compared", () => {
    const of = (word: string) => Array.from({ length: 100_000 }, (_, index) => (index % 2 ? "}" : `${word} ${index}`));
    const patch = patchBetween(of("old").join("\n"), of("new").join("\n")) ?? "";
    expect(patch.split("\n").length).toBeGreaterThan(100_000);
  });
});
