import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { asInstallation, asking, type Client, fields, list } from "./ask.ts";
import type { GitHub } from "./github.ts";
import { openExample, shop, startSmall } from "./scene.ts";

let github: GitHub;
let bot: Client;

beforeEach(async () => {
  github = await startSmall();
  bot = asInstallation(github);
});

afterEach(async () => {
  await github.close();
});

const head = (): string => github.pullRequest("acme/shop", 1).head.sha;

describe("changed files", () => {
  test("come in pages with links, and end at the cap", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 25 }, (_, at) => [`f${String(at).padStart(2, "0")}.txt`, `${at}\n`]),
    );
    github.as("sam").openPullRequest("acme/shop", { branch: "many", files });
    const names = async (query: string) =>
      list(await bot("GET", `${shop}/pulls/1/files${query}`)).map((file) => file["filename"]);
    expect(await names("?per_page=10&page=3")).toEqual(["f20.txt", "f21.txt", "f22.txt", "f23.txt", "f24.txt"]);
    const second = await bot("GET", `${shop}/pulls/1/files?per_page=10&page=2`);
    const links = [...(second.headers.get("link") ?? "").matchAll(/[?&]page=(\d+)[^;]*; rel="(\w+)"/g)];
    expect(Object.fromEntries(links.map(([, at, relation]) => [relation, at]))).toEqual({
      prev: "1",
      next: "3",
      last: "3",
      first: "1",
    });
    github.world.caps.filesOfPullRequest = 20;
    expect(await names("?per_page=100")).toHaveLength(20);
    expect(fields(await bot("GET", `${shop}/pulls/1`), "changed_files")).toEqual({ changed_files: 25 });
  });

  test("are the difference from the merge base, with patches", async () => {
    openExample(github);
    github.as("sam").pushCommit("acme/shop", { branch: "main", files: { "later.txt": "x\n" } });
    const files = list(await bot("GET", `${shop}/pulls/1/files`));
    expect(
      files.map(({ filename, status, additions, deletions }) => ({ filename, status, additions, deletions })),
    ).toEqual([
      { filename: "infra/export.tf", status: "added", additions: 3, deletions: 0 },
      { filename: "src/app.ts", status: "modified", additions: 1, deletions: 1 },
    ]);
    expect(files[1]?.["patch"]).toBe("@@ -1,6 +1,6 @@\n one\n two\n-three\n+3\n four\n five\n six");
    const compared = await bot("GET", `${shop}/compare/main...feature`);
    expect(fields(compared, "status", "ahead_by", "behind_by")).toEqual({
      status: "diverged",
      ahead_by: 1,
      behind_by: 1,
    });
  });
});

describe("reviews", () => {
  beforeEach(() => {
    openExample(github);
  });

  const review = (comments: readonly unknown[], more: Record<string, unknown> = {}) =>
    bot("POST", `${shop}/pulls/1/reviews`, { event: "COMMENT", body: "summary", comments, ...more });

  test("a line outside the diff refuses the whole review, and nothing is kept", async () => {
    const good = { path: "infra/export.tf", line: 2, body: "why?" };
    for (const bad of [
      { path: "src/app.ts", line: 9, body: "outside the hunk" },
      { path: "src/app.ts", line: 2, side: "LEFT", start_line: 9, body: "start outside the hunk" },
      { path: "infra/export.tf", line: 1, side: "LEFT", body: "there is no left side" },
      { path: "README.md", line: 1, body: "not changed" },
    ]) {
      expect((await review([good, bad])).status).toBe(422);
    }
    expect(github.pullRequest("acme/shop", 1)).toMatchObject({ reviews: [], threads: [] });
    expect((await review([good, { path: "src/app.ts", line: 3, side: "LEFT", body: "was it needed?" }])).status).toBe(
      200,
    );
    const shown = list(await bot("GET", `${shop}/pulls/1/comments`));
    expect(shown.map(({ path, line, side, diff_hunk }) => ({ path, line, side, diff_hunk }))).toEqual([
      {
        path: "infra/export.tf",
        line: 2,
        side: "RIGHT",
        diff_hunk: '@@ -0,0 +1,3 @@\n+resource "aws_s3_bucket" "exports" {\n+  bucket = "exports"',
      },
      { path: "src/app.ts", line: 3, side: "LEFT", diff_hunk: "@@ -1,6 +1,6 @@\n one\n two\n-three" },
    ]);
  });

  test("nobody approves their own pull request", async () => {
    const sam = asking(github.url, "token token-of-sam");
    const own = await sam("POST", `${shop}/pulls/1/reviews`, { event: "APPROVE" });
    expect(own).toEqual(
      expect.objectContaining({
        status: 422,
        body: expect.objectContaining({ errors: ["Can not approve your own pull request"] }),
      }),
    );
  });

  test("a review's body is edited by its author alone; a locked conversation takes none", async () => {
    const made = await review([]);
    const { id } = fields(made, "id");
    const edited = await bot("PUT", `${shop}/pulls/1/reviews/${String(id)}`, { body: "settled" });
    expect(fields(edited, "body", "state")).toEqual({ body: "settled", state: "COMMENTED" });
    const foreign = github.as("dana").review("acme/shop", 1, "approve", { body: "fine" });
    expect((await bot("PUT", `${shop}/pulls/1/reviews/${foreign}`, { body: "not fine" })).status).toBe(403);
    github.as("dana").lock("acme/shop", 1);
    expect((await review([])).status).toBe(422);
    expect((await bot("POST", `${shop}/issues/1/comments`, { body: "x" })).status).toBe(403);
  });

  test("threads move with their line, and are outdated when it changes", async () => {
    await review([
      { path: "src/app.ts", line: 3, body: "stays" },
      { path: "infra/export.tf", line: 2, body: "goes" },
    ]);
    github.as("sam").pushToPullRequest("acme/shop", 1, {
      files: {
        "src/app.ts": "zero\none\ntwo\n3\nfour\nfive\nsix\nseven\neight\nnine\nten\n",
        "infra/export.tf": 'resource "aws_s3_bucket" "exports" {\n  bucket = "other"\n}\n',
      },
    });
    const shown = list(await bot("GET", `${shop}/pulls/1/comments`));
    expect(shown.map(({ line, original_line, commit_id }) => ({ line, original_line, commit_id }))).toEqual([
      { line: 4, original_line: 3, commit_id: head() },
      { line: null, original_line: 2, commit_id: head() },
    ]);
  });

  test("a request for review ends when somebody of the team reviews", async () => {
    const asked = await bot("POST", `${shop}/pulls/1/requested_reviewers`, { team_reviewers: ["security-architects"] });
    expect(asked.status).toBe(201);
    expect((await bot("POST", `${shop}/pulls/1/requested_reviewers`, { reviewers: ["sam"] })).status).toBe(422);
    expect((await bot("POST", `${shop}/pulls/1/requested_reviewers`, { reviewers: ["mallory"] })).status).toBe(422);
    github.as("dana").review("acme/shop", 1, "approve");
    expect((await bot("GET", `${shop}/pulls/1/requested_reviewers`)).body).toEqual({ users: [], teams: [] });
  });
});

