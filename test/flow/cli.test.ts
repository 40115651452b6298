import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { type Ended, threatgate, threatgateHere } from "./program.ts";
import { bucket } from "./stage.ts";

const folder = mkdtempSync(join(tmpdir(), "threatgate-cli-"));
const clone = join(folder, "shop");
const asOf = ["--as-of", "2026-03-04T00:00:00Z", "--no-color"] as const;
const sampleModel = fileURLToPath(new URL("../cases/models/native/threat-model.yaml", import.meta.url));

/** Git in the small clone, by a person with a fixed name on a fixed day. */
function git(day: string, ...args: string[]): void {
  const who = {
    GIT_AUTHOR_NAME: "Sam",
    GIT_AUTHOR_EMAIL: "sam@acme.example",
    GIT_COMMITTER_NAME: "Sam",
    GIT_COMMITTER_EMAIL: "sam@acme.example",
  };
  const when = { GIT_AUTHOR_DATE: `${day}T12:00:00Z`, GIT_COMMITTER_DATE: `${day}T12:00:00Z` };
  execFileSync("git", args, {
    cwd: clone,
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...who, ...when },
    stdio: "ignore",
  });
}

function put(path: string, text: string, below = clone): string {
  const full = join(below, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

/** A repository with one commit on `main` and a branch `exports` that adds a data store. */
beforeAll(() => {
  mkdirSync(clone);
  git("2026-02-01", "init", "--initial-branch=main");
  put("README.md", "# Shop\n");
  git("2026-02-01", "add", ".");
  git("2026-02-01", "commit", "-m", "Begin");
  git("2026-02-02", "checkout", "-b", "exports");
  put("infra/export.tf", bucket("exports"));
  git("2026-02-02", "add", ".");
  git("2026-02-02", "commit", "-m", "Export orders");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("check, on a clone", () => {
  test("says what matters, the indicators and what to do next", async () => {
    const { code, stdout, stderr } = await threatgate(
      ["check", "--base", "main", "--head", "exports", ...asOf],
      {},
      clone,
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`1 change matters to security  1 file looked at

  infra/export.tf:1  New object store: aws_s3_bucket \`exports\`
     T-hky12q medium   Objects overwritten, encrypted or deleted for good  Turn on versioning, give deletion of versions to a role that no application uses, and expire old versions by a lifecycle rule instead of by code.
     T-kays2r medium   Bucket readable by anyone who finds its name        Block public access on the bucket and on the account, and grant reading to named roles only. Content that must be public goes through a CDN with its own bucket.
     asks      exports: does it hold data about people, does it hold confidential data, such as payments, contracts or health records, and do several customers share it?

  TM-1 Currency      RED     There is no threat model of shop.
  TM-2 Deliverables  RED     There is no threat model of shop, so none of the eight deliverables is present.
  TM-3 Review        UNKNOWN There are no reviews in a local checkout.
  TM-4 Integration   UNKNOWN There is no threat model, so there is no rated threat.

  next: \`threatgate init\` derives a first threat-model.yaml from the files of this clone.

neutral (policy: advise): nothing blocks
`);
  });

  test("as JSON it has the documented fields; in enforce it blocks and exits with 1", async () => {
    const policy = put("enforce.yml", "version: 1\nmode: enforce\n", folder);
    const args = [
      "check",
      clone,
      "--base",
      "main",
      "--head",
      "exports",
      "--policy",
      policy,
      "--format",
      "json",
      ...asOf,
    ];
    const { code, stdout, stderr } = await threatgate(args);
    expect([code, stderr]).toEqual([1, ""]);
    const sha = expect.stringMatching(/^[0-9a-f]{40}$/);
    const said: unknown = JSON.parse(stdout);
    expect(said).toMatchObject({
      schemaVersion: 1,
      subject: { base: sha, head: sha },
      asOf: "2026-03-04T00:00:00.000Z",
      conclusion: "failure",
      mode: "enforce",
      changes: [
        {
          rule: "terraform-object-store",
          category: "datastore",
          path: "infra/export.tf",
          line: 1,
          significant: true,
          element: { type: "object-store", name: "exports" },
          stride: ["T", "I", "D", "R"],
          why: expect.any(String),
          evidence: 'resource "aws_s3_bucket" "exports" {',
        },
        { significant: false },
      ],
      problems: [],
      versions: { threatgate: expect.any(String), rules: expect.any(String) },
    });
    const { threats, systems, desired } = said as { threats: object[]; systems: object[]; desired: object };
    expect(threats[0]).toMatchObject({
      id: expect.stringMatching(/^T-/),
      stride: "T",
      risk: "medium",
      element: expect.stringContaining("exports"),
      status: "open",
      why: expect.any(Array),
    });
    expect(systems[0]).toMatchObject({
      name: "shop",
      deliverables: { context: { state: "missing" } },
      indicators: { "TM-2": { rag: "RED" } },
    });
    expect(Object.keys(desired).toSorted()).toEqual(expect.arrayContaining(["checkRun", "issues", "review"]));
  });

  test("as SARIF and as Markdown", async () => {
    const args = ["check", clone, "--base", "main", "--head", "exports", ...asOf];
    const [sarif, markdown] = await Promise.all([
      threatgateHere([...args, "--format", "sarif"]),
      threatgateHere([...args, "--format", "markdown"]),
    ]);
    expect(sarif?.code).toBe(0);
    expect(JSON.parse(sarif?.stdout ?? "")).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { name: expect.stringMatching(/threatgate/i) } },
          results: ["objects-lost-for-good", "bucket-readable-by-anyone"].map((ruleId) => ({
            ruleId,
            level: "warning",
            message: { text: expect.stringMatching(/^New object store: /) },
            locations: [
              { physicalLocation: { artifactLocation: { uri: "infra/export.tf" }, region: { startLine: 1 } } },
            ],
          })),
        },
      ],
    });
    expect(markdown?.code).toBe(0);
    expect(markdown?.stdout).toMatch(
      /^# Advice: 1 question open, no threat model\n\n\*\*1 change here matters to security\.\*\*/,
    );
  });

  test("the working tree, with what is not committed", async () => {
    put("infra/logs.tf", bucket("logs"));
    const { code, stdout } = await threatgateHere(
      ["check", "--base", "exports", "--format", "json", ...asOf],
      {},
      clone,
    );
    rmSync(join(clone, "infra/logs.tf"));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      subject: { head: "working tree" },
      changes: [{ path: "infra/logs.tf" }, {}],
    });
  });
});

