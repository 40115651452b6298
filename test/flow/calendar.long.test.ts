import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { FileEdit } from "../github/deeds/commits.ts";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { aShopOnGitHub, enforcing } from "../make/a-shop-on-github.ts";
import { aCodeAlert, searchClaimedSafe, withAlerts } from "../make/an-alert.ts";
import { eventually, RunningService } from "./program.ts";
import { bucket } from "./stage.ts";

/*
 * What days, policies, alerts and incidents change while nobody touches the pull request: by the real process, with a
 * sweep every second and a GitHub whose clock the test sets.
 */

let github: GitHub;
let service: RunningService;
let folder: string;

// One process for all tests: each has a repository of its own, and days of its own, later than those of the test before.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threatgate-calendar-"));
  github = await startGitHub(
    aShopOnGitHub({
      now: "2026-01-01T08:00:00Z",
      repositories: [{ name: "acme/empty", files: { "README.md": "# Empty\n" } }],
      apps: [{ slug: "threatgate", permissions: withAlerts }],
    }),
  );
  service = await RunningService.start(github, folder, { SWEEP_SECONDS: "1" });
});

afterAll(async () => {
  await service.end("SIGKILL");
  await github.close();
  github.expectNoContractFindings();
  await rm(folder, { recursive: true, force: true });
});

// What a sweep asks last of all: the second one from now on belongs to a sweep that began later.
const sweeps = (): number =>
  github.requests.all.filter(({ operation }) => operation === "apps/list-repos-accessible-to-installation").length;

/** Resolves when a whole sweep has begun and ended after this was called, with everything that it asked for. */
async function swept(): Promise<void> {
  await github.webhooks.idle();
  const before = sweeps();
  await eventually("two sweeps are over", () => sweeps() >= before + 2);
  await eventually("the service is at rest", () => service.isIdle());
}

/** One repository, from a day on. */
interface Begun {
  readonly repository: string;
  /** The pull requests whose evaluation ended since the test began, for this reason or any, one for each evaluation. */
  judged(why?: string): readonly (number | undefined)[];
  /** Everything that our check of a pull request says. */
  says(number: number): string;
  /** Its line of TM-1. */
  currency(number: number): string;
}

function begun(name: string, now: string, files: Readonly<Record<string, FileEdit>> = {}): Begun {
  github.clock.set(now);
  const repository = `acme/${name}`;
  github.administrator("olga").createRepository({
    name: repository,
    files: { "README.md": "# Shop\n", ".github/threatgate.yml": enforcing, ...files },
    collaborators: { sam: "write" },
    teams: { "security-architects": "write" },
    alerts: { codeScanning: [], secretScanning: [], dependabot: [] },
  });
  const before = service.log.length;
  const says = (number: number): string => {
    const last = github
      .checkRuns(repository, number)
      .findLast(({ app, name: check }) => app.id === github.app.id && check === "threat-model");
    return `${last?.conclusion}: ${last?.title}\n${last?.summary}\n${last?.text}`;
  };
  return {
    repository,
    judged: (why) =>
      service.log
        .slice(before)
        .filter((line) => line.msg === "evaluated" && (!why || line.why === why))
        .map(({ pullRequest }) => pullRequest),
    says,
    currency: (number) => /TM-1 Currency.*/.exec(says(number))?.[0] ?? "",
  };
}

/** Nothing of it is looked at on the days of later tests. */
async function over(repository: string, ...numbers: readonly number[]): Promise<void> {
  for (const number of numbers) github.as("sam").close(repository, number);
  await github.webhooks.idle();
}

const shop = "schemaVersion: 1\nsystem:\n  name: Shop\nelements:\n  - id: shop\n    name: shop\n    type: process\n";

/** A model in which one risk of high level is accepted until that day. */
const accepting = (until: string): string =>
  `${shop}threats:\n  - id: TH-1\n    element: shop\n    stride: [I]\n    title: Orders can be read by strangers\n    impact: high\n    likelihood: high\n    status: accepted\n    reason: The pilot has ten known customers only.\nacceptances:\n  - threat: TH-1\n    reason: The pilot has ten known customers only.\n    compensating: none\n    level: high\n    approver: dana\n    until: "${until}"\n    review: "${until}"\n`;

