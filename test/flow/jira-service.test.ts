import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { wordsOf } from "../jira/adf.ts";
import { credentials, Jira } from "../jira/server.ts";
import { eventually, RunningService } from "./program.ts";
import { bucket } from "./stage.ts";

/* Jira as the service uses it: the real process, with a sweep every second, on the stand-ins of GitHub and of Jira. */

const repository = "acme/shop";
const policy = "version: 1\nmode: advise\nriskThreshold: medium\ntracker: jira\njira: {project: SHOP}\n";
const model = (status: string, note: string): string =>
  [
    "schemaVersion: 1",
    `system: {name: shop, description: ${note}}`,
    "elements:",
    "  - {id: api, type: web-service, name: Shop API}",
    "threats:",
    `  - {id: T-1, element: api, stride: [I], title: "Orders of others are shown", impact: high, likelihood: high, ${status}}`,
    "controls:",
    "  - {id: C-1, title: Each order is looked up by its owner, status: implemented, evidence: [src/orders.ts]}",
    "",
  ].join("\n");

let github: GitHub;
let jira: Jira;
let service: RunningService;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threatgate-jira-"));
  jira = await Jira.start([{ key: "SHOP" }]);
  github = await startGitHub({
    now: "2026-03-04T09:00:00Z",
    users: ["sam", "olga"],
    organizations: [{ login: "acme", owners: ["olga"], members: ["sam"] }],
    repositories: [
      {
        name: repository,
        files: {
          "README.md": "# Shop\n",
          ".github/threatgate.yml": policy,
          "src/orders.ts": "export {};\n",
          "threat-model.yaml": model("status: open", "First."),
        },
        collaborators: { sam: "write" },
      },
    ],
    apps: [{ slug: "threatgate" }],
  });
  service = await RunningService.start(github, folder, {
    SWEEP_SECONDS: "1",
    JIRA_URL: jira.url,
    JIRA_EMAIL: credentials.email,
    JIRA_API_TOKEN: credentials.token,
    JIRA_OWNERS: "acme",
  });
});

afterAll(async () => {
  await service.end("SIGKILL");
  await github.close();
  await jira.close();
  github.expectNoContractFindings();
  jira.expectNoContractFindings();
  await rm(folder, { recursive: true, force: true });
});

let branches = 0;

function opened(files: Readonly<Record<string, string>>): number {
  branches++;
  return github.as("sam").openPullRequest(repository, { branch: `change-${branches}`, files });
}

const said = (number: number): string =>
  github
    .checkRuns(repository, number)
    .filter(({ app }) => app.id === github.app.id)
    .map(({ text }) => text)
    .join("\n");

test("what people close in Jira is answered there once, told in the check of the next pull request, and settles nothing", async () => {
  github.as("olga").merge(repository, opened({ "README.md": "# The shop\n" }));
  await eventually("the issue is in Jira", () => jira.issues.length === 1);
  expect(github.issues(repository)).toEqual([]);
  const [issue] = jira.issues;
  if (!issue) throw new Error("there is no issue");
  jira.move(issue, "Done");
  await eventually("the person is answered", () => issue.comments.length === 1);
  expect(wordsOf(issue.comments[0]?.body)).toContain("/threat mitigated T-1 by");

  // Whoever judges the branch for another reason may answer first; the sweep then remembers what was closed.
  await eventually("the sweep has seen it", () => service.log.some(({ why }) => why === "tracker.closed"));

  const next = opened({ "infra/store.tf": bucket("store") });
  await eventually("the next pull request is judged", () => said(next) !== "");
  expect(said(next)).toContain("1 issue is closed in Jira, and the model does not say what settled the threat");
  expect(said(next)).toContain("- `SHOP-1`: `T-1` Orders of others are shown");
  expect(said(next)).toContain("/threat mitigated T-1 by <path of the control, or its id in the model>");
  expect(said(next)).toContain("status: mitigated");
  const pull = github.pullRequest(repository, next);
  expect(pull.comments).toEqual([]);

  const settled = opened({ "threat-model.yaml": model("status: mitigated, controls: [C-1]", "Second.") });
  await eventually("it is judged", () => said(settled) !== "");
  // A model that says so has nothing left to be proposed.
  expect(said(settled)).not.toContain("closed in Jira");
  expect([issue.comments.length, jira.issues.length, issue.status.name]).toEqual([1, 1, "Done"]);
});