describe("check runs", () => {
  beforeEach(() => {
    openExample(github);
  });

  const check = (more: Record<string, unknown>) =>
    bot("POST", `${shop}/check-runs`, { name: "threat-model", head_sha: head(), ...more });

  test("the latest of each name is listed, and only its own App changes it", async () => {
    const first = await check({ conclusion: "failure", output: { title: "t", summary: "s" } });
    await check({ conclusion: "success", output: { title: "t", summary: "s" } });
    github.as("sam").forgeCheck("acme/shop", head(), "threat-model", "other-bot", "success");
    const runs = await bot("GET", `${shop}/commits/${head()}/check-runs?app_id=${github.app.id}`);
    expect(fields(runs, "total_count")).toEqual({ total_count: 1 });
    expect(fields(await bot("GET", `${shop}/commits/${head()}/check-runs?filter=all`), "total_count")).toEqual({
      total_count: 3,
    });
    const { id } = fields(first, "id");
    expect((await bot("PATCH", `${shop}/check-runs/${String(id)}`, { conclusion: "neutral" })).status).toBe(200);
    const forged = github.checkRuns("acme/shop", 1)[2];
    expect((await bot("PATCH", `${shop}/check-runs/${forged?.id}`, { conclusion: "failure" })).status).toBe(403);
  });

  test("GitHub's limits hold: 50 annotations, 65,535 characters, three buttons, a conclusion with completed", async () => {
    const annotation = { path: "src/app.ts", start_line: 1, end_line: 1, annotation_level: "notice", message: "m" };
    const many = (count: number) => ({
      title: "t",
      summary: "s",
      annotations: Array.from({ length: count }, () => annotation),
    });
    expect((await check({ output: many(51) })).status).toBe(422);
    const made = await check({ output: many(50) });
    const { id } = fields(made, "id");
    const more = await bot("PATCH", `${shop}/check-runs/${String(id)}`, { output: many(10) });
    expect(fields(more, "output")["output"]).toMatchObject({ annotations_count: 60 });
    expect((await check({ output: { title: "t", summary: "x".repeat(65_536) } })).status).toBe(422);
    expect((await check({ status: "completed" })).status).toBe(422);
    const button = (label: string) => ({ label, description: "d", identifier: "i" });
    expect((await check({ actions: [1, 2, 3, 4].map((at) => button(`b${at}`)) })).status).toBe(422);
    expect((await check({ actions: [button("x".repeat(21))] })).status).toBe(422);
  });
});

describe("issues", () => {
  test("are opened with labels that come to be, listed by label, closed, and refused when disabled", async () => {
    const made = await bot("POST", `${shop}/issues`, {
      title: "[T-1] Block public access",
      body: "b",
      labels: ["threat-model"],
    });
    expect(fields(made, "number", "state")).toEqual({ number: 1, state: "open" });
    await bot("POST", `${shop}/issues`, { title: "another" });
    expect(list(await bot("GET", `${shop}/issues?labels=Threat-Model`)).map((issue) => issue["number"])).toEqual([1]);
    const closed = await bot("PATCH", `${shop}/issues/1`, { state: "closed", state_reason: "completed" });
    expect(fields(closed, "state", "state_reason")).toEqual({ state: "closed", state_reason: "completed" });
    expect((await bot("POST", `${shop}/issues`, { title: "x".repeat(257) })).status).toBe(422);
    github.administrator("dana").disableIssues("acme/shop");
    expect((await bot("POST", `${shop}/issues`, { title: "x" })).status).toBe(410);
    expect((await bot("GET", `${shop}/issues`)).status).toBe(410);
  });
});

