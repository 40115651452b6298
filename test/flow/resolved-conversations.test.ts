import { expect, test } from "@jest/globals";
import type { BranchRule } from "../github/world.ts";
import { bucket, Stage } from "./stage.ts";

/*
 * Where a ruleset lets nothing merge while a conversation is open, a question in a thread would block although the mode
 * is `advise`. There the questions stand in the check.
 */

function pullRequestRule(resolved: boolean): BranchRule {
  return {
    type: "pull_request",
    parameters: {
      dismiss_stale_reviews_on_push: false,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_approving_review_count: 1,
      required_review_thread_resolution: resolved,
    },
  };
}

async function asked(mode: string, rules: readonly BranchRule[]) {
  const stage = await Stage.set({ policy: `version: 1\nmode: ${mode}\n`, repository: { rules: { main: rules } } });
  const number = stage.opened({ "infra/exports.tf": bucket("exports") });
  const evidence = stage.app.forEvidence(stage.github.app.installation, "shop");
  const evaluate = () => stage.evaluated(number, { evidence });
  await evaluate();
  return { stage, number, evaluate };
}

test("in advise the questions are annotations of the check, which says why, and no thread is begun", async () => {
  const { stage, number, evaluate } = await asked("advise", [pullRequestRule(true)]);
  expect(stage.questions(number)).toEqual([]);
  const check = stage.check(number);
  expect(check.conclusion).toBe("neutral");
  expect(check.summary).toContain("a rule of the branch lets nothing merge while a conversation is open");
  expect(check.annotations).toMatchObject([
    { path: "infra/exports.tf", start_line: 1, annotation_level: "notice", title: expect.stringContaining("exports") },
  ]);
  expect(stage.reviews(number)).toHaveLength(1);
  expect(stage.reviews(number)[0]?.body).toContain("not in threads");
  expect((await evaluate()).plan.steps).toEqual([]);
});

test.each([
  ["advise, no such rule", "advise", [pullRequestRule(false)]],
  ["enforce, which may block", "enforce", [pullRequestRule(true)]],
])("threads as ever: %s", async (_, mode, rules) => {
  const { stage, number } = await asked(mode, rules);
  expect(stage.questions(number).length).toBeGreaterThan(0);
  expect(stage.check(number).annotations).toEqual([]);
});
