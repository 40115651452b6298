import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { LineTooLong, linesOf } from "../../../src/shell/local/lines.ts";
import fc from "../../make/fast-check.ts";

const folder = mkdtempSync(join(tmpdir(), "threatgate-lines-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(text: string | Buffer, most = 1000): Promise<string[]> {
  const file = join(folder, "lines");
  writeFileSync(file, text);
  const lines: string[] = [];
  for await (const line of linesOf(file, most)) lines.push(line);
  return lines;
}

test.each([
  ["", []],
  ["one", ["one"]],
  ["one\n", ["one"]],
  ["one\r\n\r\nthree\n", ["one", "", "three"]],
  ["\n\n", ["", ""]],
])("the lines of %j", async (text, lines) => {
  expect(await read(text)).toEqual(lines);
});

test("are the same wherever a read of the file ends", async () => {
  const line = fc.string({ unit: fc.constantFrom("a", "é", "€", "😀", "\r", " "), maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 20 }), fc.nat(65_600), async (lines, before) => {
      const padded = ["x".repeat(before), ...lines];
      const expected = padded.map((one) => one.replace(/\r$/, ""));
      expect(await read(`${padded.join("\n")}\n`, 70_000)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test("a line over the limit ends the reading there", async () => {
  const taken: string[] = [];
  const file = join(folder, "long");
  writeFileSync(file, `short\n${"a".repeat(500_000)}\nnever\n`);
  const reading = async () => {
    for await (const line of linesOf(file, 100_000)) taken.push(line);
  };
  await expect(reading()).rejects.toEqual(new LineTooLong(2, 100_000));
  expect(taken).toEqual(["short"]);
  await expect(read("a".repeat(1001))).rejects.toEqual(new LineTooLong(1, 1000));
  expect(await read("a".repeat(1000))).toHaveLength(1);
});
