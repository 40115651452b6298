import { describe, expect, test } from "@jest/globals";
import { type HclValue, readHcl } from "../../../../src/core/changes/notations/hcl.ts";

/** The first attribute of a text: its name, line and value. */
function first(text: string): { name: string; line: number; value: HclValue } | undefined {
  const read = readHcl(text);
  return "body" in read ? read.body.attributes[0] : undefined;
}

const dollar = "$";

describe("values of HashiCorp configuration", () => {
  test.each<[string, string, Partial<HclValue>]>([
    ["a text with escapes", String.raw`a = "one\n\"two\" é"`, { kind: "literal", value: 'one\n"two" é' }],
    [
      "a template is kept as it is written",
      `a = "x-${dollar}{var.b}-y"`,
      { kind: "literal", value: `x-${dollar}{var.b}-y` },
    ],
    ["a template mark that is escaped", `a = "${dollar}${dollar}{b}"`, { kind: "literal", value: `${dollar}{b}` }],
    ["a text that is one reference", `a = "${dollar}{ var.b }"`, { kind: "expression", text: "var.b" }],
    ["quotes inside a template", `a = "${dollar}{lookup(b, "c}")}"`, { kind: "expression", text: 'lookup(b, "c}")' }],
    ["a number below nothing", "a = -1.5", { kind: "literal", value: -1.5 }],
    ["nothing", "a = null", { kind: "literal", value: null }],
    ["a name that begins like a word of the language", "a = trueish", { kind: "expression", text: "trueish" }],
    ["a choice", 'a = var.b ? "c" : "d" # why', { kind: "expression", text: 'var.b ? "c" : "d"' }],
    ["a sum over two lines in brackets", "a = (1 +\n  2)", { kind: "expression", text: "(1 + 2)" }],
    ["a list made from another", "a = [for b in c : b]", { kind: "expression", text: "[for b in c : b]" }],
    [
      "a call with several arguments is told whole",
      "a = cidrsubnet(var.b, 8, 1)",
      { kind: "call", text: "cidrsubnet(var.b, 8, 1)" },
    ],
  ])("%s", (_, text, value) => {
    expect(first(text)?.value).toMatchObject(value);
  });

  test("a here-document begins on the line after its mark and ends at the word alone", () => {
    const read = readHcl("a = <<-EOT\n  one\n  EOT2\n  EOT\nb = 1\n");
    expect(read).toEqual({
      body: {
        attributes: [
          { name: "a", line: 1, value: { kind: "literal", value: "  one\n  EOT2", line: 2 } },
          { name: "b", line: 5, value: { kind: "literal", value: 1, line: 5 } },
        ],
        blocks: [],
      },
    });
  });

  test("comments of every kind, and the lines behind them", () => {
    expect(first("# one\n// two\n/* three\n four */ a = 1")).toMatchObject({ name: "a", line: 4 });
  });

  test("a quote that is never closed costs its line, not the file", () => {
    const read = readHcl('resource "a" "b" {\n  c = "open\n  d = 1\n}\nresource "e" "f" {}\n');
    if (!("body" in read)) throw new Error(read.unreadable);
    expect(read.body.blocks.map(({ labels, line }) => [labels, line])).toEqual([
      [["a", "b"], 1],
      [["e", "f"], 5],
    ]);
  });

  test("what nests deeper than 64 levels is refused with its line", () => {
    expect(readHcl(`a = 1\nb = ${"[".repeat(65)}${"]".repeat(65)}`)).toEqual({
      unreadable: "nested deeper than 64 levels (line 2)",
    });
  });

  test("more values than can be compared are refused", () => {
    expect(readHcl(`a = [${"1,".repeat(50_001)}]`)).toEqual({ unreadable: "more than 50000 values" });
  });
});
