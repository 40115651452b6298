import { describe, expect, test } from "@jest/globals";
import { readModel } from "../../src/core/readers/read-model.ts";
import { TryAgainLater } from "../../src/shell/failures.ts";
import { enrolForOnboarding } from "../../src/shell/store/onboarding.ts";
import { seeRepository } from "../../src/shell/store/repositories.ts";
import { effects } from "../github/faults.ts";
import { repositoryNamed } from "../github/find.ts";
import { isPullRequest } from "../github/lookups.ts";
import { usualPermissions } from "../github/seed-apps.ts";
import type { PullRequest } from "../github/world.ts";
import { infra, type OnboardingScene, onboardingScene } from "./onboarding-scene.ts";
import type { Stage } from "./stage.ts";

const branch = "threatgate/first-model";
const asking = "version: 1\nonboarding: pull-request\n";
const granting = { seed: { apps: [{ permissions: { ...usualPermissions, contents: "write" as const } }] } };

function scene(words: Parameters<typeof onboardingScene>[0] = {}): Promise<OnboardingScene> {
  return onboardingScene({ organisationPolicy: asking, ...granting, ...words });
}

function pullRequests(stage: Stage): PullRequest[] {
  return [...repositoryNamed(stage.github.world, stage.name).issues.values()].filter(isPullRequest);
}

/** Commits of the branch that the default branch does not hold. */
function commitsOf(stage: Stage): number {
  const { store } = repositoryNamed(stage.github.world, stage.name);
  let count = 0;
  for (let oid = stage.tipOf(branch); oid !== stage.tipOf("main") && count < 9; count++)
    oid = store.commits.get(oid)?.parents[0] ?? "";
  return count;
}

