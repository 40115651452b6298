import { describe, expect, test } from "@jest/globals";
import { elementTypeIds } from "../../../src/core/domain/element-type.ts";
import { threatId } from "../../../src/core/domain/threat-id.ts";
import type { ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { resultOf } from "../../../src/core/evidence-report/results.ts";
import { themesInWords } from "../../../src/core/evidence-report/theme-words.ts";
import { gatherEvidence } from "../../../src/core/gather-evidence.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import { aControl, aModel, anElement, aThreatOfModel, aValidation } from "../../make/a-model.ts";
import { anEvidenceGround } from "../../make/an-evidence-ground.ts";

const rules = await readRules();
const place = { path: "threat-model.yaml", line: 90 };

function requirement(id: string, model: Partial<ThreatModel>) {
  const report = gatherEvidence(anEvidenceGround(aModel(model)), rules);
  const found = report.frameworks.flatMap(({ requirements }) => requirements).find((one) => one.id === id);
  if (!found) throw new Error(`No framework holds ${id}.`);
  return found;
}

/** A denial of service: (h) of the CRA's Annex I Part I (2). */
const flood = aThreatOfModel("T-1", { title: "Requests fill the disk", stride: ["D"] });

describe("the frameworks that ship", () => {
  test("hold every id that an evidence theme leads to, and each id once", () => {
    const frameworks = rules.frameworks ?? [];
    expect(frameworks.map(({ id }) => id)).toEqual(["cra", "nis2", "nis2-2690", "iso27001", "ssdf", "asvs"]);
    for (const framework of frameworks) {
      const ids = framework.requirements.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const led = (rules.themes ?? []).flatMap((theme) => {
        const own = theme[framework.themes];
        return Array.isArray(own) ? own.map((id) => `${framework.prefix}${String(id)}`) : [];
      });
      expect(led.length).toBeGreaterThan(0);
      expect(led.filter((id) => !ids.includes(id))).toEqual([]);
    }
  });

  test("ask of all thirteen requirements of the CRA's Annex I Part I (2) whether they apply", () => {
    const report = gatherEvidence(anEvidenceGround(), rules);
    expect(report.frameworks.flatMap(({ applicability }) => applicability)).toEqual(
      [..."abcdefghijklm"].map((letter) => `I.1(2)(${letter})`),
    );
  });

  test("may be chosen: nis2 is the directive and the regulation that carries it out", () => {
    const chosen = gatherEvidence(anEvidenceGround(aModel(), { frameworks: ["nis2"] }), rules);
    expect(chosen.frameworks.map(({ id }) => id)).toEqual(["nis2", "nis2-2690"]);
  });
});

describe("a requirement", () => {
  test("is answered when every threat that speaks to it is, with validated controls", () => {
    expect(requirement("I.1(2)(h)", { threats: [flood] })).toMatchObject({
      state: "met",
      why: "1 threat, none open; 1 control validated.",
      threats: ["T-1"],
      open: [],
      controlsValidated: 1,
    });
  });

  test("is in part while a control is not validated, or an open threat is planned", () => {
    const unvalidated = { threats: [flood], validations: [aValidation("V-1", "C-1", { result: "failed" })] };
    expect(requirement("I.1(2)(h)", unvalidated)).toMatchObject({
      state: "planned",
      why: "1 threat, none open; 0 of 1 control validated.",
    });
    const planned = {
      threats: [{ ...flood, status: "open" as const }],
      controls: [aControl("C-1", { status: "proposed" })],
    };
    expect(requirement("I.1(2)(h)", planned)).toMatchObject({ state: "planned", open: ["T-1"] });
  });

  test("is a gap when nothing is planned for an open threat", () => {
    const open = { threats: [{ ...flood, status: "open" as const, controls: [] }], stories: [] };
    expect(requirement("I.1(2)(h)", open)).toMatchObject({
      state: "gap",
      why: "1 threat, 1 open; nothing is planned for 1.",
    });
  });

  test("of which nothing speaks is said to be so", () => {
    expect(requirement("I.1(2)(m)", { threats: [flood] })).toMatchObject({ state: "not-addressed", threats: [] });
  });

  test("does not apply where the model says so with a reason, and is a gap where it gives none", () => {
    const because = "The product keeps no data about people.";
    const said = (stated: string | undefined) =>
      requirement("I.1(2)(g)", {
        requirements: [
          { requirement: "i.1 (2)(G)", applies: "no", place, ...(stated === undefined ? {} : { because: stated }) },
        ],
      });
    expect(said(because)).toMatchObject({ state: "not-applicable", applies: "no", justification: because });
    expect(said(undefined)).toMatchObject({ state: "gap" });
    expect(said("n/a")).toMatchObject({ state: "gap" });
  });

  test("that no framework holds is told", () => {
    const requirements = [{ requirement: "I.9(9)", applies: "yes" as const, place }];
    const report = gatherEvidence(anEvidenceGround(aModel({ requirements })), rules);
    expect(report.systems[0]?.unknownRequirements).toEqual(["I.9(9)"]);
  });

  test("about reviews is unknown in a clone, and never answered", () => {
    expect(requirement("PO.4.2", {})).toMatchObject({
      state: "unknown",
      why: "Records of assessments are kept by the service, not by a clone.",
    });
  });
});

describe("the theme of a threat", () => {
  const themesOf = (threat: Partial<ThreatModel["threats"][number]>, model: Partial<ThreatModel> = {}) => {
    const one = aThreatOfModel("T-1", { title: "Something happens", stride: [], ...threat });
    const report = gatherEvidence(anEvidenceGround(aModel({ threats: [one], controls: [], ...model })), rules);
    return report.systems[0]?.threats[0]?.themes;
  };

  test("is the one that its author states", () => {
    expect(themesOf({ theme: "BACKUP", stride: ["D"] })).toEqual([{ id: "BACKUP", ground: "stated", by: "theme" }]);
  });

  test("is that of the rule that made its id, also where the id was shortened", () => {
    const [rule] = rules.threats;
    const type = elementTypeIds[0];
    if (!rule || !type) throw new Error("no rule");
    const id = threatId(rule.id, "web");
    const expected = [{ id: rule.theme, ground: "library", by: rule.id }];
    expect([themesOf({ id }), themesOf({ id: id.slice(0, 8) })]).toEqual([expected, expected]);
    expect(themesOf({ id, element: "other" }, { elements: [anElement("other")] })).toEqual([]);
  });

  test("is told by its words, the closest two, or by a category that says it all", () => {
    expect(themesOf({ title: "Nobody can tell who restored the old state", stride: ["R"] })).toEqual([
      { id: "LOGGING", ground: "category", by: "repudiation" },
      { id: "BACKUP", ground: "words", by: "restored" },
    ]);
    expect(themesOf({ stride: ["S"] })).toEqual([{ id: "AUTHN", ground: "category", by: "spoofing" }]);
    expect(themesOf({ stride: ["T"] })).toEqual([]);
  });

  test("words are looked for in the beginning of a long text alone", () => {
    expect(themesInWords(`${"x ".repeat(200)} backup`, 2)).toEqual([]);
  });
});

describe("the stated result of a validation", () => {
  test("counts unless it says that it failed or was not done", () => {
    const passed = ["passed", "ok", "2 of 2 passed", "no findings", "0 failures", "ohne Befund"];
    const failed = ["failed", "2 failures", "not ok", "Fail"];
    const none = ["", "pending", "TBD", "not yet run", "planned for May", undefined];
    expect(passed.map(resultOf)).toEqual(passed.map(() => "stated"));
    expect(failed.map(resultOf)).toEqual(failed.map(() => "failed"));
    expect(none.map(resultOf)).toEqual(none.map(() => "none"));
  });
});
