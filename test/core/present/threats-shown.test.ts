import { describe, expect, test } from "@jest/globals";
import { riskLevels } from "../../../src/core/domain/risk.ts";
import { present } from "../../../src/core/present/present.ts";
import type { PresentedChange } from "../../../src/core/present/standing.ts";
import { threatsShown } from "../../../src/core/present/threats-shown.ts";
import { aChange, aChecklist, aContext, anAssessment, aSystem, aThreat } from "../../make/an-assessment.ts";
import fc from "../../make/fast-check.ts";

const element = { id: "orders", name: "Orders", type: "http-api" } as const;

/** One place of a pull request with threats of these risks, all about the same element unless it is told otherwise. */
function asking(index: number, risks: readonly (typeof riskLevels)[number][], of: string = element.id) {
  const change = aChange({
    rule: `rule-${index}`,
    path: "shown.ts",
    line: index + 1,
    element,
    says: `Change ${index}`,
  });
  const threats = risks.map((risk, position) =>
    aThreat({
      id: `T-${index}-${position}`,
      rule: `r-${index}-${position}`,
      risk,
      element: { ...element, id: of },
      title: `Threat ${index}.${position}`,
    }),
  );
  return { change, checklist: aChecklist({ change: index, threats }) };
}

function presented(index: number, risks: readonly (typeof riskLevels)[number][], of?: string): PresentedChange {
  const { change, checklist } = asking(index, risks, of);
  return { index, change, also: [], fingerprint: `f${index}`, checklist, open: true };
}

describe("how many threats stand open", () => {
  test("three of one comment, and six of one element: first the gravest of each comment, then by risk", () => {
    const shown = threatsShown([
      presented(0, ["high", "high", "high", "low"]),
      presented(1, ["medium", "low"]),
      presented(2, ["low", "low", "low"]),
      presented(3, ["critical", "critical"]),
      presented(4, ["low", "low", "low", "low"], "another"),
    ]);
    expect([...shown]).toEqual([
      ["f0", 2],
      ["f1", 1],
      ["f2", 1],
      ["f3", 2],
      ["f4", 3],
    ]);
  });

  test("whatever is asked, never more than six of an element, and a place is silent only behind six others", () => {
    const risk = fc.constantFrom(...riskLevels);
    fc.assert(
      fc.property(fc.array(fc.array(risk, { maxLength: 6 }), { maxLength: 10 }), (places) => {
        const shown = threatsShown(places.map((risks, index) => presented(index, risks)));
        const counts = [...shown.values()];
        const total = counts.reduce((sum, one) => sum + one, 0);
        const could = places.reduce((sum, risks) => sum + Math.min(3, risks.length), 0);
        expect(total).toBe(Math.min(6, could));
        for (const [index, risks] of places.entries())
          if (risks.length > 0 && counts[index] === 0)
            expect(places.filter((one) => one.length > 0).length).toBeGreaterThan(6);
      }),
    );
  });
});

test("what does not stand open is one fold away: every threat of every comment is in its text", () => {
  const risks = ["high", "medium", "medium", "low"] as const;
  const all = Array.from({ length: 8 }, (_, index) => asking(index, risks));
  const assessment = anAssessment({
    conclusion: "neutral",
    changes: all.map(({ change }) => change),
    asked: all.map((_, index) => index),
    checklists: all.map(({ checklist }) => checklist),
    systems: [aSystem({ changes: all.map((_, index) => index), uncovered: all.map((_, index) => index) })],
  });
  const { review } = present(assessment, aContext({ commentable: new Map([["shown.ts", [{ from: 1, to: 20 }]]]) }));
  if (review === "leave" || !("ask" in review)) throw new Error("nothing was asked");
  const bodies = review.ask.comments.map(({ body }) => body);
  const open = bodies.map((body) => body.split("<details>")[0] ?? "");
  expect(open.map((text) => (text.match(/Threat \d\.\d/g) ?? []).length)).toEqual([1, 1, 1, 1, 1, 1, 0, 0]);
  for (const [index, body] of bodies.entries())
    expect(body.match(/Threat \d\.\d/g)).toEqual(risks.map((_, position) => `Threat ${index}.${position}`));
  expect(bodies[0]).toContain("<summary>3 more threats</summary>");
  expect(bodies[7]).toContain("<summary>4 threats behind graver ones of the same element</summary>");
});