describe("used wrongly it ends with 2 and one line that says what to do", () => {
  const bad = put("bad.yml", "version: 1\nmodle: enforce\n", folder);
  const list = put("list.json", '{"filename": ', folder);
  const shape = put("shape.json", '[{"filename": 3}]', folder);
  mkdirSync(join(folder, "plain"));
  const cases: [string, string[], RegExp][] = [
    ["not a repository", ["check", join(folder, "plain")], /plain is not a git repository\./],
    ["an unknown revision", ["check", clone, "--base", "no-such-branch"], /`no-such-branch` is not a revision/],
    [
      "a policy that is not there",
      ["check", clone, "--base", "main", "--policy", "/no/such.yml"],
      /\/no\/such\.yml: no such policy file\./,
    ],
    [
      "a policy with a typo",
      ["check", clone, "--base", "main", "--policy", bad],
      /bad\.yml:2: `modle` is not a setting/,
    ],
    ["no token", ["check", "acme/shop#1"], /GITHUB_TOKEN is not set\./],
    ["an unknown format", ["check", clone, "--format", "xml"], /'xml' is invalid\. Allowed choices are text, json/],
    ["a time that is none", ["status", clone, "--as-of", "yesterday"], /--as-of yesterday is not a time/],
    ["a list that is not JSON", ["changes", "--files", list], /list\.json is not JSON\./],
    ["a list of another shape", ["changes", "--files", shape], /shape\.json: 0\.filename: /],
    ["a list that is not there", ["changes", "--files", "/no/such.json"], /\/no\/such\.json: no such file\./],
    ["a model that is not there", ["model", "/no/such.yaml"], /\/no\/such\.yaml: no such file\./],
    ["no model named", ["model"], /Name a model/],
    ["a rule that is not there", ["rules", "show", "no-such-rule"], /No rule is called `no-such-rule`/],
    ["--post without a pull request", ["check", clone, "--post"], /--post needs a pull request/],
  ];
  let ends: Ended[];
  beforeAll(async () => {
    // The first as a program.
    ends = await Promise.all(cases.map(([, args], index) => (index === 0 ? threatgate : threatgateHere)(args)));
  });

  test.each(cases.map(([name, , says], index) => [name, says, index] as const))("%s", (_, says, index) => {
    const { code, stderr } = ends[index] ?? { code: null, stderr: "" };
    expect(stderr).toMatch(/^threatgate: [^\n]+\n$/);
    expect(stderr).toMatch(says);
    expect(code).toBe(2);
  });

  test("a command or an option that is not there", async () => {
    const [command, option] = await Promise.all([
      threatgateHere(["frobnicate"]),
      threatgateHere(["check", "--frobnicate"]),
    ]);
    expect(command).toMatchObject({ code: 2, stdout: "" });
    expect(command?.stderr).toContain("unknown command 'frobnicate'");
    expect(option).toMatchObject({ code: 2, stdout: "" });
    expect(option?.stderr).toContain("unknown option '--frobnicate'");
  });
});

