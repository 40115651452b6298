import { describe, expect, test } from "@jest/globals";
import { threatId } from "../../../src/core/domain/threat-id.ts";
import type { ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { elicitModel, threatsOutput } from "../../../src/core/threats/elicit.ts";
import { explainModel } from "../../../src/core/threats/explain.ts";
import { loadRules, shippedRules } from "../../../src/shell/local/rule-files.ts";
import fc from "../../make/fast-check.ts";
import { aFlow, aModel, aModelThreat, anElement, facts } from "./make.ts";

const { rules } = await loadRules(shippedRules);

const browser = anElement({ id: "browser", name: "Customer's browser", kind: "external" });
const api = anElement({ id: "api", name: "Orders API", kind: "process", type: "http-api", boundary: "cloud" });
const orders = anElement({ id: "orders", name: "Orders", type: "relational-db", boundary: "data" });
const boundaries = ["cloud", "data"].map((id) => ({ id, name: id, place: { path: "threat-model.yaml", line: 5 } }));

function shop(bend: Partial<ThreatModel> = {}): ThreatModel {
  return aModel({
    elements: [browser, api, orders],
    boundaries,
    flows: [aFlow({ id: "call", from: "api", to: "orders" })],
    ...bend,
  });
}

function statusOf(model: ThreatModel, rule: string, element: string): string {
  return (
    elicitModel(model, rules).threats.find((threat) => threat.rule === rule && threat.element.id === element)?.status ??
    "silent"
  );
}

describe("flows and boundaries", () => {
  test.each<[string, Partial<ThreatModel>, string]>([
    [
      "plain text across a boundary",
      { flows: [aFlow({ id: "call", from: "api", to: "orders", protocol: "http" })] },
      "open",
    ],
    [
      "TLS across a boundary",
      { flows: [aFlow({ id: "call", from: "api", to: "orders", protocol: "TLS 1.3" })] },
      "mitigated",
    ],
    [
      "plain text inside one boundary",
      {
        elements: [api, { ...orders, boundary: "cloud" }],
        flows: [aFlow({ id: "call", from: "api", to: "orders", protocol: "http" })],
      },
      "silent",
    ],
    [
      "plain text to an outsider, no boundary drawn",
      {
        boundaries: [],
        elements: [browser, api],
        flows: [aFlow({ id: "call", from: "browser", to: "api", protocol: "http" })],
      },
      "open",
    ],
    [
      "no boundary drawn, both inside",
      { boundaries: [], flows: [aFlow({ id: "call", from: "api", to: "orders", protocol: "http" })] },
      "silent",
    ],
    [
      "an end that does not exist",
      { flows: [aFlow({ id: "call", from: "api", to: "gone", protocol: "http" })] },
      "silent",
    ],
  ])("%s: %s", (_why, bend, expected) => {
    expect(statusOf(shop(bend), "read-on-the-way", "call")).toBe(expected);
  });

  test("what a flow carries raises its risk and is known of both ends", () => {
    const model = shop({
      flows: [aFlow({ id: "call", from: "api", to: "orders", protocol: "http", data: ["patient records"] })],
    });
    const flow = elicitModel(model, rules).threats.find((threat) => threat.rule === "read-on-the-way");
    expect(flow).toMatchObject({ risk: "high", impact: "high", likelihood: "medium" });
    expect(flow?.drivers.map(({ because }) => because)).toEqual([
      "what is lost harms people or the organisation",
      "the connection is stated to be unencrypted",
    ]);
    const factsAskedOf = (whole: ThreatModel) =>
      elicitModel(whole, rules).questions.find(({ element }) => element.id === "orders")?.facts;
    expect(factsAskedOf(shop())).toContain("personal-data");
    expect(factsAskedOf(model)).not.toContain("personal-data");
  });
});

describe("silence and questions", () => {
  test("a store of which everything is said that matters has no open threat", () => {
    const secure = facts({
      "network-restricted": "yes",
      "encrypted-at-rest": "yes",
      "encrypted-in-transit": "yes",
      "parameterised-queries": "yes",
      "least-privilege": "yes",
      "resource-limited": "yes",
      "backed-up": "yes",
      logged: "yes",
      "retention-limited": "yes",
      "personal-data": "yes",
      "multi-tenant": "no",
      "internet-facing": "no",
    });
    const { threats, questions } = elicitModel(aModel({ elements: [{ ...orders, facts: secure }] }), rules);
    expect(threats.filter(({ status }) => status !== "mitigated")).toEqual([]);
    expect(threats.length).toBeGreaterThan(4);
    expect(questions).toEqual([]);
  });

  test("what nobody stated becomes one question for the element, not a list of threats", () => {
    const { threats, questions } = elicitModel(aModel({ elements: [orders] }), rules);
    expect(threats.map(({ status }) => status)).toEqual(["unknown", "unknown", "unknown"]);
    expect(questions).toHaveLength(1);
    expect(questions[0]?.facts).toHaveLength(3);
    expect(questions[0]?.asks).toMatch(/^Orders: .+, .+, and .+\?$/);
  });

  test("of those whose control is unknown the highest are listed, three at most", () => {
    const risky = { ...api, facts: facts({ "internet-facing": "yes", "personal-data": "yes" }) };
    const { threats } = elicitModel(aModel({ elements: [risky] }), rules);
    expect(threats.map(({ status }) => status)).toEqual(["unknown", "unknown", "unknown"]);
    expect(threats.every(({ risk }) => risk === "high" || risk === "critical")).toBe(true);
    expect(threats[0]?.why.filter(({ is }) => is === "not stated").length).toBeGreaterThan(0);
  });

  test("connections are asked of the flows where flows are drawn, not of their ends", () => {
    const web = anElement({
      id: "web",
      name: "Shop",
      kind: "process",
      type: "web-app",
      facts: facts({ "encrypted-in-transit": "no" }),
    });
    expect(statusOf(aModel({ elements: [web] }), "plain-http-at-the-door", "web")).toBe("open");
    const drawn = aModel({
      elements: [web, browser],
      flows: [aFlow({ from: "browser", to: "web", protocol: "https" })],
    });
    expect(statusOf(drawn, "plain-http-at-the-door", "web")).toBe("silent");
  });

  test("a part without a type still gets the questions of its kind", () => {
    const model = aModel({
      elements: [anElement({ id: "thing", name: "Thing", kind: "process", facts: facts({ authenticated: "no" }) })],
    });
    expect(statusOf(model, "callable-without-login", "thing")).toBe("open");
  });
});

test("the people's answer outlives ours", () => {
  const id = threatId("callable-without-login", "api");
  const open = { ...api, facts: facts({ authenticated: "no" }) };
  expect(statusOf(shop({ elements: [open] }), "callable-without-login", "api")).toBe("open");
  const threats = [aModelThreat({ id, status: "not-applicable", reason: "health check only" })];
  expect(statusOf(shop({ elements: [open], threats }), "callable-without-login", "api")).toBe("not-applicable");
});

test("the output has exactly the fields of the interface", () => {
  const flow = aFlow({ id: "call", from: "api", to: "orders", protocol: "http" });
  const model = shop({
    elements: [
      { ...api, boundary: "cloud" },
      { ...orders, facts: facts({ "personal-data": "no" }) },
    ],
    flows: [flow],
  });
  const output = threatsOutput("shop.yaml", elicitModel(model, rules));
  expect(Object.keys(output)).toEqual(["schemaVersion", "file", "threats", "questions"]);
  expect(output.threats.filter(({ rule }) => rule === "read-on-the-way")).toEqual([
    {
      id: threatId("read-on-the-way", "call"),
      rule: "read-on-the-way",
      element: "call",
      elementName: "Orders API → Orders",
      stride: "I",
      cwe: ["CWE-319"],
      title: "Somebody on the way reads what is sent",
      risk: "medium",
      status: "open",
      why: [
        { fact: "crosses-boundary", is: "yes", where: "threat-model.yaml:30" },
        { fact: "encrypted-in-transit", is: "no", where: "threat-model.yaml:30" },
      ],
    },
  ]);
  expect(Object.keys(output.questions[0] ?? {})).toEqual(["element", "facts", "asks"]);
});

describe("ids are stable", () => {
  const type = fc.constantFrom("http-api" as const, "relational-db" as const, "cache" as const, undefined);
  const elements = fc.uniqueArray(
    fc.record({ id: fc.stringMatching(/^[a-z]{1,8}$/), name: fc.string({ maxLength: 30 }), type, open: fc.boolean() }),
    { maxLength: 8, selector: ({ id }) => id },
  );
  const modelOf = (
    parts: readonly {
      id: string;
      name: string;
      type: "http-api" | "relational-db" | "cache" | undefined;
      open: boolean;
    }[],
  ) =>
    aModel({
      elements: parts.map((part) =>
        anElement({
          id: part.id,
          name: part.name,
          kind: part.type === "http-api" ? "process" : "store",
          ...(part.type && { type: part.type }),
          facts: facts({ "network-restricted": part.open ? "no" : "yes", authenticated: "no" }),
        }),
      ),
    });
  const ids = (model: ThreatModel) => elicitModel(model, rules).threats.map(({ id }) => id);

  test("adding, reordering and moving elements changes none; a name is not part of an id", () => {
    fc.assert(
      fc.property(elements, (parts) => {
        const before = ids(modelOf(parts));
        expect(ids(modelOf([...parts].reverse())).sort()).toEqual([...before].sort());
        const more = ids(modelOf([{ id: "zzzzzzzzz", name: "new", type: "cache", open: true }, ...parts]));
        expect(before.filter((id) => !more.includes(id))).toEqual([]);
        const renamed = modelOf(parts);
        const moved = {
          ...renamed,
          elements: renamed.elements.map((element) => ({
            ...element,
            name: "Renamed",
            place: { path: "other.yaml", line: 1 },
          })),
        };
        const plain = { ...renamed, elements: renamed.elements.map((element) => ({ ...element, name: "Plain" })) };
        expect(ids(moved)).toEqual(ids(plain));
      }),
      { numRuns: 50 },
    );
  });

  test("one threat for a rule and an element", () => {
    fc.assert(
      fc.property(elements, (parts) => {
        const all = ids(modelOf(parts));
        expect(new Set(all).size).toBe(all.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe("what only a client speaks of", () => {
  const cache = (is: "yes" | "no" | "not stated" | undefined) =>
    anElement({
      id: "cache",
      name: "Orders cache?",
      type: "cache",
      facts: is === undefined ? [] : [{ fact: "in-use", is }],
    });
  const about = (element: ReturnType<typeof cache>) => {
    const model = shop({
      elements: [api, element],
      flows: [aFlow({ id: "call", from: "api", to: "cache", protocol: "http" })],
    });
    const { threats, questions } = elicitModel(model, rules);
    const of = (id: string) => [
      threats.filter((threat) => threat.element.id === id).length > 0,
      questions.filter((question) => question.element.id === id).map(({ facts: asked }) => asked.includes("in-use")),
    ];
    return { store: of("cache"), flow: of("call"), model };
  };

  test("is asked for, and threatened by nothing until somebody says that it is there", () => {
    expect(about(cache("not stated"))).toMatchObject({ store: [false, [true]], flow: [false, []] });
    expect(about(cache("no"))).toMatchObject({ store: [false, []], flow: [false, []] });
    expect(about(cache("yes"))).toEqual({ ...about(cache(undefined)), model: expect.anything() });
    expect(about(cache("yes"))).toMatchObject({ store: [true, [false]], flow: [true, []] });
  });

  test("is explained by that fact alone", () => {
    const { model } = about(cache("not stated"));
    for (const [id, because] of [
      ["cache", "not-stated"],
      ["call", "does-not-apply"],
    ] as const) {
      const explained = explainModel(model, rules, id);
      expect(explained?.threats).toEqual([]);
      expect(explained?.unlisted.length).toBeGreaterThan(3);
      for (const one of explained?.unlisted ?? [])
        expect([one.because, one.facts.map(({ fact }) => fact)]).toEqual([because, ["in-use"]]);
    }
  });
});
