import { describe, expect, test } from "@jest/globals";
import { indicators } from "../../../src/core/assess/indicators/index.ts";
import { indicator as tm2 } from "../../../src/core/assess/indicators/tm-2.ts";
import { indicator as tm4 } from "../../../src/core/assess/indicators/tm-4.ts";
import { judgeStatuses } from "../../../src/core/assess/statuses.ts";
import { type Deliverables, indicatorIds, rags } from "../../../src/core/domain/assessment.ts";
import { deliverableIds, type ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { aControl, aModel, anAcceptance, aStory, aThreatOfModel, aValidation } from "../../make/a-model.ts";
import { aPolicy, theDeliverables } from "../../make/an-assessment.ts";

const policy = aPolicy();

function facts(model: ThreatModel | undefined, deliverables: Deliverables = theDeliverables()) {
  return {
    system: "exports",
    ...(model && { model }),
    statuses: model ? judgeStatuses(model, { policy, now: "2026-03-04T12:00:00Z" }) : [],
    deliverables,
    currency: { state: "no-model" } as const,
    review: { peers: [], architects: [], notCounted: [] },
    policy,
  };
}

test("the four indicators of the standard, each with a meaning for each colour", () => {
  expect(indicators.map(({ id }) => id)).toEqual(indicatorIds);
  for (const { means } of indicators) expect(Object.keys(means).toSorted()).toEqual([...rags].toSorted());
});

describe("TM-2", () => {
  test("eight complete ones are GREEN", () => {
    expect(tm2.judge(facts(aModel()))).toEqual({ rag: "GREEN", why: "8 of 8 deliverables are complete.", next: [] });
  });

  test("some missing, partial, lacking or not carried are AMBER, each with what to do", () => {
    const lacking = [
      {
        must: "acceptance",
        says: "Give story S-1 acceptance criteria.",
        example: "acceptance: [...]",
        place: { path: "threat-model.yaml", line: 40 },
      },
    ];
    const deliverables = theDeliverables({
      stories: { state: "partial", lacking },
      validation: { state: "not-carried" },
      dfd: { state: "missing" },
      risk: { lacking },
    });
    expect(tm2.judge(facts(aModel(), deliverables))).toEqual({
      rag: "AMBER",
      why: "4 of 8 deliverables are complete; short: data flow diagram (missing), risk assessment (1 lacking), security user stories (partial), validation plan (not carried by this format).",
      next: [
        "Add the data flow diagram.",
        "Complete the risk assessment: Give story S-1 acceptance criteria.",
        "Complete the security user stories: Give story S-1 acceptance criteria.",
        "Put the validation plan in `threat-model.yaml` beside the model.",
      ],
    });
  });

  test("no model, or nothing present, is RED", () => {
    expect(tm2.judge(facts(undefined))).toMatchObject({
      rag: "RED",
      why: "There is no threat model of exports, so none of the eight deliverables is present.",
    });
    const none = theDeliverables(Object.fromEntries(deliverableIds.map((id) => [id, { state: "partial" } as const])));
    expect(tm2.judge(facts(aModel(), none)).rag).toBe("RED");
  });
});

describe("TM-4", () => {
  const why = (stories: string, results: string) =>
    `${stories} a story in the backlog; ${results} a validation result.`;
  test.each<[string, ThreatModel | undefined, string, string]>([
    ["all have", aModel(), "GREEN", why("1 of 1 medium+ threats has", "1 of 1 controls has")],
    [
      "a story linked to an issue is enough",
      aModel({ stories: [aStory("S-1", ["T-1"], { acceptance: [], issue: "#12" })] }),
      "GREEN",
      why("1 of 1 medium+ threats has", "1 of 1 controls has"),
    ],
    ["some lack", aModel({ stories: [] }), "AMBER", why("0 of 1 medium+ threats has", "1 of 1 controls has")],
    [
      "none has",
      aModel({ stories: [], validations: [] }),
      "RED",
      why("0 of 1 medium+ threats has", "0 of 1 controls has"),
    ],
    [
      "a plan without a result is none",
      aModel({ stories: [], validations: [aValidation("V-1", "C-1", { result: "TBD" })] }),
      "RED",
      why("0 of 1 medium+ threats has", "0 of 1 controls has"),
    ],
    [
      "a story that says nothing is none",
      aModel({ stories: [aStory("S-1", ["T-1"], { acceptance: ["TBD"] })], validations: [] }),
      "RED",
      why("0 of 1 medium+ threats has", "0 of 1 controls has"),
    ],
    [
      "a draft is none (nobody passes by pasting)",
      aModel({ drafts: ["S-1", "V-1"] }),
      "RED",
      why("0 of 1 medium+ threats has", "0 of 1 controls has"),
    ],
    [
      "low risks need none",
      aModel({ threats: [aThreatOfModel("T-1"), aThreatOfModel("T-2", { risk: "low" })] }),
      "GREEN",
      why("1 of 1 medium+ threats has", "1 of 1 controls has"),
    ],
    [
      "an accepted risk needs none",
      aModel({
        threats: [aThreatOfModel("T-1"), aThreatOfModel("T-2", { status: "accepted" })],
        acceptances: [anAcceptance("T-2")],
      }),
      "GREEN",
      why("1 of 1 medium+ threats has", "1 of 1 controls has"),
    ],
    [
      "an expired acceptance does",
      aModel({
        threats: [aThreatOfModel("T-1"), aThreatOfModel("T-2", { status: "accepted" })],
        acceptances: [anAcceptance("T-2", { until: "2026-03-03" })],
      }),
      "AMBER",
      why("1 of 2 medium+ threats have", "1 of 1 controls has"),
    ],
    [
      "nothing rated",
      aModel({ threats: [{ ...aThreatOfModel("T-1"), risk: undefined as never }] }),
      "UNKNOWN",
      "No threat of the model is rated.",
    ],
    [
      "no controls",
      aModel({ controls: [], threats: [aThreatOfModel("T-1", { status: "open" })] }),
      "GREEN",
      "1 of 1 medium+ threats has a story in the backlog; the model lists no controls.",
    ],
    [
      "mitigations that are text of a threat",
      aModel({ controls: [], threats: [aThreatOfModel("T-1", { status: "open", mitigation: "Sessions are signed" })] }),
      "GREEN",
      "1 of 1 medium+ threats has a story in the backlog; the mitigations of 1 threat stand as text, not as controls that could have a validation result.",
    ],
    ["no model", undefined, "UNKNOWN", "There is no threat model, so there is no rated threat."],
  ])("%s", (_, model, rag, sentence) => {
    expect(tm4.judge(facts(model))).toMatchObject({ rag, why: sentence });
  });

  test("what to do names the threats and controls", () => {
    const model = aModel({ stories: [], validations: [], controls: [aControl("C-1"), aControl("C-2")] });
    expect(tm4.judge(facts(model)).next).toEqual([
      "Write a story for `T-1`: `/threat stories` drafts them.",
      "Record a validation result for `C-1`, `C-2`.",
    ]);
  });
});
