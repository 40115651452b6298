import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { Permissions } from "../github/world.ts";
import { action } from "./program.ts";
import { Stage } from "./stage.ts";

const bucket = { "infra/exports.tf": 'resource "aws_s3_bucket" "exports" {\n  bucket = "exports"\n}\n' };

/** Runs the Action on a pull request as a workflow does: a token, the event in a file, places for summary and outputs. */
async function runOn(stage: Stage, number: number, permissions?: Permissions, event?: unknown) {
  const { github, name } = stage;
  const [owner = "", repository = ""] = name.split("/");
  const installation = github.world.installations.find((one) => one.id === github.app.installation);
  if (!installation) throw new Error("the App is not installed");
  const folder = mkdtempSync(join(tmpdir(), "threatgate-"));
  const [eventPath, summary, outputs] = ["event.json", "summary.md", "outputs"].map((file) => join(folder, file));
  const payload = event ?? { pull_request: { number }, repository: { name: repository, owner: { login: owner } } };
  writeFileSync(eventPath ?? "", JSON.stringify(payload));
  writeFileSync(summary ?? "", "");
  writeFileSync(outputs ?? "", "");
  const ended = await action({
    GITHUB_TOKEN: github.identity.grant(installation, permissions ?? installation.permissions, undefined).token,
    GITHUB_API_URL: github.url,
    GITHUB_EVENT_PATH: eventPath ?? "",
    GITHUB_STEP_SUMMARY: summary ?? "",
    GITHUB_OUTPUT: outputs ?? "",
  });
  return { ...ended, summary: readFileSync(summary ?? "", "utf8"), outputs: readFileSync(outputs ?? "", "utf8") };
}

describe("the Action", () => {
  test("writes the check and the review, tells the workflow, and a second run writes nothing", async () => {
    const stage = await Stage.set();
    const number = stage.opened(bucket);
    const first = await runOn(stage, number);
    expect(first.stdout).toContain("New object store: aws_s3_bucket `exports`");
    expect(first.code).toBe(0);
    expect(first.outputs).toBe("conclusion=neutral\n");
    expect(first.summary).toMatch(/^## Advice: 1 question open/);
    expect(stage.github.checkRuns(stage.name, number).map((run) => [run.name, run.conclusion])).toEqual([
      ["threat-model", "neutral"],
    ]);
    expect(stage.github.pullRequest(stage.name, number).reviews).toHaveLength(1);

    const written = stage.github.requests.writes.length;
    expect((await runOn(stage, number)).code).toBe(0);
    expect(
      stage.github.requests.writes.slice(written).filter(({ operation }) => !operation.startsWith("graphql/")),
    ).toEqual([]);
    stage.github.expectNoContractFindings();
  });

  test("ends with 1 where the policy blocks", async () => {
    const stage = await Stage.set({ policy: "version: 1\nmode: enforce\n" });
    const ended = await runOn(stage, stage.opened(bucket));
    expect([ended.code, ended.outputs]).toEqual([1, "conclusion=failure\n"]);
  });

  test("H092: with the read-only token of a fork it judges, says what it could not post, and keeps the summary", async () => {
    const stage = await Stage.set();
    const number = stage.opened(bucket);
    const readOnly = {
      metadata: "read",
      contents: "read",
      pull_requests: "read",
      checks: "read",
      issues: "read",
    } as const;
    const ended = await runOn(stage, number, readOnly);
    expect(ended.stdout).toContain("New object store: aws_s3_bucket `exports`");
    expect(ended.stdout).toContain("::notice::Not posted (create-check-run):");
    expect(ended.stdout).toContain("::notice::Not posted (create-review):");
    expect(ended.summary).toMatch(/^## Advice: 1 question open/);
    expect(ended.code).toBe(0);
  });

  test("on an event without a pull request it says on which to run it", async () => {
    const stage = await Stage.set();
    const ended = await runOn(stage, 1, undefined, { ref: "refs/heads/main" });
    expect(ended.stdout).toBe("::error::This event has no pull request. Run the Action on: pull_request.\n");
    expect(ended.code).toBe(2);
  });
});
