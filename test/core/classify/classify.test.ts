import { describe, expect, test } from "@jest/globals";
import { type ClassifyInput, classify, policyFor } from "../../../src/core/classify/classify.ts";
import {
  type ClassificationRules,
  classificationRulesSchema,
  riskClasses,
} from "../../../src/core/domain/classification.ts";
import type { Policy } from "../../../src/core/domain/policy.ts";
import { presets } from "../../../src/core/domain/policy-presets.ts";
import { flattenPolicy, isAtLeastAsStrict } from "../../../src/core/domain/policy-strictness.ts";
import type { ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { readModel } from "../../../src/core/readers/read-model.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import fc from "../../make/fast-check.ts";

const shipped = (await readRules()).classification;
if (!shipped) throw new Error("rules/classification.yml is missing");
const rules: ClassificationRules = shipped;
const policy: Policy = { ...presets.ukhsa, origins: {} };

/** A model file whose `system` holds the given lines. */
function aModel(system: string, rest = ""): ThreatModel {
  const indented = system.replace(/^/gm, "  ");
  const { model, problems } = readModel([
    { path: "threat-model.yaml", text: `schemaVersion: 1\nsystem:\n  id: shop\n${indented}\n${rest}` },
  ]);
  if (!model || problems.length > 0) throw new Error(JSON.stringify(problems));
  return model;
}

const ofModel = (model: ThreatModel, bend: Partial<ClassifyInput> = {}) =>
  classify({ head: model, base: model, policy, ...bend }, rules);
const ofSystem = (system: string, rest = "") => ofModel(aModel(system, rest));

describe("the class follows from what is stated", () => {
  test.each([
    ["exposure: internet\ndata: [{ name: orders, classification: personal }]", "high", "personal-data-on-the-internet"],
    ["exposure: internal\ndata: [{ name: charts, classification: health records }]", "high", "special-data"],
    ["criticality: mission-critical", "high", "people-are-harmed"],
    ["exposure: internet\nregulations: [NIS2]", "high", "regulated-on-the-internet"],
    [
      "exposure: internal\ndata: [{ name: menus, classification: internal }]\ncriticality: low\nregulations: [none]",
      "low",
      "harmless-inside",
    ],
    [
      "exposure: public\ndata: [{ name: pages, classification: public }]\ncriticality: low\nregulations: [none]",
      "low",
      "published-and-harmless",
    ],
  ])("%j: %s by %s", (system, riskClass, rule) => {
    expect(ofSystem(system)).toMatchObject({ riskClass, rule, decidedBy: "rules" });
  });

  test("the reason names the rule's words, each fact and its place", () => {
    expect(ofSystem("exposure: internet\ndata: [{ name: orders, classification: personal }]").because).toBe(
      "Anybody on the internet can reach it, and it holds what harms people or the organisation (exposure: internet, threat-model.yaml:4; data: personal, threat-model.yaml:5).",
    );
  });

  test("everything stated and no rule for it: the usual class", () => {
    const system =
      "exposure: partners\ndata: [{ name: orders, classification: internal }]\ncriticality: medium\nregulations: [none]";
    expect(ofSystem(system)).toMatchObject({ riskClass: "medium", decidedBy: "rules", questions: [] });
  });

  test("what is denied is not stated", () => {
    const system = "exposure: internal, not reachable from the internet";
    expect(ofSystem(system).facts[0]).toMatchObject({ fact: "exposure", answers: ["internal"] });
  });

  test("an element that faces the internet outweighs the word of the system", () => {
    const element = 'elements:\n  - id: web\n    type: web-app\n    facts: { internet-facing: "yes" }\n';
    const { facts } = ofSystem("exposure: internal", element);
    expect(facts[0]).toMatchObject({ answers: ["internet"], stated: [{ text: "internet-facing" }] });
  });

  test("data without a class may be anything: the harmless answers need all of them", () => {
    const data = "data: [{ name: menus, classification: public }, { name: exports }]";
    const system = `exposure: internal\n${data}\ncriticality: low\nregulations: [none]`;
    const classification = ofSystem(system);
    expect(classification).toMatchObject({ riskClass: "medium", decidedBy: "unknown" });
    expect(classification.questions.map(({ fact }) => fact)).toEqual(["data"]);
  });
});

describe("what nobody stated is asked", () => {
  test("a bare model has the usual class and four questions with their choices", () => {
    const classification = ofSystem("name: Shop");
    expect(classification).toMatchObject({ riskClass: "medium", decidedBy: "unknown" });
    expect(classification.because).toBe(
      "The model does not state `exposure`, `data`, `criticality`, `regulation`; until it does the class is medium.",
    );
    expect(classification.questions.map(({ fact, choices }) => [fact, choices.map(({ answer }) => answer)])).toEqual([
      ["exposure", ["internet", "partners", "internal"]],
      ["data", ["special", "personal", "confidential", "internal", "public"]],
      ["criticality", ["high", "medium", "low"]],
      ["regulation", ["gdpr", "cra", "nis2", "iso27001", "none"]],
    ]);
  });

  test("an answer in the questionnaire of the model counts like a statement, with its place", () => {
    const questionnaire = `questionnaire:
  - { fact: exposure, asks: Who can reach it?, answer: internet }
  - { fact: data, answer: personal }
  - { fact: criticality, answer: not stated }
  - { fact: regulation, answer: [gdpr, nis2] }
`;
    const classification = ofSystem("name: Shop", questionnaire);
    expect(classification).toMatchObject({ riskClass: "high", rule: "personal-data-on-the-internet", questions: [] });
    expect(classification.because).toContain("exposure: internet, threat-model.yaml:6");
    expect(classification.regulations.map(({ id }) => id)).toEqual(["gdpr", "nis2"]);
  });

  test("an answer that is none of the choices is asked again, and said", () => {
    const classification = ofSystem("name: Shop", "questionnaire:\n  - { fact: exposure, answer: mostly harmless }\n");
    expect(classification.questions[0]).toMatchObject({ fact: "exposure", notUnderstood: "mostly harmless" });
  });

  test("once the class is high only the laws are asked, because they bring requirements", () => {
    expect(ofSystem("criticality: high").questions.map(({ fact }) => fact)).toEqual(["regulation"]);
  });
});

describe("a gate that cannot be fooled", () => {
  const high = aModel("exposure: internet\ndata: [{ name: orders, classification: personal }]");
  const low = aModel(
    "exposure: internal\ndata: [{ name: menus, classification: public }]\ncriticality: low\nregulations: [none]",
  );

  test("a change that states the system harmless is judged by what it was", () => {
    const classification = classify({ head: low, base: high, policy }, rules);
    expect(classification).toMatchObject({ riskClass: "high", decidedBy: "rules", threshold: "medium" });
    expect(classification.because).toMatch(/^The model before this change says so .*a change cannot lower the class/);
  });

  test("a new model cannot call itself harmless", () => {
    expect(classify({ head: low, policy }, rules)).toMatchObject({ riskClass: "medium", decidedBy: "unknown" });
  });

  test("a change that raises the class raises it at once", () => {
    expect(classify({ head: high, base: low, policy }, rules).riskClass).toBe("high");
  });

  test("the policy's word wins, both ways", () => {
    for (const stated of riskClasses)
      expect(ofModel(high, { stated })).toMatchObject({
        riskClass: stated,
        decidedBy: "policy",
        because: `The policy puts this system into class ${stated}.`,
      });
  });

  test("no text in a model lowers the class below what its other side gives it", () => {
    const text = fc.constantFrom("internet", "internal", "public", "none", "low", "high", "TBD", "not public", "");
    const part = fc.record({ exposure: text, criticality: text, data: text, law: text });
    const system = (one: { exposure: string; criticality: string; data: string; law: string }): ThreatModel => {
      const model = aModel("name: Shop");
      const stated = (written: string) => ({ text: written, place: { path: "threat-model.yaml", line: 2 } });
      return {
        ...model,
        system: {
          ...model.system,
          exposure: stated(one.exposure),
          criticality: stated(one.criticality),
          regulations: [stated(one.law)],
          data: [{ name: "orders", classification: one.data, place: { path: "threat-model.yaml", line: 3 } }],
        },
      };
    };
    fc.assert(
      fc.property(part, part, (before, after) => {
        const [base, head] = [system(before), system(after)];
        const judged = classify({ base, head, policy }, rules);
        for (const alone of [base, head]) {
          const { riskClass } = classify({ base: alone, head: alone, policy }, rules);
          expect(riskClasses.indexOf(judged.riskClass)).toBeGreaterThanOrEqual(riskClasses.indexOf(riskClass));
        }
        expect(classify({ base, head, policy }, rules)).toEqual(judged);
      }),
    );
  });
});

describe("what the class decides", () => {
  const high = aModel("criticality: high");
  const own = (key: string): Policy => ({ ...policy, origins: { [key]: { from: "organisation", locked: false } } });

  test("high: threats from medium on, an architect always, nobody else accepts", () => {
    const classification = ofModel(high);
    expect(classification).toMatchObject({ threshold: "medium", architect: "always" });
    expect(classification.approvers.low).toEqual(["security-architect"]);
    expect(policyFor(policy, classification)).toMatchObject({
      riskThreshold: "medium",
      acceptance: { maxDays: 365, approvers: { low: ["security-architect"] } },
    });
  });

  test("medium: what the policy says by default", () => {
    const classification = ofModel(aModel("name: Shop"));
    expect(classification).toMatchObject({ threshold: "high", architect: "from-high" });
    expect(policyFor(policy, classification)).toEqual(policy);
  });

  test.each(["riskThreshold", "acceptance.approvers.low"])("a policy that sets %s is not overruled", (key) => {
    const classification = ofModel(high, { policy: own(key) });
    if (key === "riskThreshold") expect(classification.threshold).toBe(policy.riskThreshold);
    else expect(classification.approvers.low).toEqual(policy.acceptance.approvers.low);
  });

  test("H019: under a lock the class that a repository gives itself loosens nothing, and may still tighten", () => {
    const key = "acceptance.approvers.medium";
    const locked: Policy = {
      ...policy,
      origins: { [key]: { from: "default", locked: true }, riskThreshold: { from: "default", locked: true } },
    };
    const low = (of: Policy) => ofModel(high, { stated: "low", policy: of }).approvers.medium;
    expect([low(policy), low(locked)]).toEqual([["security-architect", "product-owner"], ["security-architect"]]);
    expect(ofModel(high, { policy: locked }).threshold).toBe("medium");
  });

  test("H019: no class is looser than what the organisation locks, whatever rules it has", () => {
    const roles = fc.subarray(["security-architect", "product-owner", "peer"]);
    const risk = fc.constantFrom("low", "medium", "high", "critical");
    const class_ = fc.record({ threshold: risk, approvers: fc.record({ low: roles, medium: roles, high: roles }) });
    const keys = [
      "riskThreshold",
      "acceptance.approvers.low",
      "acceptance.approvers.medium",
      "acceptance.approvers.high",
    ];
    fc.assert(
      fc.property(class_, fc.subarray(keys), risk, roles, (consequence, locked, riskThreshold, medium) => {
        const theirs: Policy = {
          ...policy,
          riskThreshold,
          acceptance: { ...policy.acceptance, approvers: { ...policy.acceptance.approvers, medium } },
          origins: Object.fromEntries(keys.map((key) => [key, { from: "default", locked: locked.includes(key) }])),
        };
        const ours = { ...rules, classes: [{ class: "low" as const, architect: "never" as const, ...consequence }] };
        const mine = policyFor(theirs, classify({ head: high, base: high, stated: "low", policy: theirs }, ours));
        const [are, floor] = [mine, theirs].map(({ origins: _, ...values }) => flattenPolicy(values));
        for (const key of locked) expect(isAtLeastAsStrict(key, are?.get(key), floor?.get(key))).toBe(true);
      }),
    );
  });

  test("a preset that asks for more keeps its word", () => {
    const cra: Policy = { ...presets.cra, origins: { riskThreshold: { from: "preset", locked: false } } };
    expect(ofModel(high, { policy: { ...cra, riskThreshold: "low" } }).threshold).toBe("low");
  });
});

describe("rules of an organisation", () => {
  const own = {
    source: "ours",
    facts: [
      {
        fact: "people",
        asks: "How many people depend on it?",
        answers: [
          { answer: "many", means: "over a thousand" },
          { answer: "few", means: "fewer" },
        ],
      },
    ],
    rules: [{ id: "many-people", when: { people: ["many"] }, class: "high", because: "many people depend on it" }],
    otherwise: "medium",
    classes: riskClasses.map((one) => ({ class: one, architect: "from-high" })),
  };

  test("facts of their own are asked and answered in the questionnaire", () => {
    const parsed = classificationRulesSchema.parse(own);
    const bare = aModel("name: Shop");
    expect(classify({ head: bare, base: bare, policy }, parsed).questions.map(({ asks }) => asks)).toEqual([
      "How many people depend on it?",
    ]);
    const answered = aModel("name: Shop", "questionnaire:\n  - { fact: people, answer: many }\n");
    expect(classify({ head: answered, base: answered, policy }, parsed)).toMatchObject({
      riskClass: "high",
      rule: "many-people",
    });
  });

  test.each([
    [
      { ...own, rules: [{ ...own.rules[0], when: { peopel: ["many"] } }] },
      "a fact that stands under `facts`, and `peopel` does not",
    ],
    [
      { ...own, rules: [{ ...own.rules[0], when: { people: ["lots"] } }] },
      "a list of answers of `people`, and `lots` is none",
    ],
    [{ ...own, classes: [...own.classes.slice(1), own.classes[1]] }, "one entry for each class, and `low` has none"],
  ])("a rule that could never hold is a fault (%#)", (given, message) => {
    expect(classificationRulesSchema.safeParse(given).error?.issues.map((issue) => issue.message)).toContain(message);
  });

  test("words that are no expression are an error, not silence", () => {
    const [fact] = own.facts;
    const broken = classificationRulesSchema.parse({
      ...own,
      facts: [{ ...fact, answers: [{ answer: "many", means: "over a thousand", words: ["("] }, fact?.answers[1]] }],
    });
    expect(() => classify({ head: aModel("name: Shop"), policy }, broken)).toThrow("cannot be used");
  });
});
