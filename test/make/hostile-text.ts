import fc from "./fast-check.ts";

/** Inputs of hostile-cases H047 to H054, as they stand in titles, names, paths and values. */
export const hostileTexts: readonly string[] = [
  "@org/everyone @someone",
  "mail to alice@evil.example now",
  "<script>alert(1)</script>",
  "<img src=https://evil.example/p.png>",
  "![](https://evil.example/p.png)",
  "![x][y] [y]: https://evil.example",
  "[Approve](https://evil.example)",
  "<details><summary>x</summary>",
  "</details>",
  "</summary><img src=x onerror=alert(1)>",
  "a | b | c",
  "a \\| b",
  "```\ncode\n```",
  "javascript:alert(1)",
  "https://evil.example/path?q=1",
  "http://evil.example",
  "www.evil.example",
  "ftp://evil.example",
  "<https://evil.example>",
  "fixes #1",
  "closes owner/repo#2",
  "#3",
  "GH-4",
  "gh-5",
  "0123456789abcdef0123456789abcdef01234567",
  "revert deadbeef1",
  "owner/repo@0123456789abcdef",
  "line\nbreak",
  "line\r\nbreak\r\nthree",
  "back`tick",
  "``two``",
  "`closed` and `open",
  "`a|b`",
  "`",
  "](https://evil.example)",
  "<!-- hidden",
  "--> shown",
  "<!-- threatgate:1 summary 1 -->",
  "smile 😀 family 👨‍👩‍👧 flag 🏳️‍🌈",
  "safe\u202egnp.exe",
  "zero\u200bwidth\u200djoiner\ufeff",
  "esc \u001b[31mred\u0007 nul\u0000",
  "line\u2028separator\u2029paragraph",
  '\r\n{"level":60,"msg":"forged"}',
  "*bold* **bold** _under_ __init__ ~gone~ ~~gone~~",
  "# heading",
  "- item",
  "+ item",
  "1. item",
  "12) item",
  "> quote",
  "> [!WARNING]",
  "---",
  "===",
  "\ttab",
  "    indented",
  "[^1] [^1]: note",
  "- [x] done",
  "$e=mc^2$ $`x`$",
  ":tada: :octocat:",
  "&lt;b&gt; &amp; &#64;someone &commat;someone",
  "\\@someone \\[x](y)",
  "",
  " ",
  "\\",
  "trailing \\",
  "\ud800 alone",
  "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
  "T-1 beside \u0422-1",
  "x".repeat(5_000),
  "[".repeat(400),
  "`".repeat(250),
  "😀".repeat(400),
];

/** Any hostile text, pieces of several run together, or any string at all. */
export function anyHostileText(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(...hostileTexts.filter((text) => text.length < 200));
  const mark = fc.constantFrom(..."@#|`*_[]()<>!\\~$&:-=+/.\n\r\t \u200b\u202e".split(""));
  const word = fc.constantFrom("org", "1", "www", "https", "deadbeef", "GH-", "x", "_", "code");
  return fc.oneof(
    piece,
    fc.array(piece, { minLength: 2, maxLength: 4 }).map((pieces) => pieces.join("")),
    fc.array(fc.oneof(mark, word), { maxLength: 24 }).map((pieces) => pieces.join("")),
    anyCharacters(60),
    fc.string({ maxLength: 60 }),
  );
}

/**
 * Any characters at all, up to so many. The library's own `binary` strings are the same, but make a table of all 1,112,064 of them
 * first, in every suite.
 */
export function anyCharacters(maxLength: number): fc.Arbitrary<string> {
  const surrogates = { from: 0xd800, many: 0x800 };
  const character = fc.integer({ min: 0, max: 0x10ffff - surrogates.many });
  return fc
    .array(character, { maxLength })
    .map((all) => String.fromCodePoint(...all.map((one) => (one < surrogates.from ? one : one + surrogates.many))));
}
