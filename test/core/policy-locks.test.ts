import { describe, expect, test } from "@jest/globals";
import { modes, type Policy } from "../../src/core/domain/policy.ts";
import { presets } from "../../src/core/domain/policy-presets.ts";
import {
  arePeersAtLeastAsStrict,
  flattenPolicy,
  isAtLeastAsStrict,
  isLocked,
} from "../../src/core/domain/policy-strictness.ts";
import type { PolicyTexts, PropertiesReading } from "../../src/core/domain/snapshot.ts";
import { effectivePolicy } from "../../src/core/policy.ts";
import fc from "../make/fast-check.ts";

const path = ".github/threatgate.yml";

function texts(organisation: object, own?: object): PolicyTexts {
  const present = (file: object) => ({ outcome: "present", text: JSON.stringify({ version: 1, ...file }) }) as const;
  return {
    organisation: { path, reading: present(organisation) },
    repository: { path, reading: own === undefined ? { outcome: "absent" } : present(own) },
  };
}

const names = fc.uniqueArray(fc.constantFrom("a", "b", "c"), { maxLength: 3 });
const risks = ["low", "medium", "high", "critical"] as const;
const systems = fc.array(
  fc.record(
    { name: fc.constantFrom("one", "two"), paths: names, riskClass: fc.constantFrom("low", "medium", "high") },
    { requiredKeys: ["name"] },
  ),
  { maxLength: 2 },
);

/** Every key that a policy file may hold. */
const settings = fc.record(
  {
    mode: fc.constantFrom(...modes),
    preset: fc.constantFrom("ukhsa", "cra", "nis2", "minimal"),
    architects: fc.record({ teams: names, users: names }, { requiredKeys: [] }),
    peers: fc.record({ teams: names, users: names }, { requiredKeys: [] }),
    systems,
    riskThreshold: fc.constantFrom(...risks),
    currency: fc.record(
      {
        green: fc.integer({ min: 1, max: 30 }),
        amber: fc.integer({ min: 120, max: 400 }),
        review: fc.integer({ min: 1, max: 900 }),
      },
      { requiredKeys: [] },
    ),
    incomplete: fc.constantFrom("warn", "fail"),
    rules: fc.dictionary(fc.constantFrom("one", "two"), fc.constantFrom("off", "monitor", "comment", "block")),
    acceptance: fc.record(
      {
        maxDays: fc.integer({ min: 1, max: 900 }),
        approvers: fc.dictionary(
          fc.constantFrom(...risks),
          fc.subarray(["security-architect", "product-owner", "peer"]),
        ),
      },
      { requiredKeys: [] },
    ),
    scanners: fc.subarray(["code-scanning", "secret-scanning", "dependabot"]),
    incidents: fc.record({ label: fc.constantFrom("security-incident", "breach") }),
    publish: fc.record({ issues: fc.boolean(), openThreats: fc.boolean() }, { requiredKeys: [] }),
    paths: fc.record({ ignore: names }),
    tracker: fc.constantFrom("github", "jira"),
    jira: fc.record(
      { project: fc.constantFrom("SHOP", "SEC"), issueType: fc.constantFrom("Task", "Bug") },
      { requiredKeys: [] },
    ),
    onboarding: fc.constantFrom("none", "issue", "pull-request"),
    repositoryRules: fc.constantFrom("ignore", "use"),
    approvals: fc.constantFrom("commit", "unchanged"),
  },
  { requiredKeys: [] },
);

const keys = [...flattenPolicy(presets.ukhsa).keys(), "rules.one", "rules.two"];
const lockable = [
  ...new Set(keys.flatMap((key) => key.split(".").map((_, index, parts) => parts.slice(0, index + 1).join(".")))),
];

/** The settings of a policy by dotted key. */
function flat({ origins: _, ...values }: Policy): Map<string, unknown> {
  return flattenPolicy(values);
}

/** Every key of `locked` for which the one policy is looser than the other. */
function looser(mine: Policy, theirs: Policy, locked: readonly string[]): string[] {
  const [ours, floor] = [flat(mine), flat(theirs)];
  return [...new Set([...ours.keys(), ...floor.keys()])]
    .filter((key) => isLocked(key, locked))
    .filter((key) =>
      key.startsWith("peers.")
        ? !arePeersAtLeastAsStrict(mine.peers, theirs.peers)
        : !isAtLeastAsStrict(key, ours.get(key), floor.get(key)),
    );
}

