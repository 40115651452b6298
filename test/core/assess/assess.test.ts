import { describe, expect, test } from "@jest/globals";
import { type AssessInput, assess, systemsOf } from "../../../src/core/assess/assess.ts";
import type { Change } from "../../../src/core/domain/change.ts";
import type { Mode, Policy } from "../../../src/core/domain/policy.ts";
import type { PullRequestFacts, Snapshot } from "../../../src/core/domain/snapshot.ts";
import type { Checklist } from "../../../src/core/domain/threat.ts";
import type { ReadModel, ThreatModel } from "../../../src/core/domain/threat-model.ts";
import {
  aControl,
  aModel,
  anAcceptance,
  anElement,
  aReadModel,
  aStory,
  aThreatOfModel,
  aValidation,
} from "../../make/a-model.ts";
import { aChangedFile, aPullRequest, aReview, aSnapshot, aTimeline, earlierCommit } from "../../make/a-snapshot.ts";
import { aChange, aChecklist, aPolicy, aThreat } from "../../make/an-assessment.ts";

interface Case {
  readonly mode?: Mode;
  readonly policy?: Partial<Policy>;
  readonly usable?: boolean;
  readonly snapshot?: Partial<Snapshot>;
  readonly pullRequest?: Partial<PullRequestFacts>;
  readonly changes?: readonly Change[];
  readonly checklists?: readonly Checklist[];
  /** The model at the base; null where there is none. */
  readonly before?: Partial<ThreatModel> | null;
  /** The model at the head; null where there is none. */
  readonly after?: Partial<ThreatModel> | null;
  readonly head?: Partial<ReadModel>;
}

/** The eight deliverables are judged by rules of their own; none are given here, so all that counts is what is there. */
function judged(given: Case) {
  const { mode = "enforce", changes = [aChange()], before = {}, after = before } = given;
  const snapshot = aSnapshot({ pullRequest: aPullRequest(given.pullRequest), ...given.snapshot });
  const policy = aPolicy({ mode, systems: [], ...given.policy });
  const [system] = systemsOf(snapshot, policy, changes);
  if (!system) throw new Error("there is no system");
  const input: AssessInput = {
    snapshot,
    policy: { policy, usable: given.usable ?? true, problems: given.usable === false ? [broken] : [] },
    changes,
    checklists: given.checklists ?? [aChecklist()],
    threats: [aThreat()],
    systems: [
      {
        system,
        ...(after && { head: aReadModel(aModel(after), given.head) }),
        ...(after === null &&
          given.head && { head: { format: "unknown", isModel: false, problems: [], ...given.head } }),
        ...(before && { base: aReadModel(aModel(before)) }),
      },
    ],
    deliverables: [],
  };
  return assess(input);
}

const broken = {
  path: ".github/threatgate.yml",
  line: 7,
  severity: "error",
  what: "`mod` is not a setting.",
  hint: "Did you mean `mode`?",
  example: "mode: advise",
} as const;

/** The reasons that weigh something, as `outcome: sentence`, but for the deliverables, which have tests of their own. */
function told(given: Case): string[] {
  return judged(given)
    .reasons.filter(({ says }) => !says.startsWith("TM-2"))
    .map(({ outcome, says }) => `${outcome}: ${says}`);
}

const covering = { elements: [anElement("web"), anElement("patient-exports", { kind: "store" })] };
const openThreat = aThreatOfModel("T-2", {
  title: "Bucket readable by anyone",
  element: "patient-exports",
  status: "open",
  controls: [],
});
const approved = { reviews: [aReview("dana"), aReview("lee")] };
const unapproved = { reviews: [] };

