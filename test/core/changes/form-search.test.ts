import { describe, expect, test } from "@jest/globals";
import { formSearch } from "../../../src/core/changes/form-search.ts";
import fc from "../../make/fast-check.ts";

const patterns = [
  /\bauthorize!|\ballowed_to\?/,
  /^(?:permission|scopes?):\s*\[/,
  /->(?:can|cannot)\(/,
  /\bis_admin\b(?!s)/,
  /^[A-Z]{2}$/,
  /\bREQUIRE_(?:LOGIN|TOKEN)\b/i,
];

describe("the forms that can match in a line", () => {
  test("are found by the words that they need", () => {
    const formsIn = formSearch(patterns);
    const worth = (code: string): number[] => patterns.map((_, index) => index).filter(formsIn(code));
    // The fourth looks ahead and the fifth needs no word: both are always tried.
    expect(worth("const total = 1;")).toEqual([3, 4]);
    expect(worth("authorize! note")).toEqual([0, 3, 4]);
    expect(worth("require_token = yes")).toEqual([3, 4, 5]);
    expect(worth("const total = 1;")).toEqual([3, 4]);
  });

  test("always hold those that do match", () => {
    const formsIn = formSearch(patterns);
    const words = [
      "authorize!",
      "allowed_to?",
      "permission:",
      " [",
      "->",
      "can(",
      "is_admin",
      "AB",
      "REQUIRE_LOGIN",
      " x ",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 6 }), (parts) => {
        const code = parts.join("");
        const isWorthTrying = formsIn(code);
        for (const [index, pattern] of patterns.entries()) {
          if (pattern.test(code)) expect(isWorthTrying(index)).toBe(true);
        }
      }),
    );
  });
});
