import { chmod, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { freePort } from "../../scripts/demo/sign-in.ts";
import { storedAppFile } from "../../src/entry/stored-app.ts";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { eventually, RunningService, threatgate } from "./program.ts";
import { bucket } from "./stage.ts";

/*
 * From a service without an App to its first check: the real process, GitHub's stand-in, and a browser's requests by hand.
 */

let github: GitHub;
let folder: string;
let service: RunningService;
let settings: Readonly<Record<string, string>>;
let operators: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threatgate-registration-"));
  github = await startGitHub({
    users: ["olga", "sam"],
    organizations: [{ login: "acme", owners: ["olga"], members: ["sam"] }],
    repositories: [{ name: "acme/shop", files: { "README.md": "# Shop\n" }, collaborators: { sam: "write" } }],
    apps: [{ slug: "another", installations: [] }],
  });
  const [port, metricsPort] = [await freePort(), await freePort()];
  operators = `http://127.0.0.1:${metricsPort}`;
  settings = {
    APP_ID: "",
    PRIVATE_KEY: "",
    WEBHOOK_SECRET: "",
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
  };
  service = await RunningService.start(github, folder, settings);
});

afterAll(async () => {
  await service.end("SIGKILL");
  await github.close();
  github.expectNoContractFindings();
  await rm(folder, { recursive: true, force: true });
});