describe("the conclusion by mode", () => {
  const outcomes = (given: Case) =>
    (["observe", "advise", "enforce"] as const).map((mode) => judged({ ...given, mode }).conclusion);

  test.each<[string, Case, string[]]>([
    [
      "nothing significant, whatever the old debt",
      { changes: [aChange({ significant: false })], before: null, pullRequest: unapproved },
      ["success", "success", "success"],
    ],
    ["significant, model updated, reviewed", { after: covering }, ["neutral", "neutral", "success"]],
    ["significant, not in the model", {}, ["neutral", "neutral", "success"]],
    [
      "the same, where the policy fails what is incomplete",
      { policy: { incomplete: "fail" } },
      ["neutral", "neutral", "failure"],
    ],
    [
      "the same, seen by a rule that blocks",
      { changes: [aChange({ mode: "block" })] },
      ["neutral", "neutral", "failure"],
    ],
    ["significant, and no model at all", { before: null }, ["neutral", "neutral", "failure"]],
    [
      "a new open threat",
      { after: { ...covering, threats: [aThreatOfModel("T-1"), openThreat] } },
      ["neutral", "neutral", "failure"],
    ],
    [
      "an approval that is missing",
      { after: covering, pullRequest: unapproved },
      ["neutral", "neutral", "action_required"],
    ],
    [
      "a draft",
      { after: covering, pullRequest: { ...unapproved, isDraft: true } },
      ["neutral", "neutral", "action_required"],
    ],
    ["a policy that cannot be used", { usable: false }, ["neutral", "neutral", "failure"]],
    ["a list of files that was cut (H078)", { snapshot: { filesTotal: 3001 } }, ["neutral", "neutral", "failure"]],
    [
      "both a failure and a missing approval: the worst",
      { before: null, pullRequest: unapproved },
      ["neutral", "neutral", "failure"],
    ],
  ])("%s", (_, given, expected) => {
    expect(outcomes(given)).toEqual(expected);
  });

  test("a GREEN system is success in every mode", () => {
    // With no rule asking for more, only missing deliverables would be short; take them out by touching nothing.
    expect(outcomes({ changes: [], after: {} })).toEqual(["success", "success", "success"]);
  });
});

describe("why", () => {
  test("an uncovered change names itself and its place", () => {
    expect(judged({}).reasons[0]).toEqual({
      outcome: "success",
      says: "New data store: S3 bucket `patient-exports` is not in the threat model.",
      place: { path: "infra/export.tf", line: 12 },
      next: "Add patient-exports to the model, or answer its questions.",
    });
  });

  test("what cannot be evaluated comes first and says how to mend it", () => {
    const { reasons, couldNotEvaluate } = judged({ usable: false, before: null });
    expect(couldNotEvaluate).toBe(true);
    expect(reasons[0]).toEqual({
      outcome: "could-not-evaluate",
      says: "The policy cannot be used. .github/threatgate.yml:7: `mod` is not a setting.",
      place: { path: ".github/threatgate.yml", line: 7 },
      next: "Did you mean `mode`? Example: `mode: advise`.",
    });
  });

  test.each<[string, Case, string]>([
    [
      "too many files",
      { snapshot: { filesTotal: 3001 } },
      "could-not-evaluate: The pull request is too large to evaluate: it changes at least 3001 files, and GitHub lists only 1 of them.",
    ],
    [
      "an unread model",
      { snapshot: { notRead: [{ path: "threat-model.yaml", reason: "GitHub answered 502" }] } },
      "could-not-evaluate: The threat model `threat-model.yaml` could not be read: GitHub answered 502.",
    ],
    [
      "a file that was not looked at",
      { snapshot: { notRead: [{ path: "infra/export.tf", reason: "no patch" }] } },
      "success: Not looked at: `infra/export.tf` (no patch).",
    ],
    [
      "no model",
      { before: null },
      "failure: New data store: S3 bucket `patient-exports` is not in a threat model, because exports has none.",
    ],
    [
      "a model that went away",
      { after: null, head: {} },
      "failure: This change takes away the threat model of exports: `threat-model.yaml` can no longer be read as one.",
    ],
    [
      "a model that became invalid",
      {
        snapshot: { files: [aChangedFile("threat-model.yaml")] },
        head: {
          problems: [
            { path: "threat-model.yaml", line: 3, severity: "error", what: "Unknown key.", hint: "Delete it." },
          ],
        },
      },
      "failure: The threat model is not valid. threat-model.yaml:3: Unknown key.",
    ],
    [
      "a new open threat",
      { after: { ...covering, threats: [aThreatOfModel("T-1"), openThreat] } },
      "failure: Threat `T-2` (Bucket readable by anyone, high) is open.",
    ],
    [
      "a mitigation without a control (H074)",
      { after: { controls: [] } },
      "failure: `T-1` counts as open: its control `C-1` does not exist.",
    ],
    [
      "a mitigation taken back",
      { after: { controls: [aControl("C-1", { status: "proposed" })] } },
      "failure: Threat `T-1` (Threat T-1) was mitigated and is open now.",
    ],
    [
      "a deleted open threat (H072)",
      { before: { threats: [aThreatOfModel("T-1"), { ...openThreat, element: "web" }] }, after: {} },
      "failure: Threat `T-2` (Bucket readable by anyone, open) was deleted from the model.",
    ],
    [
      "a threat deleted with its element",
      { before: { threats: [aThreatOfModel("T-1"), openThreat] }, after: {} },
      "action_required: Threat `T-2` (Bucket readable by anyone, open) was deleted from the model.",
    ],
    [
      "the same, approved with a reason",
      {
        before: { threats: [aThreatOfModel("T-1"), openThreat] },
        after: {},
        pullRequest: { reviews: [aReview("dana", { body: "The bucket is gone since #800." }), aReview("lee")] },
      },
      "success: Threat `T-2` (Bucket readable by anyone, open) was deleted from the model. A Security Architect approved that with a reason.",
    ],
    [
      "a reused id (H073)",
      { after: { threats: [aThreatOfModel("T-1", { title: "Queue overflows", element: "queue" })] } },
      'failure: The id `T-1` named "Threat T-1" and now names "Queue overflows".',
    ],
    [
      "an acceptance by the author (H075)",
      {
        after: {
          threats: [aThreatOfModel("T-1", { status: "accepted" })],
          acceptances: [anAcceptance("T-1", { approver: "sam" })],
        },
      },
      "failure: `T-1` counts as open: its acceptance is approved by sam, who is the author of this change.",
    ],
    [
      "an acceptance whose approver has not reviewed this commit (H075)",
      {
        after: {
          threats: [aThreatOfModel("T-1", { status: "accepted" })],
          acceptances: [anAcceptance("T-1", { approver: "ines" })],
        },
      },
      "action_required: The acceptance of `T-1` needs the approving review of @ines as Security Architect on this commit.",
    ],
    [
      "a stale approval (H024)",
      { after: covering, pullRequest: { reviews: [aReview("dana", { commit: earlierCommit }), aReview("lee")] } },
      "action_required: Approved by @lee at `3f9c2e1`; no Security Architect has approved.",
    ],
    [
      "a story and a result taken away",
      { after: { stories: [], validations: [] } },
      "failure: TM-4 is RED: 0 of 1 medium+ threats has a story in the backlog; 0 of 1 controls has a validation result.",
    ],
  ])("%s", (_, given, sentence) => {
    expect(told(given)).toContain(sentence);
  });
});

