import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { neededSettings, optionalSettings } from "../../src/entry/manifest.ts";
import { watchSetup } from "../../src/entry/setup.ts";
import { openApp } from "../../src/shell/github/app.ts";
import { setupOf } from "../../src/shell/github/setup.ts";
import type { SetupLine } from "../../src/shell/ports.ts";
import { setupPage } from "../../src/shell/web/setup.ts";
import { effects } from "../github/faults.ts";
import { repositoryNamed } from "../github/find.ts";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { RunningService } from "./program.ts";
import { Stage } from "./stage.ts";

const needed = await neededSettings();
const optional = await optionalSettings();

async function linesOf(stage: Stage, publicUrl?: string) {
  const forListing = (installation: number) => stage.app.forListing(installation);
  const appId = stage.github.app.id;
  const lines = await setupOf(stage.app.asApp(), { appId, needed, optional, publicUrl, forListing });
  return new Map(lines.map((line) => [line.what, line]));
}

describe("the set-up page of the real process", () => {
  let github: GitHub;
  let service: RunningService;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "threatgate-setup-"));
    github = await startGitHub({ users: ["olga"], apps: [{ slug: "threatgate" }] });
    service = await RunningService.start(github, folder);
  });
  afterAll(async () => {
    await service.end("SIGKILL");
    await github.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("stands on the port of the metrics alone, runs no script, and shows no secret", async () => {
    const answer = await fetch(`${service.metricsUrl}/setup`);
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page).toMatch(/Nothing is wrong as far as GitHub tells; \d of \d unknown\./);
    expect(page).toContain(`Write ${github.app.id} in place of 123456`);
    expect(page).not.toContain(github.app.webhookSecret);
    expect((await fetch(`${service.url}/setup`)).status).not.toBe(200);
  });
});

