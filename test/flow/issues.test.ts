import { describe, expect, test } from "@jest/globals";
import type { Outcome } from "../../src/shell/run.ts";
import type { Issue } from "../github/world.ts";
import { bucket, Stage } from "./stage.ts";

/* The life of the issue of one threat on GitHub, over real HTTP: what the model says, what people do, and what stands then. */

const policy = "version: 1\nmode: advise\nriskThreshold: medium\n";
const title = "Orders of others are shown";

/** A model whose threat T-1 is open, mitigated, or deleted. */
function model(state: "open" | "mitigated" | "deleted", words = title): string {
  const other =
    "  - {id: T-2, element: api, stride: [T], title: Orders changed, impact: low, likelihood: low, status: open}";
  const mitigated = state === "mitigated";
  return [
    "schemaVersion: 1",
    "system: {name: shop}",
    "elements:",
    "  - {id: api, type: web-service, name: Shop API}",
    "threats:",
    ...(state === "deleted"
      ? []
      : [
          `  - {id: T-1, element: api, stride: [I], title: "${words}", impact: high, likelihood: high, status: ${state}${mitigated ? ", controls: [C-1]" : ""}}`,
        ]),
    other,
    ...(mitigated
      ? [
          "controls:",
          "  - {id: C-1, title: Each order is looked up by its owner, status: implemented, evidence: [src/orders.ts]}",
        ]
      : []),
    "",
  ].join("\n");
}

/** A stage whose model holds the open threat, and its issue. */
async function withIssue(): Promise<{
  readonly stage: Stage;
  readonly issue: Issue;
  readonly merged: (files: Readonly<Record<string, string | null>>) => Promise<Outcome>;
}> {
  const stage = await Stage.set({
    policy,
    files: { "threat-model.yaml": model("open"), "src/orders.ts": "export {};\n" },
  });
  let count = 0;
  const merged = async (files: Readonly<Record<string, string | null>>): Promise<Outcome> => {
    count++;
    const number = stage.opened(files, { branch: `change-${count}` });
    stage.github.as("olga").merge(stage.name, number);
    return stage.evaluated(number);
  };
  await merged({ "README.md": "# Shop 0\n" });
  const [issue] = stage.issues();
  if (!issue) throw new Error("no issue was opened");
  return { stage, issue, merged };
}
const outcomes = ({ results }: Outcome): string[] =>
  results.map((result) => `${result.step.do}: ${result.outcome}${"why" in result ? ` (${result.why})` : ""}`);

