import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { evidenceReportSchema } from "../../src/core/domain/evidence-report.ts";
import { checkBundle } from "../../src/core/evidence-report/bundle.ts";
import { filesForEvidence } from "../../src/entry/evidence-files.ts";
import { rememberLearnt } from "../../src/entry/history.ts";
import { evidenceOf } from "../../src/entry/repository-evidence.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { look, run } from "../../src/shell/run.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { createStore } from "../../src/shell/store/records.ts";
import { keepReleases } from "../../src/shell/store/releases.ts";
import { seeRepository } from "../../src/shell/store/repositories.ts";
import type { Door } from "../../src/shell/web/door.ts";
import { evidencePart } from "../../src/shell/web/evidence.ts";
import { createPages } from "../../src/shell/web/pages.ts";
import { repositoryNamed } from "../github/find.ts";
import { openPrepared } from "../make/prepared-database.ts";
import { bucket, Stage } from "./stage.ts";

const rules = await readRules();
const policy = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";
const hostile = "</script><svg onload=alert(1)>";
let database: Database;

beforeEach(async () => {
  database = await openPrepared(() => {});
});

afterEach(() => database.close());

function model(more = ""): string {
  return `schemaVersion: 1
system:
  name: Shop
elements:
  - { id: shop, name: shop, type: process }
${more}threats:
  - id: TH-1
    element: shop
    stride: [I]
    title: 'Orders are read by strangers ${hostile}'
    impact: high
    likelihood: high
    status: open
`;
}

const exports = "  - { id: exports, name: exports, type: object-store, files: [infra/export.tf] }\n";

