import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { GitHub } from "../github/github.ts";
import { usualPermissions } from "../github/seed-apps.ts";
import { startGitHub } from "../github/server.ts";
import { eventually, RunningService } from "./program.ts";
import { bucket } from "./stage.ts";

/*
 * What happens to a pull request beside pushes and reviews, and to its repository, heard by the real process through
 * webhooks alone: no sweep comes within the time of these tests.
 */

const repository = "acme/shop";
const policy =
  "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\npublish: {issues: true}\n";
let github: GitHub;
let service: RunningService;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threatgate-life-"));
  const { members: _, ...withoutMembers } = usualPermissions;
  github = await startGitHub({
    now: "2026-03-04T09:00:00Z",
    users: ["sam", "dana", "olga", "mallory"],
    organizations: [
      {
        login: "acme",
        owners: ["olga"],
        members: ["sam"],
        teams: [{ name: "security-architects", members: ["dana"] }],
      },
      { login: "other", owners: ["olga"], teams: [{ name: "security-architects", members: ["dana"] }] },
    ],
    repositories: [
      {
        name: repository,
        files: {
          "README.md": "# Shop\n",
          ".github/threatgate.yml": policy,
          "package.json": '{"name": "shop", "dependencies": {"express": "5.1.0"}}\n',
        },
        collaborators: { sam: "write" },
        teams: { "security-architects": "write" },
      },
      { name: "acme/backlog", files: { "README.md": "# Backlog\n" } },
      { name: "acme/later", files: { "README.md": "# Later\n", ".github/threatgate.yml": policy } },
    ],
    apps: [
      {
        slug: "threatgate",
        installations: [
          { account: "acme", permissions: withoutMembers },
          { account: "other", permissions: usualPermissions },
        ],
      },
      { slug: "updates" },
    ],
  });
  service = await RunningService.start(github, folder, { SWEEP_SECONDS: "3600" });
});

afterAll(async () => {
  await service.end("SIGKILL");
  await github.close();
  github.expectNoContractFindings();
  await rm(folder, { recursive: true, force: true });
});

let branches = 0;

/** Somebody opens a pull request with a new data store. */
function opened(words: { by?: string; draft?: boolean; fork?: string; in?: string } = {}): number {
  branches++;
  return github.as(words.by ?? "sam").openPullRequest(words.in ?? repository, {
    branch: `feature-${branches}`,
    files: { [`infra/store-${branches}.tf`]: bucket(`store${branches}`) },
    ...(words.draft === undefined ? {} : { draft: words.draft }),
    ...(words.fork === undefined ? {} : { fork: words.fork }),
  });
}

const evaluations = (number: number, why?: string): number =>
  service.log.filter(
    (line) => line.msg === "evaluated" && line.pullRequest === number && (why === undefined || line.why === why),
  ).length;

async function judged(number: number, why: string, times = 1): Promise<void> {
  await eventually(`#${number} is judged for ${why}`, () => evaluations(number, why) >= times);
  await github.webhooks.idle();
  // What came while it was judged has it judged once more.
  await eventually("nothing is judged any more", () => service.isIdle());
}

function ours(number: number, where = repository) {
  const pull = github.pullRequest(where, number);
  const bot = `${github.app.slug}[bot]`;
  const checks = github
    .checkRuns(where, number)
    .filter((check) => check.app.id === github.app.id && check.name === "threat-model");
  return {
    checks,
    conclusion: checks.at(-1)?.conclusion,
    says: `${checks.at(-1)?.title}\n${checks.at(-1)?.summary}`,
    reviews: pull.reviews.filter((review) => review.author?.login === bot).length,
    questions: pull.threads.filter((thread) => thread.comments[0]?.author?.login === bot).length,
    comments: pull.comments.filter((comment) => comment.author?.login === bot).length,
    requested: pull.requestedTeams.map(({ slug }) => slug),
  };
}

