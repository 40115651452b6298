import { describe, expect, test } from "@jest/globals";
import { type ChainedRecord, digestOfRecord } from "../../../src/core/domain/record-chain.ts";
import { type BundleVerdict, checkBundle, endLine, recordLine } from "../../../src/core/evidence-report/bundle.ts";
import { bundleLines } from "../../../src/core/evidence-report/bundle-text.ts";
import { aBundle, aChain, aRecord } from "../../make/a-bundle.ts";
import fc from "../../make/fast-check.ts";
import { hostileTexts } from "../../make/hostile-text.ts";

function verdictOf(lines: readonly string[], digests: readonly string[] = []): BundleVerdict {
  const check = checkBundle(digests);
  for (const line of lines) {
    const fault = check.take(line);
    if (fault) return fault;
  }
  return check.end();
}

const chain = aChain([1, 2, 3, 4].map((number) => aRecord(number)));
const nth = (index: number): ChainedRecord => {
  const record = chain[index];
  if (!record) throw new Error(`no record ${index}`);
  return record;
};

describe("a bundle", () => {
  test("of records as they were written is whole, and says from where to where", () => {
    const verdict = verdictOf(aBundle(chain), [nth(1).digest, nth(2).digest.slice(0, 12).toUpperCase()]);
    expect(verdict).toMatchObject({ outcome: "whole", records: 4, first: { id: 1 }, last: { id: 4 }, missing: [] });
    expect(bundleLines(verdict).join("\n")).toBe(
      [
        "whole: 4 records of acme/shop (11), each as it was written and following the one before",
        "  from  record 1 (#1 at 111111111111, 2026-03-01 10:00 UTC)",
        "  to    record 4 (#4 at 444444444444, 2026-03-04 10:00 UTC)",
        `  last digest  ${nth(3).digest}`,
        "  begins  with the first record that was ever written of this repository in this database",
        "A chain alone does not show a cut end or a chain written anew: name digests that checks on GitHub state with --digest.",
      ].join("\n"),
    );
  });

  test("goes on from records that were deleted for their age, and says so", () => {
    const kept = chain.slice(2);
    const verdict = verdictOf(aBundle(kept, nth(1).digest, 2), [nth(1).digest]);
    expect(verdict).toMatchObject({ outcome: "whole", records: 2, missing: [] });
    expect(bundleLines(verdict)).toContain(
      `  begins  after the record ${nth(1).digest} (2 older records were deleted for their age)`,
    );
  });

  test("of a chain begun anew is told by a digest that a check stated before", () => {
    const anew = aChain([aRecord(5)]);
    const verdict = verdictOf(aBundle(anew), [nth(3).digest]);
    expect(verdict).toMatchObject({ outcome: "whole", missing: [nth(3).digest] });
    expect(bundleLines(verdict).join("\n")).toContain(`NOT IN THIS CHAIN  ${nth(3).digest}`);
  });

  test("with a line that no bundle has is not read, and the line is named", () => {
    const check = checkBundle([]);
    const [head = ""] = aBundle(chain);
    check.take(head);
    expect(check.tooLong()).toEqual({
      outcome: "unreadable",
      line: 2,
      why: "longer than 64 MiB, as no line of a bundle is.",
    });
  });

  test("without any record is whole", () => {
    expect(verdictOf(aBundle([]))).toMatchObject({ outcome: "whole", records: 0 });
  });
});

