import { describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { readPlainYaml } from "../../../src/core/text/plain-yaml.ts";
import { Positions } from "../../../src/core/text/positions.ts";
import { readForeignYaml, type YamlDocument } from "../../../src/core/text/yaml.ts";
import fc from "../../make/fast-check.ts";

function plain(text: string): readonly unknown[] | undefined {
  return readPlainYaml(text, new Positions(text), 50_000)?.map((document) => document.value);
}

/** What the parser of the `yaml` package makes of a text, read without any of our own code. */
function reference(text: string): readonly unknown[] | string {
  const documents = parseAllDocuments(text, { schema: "core", logLevel: "silent" });
  if (!Array.isArray(documents)) return "empty";
  const error = documents.flatMap((document) => document.errors)[0];
  return error ? error.message : documents.map((document) => document.toJS() as unknown);
}

/** Every path of a value with the line that a document tells for it. */
function linesOf(document: YamlDocument): readonly string[] {
  const told: string[] = [];
  const walk = (value: unknown, path: readonly (string | number)[]) => {
    told.push(`${JSON.stringify(path)} ${document.lineOf(path)}`);
    if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, [...path, index]);
    else if (typeof value === "object" && value !== null)
      for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
  };
  walk(document.value, []);
  return told;
}

/** A comment with a tab is nothing that the plain reader takes, and nothing that changes what a text says. */
function byTheWholeParser(text: string): readonly YamlDocument[] {
  const read = readForeignYaml(`${text}\n# \t\n`);
  if ("unreadable" in read) throw new Error(`${read.unreadable}\n${text}`);
  return read.documents;
}

/** False when the plain reader leaves the text to the whole parser. */
function expectTheSame(text: string): boolean {
  const found = plain(text);
  if (found === undefined) return false;
  expect({ text, value: found }).toEqual({ text, value: reference(text) });
  const read = readForeignYaml(text);
  if ("unreadable" in read) throw new Error(read.unreadable);
  expect({ text, lines: read.documents.map(linesOf) }).toEqual({
    text,
    lines: byTheWholeParser(text).map(linesOf),
  });
  return true;
}

const whole = `# A model
---
openapi: 3.0.3
info: {title: Shop, version: "1.0", tags: [a, 'b c', {d: 1}, src/**], empty: {}, none: []}
'quoted: key': "with \\"escapes\\"\\nand \\\\ more"   # a comment
200: it's
paths:
  /items/{id}:batch:
    get:
      summary: a text that goes on
        over several lines

        and a paragraph
      description: |
        kept
          line by line

        to its end

      folded: >-
        joined into
        one line

        and another
      required: true
      nothing:
      below:
        - in quotes: "\\u00e9\\U0001F44D\\x41b"
        - --flag
      brackets :
        [
          a, # a comment
          {b: c},

          "d",
        ]
      wrapped:
        text on the next line
      tilde: ~
      numbers: [1, -2, 0x1F, 0o17, 1.50, 1e3, .5, 0777, 1_000]
  list:
  - a
  -   b: 1
      c: 2

  # between
  - d:
    - "- e"
    f: .inf
  -
    g: http://example.org/#part
---
- second: document
`;

