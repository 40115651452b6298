import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { aRepositoryOfAcme, shop } from "../make/a-shop-on-github.ts";
import { eventually, RunningService } from "./program.ts";
import { bucket } from "./stage.ts";

/** What nobody told the service: by the real process, with a sweep every second, against the stand-in. */
const repository = shop;
let github: GitHub;
let service: RunningService;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threatgate-recovery-"));
  github = await startGitHub({
    now: "2026-03-04T09:00:00Z",
    users: ["sam", "dana", "lee", "olga"],
    organizations: [
      {
        login: "acme",
        owners: ["olga"],
        members: ["sam", "lee"],
        teams: [
          { name: "security-architects", members: ["dana"] },
          { name: "designers", members: ["lee"] },
        ],
      },
    ],
    repositories: [aRepositoryOfAcme(repository)],
    apps: [{ slug: "threatgate" }],
  });
  service = await RunningService.start(github, folder, { SWEEP_SECONDS: "1" });
});

afterAll(async () => {
  await service.end("SIGKILL");
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

let branches = 0;

/** Sam opens a pull request with a new data store. */
function opened(): number {
  branches++;
  return github.as("sam").openPullRequest(repository, {
    branch: `feature-${branches}`,
    files: { [`infra/store-${branches}.tf`]: bucket(`store${branches}`) },
  });
}

function checks(number: number) {
  return github.checkRuns(repository, number).filter((check) => check.app.id === github.app.id);
}

function reviews(number: number) {
  return github
    .pullRequest(repository, number)
    .reviews.filter((one) => one.author?.login === `${github.app.slug}[bot]`);
}

async function answered(number: number): Promise<void> {
  await eventually(`#${number} is answered`, () => github.pullRequest(repository, number).requestedTeams.length > 0);
  await eventually(`#${number} was evaluated`, () => evaluations(number) > 0);
}

function evaluations(number: number, why?: string): number {
  return service.log.filter(
    (line) => line.msg === "evaluated" && line.pullRequest === number && (why === undefined || line.why === why),
  ).length;
}

/** Time for several sweeps. */
async function quiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2_500));
}

/** Webhooks are lost on their way while this is done. */
async function unheard<T>(deed: () => T): Promise<T> {
  await github.webhooks.idle();
  github.webhooks.hold();
  const done = deed();
  github.webhooks.drop(...github.webhooks.waiting);
  github.webhooks.release();
  return done;
}

describe("people", () => {
  test("H028: a membership event has those pull requests judged again whose verdict rests on the team, and no others", async () => {
    const number = opened();
    await answered(number);
    github.as("dana").review(repository, number, "approve");
    await eventually("the approval is weighed", () => evaluations(number) >= 2);
    github.administrator("olga").addToTeam("acme/designers", "sam");
    await github.webhooks.idle();
    await eventually("the notice was taken", () => service.log.some((line) => line.msg === "notice"));
    expect(evaluations(number, "people.changed")).toBe(0);
    github.administrator("olga").removeFromTeam("acme/security-architects", "dana");
    await eventually("it was judged again", () => evaluations(number, "people.changed") === 1);
    github.administrator("olga").addToTeam("acme/security-architects", "dana");
  });

  test("H028, H089: under the organisation's new name as well", async () => {
    const olga = github.administrator("olga");
    const number = opened();
    await answered(number);
    // What asked for it anew meanwhile is answered under the former name, and would be taken for what is waited for below.
    await quiet();
    olga.renameAccount("acme", "acme-group");
    await eventually(
      "both notices were taken",
      () => service.log.filter(({ notice }) => notice === "owner-renamed").length === 2,
    );
    const before = evaluations(number, "people.changed");
    olga.removeFromTeam("acme-group/security-architects", "dana");
    await eventually("it was judged again", () => evaluations(number, "people.changed") > before);
    olga.renameAccount("acme-group", "acme");
    await eventually(
      "both notices were taken",
      () => service.log.filter(({ notice }) => notice === "owner-renamed").length === 4,
    );
    olga.addToTeam("acme/security-architects", "dana");
  });
});

describe("what nobody told of", () => {
  test("H012: a pull request whose webhooks are all lost is found and judged, once", async () => {
    const number = await unheard(opened);
    await answered(number);
    expect(checks(number)).toHaveLength(1);
    expect(checks(number)[0]).toMatchObject({ status: "completed", conclusion: "failure" });
    expect(evaluations(number, "sweep.missed")).toBeGreaterThan(0);
    // A sweep that met it while it was being judged may have asked once more; nothing is written again.
    await quiet();
    const writes = github.requests.writes.length;
    await quiet();
    expect(github.requests.writes.length).toBe(writes);
    expect([checks(number).length, reviews(number).length]).toEqual([1, 1]);
  });

  test("a push and a command that were missed are caught up with; the command is answered once", async () => {
    const number = opened();
    await answered(number);
    const before = github.pullRequest(repository, number).head.sha;
    await unheard(() => {
      github.as("sam").pushToPullRequest(repository, number, {
        message: "More",
        files: { "infra/more.tf": bucket("more") },
      });
      github.as("sam").comment(repository, number, "/threat help");
    });
    const answers = () =>
      github
        .pullRequest(repository, number)
        .comments.filter((comment) => comment.author?.login === `${github.app.slug}[bot]`).length;
    await eventually("the push is judged", () => checks(number).length > 0);
    expect(github.pullRequest(repository, number).head.sha).not.toBe(before);
    await eventually("the command is answered", () => answers() === 1);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(answers()).toBe(1);
  });

  test("a merge that was missed leaves its issues", async () => {
    const number = opened();
    await answered(number);
    const before = github.issues(repository).length;
    await unheard(() => github.as("olga").merge(repository, number, "squash"));
    await eventually("the issues are there", () => github.issues(repository).length > before);
    await eventually("it was judged once more", () => evaluations(number, "sweep.closed") > 0);
  });
});

describe("an hour without the service", () => {
  test("H008, H080: what GitHub could not deliver is delivered again, and pull requests are answered once", async () => {
    await github.webhooks.idle();
    expect(await service.end("SIGTERM")).toBe(0);
    const numbers = [opened(), opened()];
    await github.webhooks.idle();
    expect(github.webhooks.deliveries.filter((one) => one.state === "failed").length).toBeGreaterThan(1);
    service = await RunningService.start(github, folder, { SWEEP_SECONDS: "1" });
    for (const number of numbers) await answered(number);
    await eventually("they were redelivered", () => github.webhooks.deliveries.some((one) => one.redelivery));
    for (const number of numbers) expect([checks(number).length, reviews(number).length]).toEqual([1, 1]);
  });
});

describe("an installation that ends", () => {
  test("H090: its pull requests are looked at no more, quietly", async () => {
    const number = opened();
    await answered(number);
    await github.webhooks.idle();
    github.administrator("olga").uninstall(github.app.installation);
    await eventually("the notice was taken", () =>
      service.log.some((line) => line.msg === "notice" && line.notice === "left"),
    );
    const errors = service.log.filter((line) => (line.level ?? 0) >= 50).length;
    github.as("sam").pushToPullRequest(repository, number, { message: "Late", files: { "a.tf": bucket("late") } });
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(service.log.filter((line) => (line.level ?? 0) >= 50)).toHaveLength(errors);
    github.expectNoContractFindings();
  });
});
