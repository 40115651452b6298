import { describe, expect, test } from "@jest/globals";
import type { FileDifference } from "../../../src/core/changes/file-differences.ts";
import { compileStructurePart, structureMatcher } from "../../../src/core/changes/match-structure.ts";
import type { AttributeValue, Item } from "../../../src/core/changes/structure.ts";
import { type ChangeRule, changeRuleSchema } from "../../../src/core/domain/rules.ts";

function anItem(attributes: Record<string, AttributeValue>, more: Partial<Item> = {}): Item {
  const lines = new Map(Object.keys(attributes).map((name, index) => [name, 11 + index]));
  return {
    kind: "store",
    type: "bucket",
    key: "exports",
    name: "exports",
    attributes: new Map(Object.entries(attributes)),
    line: 10,
    lines,
    ...more,
  };
}

function aDifference(before: Item | undefined, after: Item | undefined): FileDifference {
  const names = new Set([...(before?.attributes.keys() ?? []), ...(after?.attributes.keys() ?? [])]);
  const attributes = [...names]
    .filter((name) => before?.attributes.get(name) !== after?.attributes.get(name))
    .map((attribute) => {
      const [was, is] = [before?.attributes.get(attribute), after?.attributes.get(attribute)];
      return { attribute, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) };
    });
  const change = before === undefined ? "added" : after === undefined ? "removed" : "changed";
  const difference = { change, attributes, ...(before ? { before } : {}), ...(after ? { after } : {}) } as const;
  return { path: "infra/store.tf", difference, before: [], after: [] };
}

function aRule(structure: unknown, more: object = {}): ChangeRule {
  return changeRuleSchema.parse({
    id: "a-rule",
    says: "Store `{name}` is {acl} (was {was.acl})",
    why: "What it holds is read by whoever finds it.",
    category: "datastore",
    stride: ["I"],
    element: { type: "object-store" },
    watch: { structure },
    asks: "Who may read it?",
    confidence: "high",
    examples: { fires: [{ why: "a", path: "a" }], silent: [{ why: "b", path: "b" }] },
    ...more,
  });
}

function match(structure: unknown, difference: FileDifference, more: object = {}) {
  return structureMatcher(compileStructurePart(aRule(structure, more))).match(difference);
}

const open = anItem({ acl: "public-read" });
const shut = anItem({ acl: "private" });

describe("which differences a rule sees", () => {
  test.each<[string, unknown, FileDifference, boolean]>([
    ["its kind of item", { item: "store", change: ["added"] }, aDifference(undefined, open), true],
    ["one of several kinds", { item: ["table", "store"], change: ["added"] }, aDifference(undefined, open), true],
    ["not another kind", { item: "table", change: ["added"] }, aDifference(undefined, open), false],
    ["not another change", { item: "store", change: ["removed"] }, aDifference(undefined, open), false],
    ["a type by glob", { item: "store", type: ["buck*"], change: ["added"] }, aDifference(undefined, open), true],
    [
      "not an excluded type",
      { item: "store", notType: ["buck*"], change: ["added"] },
      aDifference(undefined, open),
      false,
    ],
    [
      "a value after",
      { item: "store", change: ["changed"], all: [{ attribute: "acl", is: "public-read" }] },
      aDifference(shut, open),
      true,
    ],
    [
      "a value before",
      { item: "store", change: ["changed"], all: [{ attribute: "acl", was: "private" }] },
      aDifference(shut, open),
      true,
    ],
    [
      "not the wrong way round",
      { item: "store", change: ["changed"], all: [{ attribute: "acl", is: "private" }] },
      aDifference(shut, open),
      false,
    ],
    [
      "an expression",
      { item: "store", change: ["added"], all: [{ attribute: "acl", matches: "^public" }] },
      aDifference(undefined, open),
      true,
    ],
    [
      "a glob over list elements",
      { item: "store", change: ["added"], any: [{ attribute: "rules.*.cidr", is: "0.0.0.0/0" }] },
      aDifference(undefined, anItem({ "rules.0.cidr": "10.0.0.0/8", "rules.1.cidr": "0.0.0.0/0" })),
      true,
    ],
    [
      "what is absent",
      { item: "store", change: ["added"], all: [{ attribute: "encryption", present: false }] },
      aDifference(undefined, open),
      true,
    ],
    [
      "nothing where it is present",
      { item: "store", change: ["added"], all: [{ attribute: "acl", present: false }] },
      aDifference(undefined, open),
      false,
    ],
    [
      "nothing that is excluded",
      { item: "store", change: ["added"], none: [{ attribute: "acl", is: "public-read" }] },
      aDifference(undefined, open),
      false,
    ],
    [
      "a changed attribute",
      { item: "store", change: ["changed"], all: [{ attribute: "acl", changed: true }] },
      aDifference(shut, open),
      true,
    ],
    [
      "a value written in another way",
      { item: "store", change: ["added"], all: [{ attribute: "open", is: true }] },
      aDifference(undefined, anItem({ open: "true" })),
      true,
    ],
  ])("%s", (_, structure, difference, expected) => {
    expect(match(structure, difference).length > 0).toBe(expected);
  });

  test.each<[string, string, string, boolean]>([
    ["raised-major", "1.2.3", "2.0.0", true],
    ["raised-major", "1.2.3", "1.3.0", false],
    ["raised", "1.2.3", "1.2.4", true],
    ["lowered", "2.0.0", "1.9.0", true],
    ["raised", "2.0.0", "1.9.0", false],
  ])("%s: from %s to %s", (change, before, after, expected) => {
    const difference = aDifference(anItem({ version: before }), anItem({ version: after }));
    expect(match({ item: "store", change: [change] }, difference).length > 0).toBe(expected);
  });
});