describe("old debt never fails a pull request that did not touch the element", () => {
  const debt: Partial<ThreatModel> = {
    ...covering,
    threats: [aThreatOfModel("T-1"), { ...openThreat, element: "web" }, aThreatOfModel("T-3", { controls: ["C-9"] })],
    stories: [aStory("S-1", ["T-1"])],
    validations: [aValidation("V-1", "C-1")],
  };
  const overdue = aTimeline({
    entries: [
      { kind: "update", at: "2025-09-01T09:00:00Z", reference: "#500", concerns: ["web"] },
      {
        kind: "change",
        at: "2025-10-01T09:00:00Z",
        what: "queue `mail`",
        reference: "#510",
        path: "infra/mail.tf",
        elements: ["mail"],
      },
    ],
  });

  test("open threats, empty claims and overdue changes of others are not held against it", () => {
    const result = judged({
      before: debt,
      after: { ...debt, elements: [...covering.elements, anElement("cache")] },
      changes: [aChange({ element: { type: "cache", name: "cache" } })],
      snapshot: { timeline: overdue },
    });
    expect(result.systems[0]?.indicators["TM-1"].rag).toBe("RED");
    expect(result.systems[0]?.openThreats.map(({ id }) => id)).toEqual(["T-2", "T-3"]);
    expect(result.conclusion).toBe("success");
  });

  test("who touches the overdue element, or leaves a change uncovered, meets the RED indicator", () => {
    const says =
      "failure: TM-1 is RED: queue `mail` merged 2025-10-01 (154 days ago, #510, in `infra/mail.tf`) is not in the model.";
    const touching = aChange({ path: "infra/mail.tf", element: { type: "message-broker", name: "patient-exports" } });
    expect(
      told({
        before: { threats: [], stories: [], controls: [], validations: [] },
        after: { ...covering, threats: [], stories: [], controls: [], validations: [] },
        changes: [touching],
        snapshot: { timeline: overdue },
      }),
    ).toContain(says);
    expect(told({ snapshot: { timeline: overdue } })).toContain(says);
  });

  test("a first threat without a story is written down, not punished", () => {
    const bare = { stories: [], validations: [] };
    const after = { ...covering, ...bare, threats: [aThreatOfModel("T-1"), aThreatOfModel("T-2")] };
    const says =
      "success: TM-4 is RED: 0 of 2 medium+ threats have a story in the backlog; 0 of 1 controls has a validation result.";
    expect(told({ before: bare, after })).toContain(says);
    expect(judged({ before: null, after }).conclusion).toBe("success");
  });

  test("nothing is said when neither a change nor the model concerns the system", () => {
    expect(
      judged({ before: debt, changes: [], snapshot: { timeline: overdue }, pullRequest: unapproved }),
    ).toMatchObject({ conclusion: "success", reasons: [] });
  });

  test("a bumped date alone asks nobody for a review, and updates nothing (H068)", () => {
    const after = { validations: [aValidation("V-1", "C-1", { date: "2026-03-04" })] };
    const result = judged({
      after,
      changes: [],
      snapshot: { files: [aChangedFile("threat-model.yaml")] },
      pullRequest: unapproved,
    });
    expect(result).toMatchObject({ conclusion: "success", reasons: [] });
    expect(result.systems[0]?.modelUpdated).toBe(false);
  });
});