describe("onboarding by pull request", () => {
  test("opens one with the derived model and its diagram as files, every part a draft, and no issue", async () => {
    const { stage, database, sweep, joined } = await scene();
    await joined("shop");
    expect(await sweep()).toEqual({ opened: 1, passed: 0 });
    expect(stage.issues().filter((issue) => !isPullRequest(issue))).toEqual([]);
    const [pull, ...others] = pullRequests(stage);
    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      title: "Add a first threat model, derived from the repository's own files",
      state: "open",
      base: { branch: "main" },
      head: { branch },
    });
    expect(pull?.author?.login).toBe(stage.bot);
    for (const part of ["```mermaid", "**Baseline threats**", "All of it is a draft", "push to it, or edit it here"])
      expect(pull?.body).toContain(part);
    const text = stage.fileAt(stage.tipOf(branch), "threat-model.yaml") ?? "";
    const { model } = readModel([{ path: "threat-model.yaml", text }]);
    expect(model?.elements.length).toBeGreaterThan(0);
    expect(model?.threats.length).toBeGreaterThan(0);
    const drafts = new Set(model?.drafts);
    expect(model?.threats.every(({ id }) => drafts.has(id))).toBe(true);
    expect(stage.fileAt(stage.tipOf(branch), "docs/data-flow-diagram.md")).toContain("```mermaid");
    expect([commitsOf(stage), stage.fileAt(stage.tipOf("main"), "threat-model.yaml")]).toEqual([1, undefined]);
    const line = await database.kysely.selectFrom("audit").selectAll().executeTakeFirst();
    expect(line).toMatchObject({ step: "open the pull request of the first model", outcome: "done" });
  });

  test("once: not after it was closed and its branch deleted, not where our records are lost (H037)", async () => {
    const { stage, database, sweep, joined } = await scene();
    await joined("shop");
    await sweep();
    const number = pullRequests(stage)[0]?.number ?? 0;
    stage.github.as("olga").close(stage.name, number);
    stage.github.as("olga").deleteBranch(stage.name, branch);
    await database.kysely.deleteFrom("onboarding").execute();
    await joined("shop");
    expect(await sweep("2026-03-05T10:00:00Z")).toEqual({ opened: 0, passed: 1 });
    expect([pullRequests(stage).length, stage.tipOf(branch)]).toEqual([1, ""]);
  });

  test("where the App may not write contents it opens the issue, which says why", async () => {
    const { stage, sweep, joined } = await onboardingScene({ organisationPolicy: asking });
    await joined("shop");
    expect(await sweep()).toEqual({ opened: 1, passed: 0 });
    expect(pullRequests(stage)).toEqual([]);
    expect(stage.issues()[0]?.body).toContain(
      "The policy asks for a pull request. This is an issue, because the installation does not grant the App `contents: write`",
    );
    expect(stage.tipOf(branch)).toBe("");
  });

  test("a branch of that name that holds somebody's work is left as it is, and the issue says so", async () => {
    const { stage, sweep, joined } = await scene();
    const files = { "threat-model.yaml": "mine: 1\n" };
    stage.github.as("sam").pushCommit(stage.name, { branch, files, message: "Mine" });
    const before = stage.tipOf(branch);
    await joined("shop");
    expect((await sweep()).opened).toBe(1);
    expect([pullRequests(stage).length, stage.tipOf(branch)]).toEqual([0, before]);
    expect(stage.issues()[0]?.body).toContain("the branch threatgate/first-model is there and is not ours");
  });

  test("a file of that name that holds no model is not written over", async () => {
    const { stage, sweep, joined } = await scene({ files: { ...infra, "threat-model.yaml": "- just\n- a list\n" } });
    await joined("shop");
    await sweep();
    expect(pullRequests(stage)).toEqual([]);
    expect(stage.issues()[0]?.body).toContain("threat-model.yaml is there, and holds no model that can be read");
  });

  test("needs no issues; without them and without the right to write there is nothing", async () => {
    const off = { repository: { hasIssues: false } };
    const may = await scene(off);
    await may.joined("shop");
    expect((await may.sweep()).opened).toBe(1);
    const mayNot = await onboardingScene({ organisationPolicy: asking, ...off });
    await mayNot.joined("shop");
    expect(await mayNot.sweep()).toEqual({ opened: 0, passed: 1 });
  });

  test("H095 in a public repository no threat stands in it, neither in its words nor in its files", async () => {
    const { stage, sweep, joined } = await scene({ repository: { private: false } });
    await joined("shop");
    await sweep();
    const [pull] = pullRequests(stage);
    expect(pull?.body).toContain("**Threats** are not written here");
    expect(pull?.body).not.toContain("Baseline threats");
    const text = stage.fileAt(stage.tipOf(branch), "threat-model.yaml") ?? "";
    expect(readModel([{ path: "threat-model.yaml", text }]).model?.threats).toEqual([]);
  });

  test.each(["MakeBranch", "CommitFirstModel", "OpenFirstModel"])(
    "whoever dies after %s goes on where they were: one branch, one commit, one pull request",
    async (step) => {
      const { stage, sweep, joined } = await scene();
      await joined("shop");
      stage.github.faults.add({ operation: `graphql/${step}`, effect: effects.lostAfterApplying });
      await expect(sweep()).rejects.toThrow(TryAgainLater);
      // Somebody merges meanwhile.
      stage.github.as("sam").pushCommit(stage.name, { branch: "main", files: { "notes.md": "Notes.\n" } });
      const second = await sweep();
      expect(second.opened + second.passed).toBe(1);
      expect(pullRequests(stage)).toHaveLength(1);
      const { store } = repositoryNamed(stage.github.world, stage.name);
      const tip = store.commits.get(stage.tipOf(branch));
      expect(tip?.message).toContain("Threatgate-First-Model: ");
      expect(store.commits.get(tip?.parents[0] ?? "")?.message).not.toContain("Threatgate-First-Model");
      expect(await sweep()).toEqual({ opened: 0, passed: 0 });
    },
  );
});

describe("repositories that were installed before", () => {
  test("have their turn once we look at them, and again a week after a policy that asked for nothing", async () => {
    const { stage, database, sweep } = await scene({ organisationPolicy: "version: 1\n" });
    const { installation } = stage.github.app;
    const { id } = repositoryNamed(stage.github.world, stage.name);
    await seeRepository(database.kysely, { id, installation, owner: "acme", name: "shop" });
    expect(await sweep()).toEqual({ opened: 0, passed: 0 });
    await enrolForOnboarding(database.kysely, id, "2026-03-04T10:00:00Z");
    expect(await sweep("2026-03-04T10:00:00Z")).toEqual({ opened: 0, passed: 1 });
    stage.github.as("olga").pushCommit("acme/.github", { branch: "main", files: { ".github/threatgate.yml": asking } });
    // Nobody told of the change: it was a push.
    await enrolForOnboarding(database.kysely, id, "2026-03-05T10:00:00Z");
    expect(await sweep("2026-03-05T10:00:00Z")).toEqual({ opened: 0, passed: 0 });
    await enrolForOnboarding(database.kysely, id, "2026-03-12T10:00:00Z");
    expect(await sweep("2026-03-12T10:00:00Z")).toEqual({ opened: 1, passed: 0 });
    await enrolForOnboarding(database.kysely, id, "2026-04-12T10:00:00Z");
    expect(await sweep("2026-04-12T10:00:00Z")).toEqual({ opened: 0, passed: 0 });
  });
});