describe("the issue of a threat", () => {
  test("is opened with the day it is due, and keeps the day that the team moves it to", async () => {
    const { stage, issue, merged } = await withIssue();
    expect(issue.body).toMatch(/ · control due 2026-04-03 \(30 days\)$/);
    const body = (issue.body ?? "").replace("2026-04-03 (30 days)", "2026-05-01 (58 days)");
    stage.github.as("olga").changeIssue(stage.name, issue.number, { body });
    expect(outcomes(await merged({ "README.md": "# Shop 1\n" }))).toEqual([]);
    expect(outcomes(await merged({ "threat-model.yaml": model("open", "Orders of all customers are shown") }))).toEqual(
      ["update-issue: done"],
    );
    expect(issue.title).toContain("Orders of all customers are shown");
    expect(issue.body).toContain("control due 2026-05-01 (58 days)");
  });

  test("is closed with the place of the evidence when the model says so, and reopened when the mitigation is lost", async () => {
    const { stage, issue, merged } = await withIssue();
    expect(outcomes(await merged({ "threat-model.yaml": model("mitigated") }))).toEqual(["close-issue: done"]);
    expect([issue.state, issue.stateReason]).toEqual(["closed", "completed"]);
    expect(issue.comments.at(-1)?.body).toBe("The model shows it as mitigated (`threat-model.yaml:6`).");
    expect(outcomes(await merged({ "README.md": "# Shop 1\n" }))).toEqual([]);
    expect(outcomes(await merged({ "threat-model.yaml": model("open") }))).toEqual(["reopen-issue: done"]);
    expect(issue.state).toBe("open");
    expect(issue.comments.at(-1)?.body).toBe("The model shows this threat as open again.");
    expect(stage.issues()).toHaveLength(1);
  });

  test("is judged by the default branch as it stands: a branch from before, or a merge that is heard of late, moves nothing", async () => {
    const { stage, issue, merged } = await withIssue();
    const olga = stage.github.as("olga");
    const before = stage.opened({ "docs/notes.md": "One.\n" }, { branch: "before" });
    const open = stage.opened({ "infra/store.tf": bucket("store") }, { branch: "before-too" });
    expect(outcomes(await merged({ "threat-model.yaml": model("mitigated") }))).toEqual(["close-issue: done"]);
    // Both left the default branch while the threat was open, and say nothing of it themselves.
    for (const number of [before, open]) {
      olga.merge(stage.name, number);
      const steps = outcomes(await stage.evaluated(number));
      expect(steps.filter((step) => !step.startsWith("create-issue"))).toEqual([]);
      expect(issue.state).toBe("closed");
    }
    const lost = stage.opened({ "threat-model.yaml": model("open") }, { branch: "lost" });
    olga.merge(stage.name, lost);
    const found = stage.opened({ "threat-model.yaml": model("mitigated") }, { branch: "found" });
    olga.merge(stage.name, found);
    // The later one is heard of first.
    await stage.evaluated(found);
    await stage.evaluated(lost);
    expect(issue.state).toBe("closed");
  });

  test("H072 of a deleted threat stays open and says once why, with the pull request that deleted it", async () => {
    const { stage, issue } = await withIssue();
    const number = stage.opened({ "threat-model.yaml": model("deleted") }, { branch: "delete" });
    stage.github.as("olga").merge(stage.name, number);
    expect(outcomes(await stage.evaluated(number))).toEqual(["comment-issue: done"]);
    expect(outcomes(await stage.evaluated(number))).toEqual([]);
    expect(issue.state).toBe("open");
    expect(issue.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining(`\`T-1\` was deleted from \`threat-model.yaml\` with [#${number}](`),
    ]);
  });

  test("H095 is withheld in a public repository from high risk on, unless the policy publishes issues", async () => {
    for (const publishes of [false, true]) {
      const stage = await Stage.set({
        policy: publishes ? `${policy}publish: {issues: true}\n` : policy,
        files: { "threat-model.yaml": model("open") },
        repository: { private: false },
      });
      const number = stage.opened({ "README.md": "# Shop 1\n" });
      stage.github.as("olga").merge(stage.name, number);
      const { desired } = await stage.evaluated(number);
      expect([publishes, stage.issues().length, desired.withheld.length]).toEqual([
        publishes,
        publishes ? 1 : 0,
        publishes ? 0 : 1,
      ]);
    }
  });

  test("closed by a person is answered once with what would make it true, and never reopened", async () => {
    const { stage, issue, merged } = await withIssue();
    stage.github.as("olga").changeIssue(stage.name, issue.number, { state: "closed" });
    const outcome = await merged({ "README.md": "# Shop 1\n" });
    expect(outcomes(outcome)).toEqual(["comment-issue: done"]);
    expect(outcome.assessment.systems[0]?.openThreats.map(({ id }) => id)).toContain("T-1");
    expect(issue.comments.at(-1)?.body).toContain(
      "/threat mitigated T-1 by <path of the control, or its id in the model>",
    );
    expect(outcomes(await merged({ "README.md": "# Shop 2\n" }))).toEqual([]);
    expect([issue.state, issue.comments.length]).toEqual(["closed", 1]);
  });

  test("what is offered counts for nothing when it is pasted as it stands", async () => {
    const { stage, issue, merged } = await withIssue();
    stage.github.as("olga").changeIssue(stage.name, issue.number, { state: "closed" });
    await merged({ "README.md": "# Shop 1\n" });
    const offered = /```yaml\n([\s\S]*?)```/.exec(issue.comments.at(-1)?.body ?? "")?.[1] ?? "";
    expect(offered).toContain('evidence: ["<path of the control>"]');
    const controls = offered.slice(offered.indexOf("controls:\n"));
    const pasted = model("open").replace(
      "status: open}\n  - {id: T-2",
      'status: mitigated, controls: ["C-T-1"]}\n  - {id: T-2',
    );
    const outcome = await merged({ "threat-model.yaml": `${pasted}${controls}` });
    expect(outcome.assessment.systems[0]?.openThreats.map(({ id }) => id)).toContain("T-1");
  });

  test("what is offered for a threat that the model does not hold makes the closing true with the place filled in", async () => {
    const stage = await Stage.set({ policy });
    const number = stage.opened({ "infra/export.tf": bucket("exports"), "infra/versions.tf": "# kept for 30 days\n" });
    stage.github.as("olga").merge(stage.name, number);
    await stage.evaluated(number);
    const [issue] = stage.issues();
    stage.github.as("olga").changeIssue(stage.name, issue?.number ?? 0, { state: "closed" });
    await stage.evaluated(number);
    const said = issue?.comments.at(-1)?.body ?? "";
    expect(said).toContain("into `threat-model.yaml`, a new file:");
    expect(said).not.toContain("/threat mitigated");
    const offered = /```yaml\n([\s\S]*?)```/.exec(said)?.[1] ?? "";
    const id = /- id: "(T-[0-9a-z]+)"/.exec(offered)?.[1] ?? "";
    const openWith = async (text: string, branch: string): Promise<readonly string[]> => {
      const next = stage.opened({ "threat-model.yaml": text }, { branch });
      const { assessment } = await stage.evaluated(next);
      expect(assessment.problems.filter(({ severity }) => severity === "error")).toEqual([]);
      return assessment.systems[0]?.openThreats.map((one) => one.id) ?? [];
    };
    expect(await openWith(offered, "pasted")).toContain(id);
    expect(
      await openWith(
        offered.replace("<path of the control>", "infra/versions.tf").replace("proposed #", "implemented #"),
        "filled",
      ),
    ).not.toContain(id);
  });

  test("locked: what GitHub takes is done, what it refuses is told with its reason, and nothing fails", async () => {
    const { stage, issue, merged } = await withIssue();
    stage.github.as("olga").changeIssue(stage.name, issue.number, { state: "closed" });
    stage.github.as("olga").lock(stage.name, issue.number);
    const [came = ""] = outcomes(await merged({ "README.md": "# Shop 1\n" }));
    expect(came).toMatch(/^comment-issue: (done|skipped \(issue #\d+ takes no comments: .+\))$/);
  });

  test("in a repository without our labels: they are made, and a second issue finds them there", async () => {
    const { stage, merged } = await withIssue();
    expect(stage.issues()[0]?.labels.map(({ name }) => name)).toEqual(["threat-model", "risk: critical"]);
    const second = model("open").replace(
      "title: Orders changed, impact: low, likelihood: low",
      "title: Orders changed, impact: high, likelihood: high",
    );
    expect(outcomes(await merged({ "threat-model.yaml": second }))).toEqual(["create-issue: done"]);
    expect(stage.issues()).toHaveLength(2);
  });
});
