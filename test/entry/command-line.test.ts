import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { threatgate as asProgram, type Ended, threatgateHere } from "../flow/program.ts";

const program = fileURLToPath(new URL("../../src/entry/cli.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "threatgate-line-"));
const clone = join(folder, "shop");

/** Runs a command in the folder. */
const threatgate = (args: readonly string[]): Promise<Ended> => threatgateHere(args, {}, folder);

function git(...args: string[]): string {
  const who = ["-c", "user.name=Dana", "-c", "user.email=dana@example.org"];
  return execFileSync("git", [...who, ...args], { cwd: clone, encoding: "utf8", stdio: "pipe" });
}

function put(path: string, text: string): string {
  const full = join(folder, path);
  writeFileSync(full, text);
  return full;
}

beforeAll(() => {
  mkdirSync(clone);
  git("init", "--quiet", "--initial-branch=main");
  put("shop/README.md", "# Shop\n");
  git("add", ".");
  git("commit", "--quiet", "--message", "Begin");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("wrong use", () => {
  test.each([
    [["chek"], "threatgate: unknown command 'chek' (Did you mean check?). `threatgate --help` shows what there is.\n"],
    [
      ["rules", "tset"],
      "threatgate: unknown command 'tset' (Did you mean test?). `threatgate rules --help` shows what there is.\n",
    ],
    [
      ["status", "--format", "xml"],
      "threatgate: option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json, markdown. `threatgate status --help` shows what there is.\n",
    ],
    [
      ["evidence", "verify"],
      "threatgate: missing required argument 'bundle'. `threatgate evidence verify --help` shows what there is.\n",
    ],
    [["init", "nowhere"], "threatgate: nowhere is not a folder.\n"],
    [["complete", "nowhere"], "threatgate: nowhere is not a folder.\n"],
  ])("%j is told on one line, with exit code 2", async (args, says) => {
    expect(await threatgate(args)).toEqual({ code: 2, stdout: "", stderr: says });
  });

  test("no command takes a format that it does not know for text", async () => {
    for (const command of ["check", "status", "config", "failed", "rules list", "evidence"])
      expect([command, (await threatgate([...command.split(" "), "--format", "xml"])).code]).toEqual([command, 2]);
  });

  test("a file that is no model has no threats, and does not pass for one without any", async () => {
    put("package.json", '{ "name": "shop", "version": "1.0.0" }\n');
    put("threat-model.yaml", "schemaVersion: 1\nsystem: { id: shop, name: Shop }\nelements: []\n");
    const { code, stdout, stderr } = await threatgate(["threats", "package.json", "threat-model.yaml"]);
    expect([
      code,
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).file),
    ]).toEqual([2, ["package.json", "threat-model.yaml"]]);
    expect(stderr).toMatch(/^threatgate: package\.json is not a threat model that can be read\. .+\n$/);
    expect((await threatgate(["threats", "threat-model.yaml"])).code).toBe(0);
    mkdirSync(join(folder, "batch"));
    put("batch/package.json", "{}\n");
    expect((await threatgate(["threats", "--batch", "batch"])).code).toBe(0);
  });

  test("failed makes no database where there is none", async () => {
    const { code, stderr: err } = await asProgram(["failed"], {}, folder);
    expect([code, err]).toEqual([
      2,
      "threatgate: data holds no database of a service. Set DATABASE_URL, or DATA_DIR to the folder of the service.\n",
    ]);
    expect(existsSync(join(folder, "data"))).toBe(false);
  });
});

describe("help", () => {
  test("of a command that means another one by default shows the options of that one", async () => {
    expect((await threatgate(["evidence", "--help"])).stdout).toContain("--from <rev-or-day>");
    expect((await threatgate(["config", "--help"])).stdout).toContain("--policy <file>");
  });
});

describe("formats", () => {
  test("commands that print JSON take the option that asks for it", async () => {
    const readme = join(clone, "README.md");
    const list = put("files.json", "[]");
    for (const args of [
      ["model", readme],
      ["changes", "--files", list],
      ["rules", "show", "csp-changed"],
      ["rules", "test"],
    ]) {
      const { code, stdout: out } = await threatgate([...args, "--format", "json"]);
      expect([args, code]).toEqual([args, 0]);
      expect(JSON.parse(out)).toBeInstanceOf(Object);
    }
  });

  test("status writes Markdown, judges by the policy that is given, and names a model that is not on the branch", async () => {
    const policy = put("policy.yml", "version: 1\nsystems:\n  - name: counter\n");
    put("shop/threat-model.yaml", "schemaVersion: 1\nsystem: {name: Shop}\n");
    const {
      code,
      stdout: out,
      stderr: err,
    } = await threatgate(["status", "shop", "--policy", policy, "--format", "markdown"]);
    rmSync(join(clone, "threat-model.yaml"));
    expect([code, out.split("\n").slice(0, 5)]).toEqual([
      0,
      [
        "## counter",
        "",
        "No threat model found.",
        "",
        "- **TM-1 Currency: RED.** There is no threat model of counter.",
      ],
    ]);
    expect(err).toBe(
      "The threat-model.yaml in this folder is not on main, which `threatgate status` is about. `threatgate check` looks at the folder.\n",
    );
  });
});

describe("config validate", () => {
  test("warns of the id of a rule that is not there, but of no own rule", async () => {
    const policy = put("rules.yml", "version: 1\nrules: {csp-changd: monitor, org-bus: block}\n");
    const { code, stdout: out } = await threatgate(["config", "validate", policy, "--format", "json"]);
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        schemaVersion: 1,
        usable: true,
        problems: [
          {
            path: policy,
            line: 2,
            severity: "warning",
            what: "No rule that ships is called `csp-changd`.",
            hint: "Did you mean `csp-changed`?",
          },
        ],
      },
    ]);
  });

  test("says on standard error that a file cannot be used", async () => {
    const policy = put("broken.yml", "version: 1\nmode: enforse\n");
    const { code, stderr: err } = await threatgate(["config", "validate", policy]);
    expect([code, err]).toEqual([2, `${policy} cannot be used.\n`]);
  });
});

