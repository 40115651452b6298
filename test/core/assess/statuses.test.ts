import { describe, expect, test } from "@jest/globals";
import { acceptancesAwaitingReview, judgeStatuses } from "../../../src/core/assess/statuses.ts";
import type { ReviewVerdict } from "../../../src/core/domain/assessment.ts";
import type { ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { aControl, aModel, anAcceptance, aThreatOfModel } from "../../make/a-model.ts";
import { anAccount, headCommit } from "../../make/a-snapshot.ts";
import { aPolicy } from "../../make/an-assessment.ts";

const policy = aPolicy();

/** The judged status of the one threat, with the reason where it does not count. */
function judged(bend: Partial<ThreatModel>): string {
  const [first] = judgeStatuses(aModel(bend), { policy, now: "2026-03-04T12:00:00Z", author: anAccount("sam") });
  return first?.why ?? first?.status ?? "";
}

const accepted = { threats: [aThreatOfModel("T-1", { status: "accepted", controls: [] })] };

describe("what a stated status is worth", () => {
  test.each<[string, Partial<ThreatModel>, string]>([
    ["mitigated by a control in place", {}, "mitigated"],
    ["mitigated by a verified control", { controls: [aControl("C-1", { status: "verified" })] }, "mitigated"],
    [
      "without a control (H074)",
      { threats: [aThreatOfModel("T-1", { controls: [] })] },
      "`T-1` counts as open: it is called mitigated and names no control.",
    ],
    ["by a control that does not exist", { controls: [] }, "`T-1` counts as open: its control `C-1` does not exist."],
    [
      "by a control that is only proposed",
      { controls: [aControl("C-1", { status: "proposed" })] },
      "`T-1` counts as open: its control `C-1` is only proposed, not implemented.",
    ],
    [
      "by a control whose evidence is a placeholder",
      { controls: [aControl("C-1", { status: "implemented", evidence: ["TODO"] })] },
      "`T-1` counts as open: its control `C-1` has a placeholder for evidence.",
    ],
    [
      "by a control with evidence beside a placeholder",
      { controls: [aControl("C-1", { status: "implemented", evidence: ["TBD", "src/login.ts"] })] },
      "mitigated",
    ],
    [
      "by a drafted control",
      { drafts: ["C-1"] },
      "`T-1` counts as open: its control `C-1` is a draft that nobody has confirmed yet.",
    ],
    ["a drafted threat", { drafts: ["T-1"] }, "`T-1` counts as open: it is a draft that nobody has confirmed yet."],
    [
      "by words, in a format without controls",
      {
        format: "threat-dragon",
        controls: [],
        threats: [aThreatOfModel("T-1", { controls: [], mitigation: "The bucket policy denies anonymous reads." })],
      },
      "mitigated",
    ],
    [
      "by a placeholder",
      { format: "threat-dragon", controls: [], threats: [aThreatOfModel("T-1", { controls: [], mitigation: "TBD" })] },
      "`T-1` counts as open: it is called mitigated and names no control.",
    ],
    [
      "not applicable with a reason",
      { threats: [aThreatOfModel("T-1", { status: "not-applicable", reason: "There is no upload here." })] },
      "not-applicable",
    ],
    [
      "not applicable without one",
      { threats: [aThreatOfModel("T-1", { status: "not-applicable" })] },
      "`T-1` counts as open: it is set aside as not applicable without a reason.",
    ],
    ["open", { threats: [aThreatOfModel("T-1", { status: "open" })] }, "open"],
    ["unknown", { threats: [aThreatOfModel("T-1", { status: "unknown" })] }, "unknown"],
  ])("%s", (_, bend, expected) => {
    expect(judged(bend)).toBe(expected);
  });

  test.each<[string, Parameters<typeof anAcceptance>[1] | null, string]>([
    ["in full", {}, "accepted"],
    ["on the last day", { until: "2026-03-04", review: "2026-03-04" }, "accepted"],
    [
      "without a word on what holds it down meanwhile",
      { compensating: "" },
      "its acceptance does not say under `compensating` what holds the risk down meanwhile, or `none`.",
    ],
    [
      "without a day to look again",
      { review: "soon" },
      "its acceptance names no day under `review` on which it is looked at again.",
    ],
    [
      "with a day to look again that has passed",
      { review: "2026-03-03" },
      "its acceptance was to be looked at again on 2026-03-03 (1 day ago).",
    ],
    [
      "with a day to look again after its end",
      { review: "2026-06-02" },
      "its acceptance is looked at again on 2026-06-02, after it ends.",
    ],
    ["for as long as is allowed", { until: "2026-08-31" }, "accepted"],
    ["not at all", null, "it is called accepted and no acceptance is recorded."],
    ["without a reason", { reason: "n/a" }, "its acceptance gives no reason."],
    ["without an approver", { approver: "" }, "its acceptance names no approver."],
    [
      "by the author",
      { approver: "@Sam (architect)" },
      "its acceptance is approved by @Sam (architect), who is the author of this change.",
    ],
    ["until yesterday", { until: "2026-03-03" }, "its acceptance ended on 2026-03-03 (1 day ago)."],
    [
      "for a day too long",
      { until: "2026-09-01" },
      "its acceptance runs until 2026-09-01, 181 days from now; at most 180 days are allowed.",
    ],
    [
      "for ever",
      { until: "9999-12-31" },
      "its acceptance runs until 9999-12-31, 2912380 days from now; at most 180 days are allowed.",
    ],
    ["until a day that does not exist", { until: "2024-02-30" }, "its acceptance has no date until which it holds."],
    [
      "until a time of day that does not exist",
      { until: "2026-04-01T24:00:00Z" },
      "its acceptance has no date until which it holds.",
    ],
  ])("accepted %s (H069, H075)", (_, bend, expected) => {
    const acceptances = bend === null ? [] : [anAcceptance("T-1", bend)];
    const wanted = expected === "accepted" ? expected : `\`T-1\` counts as open: ${expected}`;
    expect(judged({ ...accepted, acceptances })).toBe(wanted);
  });
});

describe("an acceptance that is new here needs its approver's review of this commit", () => {
  const model = aModel({ ...accepted, acceptances: [anAcceptance("T-1")] });
  const statuses = judgeStatuses(model, { policy, now: "2026-03-04T12:00:00Z" });
  const nobody: ReviewVerdict = { peers: [], architects: [], notCounted: [] };
  const dana = { ...nobody, architects: [{ account: anAccount("dana"), commit: headCommit }] };
  const awaited = (base: ThreatModel | undefined, review: ReviewVerdict) =>
    acceptancesAwaitingReview(statuses, model, base, review, policy).map(({ says }) => says);

  test("without it somebody must act", () => {
    expect(awaited(aModel(), nobody)).toEqual([
      "The acceptance of `T-1` needs the approving review of @dana as Security Architect on this commit.",
    ]);
  });

  test("with it, or when it stood before, nobody must", () => {
    expect(awaited(aModel(), dana)).toEqual([]);
    expect(awaited(model, nobody)).toEqual([]);
  });

  test("a longer term is a new acceptance", () => {
    const before = aModel({ ...accepted, acceptances: [anAcceptance("T-1", { until: "2026-04-01" })] });
    expect(awaited(before, nobody)).toHaveLength(1);
  });

  test("a peer who is named approver is no architect, unless the level's roles say otherwise", () => {
    const lee = { ...nobody, peers: [{ account: anAccount("dana"), commit: headCommit }] };
    expect(awaited(aModel(), lee)).toHaveLength(1);
    const open = aPolicy({
      acceptance: { maxDays: 180, approvers: { high: ["security-architect", "product-owner"] } },
    });
    expect(acceptancesAwaitingReview(statuses, model, aModel(), lee, open)).toEqual([]);
  });
});
