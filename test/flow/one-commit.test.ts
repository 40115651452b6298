import { describe, expect, test } from "@jest/globals";
import { bucket, Stage } from "./stage.ts";

const enforce = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\n";
const exportPath = "infra/export.tf";

/** A repository whose branch `sandbox` holds the bucket already, so that a pull request into it changes little. */
async function withSandbox(): Promise<Stage> {
  const stage = await Stage.set({ policy: enforce });
  stage.github
    .as("sam")
    .pushCommit(stage.name, { branch: "sandbox", files: { [exportPath]: bucket("exports") }, message: "Try" });
  return stage;
}

function intoSandbox(stage: Stage): number {
  const from = stage.github.world.repositories;
  const sandbox = [...from.values()].find(({ name }) => name === "shop")?.branches.get("sandbox");
  if (sandbox === undefined) throw new Error("there is no sandbox");
  stage.github
    .as("sam")
    .pushCommit(stage.name, { branch: "feature", from: sandbox, files: { "README.md": "# Shop\n\nMore.\n" } });
  return stage.github
    .as("sam")
    .openPullRequest(stage.name, { branch: "feature", base: "sandbox", title: "More words" });
}

describe("H017: a pull request into a branch that is not the default one", () => {
  test("is measured against the default branch as well, and the stricter verdict stands", async () => {
    const stage = await withSandbox();
    const number = intoSandbox(stage);
    const { assessment } = await stage.evaluated(number);
    const check = stage.check(number);
    expect(check.conclusion).toBe("failure");
    expect(assessment.conclusion).toBe("failure");
    expect(check.summary).toMatch(
      /^\*\*Measured against `main`, the default branch, the verdict is stricter, and it stands\.\*\* It goes into `sandbox`; another base must not let through what this one would stop:\n\n\*\*\d changes? here matters? to security\.\*\*/,
    );
    // Nothing is asked about lines that this pull request does not change.
    expect(stage.questions(number)).toEqual([]);
    expect(stage.asked.reading.filter((name) => name === "repos/compare-commits")).toHaveLength(1);
  });

  test("retargeted, nothing that it showed before was laxer", async () => {
    const stage = await withSandbox();
    const number = intoSandbox(stage);
    await stage.evaluated(number);
    const [before] = stage.checks(number);
    stage.github.as("sam").retarget(stage.name, number, "main");
    expect(stage.check(number).conclusion).toBe("failure");
    await stage.evaluated(number);
    expect(stage.check(number).conclusion).toBe("failure");
    expect(stage.check(number).summary).not.toContain("Measured against");
    expect(before?.conclusion).toBe("failure");
    expect(stage.questions(number).length).toBeGreaterThan(0);
    stage.github.as("sam").retarget(stage.name, number, "sandbox");
    await stage.evaluated(number);
    expect(stage.check(number).conclusion).toBe("failure");
  });

  test("says nothing of it where its own difference is judged as strictly, and reads nothing more into the default branch", async () => {
    const stage = await withSandbox();
    stage.github.as("sam").pushCommit(stage.name, { branch: "notes", files: { "NOTES.md": "Notes.\n" } });
    const plain = stage.github
      .as("sam")
      .openPullRequest(stage.name, { branch: "words", base: "notes", files: { "NOTES.md": "Words.\n" } });
    await stage.evaluated(plain);
    expect(stage.check(plain).conclusion).toBe("success");
    expect(stage.check(plain).summary).not.toContain("Measured against");
    const direct = stage.opened({ [exportPath]: bucket("exports") }, { branch: "direct" });
    await stage.evaluated(direct);
    expect(stage.asked.reading).not.toContain("repos/compare-commits");
  });

  test("a difference to the default branch that GitHub does not list whole is not taken for harmless (H078)", async () => {
    const stage = await withSandbox();
    stage.github.world.caps.filesOfComparison = 300;
    const many = Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`notes/${index}.md`, "Words.\n"]));
    stage.github.as("sam").pushCommit(stage.name, { branch: "sandbox", files: many, message: "Notes" });
    const number = intoSandbox(stage);
    await stage.evaluated(number);
    expect(stage.check(number).conclusion).toBe("failure");
    expect(stage.check(number).summary).toContain("changes at least 301 files, and GitHub lists only 300 of them");
  });
});

describe("H018: one commit that is the head of two pull requests", () => {
  async function two(): Promise<{ stage: Stage; toMain: number; toSandbox: number }> {
    const stage = await withSandbox();
    const toSandbox = intoSandbox(stage);
    const toMain = stage.github.as("sam").openPullRequest(stage.name, { branch: "feature", title: "All of it" });
    return { stage, toMain, toSandbox };
  }

  test("shows the strictest verdict, names both, and is the same check whichever is evaluated", async () => {
    const { stage, toMain, toSandbox } = await two();
    await stage.evaluated(toSandbox);
    const first = stage.check(toSandbox);
    expect(first.conclusion).toBe("failure");
    expect(first.summary).toContain(
      `**One commit, 2 pull requests: #${toSandbox} (into \`sandbox\`), #${toMain} (into \`main\`).** A check belongs to the commit, so the strictest verdict stands, that of #${toMain}:`,
    );
    await stage.evaluated(toMain);
    expect(stage.checks(toMain)).toHaveLength(1);
    const { conclusion, title, summary } = stage.check(toMain);
    expect({ conclusion, title, summary }).toEqual({
      conclusion: first.conclusion,
      title: first.title,
      summary: first.summary,
    });
    // Each keeps its own conversation.
    expect(stage.questions(toMain).length).toBeGreaterThan(0);
    expect(stage.questions(toSandbox)).toEqual([]);
  });

  test("no verdict stands while there are more than are judged together, and none is hidden behind others that were closed", async () => {
    const { stage, toMain, toSandbox } = await two();
    const { github, name } = stage;
    const sam = github.as("sam");
    const others = Array.from({ length: 11 }, (_, index) => {
      sam.forcePush(name, `again-${index}`, stage.pull(toMain).head.sha);
      return sam.openPullRequest(name, { branch: `again-${index}`, base: "sandbox" });
    });
    const { assessment } = await stage.evaluated(toSandbox);
    expect(assessment).toMatchObject({ conclusion: "failure", couldNotEvaluate: true });
    expect(stage.check(toSandbox).summary).toContain(
      "This commit is or was the head of more pull requests than are judged together (11).",
    );
    for (const other of others) sam.close(name, other);
    await stage.evaluated(toSandbox);
    expect(stage.check(toSandbox).summary).toContain(`so the strictest verdict stands, that of #${toMain}:`);
  });

  test("once the other is closed, the difference to the default branch still decides", async () => {
    const { stage, toMain, toSandbox } = await two();
    await stage.evaluated(toSandbox);
    stage.github.as("sam").close(stage.name, toMain);
    await stage.evaluated(toSandbox);
    expect(stage.check(toSandbox).conclusion).toBe("failure");
    expect(stage.check(toSandbox).summary).toContain("**Measured against `main`, the default branch");
  });
});
