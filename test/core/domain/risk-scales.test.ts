import { describe, expect, test } from "@jest/globals";
import { type Rating, type RiskLevel, ratings, riskLevels, riskOf } from "../../../src/core/domain/risk.ts";
import { ratingOfFive, riskOfCvss, statedRating } from "../../../src/core/domain/risk-scales.ts";
import { readModel } from "../../../src/core/readers/read-model.ts";
import fc from "../../make/fast-check.ts";

describe("the standard's own: impact and likelihood in three words (OWASP 3×3)", () => {
  test.each<[Rating, Rating, RiskLevel]>([
    ["low", "low", "note"],
    ["low", "medium", "low"],
    ["low", "high", "medium"],
    ["medium", "low", "low"],
    ["medium", "medium", "medium"],
    ["medium", "high", "high"],
    ["high", "low", "medium"],
    ["high", "medium", "high"],
    ["high", "high", "critical"],
  ])("impact %s, likelihood %s: %s", (impact, likelihood, risk) => {
    expect(riskOf(impact, likelihood)).toBe(risk);
  });
});

describe("CVSS", () => {
  test.each<[number, RiskLevel]>([
    [0, "note"],
    [0.1, "low"],
    [3.9, "low"],
    [4, "medium"],
    [6.9, "medium"],
    [7, "high"],
    [8.9, "high"],
    [9, "critical"],
    [10, "critical"],
  ])("%s is %s", (score, risk) => {
    expect(riskOfCvss(score)).toBe(risk);
  });

  // Scores as FIRST's own examples and the calculators of the specification give them.
  test.each<[string, number, RiskLevel]>([
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, "critical"],
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10, "critical"],
    ["CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", 5.4, "medium"],
    ["CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8, "high"],
    ["CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N", 5.9, "medium"],
    ["CVSS:3.0/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8, "medium"],
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, "medium"],
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0, "note"],
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U", 7.8, "high"],
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:L/CR:L", 8.1, "high"],
    ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10, "critical"],
    ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3, "critical"],
    ["CVSS:4.0/AV:L/AC:H/AT:P/PR:H/UI:A/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N", 1, "low"],
    ["CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:P/VC:N/VI:L/VA:N/SC:L/SI:L/SA:N/E:U", 1.2, "low"],
    ["CVSS:4.0/AV:A/AC:L/AT:N/PR:L/UI:A/VC:L/VI:N/VA:H/SC:L/SI:L/SA:H/E:P/MSA:S", 7, "high"],
    ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0, "note"],
  ])("%s scores %s, %s", (vector, score, risk) => {
    const rating = statedRating(`rated as ${vector}.`);
    expect(rating).toMatchObject({ score, risk });
    expect(rating?.impact).toBeUndefined();
  });

  test.each([
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
    "CVSS:3.1/AV:Q/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:S/SA:H",
    "CVSS:4.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    "CVSS:2.0/AV:N/AC:L/Au:N/C:P/I:P/A:P",
  ])("a vector that is not one rates nothing: %s", (vector) => {
    expect(statedRating(vector)).toBeUndefined();
  });

  test("whatever the metrics, a score lies between 0 and 10 with one decimal, and worse is never less", () => {
    const values = { AV: "NALP", AC: "LH", PR: "NLH", UI: "NR", S: "UC", C: "HLN", I: "HLN", A: "HLN" };
    const values4 = {
      AV: "NALP",
      AC: "LH",
      AT: "NP",
      PR: "NLH",
      UI: "NPA",
      VC: "HLN",
      VI: "HLN",
      VA: "HLN",
      SC: "HLN",
      SI: "HLN",
      SA: "HLN",
    };
    const vectorOf = (version: string, known: Record<string, string>) =>
      fc
        .tuple(
          ...Object.entries(known).map(([metric, all]) => fc.constantFrom(...all).map((one) => `${metric}:${one}`)),
        )
        .map((parts) => `CVSS:${version}/${parts.join("/")}`);
    fc.assert(
      fc.property(fc.oneof(vectorOf("3.1", values), vectorOf("4.0", values4)), (vector) => {
        const score = statedRating(vector)?.score ?? Number.NaN;
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(10);
        expect(Math.abs(score * 10 - Math.round(score * 10))).toBeLessThan(1e-9);
        const worse = vector.replace(/\/AV:[ALP]/, "/AV:N");
        expect(statedRating(worse)?.score).toBeGreaterThanOrEqual(score);
      }),
    );
  });
});

