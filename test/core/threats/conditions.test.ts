import { describe, expect, test } from "@jest/globals";
import type { Fact, FactValue } from "../../../src/core/domain/fact.ts";
import { type FactTable, holds } from "../../../src/core/threats/conditions.ts";

function table(values: Readonly<Record<string, FactValue>>): FactTable {
  return new Map(Object.entries(values).map(([fact, is]): [string, Fact] => [fact, { fact, is }]));
}

describe("a condition over three-valued facts", () => {
  test.each<[string, Parameters<typeof holds>[0], Record<string, FactValue>, FactValue]>([
    ["no parts hold", {}, {}, "yes"],
    ["yes of yes", { yes: ["a"] }, { a: "yes" }, "yes"],
    ["yes of no", { yes: ["a"] }, { a: "no" }, "no"],
    ["yes of nothing", { yes: ["a"] }, {}, "not stated"],
    ["stated as not stated", { yes: ["a"] }, { a: "not stated" }, "not stated"],
    ["no of no", { no: ["a"] }, { a: "no" }, "yes"],
    ["no of yes", { no: ["a"] }, { a: "yes" }, "no"],
    ["a no decides although another is missing", { yes: ["a", "b"] }, { b: "no" }, "no"],
    ["a missing one leaves it open", { yes: ["a", "b"] }, { a: "yes" }, "not stated"],
    ["any: one yes decides although another is missing", { anyYes: ["a", "b"] }, { b: "yes" }, "yes"],
    ["any: all no", { anyYes: ["a", "b"] }, { a: "no", b: "no" }, "no"],
    ["any: a no and a missing one", { anyYes: ["a", "b"] }, { a: "no" }, "not stated"],
    ["any no", { anyNo: ["a", "b"] }, { a: "yes", b: "no" }, "yes"],
    ["any no of yes", { anyNo: ["a", "b"] }, { a: "yes", b: "yes" }, "no"],
    ["parts together: one fails", { yes: ["a"], anyYes: ["b", "c"] }, { a: "no" }, "no"],
    ["parts together: all hold", { yes: ["a"], no: ["d"], anyYes: ["b", "c"] }, { a: "yes", c: "yes", d: "no" }, "yes"],
  ])("%s", (_why, condition, values, expected) => {
    expect(holds(condition, table(values)).is).toBe(expected);
  });

  test("names the facts that decided, and those that are missing", () => {
    expect(holds({ yes: ["a", "b"] }, table({ a: "yes", b: "no" }))).toEqual({
      is: "no",
      decided: [{ fact: "b", is: "no" }],
      missing: [],
    });
    expect(holds({ yes: ["a"], anyYes: ["b", "c", "d"] }, table({ a: "yes" }))).toEqual({
      is: "not stated",
      decided: [],
      missing: ["b", "c"],
    });
  });
});
