import { describe, expect, test } from "@jest/globals";
import { presets } from "../../../src/core/domain/policy-presets.ts";
import type { ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { type EvidenceGround, gatherEvidence } from "../../../src/core/gather-evidence.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import { aControl, aModel, anAcceptance, aStory, aThreatOfModel, aValidation } from "../../make/a-model.ts";
import { anEvidenceGround, firstCommit } from "../../make/an-evidence-ground.ts";

const rules = await readRules();

/** The chain of the first threat of a model. */
function chainOf(model: Partial<ThreatModel>, bend: Partial<EvidenceGround> = {}) {
  const ground = anEvidenceGround(aModel(model), bend);
  const threat = gatherEvidence(ground, rules).systems[0]?.threats[0];
  if (!threat) throw new Error("The model holds no threat.");
  return threat;
}

describe("the chain of a threat", () => {
  test("leads from its decision over control, story and validation to the commit, with nothing missing", () => {
    const controls = [aControl("C-1", { evidence: ["src/web.ts:12"] })];
    expect(chainOf({ controls })).toMatchObject({
      id: "T-1",
      decision: { status: "mitigated", stated: "mitigated" },
      controls: [{ id: "C-1", status: "implemented", evidence: [{ text: "src/web.ts:12", state: "in-tree" }] }],
      stories: [{ id: "S-1", criteria: 1, isDraft: false }],
      validations: [{ id: "V-1", control: "C-1", result: "passed", date: "2026-02-01" }],
      approval: { state: "unknown" },
      introduced: { reference: "111111111111", commit: firstCommit, at: "2026-01-10T12:00:00.000Z", author: "Sam" },
      lastChanged: { reference: "111111111111" },
      gaps: [],
    });
  });

  test("names each link that is missing, and no other", () => {
    const shown = aControl("C-1", { evidence: ["a page of the wiki"] });
    const missing: [string, Partial<ThreatModel>, string[]][] = [
      [
        "no control",
        { threats: [aThreatOfModel("T-1", { status: "open", controls: [] })] },
        ["No control is planned."],
      ],
      [
        "a control that is not there",
        { threats: [aThreatOfModel("T-1", { controls: ["C-9"] })] },
        ["`T-1` counts as open: its control `C-9` does not exist.", "Control `C-9` is not in the model."],
      ],
      ["nothing that shows it", {}, ["Control `C-1` names nothing that shows it."]],
      [
        "evidence that is gone",
        { controls: [aControl("C-1", { evidence: ["src/gone.ts"] })] },
        ["Evidence of `C-1` is not in the tree: `src/gone.ts`."],
      ],
      ["no validation", { controls: [shown], validations: [] }, ["Control `C-1` has no validation."]],
      [
        "no result",
        { controls: [shown], validations: [aValidation("V-1", "C-1", { result: "pending" })] },
        ["The validation of `C-1` has no result."],
      ],
      [
        "a failed validation",
        { controls: [shown], validations: [aValidation("V-1", "C-1", { result: "failed on 2026-02-01" })] },
        ["A validation of `C-1` failed."],
      ],
      ["no story", { controls: [shown], stories: [] }, ["No story."]],
      ["a drafted story", { controls: [shown], drafts: ["S-1"] }, ["Its story is a draft that nobody has confirmed."]],
    ];
    for (const [what, model, gaps] of missing) expect([what, chainOf(model).gaps]).toEqual([what, gaps]);
  });

  test("a low threat needs no story, and a settled one neither control nor validation", () => {
    const low = aThreatOfModel("T-1", { impact: "low", likelihood: "medium", risk: "low" });
    const controls = [aControl("C-1", { evidence: ["src/web.ts"] })];
    expect(chainOf({ threats: [low], controls, stories: [] }).gaps).toEqual([]);
    const settled = aThreatOfModel("T-1", {
      status: "not-applicable",
      reason: "There is no such interface.",
      controls: [],
    });
    expect(chainOf({ threats: [settled], stories: [], controls: [], validations: [] }).gaps).toEqual([]);
  });

  test("who treats an open threat and by when is asked where the preset asks for it", () => {
    const open = aThreatOfModel("T-1", { status: "open" });
    const named = { ...open, owner: "team shop", due: "2026-05-01" };
    const gapsUnder = (preset: "ukhsa" | "nis2", threat: typeof open) => {
      const ground = anEvidenceGround(
        aModel({ threats: [threat], controls: [aControl("C-1", { status: "proposed" })] }),
      );
      const policy = { ...presets[preset], origins: {} };
      const report = gatherEvidence({ ...ground, assessment: { ...ground.assessment, policy } }, rules);
      return report.systems[0]?.threats[0]?.gaps;
    };
    expect(gapsUnder("ukhsa", open)).toEqual([]);
    expect(gapsUnder("nis2", named)).toEqual([]);
    expect(gapsUnder("nis2", open)).toEqual([
      "Nobody is named under `owner` who treats it.",
      "No day under `due` by which it is treated.",
    ]);
  });

  test("what a clone's history does not reach is not claimed", () => {
    expect(chainOf({}, { reachesBeginning: false })).not.toHaveProperty("introduced");
    const { lastChanged, approval } = chainOf({}, { entries: [] });
    expect([lastChanged, approval.says]).toEqual([undefined, "No update of the model that concerns it is known."]);
  });

  test("updates after the period change nothing", () => {
    const later = { kind: "update", at: "2026-04-02T00:00:00Z", reference: "333333333333", concerns: ["T-1"] } as const;
    const entries = [...anEvidenceGround().entries, later];
    expect(chainOf({}, { entries }).lastChanged?.reference).toBe("111111111111");
  });
});

describe("acceptances", () => {
  const accepted = [aThreatOfModel("T-1", { status: "accepted", controls: [] })];
  const stateOf = (acceptances: ThreatModel["acceptances"]) => {
    const report = gatherEvidence(anEvidenceGround(aModel({ threats: accepted, acceptances })), rules);
    return report.systems[0]?.acceptances.map(({ state, days, why }) => [state, days, why]);
  };

  test("stand with their days, and with the reason where they do not hold", () => {
    expect(stateOf([anAcceptance("T-1")])).toEqual([["in-force", 62, undefined]]);
    expect(stateOf([anAcceptance("T-1", { until: "2026-04-20", review: "2026-04-10" })])).toEqual([
      ["ends-soon", 20, undefined],
    ]);
    expect(stateOf([anAcceptance("T-1", { until: "2026-03-01", review: "2026-02-01" })])).toEqual([
      ["not-in-force", -30, "`T-1` counts as open: its acceptance ended on 2026-03-01 (30 days ago)."],
    ]);
    expect(stateOf([anAcceptance("T-9")])).toEqual([["not-in-force", 62, "The model holds no such threat."]]);
  });

  test("the story that a threat lacks is no gap of an accepted one", () => {
    const model = aModel({ threats: accepted, acceptances: [anAcceptance("T-1")], stories: [] });
    expect(gatherEvidence(anEvidenceGround(model), rules).systems[0]?.threats[0]?.gaps).toEqual([]);
  });
});

describe("stories", () => {
  test("a story may stand for several threats", () => {
    const threats = [aThreatOfModel("T-1"), aThreatOfModel("T-2")];
    const report = gatherEvidence(
      anEvidenceGround(aModel({ threats, stories: [aStory("S-1", ["T-1", "T-2"])] })),
      rules,
    );
    expect(report.systems[0]?.threats.map(({ stories }) => stories.map(({ id }) => id))).toEqual([["S-1"], ["S-1"]]);
  });
});
