import { describe, expect, test } from "@jest/globals";
import {
  evidenceOf,
  gapsOf,
  type KeptStanding,
  kindsOf,
  releaseBefore,
  releaseQuerySchema,
  standingAt,
  unknownOf,
  versionOf,
} from "../../../src/core/domain/release.ts";
import fc from "../../make/fast-check.ts";
import { hostileTexts } from "../../make/hostile-text.ts";

describe("the version that a tag names", () => {
  test.each([
    ["v2.0.0", { line: "v", numbers: [2, 0, 0], isPrerelease: false }],
    ["2.1", { line: "", numbers: [2, 1, 0], isPrerelease: false }],
    ["v3", { line: "v", numbers: [3, 0, 0], isPrerelease: false }],
    ["web-v1.4.2", { line: "web-v", numbers: [1, 4, 2], isPrerelease: false }],
    ["@acme/web@2.0.0", { line: "@acme/web@", numbers: [2, 0, 0], isPrerelease: false }],
    ["v2.0.0-rc.1", { line: "v", numbers: [2, 0, 0], isPrerelease: true }],
    ["2.0.0-SNAPSHOT", { line: "", numbers: [2, 0, 0], isPrerelease: true }],
    ["5.3.0-RELEASE", { line: "", numbers: [5, 3, 0], isPrerelease: false }],
    ["v1.0.0+build.7", { line: "v", numbers: [1, 0, 0], isPrerelease: false }],
  ])("%s", (tag, version) => {
    expect(versionOf(tag)).toEqual(version);
  });

  test.each(["", "nightly", "2026.11.0", "v2026.11", "release-2024-05-01", "42", "build-42", "1.2.3.4", "v1.x"])(
    "%j names none",
    (tag) => {
      expect(versionOf(tag)).toBeUndefined();
    },
  );

  test("whatever a tag holds, it is read, and in no time", () => {
    const digits = fc.string({ unit: fc.constantFrom("1", ".", "v", "-", "0", "a"), maxLength: 400 });
    fc.assert(
      fc.property(fc.oneof(digits, fc.string(), fc.constantFrom(...hostileTexts)), (tag) => {
        const version = versionOf(tag);
        if (version) expect(tag.startsWith(version.line)).toBe(true);
      }),
    );
  });
});

function releases(...tags: readonly string[]) {
  return tags.map((tag, index) => ({
    id: index + 1,
    tag,
    published: `2026-01-${String(index + 1).padStart(2, "0")}T09:00:00.000Z`,
    isPrerelease: tag === "v9.0.0-flagged",
  }));
}

describe("the kind of a release", () => {
  const kinds = (...tags: readonly string[]) => {
    const all = releases(...tags);
    const found = kindsOf(all.toReversed());
    return all.map(({ id }) => found.get(id));
  };

  test("is major where the first number rises, however it goes on", () => {
    expect(kinds("v1.0.0", "v1.1.0", "v1.1.1", "v2.0.1", "v1.1.2", "v2.1.0", "v3.0.0")).toEqual([
      "major",
      "minor",
      "patch",
      "major",
      "patch",
      "minor",
      "major",
    ]);
  });

  test("of the first that is known is major only where noughts follow", () => {
    expect([kinds("v4.0.0"), kinds("v4.2.0"), kinds("v4.2.1"), kinds("v0.0.0")]).toEqual([
      ["major"],
      ["minor"],
      ["patch"],
      ["minor"],
    ]);
  });

  test("is counted for each line of tags by itself", () => {
    expect(kinds("web-v1.0.0", "api-v5.0.0", "web-v2.0.0", "api-v5.1.0")).toEqual(["major", "major", "major", "minor"]);
  });

  test("is no major one before 1.0, nor of what is not out yet; without a version it is told as such", () => {
    expect(kinds("v0.1.0", "v0.2.0", "v1.0.0-rc.1", "v1.0.0", "v9.0.0-flagged", "nightly", "2026.11.0")).toEqual([
      "minor",
      "minor",
      "prerelease",
      "major",
      "prerelease",
      "unnumbered",
      "unnumbered",
    ]);
  });
});

