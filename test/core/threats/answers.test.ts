import { describe, expect, test } from "@jest/globals";
import type { ModelAcceptance } from "../../../src/core/domain/model-decisions.ts";
import type { ModelControl, ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { answersOf } from "../../../src/core/threats/answers.ts";
import { aModel, aModelThreat } from "./make.ts";

const id = "T-7c1e2q9abvwk";
const asked = { id, title: "Bucket readable by anyone", elementId: "exports", elementName: "patient-exports" };
const now = "2026-03-04T12:00:00Z";
const place = { path: "threat-model.yaml", line: 50 };

function answer(bend: Partial<ThreatModel>, ids: readonly string[] = [id], at: string | undefined = now) {
  return answersOf(aModel(bend), ids, at)(asked);
}

function control(status?: ModelControl["status"]): ModelControl {
  return { id: "C-1", title: "Block public access", ...(status && { status }), evidence: [], place };
}

function acceptance(bend: Partial<ModelAcceptance> = {}): ModelAcceptance {
  return { threat: id, reason: "moved next month", approver: "dana", until: "2026-03-04", place, ...bend };
}

describe("finding the answer", () => {
  test("by the whole id, by a prefix of six characters in any case, or by title on the same element", () => {
    for (const written of [id, "T-7c1e2q", "T-7C1E2Q"])
      expect(answer({ threats: [aModelThreat({ id: written })] })?.status).toBe("open");
    const titled = aModelThreat({ id: "OWN-4", element: "patient-exports", title: "bucket  readable by ANYONE" });
    expect(answer({ threats: [titled] })?.place).toEqual(titled.place);
  });

  test("not by a hand-written number, an ambiguous prefix, another element or nothing", () => {
    expect(answer({ threats: [aModelThreat({ id: "T-7" })] })).toBeUndefined();
    expect(answer({ threats: [aModelThreat({ id: "T-7c1e2q" })] }, [id, "T-7c1e2qzzzzzz"])).toBeUndefined();
    expect(answer({ threats: [aModelThreat({ element: "other", title: asked.title })] })).toBeUndefined();
    expect(answer({})).toBeUndefined();
  });

  test("people's own rating comes along", () => {
    expect(answer({ threats: [aModelThreat({ id, impact: "low", likelihood: "high" })] })).toMatchObject({
      impact: "low",
      likelihood: "high",
    });
  });
});

describe("what a status is worth", () => {
  test.each<[string, Partial<ThreatModel>, string]>([
    ["mitigated by a control in place", { threats: [mitigated()], controls: [control("implemented")] }, "mitigated"],
    ["mitigated by a verified control", { threats: [mitigated()], controls: [control("verified")] }, "mitigated"],
    ["mitigated by a proposed control", { threats: [mitigated()], controls: [control("proposed")] }, "open"],
    ["mitigated by a control without status", { threats: [mitigated()], controls: [control()] }, "open"],
    [
      "the same in a format without control states",
      { format: "threagile", threats: [mitigated()], controls: [control()] },
      "mitigated",
    ],
    ["mitigated by a control that does not exist", { threats: [mitigated()] }, "open"],
    [
      "mitigated by a text",
      { threats: [aModelThreat({ id, status: "mitigated", mitigation: "access block is on" })] },
      "mitigated",
    ],
    ["mitigated by nothing", { threats: [aModelThreat({ id, status: "mitigated" })] }, "open"],
    ["mitigated in a draft", { threats: [mitigated()], controls: [control("implemented")], drafts: [id] }, "open"],
    [
      "mitigated by a drafted control",
      { threats: [mitigated()], controls: [control("implemented")], drafts: ["C-1"] },
      "open",
    ],
    [
      "not applicable with a reason",
      { threats: [aModelThreat({ id, status: "not-applicable", reason: "public assets only" })] },
      "not-applicable",
    ],
    ["not applicable without one", { threats: [aModelThreat({ id, status: "not-applicable" })] }, "open"],
    [
      "accepted with a record",
      { threats: [aModelThreat({ id, status: "accepted" })], acceptances: [acceptance()] },
      "accepted",
    ],
    ["accepted without a record", { threats: [aModelThreat({ id, status: "accepted", reason: "fine" })] }, "open"],
    [
      "accepted with a reason elsewhere",
      { format: "threagile", threats: [aModelThreat({ id, status: "accepted", reason: "fine" })] },
      "accepted",
    ],
    [
      "accepted for nothing elsewhere",
      { format: "threagile", threats: [aModelThreat({ id, status: "accepted" })] },
      "open",
    ],
    ["an acceptance on its own", { acceptances: [acceptance()] }, "accepted"],
    [
      "an acceptance without approver",
      { acceptances: [{ threat: id, reason: "r", until: "2027-01-01", place }] },
      "open",
    ],
    ["an acceptance without end", { acceptances: [{ threat: id, reason: "r", approver: "dana", place }] }, "open"],
    ["an acceptance that ended yesterday", { acceptances: [acceptance({ until: "2026-03-03" })] }, "open"],
    ["an acceptance of an open threat", { threats: [aModelThreat({ id })], acceptances: [acceptance()] }, "accepted"],
    ["a threat left open", { threats: [aModelThreat({ id })] }, "open"],
    ["a threat of unknown state", { threats: [aModelThreat({ id, status: "unknown" })] }, "unknown"],
  ])("%s", (_why, bend, expected) => {
    expect(answer(bend)?.status).toBe(expected);
  });

  test("an acceptance that nobody's clock judges still needs an end", () => {
    const at = answersOf(aModel({ acceptances: [acceptance({ until: "2020-01-01" })] }), [id], undefined);
    expect(at(asked)?.status).toBe("accepted");
  });
});

function mitigated() {
  return aModelThreat({ id, status: "mitigated", controls: ["C-1"] });
}