describe("what the set-up page says", () => {
  test("each thing that is right; what GitHub does not tell is unknown or to be looked at by hand", async () => {
    const stage = await Stage.set();
    stage.github.sendWebhooksTo("https://threatgate.example/api/github/webhooks");
    const lines = await linesOf(stage, "https://threatgate.example/");
    expect([...lines].map(([what, { state }]) => [what, state])).toEqual([
      ["key", "ok"],
      ["permissions", "ok"],
      ["events", "ok"],
      ["optional features", "off"],
      ["webhook", "ok"],
      ["deliveries", "unknown"],
      ["ruleset", "off"],
    ]);
  });

  test("a key that GitHub does not accept, and nothing else: the rest cannot be asked for", async () => {
    const stage = await Stage.set();
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const { id } = stage.github.app;
    const stranger = openApp({ appId: id, privateKeys: [pem], baseUrl: stage.github.url });
    const lines = await setupOf(stranger.asApp(), {
      appId: id,
      needed,
      optional,
      publicUrl: undefined,
      forListing: (installation) => stranger.forListing(installation),
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ what: "key", state: "wrong" });
    expect(lines[0]?.next).toContain("PRIVATE_KEY");
  });

  test("a permission and an event that are missing, and what to do", async () => {
    const { checks: _, ...permissions } = needed.permissions;
    const events = needed.events.filter((event) => event !== "merge_group");
    const stage = await Stage.set({
      seed: { apps: [{ permissions: permissions as Record<string, "read" | "write">, events }] },
    });
    const lines = await linesOf(stage);
    expect(lines.get("permissions")).toMatchObject({ state: "wrong", says: "Missing: checks: write." });
    expect(lines.get("events")?.says).toContain("merge_group");
    expect(lines.get("webhook")).toMatchObject({ state: "wrong" });
  });

  test("a webhook that leads elsewhere, and deliveries that do not arrive", async () => {
    const stage = await Stage.set();
    stage.github.sendWebhooksTo(`${stage.github.url}/nowhere`);
    stage.opened({ "docs/words.md": "Words.\n" });
    await stage.github.webhooks.idle();
    const lines = await linesOf(stage, "https://threatgate.example");
    expect(lines.get("webhook")?.says).toContain("not https://threatgate.example/api/github/webhooks");
    expect(lines.get("deliveries")).toMatchObject({ state: "wrong" });
    expect(lines.get("deliveries")?.says).toMatch(/^0 of the last \d+ arrived/);
  });

  test("which optional features are off, and that nothing has to be done about it", async () => {
    const stage = await Stage.set({ seed: { apps: [{ events: needed.events }] } });
    const line = (await linesOf(stage)).get("optional features");
    expect(line?.says).toBe(
      "Off: `/threat apply` and first models by pull request (contents: write); alerts of code scanning (security_events: read); alerts of secret scanning (secret_scanning_alerts: read); alerts and advisories of Dependabot (vulnerability_alerts: read); being told at once of code_scanning_alert, secret_scanning_alert, dependabot_alert, issues, release.",
    );
    const permissions = optional.permissions as Record<string, "read" | "write">;
    const whole = await Stage.set({ seed: { apps: [{ permissions, events: optional.events }] } });
    expect((await linesOf(whole)).get("optional features")).toMatchObject({ state: "ok" });
  });

  test.each([
    [undefined, "wrong", "acme/shop (from any source)"],
    [99, "wrong", "acme/shop (from App 99)"],
    ["ours", "ok", "is required and pinned to this App"],
    ["ours beside another", "ok", "is required and pinned to this App"],
    ["another check", "off", "is required in none of the 1 repository looked at"],
  ] as const)("whether the check is required from this App: %s is %s", async (source, state, says) => {
    const stage = await Stage.set();
    const context = source === "another check" ? "build" : "threat-model";
    const own = stage.github.app.id;
    const sources = source === "ours" ? [own] : source === "ours beside another" ? [99, own] : [source];
    const checks = sources.map((id) => (typeof id === "number" ? { context, integration_id: id } : { context }));
    const parameters = { required_status_checks: checks, strict_required_status_checks_policy: false };
    repositoryNamed(stage.github.world, stage.name).rules.set("main", [{ type: "required_status_checks", parameters }]);
    const line = (await linesOf(stage)).get("ruleset");
    expect([line?.state, line?.says.includes(says)]).toEqual([state, true]);
  });

  test("values of GitHub's are inert in the page", async () => {
    const page = await setupPage([{ what: "key", state: "wrong", says: "<script>alert(1)</script>", next: "<b>" }]);
    expect(page).not.toContain("<script>");
    expect(page).toContain("&lt;script&gt;");
    expect(page).toContain("1 of 1 wrong.");
  });

  test("that nothing is known while GitHub cannot be asked, in a sentence that can be read", async () => {
    const stage = await Stage.set();
    stage.github.faults.add({ operation: "apps/get-authenticated", times: 20, effect: effects.serverError() });
    const page = await watchSetup(stage.app.asApp(), {
      appId: stage.github.app.id,
      needed,
      optional,
      publicUrl: undefined,
      forListing: (installation) => stage.app.forListing(installation),
    })();
    expect(page).toContain("<p>Unknown: GitHub could not be asked, so that nothing is known of the set-up.</p>");
    expect(page).toContain("GitHub could not be asked to read the App&#39;s settings");
    expect(page).not.toContain("Nothing is wrong");
  });

  test("what is unknown beside what is right or wrong", async () => {
    const line = (state: SetupLine["state"]): SetupLine => ({ what: state, state, says: "" });
    expect(await setupPage([line("ok"), line("off")])).toContain("<p>Nothing is wrong as far as GitHub tells.</p>");
    expect(await setupPage([line("ok"), line("unknown")])).toContain(
      "<p>Nothing is wrong as far as GitHub tells; 1 of 2 unknown.</p>",
    );
    expect(await setupPage([line("wrong"), line("unknown"), line("ok")])).toContain(
      "<p>1 of 3 wrong; 1 of 3 unknown.</p>",
    );
  });
});
