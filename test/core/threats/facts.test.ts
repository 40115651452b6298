import { describe, expect, test } from "@jest/globals";
import type { Fact } from "../../../src/core/domain/fact.ts";
import type { ModelElement, ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { compileRules } from "../../../src/core/threats/compile.ts";
import { crossingsOf } from "../../../src/core/threats/crossings.ts";
import { factsOfFlow, factTable, sourcesOfElement } from "../../../src/core/threats/facts.ts";
import { aFlow, aModel, aModelThreat, anElement, aThreatRule, facts, someRules } from "./make.ts";

const rules = someRules(
  [
    aThreatRule({
      id: "r",
      mitigatedBy: [
        { yes: ["encrypted-in-transit"], control: "TLS" },
        { yes: ["logged"], control: "Log" },
      ],
    }),
  ],
  ["encrypted-in-transit", "logged", "personal-data", "confidential-data", "handles-credentials", "internet-facing"],
  {
    "encrypted-in-transit": { statedBy: ["\\b(tls|https)\\b"], deniedBy: ["^http$", "\\bplain\\b"] },
    logged: { statedBy: ["\\baudit log\\b"] },
    "personal-data": { statedBy: ["\\b(patient|personal)\\b"] },
    "internet-facing": { statedBy: ["\\bpublic api\\b"] },
  },
);
const compiled = compileRules(rules);

function stated(element: Partial<ModelElement>, model: Partial<ThreatModel> = {}): Record<string, string> {
  const whole = aModel({ elements: [anElement({ name: "Store", ...element })], ...model });
  const table = factTable(
    sourcesOfElement(anElement({ name: "Store", ...element }), whole, crossingsOf(whole), compiled),
    compiled,
  );
  return Object.fromEntries([...table.values()].map((fact) => [fact.fact, fact.is]));
}

describe("one table from several sources", () => {
  test("an earlier source is not overruled, and not stated states nothing", () => {
    const unstated: Fact = { fact: "logged", is: "not stated" };
    const table = factTable([[unstated], facts({ logged: "yes" }), facts({ logged: "no" })], compiled);
    expect(table.get("logged")?.is).toBe("yes");
  });

  test("a source that contradicts itself is read cautiously, whatever the order", () => {
    for (const order of [["yes", "no"] as const, ["no", "yes"] as const]) {
      const both = (fact: string) => order.map((is): Fact => ({ fact, is }));
      expect(factTable([both("logged")], compiled).get("logged")?.is).toBe("no");
      expect(factTable([both("internet-facing")], compiled).get("internet-facing")?.is).toBe("yes");
    }
  });
});

describe("what a model says in words", () => {
  test("technology states and denies; the element's own statement wins", () => {
    expect(stated({ technology: "nginx with TLS" })).toEqual({ "encrypted-in-transit": "yes" });
    expect(stated({ technology: "plain TLS terminator" })).toEqual({ "encrypted-in-transit": "no" });
    expect(stated({ technology: "nginx with TLS", facts: facts({ "encrypted-in-transit": "no" }) })).toEqual({
      "encrypted-in-transit": "no",
    });
  });

  test("a name states exposure, never a control", () => {
    expect(stated({ name: "Public API" })).toEqual({ "internet-facing": "yes" });
    expect(stated({ name: "Audit log service" })).toEqual({});
    expect(stated({ name: "patient_exports" })).toEqual({ "personal-data": "yes" });
    expect(stated({ name: "lettersPatient" })).toEqual({ "personal-data": "yes" });
  });

  test("a name of 300 characters is prose and states nothing", () => {
    expect(stated({ technology: `TLS ${"x".repeat(300)}` })).toEqual({});
  });

  test("data states what it is by its name and by its class", () => {
    expect(stated({ data: ["patient letters"] })).toEqual({ "personal-data": "yes" });
    const system = {
      users: [],
      links: [],
      data: [
        { name: "Ledger", classification: "Confidential", place: { path: "m.yaml", line: 3 } },
        { name: "Assets", classification: "public", place: { path: "m.yaml", line: 4 } },
      ],
    };
    expect(stated({ data: ["ledger"] }, { system })).toEqual({ "confidential-data": "yes" });
    expect(stated({ data: ["assets"] }, { system })).toEqual({ "personal-data": "no", "confidential-data": "no" });
    expect(stated({ data: ["assets", "unclassified thing"] }, { system })).toEqual({});
  });

  test("a control counts once it is in place and its threat names the element", () => {
    const threats = [aModelThreat({ element: "exports", controls: ["C-1"] })];
    const control = { id: "C-1", title: "Audit log of reads", evidence: [], place: { path: "m.yaml", line: 9 } };
    expect(stated({}, { threats, controls: [{ ...control, status: "implemented" }] })).toEqual({ logged: "yes" });
    expect(stated({}, { threats, controls: [{ ...control, status: "proposed" }] })).toEqual({});
    expect(stated({}, { threats, controls: [control] })).toEqual({});
    expect(stated({}, { threats, controls: [{ ...control, status: "verified" }], drafts: ["C-1"] })).toEqual({});
    expect(stated({ id: "other", name: "other" }, { threats, controls: [{ ...control, status: "verified" }] })).toEqual(
      {},
    );
  });

  test("a flow states by its protocol and its data", () => {
    const found = factsOfFlow(aFlow({ protocol: "HTTP", data: ["personal letters"] }), aModel(), compiled);
    expect(found.map(({ fact, is }) => [fact, is])).toEqual([
      ["encrypted-in-transit", "no"],
      ["personal-data", "yes"],
    ]);
  });
});

test("a rule that names an unknown fact is an error", () => {
  const broken = someRules(
    [aThreatRule({ id: "broken", mitigatedBy: [{ yes: ["encripted"], control: "x" }] })],
    ["encrypted"],
  );
  expect(() => compileRules(broken)).toThrow(
    'Threat rule broken names the fact "encripted", which rules/facts.yml does not define.',
  );
});