describe("a bot's pull request", () => {
  test("that raises a version is green in silence; one that brings a data store is judged like anybody's", async () => {
    const bot = "updates[bot]";
    github.administrator("olga").setCollaborator(repository, bot, "write");
    const bump = github.as(bot).openPullRequest(repository, {
      branch: "bump",
      files: { "package.json": '{"name": "shop", "dependencies": {"express": "5.1.1"}}\n' },
    });
    await judged(bump, "pull_request.opened");
    expect(ours(bump)).toMatchObject({ conclusion: "success", reviews: 0, questions: 0, comments: 0, requested: [] });

    const store = opened({ by: bot });
    await judged(store, "pull_request.opened");
    expect(ours(store)).toMatchObject({ conclusion: "failure", reviews: 1, questions: 1 });
    // Its own words are no command, and its own approval none (H023, H032).
    const before = evaluations(store);
    github.as(bot).comment(repository, store, "/threat recheck");
    github.as("sam").pushToPullRequest(repository, store, { message: "Note", files: { "NOTES.md": "By hand.\n" } });
    await judged(store, "pull_request.synchronize");
    expect(evaluations(store)).toBe(before + 1);
    expect(ours(store)).toMatchObject({ conclusion: "failure", reviews: 1, questions: 1, comments: 0 });
  });
});

describe("drafts, closing and another base", () => {
  test("H040: a draft is judged as if it were ready, without a word; made ready it is asked; reopened it is judged again", async () => {
    const number = opened({ draft: true });
    await judged(number, "pull_request.opened");
    expect(ours(number)).toMatchObject({ conclusion: "failure", reviews: 0, questions: 0, requested: [] });
    github.as("sam").markReady(repository, number);
    await judged(number, "pull_request.ready_for_review");
    expect(ours(number)).toMatchObject({ conclusion: "failure", reviews: 1, questions: 1 });
    github.as("sam").convertToDraft(repository, number);
    await judged(number, "pull_request.converted_to_draft");
    github.as("sam").close(repository, number);
    await github.webhooks.idle();
    const writes = github.requests.writes.length;
    github.as("sam").reopen(repository, number);
    await judged(number, "pull_request.reopened");
    expect(ours(number)).toMatchObject({ conclusion: "failure", reviews: 1, questions: 1 });
    // Nothing changed but that it is open again: at most its check is brought up to date.
    expect(github.requests.writes.slice(writes).map(({ operation }) => operation)).not.toContain("pulls/create-review");
  });

  test("H017: to a branch with a lax policy and back, nothing ever passes in between", async () => {
    github.as("sam").pushCommit(repository, {
      branch: "sandbox",
      files: { ".github/threatgate.yml": "version: 1\nmode: observe\n" },
    });
    const number = opened();
    await judged(number, "pull_request.opened");
    github.as("sam").retarget(repository, number, "sandbox");
    await judged(number, "pull_request.edited");
    github.as("sam").retarget(repository, number, "main");
    await judged(number, "pull_request.edited", 2);
    expect(
      ours(number)
        .checks.map(({ conclusion }) => conclusion)
        .filter((one) => one !== "failure"),
    ).toEqual([]);
  });
});

describe("asked again", () => {
  test("“Re-run” and “Re-run all checks” judge anew on the same commit and leave every suite completed", async () => {
    const number = opened();
    await judged(number, "pull_request.opened");
    github.as("sam").pressCheckButton(repository, number, "threat-model");
    await judged(number, "check_run.rerequested");
    github.as("sam").rerunAllChecks(repository, number, github.app.slug);
    await judged(number, "check_suite.rerequested");
    await eventually("the suite is completed", () => ours(number).checks.every(({ isRequeued }) => !isRequeued));
    expect(ours(number)).toMatchObject({ conclusion: "failure", reviews: 1, questions: 1 });
    expect(ours(number).checks.every(({ status }) => status === "completed")).toBe(true);
  });

  test("the same for a pull request from a fork, of which GitHub names no number", async () => {
    github.administrator("olga").createRepository({ name: "mallory/shop", forkOf: repository });
    const number = opened({ by: "mallory", fork: "mallory/shop" });
    await judged(number, "pull_request.opened");
    github.as("mallory").pressCheckButton(repository, number, "threat-model");
    await judged(number, "check_run.rerequested");
    github.as("mallory").rerunAllChecks(repository, number, github.app.slug);
    await judged(number, "check_suite.rerequested");
    await eventually("the suite is completed", () => ours(number).checks.every(({ isRequeued }) => !isRequeued));
  });
});

