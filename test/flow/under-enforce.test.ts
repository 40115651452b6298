import { describe, expect, test } from "@jest/globals";
import { standingOf } from "../../src/core/standing.ts";
import { bucket, Stage } from "./stage.ts";

const policyOf = (mode: string): string => `version: 1\nmode: ${mode}\narchitects:\n  teams: [security-architects]\n`;
const model = `schemaVersion: 1
system: { name: shop, description: A shop. }
elements:
  - { id: api, type: api, name: API, files: ["src/**"] }
`;

const cases = {
  "nothing significant": { "README.md": "# Shop\n\nMore words.\n" },
  "a bucket without a model": { "infra/export.tf": bucket("exports") },
  "a bucket and a broken model": {
    "infra/export.tf": bucket("exports"),
    "threat-model.yaml": "schemaVersion: 1\nnope: 1\n",
  },
  "a bucket with a first model": { "infra/export.tf": bucket("exports"), "threat-model.yaml": model },
  "many changes": Object.fromEntries(
    Array.from({ length: 14 }, (_, index) => [`infra/part${index}/export.tf`, bucket(`exports-${index}`)]),
  ),
};

async function judgedIn(mode: string, files: Readonly<Record<string, string>>, draft = false) {
  const stage = await Stage.set({ policy: policyOf(mode) });
  const number = stage.opened(files, { draft });
  return { stage, number, outcome: await stage.evaluated(number) };
}

describe("what enforce would do is kept where the policy does not say it yet", () => {
  test.each(Object.entries(cases))("%s: observe and advise keep what enforce concludes and asks", async (_, files) => {
    const there = await judgedIn("enforce", files);
    expect(there.outcome.assessment.underEnforce).toBeUndefined();
    const { conclusion, reasons } = there.outcome.assessment;
    const asked = there.stage.questions(there.number).length;
    for (const mode of ["observe", "advise"]) {
      const here = await judgedIn(mode, files);
      const { underEnforce } = here.outcome.assessment;
      expect({ conclusion: underEnforce?.conclusion, reasons: underEnforce?.reasons }).toEqual({ conclusion, reasons });
      expect(underEnforce?.comments).toHaveLength(asked);
      expect(here.outcome.assessment.conclusion).toBe(
        conclusion === "success" ? here.stage.check(here.number).conclusion : "neutral",
      );
      if (mode === "observe") expect(here.stage.questions(here.number)).toEqual([]);
    }
  });

  test("a draft would be judged as if it were ready, and asked nothing", async () => {
    const { outcome, stage, number } = await judgedIn("observe", cases["a bucket without a model"], true);
    expect(stage.check(number).conclusion).toBe("neutral");
    expect(outcome.assessment.underEnforce).toMatchObject({ conclusion: "failure", comments: [] });
  });

  test("the strictest verdict of a commit is kept as well, where another base lets less through (H017)", async () => {
    const stage = await Stage.set({ policy: policyOf("observe") });
    const sam = stage.github.as("sam");
    sam.pushCommit(stage.name, { branch: "sandbox", files: { "infra/export.tf": bucket("exports") }, message: "Try" });
    const from = stage.tipOf("sandbox");
    sam.pushCommit(stage.name, { branch: "feature", from, files: { "README.md": "# Shop\n\nMore.\n" } });
    const number = sam.openPullRequest(stage.name, { branch: "feature", base: "sandbox", title: "More words" });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.underEnforce).toMatchObject({ conclusion: "failure", comments: [] });
  });

  test("of it the report is given what would have stopped it, and the issues that a merge would have opened", async () => {
    const { stage, number, outcome } = await judgedIn("observe", cases["a bucket without a model"]);
    const evaluated = { ...outcome, threads: [], architectsWanted: false };
    const trial = standingOf(evaluated)?.trial;
    expect(trial).toMatchObject({ conclusion: "failure", issues: 0 });
    expect(trial?.because.length).toBeGreaterThan(0);
    stage.github.as("olga").merge(stage.name, number);
    const merged = await stage.evaluated(number);
    expect(standingOf({ ...evaluated, ...merged })?.trial?.comments).toEqual([]);
    expect(stage.issues()).toEqual([]);
  });
});
