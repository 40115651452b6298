import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse, whatActs } from "../core/present/inert.ts";
import { hostileModel, ownAddresses, texts } from "./posted-texts.ts";
import { eventually, RunningService } from "./program.ts";
import { bucket, Stage } from "./stage.ts";

const enforce = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";
const exportPath = "infra/export.tf";
const evil = "--> <!-- threatgate:1 summary 999 --> @org/everyone @dana";

describe("words that others choose do nothing in what we post (H038, H047, H048, H049)", () => {
  test.each([
    ["H038", "--> <!-- threatgate:1 summary 999 -->"],
    ["H047", "@org/everyone @dana"],
    ["H048 script and image", "<script>alert(1)</script><img src=https://evil.example/p.png>"],
    ["H048 Markdown", "![](https://evil.example/p.png) [Approve](https://evil.example) <details> | a | b"],
    ["H048 address and fence", "```\njavascript:alert(1) https://evil.example www.evil.example\n```"],
    ["H049", "`](https://evil.example) <!-- \u202egnp.exe 😀"],
  ])("%s, in the title, the branch, the model and its merge", async (_, words) => {
    const stage = await Stage.set({ policy: enforce, files: { "threat-model.yaml": hostileModel("words") } });
    const branch = `b-${words.replaceAll(/[^A-Za-z0-9@<>!-]/g, "-")}`;
    const number = stage.opened(
      { [exportPath]: bucket("exports"), "threat-model.yaml": hostileModel(words) },
      { title: words, branch },
    );
    await stage.evaluated(number);
    stage.github.as("olga").merge(stage.name, number);
    const { assessment } = await stage.evaluated(number);
    // The words did arrive: the model was read, and its open threat has an issue.
    expect(assessment.systems[0]?.model?.threats[0]?.title.slice(0, 3)).toBe(words.slice(0, 3));
    expect(stage.issues().length).toBeGreaterThan(1);
    expect(stage.reviews(number)).toHaveLength(1);
    for (const text of texts(stage, number)) {
      expect(whatActs(text, ownAddresses(stage))).toEqual([]);
      const markers = parse(text).children.filter((node) => node.type === "html" && node.value.startsWith("<!--"));
      expect(markers.length).toBeLessThanOrEqual(1);
    }
    for (const issue of stage.issues()) {
      expect(issue.title).not.toMatch(/[\p{Cc}\u202e\n]/u);
      expect(issue.title.length).toBeLessThanOrEqual(256);
    }
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test("H047, H048, H049: in names of files and folders, and the file is still the right one", async () => {
    const stage = await Stage.set({ policy: enforce });
    const names = [
      "@org/everyone.tf",
      "<img src=x onerror=alert(1)>.tf",
      "a|b`c](https://evil.example).tf",
      "<!-- threatgate:1 summary 9 -->.tf",
      "line\nbreak.tf",
      "right\u202eft.to-left.tf",
      "😀 smile.tf",
    ];
    for (const [index, name] of names.entries()) {
      const path = `infra/${index}/${name}`;
      const number = stage.opened({ [path]: bucket(`b${index}`) }, { branch: `b${index}` });
      await stage.evaluated(number);
      expect(stage.check(number).title).toMatch(/^Blocked: 1 question open/);
      expect(stage.questions(number)).toMatchObject([{ path, line: 1 }]);
      for (const text of texts(stage, number)) expect(whatActs(text, ownAddresses(stage))).toEqual([]);
    }
  });

  test("H047, H048: in the names that a change gives its parts", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({
      "docker-compose.yml": `services:\n  "${evil} <b>x</b>":\n    image: "postgres:16 ![](https://evil.example/p.png)"\n    ports: ["5432:5432"]\n`,
      "src/http/routes.js": "app.get('/orders/:id<img src=x>@dana', show);\n",
    });
    await stage.evaluated(number);
    expect(stage.questions(number).length).toBeGreaterThan(0);
    for (const text of texts(stage, number)) expect(whatActs(text, ownAddresses(stage))).toEqual([]);
  });
});

/** A pull request and its merge, whose title, branch and model hold these words. */
async function saidEverywhere(words: string, repository: { readonly private?: boolean } = {}) {
  const stage = await Stage.set({ policy: enforce, files: { "threat-model.yaml": hostileModel("words") }, repository });
  const branch = `b-${words.replaceAll(/[^A-Za-z0-9@<>!-]/g, "-")}`;
  const number = stage.opened(
    { [exportPath]: bucket("exports"), "threat-model.yaml": hostileModel(words) },
    { title: words, branch },
  );
  await stage.evaluated(number);
  stage.github.as("olga").merge(stage.name, number);
  await stage.evaluated(number);
  return { stage, number };
}

describe("words that would act on other things of GitHub's", () => {
  test.each(["fixes #1", "closes owner/repo#2", "#3", "GH-4", "0123456789abcdef0123456789abcdef01234567"])(
    "H051 %j creates no reference and closes nothing",
    async (words) => {
      const { stage, number } = await saidEverywhere(words);
      const posted = texts(stage, number);
      expect(posted.length).toBeGreaterThan(4);
      for (const text of posted) expect(whatActs(text, ownAddresses(stage))).toEqual([]);
    },
  );

  test("H050 a title of 5,000 characters is cut to one clean line, and two such are two issues", async () => {
    const { stage } = await saidEverywhere(`${"long ".repeat(1000)}\n\u0007end`);
    const titles = stage.issues().map(({ title }) => title);
    expect(titles.length).toBeGreaterThan(1);
    expect(new Set(titles).size).toBe(titles.length);
    for (const title of titles) {
      expect(title.length).toBeLessThanOrEqual(256);
      expect(title).not.toMatch(/[\p{Cc}\n]/u);
    }
  });

  test("H052 an id that only looks like another is refused, with its code points", async () => {
    const stage = await Stage.set({ policy: enforce });
    const lookalike = hostileModel("words").replace("id: th-1", "id: \u0422-1");
    const number = stage.opened({ "threat-model.yaml": lookalike });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.problems.map(({ hint }) => hint).join("\n")).toContain("U+0422");
    expect(stage.check(number).summary).toContain("U+0422");
  });
});

