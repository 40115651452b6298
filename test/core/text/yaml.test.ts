import { describe, expect, test } from "@jest/globals";
import { limits } from "../../../src/core/text/limits.ts";
import { readForeignYaml, readOwnYaml } from "../../../src/core/text/yaml.ts";

function own(text: string): unknown {
  const { document, problems } = readOwnYaml("model.yaml", text);
  expect(problems).toEqual([]);
  return document?.value;
}

/** The one problem of a text that must be refused, as `line: what hint`. */
function refusal(text: string): string {
  const { document, problems } = readOwnYaml("model.yaml", text);
  expect(document).toBeUndefined();
  expect(problems).toHaveLength(1);
  const [problem] = problems;
  expect(problem?.path).toBe("model.yaml");
  expect(problem?.severity).toBe("error");
  return `${problem?.line ?? "-"}: ${problem?.what} ${problem?.hint}`;
}

function foreign(text: string): unknown {
  const read = readForeignYaml(text);
  return "documents" in read ? read.documents.map((document) => document.value) : read.unreadable;
}

describe("our own formats", () => {
  test("plain data with the line of every part", () => {
    const { document } = readOwnYaml(
      "model.yaml",
      "# a model\nsystem:\n  name: Shop\n  users:\n    - buyer\n    - clerk\nthreats:\n- id: T-1\n  stride: [S, T]\n",
    );
    expect(document?.value).toEqual({
      system: { name: "Shop", users: ["buyer", "clerk"] },
      threats: [{ id: "T-1", stride: ["S", "T"] }],
    });
    const lines = [
      ["system"],
      ["system", "name"],
      ["system", "users", 1],
      ["threats", 0],
      ["threats", 0, "stride", 1],
      [],
    ].map((path) => document?.lineOf(path));
    expect(lines).toEqual([2, 3, 6, 8, 9, 2]);
    expect(document?.lineOf(["system", "nobody"])).toBeUndefined();
    expect(document?.lineOf(["system", "name", "deeper"])).toBeUndefined();
  });

  test("words keep the meaning of YAML 1.2: yes, 0777 and dates are no booleans, octals or instants", () => {
    expect(own("a: yes\nb: 0777\nc: 2026-03-04\nd: true\ne: ~\nf: 1.5\n")).toEqual({
      a: "yes",
      b: 777,
      c: "2026-03-04",
      d: true,
      e: null,
      f: 1.5,
    });
  });

  test("a byte order mark and CRLF are read (H064)", () => {
    const { document } = readOwnYaml("model.yaml", "\uFEFFa: 1\r\nb:\r\n  - x\r\n");
    expect(document?.value).toEqual({ a: 1, b: ["x"] });
    expect(document?.lineOf(["b", 0])).toBe(3);
  });

  test.each([
    [
      "a key twice",
      "a: 1\nb: 2\na: 3\n",
      "3: `a` is given twice: on line 1 and on line 3. Keep one of the two; which one counts would otherwise depend on the reader.",
    ],
    [
      "a key twice, once quoted",
      'a: 1\n"a": 3\n',
      "2: `a` is given twice: on line 1 and on line 2. Keep one of the two; which one counts would otherwise depend on the reader.",
    ],
    [
      "a number twice in two spellings",
      "1: a\n0x1: b\n",
      "2: `1` is given twice: on line 1 and on line 2. Keep one of the two; which one counts would otherwise depend on the reader.",
    ],
    [
      "a key twice inside flow",
      "x: {a: 1,\n a: 2}\n",
      "2: `a` is given twice: on line 1 and on line 2. Keep one of the two; which one counts would otherwise depend on the reader.",
    ],
    [
      "a 1.1 header",
      "%YAML 1.1\n---\na: yes\n",
      "1: A `%` line at the start changes how the file is read. Delete the line; files are always read as YAML 1.2.",
    ],
    ["an anchor", "a: 1\nb: &x 2\n", "2: An anchor (`&name`) is used. Write the value out at each place."],
    [
      "an alias",
      "a: *x\n",
      "1: An alias (`*name`) is used. Write the value out; put text that begins with `*` in quotes.",
    ],
    ["a merge key", "a:\n  <<: {status: mitigated}\n", "2: A merge key (`<<`) is used. Write the entries out."],
    [
      "a tag",
      "a: !!js/function 'x'\n",
      "1: A tag (`!name`) is used. Write the plain value; put text that begins with `!` in quotes.",
    ],
    [
      "a tag for bytes",
      "a: !!binary aGk=\n",
      "1: A tag (`!name`) is used. Write the plain value; put text that begins with `!` in quotes.",
    ],
    ["two documents", "a: 1\n---\nb: 2\n", "2: A second document begins (`---`). Keep one document in the file."],
    [
      "a dangerous key",
      "a:\n  __proto__:\n    status: mitigated\n",
      "2: `__proto__` cannot be used as a key. Give the key another name.",
    ],
    [
      "a list as a key",
      "? [a]\n: b\n",
      "1: A list or mapping stands where a key is expected. Use plain words as keys; put text that begins with [ or { in quotes.",
    ],
    [
      "a tab as indentation",
      "a:\n\tb: 1\n",
      "2: Not valid YAML: tabs are not allowed as indentation. Indent with spaces.",
    ],
    [
      "two colons on a line",
      "a: b: c\n",
      "1: Not valid YAML: nested mappings are not allowed in compact mappings. Put text that holds `: ` in quotes, or move what follows to lines of its own.",
    ],
    ["an open quote", 'a: "b\n', '1: The quote " that opens here is not closed. Close it with " on the same line.'],
    ["nothing", "", "-: The file is empty. Write its content, or delete the file."],
    ["white space", " \n\n\t", "-: The file is empty. Write its content, or delete the file."],
    ["comments only", "# nothing\n# yet\n", "-: The file holds only comments. Write its content, or delete the file."],
    [
      "a web page",
      "<!DOCTYPE html>\n<html></html>\n",
      "-: The file is an HTML page. It may be an error page saved by a download. Put the real content in its place.",
    ],
    [
      "a Git LFS pointer",
      "version https://git-lfs.github.com/spec/v1\noid sha256:0000\nsize 12\n",
      "-: The file is a Git LFS pointer, not the content itself. Keep this file in Git itself: take it out of .gitattributes and commit its content.",
    ],
    [
      "conflict markers",
      "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\n",
      "2: An unfinished merge: conflict markers from line 2 on. Resolve the conflict, delete the lines with <<<<<<<, ======= and >>>>>>>, and commit.",
    ],
    [
      "NUL characters",
      "a: 1\nb: \u0000",
      "2: The file holds NUL characters: it is UTF-16 or binary, not UTF-8 text. Save the file as UTF-8.",
    ],
    [
      "a half of a surrogate pair",
      "a: 1\nb: \ud800x",
      "2: The file holds half of a surrogate pair, which is no character. Save the file as UTF-8.",
    ],
    [
      "half of a surrogate pair as an escape",
      'a: "\\ud800"\n',
      "1: A text holds half of a surrogate pair or a NUL character. Take the character out.",
    ],
    [
      "a NUL as an escape",
      'a: "\\0"\n',
      "1: A text holds half of a surrogate pair or a NUL character. Take the character out.",
    ],
    [
      "bytes that were no UTF-8",
      "a: b\ufffd\n",
      "1: The file is not valid UTF-8: some bytes stand for no character. Save the file as UTF-8.",
    ],
  ])("%s is refused with its line", (_, text, expected) => {
    expect(refusal(text)).toBe(expected);
  });

  test.each([
    [
      "a list",
      "a: 1\nb: [c, d\ne:\n  - f\n",
      "2: The `[` that opens here is not closed. Close it with `]` on the same line, or put the text in quotes.",
    ],
    [
      "a list in a list, with others behind it",
      "a:\n  - b: [1, 2\n    c: [x]\n",
      "2: The `[` that opens here is not closed. Close it with `]` on the same line, or put the text in quotes.",
    ],
    [
      "a mapping",
      "a: {b: 1\nc: 2\n",
      "1: The `{` that opens here is not closed. Close it with `}` on the same line, or put the text in quotes.",
    ],
    [
      "the inner of two",
      "a: [{b: c, [d]]\n",
      "1: The `{` that opens here is not closed. Close it with `}` on the same line, or put the text in quotes.",
    ],
    [
      "a quote, many lines above",
      `a: 'b\n${"c: d\n".repeat(50)}`,
      "1: The quote ' that opens here is not closed. Close it with ' on the same line.",
    ],
  ])("%s that stays open is told where it opens", (_, text, expected) => {
    expect(refusal(text)).toBe(expected);
  });

  test("constructor, prototype and hasOwnProperty are data, and no other object changes (H062)", () => {
    expect(own("constructor: a\nprototype: b\nhasOwnProperty: c\n")).toEqual({
      constructor: "a",
      prototype: "b",
      hasOwnProperty: "c",
    });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("a size over the limit is refused by size", () => {
    expect(refusal(`a: ${"x".repeat(limits.ownModelBytes)}`)).toBe(
      "-: The file has 1 MiB; at most 1 MiB are read. Split it into several files, or take out what is not part of it.",
    );
  });

  test("brackets in texts, comments and blocks are no depth", () => {
    const brackets = "[ ".repeat(200);
    expect(own(`a: 'x ${brackets}'\nb: |\n  ${brackets}\n# ${brackets}\nc: x ${brackets}\n`)).toEqual({
      a: `x ${brackets}`,
      b: `${brackets}\n`,
      c: `x ${brackets.trim()}`,
    });
  });

  test("64 levels are read and 65 are not", () => {
    const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    expect(refusal(nested(65))).toBe("1: Nested deeper than 64 levels. Flatten or split the file.");
    expect(readOwnYaml("model.yaml", nested(63)).problems).toEqual([]);
  });
});

describe("texts built to hurt the parser are refused by their shape", () => {
  const indented = Array.from({ length: 500 }, (_, level) => `${" ".repeat(level)}a:`).join("\n");
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "explicit keys in each other (H056)",
      `${"? ".repeat(500)}x`,
      "1: More than 8 keys written with `? ` on one line. Flatten or split the file.",
    ],
    ...[1_000, 5_000, 100_000].flatMap((n): (readonly [string, string, string])[] => [
      [
        `${n} brackets (H057)`,
        "[".repeat(n) + "]".repeat(n),
        "1: Nested deeper than 64 levels. Flatten or split the file.",
      ],
      [
        `${n} compact lists (H057)`,
        `${"- ".repeat(n)}x`,
        "1: Nested deeper than 64 levels. Flatten or split the file.",
      ],
      [`${n} braces`, "{a: ".repeat(n), "1: Nested deeper than 64 levels. Flatten or split the file."],
    ]),
    ["500 levels of indentation", indented, "65: Nested deeper than 64 levels. Flatten or split the file."],
    [
      "compact lists after a key on a line",
      `a:\n  ${"- ".repeat(100)}x`,
      "2: Nested deeper than 64 levels. Flatten or split the file.",
    ],
    ["colons on one line", "a: ".repeat(5_000), "1: More than 64 keys on one line. Flatten or split the file."],
    [
      "explicit keys in flow",
      `[${"? ".repeat(5_000)}`,
      "1: More than 8 keys written with `? ` on one line. Flatten or split the file.",
    ],
    [
      "a million empty lines",
      `a${"\n".repeat(1_000_000)}`,
      "600000: More than 600000 words, spaces and line breaks. Flatten or split the file.",
    ],
    ["directives without end", "%A b\n".repeat(1_000), "101: More than 100 `%` lines. Flatten or split the file."],
    ["200,000 items", "- a\n".repeat(200_000), "75001: More than 50000 values. Flatten or split the file."],
  ];

  test.each(cases)("%s, twice in one process", (_, text, expected) => {
    expect(refusal(text)).toBe(expected);
    expect(refusal(text)).toBe(expected);
    expect(foreign(text)).toBe(`Line ${expected.slice(0, expected.indexOf("."))}.`);
  });

  test("40,000 unique keys are read (H058)", () => {
    const text = Array.from({ length: 40_000 }, (_, index) => `key${index}: v`).join("\n");
    expect(Object.keys(Object(own(text)))).toHaveLength(40_000);
    expect(foreign(text)).toEqual([expect.objectContaining({ key39999: "v" })]);
  });

  test("many errors cost no more than one", () => {
    expect(refusal("'a' ".repeat(40_000))).toMatch(/^1: Not valid YAML: /);
  });

  test("nine levels of nine aliases stay inside the limits (H055)", () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 9; level++) {
      const previous = String.fromCharCode(96 + level);
      const name = String.fromCharCode(97 + level);
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${previous}`).join(", ")}]`);
    }
    expect(foreign(bomb.join("\n"))).toBe("Line 1: More than 50000 values.");
    expect(refusal(bomb.join("\n"))).toBe("1: An anchor (`&name`) is used. Write the value out at each place.");
  });
});