describe("permissions", () => {
  test("H029, H090: not accepted yet, the check says which is missing and blocks; accepted, it is judged again at once", async () => {
    const number = opened();
    await judged(number, "pull_request.opened");
    github.as("dana").review(repository, number, "approve");
    await judged(number, "pull_request_review.submitted");
    expect(ours(number).says).toMatch(/members/i);
    const before = ours(number).says;
    github.administrator("olga").acceptPermissions(github.app.installation, usualPermissions);
    await judged(number, "permissions.changed");
    expect(ours(number).says).not.toBe(before);
    expect(ours(number).says).not.toMatch(/members.*(permission|granted)/i);
  });
});

describe("issues that people move", () => {
  const title = "Orders of others are shown";
  const model = (note: string): string =>
    [
      "schemaVersion: 1",
      `system: {name: later, description: ${note}}`,
      "elements:",
      "  - {id: api, type: web-service, name: Shop API}",
      "threats:",
      `  - {id: T-1, element: api, stride: [I], title: ${title}, impact: high, likelihood: high, status: open}`,
      "",
    ].join("\n");
  const issues = (where: string) => github.issues(where).filter((issue) => issue.title.includes(title));

  async function merged(note: string): Promise<void> {
    branches++;
    const number = github.as("olga").openPullRequest("acme/later", {
      branch: `model-${branches}`,
      files: { "threat-model.yaml": model(note) },
    });
    await judged(number, "pull_request.opened");
    github.as("olga").merge("acme/later", number);
    await judged(number, "pull_request.closed");
  }

  test("without its label it is still the one issue of its threat; deleted it is opened again", async () => {
    await merged("First.");
    expect(issues("acme/later")).toHaveLength(1);
    const [issue] = issues("acme/later");
    github.as("olga").changeIssue("acme/later", issue?.number ?? 0, { labels: [] });
    await merged("Second.");
    expect(issues("acme/later")).toHaveLength(1);
    github.as("olga").deleteIssue("acme/later", issue?.number ?? 0);
    await merged("Third.");
    expect(issues("acme/later")).toHaveLength(1);
    expect(issues("acme/later")[0]?.number).not.toBe(issue?.number);
  });

  test("moved to another repository: not opened a second time, and the log says where it went", async () => {
    const number = issues("acme/later")[0]?.number ?? 0;
    github.as("olga").transferIssue("acme/later", number, "acme/backlog");
    await merged("Fourth.");
    expect([issues("acme/later").length, issues("acme/backlog").length]).toEqual([0, 1]);
    expect(issues("acme/backlog")[0]?.state).toBe("open");
    expect(service.log.findLast(({ step }) => step === "create-issue")).toMatchObject({
      outcome: "skipped",
      reason: `its issue #${number} was moved to another repository, and belongs to those who moved it`,
    });
  });
});

describe("a repository with another name or owner", () => {
  test("H089: renamed and transferred, its pull requests and issues go on; a new one of its old name gets nothing of them", async () => {
    const number = opened();
    await judged(number, "pull_request.opened");
    const merged = opened();
    await judged(merged, "pull_request.opened");
    github.as("olga").merge(repository, merged);
    await judged(merged, "pull_request.closed");
    const issuesBefore = github.issues(repository).length;
    expect(issuesBefore).toBeGreaterThan(0);

    const admin = github.administrator("olga");
    admin.renameRepository(repository, "store");
    admin.createRepository({
      name: repository,
      files: { "README.md": "# Another\n", ".github/threatgate.yml": policy },
    });
    github.as("sam").pushToPullRequest("acme/store", number, { message: "On", files: { "a.tf": bucket("on") } });
    await judged(number, "pull_request.synchronize");
    expect(ours(number, "acme/store")).toMatchObject({ conclusion: "failure", reviews: 2, questions: 2 });
    github.as("olga").merge("acme/store", number);
    await judged(number, "pull_request.closed");
    expect(github.issues("acme/store").length).toBeGreaterThan(issuesBefore);
    const before = github.issues("acme/store").length;
    expect(github.issues(repository)).toEqual([]);

    admin.transferRepository("acme/store", "other");
    const after = github
      .as("olga")
      .openPullRequest("other/store", { branch: "after", files: { "NOTES.md": "Moved.\n" } });
    await judged(after, "pull_request.opened");
    github.as("olga").merge("other/store", after);
    await judged(after, "pull_request.closed");
    expect(ours(after, "other/store").conclusion).toBe("success");
    expect(github.issues("other/store")).toHaveLength(before);
    expect(github.issues(repository)).toEqual([]);
  });
});
