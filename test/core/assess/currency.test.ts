import { describe, expect, test } from "@jest/globals";
import { type CurrencyGround, currencyOf } from "../../../src/core/assess/currency.ts";
import { showDay } from "../../../src/core/assess/days.ts";
import { indicator } from "../../../src/core/assess/indicators/tm-1.ts";
import type { TimelineEntry } from "../../../src/core/domain/timeline.ts";
import { aPolicy, theDeliverables } from "../../make/an-assessment.ts";
import fc from "../../make/fast-check.ts";

const today = 20516; // 2026-03-04

function ground(entries: readonly TimelineEntry[], bend: Partial<CurrencyGround> = {}): CurrencyGround {
  return {
    timeline: { state: "complete", verifiedByGitHub: true, entries },
    system: { name: "exports", covers: () => true },
    hasModel: true,
    now: "2026-03-04T12:00:00Z",
    thresholds: { green: 30, amber: 60, review: 365 },
    ...bend,
  };
}

function verdict(entries: readonly TimelineEntry[], bend: Partial<CurrencyGround> = {}) {
  return indicator.judge({
    system: "exports",
    statuses: [],
    deliverables: theDeliverables(),
    currency: currencyOf(ground(entries, bend)),
    review: { peers: [], architects: [], notCounted: [] },
    policy: aPolicy(),
  });
}

function merged(daysAgo: number, bend: Partial<Extract<TimelineEntry, { kind: "change" }>> = {}): TimelineEntry {
  return {
    kind: "change",
    at: `${showDay(today - daysAgo)}T23:59:59Z`,
    what: "bucket `reports`",
    reference: "#812",
    path: "infra/reports.tf",
    elements: ["reports"],
    ...bend,
  };
}

function updated(daysAgo: number, concerns: readonly string[] = ["web"]): TimelineEntry {
  return { kind: "update", at: `${showDay(today - daysAgo)}T10:00:00Z`, reference: "#700", concerns };
}

