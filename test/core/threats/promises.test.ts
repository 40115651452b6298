import { describe, expect, test } from "@jest/globals";
import { elementTypeIds, elementTypes } from "../../../src/core/domain/element-type.ts";
import type { Rules, ThreatRule } from "../../../src/core/domain/rules.ts";
import { threatId } from "../../../src/core/domain/threat-id.ts";
import type { ModelElement, ModelFlow, ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { compileRules } from "../../../src/core/threats/compile.ts";
import { elicitModel, threatsOutput } from "../../../src/core/threats/elicit.ts";
import { explainModel } from "../../../src/core/threats/explain.ts";
import { loadRules, shippedRules } from "../../../src/shell/local/rule-files.ts";
import fc from "../../make/fast-check.ts";
import { aFlow, aModel, aModelThreat, anElement, aThreatRule, facts, someRules } from "./make.ts";

/* What the engine promises of every model, held over random models, random edits and every shipped rule. */

const { rules } = await loadRules(shippedRules);
const compiled = compileRules(rules);

const drawnTypes = elementTypeIds.filter((type) => elementTypes[type] !== "flow");
const factNames = [...compiled.facts.keys()];
const stated = fc.dictionary(fc.constantFrom(...factNames), fc.constantFrom("yes" as const, "no" as const), {
  maxKeys: 8,
});

const element = fc
  .record({
    id: fc.stringMatching(/^[a-z]{1,6}$/),
    name: fc.constantFrom("Orders", "Public API", "Patient records", "Mail", "Jobs", "x"),
    type: fc.constantFrom(...drawnTypes),
    boundary: fc.constantFrom("inside", "outside"),
    facts: stated,
  })
  .map((part): ModelElement => anElement({ ...part, kind: elementTypes[part.type], facts: facts(part.facts) }));

const model = fc
  .tuple(
    fc.uniqueArray(element, { minLength: 1, maxLength: 6, selector: ({ id }) => id }),
    fc.array(fc.record({ from: fc.nat(5), to: fc.nat(5), https: fc.boolean(), facts: stated }), { maxLength: 5 }),
    fc.boolean(),
  )
  .map(([elements, joined, drawn]): ThreatModel => {
    const idAt = (index: number) => elements[index % elements.length]?.id ?? "";
    return aModel({
      elements,
      flows: joined.map(
        (flow, index): ModelFlow =>
          aFlow({
            id: `flow-${index}`,
            from: idAt(flow.from),
            to: idAt(flow.to),
            protocol: flow.https ? "https" : "http",
            facts: facts(flow.facts),
          }),
      ),
      boundaries: drawn
        ? ["inside", "outside"].map((id) => ({ id, name: id, place: { path: "threat-model.yaml" } }))
        : [],
    });
  });

const outputOf = (given: ThreatModel, by: Rules = rules) => threatsOutput("m", elicitModel(given, by));
const idsOf = (given: ThreatModel, by: Rules = rules) => outputOf(given, by).threats.map(({ id }) => id);

/** Freezes a value to its depths: whoever writes to it throws. */
function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

describe("of every model", () => {
  test("the same input gives the same output, and nothing that was given is changed", () => {
    fc.assert(
      fc.property(model, (given) => {
        const copy = structuredClone(given);
        expect(outputOf(frozen(given))).toEqual(outputOf(given));
        expect(given).toEqual(copy);
      }),
      { numRuns: 60 },
    );
  });

  test("the order is by risk, and neither the order of the model nor that of the rules matters", () => {
    fc.assert(
      fc.property(model, fc.nat(), (given, turn) => {
        const turned = <Part>(list: readonly Part[]) => {
          const at = list.length === 0 ? 0 : turn % list.length;
          return [...list.slice(at), ...list.slice(0, at)].reverse();
        };
        const other = aModel({ ...given, elements: turned(given.elements), flows: turned(given.flows) });
        const shuffled: Rules = { ...rules, threats: turned(rules.threats) };
        expect(idsOf(other, shuffled)).toEqual(idsOf(given));
      }),
      { numRuns: 40 },
    );
  });

  test("one threat for a rule and an element, named by their ids alone", () => {
    fc.assert(
      fc.property(model, (given) => {
        const { threats } = outputOf(given);
        expect(new Set(threats.map(({ id }) => id)).size).toBe(threats.length);
        for (const { id, rule, element: of } of threats) expect(id).toBe(threatId(rule, of));
      }),
      { numRuns: 60 },
    );
  });

  test("an element and a flow of the same id, as foreign formats number them, stay apart", () => {
    const rule = aThreatRule({ id: "read", appliesTo: { elements: ["http-api", "data-flow"] } });
    const same = aModel({
      elements: [anElement({ id: "1", type: "http-api", kind: "process" })],
      flows: [aFlow({ id: "1", from: "1", to: "1" })],
      boundaries: [{ id: "1", name: "b", place: { path: "m" } }],
    });
    const threats = elicitModel(same, someRules([rule])).threats;
    expect(threats.map(({ element: of }) => of.type).sort()).toEqual(["data-flow", "http-api"]);
    expect(new Set(threats.map(({ id }) => id)).size).toBe(2);
    expect(threats.map(({ id }) => id)).toContain(threatId("read", "1"));
  });

  test("what nobody stated is one question for an element, of three facts at most, none of them stated", () => {
    fc.assert(
      fc.property(model, (given) => {
        const { questions } = outputOf(given);
        expect(new Set(questions.map((question) => question.element)).size).toBe(questions.length);
        for (const question of questions) {
          expect(question.facts.length).toBeLessThanOrEqual(3);
          const of = [...given.elements, ...given.flows].find(({ id }) => id === question.element);
          const known = new Set(of?.facts.map(({ fact }) => fact));
          expect(question.facts.filter((fact) => known.has(fact))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("every threat says which facts decided, and of every other rule for its element it is said why not", () => {
    fc.assert(
      fc.property(model, (given) => {
        for (const { id, name } of given.elements) {
          if (given.elements.filter((one) => one.id === name || one.name === id).length > 1) continue;
          const explained = explainModel(given, rules, id);
          if (!explained) continue;
          const all = compiled.ofType.get(explained.element.type as ModelElement["type"] & string) ?? [];
          const told = [...explained.threats, ...explained.unlisted].map(({ rule }) => rule);
          expect(told.toSorted()).toEqual(all.map((rule) => rule.id).toSorted());
          for (const { because, facts: of } of explained.unlisted) {
            if (because === "does-not-apply" || because === "not-stated") expect(of.length).toBeGreaterThan(0);
            for (const fact of of) expect(fact.is === "not stated").toBe(because === "not-stated");
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("edits", () => {
  test("adding, reordering, retitling and moving change no id of what was there", () => {
    const edit = fc.constantFrom("add", "reverse", "move", "describe", "rules");
    fc.assert(
      fc.property(model, fc.array(edit, { maxLength: 4 }), (given, edits) => {
        let edited = given;
        let by = rules;
        for (const [index, kind] of edits.entries()) {
          if (kind === "add")
            edited = aModel({
              ...edited,
              elements: [anElement({ id: `new-${index}`, type: "cache" }), ...edited.elements],
            });
          if (kind === "reverse") edited = aModel({ ...edited, elements: [...edited.elements].reverse() });
          if (kind === "move")
            edited = aModel({
              ...edited,
              elements: edited.elements.map((one) => ({ ...one, place: { path: "docs/other.yaml", line: 7 + index } })),
            });
          if (kind === "describe")
            edited = aModel({
              ...edited,
              system: { ...edited.system, description: { text: "Words.", place: { path: "m" } } },
            });
          if (kind === "rules")
            by = {
              ...by,
              threats: by.threats.map((rule) => ({ ...rule, title: `Another title of ${rule.id}`, why: rule.why })),
            };
        }
        const before = idsOf(given);
        const after = new Set(idsOf(edited, by));
        expect(before.filter((id) => !after.has(id))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

test("an element that is given another id in the same change keeps every answer, whatever else is edited beside it", () => {
  fc.assert(
    fc.property(model, fc.nat(), fc.boolean(), fc.boolean(), (drawn, pick, turned, added) => {
      const named = drawn.elements.map((one, index) => ({ ...one, name: `Part ${index}` }));
      const before = aModel({ ...drawn, elements: named });
      const chosen = named[pick % named.length];
      if (!chosen) return;
      const now = (id: string): string => (id === chosen.id ? "renamed-part" : id);
      const answers = elicitModel(before, rules)
        .threats.filter(({ element: of }) => of.id === chosen.id)
        .map(({ id }) => aModelThreat({ id, element: now(chosen.id), status: "not-applicable", reason: "Decided." }));
      const moved = named.map((one) => ({ ...one, id: now(one.id) }));
      const extra = added ? [anElement({ id: "brand-new", name: "Something else", type: "cache" })] : [];
      const after = aModel({
        ...before,
        elements: [...(turned ? moved.toReversed() : moved), ...extra],
        flows: before.flows.map((flow) => ({ ...flow, from: now(flow.from), to: now(flow.to) })),
        threats: answers,
      });
      const of = elicitModel(after, rules, undefined, before).threats.filter(
        ({ element: at }) => at.id === "renamed-part",
      );
      expect(of).toHaveLength(answers.length);
      for (const { status } of of) expect(["not-applicable", "mitigated"]).toContain(status);
    }),
    { numRuns: 60 },
  );
});

describe("what people wrote", () => {
  const upgraded = (rule: ThreatRule): ThreatRule => ({
    ...rule,
    title: `New words of ${rule.id}`,
    impact: "low",
    likelihood: "low",
  });

  test("words, ratings and decisions outlive regeneration and every upgrade of the library", () => {
    const rating = fc.constantFrom("low" as const, "medium" as const, "high" as const);
    const status = fc.constantFrom("open" as const, "mitigated" as const, "not-applicable" as const);
    fc.assert(
      fc.property(model, rating, rating, status, fc.nat(), (given, impact, likelihood, wanted, pick) => {
        const derived = elicitModel(given, rules).threats;
        const chosen = derived[pick % Math.max(1, derived.length)];
        if (!chosen) return;
        const written = aModelThreat({
          id: chosen.id,
          element: chosen.element.id,
          title: "In our own words",
          impact,
          likelihood,
          status: wanted,
          ...(wanted === "not-applicable" && { reason: "It holds nothing." }),
          ...(wanted === "mitigated" && { controls: ["c"] }),
        });
        const control = { id: "c", title: "Ours", status: "implemented" as const, evidence: [], place: { path: "m" } };
        const ours = aModel({ ...given, threats: [written], controls: [control] });
        for (const by of [rules, { ...rules, threats: rules.threats.map(upgraded) }]) {
          const found = elicitModel(ours, by).threats.find(({ id }) => id === chosen.id);
          // Rated lower by the new rules, it may no longer be listed beside its question; what is listed is theirs.
          if (!found) continue;
          expect(found).toMatchObject({ title: "In our own words", impact, likelihood });
          if (wanted !== "open") expect(found.status).toBe(wanted === "mitigated" ? "mitigated" : found.status);
          if (wanted === "not-applicable") expect(found.status).toBe("not-applicable");
        }
        expect(ours.threats).toEqual([written]);
      }),
      { numRuns: 50 },
    );
  });

  test("a rule that is taken away leaves the threat that people wrote down under its id", () => {
    const rule = aThreatRule({ id: "read" });
    const store = anElement({ type: "object-store" });
    const written = aModelThreat({ id: threatId("read", store.id), element: store.id, status: "open" });
    const ours = frozen(aModel({ elements: [store], threats: [written] }));
    expect(elicitModel(ours, someRules([rule])).threats.map(({ id }) => id)).toEqual([written.id]);
    expect(elicitModel(ours, someRules([])).threats).toEqual([]);
    expect(ours.threats).toEqual([written]);
  });
});

describe("of every shipped rule", () => {
  test.each(rules.threats.map((rule) => [rule.id, rule] as const))(
    "%s: each control that it names answers it",
    (id, rule) => {
      for (const condition of rule.mitigatedBy) {
        for (const type of rule.appliesTo.elements) {
          const is = (names: readonly string[] | undefined, value: "yes" | "no") =>
            Object.fromEntries((names ?? []).map((name) => [name, value]));
          const { when, crossesBoundary } = rule.appliesTo;
          const known = {
            ...is(when?.yes, "yes"),
            ...is(when?.no, "no"),
            ...is(when?.anyYes?.slice(0, 1), "yes"),
            ...is(when?.anyNo?.slice(0, 1), "no"),
            ...(crossesBoundary === undefined ? {} : { "crosses-boundary": crossesBoundary ? "yes" : "no" }),
            ...is(condition.yes, "yes"),
            ...is(condition.no, "no"),
            ...is(condition.anyYes?.slice(0, 1), "yes"),
            ...is(condition.anyNo?.slice(0, 1), "no"),
          } as Record<string, "yes" | "no">;
          const kind = elementTypes[type];
          const part = anElement({ id: "e", name: "e", type, kind, facts: facts(known) });
          const given =
            type === "data-flow"
              ? aModel({ flows: [aFlow({ id: "e", facts: facts(known) })] })
              : type === "trust-boundary"
                ? aModel({ boundaries: [{ id: "e", name: "e", place: { path: "m" } }] })
                : aModel({ elements: [part] });
          const found = elicitModel(given, rules).threats.filter((threat) => threat.rule === id);
          expect(
            found.filter((threat) => threat.status !== "mitigated").map((threat) => [type, threat.status]),
          ).toEqual([]);
        }
      }
    },
  );
});

describe("a rule that cannot be evaluated is an error", () => {
  test.each<[string, Rules]>([
    [
      "a fact that is not defined",
      someRules([aThreatRule({ id: "r", mitigatedBy: [{ yes: ["secret"], control: "C" }] })]),
    ],
    [
      "one in a driver",
      someRules([
        aThreatRule({ id: "r", aggravatedBy: [{ yes: ["x"], driver: "d", raises: "impact", by: 1, because: "b" }] }),
      ]),
    ],
    [
      "words that are no expression",
      someRules([aThreatRule({ id: "r" })], ["broken"], { broken: { statedBy: ["("] } }),
    ],
  ])("%s", (_why, broken) => {
    expect(() => elicitModel(aModel(), broken)).toThrow(/`?(r|broken)`? /);
  });
});
