import { describe, expect, test } from "@jest/globals";
import { applies, askedBy, matchesId, mitigation } from "../../../src/core/threats/applies.ts";
import { aChange, aThreatRule, facts } from "./make.ts";

function tableOf(stated: Record<string, "yes" | "no">) {
  return new Map(facts(stated).map((fact) => [fact.fact, fact]));
}

test.each([
  ["cors-changed", "cors-changed", true],
  ["cors-changed", "cors-changed-twice", false],
  ["workflow-*", "workflow-secret", true],
  ["workflow-*", "my-workflow-secret", false],
  ["*-secret", "workflow-secret", true],
  ["*-secret", "workflow-secrets", false],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["ab*ba", "aba", false],
  ["*", "anything", true],
])("%s names %s: %s", (glob, id, expected) => {
  expect(matchesId(glob, id)).toBe(expected);
});

describe("which rules a change asks", () => {
  const tampering = aThreatRule({ id: "tampering", stride: "T" });
  const spoofing = aThreatRule({ id: "spoofing", stride: "S" });
  const kept = aThreatRule({
    id: "kept",
    stride: "T",
    appliesTo: { elements: ["object-store"], changes: ["policy-*"] },
  });
  const about = aThreatRule({
    id: "about",
    stride: "E",
    appliesTo: { elements: ["object-store"], about: ["policy-changed"] },
  });
  const all = [tampering, spoofing, kept, about];

  test("without a rule that names it: those whose letter it touches, but for those kept for others", () => {
    expect(askedBy(aChange({ rule: "new-object-store", stride: ["T", "E"] }), all)).toEqual([tampering, about]);
  });

  test("with rules that name it: those alone, whatever their letter", () => {
    expect(askedBy(aChange({ rule: "policy-changed", stride: ["S", "T"] }), all)).toEqual([kept, about]);
  });
});

test("crossing a boundary is a condition like any other", () => {
  const rule = aThreatRule({
    id: "flow",
    appliesTo: { elements: ["data-flow"], crossesBoundary: true, when: { yes: ["personal-data"] } },
  });
  expect(applies(rule, tableOf({ "personal-data": "yes", "crosses-boundary": "yes" })).is).toBe("yes");
  expect(applies(rule, tableOf({ "personal-data": "yes", "crosses-boundary": "no" })).is).toBe("no");
  expect(applies(rule, tableOf({ "personal-data": "yes" })).missing).toEqual(["crosses-boundary"]);
  const inside = aThreatRule({ id: "inside", appliesTo: { elements: ["data-flow"], crossesBoundary: false } });
  expect(applies(inside, tableOf({ "crosses-boundary": "no" })).is).toBe("yes");
});

describe("mitigation", () => {
  const rule = aThreatRule({
    id: "store",
    mitigatedBy: [
      { yes: ["encrypted", "reviewed"], control: "Both" },
      { yes: ["isolated"], control: "Apart" },
    ],
  });

  test("the first control that holds is named", () => {
    expect(mitigation(rule, tableOf({ isolated: "yes" }))).toMatchObject({ is: "yes", control: "Apart" });
    expect(mitigation(rule, tableOf({ encrypted: "yes", reviewed: "yes", isolated: "yes" }))).toMatchObject({
      control: "Both",
    });
  });

  test("one missing fact leaves it open, all refused closes it", () => {
    expect(mitigation(rule, tableOf({ encrypted: "no" }))).toMatchObject({ is: "not stated", missing: ["isolated"] });
    expect(mitigation(rule, tableOf({ encrypted: "no", isolated: "no" }))).toMatchObject({ is: "no" });
  });

  test("a rule without controls is never mitigated by facts", () => {
    expect(mitigation(aThreatRule({ id: "bare" }), tableOf({}))).toEqual({ is: "no", decided: [], missing: [] });
  });
});
