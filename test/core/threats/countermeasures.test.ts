import { describe, expect, test } from "@jest/globals";
import type { Classification } from "../../../src/core/domain/classification.ts";
import type { Rules } from "../../../src/core/domain/rules.ts";
import { factsWithoutEstimate, planCountermeasures } from "../../../src/core/threats/countermeasures.ts";
import { elicitModel } from "../../../src/core/threats/elicit.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import fc from "../../make/fast-check.ts";
import { aModel, anElement, aThreatRule, facts, someRules } from "./make.ts";

const shipped = await readRules();

const encrypted = { yes: ["encrypted"], control: "It is encrypted" };
const read = aThreatRule({ id: "read", impact: "high", mitigatedBy: [encrypted], theme: "ATREST" });
const copied = aThreatRule({ id: "copied", mitigatedBy: [encrypted], theme: "ATREST" });
const seen = aThreatRule({
  id: "seen",
  mitigatedBy: [
    { yes: ["closed"], control: "It is closed" },
    { yes: ["hidden"], control: "It is hidden" },
  ],
  theme: "AUTHZ",
});
const alone = aThreatRule({ id: "alone", impact: "low", theme: "PRIVACY" });

function rulesOf(...threats: Parameters<typeof someRules>[0]): Rules {
  return {
    ...someRules(threats, ["encrypted", "closed", "hidden", "signed"]),
    countermeasures: [
      { fact: "encrypted", does: "Encrypt it", effort: "hours", takes: "a setting of the service" },
      { fact: "hidden", does: "Hide it well", effort: "weeks", takes: "a new network for it" },
    ],
    themes: [
      { id: "ATREST", name: "Protect data where it is kept", cra: ["I.1(2)(e)"] },
      { id: "AUTHZ", name: "Check every access", cra: ["I.1(2)(d)"] },
      { id: "BACKUP", name: "Be able to restore", cra: ["I.1(2)(h)"] },
    ],
    ...(shipped.classification && { classification: shipped.classification }),
  };
}

const open = { encrypted: "no", closed: "no", hidden: "no" } as const;
const store = (id: string, stated: Parameters<typeof facts>[0] = open) =>
  anElement({ id, name: id, type: "object-store", facts: facts(stated) });

function planOf(rules: Rules, elements: ReturnType<typeof store>[], regulations: string[] = []) {
  const { threats } = elicitModel(aModel({ elements }), rules);
  const classification = { regulations: regulations.map((id) => ({ id, name: id })) } as unknown as Classification;
  return planCountermeasures(threats, rules, classification);
}

describe("what to do first", () => {
  test("one control answers many threats of many elements, and the most risk comes first", () => {
    const { todo } = planOf(rulesOf(read, copied, seen, alone), [store("a"), store("b")]);
    expect(todo.map(({ key, answers, elements }) => [key, answers, elements.map(({ id }) => id)])).toEqual([
      [
        "encrypted",
        [
          { risk: "high", count: 2 },
          { risk: "medium", count: 2 },
        ],
        ["a", "b"],
      ],
      ["closed", [{ risk: "medium", count: 2 }], ["a", "b"]],
      ["rule:alone", [{ risk: "low", count: 2 }], ["a", "b"]],
    ]);
  });

  test("its effort is said, and where nobody estimated it that is said", () => {
    const { todo } = planOf(rulesOf(read, copied, seen, alone), [store("a")]);
    expect(todo.map(({ does, effort, takes }) => ({ does, effort, takes }))).toEqual([
      { does: "Encrypt it", effort: "hours", takes: "a setting of the service" },
      { does: "What stops it: the control of seen", effort: undefined, takes: undefined },
      { does: "What stops it: the control of alone", effort: undefined, takes: undefined },
    ]);
  });

  test("what answers one kind of threat is said in its rule's words; what answers several says what it comes to for each", () => {
    const [both] = planOf(rulesOf(read, copied), [store("a")]).todo;
    expect(both?.does).toBe("Encrypt it");
    expect([...(both?.doneWhen.keys() ?? [])].sort()).toEqual([copied.id, read.id].sort());
    const [one] = planOf(rulesOf(read), [store("a"), store("b")]).todo;
    expect([one?.does, one?.effort, one?.takes, one?.doneWhen.size]).toEqual([
      read.countermeasure,
      "hours",
      undefined,
      0,
    ]);
  });

  test("the usual answer is taken, and another one where it saves more", () => {
    const also = aThreatRule({ id: "also", mitigatedBy: [{ yes: ["hidden"], control: "It is hidden" }] });
    expect(planOf(rulesOf(seen), [store("a")]).todo.map(({ key }) => key)).toEqual(["closed"]);
    expect(planOf(rulesOf(seen, also), [store("a")]).todo.map(({ key }) => key)).toEqual(["hidden"]);
  });

  test("of a control that needs two facts the one that is there is not asked again", () => {
    const both = aThreatRule({ id: "both", mitigatedBy: [{ yes: ["closed", "encrypted"], control: "Both" }] });
    const { todo } = planOf(rulesOf(both), [store("a", { encrypted: "no", closed: "yes" })]);
    expect(todo.map(({ key }) => key)).toEqual(["closed+encrypted"]);
    const known = planOf(
      rulesOf(aThreatRule({ ...both, appliesTo: { elements: ["object-store"], when: { yes: ["closed"] } } })),
      [store("a", { encrypted: "no", closed: "yes" })],
    );
    expect(known.todo.map(({ key }) => key)).toEqual(["encrypted"]);
  });

  test("what is there already is credited with its place, and nothing is left to do", () => {
    const plan = planOf(rulesOf(read, copied), [store("a", { encrypted: "yes" })]);
    expect(plan.todo).toEqual([]);
    expect(plan.credited).toMatchObject([
      { control: "It is encrypted", places: [{ path: "infra/export.tf", line: 19 }] },
    ]);
    expect(plan.credited[0]?.threats).toHaveLength(2);
  });
});

