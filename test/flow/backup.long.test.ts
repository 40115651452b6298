import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { firstBrokenRecord } from "../../src/shell/store/chain.ts";
import { openDatabase } from "../../src/shell/store/database.ts";
import { auditOf } from "../../src/shell/store/records.ts";
import { repositoryNamed } from "../github/find.ts";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { InstalledPostgres, installedPostgres } from "./installed-postgres.ts";
import { eventually, RunningService } from "./program.ts";
import { bucket } from "./stage.ts";

jest.setTimeout(240_000);

/** PostgreSQL's own tools, on the real process. They come with a server that is installed; where none is, this is not tried. */
const tools = installedPostgres();
const name = "acme/shop";
const policy = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";
let github: GitHub;
let service: RunningService;
let folder: string;
let postgres: InstalledPostgres;

beforeAll(async () => {
  if (tools === undefined) return;
  folder = await mkdtemp(join(tmpdir(), "threatgate-backup-"));
  postgres = await InstalledPostgres.start(tools);
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
  if (tools === undefined) return;
  await service?.end("SIGKILL");
  await github.close();
  await postgres.end();
  await rm(folder, { recursive: true, force: true });
});

async function start(url: string): Promise<void> {
  service = await RunningService.start(github, folder, { SWEEP_SECONDS: "2", DATABASE_URL: url });
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

/** What the database holds: the first record at which the chain breaks, and lines of the audit. */
async function records(url: string, number: number) {
  const { id } = repositoryNamed(github.world, name);
  const database = await openDatabase({ url }, () => {});
  const broken = await firstBrokenRecord(database.kysely, id);
  const audit = await auditOf(database.kysely, name, number, id);
  await database.boss.stop({ graceful: false });
  await database.close();
  return { broken, audit };
}

const whereInstalled = tools === undefined ? test.skip : test;

whereInstalled(
  "what pg_dump took from a running service is put back by pg_restore: what came since is judged again, nothing is written twice, and the chain shows what is missing",
  async () => {
    await start(postgres.url);
    const one = opened();
    await evaluated(one);
    await eventually("it is answered", () => ours(one).join() === "1,1,1");
    const backup = await postgres.dump();
    const other = opened();
    await evaluated(other);
    await eventually("it is answered", () => ours(other).join() === "1,1,1");
    await service.end("SIGTERM");
    expect((await records(postgres.url, one)).broken).toBeUndefined();
    const writes = github.requests.writes.length;

    const restored = await postgres.restore(backup, "restored");
    await start(restored);
    await evaluated(other);
    await service.end("SIGTERM");
    const { broken, audit } = await records(restored, one);
    expect(broken).toBeDefined();
    const done = audit.filter(({ outcome }) => outcome === "done").map(({ step }) => step);
    expect(done).toEqual(
      expect.arrayContaining([expect.stringMatching(/^create a review/), expect.stringMatching(/^ask for review/)]),
    );
    const since = github.requests.writes.slice(writes).map(({ operation }) => operation);
    // A check may be brought up to date in place, and a delivery asked for again: nobody is told anything anew.
    const silent = ["checks/update", "apps/redeliver-webhook-delivery"];
    expect(since.filter((operation) => !silent.includes(operation))).toEqual([]);
    for (const number of [one, other]) expect(ours(number)).toEqual([1, 1, 1]);
    github.expectNoContractFindings();
  },
);
