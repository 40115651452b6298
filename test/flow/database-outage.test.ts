import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { aRepositoryOfAcme, aShopOnGitHub, shop } from "../make/a-shop-on-github.ts";
import { PostgresServer } from "../make/postgres-server.ts";
import { eventually, RunningService, threatgate } from "./program.ts";
import { bucket } from "./stage.ts";

/** Two replicas of the real service on one real PostgreSQL server, which is stopped and started under them. */
const folder = mkdtempSync(join(tmpdir(), "threatgate-outage-"));
const repository = shop;
let server: PostgresServer;
let url: string;
let github: GitHub;
let one: RunningService;
let other: RunningService;

beforeAll(async () => {
  server = await PostgresServer.create();
  url = server.url;
  github = await startGitHub(
    aShopOnGitHub({
      now: "2026-03-04T09:00:00Z",
      repositories: [
        aRepositoryOfAcme(repository, {
          ".github/threatgate.yml": "version: 1\narchitects:\n  teams: [security-architects]\n",
        }),
      ],
    }),
  );
  const settings = { DATABASE_URL: url, SWEEP_SECONDS: "2" };
  other = await RunningService.start(github, folder, settings);
  one = await RunningService.start(github, folder, settings);
});

afterAll(async () => {
  await Promise.all([one?.end("SIGKILL"), other?.end("SIGKILL")]);
  await github.close();
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

let branches = 0;

function opened(): number {
  branches++;
  return github.as("sam").openPullRequest(repository, {
    branch: `feature-${branches}`,
    files: { [`infra/store-${branches}.tf`]: bucket(`store${branches}`) },
  });
}

const bot = (): string => `${github.app.slug}[bot]`;

/** Checks and reviews of ours on a pull request. */
function ours(number: number): number[] {
  const { reviews } = github.pullRequest(repository, number);
  const checks = github.checkRuns(repository, number).filter(({ app }) => app.id === github.app.id);
  const done = checks.filter(({ status }) => status === "completed");
  return [done.length, reviews.filter(({ author }) => author?.login === bot()).length];
}

const answered = (number: number): Promise<void> =>
  eventually(`#${number} is answered once`, () => ours(number).join() === "1,1");

test("H007: the same delivery at two replicas at once is stored once, and both answer that they have it", async () => {
  const number = opened();
  await answered(number);
  const sent = github.webhooks.deliveries.findLast(
    ({ event, action }) => event === "pull_request" && action === "opened",
  );
  const headers = { ...sent?.headers, "x-github-delivery": "at-both-replicas" };
  const answers = await Promise.all(
    [one, other].map((service) =>
      fetch(`${service.url}/api/github/webhooks`, { method: "POST", body: sent?.body ?? "", headers }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  const results = () =>
    [...one.log, ...other.log].flatMap((line) =>
      line.msg === "delivery" && "delivery" in line && line.delivery === "at-both-replicas" ? [line.result] : [],
    );
  await eventually("both have said so", () => results().length === 2);
  expect(results().toSorted()).toEqual(["duplicate", "queued"]);
  expect(ours(number)).toEqual([1, 1]);
});

test("H011: while the database is away nothing is taken, nobody ends; when it is back, everything is answered without a restart", async () => {
  await github.webhooks.idle();
  await server.stop();
  const missed = opened();
  await github.webhooks.idle();
  const delivery = github.webhooks.deliveries.findLast(
    ({ event, action }) => event === "pull_request" && action === "opened",
  );
  expect([delivery?.state, delivery?.statusCode]).toEqual(["failed", 503]);
  // What is ignored by rule needs no database.
  const ignored = await fetch(`${one.url}/healthz`);
  expect(ignored.status).toBe(200);
  const ready = await fetch(`${one.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { ready: false, reasons: ["the database does not answer"] },
  ]);

  await server.start();
  await answered(missed);
  const after = opened();
  await answered(after);
  expect((await fetch(`${one.url}/readyz`)).status).toBe(200);
  const failed = await threatgate(["failed", "--format", "json"], { DATABASE_URL: url });
  expect([failed.code, JSON.parse(failed.stdout)]).toEqual([0, { schemaVersion: 1, jobs: [], redriven: false }]);
});

test("H043: a replica that is killed loses nothing: the other takes its work up when the lease runs out", async () => {
  const disarm = github.faults.add({
    operation: "pulls/create-review",
    times: 1_000,
    effect: { do: "delay", milliseconds: 3_000 },
  });
  const numbers = [opened(), opened(), opened()];
  await eventually("work has begun", () => numbers.some((number) => ours(number)[0] === 1));
  await one.end("SIGKILL");
  github.sendWebhooksTo(`${other.url}/api/github/webhooks`);
  disarm();
  for (const number of numbers) await answered(number);
  expect(numbers.map(ours)).toEqual([
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
});
