import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { appToken, asApp, asInstallation, asking, type Client, type Reply } from "./ask.ts";
import type { GitHub } from "./github.ts";
import { openExample, shop, startSmall } from "./scene.ts";
import { usualPermissions } from "./seed-apps.ts";

let github: GitHub;
let bot: Client;

beforeEach(async () => {
  github = await startSmall();
  bot = asInstallation(github);
});

afterEach(async () => {
  await github.close();
});

/** The fields of an answer that a case is about. */
function fields(reply: Reply, ...names: readonly string[]): Record<string, unknown> {
  const body: Record<string, unknown> = typeof reply.body === "object" && reply.body !== null ? { ...reply.body } : {};
  return Object.fromEntries(names.map((name) => [name, body[name]]));
}

function list(reply: Reply): readonly Record<string, unknown>[] {
  return Array.isArray(reply.body) ? reply.body : [];
}

function wrong(status: number, message: string) {
  return expect.objectContaining({ status, body: expect.objectContaining({ message }) });
}

const head = (): string => github.pullRequest("acme/shop", 1).head.sha;

describe("who asks", () => {
  test("an App token is verified: key, App, times", async () => {
    const { id, privateKey } = github.app;
    const now = Math.floor(Date.now() / 1000);
    const ask = (claims: Record<string, unknown>) =>
      asking(github.url, `Bearer ${appToken(id, privateKey, claims)}`)("GET", "/app");
    expect((await ask({})).status).toBe(200);
    expect(await ask({ exp: now + 700 })).toEqual(
      wrong(401, "'Expiration time' claim ('exp') is too far in the future"),
    );
    expect((await ask({ exp: now - 1 })).status).toBe(401);
    expect((await ask({ iat: now + 60 })).status).toBe(401);
    expect(await ask({ iss: 99 })).toEqual(wrong(404, "Integration not found"));
    const forged = `${appToken(id, privateKey).split(".").slice(0, 2).join(".")}.AAAA`;
    expect(await asking(github.url, `Bearer ${forged}`)("GET", "/app")).toEqual(
      wrong(401, "A JSON web token could not be decoded"),
    );
  });

  test("the host's clock may differ from GitHub's: a token from the future is refused, and Date tells by how much", async () => {
    github.clock.skew(-600);
    const refused = await asApp(github)("GET", "/app");
    expect(refused.status).toBe(401);
    expect(Date.parse(refused.headers.get("date") ?? "")).toBe(github.clock.now().getTime());
  });

  test("an installation token may be narrowed to repositories and permissions, never widened, and ends", async () => {
    const app = asApp(github);
    const path = `/app/installations/${github.app.installation}/access_tokens`;
    const narrow = await app("POST", path, { repositories: ["shop"], permissions: { contents: "read" } });
    expect(fields(narrow, "permissions", "repository_selection")).toEqual({
      permissions: { metadata: "read", contents: "read" },
      repository_selection: "selected",
    });
    const token = String(fields(narrow, "token")["token"]);
    expect(token).toMatch(/^ghs_4000_/);
    expect(token.length).toBeGreaterThan(500);
    const narrowed = asking(github.url, `token ${token}`);
    expect((await narrowed("GET", `${shop}/contents/README.md`)).status).toBe(200);
    expect((await narrowed("GET", `${shop}/issues`)).status).toBe(403);
    expect((await app("POST", path, { permissions: { administration: "write" } })).status).toBe(422);
    expect((await app("POST", path, { repositories: ["secret"] })).status).toBe(422);
    github.identity.expireTokens();
    expect(await narrowed("GET", shop)).toEqual(wrong(401, "Bad credentials"));
  });

  test("what is not selected does not exist; what is not permitted is refused", async () => {
    expect((await bot("GET", "/repos/acme/secret")).status).toBe(404);
    const poor = asInstallation(github, { metadata: "read", contents: "read" });
    expect((await poor("GET", `${shop}/contents/README.md`)).status).toBe(200);
    expect(await poor("GET", `${shop}/pulls`)).toEqual(wrong(403, "Resource not accessible by integration"));
    expect(await poor("POST", `${shop}/issues`, { title: "x" })).toEqual(
      wrong(403, "Resource not accessible by integration"),
    );
    const reader = asInstallation(github, { ...usualPermissions, checks: "read" });
    expect((await reader("POST", `${shop}/check-runs`, { name: "x", head_sha: "main" })).status).toBe(403);
  });

  test("people are held to their role, and no person writes check runs", async () => {
    openExample(github);
    const sam = asking(github.url, "token token-of-sam");
    const mallory = asking(github.url, "token token-of-mallory");
    expect((await mallory("GET", shop)).status).toBe(404);
    expect((await sam("GET", shop)).status).toBe(200);
    expect((await sam("POST", `${shop}/check-runs`, { name: "x", head_sha: head() })).status).toBe(403);
  });

  test("a suspended installation, an archived repository and a renamed one", async () => {
    const admin = github.administrator("dana");
    admin.renameRepository("acme/shop", "store");
    const moved = await bot("GET", `${shop}/pulls?state=all`);
    expect(moved.status).toBe(301);
    const { pathname, search } = new URL(moved.headers.get("location") ?? "");
    expect((await bot("GET", pathname + search)).status).toBe(200);
    admin.archiveRepository("acme/store");
    expect(await bot("POST", "/repos/acme/store/issues", { title: "x" })).toEqual(
      wrong(403, "Repository was archived so is read-only."),
    );
    admin.suspend(github.app.installation);
    expect(await bot("GET", "/repos/acme/store")).toEqual(wrong(403, "This installation has been suspended"));
  });

  test("who lacks a permission is told which would do", async () => {
    const poor = asInstallation(github, { metadata: "read" });
    const { headers } = await poor("POST", `${shop}/issues/1/comments`, { body: "x" });
    expect(headers.get("x-accepted-github-permissions")).toBe("issues=write; pull_requests=write");
  });

  test("an Enterprise Server's prefix leads to the same", async () => {
    expect((await bot("GET", `/api/v3${shop}`)).body).toEqual((await bot("GET", shop)).body);
  });
});

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

describe("rate limits and caches", () => {
  test("the budget goes down, is shown, and refuses when it is used up", async () => {
    github.limits.limits.core = 2;
    const first = await bot("GET", shop);
    expect(first.headers.get("x-ratelimit-remaining")).toBe("1");
    expect(first.headers.get("x-github-request-id")).toMatch(/^STAND:/);
    await bot("GET", shop);
    const refused = await bot("GET", shop);
    expect(refused.status).toBe(403);
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    const other = asInstallation(github);
    expect((await other("GET", shop)).status).toBe(403);
    github.clock.advance({ hours: 1, seconds: 1 });
    expect((await bot("GET", shop)).status).toBe(200);
  });

  test("an unchanged answer is 304, but not for another token", async () => {
    const first = await bot("GET", shop);
    const again = { "if-none-match": first.headers.get("etag") ?? "" };
    expect((await bot("GET", shop, undefined, again)).status).toBe(304);
    expect((await asInstallation(github)("GET", shop, undefined, again)).status).toBe(200);
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