describe("contents and git", () => {
  test("a file, a folder, a link, a submodule, a file that is too long, and what is not there", async () => {
    github.as("sam").pushCommit("acme/shop", {
      branch: "main",
      files: {
        "docs/a b.md": "text\n",
        link: { content: "README.md", mode: "120000" },
        module: { submodule: "a".repeat(40) },
        "big.txt": "x".repeat(1024 * 1024 + 1),
      },
    });
    const file = fields(await bot("GET", `${shop}/contents/docs/a%20b.md`), "type", "content", "encoding", "sha");
    expect(file).toEqual({
      type: "file",
      content: "dGV4dAo=\n",
      encoding: "base64",
      sha: "8e27be7d6154a1f68ea9160ef0e18691d20560dc",
    });
    expect(list(await bot("GET", `${shop}/contents/docs`)).map((entry) => entry["path"])).toEqual(["docs/a b.md"]);
    expect(fields(await bot("GET", `${shop}/contents/link`), "type", "target")).toEqual({
      type: "symlink",
      target: "README.md",
    });
    expect(fields(await bot("GET", `${shop}/contents/module`), "type")).toEqual({ type: "submodule" });
    expect(fields(await bot("GET", `${shop}/contents/big.txt`), "content", "encoding")).toEqual({
      content: "",
      encoding: "none",
    });
    const raw = await bot("GET", `${shop}/contents/big.txt`, undefined, { accept: "application/vnd.github.raw+json" });
    expect(String(raw.body)).toHaveLength(1024 * 1024 + 1);
    expect((await bot("GET", `${shop}/contents/nope`)).status).toBe(404);
    expect((await bot("GET", `${shop}/contents/README.md?ref=nope`)).status).toBe(404);
  });

  test("a tree says when it was cut", async () => {
    const whole = await bot("GET", `${shop}/git/trees/main?recursive=1`);
    expect(fields(whole, "truncated")).toEqual({ truncated: false });
    github.world.caps.entriesOfTree = 2;
    expect(fields(await bot("GET", `${shop}/git/trees/main?recursive=1`), "truncated")).toEqual({ truncated: true });
  });
});

test("what an author who left GitHub wrote stays, by nobody", async () => {
  openExample(github);
  github.as("lee").comment("acme/shop", 1, "bye");
  github.administrator("dana").deleteAccount("sam");
  github.administrator("dana").deleteAccount("lee");
  expect(fields(await bot("GET", `${shop}/pulls/1`), "user", "title")).toEqual({ user: null, title: "Add an export" });
  expect(list(await bot("GET", `${shop}/issues/1/comments`)).map(({ user, body }) => ({ user, body }))).toEqual([
    { user: null, body: "bye" },
  ]);
});

test("a pull request from a fork outlives the fork", async () => {
  const files = { "evil.tf": "x\n" };
  const number = github.as("mallory").openPullRequest("acme/shop", { branch: "attack", fork: "mallory/shop", files });
  expect(fields(await bot("GET", `${shop}/pulls/${number}`), "head")).toMatchObject({
    head: { repo: { full_name: "mallory/shop", fork: true } },
  });
  expect((await bot("GET", "/repos/mallory/shop")).status).toBe(404);
  expect((await bot("GET", `${shop}/git/commits/${github.pullRequest("acme/shop", number).head.sha}`)).status).toBe(
    200,
  );
  github.administrator("mallory").deleteRepository("mallory/shop");
  expect(fields(await bot("GET", `${shop}/pulls/${number}`), "head")).toMatchObject({
    head: { repo: null, user: null },
  });
  expect(list(await bot("GET", `${shop}/pulls/${number}/files`)).map((file) => file["filename"])).toEqual(["evil.tf"]);
});

test("teams: active members, those of teams below included", async () => {
  const team = "/orgs/acme/teams/security-architects";
  const logins = async () => list(await bot("GET", `${team}/members`)).map((member) => member["login"]);
  expect(await logins()).toEqual(["dana"]);
  expect(fields(await bot("GET", `${team}/memberships/lee`), "state")).toEqual({ state: "pending" });
  expect((await bot("GET", `${team}/memberships/sam`)).status).toBe(404);
  const admin = github.administrator("dana");
  admin.createTeam("acme", "Cloud architects", "security-architects");
  admin.addToTeam("acme/cloud-architects", "sam");
  expect(await logins()).toEqual(["dana", "sam"]);
  admin.removeFromTeam("acme/cloud-architects", "sam");
  expect(await logins()).toEqual(["dana"]);
  expect((await asInstallation(github, { metadata: "read" })("GET", team)).status).toBe(403);
});
