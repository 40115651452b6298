import { describe, expect, test } from "@jest/globals";
import type { Assessment } from "../../../src/core/domain/assessment.ts";
import type { Change } from "../../../src/core/domain/change.ts";
import type { DesiredReview } from "../../../src/core/domain/desired.ts";
import { readMarker } from "../../../src/core/domain/marker.ts";
import { type PresentContext, present } from "../../../src/core/present/present.ts";
import { aChange, aChecklist, aContext, anAssessment, aSystem, aThreat } from "../../make/an-assessment.ts";

function asking(changes: readonly Change[], bend: Partial<Assessment> = {}): Assessment {
  const all = changes.map((_, index) => index);
  return anAssessment({
    conclusion: "neutral",
    changes,
    asked: all.slice(0, 10),
    checklists: changes.map((change, index) =>
      aChecklist({
        change: index,
        threats: [aThreat({ id: `T-${index}`, rule: `rule-${index}`, place: { path: change.path } })],
      }),
    ),
    systems: [aSystem({ changes: all, uncovered: all })],
    ...bend,
  });
}

function reviewOf(assessment: Assessment, context: PresentContext = aContext()): DesiredReview {
  const { review } = present(assessment, context);
  if (review === "leave" || !("ask" in review)) throw new Error("nothing was asked");
  return review.ask;
}

function named(name: string, bend: Partial<Change>): Change {
  return aChange({ element: { type: "object-store", name }, says: `New data store: ${name}`, ...bend });
}

describe("a question finds its place (H046)", () => {
  const context = aContext({
    commentable: new Map([
      [
        "shown.tf",
        [
          { from: 1, to: 3 },
          { from: 10, to: 12 },
        ],
      ],
      ["renamed.tf", []],
      ["logo.bin", []],
    ]),
  });

  test("on its line, on its file, or in the summary; and none of them costs another one its place", () => {
    const { line: _, ...withoutLine } = aChange();
    const changes = [
      named("on-line", { path: "shown.tf", line: 12 }),
      named("outside-hunks", { path: "shown.tf", line: 7 }),
      {
        ...withoutLine,
        path: "shown.tf",
        baseLine: 9,
        element: { type: "object-store", name: "removed" } as const,
        says: "Removed: `removed`",
      },
      named("renamed", { path: "renamed.tf", line: 1 }),
      named("binary", { path: "logo.bin", line: 1 }),
      named("not-in-diff", { path: "elsewhere.tf", line: 4 }),
    ];
    const review = reviewOf(asking(changes), context);
    expect(review.comments.map(({ path, line }) => [path, line])).toEqual([
      ["shown.tf", 12],
      ["shown.tf", undefined],
      ["shown.tf", undefined],
      ["renamed.tf", undefined],
      ["logo.bin", undefined],
    ]);
    const titles = review.comments.map(({ body }) => body.split("\n")[1]);
    expect(titles).toEqual([
      "**New data store: on-line**",
      "**New data store: outside-hunks** · `shown.tf:7`",
      "**Removed: `removed`** · `shown.tf:9` (removed)",
      "**New data store: renamed** · `renamed.tf:1`",
      "**New data store: binary** · `logo.bin:1`",
    ]);
    expect(review.summary).toContain("<details><summary>1 question without a line to stand on</summary>");
    expect(review.summary).toContain("**New data store: not-in-diff** · `elsewhere.tf:4`");
  });

  test("at most ten; the others stay open and are counted in the summary", () => {
    const changes = Array.from({ length: 14 }, (_, index) =>
      named(`b${index}`, { path: "shown.tf", line: 1 + (index % 3) }),
    );
    const review = reviewOf(asking(changes), context);
    expect(review.comments).toHaveLength(10);
    expect(review.alsoOpen).toHaveLength(4);
    expect(review.summary).toContain("**Threat model: 14 questions on this change**");
    expect(review.summary).not.toContain("without a line to stand on");
  });

  test("once, although a rule saw the same element twice in a file", () => {
    const changes = [named("same", { path: "shown.tf", line: 2 }), named("same", { path: "shown.tf", line: 11 })];
    const review = reviewOf(asking(changes), context);
    expect(review.comments.map(({ line }) => line)).toEqual([2]);
  });

  test("by the same name after the line has moved and the commit is another one", () => {
    const before = reviewOf(asking([named("x", { path: "shown.tf", line: 2 })]), context);
    const subject = { repository: "acme/exports", base: "b", head: "another", pullRequest: 831 };
    const after = reviewOf(asking([named("x", { path: "shown.tf", line: 11 })], { subject }), context);
    expect(after.comments[0]?.fingerprint).toBe(before.comments[0]?.fingerprint);
    expect(after.comments[0]?.body).toBe(before.comments[0]?.body);
    expect(readMarker(after.comments[0]?.body ?? "")).toEqual({
      kind: "question",
      fingerprint: after.comments[0]?.fingerprint,
    });
  });
});

