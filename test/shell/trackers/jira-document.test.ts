import { describe, expect, test } from "@jest/globals";
import { code, md, prose, text } from "../../../src/core/present/markdown.ts";
import { documentOf } from "../../../src/shell/trackers/jira/document.ts";
import { documentShape, wordsOf } from "../../jira/adf.ts";
import fc from "../../make/fast-check.ts";

/** Signs that Markdown, GitHub and Jira read as more than a sign. */
const signs = fc.constantFrom(
  ..."@#*_`~[](){}<>|!:\\/&;\n\r\t -+=.1aZ\u200b\u202e",
  "[~accountid:5b10]",
  "{code}",
  "{html}<script>",
  "@sam",
  "SHOP-1",
  "https://evil.example",
  "<!-- threatgate:1 issue T -->",
  "<code>",
  "</code>",
  "](http://evil.example)",
  "<img src=x onerror=alert(1)>",
  "```",
  "    ",
  "> ",
  "1. ",
);
const hostile = fc.array(signs, { maxLength: 30 }).map((pieces) => pieces.join(""));

describe("a text of ours in Jira's document format", () => {
  test("whole", () => {
    const markdown = [
      "<!-- threatgate:1 issue T%2D1 -->",
      "",
      "**As** an owner **I need** `x` in [the place](https://example.com/a)",
      "",
      "1. one",
      "2. two <code>a&#124;b</code>",
      "",
      "```yaml",
      "status: mitigated",
      "```",
    ].join("\n");
    expect(documentOf(markdown)).toEqual({
      type: "doc",
      version: 1,
      content: [
        {
          type: "paragraph",
          content: [
            { type: "text", text: "As", marks: [{ type: "strong" }] },
            { type: "text", text: " an owner " },
            { type: "text", text: "I need", marks: [{ type: "strong" }] },
            { type: "text", text: " " },
            { type: "text", text: "x", marks: [{ type: "code" }] },
            { type: "text", text: " in " },
            { type: "text", text: "the place", marks: [{ type: "link", attrs: { href: "https://example.com/a" } }] },
          ],
        },
        {
          type: "orderedList",
          attrs: { order: 1 },
          content: [
            { type: "listItem", content: [{ type: "paragraph", content: [{ type: "text", text: "one" }] }] },
            {
              type: "listItem",
              content: [
                {
                  type: "paragraph",
                  content: [
                    { type: "text", text: "two " },
                    { type: "text", text: "a|b", marks: [{ type: "code" }] },
                  ],
                },
              ],
            },
          ],
        },
        { type: "codeBlock", attrs: { language: "yaml" }, content: [{ type: "text", text: "status: mitigated" }] },
      ],
    });
  });

  test("H047 H048 H049 what others wrote becomes words and nothing else: no link, no mention, no macro", () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (one, other, third) => {
        const { markdown } = md`**Here:** ${text(one)} ${code(other)}\n\n1. ${prose(third)}`;
        const document = documentOf(markdown);
        expect(documentShape.safeParse(document).error).toBeUndefined();
        expect(JSON.stringify(document)).not.toContain('"link"');
      }),
      { numRuns: 500 },
    );
  });

  test("even Markdown that is not ours gives a document that Jira takes, without anything that acts", () => {
    fc.assert(
      fc.property(hostile, (markdown) => {
        const parsed = documentShape.safeParse(documentOf(markdown));
        expect(parsed.error).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test("what is too long ends with words that say so", () => {
    const document = documentOf(
      Array.from({ length: 2_000 }, (_, index) => `Paragraph ${index} of many.`).join("\n\n"),
    );
    expect(JSON.stringify(document).length).toBeLessThan(32_767);
    expect(wordsOf(document).trimEnd().endsWith("The rest is too long for Jira.")).toBe(true);
  });
});
