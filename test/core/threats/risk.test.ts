import { describe, expect, test } from "@jest/globals";
import type { FactCondition, ThreatRule } from "../../../src/core/domain/rules.ts";
import { rate } from "../../../src/core/threats/risk.ts";
import { aThreatRule, facts } from "./make.ts";

const reach = driver({ yes: ["internet-facing"] }, "likelihood");
const people = driver({ yes: ["personal-data"] }, "impact");
const secured = { ...driver({ yes: ["isolated"] }, "likelihood"), by: -1 as const };

function driver(condition: FactCondition, raises: "likelihood" | "impact"): ThreatRule["aggravatedBy"][number] {
  return { ...condition, driver: Object.values(condition).join(), raises, by: 1, because: "of it" };
}

function rated(bend: Partial<ThreatRule>, stated: Record<string, "yes" | "no">) {
  const table = new Map(facts(stated).map((fact) => [fact.fact, fact]));
  return rate(aThreatRule({ id: "r", ...bend }), table);
}

describe("rating", () => {
  test("nothing stated leaves the rule's own words", () => {
    expect(rated({ aggravatedBy: [reach, people] }, {})).toEqual({
      impact: "medium",
      likelihood: "medium",
      risk: "medium",
      drivers: [],
      facts: [],
    });
  });

  test("each driver that holds moves one step and is named with its fact", () => {
    const result = rated({ aggravatedBy: [reach, people] }, { "internet-facing": "yes", "personal-data": "yes" });
    expect(result).toMatchObject({ impact: "high", likelihood: "high", risk: "critical" });
    expect(result.drivers.map(({ name, raises, by }) => [name, raises, by])).toEqual([
      ["internet-facing", "likelihood", 1],
      ["personal-data", "impact", 1],
    ]);
    expect(result.facts.map(({ fact }) => fact)).toEqual(["internet-facing", "personal-data"]);
  });

  test("never past the ends of the scale", () => {
    expect(rated({ likelihood: "high", aggravatedBy: [reach] }, { "internet-facing": "yes" }).likelihood).toBe("high");
    expect(rated({ likelihood: "low", aggravatedBy: [secured] }, { isolated: "yes" }).likelihood).toBe("low");
  });

  test("two drivers in opposite directions cancel out", () => {
    expect(rated({ aggravatedBy: [reach, secured] }, { "internet-facing": "yes", isolated: "yes" }).likelihood).toBe(
      "medium",
    );
  });

  test("what is reachable only from inside lowers what the internet would raise", () => {
    const result = rated({ aggravatedBy: [reach] }, { "internet-facing": "no" });
    expect(result).toMatchObject({ likelihood: "low", risk: "low" });
    expect(result.drivers[0]?.because).toBe("it is reachable only from inside");
    expect(rated({ aggravatedBy: [people] }, { "personal-data": "no" }).impact).toBe("medium");
  });
});
