import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { firstBrokenRecord } from "../../src/shell/store/chain.ts";
import { openDatabase } from "../../src/shell/store/database.ts";
import { auditOf } from "../../src/shell/store/records.ts";
import { repositoryNamed } from "../github/find.ts";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { eventually, RunningService } from "./program.ts";
import { bucket } from "./stage.ts";

jest.setTimeout(240_000);

/** A database that is lost, and one that is put back from a copy, under the real process. */
const name = "acme/shop";
const policy = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";
let github: GitHub;
let service: RunningService;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threatgate-lost-"));
  github = await startGitHub({
    users: ["sam", "dana", "olga"],
    organizations: [
      {
        login: "acme",
        owners: ["olga"],
        members: ["sam"],
        teams: [{ name: "security-architects", members: ["dana"] }],
      },
    ],
    repositories: [
      {
        name,
        files: { "README.md": "# Shop\n", ".github/threatgate.yml": policy },
        collaborators: { sam: "write" },
        teams: { "security-architects": "write" },
      },
    ],
    apps: [{ slug: "threatgate" }],
  });
});

afterAll(async () => {
  await service?.end("SIGKILL");
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

const dataOf = (what: string): string => join(folder, what);

async function start(what: string): Promise<void> {
  service = await RunningService.start(github, dataOf(what), { SWEEP_SECONDS: "2" });
}

let branches = 0;

function opened(): number {
  branches++;
  return github.as("sam").openPullRequest(name, {
    branch: `feature-${branches}`,
    files: { [`infra/store-${branches}.tf`]: bucket(`store${branches}`) },
  });
}

function ours(number: number): number[] {
  const pull = github.pullRequest(name, number);
  const checks = github.checkRuns(name, number).filter(({ app }) => app.id === github.app.id);
  const reviews = pull.reviews.filter(({ author }) => author?.login === `${github.app.slug}[bot]`);
  return [checks.length, reviews.length, pull.requestedTeams.length];
}

const evaluated = (number: number): Promise<void> =>
  eventually(
    `#${number} was evaluated`,
    () => service.log.some((line) => line.msg === "evaluated" && line.pullRequest === number),
    60_000,
  );

/** What the stopped database holds: the first record at which the chain breaks, and lines of the audit. */
async function recordsIn(what: string, number: number) {
  const { id } = repositoryNamed(github.world, name);
  const database = await openDatabase({ folder: dataOf(what) }, () => {});
  const broken = await firstBrokenRecord(database.kysely, id);
  const audit = await auditOf(database.kysely, name, number, id);
  await database.boss.stop({ graceful: false });
  await database.close();
  return { broken, audit };
}

test("a lost database is rebuilt from GitHub by the sweep and an old copy is brought up to date: nothing is written twice, and the chain shows what is missing", async () => {
  await start("first");
  const one = opened();
  await evaluated(one);
  await eventually("it is answered", () => ours(one).join() === "1,1,1");
  await service.end("SIGTERM");
  await cp(dataOf("first"), dataOf("copy"), { recursive: true });

  await start("first");
  const other = opened();
  await evaluated(other);
  await eventually("it is answered", () => ours(other).join() === "1,1,1");
  await service.end("SIGTERM");
  expect((await recordsIn("first", one)).broken).toBeUndefined();
  const writes = github.requests.writes.length;

  // Nothing is left of it.
  await start("empty");
  for (const number of [one, other]) await evaluated(number);
  await service.end("SIGTERM");
  const empty = await recordsIn("empty", one);
  expect(empty.broken).toBeDefined();
  expect(empty.audit).toEqual([]);

  // A copy of the folder from before the second pull request is put back.
  await start("copy");
  await evaluated(other);
  await service.end("SIGTERM");
  const copy = await recordsIn("copy", one);
  expect(copy.broken).toBeDefined();
  const done = copy.audit.filter(({ outcome }) => outcome === "done").map(({ step }) => step);
  expect(done).toEqual(
    expect.arrayContaining([expect.stringMatching(/^create a review/), expect.stringMatching(/^ask for review/)]),
  );

  // A check may be brought up to date in place; nobody is told anything anew.
  const since = github.requests.writes.slice(writes).map(({ operation }) => operation);
  // A delivery that is asked for again tells nobody anything either.
  const silent = ["checks/update", "apps/redeliver-webhook-delivery"];
  expect(since.filter((operation) => !silent.includes(operation))).toEqual([]);
  for (const number of [one, other]) expect(ours(number)).toEqual([1, 1, 1]);
  github.expectNoContractFindings();
});
