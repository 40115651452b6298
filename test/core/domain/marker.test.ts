import { describe, expect, test } from "@jest/globals";
import { fingerprintOf, type Marked, nameInMarker, readMarker, writeMarker } from "../../../src/core/domain/marker.ts";
import fc from "../../make/fast-check.ts";
import { anyCharacters, anyHostileText, hostileTexts } from "../../make/hostile-text.ts";

/** Anything a marker may name, with any value at all. */
function anyMarked(): fc.Arbitrary<Marked> {
  const pullRequest = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  const value = fc.oneof(anyHostileText(), fc.constantFrom(...hostileTexts), anyCharacters(10));
  return fc.oneof(
    fc.record({ kind: fc.constantFrom("summary" as const, "further" as const), pullRequest }),
    fc.record({ kind: fc.constant("question" as const), fingerprint: value }),
    fc.record({ kind: fc.constant("reply" as const), comment: pullRequest }),
    fc.record({ kind: fc.constantFrom("issue" as const, "closing" as const), threat: value }),
  );
}

/** The same with the name that a marker carries for it. */
function named(marked: Marked): Marked {
  switch (marked.kind) {
    case "summary":
    case "further":
    case "reply":
      return marked;
    case "question":
      return { ...marked, fingerprint: nameInMarker(marked.fingerprint) };
    case "issue":
    case "closing":
      return { ...marked, threat: nameInMarker(marked.threat) };
  }
}

describe("a marker", () => {
  test("is read back as it was written, whatever stands after it", () => {
    fc.assert(
      fc.property(anyMarked(), anyHostileText(), (marked, rest) => {
        expect(readMarker(`${writeMarker(marked)}\n${rest}`)).toEqual(named(marked));
        expect(readMarker(`${writeMarker(marked)}${rest}`)).toEqual(named(marked));
      }),
    );
  });

  test("holds one comment, which no value can close or open anew (H038)", () => {
    fc.assert(
      fc.property(anyMarked(), (marked) => {
        const written = writeMarker(marked);
        expect(written).toMatch(/^<!-- [ a-zA-Z0-9:_.~%]+ -->$/);
        expect(written.slice(4, -3)).not.toMatch(/--|<|>/);
        expect(written.length).toBeLessThan(350);
      }),
    );
  });

  test("is one only at the very start of a post", () => {
    const marker = writeMarker({ kind: "summary", pullRequest: 12 });
    for (const body of [
      ` ${marker}`,
      `\n${marker}`,
      `> ${marker}`,
      `\`${marker}\``,
      `text ${marker}`,
      `\ufeff${marker}`,
    ]) {
      expect(readMarker(body)).toBeUndefined();
    }
  });

  test.each([
    "<!-- threatgate:1 summary 0 -->",
    "<!-- threatgate:1 summary -1 -->",
    "<!-- threatgate:1 summary 1e3 -->",
    "<!-- threatgate:1 summary 12.0 -->",
    "<!-- threatgate:1 summary 99999999999999999999 -->",
    "<!-- threatgate:1 summary %31%32%ff -->",
    "<!-- threatgate:1 unheard-of x -->",
    "<!-- threatgate:1 other x -->",
    "<!-- threatgate:2 summary 12 -->",
    "<!-- threatgate:1 issue a-b -->",
    "<!-- threatgate:1 issue  -->",
    "<!--threatgate:1 issue x-->",
    `<!-- threatgate:1 issue ${"x".repeat(301)} -->`,
    "",
  ])("is not what only looks like one: %s", (body) => {
    expect(readMarker(body)).toBeUndefined();
  });

  test("carries a digest for a value that is empty or too long, and keeps two such values apart", () => {
    const [one, other] = ["é".repeat(400), "é".repeat(401)] as const;
    expect(nameInMarker(one)).not.toBe(nameInMarker(other));
    expect(nameInMarker("")).toMatch(/^~[0-9a-z]{32}$/);
    fc.assert(
      fc.property(anyHostileText(), (value) => expect(nameInMarker(nameInMarker(value))).toBe(nameInMarker(value))),
    );
  });
});

describe("the fingerprint of a question", () => {
  test("rests on rule, path and element, each for itself", () => {
    const fingerprints = [
      fingerprintOf("a", "b", "c"),
      fingerprintOf("ab", "", "c"),
      fingerprintOf("a", "bc", ""),
      fingerprintOf("x", "b", "c"),
      fingerprintOf("a", "x", "c"),
      fingerprintOf("a", "b", "x"),
    ];
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
    for (const fingerprint of fingerprints) expect(fingerprint).toMatch(/^[0-9a-z]{16}$/);
    expect(fingerprintOf("a", "b", "c")).toBe(fingerprints[0]);
  });
});
