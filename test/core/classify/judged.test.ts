import { describe, expect, test } from "@jest/globals";
import type { Rules } from "../../../src/core/domain/rules.ts";
import type { Snapshot } from "../../../src/core/domain/snapshot.ts";
import { threatId } from "../../../src/core/domain/threat-id.ts";
import { checkOutput, judge } from "../../../src/core/judge.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import { aChangedFile, aPullRequest, aSnapshot } from "../../make/a-snapshot.ts";

/* The class carried through judging: what counts, who must review, who accepts. */

const rules = await readRules();
const context = {
  threatgateVersion: "1",
  documentation: "https://example.org",
  host: "https://github.com",
  requestId: "r",
};
const systems = {
  high: "  exposure: internet\n  data: [{ name: orders, classification: personal }]\n",
  medium: "  exposure: partners\n",
  low: "  exposure: internal\n  data: [{ name: menus, classification: public }]\n  criticality: low\n  regulations: [none]\n",
};
type Class = keyof typeof systems;

const element = "elements:\n  - { id: web, type: web-app, name: Web }\n";
const threat = (risk: string) =>
  `threats:\n  - { id: T-own1, element: web, stride: I, title: Somebody reads the orders, impact: ${risk}, likelihood: medium }\n`;

function aModel(system: Class, rest = ""): string {
  return `schemaVersion: 1\nsystem:\n  id: shop\n  name: Shop\n${systems[system]}${element}${rest}`;
}

/** A pull request that changes the model from one text to another, in `enforce`, reviewed by nobody. */
function aChange(before: string | undefined, after: string, policy = ""): Snapshot {
  const path = "threat-model.yaml";
  const text = `version: 1\nmode: enforce\narchitects: { teams: [security-architects] }\n${policy}`;
  return aSnapshot({
    files: [aChangedFile(path)],
    models: [{ path, text: after }],
    baseModels: before === undefined ? [] : [{ path, text: before }],
    pullRequest: aPullRequest({ reviews: [] }),
    policy: { repository: { path: ".github/threatgate.yml", reading: { outcome: "present", text } } },
  });
}

const judged = (snapshot: Snapshot, by: Rules = rules) => judge(snapshot, by, context).assessment;
const blocks = (snapshot: Snapshot) =>
  judged(snapshot).reasons.flatMap(({ outcome, says }) =>
    outcome === "failure" && says.includes("T-own1") ? [says] : [],
  );
const waits = (snapshot: Snapshot) => judged(snapshot).reasons.some(({ outcome }) => outcome === "action_required");

describe("which threats count", () => {
  test.each<[Class, string, boolean]>([
    ["high", "medium", true],
    ["medium", "medium", false],
    ["low", "medium", false],
    ["medium", "high", true],
    ["low", "high", true],
  ])("class %s, a new open threat of %s impact: blocks is %s", (system, impact, expected) => {
    const snapshot = aChange(aModel(system), aModel(system, threat(impact)));
    expect(judged(snapshot).systems[0]?.classification?.riskClass).toBe(system);
    expect(blocks(snapshot).length > 0).toBe(expected);
  });

  test("a threshold that the policy sets is not overruled", () => {
    expect(blocks(aChange(aModel("high"), aModel("high", threat("medium")), "riskThreshold: critical\n"))).toEqual([]);
  });

  test("what is open in the model is told from the class's threshold on", () => {
    const open = (system: Class) =>
      judged(aChange(aModel(system), aModel(system, threat("medium")))).systems[0]?.openThreats.map(({ id }) => id);
    expect([open("high"), open("medium")]).toEqual([["T-own1"], []]);
  });
});

describe("who must review", () => {
  test("a missing approval is waited for in class high and medium, and not in class low", () => {
    const change = (system: Class) => aChange(aModel(system), aModel(system, threat("low")));
    expect([waits(change("high")), waits(change("medium")), waits(change("low"))]).toEqual([true, true, false]);
  });

  test("a change that calls its own system harmless is still waited for", () => {
    expect(waits(aChange(aModel("medium"), aModel("low", threat("low"))))).toBe(true);
    expect(waits(aChange(undefined, aModel("low", threat("low"))))).toBe(true);
  });

  test("the policy's word wins over the model's", () => {
    const policy = "systems: [{ name: shop, riskClass: low }]\n";
    const snapshot = aChange(aModel("high"), aModel("high", threat("low")), policy);
    expect(judged(snapshot).systems[0]?.classification).toMatchObject({ riskClass: "low", decidedBy: "policy" });
    expect(waits(snapshot)).toBe(false);
  });
});

