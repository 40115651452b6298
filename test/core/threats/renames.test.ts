import { describe, expect, test } from "@jest/globals";
import { threatId } from "../../../src/core/domain/threat-id.ts";
import type { ModelThreat, ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { elicitModel } from "../../../src/core/threats/elicit.ts";
import { formerIds, renamesToWriteDown } from "../../../src/core/threats/renames.ts";
import { aFlow, aModel, aModelThreat, anElement, aThreatRule, facts, someRules } from "./make.ts";

const api = anElement({ id: "api", name: "API", kind: "process", type: "http-api" });
const orders = anElement({ id: "orders", name: "Orders", type: "object-store", files: ["infra/orders.tf"] });
const call = aFlow({ id: "call", from: "api", to: "orders" });
const base = aModel({ elements: [api, orders], flows: [call] });

const former = (head: ThreatModel, before: ThreatModel | undefined = base) =>
  Object.fromEntries(formerIds(before, head));

describe("an element that only changed its id is the same", () => {
  test.each<[string, Partial<typeof orders>]>([
    ["by its name", { files: [] }],
    ["by its files", { name: "Order archive" }],
    ["by its neighbours", { name: "Order archive", files: [] }],
  ])("%s, and its flow with it", (_how, bend) => {
    const renamed = { ...orders, id: "order-store", ...bend };
    const moved = { ...call, id: "query", to: "order-store" };
    const head = aModel({ elements: [api, renamed], flows: [moved] });
    expect(former(head)).toEqual({ "order-store": ["orders"], query: ["call"] });
  });

  test("an element without any flow by its name alone", () => {
    const alone = aModel({ elements: [{ ...orders, id: "order-store", files: [] }] });
    expect(former(alone, aModel({ elements: [orders] }))).toEqual({ "order-store": ["orders"] });
  });

  test("not where its type changed, and not where two fit", () => {
    const other = anElement({ id: "order-store", name: "Orders", type: "cache" });
    expect(former(aModel({ elements: [api, other] }))).toEqual({});
    const twins = ["one", "two"].map((id) => ({ ...orders, id }));
    expect(former(aModel({ elements: [api, ...twins] }))).toEqual({});
  });

  test("not where the old one is still there", () => {
    expect(former(aModel({ elements: [api, orders, { ...orders, id: "copy" }] }))).toEqual({});
  });

  test("where the model says so itself, with no model before", () => {
    const head = aModel({ elements: [{ ...orders, id: "order-store", formerly: ["orders", "bucket"] }] });
    expect(Object.fromEntries(formerIds(undefined, head))).toEqual({ "order-store": ["orders", "bucket"] });
  });
});

test("answers given under the former id still count, in the same change and after it", () => {
  const rule = aThreatRule({ id: "read", mitigatedBy: [{ yes: ["closed"], control: "Closed" }] });
  const rules = someRules([rule], ["closed"]);
  const open = { ...orders, facts: facts({ closed: "no" }) };
  const answered = aModelThreat({
    id: threatId("read", "orders"),
    element: "order-store",
    title: "In our own words",
    status: "not-applicable",
    reason: "empty by design",
  });
  const before = aModel({ elements: [open] });
  const renamed = { ...open, id: "order-store" };
  const head = aModel({ elements: [renamed], threats: [answered] });
  const statuses = (model: ThreatModel, then?: ThreatModel) =>
    elicitModel(model, rules, undefined, then).threats.map(({ status, title }) => [status, title]);
  expect(statuses(head, before)).toEqual([["not-applicable", "In our own words"]]);
  expect(statuses({ ...head, elements: [{ ...renamed, formerly: ["orders"] }] })).toEqual([
    ["not-applicable", "In our own words"],
  ]);
  expect(statuses(head)).toEqual([["open", rule.title]]);
});

describe("what a change should write down", () => {
  const rules = [{ id: "read" }, { id: "changed" }];
  const answer = (id: string) =>
    aModelThreat({ id, element: "order-store", status: "not-applicable", reason: "empty" });
  const head = (threats: ModelThreat[], formerly?: string[]) =>
    aModel({ elements: [{ ...orders, id: "order-store", ...(formerly && { formerly }) }], threats });
  const base = aModel({ elements: [orders] });

  test("the former id, where an answer under it would be lost after the merge", () => {
    const asked = renamesToWriteDown(base, head([answer(threatId("read", "orders"))]), rules);
    expect(asked).toEqual([
      expect.objectContaining({
        severity: "warning",
        what: "`order-store` was `orders` before this change, and answers of this model still name threats of `orders`.",
        example: "formerly: [orders]",
      }),
    ]);
    const short = threatId("changed", "orders").slice(0, 8);
    expect(renamesToWriteDown(base, head([answer(short)]), rules)).toHaveLength(1);
  });

  test("nothing, where it stands there already, or no answer rests on it, or nothing was renamed", () => {
    const answers = [answer(threatId("read", "orders"))];
    expect(renamesToWriteDown(base, head(answers, ["orders"]), rules)).toEqual([]);
    expect(renamesToWriteDown(base, head([answer("T-1"), answer(threatId("read", "order-store"))]), rules)).toEqual([]);
    expect(renamesToWriteDown(base, aModel({ elements: [orders], threats: answers }), rules)).toEqual([]);
  });
});
