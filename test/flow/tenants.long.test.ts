import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { repositoryNamed } from "../github/find.ts";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { eventually, RunningService } from "./program.ts";
import { bucket } from "./stage.ts";

/** Two organisations of one service, which use the same names for everything, by the real process. */
const policy = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";
const allowed = 5;
const names = ["acme/shop", "beta/shop"] as const;
let github: GitHub;
let service: RunningService;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threatgate-tenants-"));
  github = await startGitHub({
    now: "2026-03-04T09:00:00Z",
    users: ["sam", "ben", "dana", "bea", "olga"],
    organizations: [
      {
        login: "acme",
        owners: ["olga"],
        members: ["sam"],
        teams: [{ name: "security-architects", members: ["dana"] }],
      },
      {
        login: "beta",
        owners: ["olga"],
        members: ["ben"],
        teams: [{ name: "security-architects", members: ["bea"] }],
      },
    ],
    repositories: names.map((name) => ({
      name,
      files: { "README.md": "# Shop\n", ".github/threatgate.yml": policy },
      collaborators: { [name === "acme/shop" ? "sam" : "ben"]: "write" as const },
      teams: { "security-architects": "write" as const },
    })),
    apps: [{ slug: "threatgate" }],
  });
  service = await RunningService.start(github, folder, { EVALUATIONS_PER_PERSON: String(allowed) });
});

