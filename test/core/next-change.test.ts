import { describe, expect, test } from "@jest/globals";
import type { ModelAcceptance } from "../../src/core/domain/model-decisions.ts";
import type { Snapshot } from "../../src/core/domain/snapshot.ts";
import { emptyModel } from "../../src/core/domain/threat-model.ts";
import type { TimelineEntry } from "../../src/core/domain/timeline.ts";
import { nextChangeByTime, nextEndOfAcceptance, verdictOf } from "../../src/core/next-change.ts";
import { aSnapshot, aTimeline } from "../make/a-snapshot.ts";
import { aModelThreat, anAssessment, anIndicator, aPolicy, aSystem } from "../make/an-assessment.ts";

const place = { path: "threat-model.yaml", line: 1 };

function change(at: string): TimelineEntry {
  return {
    kind: "change",
    at,
    what: "bucket `reports`",
    reference: "#812",
    path: "infra/reports.tf",
    elements: ["reports"],
  };
}

function update(at: string, concerns: readonly string[] = ["web"]): TimelineEntry {
  return { kind: "update", at, reference: "#790", concerns };
}

/** The next day on which time alone may change the verdict, of a repository with this history, judged at `now`. */
function next(now: string, entries: readonly TimelineEntry[], acceptances: readonly ModelAcceptance[] = []) {
  const model = { ...emptyModel("native", ["threat-model.yaml"]), acceptances };
  const timeline = aTimeline({ entries });
  const snapshot: Snapshot = aSnapshot({ now, timeline });
  const assessment = anAssessment({ asOf: now, systems: [aSystem({ model })] });
  return nextChangeByTime({ assessment, snapshot, timeline });
}

describe("when time alone changes a verdict", () => {
  test("H071: day 31 and day 61 of what the model does not hold, then nothing but the yearly review", () => {
    const entries = [update("2026-01-01T09:00:00Z"), change("2026-01-02T23:30:00Z")];
    expect(next("2026-01-05T00:00:00Z", entries)).toBe("2026-02-02T00:00:00Z");
    expect(next("2026-02-01T23:59:59Z", entries)).toBe("2026-02-02T00:00:00Z");
    expect(next("2026-02-02T00:00:00Z", entries)).toBe("2026-03-04T00:00:00Z");
    expect(next("2026-03-04T12:00:00Z", entries)).toBe("2026-12-02T00:00:00Z");
    expect(next("2026-12-02T12:00:00Z", entries)).toBe("2027-01-02T00:00:00Z");
    expect(next("2027-01-02T12:00:00Z", entries)).toBeUndefined();
  });

  test("what an update covered changes nothing", () => {
    const entries = [change("2026-01-02T09:00:00Z"), update("2026-01-03T09:00:00Z", ["reports"])];
    expect(next("2026-01-05T00:00:00Z", entries)).toBe("2026-12-04T00:00:00Z");
  });

  test("the day after an acceptance ends, and the day from which one that runs too long may count", () => {
    const until = (date: string): ModelAcceptance => ({ threat: "TH-1", until: date, place });
    const entries = [update("2026-01-01T09:00:00Z")];
    expect(next("2026-03-04T12:00:00Z", entries, [until("2026-03-31")])).toBe("2026-04-01T00:00:00Z");
    expect(next("2026-03-31T12:00:00Z", entries, [until("2026-03-31")])).toBe("2026-04-01T00:00:00Z");
    expect(next("2026-03-04T12:00:00Z", entries, [until("2026-09-10")])).toBe("2026-03-14T00:00:00Z");
    expect(next("2026-04-01T12:00:00Z", entries, [until("2026-03-31"), until("tomorrow")])).toBe(
      "2026-12-02T00:00:00Z",
    );
  });

  test("the day after a waiver ends", () => {
    const waived = { by: { login: "dana", type: "User" }, until: "2026-03-20", because: "production is down" } as const;
    const timeline = aTimeline({ state: "reading", entries: [] });
    const snapshot = aSnapshot({ timeline });
    const assessment = anAssessment({ asOf: snapshot.now, waived });
    expect(nextChangeByTime({ assessment, snapshot, timeline })).toBe("2026-03-21T00:00:00Z");
  });

  test("of a merged pull request only the end of an acceptance is watched", () => {
    const acceptances = [{ threat: "TH-1", until: "2026-03-31", place }];
    const model = { ...emptyModel("native", ["threat-model.yaml"]), acceptances };
    const at = { asOf: "2026-03-04T12:00:00Z" };
    expect(nextEndOfAcceptance(anAssessment({ ...at, systems: [aSystem({ model })] }))).toBe("2026-04-01T00:00:00Z");
    expect(nextEndOfAcceptance(anAssessment(at))).toBeUndefined();
  });
});

describe("whether a verdict is the same", () => {
  const verdict = (bend: Parameters<typeof anAssessment>[0]) => verdictOf(anAssessment(bend));
  const colours = (rag: "GREEN" | "AMBER", why: string) =>
    [aSystem({ indicators: { ...aSystem().indicators, "TM-1": anIndicator({ rag, why }) } })] as const;

  test("other words and days are no other verdict", () => {
    expect(verdict({ asOf: "2026-03-05T00:00:00Z", systems: colours("AMBER", "32 days ago") })).toBe(
      verdict({ asOf: "2026-03-06T00:00:00Z", systems: colours("AMBER", "33 days ago") }),
    );
  });

  test.each<[string, Parameters<typeof anAssessment>[0]]>([
    ["another colour", { systems: colours("AMBER", "") }],
    ["another conclusion", { conclusion: "failure", systems: colours("GREEN", "") }],
    ["a threat that is open", { systems: [{ ...colours("GREEN", "")[0], openThreats: [aModelThreat()] }] }],
    ["another reason", { reasons: [{ outcome: "failure", says: "x" }], systems: colours("GREEN", "") }],
  ])("%s is", (_, bend) => {
    expect(verdict(bend)).not.toBe(verdict({ systems: colours("GREEN", "") }));
  });

  test("its builder has a policy of the standard's days", () => {
    expect(aPolicy().currency).toEqual({ green: 30, amber: 60, review: 365 });
  });
});
