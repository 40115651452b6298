import { describe, expect, test } from "@jest/globals";
import { rulesBehind } from "../../../src/core/domain/derived-rules.ts";
import type { ThreatRule } from "../../../src/core/domain/rules.ts";
import { threatId } from "../../../src/core/domain/threat-id.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import { aModel, anElement } from "../../make/a-model.ts";

const { threats: rules } = await readRules();
const place = { path: "threat-model.yaml", line: 1 };

function ruleOf(type: string): ThreatRule {
  const rule = rules.find(({ appliesTo }) => appliesTo.elements.some((one) => one === type));
  if (!rule) throw new Error(`no rule speaks of ${type}`);
  return rule;
}

const ofStore = ruleOf("object-store");
const ofFlow = ruleOf("data-flow");
const ofBoundary = ruleOf("trust-boundary");
const model = aModel({
  elements: [
    anElement("exports", { name: "Export of orders", type: "object-store", formerly: ["bucket"] }),
    anElement("moved", { type: "http-api" }),
    anElement("untyped"),
    anElement("shared", { type: "http-api" }),
  ],
  flows: [{ id: "shared", from: "exports", to: "moved", data: [], facts: [], place }],
  boundaries: [{ id: "inside", name: "Inside", place }],
});

describe("the rule behind a threat", () => {
  const whole = threatId(ofStore.id, "exports");
  test.each([
    ["on the element's id", whole, "exports", ofStore],
    ["on its name", whole, "Export of orders", ofStore],
    ["shortened", whole.slice(0, 8), "exports", ofStore],
    ["in capitals", whole.toUpperCase(), "exports", ofStore],
    ["under an id that the element had before", threatId(ofStore.id, "bucket"), "exports", ofStore],
    ["of an element whose type was changed since", threatId(ofStore.id, "moved"), "moved", ofStore],
    ["of an element without a type", threatId(ofStore.id, "untyped"), "untyped", ofStore],
    ["of an element that is gone", threatId(ofStore.id, "gone"), "gone", ofStore],
    ["of another element than it stands at", whole, "moved", ofStore],
    ["without an element", whole, undefined, ofStore],
    ["of a flow that shares its id with an element", threatId(ofFlow.id, "flow:shared"), undefined, ofFlow],
    ["of a boundary", threatId(ofBoundary.id, "inside"), "Inside", ofBoundary],
  ] as const)("is found %s", (_, id, element, rule) => {
    expect(rulesBehind(model, rules)({ id, ...(element !== undefined && { element }) })?.id).toBe(rule.id);
  });

  test.each([
    ["an id that people made up", "T-12", "exports"],
    ["one that only looks like ours", "T-database", "exports"],
    ["one with letters that ours never have", "T-spoofing", "exports"],
    ["a shortened one that stands at another element", whole.slice(0, 8), "moved"],
    ["a shortened one without an element", whole.slice(0, 8), undefined],
    ["one longer than any of ours", `${whole}0`, "exports"],
  ] as const)("there is none behind %s", (_, id, element) => {
    expect(rulesBehind(model, rules)({ id, ...(element !== undefined && { element }) })).toBeUndefined();
  });

  test("is looked for among the rules of the element's type first: no id of any other is made", () => {
    const made: string[] = [];
    const watched = rules.map((rule) => ({
      ...rule,
      get id() {
        made.push(rule.id);
        return rule.id;
      },
    }));
    const speaking = rules.filter(({ appliesTo }) => appliesTo.elements.includes("object-store"));
    made.length = 0;
    const behind = rulesBehind(model, watched);
    for (const rule of speaking) expect(behind({ id: threatId(rule.id, "exports"), element: "exports" })).toBeDefined();
    const others = made.filter((id) => !speaking.some((rule) => rule.id === id));
    expect(others).toEqual([]);
    expect(speaking.length).toBeLessThan(rules.length / 4);
  });

  test("is searched once for a model, whoever asks", () => {
    expect(rulesBehind(model, rules)).toBe(rulesBehind(model, rules));
    expect(rulesBehind({ ...model }, rules)).not.toBe(rulesBehind(model, rules));
  });
});
