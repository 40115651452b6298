import { describe, expect, test } from "@jest/globals";
import type { Change } from "../../../src/core/domain/change.ts";
import { elementTypeIds } from "../../../src/core/domain/element-type.ts";
import type { Rules } from "../../../src/core/domain/rules.ts";
import { strideLetters } from "../../../src/core/domain/stride.ts";
import { threatId } from "../../../src/core/domain/threat-id.ts";
import type { ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { elicit } from "../../../src/core/threats/elicit.ts";
import fc from "../../make/fast-check.ts";
import { aChange, aModel, aModelThreat, anElement, aThreatRule, facts, someRules } from "./make.ts";

const readable = aThreatRule({
  id: "readable",
  title: "Bucket readable by anyone",
  appliesTo: { elements: ["object-store"] },
  mitigatedBy: [{ yes: ["blocked"], control: "Public access is blocked" }],
  aggravatedBy: [
    { yes: ["personal-data"], driver: "sensitive data", raises: "impact", by: 1, because: "people are harmed" },
  ],
  sample: [
    { stack: "kubernetes", language: "yaml", code: "kind: Bucket" },
    { stack: "terraform", language: "terraform", code: 'resource "x" "y" {}' },
  ],
});
const lost = aThreatRule({
  id: "lost",
  stride: "T",
  title: "Objects lost for good",
  likelihood: "low",
  mitigatedBy: [{ yes: ["versioned"], control: "Versions" }],
});
const kept = aThreatRule({
  id: "kept-too-long",
  title: "Data kept too long",
  appliesTo: { elements: ["object-store"], when: { yes: ["personal-data"] } },
});
const unlogged = aThreatRule({
  id: "unlogged",
  stride: "R",
  title: "Reads unrecorded",
  appliesTo: { elements: ["object-store"], when: { yes: ["multi-tenant"] } },
});
const rules = someRules([kept, lost, readable, unlogged], ["blocked", "versioned", "personal-data", "multi-tenant"]);

function run(changes: readonly Change[], model?: ThreatModel, with_: Rules = rules) {
  return elicit({ changes, ...(model && { model }), isPublic: false, now: "2026-03-04T00:00:00Z" }, with_);
}

const id = (rule: string, element = "object-store-patient-exports") => threatId(rule, element);

test("a whole checklist: what the change states is credited, what nobody stated is one question", () => {
  const change = aChange({ facts: facts({ versioned: "yes" }) });
  expect(run([change]).checklists).toEqual([
    {
      change: 0,
      threats: [
        {
          id: id("readable"),
          rule: "readable",
          element: { id: "object-store-patient-exports", type: "object-store", name: "patient-exports" },
          stride: "I",
          title: "Bucket readable by anyone",
          reason: "Two lines that say why this matters to the reader.",
          impact: "medium",
          likelihood: "medium",
          risk: "medium",
          drivers: [],
          status: "open",
          why: [{ fact: "blocked", is: "not stated" }],
          countermeasure: "What stops it: the control of readable",
          acceptanceTest: "The request of readable is refused",
          story: {
            as: "an owner",
            need: "it stopped",
            so: "all is well",
            acceptance: ["It is refused.", "It is logged.", "It is tested."],
          },
          sample: { language: "terraform", code: 'resource "x" "y" {}' },
          training: { title: "Guide", url: "https://example.com/guide" },
          cwe: ["CWE-732"],
          capec: [],
          asvs: [],
          attack: [],
          theme: "AUTHZ",
          place: { path: "infra/export.tf", line: 12 },
        },
      ],
      questions: [
        {
          element: { id: "object-store-patient-exports", type: "object-store", name: "patient-exports" },
          facts: ["multi-tenant", "personal-data"],
          asks: "patient-exports: is it multi-tenant, and is it personal-data?",
          place: { path: "infra/export.tf", line: 12 },
        },
      ],
      unlisted: [
        {
          rule: "kept-too-long",
          title: "Data kept too long",
          stride: "I",
          because: "not-stated",
          facts: [{ fact: "personal-data", is: "not stated" }],
        },
        {
          rule: "unlogged",
          title: "Reads unrecorded",
          stride: "R",
          because: "not-stated",
          facts: [{ fact: "multi-tenant", is: "not stated" }],
        },
      ],
      credited: [{ title: "Objects lost for good", where: { path: "infra/export.tf", line: 19 } }],
    },
  ]);
});

describe("what is asked", () => {
  test("highest first, and only of letters the change touches", () => {
    const change = aChange({ stride: ["I"], facts: facts({ "personal-data": "yes" }) });
    expect(run([change]).checklists[0]?.threats.map(({ rule, risk }) => [rule, risk])).toEqual([
      ["readable", "high"],
      ["kept-too-long", "medium"],
    ]);
  });

  test("nothing of a change that is not significant, but what it states is known", () => {
    const second = aChange({
      rule: "bucket-closed",
      significant: false,
      path: "infra/block.tf",
      facts: facts({ blocked: "yes" }, "infra/block.tf", 3),
    });
    const { checklists } = run([second, aChange()]);
    expect(checklists.map(({ change }) => change)).toEqual([1]);
    expect(checklists[0]?.credited).toEqual([
      { title: "Bucket readable by anyone", where: { path: "infra/block.tf", line: 3 } },
    ]);
  });

  test("once: two changes of one element share its threats and its question", () => {
    const { threats, checklists } = run([
      aChange({ stride: ["I"] }),
      aChange({ rule: "bucket-changed", line: 30, stride: ["I", "T"] }),
    ]);
    expect(threats.map(({ rule }) => rule).sort()).toEqual(["lost", "readable"]);
    expect(checklists.map((list) => list.threats.map(({ rule }) => rule))).toEqual([["readable"], ["lost"]]);
    expect(checklists.map((list) => list.questions.length)).toEqual([1, 0]);
  });

  test("two highest of the element stand in when the library has none for the letters", () => {
    expect(run([aChange({ stride: ["S"] })]).checklists[0]?.threats.map(({ rule }) => rule)).toEqual([
      "readable",
      "lost",
    ]);
  });

  test("nothing for a type that the library does not know", () => {
    const { threats, checklists } = run([aChange({ element: { type: "dns", name: "zone" } })]);
    expect(threats).toEqual([]);
    expect(checklists).toEqual([{ change: 0, threats: [], questions: [], credited: [], unlisted: [] }]);
  });

  test("a removed line has no place in the new file", () => {
    const { line: _line, ...removed } = aChange({ baseLine: 4 });
    expect(run([removed]).threats[0]?.place).toEqual({ path: "infra/export.tf" });
  });
});

describe("what the model answers", () => {
  const element = anElement({ type: "object-store", facts: facts({ blocked: "yes" }, "threat-model.yaml", 12) });

  test("facts of the element are credited with their place; ids rest on the element's own id", () => {
    const { threats, checklists } = run([aChange()], aModel({ elements: [element] }));
    expect(checklists[0]?.credited).toEqual([
      { title: "Bucket readable by anyone", where: { path: "threat-model.yaml", line: 12 } },
    ]);
    expect(threats.find(({ rule }) => rule === "readable")).toMatchObject({
      id: id("readable", "exports"),
      status: "mitigated",
    });
  });

  test("what the change states overrules what the model says", () => {
    const change = aChange({ facts: facts({ blocked: "no" }) });
    expect(run([change], aModel({ elements: [element] })).checklists[0]?.threats[0]?.rule).toBe("readable");
  });

  test("an answered threat is credited at its place in the model, and keeps people's words and rating", () => {
    const answered = aModelThreat({
      id: id("readable").slice(0, 8),
      status: "not-applicable",
      reason: "public assets",
      impact: "low",
    });
    const { threats, checklists } = run([aChange()], aModel({ threats: [answered] }));
    expect(checklists[0]?.credited).toEqual([{ title: "A threat of our own", where: answered.place }]);
    expect(threats.find(({ rule }) => rule === "readable")).toMatchObject({
      status: "not-applicable",
      impact: "low",
      risk: "low",
    });
  });

  test("a threat that the model leaves open is still asked", () => {
    const { checklists } = run(
      [aChange()],
      aModel({ threats: [aModelThreat({ id: id("readable"), status: "unknown" })] }),
    );
    expect(checklists[0]?.threats.map(({ rule, status }) => [rule, status])).toContainEqual(["readable", "open"]);
  });
});

describe("the same input, the same answer", () => {
  const change = fc.record({
    rule: fc.constantFrom("new-object-store", "bucket-changed", "cors-changed"),
    type: fc.constantFrom(...elementTypeIds),
    name: fc.constantFrom("a", "b", "patient-exports", "`x` | y"),
    line: fc.integer({ min: 1, max: 500 }),
    significant: fc.boolean(),
    stride: fc.uniqueArray(fc.constantFrom(...strideLetters), { minLength: 1 }),
    facts: fc.dictionary(
      fc.constantFrom("blocked", "versioned", "personal-data"),
      fc.constantFrom("yes" as const, "no" as const),
    ),
  });
  const wide = someRules(
    ["one", "two", "three"].map((name, index) =>
      aThreatRule({
        id: name,
        stride: strideLetters[index * 2] ?? "S",
        appliesTo: { elements: elementTypeIds, ...(index === 1 && { when: { yes: ["personal-data"] } }) },
        mitigatedBy: [{ yes: ["blocked"], control: "x" }],
      }),
    ),
    ["blocked", "versioned", "personal-data"],
  );
  const made = fc
    .array(change, { maxLength: 12 })
    .map((all) =>
      all.map(({ type, name, facts: stated, ...rest }) =>
        aChange({ ...rest, element: { type, name }, facts: facts(stated) }),
      ),
    );

  test("lines, words and order change no id and no status", () => {
    fc.assert(
      fc.property(made, fc.integer(), (changes, seed) => {
        const before = run(changes, undefined, wide).threats.map(({ id, status }) => `${id} ${status}`);
        const moved = changes.map((one) => ({
          ...one,
          line: (one.line ?? 1) + 7,
          says: "Reworded",
          why: "Reworded",
          evidence: "Reworded",
        }));
        // Whole elements change places; the changes of one element keep their order among themselves.
        const order = [...new Set(moved.map((one) => one.element.type + one.element.name))];
        const turn = order.length === 0 ? 0 : Math.abs(seed) % order.length;
        const turned = [...order.slice(turn), ...order.slice(0, turn)];
        const shuffled = turned.flatMap((key) => moved.filter((one) => one.element.type + one.element.name === key));
        const after = run(shuffled, undefined, wide).threats.map(({ id, status }) => `${id} ${status}`);
        expect([...after].sort()).toEqual([...before].sort());
      }),
    );
  });

  test("a further change adds and takes nothing of other elements", () => {
    fc.assert(
      fc.property(made, (changes) => {
        const before = run(changes, undefined, wide).threats;
        const added = aChange({ element: { type: "dns", name: "new zone" } });
        const after = run([added, ...changes], undefined, wide).threats;
        expect(after.filter((threat) => threat.element.name !== "new zone")).toEqual(before);
      }),
    );
  });

  test("every threat is asked or credited on exactly one significant change", () => {
    fc.assert(
      fc.property(made, (changes) => {
        const { threats, checklists } = run(changes, undefined, wide);
        expect(checklists.map((list) => list.change)).toEqual(
          [...changes.keys()].filter((index) => changes[index]?.significant),
        );
        const shown = checklists.flatMap((list) => [
          ...list.threats.map(({ title }) => title),
          ...list.credited.map(({ title }) => title),
        ]);
        expect(shown.sort()).toEqual(threats.map(({ title }) => title).sort());
      }),
    );
  });
});