describe("requirements of the laws that apply", () => {
  test("join the countermeasures; what nothing leads to is said", () => {
    const plan = planOf(rulesOf(read, seen), [store("a", { ...open, closed: "yes" })], ["cra"]);
    expect(plan.todo[0]?.requirements).toEqual(["cra I.1(2)(e)"]);
    expect(plan.requirements).toEqual([
      { regulation: "cra", requirement: "I.1(2)(e)", themes: ["Protect data where it is kept"], state: "open" },
      { regulation: "cra", requirement: "I.1(2)(d)", themes: ["Check every access"], state: "answered" },
      { regulation: "cra", requirement: "I.1(2)(h)", themes: ["Be able to restore"], state: "not-reached" },
    ]);
  });

  test("privacy is among them under the GDPR", () => {
    const plan = planOf(rulesOf(alone), [store("a")], ["gdpr"]);
    expect(plan.todo[0]?.requirements).toContain("gdpr Art. 5(1)(c)");
  });

  test("none where none applies", () => {
    const plan = planOf(rulesOf(read), [store("a")]);
    expect([plan.requirements, plan.todo[0]?.requirements]).toEqual([[], []]);
  });
});

test("every open threat is answered once, whatever the model, and always in the same order", () => {
  const stated = fc.record({
    encrypted: fc.constantFrom("yes" as const, "no" as const),
    closed: fc.constantFrom("yes" as const, "no" as const),
    hidden: fc.constantFrom("yes" as const, "no" as const),
  });
  const rules = rulesOf(read, copied, seen, alone);
  fc.assert(
    fc.property(fc.array(stated, { maxLength: 6 }), (parts) => {
      const elements = parts.map((one, index) => store(`e${index}`, one));
      const { threats } = elicitModel(aModel({ elements }), rules);
      const plan = planCountermeasures(threats, rules, undefined);
      const answered = plan.todo.flatMap((one) => one.threats.map(({ id }) => id));
      const wanted = threats.filter(({ status }) => status === "open").map(({ id }) => id);
      expect(answered.toSorted()).toEqual(wanted.toSorted());
      const reversed = planCountermeasures([...threats].reverse(), rules, undefined);
      expect(reversed.todo.map(({ key }) => key)).toEqual(plan.todo.map(({ key }) => key));
    }),
    { numRuns: 60 },
  );
});

test("of the shipped rules every control is estimated, but for what is not a control of one's own", () => {
  expect(factsWithoutEstimate(shipped).filter((fact) => !["multi-tenant", "shares-links"].includes(fact))).toEqual([]);
});