test("every key that a policy file may hold is among those that are tried", () => {
  const tried = new Set(
    fc.sample(settings, { numRuns: 500, seed: 1 }).flatMap((one) => [...flattenPolicy(one).keys()]),
  );
  expect(keys.filter((key) => !tried.has(key))).toEqual([]);
});

describe("locks", () => {
  test("H019: no repository's file is looser than what the organisation locks, whatever both say, for every key", () => {
    expect(lockable).toContain("peers");
    fc.assert(
      fc.property(settings, settings, fc.subarray(lockable), fc.boolean(), (organisation, own, locked, byName) => {
        const file = byName
          ? { repositories: [{ match: "sh*", ...organisation }], locked }
          : { ...organisation, locked };
        const repository = { owner: "acme", name: "shop" };
        const alone = effectivePolicy(texts(file), repository);
        const together = effectivePolicy(texts(file, own), repository);
        expect(looser(together.policy, alone.policy, locked)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("H019: every key that is written in vain is told with its line, and no other", () => {
    fc.assert(
      fc.property(settings, settings, fc.subarray(lockable), (organisation, own, locked) => {
        const repository = { owner: "acme", name: "shop" };
        const { policy, ignored } = effectivePolicy(texts({ ...organisation, locked }, own), repository);
        const wanted = effectivePolicy(texts(organisation, own), repository).policy;
        const [is, would] = [flat(policy), flat(wanted)];
        const vain = [...new Set([...is.keys(), ...would.keys()])].filter(
          (key) => JSON.stringify(is.get(key)) !== JSON.stringify(would.get(key)),
        );
        for (const key of vain) expect(ignored.filter((sentence) => sentence.startsWith(`\`${key}: `))).toHaveLength(1);
        expect(ignored).toHaveLength(vain.length);
      }),
      { numRuns: 200 },
    );
  });
});

test.each(["architects", "peers"] as const)("H019: a lock on one list of %s holds for the other", (group) => {
  const repository = { owner: "acme", name: "shop" };
  const file = { [group]: { teams: ["security-architects"], users: [] }, locked: [`${group}.teams`] };
  const { policy, ignored } = effectivePolicy(texts(file, { [group]: { users: ["mallory"] } }), repository);
  expect(policy[group]).toEqual({ teams: ["security-architects"], users: [] });
  expect(ignored[0]).toContain(`the organisation locks \`${group}.users\``);
});

describe("settings by custom property", () => {
  const entry = fc.record({ settings, value: fc.constantFrom("high", "low") });

  test("H016: where the properties are unknown, no setting is looser than with any values they could have had", () => {
    const ordered = (key: string): boolean =>
      !["preset", "systems", "tracker", "onboarding", "repositoryRules", "scanners", "incidents.label"].includes(key) &&
      !key.startsWith("acceptance.approvers.") &&
      !key.startsWith("jira.") &&
      !key.startsWith("rules.") &&
      !key.startsWith("peers.");
    const orderedKeys = keys.filter(ordered).filter((key) => !key.startsWith("architects.") && key !== "paths.ignore");
    fc.assert(
      fc.property(settings, entry, entry, (base, one, other) => {
        const without = ({ preset: _, ...rest }: typeof base): object => rest;
        const repositories = [one, other].map(({ settings: own, value }, index) => ({
          properties: { [`p${index}`]: value },
          ...without(own),
        }));
        const file = texts({ ...base, repositories });
        const withProperties = (properties: PropertiesReading): Policy =>
          effectivePolicy(file, { owner: "acme", name: "shop", properties }).policy;
        const unknown = withProperties({ outcome: "unknown", why: "GitHub does not show them" });
        for (const [p0, p1] of [
          ["high", "high"],
          ["high", "low"],
          ["low", "high"],
          ["low", "low"],
        ] as const) {
          const known = withProperties({ outcome: "present", values: { p0: [p0], p1: [p1] } });
          expect(looser(unknown, known, orderedKeys)).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("names and values that are none of an object's own decide nothing (H062)", () => {
    const file = texts({ repositories: [{ properties: { constructor: "x" }, mode: "observe" }], mode: "enforce" });
    const properties = { outcome: "present", values: {} } as const;
    expect(effectivePolicy(file, { owner: "acme", name: "shop", properties }).policy.mode).toBe("enforce");
  });
});