describe("the same threats of two elements", () => {
  test("are told once; the second comment names the first and its own ids", () => {
    const changes = [
      named("one", { path: "infra/export.tf", line: 12 }),
      named("two", { path: "infra/export.tf", line: 30 }),
    ];
    const checklists = changes.map((_, change) =>
      aChecklist({
        change,
        threats: [
          aThreat({ id: `T-${change}aaaaaa` }),
          aThreat({ id: `T-${change}bbbbbb`, rule: "other", risk: "low" }),
        ],
      }),
    );
    const [, second] = reviewOf(asking(changes, { checklists })).comments;
    expect(second?.body.split("\n").slice(1, 4)).toEqual([
      "**New data store: two**",
      "",
      "The same threats as New data store: one ([`infra/export.tf:12`](https://github.com/acme/exports/pull/831/files#diff-0e2044422d466ece649b1a90de22288e233151f91d502dfea9cebc4ea726f87eR12)), here `T-1aaaaa` (high) and `T-1bbbbb` (low).",
    ]);
  });

  test("seen at several lines by one rule are one question, with the lines", () => {
    const changes = [2, 9, 11].map((line) => named("same", { path: "infra/export.tf", line }));
    const assessment = asking(changes);
    const desired = present(assessment, aContext());
    expect(desired.checkRun?.summary).toContain("**1 change here matters to security.**");
    expect(desired.checkRun?.summary).toMatch(/export\.tf#L2\) and lines 9, 11 \| 3 threats/);
  });
});

describe("what a comment says", () => {
  test("three threats, the weightiest first; the others folded; answered ones not at all", () => {
    const risks = ["low", "critical", "medium", "high", "note"] as const;
    const threats = risks.map((risk) =>
      aThreat({ id: `T-${risk}`, title: `Threat of ${risk} risk`, risk, drivers: [] }),
    );
    const answered = aThreat({ id: "T-done", title: "Answered already", status: "mitigated" });
    const assessment = asking([aChange()], { checklists: [aChecklist({ threats: [...threats, answered] })] });
    const body = reviewOf(assessment).comments[0]?.body ?? "";
    const [shown = "", folded = ""] = body.split("<details><summary>2 more threats</summary>");
    expect([...shown.matchAll(/Threat of (\w+) risk/g)].map((found) => found[1])).toEqual([
      "critical",
      "high",
      "medium",
    ]);
    expect([...folded.matchAll(/Threat of (\w+) risk/g)].map((found) => found[1])).toEqual(["low", "note"]);
    expect(body).not.toContain("Answered already");
  });

  test("why a risk is what it is, once for each reason", () => {
    const driver = { name: "d", raises: "impact", because: "the data is personal" } as const;
    const threats = [
      aThreat({ id: "T-1", drivers: [{ ...driver, by: 1 }] }),
      aThreat({ id: "T-2", drivers: [{ ...driver, by: 1 }] }),
      aThreat({ id: "T-3", risk: "low", drivers: [{ ...driver, by: -1, because: "only staff reach it." }] }),
    ];
    const body = reviewOf(asking([aChange()], { checklists: [aChecklist({ threats })] })).comments[0]?.body ?? "";
    expect(body).toContain("¹ high because the data is personal. ² only low because only staff reach it.\n");
    expect(body.match(/\*\*high\*\* ¹/g)).toHaveLength(2);
    expect(body).toContain("| low ²<br>");
  });

  test("the rule's own question where the library has nothing to ask", () => {
    const body = reviewOf(asking([aChange()], { checklists: [] })).comments[0]?.body;
    expect(body?.split("\n").slice(1)).toEqual([
      "**New data store: S3 bucket `patient-exports`**",
      "",
      "Who can read it, and how long is it kept? A new place where data rests is a new place where it can be read or changed.",
      "",
      "Answer here, or put it into `threat-model.yaml`. <sub>[why this comment](https://threatgate.example/rules/object-store-added)</sub>",
    ]);
  });

  test("nothing about a rule that is only watched", () => {
    const desired = present(asking([aChange({ mode: "monitor" })], { conclusion: "success", asked: [] }), aContext());
    expect(desired.checkRun?.title).toBe("No threat-model change needed");
    expect(desired.review).toHaveProperty("settled");
  });
});