describe("which risk may be accepted by whom", () => {
  const accepted = `threats:
  - { id: T-own1, element: web, stride: I, title: Somebody reads the orders, impact: medium, likelihood: medium, status: accepted }
acceptances:
  - { threat: T-own1, reason: It is replaced in May., approver: lee, until: 2026-05-31, compensating: none, review: 2026-05-31 }
`;
  const byPeer = (system: Class) => {
    const snapshot = aChange(aModel(system), aModel(system, accepted));
    return {
      ...snapshot,
      pullRequest: aPullRequest({ reviews: aPullRequest().reviews.filter(({ author }) => author?.login === "lee") }),
    };
  };
  const awaits = (system: Class) =>
    judged(byPeer(system)).reasons.filter(
      ({ says }) => says.startsWith("The acceptance of") || says.includes(": The acceptance of"),
    );

  test("a medium risk by a peer in class low, by a Security Architect alone in the others", () => {
    expect(awaits("low")).toEqual([]);
    expect(awaits("medium")).toMatchObject([{ outcome: "action_required" }]);
    expect(awaits("high")[0]?.says).toContain("as Security Architect");
  });
});

test("a new version of the library changes nothing about a difference that does not touch the element", () => {
  const [first] = rules.threats;
  if (!first) throw new Error("no rules");
  const fresh = {
    ...first,
    id: "brand-new-rule",
    title: "Something that nobody knew before",
    impact: "high",
    likelihood: "high",
  } as const;
  const everywhere = { ...fresh, appliesTo: { elements: ["web-app" as const] }, mitigatedBy: [], aggravatedBy: [] };
  const upgraded: Rules = { ...rules, version: "next", threats: [...rules.threats, everywhere] };
  for (const system of ["high", "medium", "low"] as const) {
    const snapshot = aChange(aModel(system), aModel(system, threat("high")));
    const { conclusion, reasons, threats } = judged(snapshot, upgraded);
    const before = judged(snapshot);
    expect({ conclusion, reasons, threats }).toEqual({
      conclusion: before.conclusion,
      reasons: before.reasons,
      threats: before.threats,
    });
  }
});

test("the check says the class, why, and from which risk threats count", () => {
  const { desired } = judge(aChange(aModel("high"), aModel("high", threat("medium"))), rules, context);
  expect(desired.checkRun?.text).toContain(
    "risk class of exports: **high**. Anybody on the internet can reach it, and it holds what harms people or the organisation (exposure: internet, threat-model.yaml:5; data: personal, threat-model.yaml:6). Open threats count from medium risk on.",
  );
});

test("the JSON of a check says the class, what decided it and what it decides", () => {
  const snapshot = aChange(aModel("high"), aModel("high", threat("medium")));
  const { assessment, desired } = judge(snapshot, rules, context);
  expect(JSON.parse(JSON.stringify(checkOutput(assessment, desired)))).toMatchObject({
    systems: [
      {
        classification: {
          riskClass: "high",
          decidedBy: "rules",
          rule: "personal-data-on-the-internet",
          facts: expect.arrayContaining([{ fact: "exposure", answers: ["internet"], where: ["threat-model.yaml:5"] }]),
          questions: expect.arrayContaining([expect.objectContaining({ fact: "regulation" })]),
          threshold: "medium",
          architect: "always",
          approvers: { critical: ["security-architect"] },
        },
      },
    ],
  });
});

test("a renamed element whose answers hang on its former id is asked to say so", () => {
  const answer = `threats:\n  - { id: ${threatId("sql-built-from-input", "web")}, element: site, stride: T, title: Other, status: not-applicable, reason: static }\n`;
  const before = aModel("medium", answer.replace("element: site", "element: web"));
  const after = aModel("medium", answer).replace("id: web,", "id: site,");
  const told = judged(aChange(before, after)).problems.map(({ what, example }) => [what, example]);
  expect(told).toContainEqual([expect.stringContaining("`site` was `web` before this change"), "formerly: [web]"]);
  expect(judged(aChange(before, before)).problems).toEqual([]);
});
