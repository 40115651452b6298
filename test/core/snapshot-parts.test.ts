import { describe, expect, test } from "@jest/globals";
import type { Policy } from "../../src/core/domain/policy.ts";
import { presets } from "../../src/core/domain/policy-presets.ts";
import type { Rules } from "../../src/core/domain/rules.ts";
import type { Snapshot } from "../../src/core/domain/snapshot.ts";
import { detectInSystem } from "../../src/core/snapshot-parts.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { aChangedFile, aSnapshot } from "../make/a-snapshot.ts";

interface Given {
  readonly snapshot: Snapshot;
  readonly policy: Policy;
  readonly rules: Rules;
  readonly models: ReadonlySet<string>;
}

const rules = await readRules();
const path = "infra/export.tf";
const patch = '@@ -0,0 +1,3 @@\n+resource "aws_s3_bucket" "exports" {\n+  bucket = "exports"\n+}';
const given: Given = {
  snapshot: aSnapshot({ files: [aChangedFile(path, { status: "added", additions: 3, changes: 3, patch })] }),
  policy: { ...presets.ukhsa, origins: {} },
  rules,
  models: new Set(["threat-model.yaml"]),
};
const [rule = ""] = detected({}).changes.map((change) => change.rule);

function detected(bend: Partial<Given>) {
  const { snapshot, policy, rules, models } = { ...given, ...bend };
  return detectInSystem(snapshot, policy, rules, models);
}

describe("detection in the same files", () => {
  test("is made once, however the snapshot and the policy are put together anew", () => {
    const policy = structuredClone(given.policy);
    const snapshot = { ...given.snapshot, models: [], now: "2026-03-05T12:00:00Z" };
    expect(rule).not.toBe("");
    expect(detected({ policy, snapshot, models: new Set(given.models) })).toBe(detected({}));
  });

  test.each<readonly [string, Partial<Given>]>([
    ["other files", { snapshot: { ...given.snapshot, files: [...given.snapshot.files] } }],
    ["other texts at the head", { snapshot: { ...given.snapshot, headTexts: [{ path, text: "" }] } }],
    ["other texts at the base", { snapshot: { ...given.snapshot, baseTexts: [{ path, text: "" }] } }],
    ["other files that were not read", { snapshot: { ...given.snapshot, notRead: [{ path, reason: "too large" }] } }],
    ["questions asked before", { snapshot: { ...given.snapshot, asked: ["T-1"] } }],
    ["other rules", { rules: { ...rules } }],
    ["other models", { models: new Set([path]) }],
    [
      "a policy that ignores other paths",
      { policy: { ...given.policy, paths: { ...given.policy.paths, ignore: [path] } } },
    ],
    ["a policy that only records a rule", { policy: { ...given.policy, rules: { [rule]: "monitor" } } }],
  ])("is made anew with %s, and the one before is not mistaken for it", (_, bend) => {
    const before = detected({});
    const anew = detected(bend);
    expect(anew).not.toBe(before);
    expect(detected(bend)).toBe(anew);
    expect(detected({})).toEqual(before);
  });

  test("finds what the policy of each time leaves", () => {
    const significant = (bend: Partial<Given>) => detected(bend).changes.filter((change) => change.significant).length;
    const recorded = { policy: { ...given.policy, rules: { [rule]: "monitor" as const } } };
    expect([significant({}), significant(recorded), significant({ models: new Set([path]) }), significant({})]).toEqual(
      [1, 0, 0, 1],
    );
  });
});
