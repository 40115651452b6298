import { describe, expect, test } from "@jest/globals";
import type { SeenRepository } from "../../src/core/domain/seen-repository.ts";
import { onboardingOf } from "../../src/core/onboarding.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { sampleRepository } from "../make/a-survey.ts";

const rules = await readRules();
const shop = sampleRepository("shop");

/** The sample shop with further files, of which only the paths are known. */
function seenWith(more: readonly string[], without: RegExp = /^$/): SeenRepository {
  const texts = Object.entries(shop)
    .filter(([path]) => !without.test(path))
    .map(([path, text]) => ({ path, text }));
  return {
    owner: "acme",
    name: "shop",
    isPrivate: true,
    commit: "1".repeat(40),
    paths: [...texts.map(({ path }) => path), ...more],
    texts,
    notRead: [],
    policy: { repository: { path: ".github/threatgate.yml", reading: { outcome: "absent" } } },
  };
}

/** The paths that the pull request adds, or why there is none. */
function added(seen: SeenRepository): readonly string[] | string {
  const onboarding = onboardingOf(seen, rules);
  if ("why" in onboarding) return onboarding.why;
  const { pullRequest } = onboarding;
  return "why" in pullRequest ? pullRequest.why : pullRequest.files.map(({ path }) => path);
}

describe("the pull request with a first model", () => {
  const both = ["threat-model.yaml", "docs/data-flow-diagram.md"];

  test("adds the model and its drawing", () => {
    expect(added(seenWith([]))).toEqual(both);
    expect(added(seenWith(["docs.md", "threat-model.yaml.txt", ".gitmodules", "docs/a.md"]))).toEqual(both);
  });

  test("H067: takes the place of nothing: no file, no folder, no link or file on the way, no submodule", () => {
    const docs = /^docs\//;
    for (const there of ["docs/Data-Flow-Diagram.md", "docs", "Docs", "docs/data-flow-diagram.md/old.md"])
      expect([there, added(seenWith([there], docs))]).toEqual([there, ["threat-model.yaml"]]);
    expect(added(seenWith([".gitmodules"], docs))).toEqual(["threat-model.yaml"]);
    expect(added(seenWith(["threat-model.yaml/part.yaml"]))).toBe(
      "threat-model.yaml/part.yaml is there, and holds no model that can be read",
    );
  });
});