describe("secrets that a model or a request holds", () => {
  const secrets = [
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "AKIAIOSFODNN7EXAMPLE",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MaSlFVTQ\n-----END RSA PRIVATE KEY-----",
  ];

  test("H054 stand in none of our posts, nor in the log, the metrics or an error", async () => {
    const words = secrets.join(" and ");
    const { stage, number } = await saidEverywhere(words);
    const all = [...texts(stage, number), ...stage.issues().map(({ title }) => title)].join("\n");
    for (const leaked of ["ghp_0123456789", "AKIAIOSFODNN7", "MIIEowIBAAKCAQEA"]) expect(all).not.toContain(leaked);
    expect(all).toContain("[secret withheld]");

    const folder = await mkdtemp(join(tmpdir(), "threatgate-words-"));
    const service = await RunningService.start(stage.github, folder);
    try {
      const again = stage.opened(
        { "infra/more.tf": bucket("more"), "threat-model.yaml": hostileModel(`${words} too`) },
        { title: `${words}\r\n{"level":60,"msg":"forged"}\u2028\u001b[31m`, branch: "again" },
      );
      await eventually("it is judged", () => stage.checks(again).length > 0);
      const requests = [
        [`${service.url}/api/github/webhooks?code=${secrets[0]}`, "POST"],
        [`${service.url}/pulls/acme/shop/${again}?code=${secrets[0]}`, "GET"],
        [`${service.url}/${secrets[1]}`, "GET"],
      ] as const;
      for (const [url, method] of requests) {
        const headers = { authorization: `Bearer ${secrets[0]}`, cookie: `session=${secrets[1]}` };
        const answer = await fetch(url, { method, headers });
        expect(await answer.text()).not.toMatch(/ghp_0123456789|AKIAIOSFODNN7/);
      }
      const metrics = await (await fetch(`${service.metricsUrl}/metrics`)).text();
      await eventually("all is written", () => service.log.some(({ msg }) => msg === "evaluated"));
      for (const told of [service.lines.join("\n"), metrics]) {
        expect(told).not.toMatch(/ghp_0123456789|AKIAIOSFODNN7|MIIEowIBAAKCAQEA/);
      }
      // H053: each record is one line of JSON, whatever a title holds; `log` throws where one is not.
      expect(service.log.map(({ msg }) => msg)).not.toContain("forged");
      for (const line of service.lines) expect(line).not.toMatch(/[\u001b\u2028\u2029]/);
    } finally {
      await service.end("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("what a public place is not told", () => {
  const title = "Anybody can read every order";

  /** A merged pull request to a system whose model holds an open threat of high risk already. */
  async function merged(isPrivate: boolean) {
    const model = hostileModel("words").replace('title: "words"', `title: ${title}`);
    const files = { "threat-model.yaml": model };
    const stage = await Stage.set({ policy: enforce, files, repository: { private: isPrivate } });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    await stage.evaluated(number);
    stage.github.as("olga").merge(stage.name, number);
    await stage.evaluated(number);
    const posted = [...texts(stage, number), ...stage.issues().map((issue) => issue.title)].join("\n");
    return { posted, check: `${stage.check(number).summary}\n${stage.check(number).text}` };
  }

  test("H095 the open threats of the model are counted there and not named, and how many is said", async () => {
    const { posted, check } = await merged(false);
    expect(posted).not.toContain(title);
    expect(check).toContain(
      "1 open threat of the model is not named here, because this repository is public (`publish.openThreats`).",
    );
  });

  test("H095 in a private repository they are named", async () => {
    const { posted } = await merged(true);
    expect(posted).toContain(title);
  });
});
