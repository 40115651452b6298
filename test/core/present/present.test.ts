import { describe, expect, test } from "@jest/globals";
import { present } from "../../../src/core/present/present.ts";
import {
  aChange,
  aChecklist,
  aContext,
  aModelThreat,
  anAssessment,
  anAssessmentWithTwoChanges,
  anIndicator,
  aPolicy,
  aSystem,
  aThreat,
  theDeliverables,
} from "../../make/an-assessment.ts";
import { expectText, tellDesired } from "./expected.ts";

const pullRequest = { number: 831, state: "open", isDraft: false, author: "sam", toDefaultBranch: true } as const;
const draft = aContext({ pullRequest: { ...pullRequest, isDraft: true } });
const merged = aContext({ pullRequest: { ...pullRequest, state: "merged", mergedAt: "2026-03-04T10:00:00Z" } });

describe("whole texts", () => {
  test("nothing to do", () => {
    expectText("nothing-to-do", tellDesired(present(anAssessment(), aContext())));
  });

  test("advise, two changes", () => {
    expectText("advise", tellDesired(present(anAssessmentWithTwoChanges(), aContext())));
  });

  test("enforce, blocked: no model at all, one file without a patch", () => {
    const assessment = anAssessmentWithTwoChanges({
      mode: "enforce",
      conclusion: "failure",
      policy: aPolicy({
        mode: "enforce",
        origins: {
          mode: { from: "organisation", place: { path: "acme/.github:.github/threatgate.yml", line: 3 }, locked: true },
          "currency.green": { from: "repository", place: { path: ".github/threatgate.yml", line: 8 }, locked: false },
        },
      }),
      reasons: [
        {
          outcome: "failure",
          says: "`T-7c1e2q` of high risk is open: bucket readable by anyone who finds its name",
          place: { path: "infra/export.tf", line: 12 },
          next: "Answer `T-7c1e2q`, or block public access in `infra/export.tf`.",
        },
        {
          outcome: "action_required",
          says: "no Security Architect has approved",
          next: "Ask `acme/security-architects` for a review.",
        },
      ],
      systems: [
        aSystem({
          modelFiles: [],
          changes: [0, 1],
          uncovered: [0, 1],
          deliverables: theDeliverables(
            Object.fromEntries(
              ["context", "dfd", "stride", "risk", "controls", "stories", "validation", "documentation"].map((id) => [
                id,
                { state: "missing", found: "no threat model" },
              ]),
            ),
          ),
          indicators: {
            "TM-1": anIndicator({
              rag: "RED",
              why: "there is no threat model",
              next: ["Write a first model."],
            }),
            "TM-2": anIndicator({ rag: "RED", why: "none of the 8 deliverables is there" }),
            "TM-3": anIndicator({ rag: "UNKNOWN", why: "the members of `security-architects` could not be read" }),
            "TM-4": anIndicator({ rag: "UNKNOWN", why: "no threat is rated yet" }),
          },
          review: {
            peers: [],
            architects: [],
            notCounted: [{ account: { login: "lee", type: "User" }, why: "is the author" }],
          },
        }),
      ],
      notInspected: [{ path: "infra/state.bin", reason: "no patch" }],
    });
    expectText("enforce-blocked", tellDesired(present(assessment, aContext())));
  });

  test("draft", () => {
    expectText("draft", tellDesired(present(anAssessmentWithTwoChanges(), draft)));
  });

  test("observe", () => {
    const assessment = anAssessmentWithTwoChanges({ mode: "observe", policy: aPolicy({ mode: "observe" }) });
    expectText("observe", tellDesired(present(assessment, aContext())));
  });

  test("a policy problem", () => {
    const assessment = anAssessment({
      conclusion: "neutral",
      couldNotEvaluate: true,
      problems: [
        {
          path: ".github/threatgate.yml",
          line: 7,
          severity: "error",
          what: "`mod` is not a setting.",
          hint: "Did you mean `mode`?",
          example: "mode: advise",
        },
      ],
      reasons: [
        {
          outcome: "could-not-evaluate",
          says: "The policy cannot be used. .github/threatgate.yml:7: `mod` is not a setting.",
          place: { path: ".github/threatgate.yml", line: 7 },
          next: "Did you mean `mode`? Example: `mode: advise`.",
        },
      ],
    });
    expectText("policy-problem", tellDesired(present(assessment, aContext())));
  });

  test("could not evaluate", () => {
    const assessment = anAssessment({
      mode: "enforce",
      conclusion: "failure",
      couldNotEvaluate: true,
      policy: aPolicy({ mode: "enforce" }),
      reasons: [{ outcome: "could-not-evaluate", says: "GitHub listed 3,000 of 3,412 changed files" }],
    });
    expectText("could-not-evaluate", tellDesired(present(assessment, aContext())));
  });

  test("settled: one threat mitigated, one accepted", () => {
    const system = aSystem({ changes: [0], modelUpdated: true });
    const accepted = aThreat({ id: "T-90abvw2c4d6e", status: "accepted" });
    const mitigated = aThreat({ status: "mitigated", statusPlace: { path: "threat-model.yaml", line: 40 } });
    const assessment = anAssessment({
      changes: [aChange()],
      checklists: [aChecklist({ threats: [mitigated, accepted] })],
      threats: [mitigated, accepted],
      systems: [
        {
          ...system,
          ...(system.model && {
            model: {
              ...system.model,
              acceptances: [
                {
                  threat: "T-90abvw2c4d6e",
                  approver: "dana",
                  until: "2026-09-01",
                  place: { path: "threat-model.yaml", line: 52 },
                },
              ],
            },
          }),
        },
      ],
    });
    expectText("settled", tellDesired(present(assessment, aContext())));
  });

  test("a mitigation is lost without any change of the architecture", () => {
    const assessment = anAssessment({
      mode: "enforce",
      conclusion: "failure",
      policy: aPolicy({ mode: "enforce" }),
      reasons: [
        {
          outcome: "failure",
          says: "Threat `TH-1` (Reports sent to the wrong clinic) was mitigated and is open now.",
          place: { path: "threat-model.yaml", line: 40 },
          next: "Put it back, or have a Security Architect approve this commit with the reason in the review.",
        },
      ],
      systems: [
        aSystem({
          modelUpdated: true,
          lost: [
            {
              threat: aModelThreat(),
              what: "Threat `TH-1` (Reports sent to the wrong clinic) was mitigated and is open now.",
            },
          ],
        }),
      ],
    });
    expectText("mitigation-lost", tellDesired(present(assessment, aContext())));
  });

  test("waived", () => {
    const assessment = anAssessmentWithTwoChanges({
      mode: "enforce",
      conclusion: "success",
      policy: aPolicy({ mode: "enforce" }),
      waived: {
        by: { login: "dana", type: "User" },
        until: "2026-03-20",
        because: "outage of the old export, fix first",
      },
    });
    expectText("waived", tellDesired(present(assessment, aContext())));
  });

  test("after the merge: issues, one of them for a threat the team wrote down, one closed", () => {
    const open = aModelThreat({ element: "clinic-mail", description: "A typed address goes to another clinic." });
    const done = aModelThreat({
      id: "TH-2",
      title: "Old reports kept",
      status: "mitigated",
      place: { path: "threat-model.yaml", line: 61 },
    });
    const system = aSystem({ changes: [0], uncovered: [0], openThreats: [open] });
    const assessment = anAssessment({
      changes: [aChange()],
      checklists: [aChecklist()],
      threats: [aThreat()],
      systems: [{ ...system, ...(system.model && { model: { ...system.model, threats: [open, done] } }) }],
    });
    expectText("issues", tellDesired(present(assessment, merged)));
  });
});