describe("OWASP Risk Rating", () => {
  test.each<[string, Rating, Rating, RiskLevel]>([
    ["SL:5/M:2/O:7/S:1/ED:3/EE:6/A:9/ID:2/LC:9/LI:7/LAV:5/LAC:8", "high", "medium", "high"],
    ["SL:5/M:2/O:7/S:1/ED:3/EE:6/A:9/ID:2/LC:9/LI:7/LAV:5/LAC:8/FD:1/RD:2/NC:1/PV:5", "low", "medium", "low"],
    ["SL:1/M:1/O:0/S:2/ED:1/EE:1/A:1/ID:1/LC:2/LI:1/LAV:1/LAC:1", "low", "low", "note"],
    ["SL:9/M:9/O:9/S:9/ED:9/EE:9/A:9/ID:9/LC:9/LI:9/LAV:9/LAC:9", "high", "high", "critical"],
    ["SL:3/M:3/O:3/S:3/ED:3/EE:3/A:3/ID:3/LC:6/LI:6/LAV:6/LAC:6", "high", "medium", "high"],
  ])("%s: impact %s, likelihood %s, %s", (vector, impact, likelihood, risk) => {
    expect(statedRating(vector)).toEqual({ scale: "OWASP Risk Rating", impact, likelihood, risk });
  });

  test.each([
    "SL:5/M:2/O:7/S:1/ED:3/EE:6/A:9/LC:9/LI:7/LAV:5/LAC:8",
    "SL:5/QQ:2",
    "SL:5/M:2/O:7/S:1/ED:3/EE:6/A:9/ID:2",
  ])("factors that are missing or unknown rate nothing: %s", (vector) => {
    expect(statedRating(vector)).toBeUndefined();
  });
});

describe("5×5", () => {
  test.each<[string, number, RiskLevel]>([
    ["likelihood 1/5, impact 4/5", 4, "low"],
    ["likelihood 1, impact 5", 5, "medium"],
    ["Impact: 3, likelihood: 3", 9, "medium"],
    ["likelihood=2, severity=5", 10, "high"],
    ["4x4", 16, "high"],
    ["5 × 4", 20, "critical"],
    ["(4 * 3)", 12, "high"],
    ["17/25", 17, "critical"],
    ["25 / 25", 25, "critical"],
  ])("%s is %s, %s", (text, score, risk) => {
    expect(statedRating(text)).toMatchObject({ scale: "5×5", score, risk });
  });

  test.each([
    "6x2",
    "0/25",
    "26/25",
    "version 4x5 of the plan",
    "likelihood 7, impact 3",
    "impact 4",
    "likelihood 4.5, impact 3",
  ])("is not read from: %s", (text) => {
    expect(statedRating(text)).toBeUndefined();
  });

  test("each axis in our words", () => {
    expect([1, 2, 3, 4, 5].map(ratingOfFive)).toEqual(["low", "low", "medium", "high", "high"]);
    expect(statedRating("likelihood 4/5, impact 3/5")).toMatchObject({ impact: "medium", likelihood: "high" });
  });

  test("more impact or likelihood is never less risk", () => {
    const step = fc.integer({ min: 1, max: 5 });
    const riskIn = (impact: number, likelihood: number) =>
      riskLevels.indexOf(statedRating(`likelihood ${likelihood}, impact ${impact}`)?.risk ?? "note");
    fc.assert(
      fc.property(step, step, step, (impact, likelihood, more) => {
        fc.pre(more >= impact);
        expect(riskIn(more, likelihood)).toBeGreaterThanOrEqual(riskIn(impact, likelihood));
      }),
    );
  });
});

describe("in a model", () => {
  const read = (fields: string) =>
    readModel([
      {
        path: "threat-model.yaml",
        text: `schemaVersion: 1\nthreats:\n  - id: T-1\n    title: Somebody reads it\n${fields}`,
      },
    ]);

  test("the rating of the file is kept beside ours", () => {
    const { model } = read("    rating: CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N\n");
    expect(model?.threats[0]).toMatchObject({
      risk: "medium",
      riskStated: "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N",
    });
    expect(model?.threats[0]?.impact).toBeUndefined();
  });

  test("a scale that tells impact and likelihood apart fills both, with its own overall risk", () => {
    const { model } = read('    rating: "likelihood 4/5, impact 2/5"\n');
    expect(model?.threats[0]).toMatchObject({ impact: "low", likelihood: "high", risk: "medium" });
  });

  test("impact and likelihood of our own win, and the other rating stays", () => {
    const { model } = read('    impact: high\n    likelihood: high\n    rating: "4x1"\n');
    expect(model?.threats[0]).toMatchObject({ risk: "critical", riskStated: "4x1" });
  });

  test("one that cannot be read is a problem with its line, and the threat is read without it", () => {
    const { model, problems } = read("    rating: CVSS:3.1/AV:N\n");
    expect(problems).toMatchObject([{ line: 5, severity: "error" }]);
    expect(problems[0]?.hint).toContain("a CVSS vector");
    expect(model?.threats[0]?.risk).toBeUndefined();
  });
});

test("every pair of words has a risk", () => {
  for (const impact of ratings)
    for (const likelihood of ratings) expect(riskLevels).toContain(riskOf(impact, likelihood));
});
