import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { freePort, signInSettings } from "../../scripts/demo/sign-in.ts";
import { organisationSchema, systemListSchema } from "../../src/core/domain/dashboard.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { openDatabase } from "../../src/shell/store/database.ts";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { makeOrganisation, repositoryName } from "../make/an-organisation.ts";
import { prepareDatabase } from "../make/prepared-database.ts";
import { RunningService } from "./program.ts";

/*
 * The dashboard as people reach it: the real service, a browser's requests and cookies by hand, GitHub's stand-in with its
 * sign-in. Dana owns the organisation `acme`, Sam may read one of its repositories, Kit none.
 */

const mine = repositoryName(0);
const hidden = repositoryName(1);
const folder = mkdtempSync(join(tmpdir(), "threatgate-dashboard-"));
/** Tokens by which programs ask: two classic ones that read code, one that does not, and a fine-grained one. */
const programs = {
  dana: "ghp_of-dana-with-repo-0000000000000000000",
  sam: "ghp_of-sam-with-repo-00000000000000000000",
  narrow: "ghp_of-sam-without-repo-00000000000000000",
  fine: "github_pat_of-sam-000000000000000000000000",
} as const;
let github: GitHub;
let service: RunningService;

beforeAll(async () => {
  const now = "2026-11-20T09:00:00Z";
  const names = Array.from({ length: 6 }, (_, index) => repositoryName(index));
  github = await startGitHub({
    now,
    users: ["dana", "sam", "kit"],
    organizations: [
      { login: "acme", owners: ["dana"], members: ["sam"], basePermission: "none" },
      { login: "other", owners: ["kit"], members: [] },
    ],
    repositories: [
      ...names.map((name) => ({
        name: `acme/${name}`,
        private: true,
        files: {},
        ...(name === mine ? { collaborators: { sam: "read" as const } } : {}),
      })),
      { name: `acme/open`, private: false, files: {} },
      // The same name as one of the other organisation (H094).
      { name: `other/${mine}`, private: true, files: {} },
    ],
    tokens: Object.fromEntries(
      Object.entries(programs).map(([name, token]) => [token, name === "dana" ? "dana" : "sam"]),
    ),
    scopes: { [programs.dana]: "read:org, repo", [programs.sam]: "repo", [programs.narrow]: "read:user" },
  });
  const ids = new Map(
    [...github.world.repositories.values()]
      .filter(({ owner }) => owner.login === "acme")
      .map(({ id, name }) => [name, id]),
  );
  await prepareDatabase(folder);
  const database = await openDatabase({ folder }, (error) => {
    throw error;
  });
  await makeOrganisation(database, { owner: "acme", repositories: 6, weeks: 20, now, ids, seed: 3 }, await readRules());
  await database.close();
  service = await RunningService.start(github, folder, signInSettings(github, await freePort()));
});

