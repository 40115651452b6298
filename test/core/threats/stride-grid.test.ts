import { describe, expect, test } from "@jest/globals";
import { strideLetters, strideOfKind } from "../../../src/core/domain/stride.ts";
import { elicitModel } from "../../../src/core/threats/elicit.ts";
import { strideGrid } from "../../../src/core/threats/stride-grid.ts";
import fc from "../../make/fast-check.ts";
import { generatedModel } from "../../make/generated-model.ts";
import { aFlow, aModel, aModelThreat, anElement, aThreatRule, facts, someRules } from "./make.ts";

const api = anElement({ id: "api", name: "Orders API", kind: "process", type: "http-api" });
const rule = aThreatRule({
  id: "read",
  appliesTo: { elements: ["http-api"] },
  mitigatedBy: [{ yes: ["closed"], control: "Closed" }],
});
const rules = someRules([rule], ["closed"]);

const cellsOf = (model: ReturnType<typeof aModel>, derived = elicitModel(model, rules).threats) =>
  strideGrid(model, derived).rows[0]?.cells.map(({ letter, state, by, reason, candidates }) => [
    letter,
    state,
    ...by,
    ...(reason === undefined ? [] : [reason]),
    ...candidates.map(() => "offered"),
  ]);

describe("STRIDE for each element", () => {
  test("what people wrote covers; what rules derive is offered and fills nothing", () => {
    const open = { ...api, facts: facts({ closed: "no" }) };
    const threats = [
      aModelThreat({ id: "T-1", element: "api", stride: ["S", "E"] }),
      aModelThreat({ id: "T-2", element: "Orders API", stride: ["R"], status: "not-applicable", reason: "reads only" }),
      aModelThreat({ id: "T-3", element: "api", stride: ["D"], status: "not-applicable" }),
    ];
    expect(cellsOf(aModel({ elements: [open], threats }))).toEqual([
      ["S", "covered", "T-1"],
      ["T", "open"],
      ["R", "not-applicable", "T-2", "reads only"],
      ["I", "open", "offered"],
      ["D", "open"],
      ["E", "covered", "T-1"],
    ]);
  });

  test("a draft that nobody confirmed covers nothing", () => {
    const threats = [aModelThreat({ id: "T-1", element: "api", stride: ["T"] })];
    expect(cellsOf(aModel({ elements: [api], threats, drafts: ["T-1"] }))?.[1]).toEqual(["T", "open"]);
  });

  test("a category unusual for the kind is set aside, and covered where somebody wrote a threat", () => {
    const store = anElement({ id: "db", name: "Orders", type: "relational-db" });
    const threats = [aModelThreat({ id: "T-1", element: "db", stride: ["E"] })];
    expect(cellsOf(aModel({ elements: [store], threats }))).toEqual([
      ["S", "not-applicable", "not usual for a data store"],
      ["T", "open"],
      ["R", "open"],
      ["I", "open"],
      ["D", "open"],
      ["E", "covered", "T-1"],
    ]);
  });

  test("flows have rows of their own, after the elements", () => {
    const model = aModel({ elements: [api], flows: [aFlow({ id: "f", from: "api", to: "api" })] });
    const grid = strideGrid(model, []);
    expect(grid.rows.map(({ element }) => element.name)).toEqual(["Orders API", "Orders API → Orders API"]);
    expect(grid).toMatchObject({ covered: 0, notApplicable: 3, open: 9 });
  });
});

test("every element has six answers, and without a written threat as many open ones as its kind asks for", () => {
  fc.assert(
    fc.property(generatedModel(fc.constantFrom("orders", "users", "mail", "a b", "x", "y z", "q", "w")), (model) => {
      const grid = strideGrid({ ...model, threats: [] }, []);
      expect(grid.rows).toHaveLength(model.elements.length + model.flows.length);
      expect(grid.covered + grid.notApplicable + grid.open).toBe(grid.rows.length * strideLetters.length);
      const asked = grid.rows.reduce((sum, { element }) => sum + strideOfKind[element.kind].length, 0);
      expect(grid.open).toBe(asked);
      expect(strideGrid(model, []).open).toBeLessThanOrEqual(asked);
    }),
    { numRuns: 40 },
  );
});