describe("days that pass", () => {
  test("H071: days 31 and 61 of a change are told on an open pull request, once each; the days between leave no trace", async () => {
    const { repository, judged, currency } = begun("months", "2026-01-01T08:00:00Z", { "threat-model.yaml": shop });
    github.clock.set("2026-01-02T23:00:00Z");
    const change = github
      .as("sam")
      .openPullRequest(repository, { branch: "one", files: { "infra/one.tf": bucket("one") } });
    github.as("olga").merge(repository, change);
    await swept();
    github.clock.set("2026-01-10T08:00:00Z");
    const number = github
      .as("sam")
      .openPullRequest(repository, { branch: "two", files: { "infra/two.tf": bucket("two") } });
    await eventually("it is judged", () => currency(number).includes("GREEN"));
    await swept();
    const before = github.requests.writes.length;
    github.clock.set("2026-02-01T23:59:00Z");
    await swept();
    expect([judged("time.passed"), github.requests.writes.length]).toEqual([[], before]);
    github.clock.set("2026-02-02T00:01:00Z");
    await eventually("day 31 is told", () => currency(number).includes("AMBER"));
    github.clock.set("2026-03-04T00:01:00Z");
    await eventually("day 61 is told", () => currency(number).includes("RED"));
    await swept();
    // A sweep that comes while it is judged may ask once more; nothing is said twice.
    expect([...new Set(judged("time.passed"))]).toEqual([number]);
    const pull = github.pullRequest(repository, number);
    expect(pull.comments).toEqual([]);
    expect(pull.reviews).toHaveLength(1);
    await over(repository, number);
  });

  test("an accepted risk that ends opens the issue of its threat, once, from the default branch as it is then", async () => {
    const { repository, judged } = begun("pilot", "2026-03-05T08:00:00Z", { "threat-model.yaml": shop });
    const number = github.as("sam").openPullRequest(repository, {
      branch: "pilot",
      files: { "threat-model.yaml": accepting("2026-03-31") },
    });
    github.as("dana").review(repository, number, "approve");
    github.as("olga").merge(repository, number);
    await swept();
    github.clock.set("2026-03-31T23:00:00Z");
    await swept();
    expect(github.issues(repository)).toEqual([]);
    github.clock.set("2026-04-01T00:05:00Z");
    await eventually("the issue is open", () => github.issues(repository).length === 1);
    const [issue] = github.issues(repository);
    expect([issue?.state, issue?.title]).toEqual(["open", expect.stringContaining("Orders can be read by strangers")]);
    await swept();
    expect(github.issues(repository)).toHaveLength(1);
    expect(judged("acceptance.ended").length).toBeLessThanOrEqual(2);
  });
});

test("H071: a policy that a merge changes has the open pull requests of the repository judged again", async () => {
  const { repository } = begun("policy", "2026-04-02T08:00:00Z");
  const open = github
    .as("sam")
    .openPullRequest(repository, { branch: "one", files: { "infra/one.tf": bucket("one") } });
  const conclusions = () =>
    github
      .checkRuns(repository, open)
      .filter((check) => check.app.id === github.app.id && check.name === "threat-model")
      .map(({ conclusion }) => conclusion);
  await eventually("it is judged", () => conclusions().includes("failure"));
  const softer = github.as("sam").openPullRequest(repository, {
    branch: "softer",
    files: { ".github/threatgate.yml": enforcing.replace("enforce", "advise") },
  });
  github.as("olga").merge(repository, softer);
  await eventually("the other policy holds", () => conclusions().at(-1) === "neutral");
  await over(repository, open);
});

const injection = (number: number) => aCodeAlert({ number, at: "2026-04-03T09:00:00Z", line: number });