describe("the other commands", () => {
  test("model: one JSON line a file, a broken one and one of 5 MB among them", async () => {
    const broken = put("broken/threat-model.yaml", "schemaVersion: 1\nsystem: {name: [shop\n", folder);
    const huge = put(
      "huge/threat-model.yaml",
      `schemaVersion: 1\nsystem:\n  name: ${"x".repeat(5 * 1024 * 1024)}\n`,
      folder,
    );
    const { code, stdout, stderr } = await threatgate(["model", sampleModel, broken, huge]);
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      {
        schemaVersion: 1,
        file: sampleModel,
        format: "native",
        isModel: true,
        counts: { components: 3, threats: 3 },
        problems: [],
      },
      { file: broken, isModel: false, problems: [{ path: broken, line: expect.any(Number), severity: "error" }] },
      {
        file: huge,
        isModel: false,
        problems: [{ path: huge, severity: "error", what: expect.stringMatching(/MiB|MB|large/) }],
      },
    ]);
  });

  test("threats: one JSON line a file, and a file that is no model ends it with 2 after the others are told", async () => {
    const none = put("threats/package.json", '{ "name": "shop" }\n', folder);
    const [both, explained, batch] = await Promise.all([
      threatgate(["threats", sampleModel, none]),
      threatgateHere(["threats", "--explain", "db", "--no-color", sampleModel]),
      threatgateHere(["threats", "--batch", join(folder, "threats")]),
    ]);
    const lines = both.stdout
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      { schemaVersion: 1, file: sampleModel, threats: expect.any(Array) },
      { file: none, threats: [] },
    ]);
    expect((lines[0] as { threats: unknown[] }).threats).toContainEqual(
      expect.objectContaining({
        rule: "sql-built-from-input",
        element: "db",
        stride: "T",
        why: expect.arrayContaining([{ fact: "personal-data", is: "yes", where: `${sampleModel}:11` }]),
      }),
    );
    expect([both.code, both.stderr.split("\n").length]).toEqual([2, 2]);
    expect(both.stderr).toContain(`threatgate: ${none} is not a threat model that can be read.`);
    expect([explained.code, explained.stdout]).toEqual([0, expect.stringContaining("Booking database")]);
    expect([batch.code, JSON.parse(batch.stdout)]).toMatchObject([0, { file: "package.json", threats: [] }]);
  });

  test("config: validate names the line of a fault, and a good file can be used", async () => {
    const good = put("good.yml", "version: 1\nmode: enforce\n", folder);
    const bad = put("worse.yml", "version: 1\nmode: enforced\n", folder);
    const [usable, faulty, shown] = await Promise.all([
      threatgate(["config", "validate", good]),
      threatgateHere(["config", "validate", bad]),
      threatgateHere(["config", clone, "--policy", good, "--format", "json"]),
    ]);
    expect(usable).toEqual({ code: 0, stdout: `${good} can be used.\n`, stderr: "" });
    expect(faulty?.code).toBe(2);
    expect(faulty?.stdout).toMatch(/worse\.yml:2: error: .*`mode`/);
    expect(faulty?.stderr).toMatch(/worse\.yml cannot be used\.\n$/);
    expect(shown?.code).toBe(0);
    expect(shown?.stdout).toContain('"mode"');
  });

  test("rules: list, show and test", async () => {
    const own = join(folder, "own-rules");
    cpSync(fileURLToPath(new URL("../../rules/changes", import.meta.url)), join(own, "changes"), {
      recursive: true,
      filter: (path) => !path.endsWith(".yml") || path.endsWith("terraform-object-store.yml"),
    });
    const [list, shown, tested] = await Promise.all([
      threatgate(["rules", "list", "--format", "json"]),
      threatgateHere(["rules", "show", "terraform-object-store"]),
      threatgateHere(["rules", "test", own]),
    ]);
    const { rules } = JSON.parse(list?.stdout ?? "{}") as { rules: { kind: string; id: string }[] };
    expect(rules).toContainEqual(expect.objectContaining({ kind: "change", id: "terraform-object-store" }));
    expect(rules.some((rule) => rule.kind === "threat")).toBe(true);
    expect(JSON.parse(shown?.stdout ?? "{}")).toMatchObject({ id: "terraform-object-store", category: "datastore" });
    expect(tested?.stdout).toMatch(/^(?:.*\n)*\d+ rules, \d+ failures?\n$/);
  });

  test("status: the default branch by itself", async () => {
    const { code, stdout, stderr } = await threatgate(["status", clone, "--format", "json", ...asOf]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1 });
    expect(stdout).toContain('"TM-1"');
  });
});

