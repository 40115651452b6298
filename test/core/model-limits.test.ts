import { describe, expect, test } from "@jest/globals";
import { judge } from "../../src/core/judge.ts";
import { modelPathsIn, withinModelLimits } from "../../src/core/model-limits.ts";
import { stillNeeded } from "../../src/core/needs.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { aSnapshot } from "../make/a-snapshot.ts";
import { aPolicy } from "../make/an-assessment.ts";

const rules = await readRules();
const context = {
  threatgateVersion: "test",
  documentation: "https://example.org",
  host: "https://github.com",
  requestId: "request-1",
};

/** A model of the given size in bytes. */
function model(bytes = 0): string {
  const text = "schemaVersion: 1\nsystem:\n  name: Shop\nelements:\n  - id: shop\n    name: Shop\n    type: process\n";
  return text + `# ${"x".repeat(bytes)}`.slice(0, Math.max(0, bytes - text.length));
}

function many(count: number, bytes = 0) {
  return Array.from({ length: count }, (_, at) => ({ path: `services/s${at}/threat-model.yaml`, text: model(bytes) }));
}

describe("all models of a repository together", () => {
  test("within the limits nothing is left out", () => {
    const snapshot = aSnapshot({ models: many(200) });
    expect(withinModelLimits(snapshot, aPolicy())).toBe(snapshot);
  });

  test("the 201st file is named, and the nearest to the root is read", () => {
    const root = { path: "threat-model.yaml", text: model() };
    const { models, notRead } = withinModelLimits(aSnapshot({ models: [...many(200), root] }), aPolicy());
    expect(models).toHaveLength(200);
    expect(models).toContain(root);
    expect(notRead).toEqual([
      {
        path: "services/s99/threat-model.yaml",
        reason: "of a repository's models 200 files and 8 MiB together are read",
        isModel: true,
      },
    ]);
  });

  test("more than 8 MiB: what fits is read, each of the others named", () => {
    const mebibyte = 1024 * 1024;
    const small = { path: "zz/threat-model.yaml", text: model() };
    const { models, notRead } = withinModelLimits(aSnapshot({ models: [...many(9, mebibyte), small] }), aPolicy());
    expect(models).toContain(small);
    expect([models.length, notRead.map(({ path }) => path)]).toEqual([
      8,
      ["services/s7/threat-model.yaml", "services/s8/threat-model.yaml"],
    ]);
  });

  test("the base is held to the same, so that nothing is taken for lost that was not read", () => {
    const { baseModels, notRead } = withinModelLimits(aSnapshot({ baseModels: many(201) }), aPolicy());
    expect([baseModels.length, notRead.length]).toEqual([200, 1]);
  });
});

describe("of a tree with a thousand models", () => {
  const headPaths = many(1_000).map(({ path }) => path);

  test("200 are asked for and never more, those that the pull request changes first", () => {
    const changed = "services/s999/threat-model.yaml";
    const files = [{ filename: changed, status: "modified", additions: 1, deletions: 0, changes: 1 }] as const;
    const snapshot = aSnapshot({ headPaths, headPathsComplete: true, files, filesTotal: 1 });
    const first = stillNeeded(snapshot, new Set(), rules)?.look ?? [];
    expect([first.length, first[0]]).toEqual([200, changed]);
    expect(stillNeeded(snapshot, new Set(first), rules)?.look ?? []).toEqual([]);
    expect(modelPathsIn(snapshot, aPolicy())).toHaveLength(1_000);
  });

  test("the verdict names twenty of the others and tells their number, and judges the rest", () => {
    const first = new Set(modelPathsIn(aSnapshot({ headPaths }), aPolicy()).slice(0, 200));
    const models = many(1_000).filter(({ path }) => first.has(path));
    const { assessment } = judge(aSnapshot({ headPaths, headPathsComplete: true, models }), rules, context);
    const said = assessment.reasons.filter(({ says }) => says.includes("could not be read"));
    expect(said).toHaveLength(20);
    expect(said.at(-1)?.says).toContain("this holds for 780 more files");
    expect(assessment.couldNotEvaluate).toBe(true);
    expect(assessment.systems[0]?.modelFiles).toHaveLength(200);
  });
});
