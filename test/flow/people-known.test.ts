import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { eventually, RunningService } from "./program.ts";
import { bucket } from "./stage.ts";

/* What the running service remembers of people: whom a login of the policy meant first, and who pushed to a fork. */

const repository = "acme/shop";
const policy = "version: 1\nmode: enforce\narchitects:\n  users: [lee, dana]\nriskThreshold: medium\n";
let github: GitHub;
let service: RunningService;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threatgate-people-"));
  github = await startGitHub({
    now: "2026-03-04T09:00:00Z",
    users: ["sam", "lee", "dana", "mallory", "olga"],
    organizations: [{ login: "acme", owners: ["olga"], members: ["sam", "lee", "dana"] }],
    repositories: [
      {
        name: repository,
        private: false,
        files: { "README.md": "# Shop\n", ".github/threatgate.yml": policy },
        collaborators: { sam: "write", lee: "write", dana: "write" },
      },
      { name: "mallory/shop", forkOf: repository, private: false, collaborators: { dana: "write" } },
    ],
    apps: [{ slug: "threatgate" }],
  });
  service = await RunningService.start(github, folder, {}, true);
});

afterAll(async () => {
  await service.end("SIGKILL");
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

/** What our check of the head says, once it is completed, without the signs that keep it from calling people. */
function said(number: number): string {
  const checks = github.checkRuns(repository, number).filter(({ app }) => app.id === github.app.id);
  const check = checks.findLast(({ status }) => status === "completed");
  return `${check?.summary ?? ""}\n${check?.text ?? ""}`.replaceAll("\u200b", "");
}

test("H031: a stranger who takes over the login that the policy names is not who was meant", async () => {
  const number = github.as("sam").openPullRequest(repository, {
    branch: "store",
    files: { "infra/store.tf": bucket("store") },
  });
  await eventually("it is judged", () => said(number).includes("TM-3"));
  const { id } = github.as("lee").account;
  const olga = github.administrator("olga");
  olga.renameAccount("lee", "lee-lastname");
  olga.createAccount("lee");
  olga.setCollaborator(repository, "lee", "write");
  github.as("lee").review(repository, number, "approve");
  await eventually("the review is told for what it is", () =>
    said(number).includes(`@lee is no Security Architect: the policy means account ${id}`),
  );
  expect(said(number)).toContain("no Security Architect has approved.");
  github.as("lee-lastname").review(repository, number, "approve");
  await eventually("who was meant counts", () =>
    said(number).includes("Approved by @lee-lastname (Security Architect)"),
  );
});

test("H022: whoever pushed to the branch of a fork approves nothing there, whatever the commit says", async () => {
  const number = github.as("mallory").openPullRequest(repository, {
    branch: "theirs",
    fork: "mallory/shop",
    files: { "infra/theirs.tf": bucket("theirs") },
  });
  github.as("dana").pushToPullRequest(repository, number, {
    message: "More",
    files: { "infra/more.tf": bucket("more") },
    author: { name: "somebody", email: "somebody@elsewhere.example" },
  });
  github.as("dana").review(repository, number, "approve");
  await eventually("the review is told for what it is", () =>
    said(number).includes("The review of @dana does not count: pushed commits of the pull request."),
  );
});
