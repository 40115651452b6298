import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { appToken, asApp, asInstallation, asking, type Client, fields } from "./ask.ts";
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
