import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { repositoryNamed } from "../github/find.ts";
import type { GitHub } from "../github/github.ts";
import { isPullRequest } from "../github/lookups.ts";
import { usualPermissions } from "../github/seed-apps.ts";
import { startGitHub } from "../github/server.ts";
import { eventually, RunningService } from "./program.ts";
import { bucket } from "./stage.ts";

/** The real process, with a sweep every second: from GitHub's event of an installation to the issue. */
let github: GitHub;
let service: RunningService;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threatgate-onboarding-"));
  github = await startGitHub({
    now: "2026-03-04T09:00:00Z",
    users: ["olga"],
    organizations: [{ login: "acme", owners: ["olga"] }],
    repositories: [
      { name: "acme/.github", files: { ".github/threatgate.yml": "version: 1\nonboarding: issue\n" } },
      { name: "acme/shop", files: { "README.md": "# Shop\n", "infra/main.tf": bucket("orders") } },
      {
        name: "acme/desk",
        files: { "infra/main.tf": bucket("seats"), ".github/threatgate.yml": "version: 1\nonboarding: pull-request\n" },
      },
      { name: "acme/words", files: { "README.md": "# Words\n" } },
    ],
    apps: [{ slug: "threatgate", installations: [], permissions: { ...usualPermissions, contents: "write" } }],
  });
  service = await RunningService.start(github, folder, { SWEEP_SECONDS: "1" });
});

afterAll(async () => {
  await service.end("SIGKILL");
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

test("an installation is followed by one issue or pull request where something runs and no model is, and by none elsewhere", async () => {
  github.administrator("olga").install("threatgate", { account: "acme" });
  const told = (): number => service.log.filter(({ msg }) => msg === "onboarding").length;
  await eventually("each repository had its turn", () => told() >= 4);
  // Time for several sweeps: nobody has a second turn.
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  expect(told()).toBe(4);
  const counts = ["shop", "words", ".github"].map((name) => github.issues(`acme/${name}`).length);
  expect(counts).toEqual([1, 0, 0]);
  const [pull, ...more] = [...repositoryNamed(github.world, "acme/desk").issues.values()].filter(isPullRequest);
  expect([pull?.head.branch, pull?.author?.login, more.length]).toEqual([
    "threatgate/first-model",
    "threatgate[bot]",
    0,
  ]);
  expect(github.issues("acme/shop")[0]?.author?.login).toBe("threatgate[bot]");
});