describe("what is shown where", () => {
  test("a pull request closed without a merge shows nothing", () => {
    const closed = aContext({ pullRequest: { ...pullRequest, state: "closed" } });
    expect(present(anAssessmentWithTwoChanges(), closed)).toEqual({
      review: "leave",
      reviewers: { teams: [], users: [] },
      issues: [],
      withheld: [],
    });
  });

  test("nothing is written to an archived repository", () => {
    const { repository } = aContext();
    const desired = present(
      anAssessmentWithTwoChanges(),
      aContext({ repository: { ...repository, isArchived: true } }),
    );
    expect(desired.checkRun).toBeUndefined();
    expect(desired.withheld).toEqual([{ output: "everything", why: "the repository is archived" }]);
  });

  test("a draft in enforce shows the verdict it will have, and asks nobody", () => {
    const assessment = anAssessmentWithTwoChanges({
      mode: "enforce",
      conclusion: "failure",
      policy: aPolicy({ mode: "enforce" }),
    });
    const desired = present(assessment, draft);
    expect(desired.checkRun?.conclusion).toBe("failure");
    expect(desired.checkRun?.title).toBe(
      "Draft, would be blocked: 2 questions open, model 1 of 8 deliverables short, TM-4 RED",
    );
    expect(desired.review).toBe("leave");
    expect(desired.reviewers).toEqual({ teams: [], users: [] });
  });

  test("a draft that changes nothing of note stays green", () => {
    expect(present(anAssessment(), draft).checkRun).toMatchObject({
      conclusion: "success",
      title: "No threat-model change needed",
    });
  });

  test("a local checkout gets a check and nothing else", () => {
    const { pullRequest: _, ...local } = aContext();
    const desired = present(anAssessmentWithTwoChanges(), local);
    expect(desired.checkRun?.title).toMatch(/^Advice: /);
    expect(desired.review).toBe("leave");
  });

  test("a merge to another branch opens no issue", () => {
    const elsewhere = aContext({ pullRequest: { ...pullRequest, state: "merged", toDefaultBranch: false } });
    expect(present(anAssessmentWithTwoChanges(), elsewhere).issues).toEqual([]);
  });

  test("a public repository keeps back issues of high risk and says so; the policy can publish them", () => {
    const repository = { ...merged.repository, isPrivate: false };
    const kept = present(anAssessmentWithTwoChanges(), { ...merged, repository });
    expect(kept.issues.map((issue) => issue.threat)).toEqual(["T-90abvw2c4d6e", "T-31fdx5s7t9v1", "T-5sd2gh8j0k1m"]);
    expect(kept.withheld).toEqual([{ output: "issue for T-7c1e2q4m8x0z", why: "public repository (publish.issues)" }]);
    const check = present(anAssessmentWithTwoChanges(), { ...aContext(), repository }).checkRun;
    expect(check?.text).toContain("no issue will be opened for 1 threat of high risk or above");

    const policy = aPolicy({ publish: { issues: true, openThreats: false } });
    expect(present(anAssessmentWithTwoChanges({ policy }), { ...merged, repository }).issues).toHaveLength(4);
  });

  test("a public repository counts the open threats of its model instead of naming them", () => {
    const assessment = anAssessmentWithTwoChanges();
    const systems = assessment.systems.map((system) => ({ ...system, openThreats: [aModelThreat()] }));
    const named = present({ ...assessment, systems }, aContext()).checkRun?.text;
    expect(named).toContain("Reports sent to the wrong clinic");
    const repository = { ...aContext().repository, isPrivate: false };
    const counted = present({ ...assessment, systems }, aContext({ repository })).checkRun?.text;
    expect(counted).not.toContain("Reports sent to the wrong clinic");
    expect(counted).toContain("1 open threat of the model is not named here");
  });

  test("issues switched off: the reason is kept, nothing is tried", () => {
    const repository = { ...merged.repository, hasIssues: false };
    const desired = present(anAssessmentWithTwoChanges(), { ...merged, repository });
    expect(desired.issues).toEqual([]);
    expect(desired.withheld).toEqual([{ output: "issues", why: "issues are switched off in this repository" }]);
  });
});

