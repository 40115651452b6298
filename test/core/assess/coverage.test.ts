import { describe, expect, test } from "@jest/globals";
import { type CoverageGround, isCovered } from "../../../src/core/assess/coverage.ts";
import { modelDifference } from "../../../src/core/assess/model-difference.ts";
import type { ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { aControl, aModel, anElement, aThreatOfModel } from "../../make/a-model.ts";
import { aChange, aChecklist, aThreat } from "../../make/an-assessment.ts";

function ground(bend: Partial<CoverageGround> = {}): CoverageGround {
  return {
    difference: modelDifference(aModel(), aModel()),
    modelFiles: ["threat-model.yaml"],
    checklists: [aChecklist()],
    threats: [aThreat()],
    noChangeNeeded: false,
    ...bend,
  };
}

function covers(after: Partial<ThreatModel>): boolean {
  return isCovered(aChange(), 0, ground({ difference: modelDifference(aModel(), aModel(after)) }));
}

const web = anElement("web");

describe("a change is covered by an update that concerns it", () => {
  test.each<[string, Partial<ThreatModel>]>([
    ["its element, by name", { elements: [web, anElement("e7", { name: "Patient Exports" })] }],
    ["its element, by id", { elements: [web, anElement("patient_exports", { name: "Bucket" })] }],
    ["its file, as a pattern", { elements: [web, anElement("store", { files: ["infra/**"] })] }],
    ["its file, as evidence of a control", { controls: [aControl("C-1", { evidence: ["infra/export.tf:20"] })] }],
    [
      "its element, in the words of a threat",
      { threats: [aThreatOfModel("T-1"), aThreatOfModel("T-2", { title: "Strangers read patient-exports" })] },
    ],
    ["its derived threat, by the id that is shown", { threats: [aThreatOfModel("T-1"), aThreatOfModel("T-7c1e2q")] }],
    ["its derived threat, by the whole id", { threats: [aThreatOfModel("T-1"), aThreatOfModel("T-7c1e2q4m8x0z")] }],
  ])("%s", (_, after) => {
    expect(covers(after)).toBe(true);
  });

  test.each<[string, Partial<ThreatModel>]>([
    ["nothing", {}],
    [
      "its element, as a draft that nobody has confirmed",
      { elements: [web, anElement("e7", { name: "Patient Exports" })], drafts: ["e7"] },
    ],
    [
      "its derived threat, as a draft",
      { threats: [aThreatOfModel("T-1"), aThreatOfModel("T-7c1e2q")], drafts: ["T-7c1e2q"] },
    ],
    ["something unrelated", { elements: [web, anElement("search")] }],
    ["an element whose name only begins alike", { elements: [web, anElement("patient-exports-old")] }],
    [
      "a longer word that holds the name",
      { threats: [aThreatOfModel("T-1"), aThreatOfModel("T-2", { title: "About patient-exportsystems" })] },
    ],
    ["a pattern for every file", { elements: [web, anElement("store", { files: ["**"] })] }],
    [
      "a pattern for files of any folder",
      { elements: [web, anElement("store", { files: ["**/*.tf", "./**", "*/*"] })] },
    ],
    ["a file beside it", { elements: [web, anElement("store", { files: ["infra/export.tf.bak"] })] }],
    ["an id that is too short to mean one threat", { threats: [aThreatOfModel("T-1"), aThreatOfModel("T-7c1")] }],
  ])("%s covers nothing", (_, after) => {
    expect(covers(after)).toBe(false);
  });
});

test("confirming a draft is what covers", () => {
  const exports = anElement("e7", { name: "Patient Exports" });
  const drafted = aModel({ elements: [web, exports], drafts: ["e7"] });
  const confirmed = aModel({ elements: [web, exports] });
  expect(isCovered(aChange(), 0, ground({ difference: modelDifference(drafted, confirmed) }))).toBe(true);
  expect(modelDifference(confirmed, drafted).says).toEqual(["Element `Patient Exports` is gone."]);
});

describe("a change is covered by answers", () => {
  const credited = [{ title: "Bucket readable", where: { path: "threat-model.yaml", line: 9 } }];
  test.each<[string, Partial<CoverageGround>, boolean]>([
    ["all questions answered in the model", { checklists: [aChecklist({ threats: [], credited })] }, true],
    [
      "all answered by a draft that nobody has confirmed",
      { checklists: [aChecklist({ threats: [], credited })], drafted: [{ path: "threat-model.yaml", line: 9 }] },
      false,
    ],
    ["one still open", { checklists: [aChecklist({ credited })] }, false],
    [
      "a fact still asked",
      {
        checklists: [
          aChecklist({
            threats: [],
            credited,
            questions: [
              {
                element: aThreat().element,
                facts: ["encrypted-at-rest"],
                asks: "Is it encrypted?",
                place: { path: "a" },
              },
            ],
          }),
        ],
      },
      false,
    ],
    [
      "answered by the patch alone",
      {
        checklists: [
          aChecklist({ threats: [], credited: [{ title: "x", where: { path: "infra/export.tf", line: 19 } }] }),
        ],
      },
      false,
    ],
    ["no checklist at all", { checklists: [] }, false],
    ["a counted review that says no change is needed", { noChangeNeeded: true }, true],
  ])("%s: %s", (_, bend, expected) => {
    expect(isCovered(aChange(), 0, ground(bend))).toBe(expected);
  });
});