describe("what is said", () => {
  test("points to the attribute that decided, and fills the title from both sides", () => {
    const [candidate] = match(
      { item: "store", change: ["changed"], all: [{ attribute: "acl", is: "public-read" }] },
      aDifference(shut, open),
    );
    expect(candidate).toMatchObject({ path: "infra/store.tf", line: 11, name: "exports" });
    expect(candidate?.values.get("acl")).toBe("public-read");
    expect(candidate?.values.get("was.acl")).toBe("private");
  });

  test("a statement that a policy gained points to its beginning, a right in one that stood there to itself", () => {
    const first = { "statement.0.sid": "read", "statement.0.effect": "Allow", "statement.0.actions.0": "s3:Get*" };
    const second = { "statement.1.sid": "write", "statement.1.effect": "Allow", "statement.1.actions.0": "s3:Put*" };
    const rule = { item: "store", change: ["changed"], any: [{ attribute: "**.actions.*", changed: true }] };
    const [gained] = match(rule, aDifference(anItem(first), anItem({ ...first, ...second })));
    expect(gained).toMatchObject({ line: 14 });
    const widened = { ...first, "statement.0.actions.1": "s3:Put*" };
    const [other] = match(rule, aDifference(anItem(first), anItem(widened)));
    expect(other).toMatchObject({ line: 14, evidence: "bucket exports" });
  });

  test("something removed points to its old line", () => {
    const [candidate] = match({ item: "store", change: ["removed"] }, aDifference(open, undefined));
    expect(candidate).toMatchObject({ baseLine: 10 });
    expect(candidate).not.toHaveProperty("line");
  });

  test("facts that the change states come with their line", () => {
    const facts = [
      { fact: "encrypted-at-rest", is: "yes", when: { attribute: "encryption", is: true } },
      { fact: "logged", is: "yes", when: { attribute: "logging", is: true } },
    ];
    const [candidate] = match(
      { item: "store", change: ["added"] },
      aDifference(undefined, anItem({ acl: "private", encryption: true })),
      { facts },
    );
    expect(candidate?.facts).toEqual([
      { fact: "encrypted-at-rest", is: "yes", where: { path: "infra/store.tf", line: 12 } },
    ]);
  });

  test("one rule speaks once of one item", () => {
    const twice = [
      { item: "store", change: ["added"] },
      { item: "store", change: ["added"], type: ["bucket"] },
    ];
    expect(match(twice, aDifference(undefined, open))).toHaveLength(1);
  });
});