describe("the reader of plain YAML", () => {
  test("reads what people and programs mostly write", () => {
    expect(plain(whole)).toEqual(reference(whole));
    expect(expectTheSame(whole)).toBe(true);
  });

  test.each([
    ["an anchor", "a: &x 1"],
    ["an alias", "a: *x"],
    ["a tag", "a: !Sub x"],
    ["a merge key", "a:\n  <<: {b: 1}"],
    ["a directive", "%YAML 1.2\n---\na: 1"],
    ["a tab", "a:\t1"],
    ["CRLF", "a: 1\r\nb: 2"],
    ["a key twice", "a: 1\na: 2"],
    ["a key twice in two spellings", "1: a\n0x1: b"],
    ["a key twice in brackets", "x: {a: 1, a: 2}"],
    ["a dangerous key", "__proto__: 1"],
    ["an unusual escape", 'a: "\\e"'],
    ["quotes over two lines", 'a: "b\n  c"'],
    ["brackets that close at the left", "a: [\n  b\n]"],
    ["half of a surrogate pair", 'a: "\\ud800"'],
    ["a NUL character", 'a: "\\0"'],
    ["another NUL character", 'a: "\\x00"'],
    ["an explicit key", "? a\n: b"],
    ["a pair in a list", "a: [b: c]"],
    ["a list in a list on one line", "- - a"],
    ["two colons on a line", "a: b: c"],
    ["an indentation that goes back halfway", "a:\n    b: 1\n  c: 2"],
    ["a list among keys", "a: 1\n- b"],
    ["text behind quotes", 'a: "b" c'],
    ["text behind brackets", "a: [b] c"],
    ["text below quotes", 'a: "b"\n  c'],
    ["a comment inside a text", "a: b # c\n  d"],
    ["a colon inside a text", "a: b\n  c: d"],
    ["an indicator for indentation", "a: |2\n   b\n"],
    ["line breaks kept", "a: |+\n  b\n\n"],
    ["a folded text with a list in it", "a: >\n  b\n   - c\n"],
    ["a text alone", "a"],
    ["a document without content", "---\n---\na: 1"],
    ["a document's end", "a: 1\n...\n"],
    ["text behind a marker", "--- a\n"],
    ["61 levels", Array.from({ length: 62 }, (_, level) => `${" ".repeat(level)}a:`).join("\n")],
    ["more values than allowed", `a: [${"1, ".repeat(50_000)}]`],
    ["a key that is nothing", "null : 1\n~: 2"],
    ["the same between brackets", "a: {null: 1}"],
    ["more lines than allowed", `a: 1${"\n".repeat(50_001)}`],
  ])("leaves %s to the whole parser", (_, text) => {
    expect(plain(text)).toBeUndefined();
  });

  const piece = fc.constantFrom(
    ..."a b key: k2:: :x x: : - -- --- ... ? ?q ! !t & &a * *a | > |- >- |+ >2 # #c x#y [ ] { } , [] {} [a,b] [a,·b] {a:·1} {a:·{b:·c}} \"q\" 'q' \"\\\"\" \"\\n\" '' 'it''s' ' \" \\ % @ ` ~ null true No 1 -1 0x1 0o7 1.0 .5 1e3 .inf - . .a $ref: /p/{id}: <<: 200: é ·· http://x [src/**,·a?b·c!·--d] {a·b:·x*y&z}".split(
      " ",
    ),
  );
  const line = fc
    .tuple(
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom("", "", "- ", "a: ", "b: ", "c:", "- d: ", "-", "e: |", "f: >", "- |-", "g : [", "- {"),
      fc.array(piece, { maxLength: 3 }),
      fc.constantFrom("", "", "", "", " ", " # c"),
    )
    .map(
      ([indent, head, pieces, tail]) =>
        `${" ".repeat(indent)}${head}${pieces.map((text) => text.replaceAll("·", " ")).join(" ")}${tail}`,
    );
  const lines = fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 7 }), fc.constantFrom("", "\n"))
    .map(([all, end]) => all.join("\n") + end);

  test("reads whatever it reads as the whole parser does, lines included", () => {
    let read = 0;
    const counts = (text: string) => {
      if (expectTheSame(text)) read++;
    };
    fc.assert(fc.property(lines, counts), { numRuns: 4_000 });
    expect(read).toBeGreaterThan(40);
  });

  test("stays with the whole parser when a whole text is changed in any place", () => {
    const change = fc.tuple(
      fc.integer({ min: 0, max: whole.length }),
      fc.integer({ min: 0, max: 3 }),
      fc.oneof(piece, fc.constantFrom("\n", " ", "  ", "\n\n", ": ", " #", "- ", ",")),
    );
    let read = 0;
    const holds = (changes: readonly (readonly [number, number, string])[]) => {
      let text = whole;
      for (const [at, removed, added] of changes) text = text.slice(0, at) + added + text.slice(at + removed);
      if (expectTheSame(text)) read++;
    };
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), holds), { numRuns: 600 });
    expect(read).toBeGreaterThan(60);
  });
});