afterAll(async () => {
  await service.end("SIGKILL");
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

function ours(name: string, number: number) {
  const pull = github.pullRequest(name, number);
  const checks = github.checkRuns(name, number).filter(({ app }) => app.id === github.app.id);
  return { pull, checks };
}

const answered = (name: string, number: number): Promise<void> =>
  eventually(`${name}#${number} is answered`, () => ours(name, number).pull.requestedTeams.length > 0);

describe("two organisations that use the same names", () => {
  test("H094: not one byte of one reaches the other: check, review, issues, page, metrics", async () => {
    const secret = { "acme/shop": "acmesecret", "beta/shop": "betasecret" } as const;
    const numbers = new Map<string, number>();
    for (const [name, person] of [
      ["acme/shop", "sam"],
      ["beta/shop", "ben"],
    ] as const) {
      const files = { "infra/store.tf": bucket(`exports_${secret[name]}`) };
      numbers.set(name, github.as(person).openPullRequest(name, { branch: "feature", files }));
    }
    for (const name of names) await answered(name, numbers.get(name) ?? 0);
    // The architect of the one is nobody in the other.
    github.as("dana").review("acme/shop", numbers.get("acme/shop") ?? 0, "approve");
    for (const name of names) github.as("olga").merge(name, numbers.get(name) ?? 0, "squash");
    await eventually("both have their issues", () => names.every((name) => github.issues(name).length === 2));
    for (const [name, other] of [
      ["acme/shop", "beta"],
      ["beta/shop", "acme"],
    ] as const) {
      const number = numbers.get(name) ?? 0;
      const { pull, checks } = ours(name, number);
      const { checkRuns } = repositoryNamed(github.world, name);
      const page = await fetch(checks.at(-1)?.detailsUrl ?? "");
      const all = JSON.stringify([
        checkRuns.map(({ title, summary, text, annotations }) => [title, summary, text, annotations]),
        pull.reviews.map(({ body }) => body),
        pull.threads.map(({ comments }) => comments.map(({ body }) => body)),
        github
          .issues(name)
          .map(({ title, body, labels, comments }) => [
            title,
            body,
            labels.map(({ name: label }) => label),
            comments.map(({ body: said }) => said),
          ]),
        await page.text(),
      ]);
      expect(page.status).toBe(200);
      expect(all).toContain(secret[name]);
      expect(all).not.toContain(`${other}secret`);
      expect(all).not.toContain(`${other}/shop`);
    }
    const metrics = await (await fetch(`${service.metricsUrl}/metrics`)).text();
    expect(metrics).not.toMatch(/acme|beta|shop|sam|dana|exports/);
    const tokens = github.identity.grants.map(({ repositories, installation }) => [
      installation.account.login,
      [...(repositories ?? [])].map((id) => github.world.repositories.get(id)?.owner.login),
    ]);
    for (const [owner, reached] of tokens) expect(reached).toEqual((reached as string[]).map(() => owner));
  });
});

describe("a person who asks for more than one may", () => {
  test("H087: waits, which the check says, while everybody else is served", async () => {
    const late: number[] = [];
    for (let count = 0; count <= allowed; count++) {
      const files = { [`infra/more-${count}.tf`]: bucket(`more${count}`) };
      late.push(github.as("sam").openPullRequest("acme/shop", { branch: `more-${count}`, files }));
    }
    const waiting = () =>
      late.filter((number) =>
        ours("acme/shop", number).checks.some(({ title }) => title?.startsWith("Waiting until ")),
      );
    const isAnswered = (number: number) =>
      waiting().includes(number) || ours("acme/shop", number).checks.some(({ status }) => status === "completed");
    await eventually("each is judged or waits", () => late.every(isAnswered));
    expect(waiting().length).toBeGreaterThan(0);
    const [number = 0] = waiting();
    const [check] = ours("acme/shop", number).checks;
    // In progress, so that it blocks a merge.
    expect(check).toMatchObject({ status: "in_progress", conclusion: null });
    expect(check?.title).toMatch(
      /^Waiting until \d{4}-\d\d-\d\d \d\d:\d\d UTC: 5 evaluations an hour for each person$/,
    );
    expect(check?.summary).toContain("Nothing needs to be done");
    // What is judged has its check before its reviewers are asked.
    await eventually(
      "nothing is judged any more",
      async () => (await service.metric("threatgate_queue_running_jobs")) === 0,
    );
    // Asking again and again spends nothing: it waits already.
    const writes = github.requests.writes.length;
    for (let count = 0; count < 5; count++)
      github.as("sam").pushToPullRequest("acme/shop", number, { message: "More", files: { "a.md": `${count}\n` } });
    const other = github.as("ben").openPullRequest("beta/shop", {
      branch: "other",
      files: { "infra/other.tf": bucket("other") },
    });
    await answered("beta/shop", other);
    const meanwhile = github.requests.writes.slice(writes).filter(({ path }) => path.startsWith("/repos/acme/"));
    expect(meanwhile).toEqual([]);
    // Somebody else who pushes to what waits is not made to wait with it; the rest of Sam's waits on.
    const others = waiting().filter((one) => one !== number);
    github.as("dana").pushToPullRequest("acme/shop", number, { message: "Help", files: { "b.md": "B\n" } });
    const { sha } = ours("acme/shop", number).pull.head;
    await eventually("it is judged for Dana", () =>
      github.checkRuns("acme/shop", sha).some(({ app, status }) => app.id === github.app.id && status === "completed"),
    );
    expect(waiting()).toEqual(expect.arrayContaining(others));
  });
});

describe("what an operator sees", () => {
  test("requests by route and status, the time to a check, attempts, limits and permissions, without a name", async () => {
    const text = await (await fetch(`${service.metricsUrl}/metrics`)).text();
    for (const line of [
      /^threatgate_github_requests_total\{method="POST",route="\/repos\/\{owner\}\/\{repo\}\/check-runs",status="201"\} [1-9]/m,
      /^threatgate_github_requests_total\{method="POST",route="\/graphql",status="200"\} [1-9]/m,
      /^threatgate_time_to_check_seconds_count [1-9]/m,
      /^threatgate_jobs_done_total\{attempt="1"\} [1-9]/m,
      /^threatgate_github_budget_left_ratio\{resource="core"\} 0\.\d+/m,
      /^threatgate_content_created_total [1-9]/m,
      /^threatgate_queue_oldest_seconds \d/m,
      /^threatgate_nodejs_eventloop_lag_p99_seconds \d/m,
    ]) {
      expect(text).toMatch(line);
    }
  });

  test("one line for each write, with its delivery, its rules and its reason", async () => {
    const lines = service.log.flatMap((line) => (line.msg === "write" ? [{ ...line } as Record<string, unknown>] : []));
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      expect(line).toMatchObject({
        delivery: expect.stringMatching(/^[-0-9a-z]+$/),
        step: expect.any(String),
        outcome: expect.stringMatching(/^(done|skipped|superseded)$/),
        rules: expect.any(Array),
        reason: expect.stringMatching(/\S/),
      });
    }
    expect(lines).toContainEqual(
      expect.objectContaining({ step: "create-check-run", rules: ["terraform-object-store"], outcome: "done" }),
    );
  });

  test("a permission that the App's settings lack makes it unready, and says which", async () => {
    const [app] = github.world.apps;
    if (!app) throw new Error("there is no App");
    const { permissions } = app;
    app.permissions = { ...permissions, checks: "read" };
    app.events = ["pull_request"];
    const second = await mkdtemp(join(tmpdir(), "threatgate-unready-"));
    const other = await RunningService.start(github, second);
    try {
      await eventually("it has looked", async () => (await fetch(`${other.url}/readyz`)).status === 503);
      const { reasons } = (await (await fetch(`${other.url}/readyz`)).json()) as { reasons: string[] };
      expect(reasons).toContain("the App's settings lack the permission checks: write");
      expect(reasons).toContain("the App is not told of merge_group");
      expect((await fetch(`${other.url}/healthz`)).status).toBe(200);
    } finally {
      await other.end("SIGKILL");
      app.permissions = permissions;
      app.events = ["*"];
      await rm(second, { recursive: true, force: true });
      github.expectNoContractFindings();
    }
  });
});