describe("alerts and incidents", () => {
  test("an alert is told on the open pull requests of its repository; a thousand at once ask for no more than a few", async () => {
    const { repository, judged, says } = begun("alerts", "2026-04-03T08:00:00Z", {
      "threat-model.yaml": searchClaimedSafe,
      "src/search/query.ts": "export {};\n",
    });
    const numbers = ["one", "two"].map((branch) =>
      github.as("sam").openPullRequest(repository, { branch, files: { [`infra/${branch}.tf`]: bucket(branch) } }),
    );
    await eventually("they are judged", () => judged().length >= 2);
    const olga = github.administrator("olga");
    olga.raiseAlert(repository, { codeScanning: injection(1) });
    for (const number of numbers) {
      await eventually(`#${number} tells it`, () => says(number).includes("code-scanning alert 1"));
    }
    const before = github.requests.all.filter(({ operation }) => !operation.startsWith("apps/")).length;
    const lines = service.log.length;
    for (let number = 2; number <= 1_001; number++) olga.raiseAlert(repository, { codeScanning: injection(number) });
    const taken = () => service.log.slice(lines).filter(({ msg }) => msg === "delivery").length;
    await eventually("the storm is taken in", () => taken() >= 1_000);
    await swept();
    expect(judged("evidence.changed").length).toBeLessThanOrEqual(6);
    const asked = github.requests.all.filter(({ operation }) => !operation.startsWith("apps/")).length - before;
    expect(asked).toBeLessThan(200);
    await over(repository, ...numbers);
  });

  test("an issue that gets the label of incidents starts the clock on open pull requests; other labels do nothing", async () => {
    const { repository, judged, says } = begun("incidents", "2026-04-04T08:00:00Z", {
      "threat-model.yaml": searchClaimedSafe,
    });
    github.clock.set("2026-05-25T08:00:00Z");
    const number = github
      .as("sam")
      .openPullRequest(repository, { branch: "one", files: { "infra/one.tf": bucket("one") } });
    await eventually("it is judged", () => judged().length >= 1);
    const issue = github.as("sam").openIssue(repository, { title: "Search shows orders of others", labels: ["bug"] });
    await swept();
    expect(judged("evidence.changed")).toEqual([]);
    github.as("sam").changeIssue(repository, issue, { labels: ["bug", "security-incident"] });
    await eventually("it is told", () => says(number).includes("Search shows orders of others"));
    await swept();
    expect(judged("evidence.changed").length).toBeLessThanOrEqual(1);
    await over(repository, number);
  });

  test("with no pull request open, the default branch is judged, once for one incident", async () => {
    const { repository, judged } = begun("quiet", "2026-04-05T08:00:00Z", { "threat-model.yaml": searchClaimedSafe });
    const number = github.as("sam").openPullRequest(repository, { branch: "words", files: { "NOTES.md": "Words.\n" } });
    github.as("olga").merge(repository, number);
    await eventually("its merge is judged", () => judged("pull_request.closed").length >= 1);
    const issue = github
      .as("sam")
      .openIssue(repository, { title: "Search shows orders", labels: ["security-incident"] });
    await eventually("it is judged", () => judged("evidence.branch").length === 1);
    await swept();
    expect(judged("evidence.branch")).toHaveLength(1);
    expect(github.issue(repository, issue).comments).toEqual([]);
  });
});

test("H071: days 335 and 366 of the last review are told, and nobody is written to", async () => {
  const { repository, judged, currency, says } = begun("year", "2026-07-01T08:00:00Z", { "threat-model.yaml": shop });
  const number = github
    .as("sam")
    .openPullRequest(repository, { branch: "two", files: { "infra/two.tf": bucket("two") } });
  await eventually("it is judged", () => currency(number).includes("GREEN"));
  github.clock.set("2027-06-01T00:01:00Z");
  await eventually("its review is announced", () => says(number).includes("Review the whole model within"));
  expect(currency(number)).toContain("GREEN");
  github.clock.set("2027-07-02T00:01:00Z");
  await eventually("its review is overdue", () => currency(number).includes("RED"));
  await swept();
  // A sweep that comes while it is judged may ask once more; nothing is said twice.
  expect([...new Set(judged("time.passed"))]).toEqual([number]);
  const pull = github.pullRequest(repository, number);
  expect([pull.comments.length, pull.reviews.length]).toEqual([0, 1]);
});