/** A shop whose pull request of a bucket and its model was approved by Dana and Lee and merged; the pages of its evidence. */
async function begin(files: Readonly<Record<string, string>> = {}) {
  const budget = { seconds: 0 };
  const repository = { collaborators: { sam: "write", lee: "write" } } as const;
  const stage = await Stage.set({ policy, files: { ...files, "threat-model.yaml": model() }, repository });
  const repositoryId = repositoryNamed(stage.github.world, stage.name).id;
  const [owner = "", name = ""] = stage.name.split("/");
  const subject = (number: number) => ({ ...stage.subject(number), repositoryId });
  const evaluated = async (number: number) => {
    const world = { ...stage.world(), store: createStore(database.kysely) };
    await rememberLearnt(database, await run(subject(number), world));
  };
  await seeRepository(database.kysely, { id: repositoryId, installation: stage.github.app.installation, owner, name });
  const number = stage.opened({ "threat-model.yaml": model(exports), "infra/export.tf": bucket("exports") });
  await evaluated(number);
  stage.github.as("dana").review(stage.name, number, "approve");
  stage.github.as("lee").review(stage.name, number, "approve");
  await evaluated(number);
  stage.github.as("olga").merge(stage.name, number);
  await evaluated(number);
  const data = evidenceOf({
    database,
    rules,
    now: async () => "2026-03-10T08:00:00.000Z",
    files: filesForEvidence({
      forReading: (installation, repository) => stage.app.forReading(installation, repository),
      secondsUntil: () => budget.seconds,
    }),
    judged: async (of) => {
      const world = stage.world();
      const snapshot = await look(of, world);
      return { snapshot, ...(await world.judging.judge(snapshot, world.context)) };
    },
  });
  const door: Door = {
    isOpen: true,
    repository: async (context) =>
      context.req.param("name") === name
        ? { id: repositoryId, owner, name, viewer: { id: 1, login: "dana" } }
        : new Response("nothing", { status: 404 }),
    owner: async () => new Response(null, { status: 404 }),
    viewer: async () => undefined,
  };
  const pages = createPages({
    door,
    parts: [evidencePart(data)],
    publicUrl: "https://threatgate.example",
    log: () => {},
  });
  const get = async (path: string) => {
    const response = await pages.request(`https://threatgate.example${path}`);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return { stage, number, repositoryId, get, evaluated, budget };
}

describe("evidence of a repository from the service", () => {
  test("of a release goes from the release before it to when it went out, and the page offers both", async () => {
    const { get, number, repositoryId } = await begin();
    const merged = Date.parse("2026-03-04T09:00:00.000Z");
    const release = (id: number, tag: string, days: number) => ({
      id,
      tag,
      name: "",
      published: new Date(merged + days * 86_400_000).toISOString(),
      isPrerelease: false,
    });
    await keepReleases(database.kysely, {
      repository: { id: repositoryId, owner: "acme", name: "shop" },
      releases: [release(1, "v1.0.0", -30), release(2, "v1.1.0", 2), release(3, hostile, 3)],
      isWhole: true,
      since: "2020-01-01T00:00:00.000Z",
    });
    const page = (await get("/acme/shop/evidence")).text;
    expect(page).toContain('<option value="v1.1.0">v1.1.0 (2026-03-06)</option>');
    expect(page).not.toContain(hostile);
    const report = evidenceReportSchema.parse(JSON.parse((await get("/acme/shop/evidence.json?release=v1.1.0")).text));
    expect(report.period).toMatchObject({
      from: { asked: "v1.0.0", at: "2026-02-02T09:00:00.000Z" },
      to: { asked: "v1.1.0", at: "2026-03-06T09:00:00.000Z" },
    });
    expect(report.changes).toMatchObject([{ came: { reference: `#${number}` } }]);
    // The first has nothing before it, and nothing was merged until then.
    const first = await get("/acme/shop/evidence.html?release=v1.0.0");
    expect([first.status, first.text.includes("No pull request was merged and judged here until then")]).toEqual([
      400,
      true,
    ]);
    const none = await get("/acme/shop/evidence.html?release=%3Cb%3E");
    expect([none.status, none.text.includes("No release &lt;b&gt; of this repository is known.")]).toEqual([400, true]);
    const both = await get("/acme/shop/evidence.html?release=v1.1.0&from=2026-01-01");
    expect([both.status, both.text.includes("a release is a period by itself")]).toEqual([400, true]);
  });

  test("names who approved each change, the update that covered it, and the records", async () => {
    const { get, number, stage } = await begin();
    const { status, text, headers } = await get("/acme/shop/evidence.json?from=2026-01-01&to=2026-03-31");
    expect([status, headers.get("content-disposition")]).toEqual([200, 'attachment; filename="shop-evidence.json"']);
    const report = evidenceReportSchema.parse(JSON.parse(text));
    expect(report).toMatchObject({
      source: "service",
      branch: "main",
      period: { from: { asked: "2026-01-01" }, to: { asked: "2026-03-31", at: "2026-03-10T08:00:00.000Z" } },
    });
    const head = stage.pull(number).head.sha.slice(0, 12);
    const says = `by @dana (Security Architect) and @lee at ${head}`;
    expect(report.changes).toMatchObject([
      {
        state: "covered",
        came: { reference: `#${number}` },
        by: { commit: { reference: `#${number}` } },
        approval: { state: "approved", says },
      },
    ]);
    expect(report.systems[0]?.threats.map(({ id }) => id)).toEqual(["TH-1"]);
    expect(report.records).toMatchObject({ count: 3 });
    expect(report.records).not.toHaveProperty("broken");
  });

  test("lists third-party components with the element that covers each, from the files at the head", async () => {
    const manifest = '{ "dependencies": { "stripe": "17.0.0" }, "devDependencies": { "jest": "30.0.0" } }\n';
    const lock = '{ "lockfileVersion": 3, "packages": { "node_modules/stripe": { "version": "17.0.0" } } }\n';
    const { get } = await begin({ "package.json": manifest, "package-lock.json": lock });
    const { components, unknown } = evidenceReportSchema.parse(
      JSON.parse((await get("/acme/shop/evidence.json")).text),
    );
    expect(components.isRead).toBe(true);
    expect(components.manifests).toMatchObject([{ path: "package.json", runtime: 1, development: 1 }]);
    expect(new Set(components.packages.map(({ name }) => name))).toEqual(new Set(["jest", "stripe"]));
    expect(unknown.filter((line) => line.includes("components"))).toEqual([]);
    const { text } = await get("/acme/shop/evidence.md");
    expect(text).toContain("not in the model");
  });

  test("says that components are unknown while GitHub's hourly limit belongs to pull requests", async () => {
    const { get, budget } = await begin();
    budget.seconds = 60;
    const { components, unknown } = evidenceReportSchema.parse(
      JSON.parse((await get("/acme/shop/evidence.json")).text),
    );
    expect(components.isRead).toBe(false);
    expect(unknown).toContain(
      "Third-party components were not read: GitHub's hourly limit is nearly used up, and what is left of it belongs to pull requests.",
    );
  });

  test("H098 shows hostile titles as text, under a policy that allows its own style sheet and nothing else", async () => {
    const { get } = await begin();
    const { text, headers } = await get("/acme/shop/evidence.html");
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(text).toContain("Orders are read by strangers &lt;/script&gt;&lt;svg onload=alert(1)&gt;");
    expect(text).not.toContain("<svg");
  });

  test("H096 nothing is shown where the door is shut", async () => {
    const { get } = await begin();
    for (const file of ["evidence", "evidence.html", "evidence.md", "evidence.json", "evidence.jsonl"])
      expect((await get(`/acme/secret/${file}`)).status).toBe(404);
  });

  test("says in words what is wrong with what was asked", async () => {
    const { get } = await begin();
    const wrong: [string, string][] = [
      ["?from=yesterday", "Give days as 2026-03-04."],
      ["?from=2026-03-02&to=2026-03-01", "The period ends before it begins."],
      ["?framework=hipaa", "There is no framework hipaa."],
      ["?to=2025-01-01", "No pull request was merged and judged here until then, so there is nothing to report on."],
    ];
    for (const [query, says] of wrong) {
      const { status, text } = await get(`/acme/shop/evidence.html${query}`);
      expect([query, status, text.includes(says)]).toEqual([query, 400, true]);
    }
  });

  test("the page offers the report and the records", async () => {
    const { get } = await begin();
    const { status, text } = await get("/acme/shop/evidence");
    expect(status).toBe(200);
    expect(text).toContain('action="/acme/shop/evidence.html"');
    expect(text).toContain('href="/acme/shop/evidence.jsonl"');
  });
});

describe("the records of a repository", () => {
  async function bundle(get: (path: string) => Promise<{ text: string }>, digests: readonly string[] = []) {
    const check = checkBundle(digests);
    for (const line of (await get("/acme/shop/evidence.jsonl")).text.split("\n")) {
      const fault = check.take(line);
      if (fault) return fault;
    }
    return check.end();
  }

  /** The digest that the latest check of a pull request states. */
  const statedBy = (stage: Stage, number: number) =>
    /one: `([0-9a-f]{64})`/.exec(stage.check(number).text ?? "")?.[1] ?? "";

  test("are whole, and hold the digest that a check on GitHub states", async () => {
    const { stage, get, evaluated } = await begin();
    const next = stage.opened({ "docs/note.md": "A note.\n" }, { branch: "next" });
    await evaluated(next);
    const digest = statedBy(stage, next);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await bundle(get, [digest])).toMatchObject({ outcome: "whole", records: 4, missing: [] });
  });

  test("of which one was changed are broken there, in the bundle and in the report", async () => {
    const { get, repositoryId } = await begin();
    const rows = await database.kysely.selectFrom("evaluation").select(["id", "conclusion"]).orderBy("id").execute();
    const id = Number(rows[1]?.id);
    const conclusion = rows[1]?.conclusion === "success" ? "failure" : "success";
    await database.kysely.updateTable("evaluation").set({ conclusion }).where("id", "=", id).execute();
    expect(repositoryId).toBeGreaterThan(0);
    expect(await bundle(get)).toMatchObject({ outcome: "broken", record: { id } });
    const { records } = evidenceReportSchema.parse(JSON.parse((await get("/acme/shop/evidence.json")).text));
    expect(records?.broken).toEqual({ id, why: "it was changed after it was written." });
  });

  test("begun anew after the database was lost do not hold the digest that an earlier check states", async () => {
    const { stage, get, evaluated } = await begin();
    const before = stage.opened({ "docs/note.md": "A note.\n" }, { branch: "before" });
    await evaluated(before);
    const digest = statedBy(stage, before);
    await database.kysely.deleteFrom("evaluation").execute();
    const after = stage.opened({ "docs/other.md": "Another.\n" }, { branch: "after" });
    await evaluated(after);
    expect(await bundle(get, [digest])).toMatchObject({ outcome: "whole", records: 1, missing: [digest] });
  });
});