test("the release before one is of the same line, out, and earlier", () => {
  const known = releases("v1.0.0", "web-v1.9.0", "v1.1.0", "v2.0.0-rc.1", "v2.0.0", "v1.1.1");
  const before = (tag: string) => {
    const [release] = known.filter((one) => one.tag === tag);
    return release && releaseBefore(release, known)?.tag;
  };
  expect([before("v2.0.0"), before("v1.0.0"), before("v1.1.1"), before("web-v1.9.0")]).toEqual([
    "v1.1.0",
    undefined,
    "v2.0.0",
    undefined,
  ]);
});

test("no release is the one before where a tag names no version, and one that GitHub calls early is none that went out", () => {
  const [nightly, dated, first, early, second] = releases("nightly", "2026.11.0", "v1.0.0", "v1.9.0", "v2.0.0");
  if (!nightly || !dated || !first || !early || !second) throw new Error("five releases");
  const known = [nightly, dated, first, { ...early, isPrerelease: true }, second];
  expect(releaseBefore(dated, known)).toBeUndefined();
  expect(releaseBefore(second, known)?.tag).toBe("v1.0.0");
});

const kept: KeptStanding = {
  system: "shop",
  indicators: { "TM-1": "GREEN", "TM-2": "GREEN", "TM-3": "GREEN", "TM-4": "GREEN" },
  complete: 8,
  open: 0,
  threshold: "high",
  uncovered: 0,
  uncoveredSince: null,
  modelUpdated: "2026-01-01",
  currency: { green: 30, amber: 60, review: 365 },
};

describe("how a system stood when a release went out", () => {
  test.each([
    [30, "GREEN"],
    [31, "AMBER"],
    [60, "AMBER"],
    [61, "RED"],
  ])("%i days after a change that the model does not hold TM-1 is %s", (days, colour) => {
    const open = { ...kept, uncovered: 1, uncoveredSince: "2026-03-01T23:59:59.000Z" };
    const at = new Date(Date.UTC(2026, 2, 1 + days)).toISOString();
    expect(standingAt(open, at).indicators["TM-1"]).toBe(colour);
  });

  test("its yearly review runs out by the calendar alone; what was RED or UNKNOWN stays so", () => {
    const at = "2027-01-02T00:00:00.000Z";
    const colour = (standing: KeptStanding, when: string) => standingAt(standing, when).indicators["TM-1"];
    expect([colour(kept, "2027-01-01T23:59:59.000Z"), colour(kept, at)]).toEqual(["GREEN", "RED"]);
    for (const was of ["RED", "UNKNOWN"] as const) {
      const then: KeptStanding = { ...kept, indicators: { ...kept.indicators, "TM-1": was } };
      expect(colour(then, at)).toBe(was);
    }
  });
});

describe("the evidence of a release", () => {
  const good = standingAt(kept, "2026-02-01T09:00:00.000Z");
  const amber = { ...good, indicators: { ...good.indicators, "TM-3": "AMBER" } } as const;
  const unknown = { ...good, indicators: { ...good.indicators, "TM-1": "UNKNOWN" } } as const;

  test.each([
    ["complete in every system", [good, good], "complete"],
    ["one indicator is AMBER", [good, amber], "gaps"],
    ["a threat is open", [{ ...good, open: 1 }], "gaps"],
    ["a change is not in the model", [{ ...good, uncovered: 2 }], "gaps"],
    ["an indicator is UNKNOWN", [good, unknown], "unknown"],
    ["nobody kept how many threats are open", [{ ...good, open: null }], "unknown"],
    ["nothing is known of then", [], "unknown"],
    ["what is missing is told before what is not known", [unknown, amber], "gaps"],
  ] as const)("%s", (_, systems, state) => {
    expect(evidenceOf(systems)).toBe(state);
  });

  test("what was missing is said in words, and what is not known apart from it", () => {
    const bad = { ...amber, open: 2, threshold: "high", uncovered: 1 };
    expect(gapsOf(bad)).toEqual(["TM-3 AMBER", "2 open threats of high risk or above", "1 change not in the model"]);
    expect(gapsOf({ ...good, open: 1, threshold: "critical" })).toEqual(["1 open threat of critical risk"]);
    expect(unknownOf({ ...unknown, open: null })).toEqual(["TM-1 UNKNOWN", "open threats not known"]);
    expect([gapsOf(good), unknownOf(good)]).toEqual([[], []]);
  });
});

test("what does not fit in a query is taken for not given", () => {
  expect(releaseQuerySchema.parse({ from: "2026-02-30", to: "2026-02-28", kinds: "huge" })).toEqual({
    from: undefined,
    to: "2026-02-28",
    kinds: "all",
  });
});