describe("check OWNER/REPO#N, with a person's token", () => {
  let github: GitHub;
  let number: number;
  beforeAll(async () => {
    github = await startGitHub({
      now: "2026-03-04T09:00:00Z",
      users: ["sam", "dana", "olga"],
      organizations: [
        {
          login: "acme",
          owners: ["olga"],
          members: ["sam"],
          teams: [{ name: "security-architects", members: ["dana"] }],
        },
      ],
      repositories: [
        {
          name: "acme/shop",
          files: { ".github/threatgate.yml": "version: 1\nmode: enforce\n" },
          collaborators: { sam: "write" },
        },
      ],
      tokens: { "token-of-sam": "sam" },
    });
    number = github
      .as("sam")
      .openPullRequest("acme/shop", { branch: "exports", files: { "infra/export.tf": bucket("exports") } });
  });
  afterAll(async () => github.close());

  const settings = (token: string) => ({ GITHUB_TOKEN: token, GITHUB_API_URL: github.url });

  test("the dry run says what it would write and writes nothing", async () => {
    const { code, stdout, stderr } = await threatgate(
      ["check", `acme/shop#${number}`, "--no-color"],
      settings("token-of-sam"),
    );
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain(
      '\nwould write (--post does):\n  create check threat-model: failure, "Blocked: 1 question open, no threat model"\n  create a review with 1 line comment\n',
    );
    expect(github.requests.writes).toEqual([]);
  });

  test("--post writes the review; a check only an App may write, and that is said", async () => {
    const args = ["check", `acme/shop#${number}`, "--post", "--no-color"];
    const first = await threatgateHere(args, settings("token-of-sam"));
    expect([first.code, first.stderr]).toEqual([1, ""]);
    expect(first.stdout).toMatch(
      /\nwritten:\n {2}create check threat-model: [^\n]+ {2}\(skipped: [^\n]+\)\n {2}create a review with 1 line comment\n/,
    );
    const pull = github.pullRequest("acme/shop", number);
    expect(pull.reviews.map((review) => review.author?.login)).toEqual(["sam"]);
    expect(pull.threads).toHaveLength(1);
    const second = await threatgateHere(args, settings("token-of-sam"));
    expect(second.stdout).not.toContain("create a review");
    expect(pull.reviews).toHaveLength(1);
  });

  test("a wrong token, and a pull request that is not there", async () => {
    const [wrong, missing] = await Promise.all([
      threatgateHere(["check", `acme/shop#${number}`], settings("no-token-of-anybody")),
      threatgateHere(["check", "acme/shop#999"], settings("token-of-sam")),
    ]);
    for (const ended of [wrong, missing]) {
      expect(ended).toMatchObject({ code: 2, stdout: "" });
      expect(ended?.stderr).toMatch(/^threatgate: [^\n]+\n$/);
    }
    expect(wrong?.stderr).toMatch(/token/i);
    expect(wrong?.stderr).not.toContain("no-token-of-anybody");
  });
});