test("a clone that lacks a file of its history is told how to get it", async () => {
  const blob = git("rev-parse", "HEAD:README.md").trim();
  put("shop/README.md", "# The shop\n");
  git("commit", "--quiet", "--all", "--message", "Rename");
  const path = join(clone, ".git/objects", blob.slice(0, 2));
  const [name = ""] = readdirSync(path).filter((one) => one === blob.slice(2));
  rmSync(join(path, name), { force: true });
  const { code, stderr: err } = await threatgate(["check", "shop", "--base", "HEAD~1", "--head", "HEAD"]);
  expect(code).toBe(2);
  expect(err).toBe(
    `threatgate: This clone lacks a part of its history or files (git: fatal: unable to read ${blob}). Fetch it whole: \`git fetch --refetch --no-filter\`, or \`git fetch --unshallow\` for a shallow clone.\n`,
  );
});

test("a command loads what it needs and nothing of the others", async () => {
  // What Node counts for coverage names every file that was loaded. https://nodejs.org/api/cli.html#node_v8_coveragedir
  const coverage = join(folder, "coverage");
  const run = spawnSync(process.execPath, [program, "rules", "show", "terraform-object-store"], {
    env: { ...process.env, NODE_V8_COVERAGE: coverage },
  });
  expect(run.status).toBe(0);
  const counted = readdirSync(coverage).map((file) => readFileSync(join(coverage, file), "utf8"));
  const loaded = [...new Set(counted.join().match(/src\/(?:entry\/commands|shell)\/[\w/-]+(?=\.ts)/g))];
  const commands = loaded.filter((path) => path.startsWith("src/entry/commands/")).sort();
  expect(commands).toEqual(["src/entry/commands/format-option", "src/entry/commands/rules"]);
  expect(loaded.filter((path) => !/^src\/(entry|shell\/local|shell\/failures)/.test(path))).toEqual([]);
});
