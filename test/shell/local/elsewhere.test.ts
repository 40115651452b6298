import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { clonesOf } from "../../../src/entry/commands/clones.ts";
import { createMemory, forgetful, worldOf } from "../../../src/entry/world.ts";
import { checkoutSource } from "../../../src/shell/local/checkout.ts";
import { localPosts } from "../../../src/shell/local/print-plan.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import { run } from "../../../src/shell/run.ts";

/* A clone of a repository that shares a system with another one, of which there is a clone beside it. */

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "threatgate-elsewhere-"));
  commit("payments", "2026-01-01T00:00:00Z", {
    "docs/threat-model.yaml": "schemaVersion: 1\nelements:\n  - {id: api, name: api, type: process}\n",
  });
  commit("web", "2026-01-02T00:00:00Z", {
    ".github/threatgate.yml": "version: 1\nsystems:\n  - {name: Payments, repository: payments}\n",
  });
  commit("web", "2026-02-01T00:00:00Z", { "main.tf": 'resource "aws_s3_bucket" "cards" {\n  bucket = "cards"\n}\n' });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function commit(name: string, at: string, files: Readonly<Record<string, string>>): void {
  const directory = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, ".."), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const who = { GIT_AUTHOR_NAME: "Sam", GIT_AUTHOR_EMAIL: "sam@acme.example" };
  const env = {
    ...process.env,
    ...who,
    GIT_COMMITTER_NAME: "Sam",
    GIT_COMMITTER_EMAIL: "sam@acme.example",
    GIT_AUTHOR_DATE: at,
    GIT_COMMITTER_DATE: at,
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
  for (const args of [
    ["init", "-q", "-b", "main"],
    ["add", "-A"],
    ["commit", "-q", "-m", "More"],
  ])
    execFileSync("git", args, { cwd: directory, env });
}

async function statusOf(clones: ReadonlyMap<string, string>) {
  const world = worldOf({
    source: checkoutSource({ now: "2026-03-15T00:00:00Z", clones }),
    posts: localPosts,
    store: forgetful,
    memory: createMemory(),
    rules: await readRules(),
    host: "https://github.com",
    requestId: "status",
  });
  const subject = { kind: "local", directory: join(folder, "web"), base: "main", head: "main" } as const;
  const { assessment } = await run(subject, world);
  const [system] = assessment.systems;
  if (!system) throw new Error("there is no system");
  return system;
}

describe("a model in another repository, on the command line", () => {
  test("is read from the default branch of the clone that was named, with its history", async () => {
    const { modelFiles, indicators } = await statusOf(clonesOf([`payments=${join(folder, "payments")}`]));
    expect(modelFiles).toEqual(["local/payments/docs/threat-model.yaml"]);
    expect(indicators["TM-1"]).toMatchObject({ rag: "AMBER", why: expect.stringContaining("(42 days ago,") });
  });

  test.each([
    ["without a clone", [], "no clone of it was named"],
    ["with a folder that is no repository", ["payments=/"], "is not a git repository"],
  ])("%s it is UNKNOWN, with what to do", async (_, given, why) => {
    const { home, indicators } = await statusOf(clonesOf(given));
    expect(home?.unknown?.why).toContain(why);
    expect(indicators["TM-2"].rag).toBe("UNKNOWN");
    expect(indicators["TM-2"].next.join()).toContain("--clone");
  });

  test.each(["payments", "=dir", "payments="])("--clone %s is wrong use", (given) => {
    expect(() => clonesOf([given])).toThrow("expected the repository's name and a folder");
  });

  test("the owner before the name is left out", () => {
    expect([...clonesOf(["acme/payments=../payments"])]).toEqual([["payments", "../payments"]]);
  });
});