describe("a broken link is named", () => {
  const second = nth(1);
  const changed: [string, Partial<ChainedRecord>][] = [
    ["its verdict", { conclusion: "failure" }],
    [
      "a reason deep in it",
      { assessment: { schemaVersion: 1, reasons: [{ says: "all was well", order: { b: 1, a: [2, null] } }] } },
    ],
    ["what was written", { results: [{ outcome: "done" }] }],
    ["when it was", { asOf: "2026-03-02T10:00:00.001Z" }],
    ["whose it was", { repository: "acme/other" }],
    ["the commit", { head: "5".repeat(40) }],
    ["the pull request", { pullRequest: null }],
  ];

  test.each(changed)("where somebody changed %s: the record, what was expected, what is there", (_, bend) => {
    const lines = aBundle([nth(0), { ...second, ...bend }, nth(2), nth(3)]);
    const expected = digestOfRecord(second.previous, { ...second, ...bend });
    expect(verdictOf(lines)).toMatchObject({
      outcome: "broken",
      line: 3,
      record: { id: 2 },
      why: "it was changed after it was written, or its digest was.",
      expected,
      found: second.digest,
    });
  });

  test("where a changed record was given a new digest, the next one shows it", () => {
    const bent = { ...second, conclusion: "failure" };
    const forged = { ...bent, digest: digestOfRecord(bent.previous, bent) };
    expect(verdictOf(aBundle([nth(0), forged, nth(2), nth(3)]))).toMatchObject({
      outcome: "broken",
      record: { id: 3 },
      expected: forged.digest,
      found: second.digest,
    });
  });

  test("where a record was taken out, put twice or moved", () => {
    const why = /^it does not follow record \d: a record between them is missing, or they were put in another order\.$/;
    for (const records of [
      [nth(0), nth(2), nth(3)],
      [nth(0), nth(0), nth(1)],
      [nth(0), nth(2), nth(1), nth(3)],
    ])
      expect(verdictOf(aBundle(records))).toMatchObject({ outcome: "broken", why: expect.stringMatching(why) });
    expect(bundleLines(verdictOf(aBundle([nth(0), nth(2)])))).toEqual([
      "BROKEN at record 3 (#3 at 333333333333, 2026-03-03 10:00 UTC), line 3: it does not follow record 1: a record between them is missing, or they were put in another order.",
      `  expected  ${nth(0).digest}`,
      `  found     ${nth(1).digest}`,
      "Everything before it holds; nothing from here on is vouched for.",
    ]);
  });

  test("where the beginning was cut and the head left as it was", () => {
    expect(verdictOf(aBundle(chain.slice(1), ""))).toMatchObject({
      outcome: "broken",
      record: { id: 2 },
      why: "the file begins elsewhere than its first line says: records before it are missing.",
    });
  });
});

describe("a file that is no whole bundle is refused", () => {
  const lines = aBundle(chain);
  const [head = "", one = "", two = ""] = lines;
  const cases: [string, readonly string[], string][] = [
    ["empty", [], "the file is empty."],
    ["cut off", lines.slice(0, -1), "the file was cut off: 4 records were read, and its end is missing."],
    [
      "something else",
      ['{"hello": 1}'],
      "this is no evidence bundle: its first line names neither `threatgate-evidence-bundle` nor version 1.",
    ],
    ["no JSON", [head, "{"], "not a line of JSON."],
    [
      "fewer records than it says",
      [head, one, endLine(2, "")],
      "the bundle says that it holds 2 records, and there are 1.",
    ],
    [
      "another end",
      [head, one, two, endLine(2, "0".repeat(64)).trim()],
      "the last digest that the bundle states is not that of its last record.",
    ],
    ["more after its end", [...lines, one], "there is more after the end of the bundle."],
    [
      "a record of another repository",
      [head, recordLine({ ...nth(0), repositoryId: 12 })],
      "record 1 is of another repository (12, not 11).",
    ],
    ["a line of something else", [head, '{"note": "hello"}'], "neither a record nor the end of the bundle."],
  ];

  test.each(cases)("%s", (_, given, why) => {
    const verdict = verdictOf(given.map((line) => line.trim()));
    expect(verdict).toMatchObject({ outcome: "unreadable", why: expect.stringContaining(why) });
  });

  test("H059 a key given twice: readers disagree on which one counts", () => {
    const twice = one.replace('"conclusion":"success"', '"conclusion":"failure","conclusion":"success"');
    expect(verdictOf([head, twice])).toMatchObject({
      outcome: "unreadable",
      why: expect.stringContaining("conclusion"),
    });
  });
});

describe("whatever the records hold", () => {
  test("H053 H062 H064 they are read back to the same digests, one on each line", () => {
    for (const text of [...hostileTexts, '{"__proto__": 1}', "10", "2"]) {
      const plain = text.toWellFormed().replaceAll("\u0000", "\ufffd");
      const records = aChain([
        aRecord(1, { repository: plain, assessment: JSON.parse(JSON.stringify({ [plain]: plain })) }),
      ]);
      const lines = aBundle(records);
      expect(lines.join("\n").split(/[\n\r\u2028\u2029]/).length).toBe(3);
      expect([text, verdictOf(lines)]).toMatchObject([text, { outcome: "whole" }]);
    }
  });

  test("keys in another order are the same record, and any other difference is not", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const digest = (assessment: unknown) => digestOfRecord("", aRecord(1, { assessment }));
        const same = JSON.stringify(one) === JSON.stringify(other);
        const turned = JSON.parse(JSON.stringify(one), (_, value: unknown) =>
          typeof value === "object" && value !== null && !Array.isArray(value)
            ? Object.fromEntries(Object.entries(value).reverse())
            : value,
        );
        expect(digest(turned)).toBe(digest(one));
        if (!same && typeof one !== "object") expect(digest(other)).not.toBe(digest(one));
      }),
    );
  });
});