describe("TM-1 by the age of the oldest uncovered change", () => {
  test.each([
    [0, "GREEN"],
    [30, "GREEN"],
    [31, "AMBER"],
    [60, "AMBER"],
    [61, "RED"],
  ])("%i whole UTC days: %s (H070)", (days, rag) => {
    expect(verdict([updated(200), merged(days)]).rag).toBe(rag);
  });

  test("the sentence names what, when, how long and where", () => {
    expect(verdict([updated(200), merged(43), merged(12)])).toEqual({
      rag: "AMBER",
      why: "bucket `reports` merged 2026-01-20 (43 days ago, #812, in `infra/reports.tf`) is not in the model, nor is 1 later one.",
      place: { path: "infra/reports.tf" },
      next: ["Add bucket `reports` to the model, or have a Security Architect approve with `no change needed`."],
    });
  });

  test.each([
    ["an update that names the element", updated(10, ["Reports"]), "GREEN"],
    ["an update that names the file", updated(10, ["infra/reports.tf"]), "GREEN"],
    ["an update whose pattern holds the file", updated(10, ["infra/**"]), "GREEN"],
    ["an update of something else", updated(10, ["web"]), "RED"],
    ["an update before the change", updated(120, ["reports"]), "RED"],
    ["an update dated in the future", updated(-400, ["reports"]), "RED"],
    [
      "a review that records no change needed",
      { kind: "review", at: "2026-03-01T10:00:00Z", reference: "#820", outcome: "no-change-needed" },
      "GREEN",
    ],
    [
      "a review that approves something else",
      { kind: "review", at: "2026-03-01T10:00:00Z", reference: "#820", outcome: "approved" },
      "RED",
    ],
  ] satisfies [string, TimelineEntry, string][])("%s", (_, answer, rag) => {
    expect(verdict([updated(200), merged(100), answer]).rag).toBe(rag);
  });

  test("this pull request's own update covers what it concerns", () => {
    expect(verdict([updated(200), merged(100)], { ownUpdate: { concerns: ["reports"] } }).rag).toBe("GREEN");
    expect(verdict([updated(200), merged(100)], { ownUpdate: { concerns: ["web"] } }).rag).toBe("RED");
  });

  test("a change of another system, by name or by path, is not held against this one", () => {
    expect(verdict([updated(9), merged(100, { system: "other" })]).rag).toBe("GREEN");
    expect(
      verdict([updated(9), merged(100)], { system: { name: "exports", covers: (path) => path.startsWith("web/") } })
        .rag,
    ).toBe("GREEN");
  });

  test("incidents and intelligence start the same clock", () => {
    const incident: TimelineEntry = {
      kind: "incident",
      at: "2026-01-20T10:00:00Z",
      what: "incident #55",
      reference: "#55",
      elements: [],
    };
    expect(verdict([updated(200), incident]).why).toBe(
      "incident #55 recorded 2026-01-20 (43 days ago, #55) is not in the model.",
    );
    // One unrelated edit covers nothing; one that names the incident does.
    expect(verdict([updated(200), incident, updated(5)]).rag).toBe("AMBER");
    expect(verdict([updated(200), incident, updated(5, ["#55"])]).rag).toBe("GREEN");
    const settled = { at: "2026-02-01T10:00:00Z", why: "the label was taken off" };
    expect(verdict([updated(200), { ...incident, settled }]).rag).toBe("GREEN");
  });

  test.each([
    [334, "GREEN", []],
    [335, "GREEN", ["Review the whole model within 30 days."]],
    [365, "GREEN", ["Review the whole model within 0 days."]],
    [366, "RED", ["Review the whole model, update what is no longer true, and have it approved."]],
  ])("the yearly review after %i days", (days, rag, next) => {
    expect(verdict([updated(days)])).toMatchObject({ rag, next });
  });

  test("an approved review renews the year", () => {
    const review: TimelineEntry = {
      kind: "review",
      at: "2026-03-01T10:00:00Z",
      reference: "#820",
      outcome: "approved",
    };
    expect(verdict([updated(500), review]).why).toBe(
      "Every significant change is in the model, which was last updated or reviewed on 2026-03-01 (3 days ago).",
    );
  });

  test("what is not known is UNKNOWN, and no model is RED", () => {
    expect(verdict([merged(100)], { timeline: { state: "reading", verifiedByGitHub: true, entries: [] } })).toEqual({
      rag: "UNKNOWN",
      why: "The history of the default branch is still being read.",
      next: ["Wait for the history, or update the model in a pull request."],
    });
    expect(verdict([]).why).toBe("The history holds no substantive update and no review of the model.");
    expect(verdict([], { hasModel: false })).toMatchObject({ rag: "RED", why: "There is no threat model of exports." });
  });

  test("dates of a local checkout are told as such", () => {
    const timeline = { state: "complete", verifiedByGitHub: false, entries: [updated(3)] } as const;
    expect(verdict([], { timeline }).why).toBe(
      "Every significant change is in the model, which was last updated or reviewed on 2026-03-01 (3 days ago) (dates from commits, not verified by GitHub).",
    );
  });

  test("waiting never improves the colour, and an uncovered change never does either", () => {
    const colours = ["GREEN", "AMBER", "RED"];
    const days = fc.integer({ min: 0, max: 500 });
    const entry = fc.oneof(
      days.map((ago) => merged(ago)),
      fc.tuple(days, fc.subarray(["reports", "web", "infra/**"])).map(([ago, concerns]) => updated(ago, concerns)),
    );
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 8 }), days, days, (entries, wait, ago) => {
        const at = (later: number, list: readonly TimelineEntry[]) => {
          const currency = currencyOf(ground(list, { now: `${showDay(today + later)}T00:00:00Z` }));
          return currency.state === "known" ? colours.indexOf(currency.rag) : -1;
        };
        const now = at(0, entries);
        expect(at(wait, entries)).toBeGreaterThanOrEqual(now);
        const added = at(0, [...entries, merged(ago, { elements: ["nobody-knows"], path: "other/x.tf" })]);
        expect(added).toBeGreaterThanOrEqual(now);
      }),
    );
  });
});