describe("what is open", () => {
  test("is what the model does not cover, however many changes there are", () => {
    const assessment = anAssessmentWithTwoChanges();
    const systems = assessment.systems.map((system) => ({ ...system, uncovered: [1] }));
    const { review, checkRun } = present({ ...assessment, systems }, aContext());
    if (review === "leave" || !("ask" in review)) throw new Error("nothing was asked");
    expect(review.ask.comments.map(({ path }) => path)).toEqual(["src/notify/send.ts"]);
    expect(checkRun?.summary).toMatch(/\| 2 \| New data store.*\| answered \|/);
    const covered = assessment.systems.map((system) => ({ ...system, uncovered: [] }));
    expect(present({ ...assessment, systems: covered }, aContext()).review).toHaveProperty("settled");
  });

  test("is asked of a change that belongs to no system, too", () => {
    const { review } = present(anAssessmentWithTwoChanges({ systems: [] }), aContext());
    if (review === "leave" || !("ask" in review)) throw new Error("nothing was asked");
    expect(review.ask.comments).toHaveLength(2);
  });
});

describe("who is asked for review", () => {
  const withClass = (riskClass: "low" | "medium" | "high") =>
    aPolicy({ systems: [{ name: "exports", paths: [], model: [], riskClass }] });

  test.each([
    ["high", true],
    ["medium", true],
    ["low", false],
  ] as const)("a high threat in a system of class %s: %s", (riskClass, asked) => {
    const { reviewers } = present(anAssessmentWithTwoChanges({ policy: withClass(riskClass) }), aContext());
    expect(reviewers.teams.length > 0).toBe(asked);
  });

  test("class medium without a high threat asks nobody", () => {
    const assessment = anAssessmentWithTwoChanges({ policy: withClass("medium") });
    const checklists = assessment.checklists.map((checklist) => ({
      ...checklist,
      threats: checklist.threats.filter((threat) => threat.risk !== "high"),
    }));
    expect(present({ ...assessment, checklists }, aContext()).reviewers.teams).toEqual([]);
  });

  test("never the author, never once an architect has approved", () => {
    const policy = aPolicy({ ...withClass("high"), architects: { teams: [], users: ["Sam#7", "dana#8"] } });
    expect(present(anAssessmentWithTwoChanges({ policy }), aContext()).reviewers.users).toEqual(["dana"]);
    const assessment = anAssessmentWithTwoChanges({ policy });
    const review = {
      peers: [],
      architects: [{ account: { login: "dana", type: "User" as const }, commit: "c" }],
      notCounted: [],
    };
    const systems = assessment.systems.map((system) => ({ ...system, review }));
    expect(present({ ...assessment, systems }, aContext()).reviewers.users).toEqual([]);
  });
});