afterAll(async () => {
  await service.end("SIGTERM");
  github.expectNoContractFindings();
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A browser: keeps cookies, follows nothing by itself. */
class Browser {
  readonly cookies = new Map<string, string>();
  /** `Set-Cookie` as they came. */
  readonly set: string[] = [];

  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(cookie === "" ? {} : { cookie }), ...init.headers };
    const answer = await fetch(path.startsWith("http") ? path : `${service.url}${path}`, {
      redirect: "manual",
      ...init,
      headers,
    });
    for (const line of answer.headers.getSetCookie()) {
      this.set.push(line);
      const [pair = ""] = line.split(";");
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  async text(path: string): Promise<string> {
    return (await this.ask(path)).text();
  }

  /** To GitHub and back; gives the address of the callback without following it. */
  async consent(login: string, path = "/sign-in"): Promise<string> {
    const begun = await this.ask(path);
    const asked = new URL(begun.headers.get("location") ?? "");
    asked.searchParams.set("as", login);
    const given = await fetch(asked, { redirect: "manual" });
    return given.headers.get("location") ?? "";
  }

  async signIn(login: string, path = "/sign-in"): Promise<Response> {
    return this.ask(await this.consent(login, path));
  }
}

async function signedIn(login: string): Promise<Browser> {
  const browser = new Browser();
  expect((await browser.signIn(login)).status).toBe(303);
  return browser;
}

const ownerPages = [
  "",
  "/risk",
  "/teams",
  "/controls",
  "/rules",
  "/roll-out",
  "/roll-out.csv",
  "/roll-out.json",
  "/measures",
  "/measures.csv",
  "/measures.json",
  "/releases.csv",
  "/releases.json",
  "/systems.csv",
  "/systems.json",
];
const apiPages = ["", "/systems", "/teams", "/controls", "/rules", "/roll-out", "/releases", "/measures"];

describe("who may see what", () => {
  test("H096: without a session every page leads to the sign-in and the API answers 401", async () => {
    const browser = new Browser();
    const paths = [...ownerPages.map((path) => `/orgs/acme${path}`), `/acme/${mine}`, `/acme/${mine}/pull/2`];
    for (const path of paths) {
      const answer = await browser.ask(path);
      expect([path, answer.status, answer.headers.get("location")]).toEqual([
        path,
        302,
        `/sign-in?returnTo=${encodeURIComponent(path)}`,
      ]);
    }
    const api = [
      ...apiPages.map((path) => `/api/v1/orgs/acme${path}`),
      "/api/v1/orgs",
      `/api/v1/repos/acme/${mine}`,
      `/api/v1/repos/acme/${mine}/pulls/2`,
    ];
    for (const path of api) expect([path, (await browser.ask(path)).status]).toEqual([path, 401]);
  });

  test("H096: what a person may not read answers as what does not exist, byte for byte", async () => {
    const sam = await signedIn("sam");
    const nothing = await sam.ask("/acme/no-such-repository");
    const body = await nothing.text();
    expect(nothing.status).toBe(404);
    for (const path of [
      `/acme/${hidden}`,
      `/acme/${hidden}/pull/2`,
      `/other/${mine}`,
      "/orgs/other",
      "/orgs/no-such-owner",
      "/orgs/other/risk",
    ]) {
      const answer = await sam.ask(path);
      expect([path, answer.status, await answer.text()]).toEqual([path, 404, body]);
    }
    const missing = await sam.text("/api/v1/repos/acme/no-such-repository");
    for (const path of [`/api/v1/repos/acme/${hidden}`, "/api/v1/orgs/other/systems", `/api/v1/repos/other/${mine}`]) {
      const answer = await sam.ask(path);
      expect([path, answer.status, await answer.text()]).toEqual([path, 404, missing]);
    }
  });

  test("H094: figures and lists hold what the viewer may read and nothing else", async () => {
    const sam = await signedIn("sam");
    const dana = await signedIn("dana");
    const few = systemListSchema.parse(await (await sam.ask("/api/v1/orgs/acme/systems")).json());
    const all = systemListSchema.parse(await (await dana.ask("/api/v1/orgs/acme/systems?sort=name")).json());
    expect(few.systems.map(({ repository }) => repository)).toEqual([mine]);
    expect(all.total).toBeGreaterThan(3);
    const pages = await Promise.all(ownerPages.map((path) => sam.text(`/orgs/acme${path}`)));
    for (const { repository } of all.systems) {
      if (repository !== mine) for (const page of pages) expect(page).not.toContain(repository);
    }
    const figures = organisationSchema.parse(await (await sam.ask("/api/v1/orgs/acme")).json());
    expect(figures.repositories).toEqual({ readable: 1, judged: 1 });
    expect(await (await signedIn("kit")).text("/orgs/acme")).toContain("There is nothing here for you");
  });

  test("H096: GitHub is asked again after five minutes at the latest, and at once for somebody else", async () => {
    const asked = () =>
      github.requests.all.filter(({ operation }) => operation === "apps/list-installation-repos-for-authenticated-user")
        .length;
    const sam = await signedIn("sam");
    await sam.text("/orgs/acme");
    const after = asked();
    await sam.text("/orgs/acme/risk");
    await sam.text("/orgs/acme/teams");
    expect(asked()).toBe(after);
    await (await signedIn("sam")).text("/orgs/acme");
    expect(asked()).toBe(after + 1);
  });

  test("every page of an owner and of a system is there for whoever may read it, and none is kept by a cache", async () => {
    const dana = await signedIn("dana");
    for (const path of [...ownerPages.map((one) => `/orgs/acme${one}`), `/acme/${mine}`]) {
      const answer = await dana.ask(path);
      expect([path, answer.status, answer.headers.get("cache-control")]).toEqual([path, 200, "no-store"]);
      const policy = answer.headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});

test("a framework that there is not shows the first one with its figures, not with none", async () => {
  const dana = await signedIn("dana");
  const first = await dana.text("/orgs/acme/controls");
  expect(first).toMatch(/Over the [1-9]/);
  expect(await dana.text("/orgs/acme/controls?framework=no-such-framework")).toBe(first);
});

describe("signing in", () => {
  test("H097: leads back to the page that was asked for, with a cookie that no script and no other site sees", async () => {
    const browser = new Browser();
    const answer = await browser.signIn("dana", "/sign-in?returnTo=%2Forgs%2Facme%2Frisk");
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/orgs/acme/risk"]);
    const line = browser.set.find((one) => one.startsWith("threatgate-session=")) ?? "";
    expect(line).toContain("HttpOnly");
    expect(line).toContain("SameSite=Lax");
    expect(line).not.toContain("ghu_");
    expect(await browser.text("/orgs/acme/risk")).toContain("Risk report");
  });

  test.each(["//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example", "javascript:alert(1)"])(
    "H097: returnTo %j leads to the first page",
    async (target) => {
      const browser = new Browser();
      const answer = await browser.signIn("dana", `/sign-in?returnTo=${encodeURIComponent(target)}`);
      expect(answer.headers.get("location")).toBe("/");
    },
  );

  test("H097: a callback without state, with another browser's, or used twice signs nobody in", async () => {
    const browser = new Browser();
    const callback = new URL(await browser.consent("dana"));
    const without = new URL(callback);
    without.searchParams.delete("state");
    expect((await browser.ask(without.href)).status).toBe(403);
    const other = new Browser();
    expect((await other.ask(callback.href)).status).toBe(403);
    expect((await browser.ask(callback.href)).status).toBe(403);
    const again = new Browser();
    const used = await again.consent("dana");
    expect((await again.ask(used)).status).toBe(303);
    expect((await again.ask(used)).status).toBe(403);
    for (const one of [browser, other]) expect(one.cookies.has("threatgate-session")).toBe(false);
  });

  test("H097: a cookie that was there before is no session, and a sign-in replaces the one that is there", async () => {
    const browser = new Browser();
    browser.cookies.set("threatgate-session", "fixed-by-somebody");
    expect((await browser.ask("/orgs/acme")).status).toBe(302);
    await browser.signIn("sam");
    const first = browser.cookies.get("threatgate-session") ?? "";
    await browser.signIn("dana");
    expect(browser.cookies.get("threatgate-session")).not.toBe(first);
    expect(await browser.text("/")).not.toContain(">sam<");
  });

  test("H097: a cookie of which one letter was changed opens nothing", async () => {
    const dana = await signedIn("dana");
    const sealed = dana.cookies.get("threatgate-session") ?? "";
    const at = Math.floor(sealed.length / 2);
    dana.cookies.set(
      "threatgate-session",
      `${sealed.slice(0, at)}${sealed[at] === "A" ? "B" : "A"}${sealed.slice(at + 1)}`,
    );
    expect((await dana.ask("/orgs/acme")).status).toBe(302);
  });

  test("H099: signing out is taken from our own pages alone, and ends the token on GitHub as well", async () => {
    const dana = await signedIn("dana");
    const copy = new Browser();
    for (const [name, value] of dana.cookies) copy.cookies.set(name, value);
    for (const headers of [
      {},
      { origin: "https://evil.example" },
      { origin: service.url, "sec-fetch-site": "cross-site" },
      { origin: "null" },
    ]) {
      expect((await dana.ask("/sign-out", { method: "POST", headers })).status).toBe(403);
    }
    expect((await dana.ask("/sign-out")).status).toBe(404);
    expect((await dana.ask("/orgs/acme")).status).toBe(200);
    const out = await dana.ask("/sign-out", {
      method: "POST",
      headers: { origin: service.url, "sec-fetch-site": "same-origin" },
    });
    expect([out.status, dana.cookies.has("threatgate-session")]).toEqual([303, false]);
    const ended = await copy.ask("/orgs/acme");
    expect(ended.status).toBe(401);
    expect(await ended.text()).toContain('href="/sign-in?returnTo=%2Forgs%2Facme">Sign in again');
    expect((await copy.ask("/api/v1/orgs/acme")).status).toBe(401);
  });

  test.each(["POST", "PUT", "DELETE", "PATCH"])("H099: %s changes nothing anywhere", async (method) => {
    const dana = await signedIn("dana");
    for (const path of ["/", "/orgs/acme", `/acme/${mine}`, "/api/v1/orgs", "/sign-in"])
      expect((await dana.ask(path, { method, headers: { origin: service.url } })).status).toBe(404);
  });
});

describe("programs with a person's token", () => {
  const api = (path: string, token: string, scheme = "Bearer") =>
    fetch(`${service.url}/api/v1${path}`, { headers: { authorization: `${scheme} ${token}` }, redirect: "manual" });

  test("H094: a token opens what its person may read, and nothing else", async () => {
    const few = systemListSchema.parse(await (await api("/orgs/acme/systems", programs.sam)).json());
    expect(few.systems.map(({ repository }) => repository)).toEqual([mine]);
    const all = systemListSchema.parse(await (await api("/orgs/acme/systems", programs.dana)).json());
    expect(all.total).toBeGreaterThan(3);
    expect(await (await api("/orgs", programs.sam)).json()).toEqual({
      schemaVersion: 1,
      viewer: "sam",
      owners: ["acme"],
    });
    expect((await api(`/repos/acme/${mine}`, programs.sam)).status).toBe(200);
    for (const path of [`/repos/acme/${hidden}`, "/orgs/other", `/repos/other/${mine}`, "/orgs/no-such-owner"])
      expect([path, (await api(path, programs.sam)).status]).toEqual([path, 404]);
  });

  test("H096: a token that may not read code, a strange one and no token at all open nothing, each with its reason", async () => {
    const answer = async (token: string, scheme?: string) => {
      const given = await api("/orgs/acme", token, scheme);
      return [given.status, await given.json()];
    };
    const cannotRead = [403, { error: "this token may not read private code: give it the scope repo" }];
    expect(await answer(programs.narrow)).toEqual(cannotRead);
    expect(await answer(programs.fine)).toEqual(cannotRead);
    expect(await answer("ghp_unknown-000000000000000000000000000000")).toEqual([
      401,
      { error: "GitHub does not accept this token" },
    ]);
    expect(await answer("c2FtOnNlY3JldC1zZWNyZXQtc2VjcmV0", "Basic")).toEqual([
      401,
      { error: "send a GitHub token as Authorization: Bearer" },
    ]);
    const none = await fetch(`${service.url}/api/v1/orgs/acme`);
    expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  });

  test("H096: a token opens the API and no page", async () => {
    const page = await fetch(`${service.url}/orgs/acme`, {
      headers: { authorization: `Bearer ${programs.dana}` },
      redirect: "manual",
    });
    expect([page.status, page.headers.get("location")]).toEqual([302, "/sign-in?returnTo=%2Forgs%2Facme"]);
  });

  test("GitHub is asked once in five minutes what a token may read", async () => {
    const asked = () =>
      github.requests.all.filter(({ operation }) => operation === "repos/list-for-authenticated-user").length;
    await api("/orgs/acme/teams", programs.dana);
    const after = asked();
    await api("/orgs/acme/rules", programs.dana);
    await api("/orgs/acme/controls", programs.dana);
    expect(asked()).toBe(after);
  });
});