describe("formats of others", () => {
  test("several documents, tags, aliases and merge keys", () => {
    const text =
      "Bucket: !Sub 'a-logs'\nName: !GetAtt a.b\nList: !Join [',', [a, b]]\n---\nbase: &base {a: 1, b: 2}\nuse:\n  <<: *base\n  b: 3\nagain: *base\n";
    expect(foreign(text)).toEqual([
      { Bucket: "a-logs", Name: "a.b", List: [",", ["a", "b"]] },
      { base: { a: 1, b: 2 }, use: { a: 1, b: 3 }, again: { a: 1, b: 2 } },
    ]);
  });

  test("lines count through the whole file, also in later documents and behind an alias", () => {
    const read = readForeignYaml("a: 1\n---\nb: &x\n  c: 2\nd: *x\n");
    if (!("documents" in read)) throw new Error(read.unreadable);
    expect(read.documents[1]?.lineOf(["b", "c"])).toBe(4);
    expect(read.documents[1]?.lineOf(["d"])).toBe(5);
    expect(read.documents[1]?.lineOf(["d", "c"])).toBe(4);
  });

  test("a 1.1 header changes nothing (H060)", () => {
    expect(foreign("%YAML 1.1\n---\na: yes\nb: 0777\nc: 2026-03-04\n")).toEqual([
      { a: "yes", b: 777, c: "2026-03-04" },
    ]);
  });

  test("tags construct nothing (H063)", () => {
    expect(
      foreign(
        "a: !!js/function 'return 1'\nb: !!binary aGk=\nc: !!set {x, y}\nd: !!timestamp 2026-03-04\ne: !custom {k: v}\n",
      ),
    ).toEqual([{ a: "return 1", b: "aGk=", c: { x: null, y: null }, d: "2026-03-04", e: { k: "v" } }]);
  });

  test.each([
    ["an anchor inside itself", "&a [*a]\n", "Line 1: `*a` lies inside the very value it refers to."],
    ["an alias to nothing", "a: *b\n", "Line 1: `*b` refers to nothing above it."],
    ["101 aliases", `a: &a 1\n${"b: *a\n".repeat(101)}`, "Line 2: More than 100 aliases."],
    ["a merge of a text", "a: &a x\nb:\n  <<: *a\n", "Line 3: `<<` takes a mapping or a list of mappings."],
    [
      "a template",
      "a:\n{{- if .Values.x }}\n  b: 1\n{{- end }}\n",
      expect.stringMatching(/^Line \d+: .* The file looks like a template, which is YAML only once it is rendered\.$/),
    ],
    ["an empty file", "", "The file is empty."],
  ])("%s is unreadable, with the reason", (_, text, expected) => {
    expect(foreign(text)).toEqual(expected);
  });

  test("__proto__ is data and no other object changes (H062)", () => {
    const [value] = [foreign("__proto__: {polluted: yes}\n")].flat();
    expect(Object.keys(Object(value))).toEqual(["__proto__"]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});

describe("a text in quotes that goes on further to the left than YAML allows", () => {
  test("is read as other tools read it, and every line keeps its number", () => {
    const read = readForeignYaml(
      "parts:\n  - code:\n      'class Booking {\n    open()\n  }'\n    line: 7\nowner: ada\n",
    );
    if ("unreadable" in read) throw new Error(read.unreadable);
    const [document] = read.documents;
    expect(document?.value).toEqual({ parts: [{ code: "class Booking { open() }", line: 7 }], owner: "ada" });
    expect(document?.lineOf(["owner"])).toBe(7);
  });

  test("with the other quote, escapes and blank lines", () => {
    expect(foreign('a:\n  b: "says \\"no\\"\n\nand goes" # on\nc: 1\n')).toEqual([
      { a: { b: 'says "no"\nand goes' }, c: 1 },
    ]);
  });

  test("but none that is never closed, nor one that swallows what follows", () => {
    expect(foreign("a: 'open\nb: 'closed'\nc: 1\n")).toMatch(/^Line 1: The quote ' that opens here is not closed\.$/);
    expect(foreign("a: 'open\nb: 1\n")).toMatch(/^Line 1: The quote ' that opens here is not closed\.$/);
  });

  test("is still refused in a file of our own", () => {
    expect(refusal("a:\n  b: 'one\ntwo'\n")).toContain("The quote ' that opens here is not closed.");
  });
});
