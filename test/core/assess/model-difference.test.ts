import { describe, expect, test } from "@jest/globals";
import { modelDifference } from "../../../src/core/assess/model-difference.ts";
import type { ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { aControl, aModel, anAcceptance, anElement, aStory, aThreatOfModel, aValidation } from "../../make/a-model.ts";

function says(bend: Partial<ThreatModel>): readonly string[] {
  return modelDifference(aModel(), aModel(bend)).says;
}

describe("what counts as an update of the model", () => {
  test.each<[string, Partial<ThreatModel>, string[]]>([
    ["a new element", { elements: [anElement("web"), anElement("reports")] }, ["Element `reports` is new."]],
    [
      "an element that stores other data",
      { elements: [anElement("web", { data: ["health"] })] },
      ["Element `web` changed."],
    ],
    [
      "a fact",
      { elements: [anElement("web", { facts: [{ fact: "encrypted-at-rest", is: "yes" }] })] },
      ["Element `web` changed."],
    ],
    [
      "what is said of a requirement",
      { requirements: [{ requirement: "I.1(2)(g)", applies: "no", because: "No data.", place: { path: "m" } }] },
      ["Requirement `I.1(2)(g)` is new."],
    ],
    [
      "a flow",
      { flows: [{ id: "f1", from: "web", to: "db", data: [], facts: [], place: { path: "m" } }] },
      ["Flow `f1` is new."],
    ],
    [
      "a boundary",
      { boundaries: [{ id: "b", name: "internet", place: { path: "m" } }] },
      ["Boundary `internet` is new."],
    ],
    ["a threat", { threats: [aThreatOfModel("T-1"), aThreatOfModel("T-2")] }, ["Threat `T-2` is new."]],
    ["a rating", { threats: [aThreatOfModel("T-1", { risk: "low" })] }, ["Threat `T-1` changed."]],
    ["a status", { threats: [aThreatOfModel("T-1", { status: "open" })] }, ["Threat `T-1` changed."]],
    [
      "a control that is in place now",
      { controls: [aControl("C-1", { status: "verified" })] },
      ["Control `C-1` changed."],
    ],
    ["a story", { stories: [] }, ["Story `S-1` is gone."]],
    ["a result", { validations: [aValidation("V-1", "C-1", { result: "failed" })] }, ["Validation `V-1` changed."]],
    ["an acceptance", { acceptances: [anAcceptance("T-1")] }, ["Acceptance of `T-1` is new."]],
  ])("%s", (_, bend, expected) => {
    expect(says(bend)).toEqual(expected);
  });

  test.each<[string, Partial<ThreatModel>]>([
    ["a bumped date of a result", { validations: [aValidation("V-1", "C-1", { date: "2026-03-04" })] }],
    [
      "declared dates and versions",
      { documentation: { authors: [], reviewers: [], date: { text: "2026-03-04", place: { path: "m" } } } },
    ],
    ["the day by which a threat is treated", { threats: [aThreatOfModel("T-1", { due: "2026-03-04" })] }],
    ["white space", { threats: [aThreatOfModel("T-1", { title: "Threat  T-1 \n" })] }],
    ["other lines", { elements: [anElement("web", { place: { path: "threat-model.yaml", line: 99 } })] }],
    ["a self-declared review", { reviews: [{ by: "dana", on: "2026-03-04", place: { path: "m" } }] }],
  ])("%s is none (H068)", (_, bend) => {
    expect(says(bend)).toEqual([]);
  });

  test("another order is none", () => {
    const parts = {
      elements: [anElement("web", { data: ["a", "b"] }), anElement("db")],
      threats: [aThreatOfModel("T-1"), aThreatOfModel("T-2")],
    };
    const turned = {
      elements: [anElement("db"), anElement("web", { data: ["b", "a"] })],
      threats: parts.threats.toReversed(),
    };
    expect(modelDifference(aModel(parts), aModel(turned)).says).toEqual([]);
  });

  test("a first model is an update of everything in it", () => {
    expect(modelDifference(undefined, aModel()).says).toHaveLength(5);
    expect(modelDifference(undefined, undefined).says).toEqual([]);
  });
});

describe("what an update concerns", () => {
  const web = anElement("web", { name: "Web shop", files: ["web/**"] });

  test.each<[string, Partial<ThreatModel>]>([
    ["the threat of an element", { threats: [aThreatOfModel("T-1", { title: "Other words" })] }],
    ["its control", { controls: [aControl("C-1", { title: "Other words" })] }],
    ["the story of its threat", { stories: [aStory("S-1", ["T-1"], { issue: "#9" })] }],
    ["the validation of its control", { validations: [aValidation("V-1", "C-1", { result: "failed" })] }],
  ])("%s concerns the element, by id, name and files", (_, bend) => {
    const difference = modelDifference(aModel({ elements: [web] }), aModel({ elements: [web], ...bend }));
    expect([...difference.names]).toEqual(expect.arrayContaining(["web", "web-shop"]));
    expect(difference.files).toContain("web/**");
  });

  test("evidence names its file, without the line", () => {
    const difference = modelDifference(
      aModel(),
      aModel({ controls: [aControl("C-1", { evidence: ["infra/a.tf:20", "src/b.ts#L3-L9"] })] }),
    );
    expect(difference.files).toEqual(["infra/a.tf", "src/b.ts"]);
  });
});

describe("threats that move", () => {
  test("a new id for the same threat is a renaming", () => {
    const after = aModel({ threats: [aThreatOfModel("T-9", { title: "threat t-1" })] });
    const difference = modelDifference(aModel(), after);
    expect([...difference.renamed]).toEqual([["T-1", "T-9"]]);
    expect(difference.removedThreats).toEqual([]);
  });

  test("an id that names another threat is told (H073)", () => {
    const after = aThreatOfModel("T-1", { title: "Queue overflows", element: "queue" });
    expect(modelDifference(aModel(), aModel({ threats: [after] })).reused).toEqual([
      { before: aThreatOfModel("T-1"), after },
    ]);
  });

  test("an id whose threat is reworded, or moved to a renamed element, stays with it", () => {
    const before = aThreatOfModel("T-1", { title: "Bucket readable by anyone" });
    for (const bend of [{ title: "Everybody reads it" }, { element: "store", title: "Bucket readable by strangers" }]) {
      const after = aThreatOfModel("T-1", bend);
      expect(modelDifference(aModel({ threats: [before] }), aModel({ threats: [after] })).reused).toEqual([]);
    }
  });
});