/** Asks the operator's port by a name of somebody's choice: what a browser does when a name leads here. */
function askAs(host: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${operators}${path}`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.once("error", reject);
    asked.end();
  });
}

/** The form as its page shows it, sent to GitHub; gives where GitHub sends the browser back to, and our cookie. */
async function consent(
  permissions = "core",
): Promise<{ readonly back: URL; readonly cookie: string; readonly page: string }> {
  const query = new URLSearchParams({ permissions, name: "Threatgate Acme", organisation: "acme" });
  const answer = await fetch(`${operators}/setup?${query.toString()}`);
  const page = await answer.text();
  const [line = ""] = answer.headers.getSetCookie();
  expect(line).toContain("HttpOnly");
  expect(line).toContain("SameSite=Lax");
  expect(answer.headers.get("content-security-policy")).toContain(`form-action 'self' ${new URL(github.url).origin};`);
  const unescaped = (text = ""): string =>
    text
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&");
  const action = unescaped(/method="post" action="([^"]*)"/.exec(page)?.[1]);
  const manifest = unescaped(/name="manifest" value="([^"]*)"/.exec(page)?.[1]);
  expect(action).toContain("/organizations/acme/settings/apps/new?state=");
  const given = await fetch(action, { method: "POST", body: new URLSearchParams({ manifest }), redirect: "manual" });
  expect([given.status, given.status === 302 ? "" : await given.text()]).toEqual([302, ""]);
  return { back: new URL(given.headers.get("location") ?? ""), cookie: line.split(";")[0] ?? "", page };
}

describe("a service without an App", () => {
  test("says so, takes nothing, and shows its form on the operator's port alone", async () => {
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${service.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { ready: false, reasons: ["no App is registered yet: open /setup on the operator's port"] },
    ]);
    expect((await fetch(`${service.url}/api/github/webhooks`, { method: "POST", body: "{}" })).status).toBe(503);
    expect((await fetch(`${service.url}/setup`)).status).toBe(503);
    const page = await (await fetch(`${operators}/setup`)).text();
    expect(page).toContain("<h1>Register the App</h1>");
    expect(page).not.toContain("<script");
    expect((await fetch(`${operators}/setup`, { method: "POST" })).status).toBe(404);
    expect((await fetch(`${operators}/metrics`)).status).toBe(404);
    expect(service.log.map(({ msg }) => msg)).toContain("no App is registered yet: open this page to register one");
  });

  test("a name of somebody else's that leads here opens nothing", async () => {
    expect(await askAs("evil.example", "/setup")).toBe(421);
    expect(await askAs("evil.example:80", "/setup/registered?code=a&state=b")).toBe(421);
    expect(await askAs("localhost:9090", "/setup")).toBe(200);
  });

  test("what the form may hold is checked; anything else shows it again", async () => {
    for (const query of [
      "permissions=all&name=x",
      "permissions=core&name=%3Cb%3E",
      "permissions=core&name=x&organisation=a/b",
    ]) {
      const page = await (await fetch(`${operators}/setup?${query.toString()}`)).text();
      expect(page).toContain("<h1>Register the App</h1>");
    }
  });

  test("asks for what app.yml asks for, or app.full.yml", async () => {
    const core = await consent("core");
    const full = await consent("full");
    expect(core.page).toContain("&quot;contents&quot;: &quot;read&quot;");
    expect(full.page).toContain("&quot;contents&quot;: &quot;write&quot;");
    expect(full.page).toContain("&quot;vulnerability_alerts&quot;");
  });

  test("a way back that did not begin here, or in another browser, stores nothing", async () => {
    const { back, cookie } = await consent();
    const other = await consent();
    const stranger = new URL(back);
    stranger.searchParams.set("state", "made-up");
    for (const [address, sent] of [
      [back, ""],
      [back, other.cookie],
      [stranger, cookie],
      [stranger, "threatgate-setup=made-up"],
    ] as const)
      expect((await fetch(address, { headers: { cookie: sent } })).status).toBe(403);
    expect(await readdir(folder)).not.toContain(storedAppFile);
  });

  test("a code that GitHub does not know stores nothing, and says so", async () => {
    const { back, cookie } = await consent();
    back.searchParams.set("code", "0123456789abcdef");
    const answer = await fetch(back, { headers: { cookie } });
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain("GitHub does not take the code (404).");
    expect(await readdir(folder)).not.toContain(storedAppFile);
  });

  test("registered, it stores the App for its own user alone, starts with it, and judges a first pull request", async () => {
    const { back, cookie } = await consent();
    const answer = await fetch(back, { headers: { cookie } });
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(page).toContain("<h1>The App is registered</h1>");
    const path = join(folder, storedAppFile);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const stored = JSON.parse(await readFile(path, "utf8"));
    // The operator's port is opened after the other one.
    for (const address of [`${service.url}/readyz`, `${operators}/setup`]) {
      await eventually(`${address} is there`, async () => {
        const answer = await fetch(address).catch(() => undefined);
        return answer?.status === 200;
      });
    }
    const setup = await (await fetch(`${operators}/setup`)).text();
    expect(setup).toContain(`GitHub accepts the key: App threatgate-acme (${stored.appId}).`);
    expect((await fetch(back, { headers: { cookie } })).status).toBe(404);
    github.administrator("olga").install("threatgate-acme", { account: "acme" });
    github.as("sam").openPullRequest("acme/shop", { branch: "feature", files: { "infra/main.tf": bucket("orders") } });
    await eventually("the check stands", () =>
      github.checkRuns("acme/shop", 1).some(({ name, app }) => name === "threat-model" && app.id === stored.appId),
    );
    const secrets = [stored.webhookSecret, stored.clientSecret, stored.sessionSecret, back.searchParams.get("code")];
    const said = [...service.lines, page, setup].join("\n");
    for (const secret of [...secrets, stored.privateKey.split("\n")[2]]) {
      expect(secret.length).toBeGreaterThan(20);
      expect(said).not.toContain(secret);
    }
    expect((await readdir(folder)).filter((name) => name.startsWith(storedAppFile))).toEqual([storedAppFile]);
  });

  test("started again it has its App, and not where others may read the file", async () => {
    await service.end("SIGTERM");
    service = await RunningService.start(github, folder, settings);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${service.url}/sign-in`, { redirect: "manual" })).status).toBe(302);
    await service.end("SIGTERM");
    await chmod(join(folder, storedAppFile), 0o644);
    const ended = await threatgate(["serve"], { ...settings, DATA_DIR: folder });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("may be read by others than its owner: chmod 600");
  });
});

test("without the operator's port and the public address it refuses, and says how an App is registered", async () => {
  const { code, stderr } = await threatgate(["serve"], { DATA_DIR: join(tmpdir(), "threatgate-no-such-folder") });
  expect(code).toBe(2);
  expect(stderr).toContain("APP_ID is missing");
  expect(stderr).toContain(
    "to register an App from here, set METRICS_PORT and PUBLIC_URL instead, and open /setup on that port",
  );
});
