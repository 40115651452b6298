import { describe, expect, test } from "@jest/globals";
import { namedControl, namedThreat } from "../../../src/core/assess/deliverables/ledger.ts";
import { aControl, aModel, aThreatOfModel } from "../../make/a-model.ts";

describe("how a part is named in a sentence about what lacks", () => {
  const model = aModel();
  const uuid = "0b5c1d2e-3f40-4a51-8b62-9c73ad84be95";

  test("by the id that people know it by", () => {
    expect(namedThreat(model, aThreatOfModel("T-1", { title: "Bookings are read" }))).toBe('Threat "T-1"');
    expect(namedControl(model, { ...aControl("C-1"), title: "Sessions are signed" })).toBe('Control "C-1"');
  });

  test("by its title where a tool gave it a UUID, and by that alone where it has no title", () => {
    expect(namedThreat(model, aThreatOfModel(uuid, { title: "Bookings are read" }))).toBe('Threat "Bookings are read"');
    expect(namedControl(model, { ...aControl(uuid), title: "Sessions are signed" })).toBe(
      'Control "Sessions are signed"',
    );
    expect(namedThreat(model, aThreatOfModel(uuid, { title: "" }))).toBe(`Threat "${uuid}"`);
  });
});
