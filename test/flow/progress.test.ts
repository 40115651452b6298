import { describe, expect, test } from "@jest/globals";
import { run } from "../../src/shell/run.ts";
import { eventually } from "./program.ts";
import { bucket, Stage } from "./stage.ts";

const enforce = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\n";

/** An evaluation in which GitHub takes its time, seen by somebody who waits less long than that. */
async function slowly(stage: Stage, number: number, patience: number, milliseconds = 800): Promise<void> {
  stage.github.faults.add({ operation: "graphql/PullRequest", effect: { do: "delay", milliseconds } });
  await run(stage.subject(number), { ...stage.world(), showProgressAfter: patience });
}

/** What became of the check run of ours, request by request. */
function written(stage: Stage): string[] {
  return stage.github.requests.all
    .map(({ operation }) => operation)
    .filter((one) => /^checks\/(create|update)$/.test(one));
}

describe("an answer that takes long", () => {
  test("is announced on the head, and then takes the announcement's place", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ "infra/export.tf": bucket("exports") });
    // Reads what the first stage of a file reads once, so that only GitHub is slow.
    await stage.evaluated(stage.opened({ "A.md": "Words.\n" }, { branch: "first" }));
    const running = slowly(stage, number, 200, 3000);
    await eventually("it is announced", () => stage.checks(number).length > 0);
    expect(stage.checks(number)).toMatchObject([{ status: "in_progress", conclusion: null }]);
    await running;
    expect(stage.checks(number)).toMatchObject([{ status: "completed", conclusion: "failure" }]);
    expect(written(stage)).toEqual(["checks/create", "checks/create", "checks/update"]);
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test("is not announced where there is a verdict already", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ "infra/export.tf": bucket("exports") });
    await stage.evaluated(number);
    await slowly(stage, number, 200);
    expect(written(stage)).toEqual(["checks/create"]);
  });

  test("is not announced on a pull request that is closed, nor when it comes in time", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ "infra/export.tf": bucket("exports") });
    await slowly(stage, number, 60_000);
    expect(written(stage)).toEqual(["checks/create"]);
    const other = stage.opened({ "infra/other.tf": bucket("other") }, { branch: "other" });
    stage.github.as("sam").close(stage.name, other);
    await slowly(stage, other, 200);
    expect(stage.checks(other)).toEqual([]);
  });

  test("left behind by a crash, is completed by the next evaluation", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ "infra/export.tf": bucket("exports") });
    const { posts } = stage.world();
    await posts.begin(stage.subject(number), stage.pull(number).head.sha, undefined);
    expect(stage.checks(number)).toMatchObject([{ status: "in_progress" }]);
    await stage.evaluated(number);
    expect(stage.checks(number)).toMatchObject([{ status: "completed", conclusion: "failure" }]);
  });
});