describe("titles of checks", () => {
  const enforce = { mode: "enforce", policy: aPolicy({ mode: "enforce" }) } as const;
  const titleOf = (bend: Parameters<typeof anAssessmentWithTwoChanges>[0]) =>
    present(anAssessmentWithTwoChanges(bend), aContext()).checkRun?.title;

  test("a person must act", () => {
    const reasons = [{ outcome: "action_required", says: "no Security Architect has approved `3f9c2e1`" }] as const;
    expect(titleOf({ ...enforce, conclusion: "action_required", reasons })).toBe(
      "Waiting for a person: no Security Architect has approved 3f9c2e1; 2 questions open, model 1 of 8 deliverables short, TM-4 RED",
    );
  });

  test("a warning in enforce", () => {
    expect(titleOf({ ...enforce, conclusion: "success" })).toBe(
      "Passed with a warning: 2 questions open, model 1 of 8 deliverables short, TM-4 RED",
    );
  });

  test("covered", () => {
    const systems = [aSystem({ changes: [0, 1], modelUpdated: true })];
    expect(titleOf({ conclusion: "success", asked: [], systems })).toBe("The model covers this change");
  });

  test("a model that cannot be read", () => {
    const problems = [
      { path: "threat-model.yaml", line: 3, severity: "error", what: "a key twice", hint: "remove one" },
    ] as const;
    expect(titleOf({ problems })).toMatch(/^Advice: 1 fault in the model, 2 questions open/);
  });

  test("two systems, each with its own table, and only those that the change concerns", () => {
    const assessment = anAssessmentWithTwoChanges();
    const systems = [
      aSystem({ name: "exports", changes: [0], uncovered: [0] }),
      aSystem({ name: "mail", changes: [1], uncovered: [1], modelFiles: [] }),
      aSystem({ name: "untouched" }),
    ];
    const check = present({ ...assessment, systems }, aContext()).checkRun;
    expect(check?.title).toBe("Advice: 2 questions open, no threat model of mail");
    expect(check?.summary.match(/\*\*System \w+\*\*/g)).toEqual(["**System exports**", "**System mail**"]);
    expect(check?.text?.match(/<summary>(Text to add to|Ready-made) <code>[\w.-]+<\/code>/g)).toEqual([
      "<summary>Text to add to <code>threat-model.yaml</code>",
      "<summary>Ready-made <code>threat-model.yaml</code>",
    ]);
  });

  test("the same assessment at another time of day says the same, so that nothing is written anew", () => {
    const one = present(anAssessmentWithTwoChanges({ asOf: "2026-03-05T06:00:00Z" }), aContext());
    const other = present(
      anAssessmentWithTwoChanges({ asOf: "2026-03-05T18:30:00Z" }),
      aContext({ requestId: "r-other" }),
    );
    expect(other).toEqual(one);
  });
});
