import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Desired } from "../../../src/core/domain/desired.ts";
import { Hosted, lines, repository, threatIssue, wanted } from "./hosted.ts";

let hosted: Hosted;

beforeEach(async () => {
  hosted = await Hosted.start();
});

afterEach(async () => {
  const { github } = hosted;
  await github.close();
  github.expectNoContractFindings();
});

describe("a first relevant push", () => {
  test("costs one listing, one query, one check, one review and one request for review", async () => {
    const number = hosted.open();
    const { results } = await hosted.evaluate(number, wanted(number));
    expect(results.map((result) => [result.step.do, result.outcome])).toEqual([
      ["create-check-run", "done"],
      ["create-review", "done"],
      ["request-review", "done"],
    ]);
    expect(hosted.operations()).toEqual([
      "pulls/list-files",
      "graphql/PullRequest",
      "checks/create",
      "pulls/create-review",
      "pulls/request-reviewers",
    ]);
  });

  test("shows the check, the summary, the question on its line and the request", async () => {
    const number = hosted.open();
    await hosted.evaluate(number, wanted(number));
    const pull = hosted.github.pullRequest(repository, number);
    expect(hosted.github.checkRuns(repository, number)).toMatchObject([
      { name: "threat-model", conclusion: "neutral", title: "Advice: 1 question open", headSha: pull.head.sha },
    ]);
    expect(pull.reviews).toMatchObject([{ state: "COMMENTED", commit: pull.head.sha }]);
    expect(pull.threads).toMatchObject([{ path: "infra/export.tf", line: 2, side: "RIGHT" }]);
    expect(pull.requestedTeams.map((team) => team.slug)).toEqual(["security-architects"]);
  });

  test("evaluated again finds nothing to do, in two requests", async () => {
    const number = hosted.open();
    await hosted.evaluate(number, wanted(number));
    hosted.github.requests.clear();
    const { plan } = await hosted.evaluate(number, wanted(number));
    expect(plan.steps).toEqual([]);
    expect(hosted.operations()).toEqual(["pulls/list-files", "graphql/PullRequest"]);
  });
});

describe("a later push", () => {
  test("writes the check on the new commit and says nothing twice", async () => {
    const number = hosted.open();
    await hosted.evaluate(number, wanted(number));
    hosted.github.as("sam").pushToPullRequest(repository, number, { files: { "notes.txt": "x\n" } });
    hosted.github.requests.clear();
    const { plan } = await hosted.evaluate(number, wanted(number));
    expect(plan.steps.map((step) => step.do)).toEqual(["create-check-run"]);
    expect(hosted.operations()).toEqual(["pulls/list-files", "graphql/PullRequest", "checks/create"]);
  });

  test("that answers the question takes it back, and one that brings it back asks it again", async () => {
    const number = hosted.open();
    await hosted.evaluate(number, wanted(number));
    const settled = { ...wanted(number), review: { settled: summaryOf(number, "All answered.") } };
    const { results } = await hosted.evaluate(number, settled);
    expect(results.map((result) => [result.step.do, result.outcome])).toEqual([
      ["update-summary", "done"],
      ["resolve-thread", "done"],
    ]);
    expect((await hosted.evaluate(number, settled)).plan.steps).toEqual([]);
    const again = await hosted.evaluate(number, wanted(number));
    expect(again.results.map((result) => [result.step.do, result.outcome])).toEqual([
      ["update-summary", "done"],
      ["unresolve-thread", "done"],
    ]);
    expect((await hosted.evaluate(number, wanted(number))).plan.steps).toEqual([]);
    expect(hosted.github.pullRequest(repository, number).threads).toHaveLength(1);
  });
});

describe("after the merge", () => {
  const merged = (number: number, issues: Desired["issues"]): Desired => {
    const { checkRun: _checkRun, ...rest } = wanted(number);
    return { ...rest, review: "leave", reviewers: { teams: [], users: [] }, issues };
  };

  test("issues are opened once, closed when done and reopened when not", async () => {
    const number = hosted.open();
    hosted.github.as("sam").merge(repository, number);
    await hosted.evaluate(number, merged(number, [threatIssue("T-1"), threatIssue("T-2")]));
    const again = await hosted.evaluate(number, merged(number, [threatIssue("T-1"), threatIssue("T-2")]));
    expect(again.plan.steps).toEqual([]);
    const titles = () =>
      hosted.github.issues(repository).map((issue) => [issue.title, issue.state, issue.labels[0]?.name]);
    expect(titles()).toEqual([
      ["Threat T-1", "open", "threat-model"],
      ["Threat T-2", "open", "threat-model"],
    ]);
    const solved = { ...threatIssue("T-1", "closed"), because: "Mitigated by C-1." };
    await hosted.evaluate(number, merged(number, [solved, threatIssue("T-2")]));
    expect(titles()[0]).toEqual(["Threat T-1", "closed", "threat-model"]);
    expect(hosted.github.issues(repository)[0]?.comments.map((comment) => comment.body)).toEqual(["Mitigated by C-1."]);
    expect((await hosted.evaluate(number, merged(number, [solved, threatIssue("T-2")]))).plan.steps).toEqual([]);
    await hosted.evaluate(number, merged(number, [threatIssue("T-1"), threatIssue("T-2")]));
    expect(titles()[0]).toEqual(["Threat T-1", "open", "threat-model"]);
  });
});

describe("many findings", () => {
  test("120 annotations go in three requests, on one check run", async () => {
    const number = hosted.open({ "infra/export.tf": lines(200) });
    const annotations = Array.from({ length: 120 }, (_, index) => ({
      path: "infra/export.tf",
      start_line: index + 1,
      end_line: index + 1,
      annotation_level: "notice" as const,
      title: "t",
      message: `m${index}`,
    }));
    const desired = wanted(number);
    const checkRun = desired.checkRun && { ...desired.checkRun, annotations };
    await hosted.evaluate(number, { ...desired, ...(checkRun ? { checkRun } : {}) });
    expect(hosted.github.checkRuns(repository, number).map((run) => run.annotations.length)).toEqual([120]);
    expect(hosted.operations().filter((operation) => operation.startsWith("checks/"))).toEqual([
      "checks/create",
      "checks/update",
      "checks/update",
    ]);
    expect((await hosted.evaluate(number, { ...desired, ...(checkRun ? { checkRun } : {}) })).plan.steps).toEqual([]);
  });
});

function summaryOf(number: number, text: string): string {
  const { review } = wanted(number);
  if (typeof review === "string" || !("ask" in review)) throw new Error("a summary was expected");
  return `${review.ask.summary.split("\n")[0]}\n${text}`;
}