describe("an emergency", () => {
  const waiving = { reviews: [aReview("dana", { body: "waive until 2026-03-10 because production is down" })] };

  test("an architect's formal review lets the commit through, and everything stays on record", () => {
    const result = judged({ before: null, pullRequest: waiving });
    expect(result.conclusion).toBe("success");
    expect(result.waived).toMatchObject({ until: "2026-03-10", because: "production is down", by: { login: "dana" } });
    expect(result.reasons.map(({ outcome }) => outcome)).toEqual(["success", "failure", "action_required"]);
    expect(result.reasons[0]?.says).toBe("Waived until 2026-03-10 by @dana (Security Architect): production is down");
  });

  test("not under a policy that cannot be used: who is an architect is not known then", () => {
    expect(judged({ usable: false, pullRequest: waiving })).toMatchObject({
      conclusion: "failure",
      couldNotEvaluate: true,
    });
  });
});

test("a local checkout is not asked for reviews it cannot have", () => {
  const { pullRequest: _, ...local } = aSnapshot();
  const policy = aPolicy({ mode: "enforce", systems: [] });
  const systems = systemsOf(local, policy, [aChange()]).map((system) => ({
    system,
    head: aReadModel(aModel(covering)),
    base: aReadModel(),
  }));
  const result = assess({
    snapshot: local,
    policy: { policy, usable: true, problems: [] },
    changes: [aChange()],
    checklists: [],
    threats: [],
    systems,
    deliverables: [],
  });
  expect(result.systems[0]?.indicators["TM-3"].rag).toBe("UNKNOWN");
  expect(result.conclusion).toBe("success");
});

test("two systems are told apart by name", () => {
  const policy = aPolicy({
    mode: "enforce",
    systems: [
      { name: "shop", paths: ["shop/**"], model: [], riskClass: "medium" },
      { name: "pay", paths: ["pay/**"], model: [], riskClass: "medium" },
    ],
  });
  const changes = [aChange({ path: "shop/a.tf" }), aChange({ path: "pay/b.tf", says: "New queue `mail`" })];
  const snapshot = aSnapshot({ pullRequest: aPullRequest(approved) });
  const systems = systemsOf(snapshot, policy, changes).map((system) => ({ system }));
  const result = assess({
    snapshot,
    policy: { policy, usable: true, problems: [] },
    changes,
    checklists: [],
    threats: [],
    systems,
    deliverables: [],
  });
  expect(result.reasons.map(({ says }) => says)).toEqual([
    "shop: New data store: S3 bucket `patient-exports` is not in a threat model, because shop has none.",
    "pay: New queue `mail` is not in a threat model, because pay has none.",
  ]);
});
