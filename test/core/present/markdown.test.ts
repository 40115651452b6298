import { describe, expect, test } from "@jest/globals";
import { blocks, cut, entries, fence, fold, table } from "../../../src/core/present/blocks.ts";
import {
  clip,
  code,
  htmlLine,
  link,
  list,
  md,
  plainLine,
  plainLines,
  prose,
  sentence,
  text,
} from "../../../src/core/present/markdown.ts";
import fc from "../../make/fast-check.ts";
import { anyHostileText, hostileTexts } from "../../make/hostile-text.ts";
import { cellsOfRows, folds, kinds, parse, seen, whatActs } from "./inert.ts";

describe("a foreign value does nothing", () => {
  test.each(hostileTexts.map((value) => [value.slice(0, 40), value]))("%j", (_, value) => {
    for (const shown of [text(value), prose(value), code(value), sentence(value)]) {
      expect(whatActs(shown.markdown, [])).toEqual([]);
      expect(whatActs(md`before ${shown} after`.markdown, [])).toEqual([]);
      expect(whatActs(md`**${shown}**`.markdown, [])).toEqual([]);
      expect(cellsOfRows(table([md`a`, md`b`], [[shown, md`last`]]).markdown)).toEqual([2, 2]);
    }
    expect(whatActs(fold(value, md`inside`).markdown, [])).toEqual([]);
    expect(whatActs(link(text(value), "https://own.example/x").markdown, ["https://own.example/"])).toEqual([]);
  });

  test("whatever it is", () => {
    fc.assert(
      fc.property(anyHostileText(), anyHostileText(), (one, other) => {
        for (const shown of [
          md`${text(one)} ${code(other)}`,
          md`${prose(one)} ${text(other)}`,
          md`${code(one)}${code(other)} ${prose(one)}`,
        ]) {
          expect(whatActs(shown.markdown, [])).toEqual([]);
          expect(kinds(shown.markdown)).toEqual(
            new Set([...kinds(shown.markdown)].filter((kind) => harmless.has(kind))),
          );
          expect(cellsOfRows(table([md``, md``], [[shown, shown]]).markdown)).toEqual([2, 2]);
          expect(whatActs(blocks([md`- ${shown}`, shown, entries([shown], "numbers")]).markdown, [])).toEqual([]);
        }
        expect(whatActs(fold(one, text(other)).markdown, [])).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("text is one paragraph of text, and reads as it was written", () => {
    for (const value of [
      "fixes #1 by @dana",
      "a_b __init__ *x* 1. [y](z) <b> & | `t`",
      "Т-1 😀 👨‍👩‍👧 ünïcode",
      "# 5 > 3",
      "12) twelve",
    ]) {
      expect([...kinds(text(value).markdown)].filter((kind) => !["root", "paragraph", "text"].includes(kind))).toEqual(
        [],
      );
      expect(seen(text(value).markdown)).toBe(value);
    }
  });

  test("code shows a path exactly, and what cannot be seen as its code point", () => {
    expect(seen(code("src/a b`c``d.ts").markdown)).toBe("src/a b`c``d.ts");
    expect(seen(code("a|b").markdown)).toBe("a|b");
    expect(seen(code("a\nb\u202ec\u0007").markdown)).toBe("a\\nb\\u202Ec\\u0007");
    expect(code("").markdown).toBe("(empty)");
    expect(code("`").markdown).toBe("`` ` ``");
  });

  test("prose makes code of what stands in backticks and of nothing else", () => {
    expect(prose("bucket `a_b` is *not* in `model.yaml`").markdown).toBe("bucket `a_b` is \\*not\\* in `model.yaml`");
    expect(seen(prose("`one``two`").markdown)).toBe("onetwo");
    expect(prose("one ` alone").markdown).toBe("one \\` alone");
  });

  test("a link goes only to plain http(s), and no label or address can leave it", () => {
    expect(link(md`x`, "javascript:alert(1)").markdown).toBe("x");
    expect(link(md`x`, "https://own.example/a b)(c").markdown).toBe("[x](https://own.example/a%20b%29%28c)");
    expect(link(md`x`, "https://own.example/ghp_0123456789abcdefghij0123456789abcdef").markdown).toBe("x");
  });

  test("words are joined as people join them", () => {
    expect(list([]).markdown).toBe("");
    expect(list([md`a`]).markdown).toBe("a");
    expect(list([md`a`, md`b`, md`c`]).markdown).toBe("a, b and c");
  });
});

const harmless = new Set(["root", "paragraph", "text", "inlineCode", "html"]);

describe("secrets are withheld (H054)", () => {
  // Put together here, so that no scanner takes this file for a leak.
  const secrets = [
    `ghp${"_"}${"a1B2".repeat(9)}`,
    `AKIA${"ABCD".repeat(4)}`,
    `-----BEGIN RSA PRIVATE${" "}KEY-----\nMIIEow\nIBAAK\n-----END RSA PRIVATE${" "}KEY-----`,
    `-----BEGIN OPENSSH PRIVATE${" "}KEY-----\nb3BlbnNzaC1r`,
    `xoxb${"-"}123456789012-abcdefghijkl`,
  ];
  test.each(secrets.map((secret) => [secret.slice(0, 12), secret]))("%s…", (_, secret) => {
    const value = `token: ${secret} end`;
    const shown = [
      text(value),
      prose(value),
      prose(`\`${value}\``),
      code(value),
      htmlLine(value),
      fence("yaml", value),
    ].map((piece) => piece.markdown);
    for (const out of [...shown, plainLine(value, 200), plainLines(value)]) {
      for (const line of secret
        .split("\n")
        .slice(-2, -1)
        .concat(secret.split("\n")[0] ?? ""))
        expect(out).not.toContain(line);
      expect(out.replaceAll("\\", "")).toContain("[secret withheld]");
    }
  });

  test("a password in an address", () => {
    expect(plainLine("postgres://app:hunter2@db.example/x", 100)).toBe("postgres://app:[secret withheld]@db.example/x");
  });
});

describe("plain places", () => {
  test("a title is one line of at most so many characters, cut between whole ones", () => {
    fc.assert(
      fc.property(anyHostileText(), fc.integer({ min: 2, max: 300 }), (value, most) => {
        const line = plainLine(value, most);
        expect(line.length).toBeLessThanOrEqual(most);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(line.isWellFormed()).toBe(true);
      }),
    );
    expect(clip("😀😀😀", 4)).toBe("😀…");
  });
});

describe("a text that is too long", () => {
  const rows = Array.from({ length: 3_000 }, (_, index) => [md`${index}`, text(`finding ${index} ${"w".repeat(60)}`)]);

  test("says how much of a table is left out", () => {
    expect(table([md`a`, md`b`], rows, 30).markdown).toMatch(/\n\n…and 2970 more\.$/);
    expect(
      entries(
        rows.map(([first = md``]) => first),
        "marks",
        5,
      ).markdown,
    ).toMatch(/- …and 2995 more\.$/);
    expect(fence("yaml", "a: 1\n".repeat(500), 400).markdown).toMatch(/# …and 100 lines more\n```$/);
  });

  test("is cut between lines, closes what is open, and says how many lines are missing", () => {
    const whole = blocks([md`start`, fold("code", fence("yaml", "key: välue 😀\n".repeat(390), 400)), md`end`]);
    const short = cut(whole, 2_000);
    expect(new TextEncoder().encode(short).length).toBeLessThanOrEqual(2_000);
    expect(short).toMatch(/\n```\n\n<\/details>\n\n\d+ lines were left out/);
    const { children } = parse(short);
    expect(children.map((node) => node.type)).toEqual(["paragraph", "html", "code", "html", "paragraph"]);
    expect(cut(whole, 100_000)).toBe(whole.markdown);
  });

  test("whatever it holds, it fits, and no fence stays open", () => {
    fc.assert(
      fc.property(
        fc.array(anyHostileText(), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 400, max: 3_000 }),
        (values, most) => {
          const whole = blocks(
            values.map((value, index) =>
              index % 3 === 0 ? fence("", value) : index % 3 === 1 ? fold(value, text(value)) : prose(value),
            ),
          );
          const short = cut(whole, most);
          expect(new TextEncoder().encode(short).length).toBeLessThanOrEqual(most);
          const { opened, closed } = folds(short);
          expect(opened).toBe(closed);
          expect(whatActs(short, [])).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
