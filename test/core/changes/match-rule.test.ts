import { describe, expect, test } from "@jest/globals";
import { compileRules } from "../../../src/core/changes/match-rule.ts";
import { type ChangeRule, changeRuleSchema } from "../../../src/core/domain/rules.ts";

function aRule(id: string, watch: unknown): ChangeRule {
  return changeRuleSchema.parse({
    id,
    says: "Something changed",
    why: "Because it matters to somebody here.",
    category: "component",
    stride: ["T"],
    element: { type: "http-api" },
    watch,
    asks: "Who knows about it?",
    confidence: "low",
    examples: { fires: [{ why: "a", path: "a" }], silent: [{ why: "b", path: "b" }] },
  });
}

describe("a rule with a fault", () => {
  test.each<[string, unknown, RegExp]>([
    ["an expression that RE2 does not know", { text: { paths: ["**"], added: ["(?=a)"] } }, /`\(\?=a\)`/],
    [
      "a condition that RE2 does not know",
      { structure: { item: "x", change: ["added"], all: [{ attribute: "a", matches: "(" }] } },
      /`\(`/,
    ],
    [
      "a detector that does not exist",
      { detector: "oracle.future" },
      /`oracle\.future`, which does not exist; known are .*routes\.endpoint-added/,
    ],
    ["a detector that does not see it", { detector: "routes.weather" }, /`routes\.weather`/],
  ])("%s: is told, and the others still work", (_, watch, what) => {
    const { problems } = compileRules([
      aRule("bad-rule", watch),
      aRule("good-rule", { text: { paths: ["**"], added: ["a"] } }),
    ]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ path: "rules/changes/bad-rule.yml", severity: "error" });
    expect(problems[0]?.what).toMatch(what);
  });
});
