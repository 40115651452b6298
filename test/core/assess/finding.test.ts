import { describe, expect, test } from "@jest/globals";
import { conclude, type Weight } from "../../../src/core/assess/finding.ts";
import type { Conclusion } from "../../../src/core/domain/assessment.ts";
import type { Mode } from "../../../src/core/domain/policy.ts";

function conclusion(
  mode: Mode,
  given: readonly Weight[],
  bend: { isDraft?: boolean; incomplete?: "warn" | "fail" } = {},
): Conclusion {
  const findings = given.map((weight) => ({ weight, says: weight }));
  return conclude(findings, { mode, incomplete: bend.incomplete ?? "warn" }, bend.isDraft ?? false).conclusion;
}

describe("what a finding means in each mode", () => {
  test.each<[readonly Weight[], Conclusion, Conclusion, Conclusion]>([
    [[], "success", "success", "success"],
    [["told"], "success", "success", "success"],
    [["short"], "neutral", "neutral", "success"],
    [["act"], "neutral", "neutral", "action_required"],
    [["blocks"], "neutral", "neutral", "failure"],
    [["could-not-evaluate"], "neutral", "neutral", "failure"],
    [["told", "short", "act"], "neutral", "neutral", "action_required"],
    [["act", "blocks"], "neutral", "neutral", "failure"],
    [["act", "could-not-evaluate"], "neutral", "neutral", "failure"],
  ])("%j", (findings, observe, advise, enforce) => {
    expect((["observe", "advise", "enforce"] as const).map((mode) => conclusion(mode, findings))).toEqual([
      observe,
      advise,
      enforce,
    ]);
  });

  test("what is incomplete fails where the policy says so", () => {
    expect(conclusion("enforce", ["short"], { incomplete: "fail" })).toBe("failure");
    expect(conclusion("advise", ["short"], { incomplete: "fail" })).toBe("neutral");
  });

  test("in enforce a draft has exactly the verdict it would have when ready (H040)", () => {
    for (const weight of ["told", "short", "act", "blocks", "could-not-evaluate"] as const) {
      expect(conclusion("enforce", [weight], { isDraft: true })).toBe(conclusion("enforce", [weight]));
    }
  });

  test("reasons stand worst first, and in their own order where they are equal", () => {
    const findings = [
      { weight: "act", says: "a" },
      { weight: "blocks", says: "b" },
      { weight: "told", says: "c" },
      { weight: "could-not-evaluate", says: "d" },
      { weight: "blocks", says: "e" },
    ] as const;
    const { reasons, couldNotEvaluate } = conclude(findings, { mode: "enforce", incomplete: "warn" }, false);
    expect(reasons.map(({ says }) => says).join("")).toBe("dbeac");
    expect(couldNotEvaluate).toBe(true);
  });
});
