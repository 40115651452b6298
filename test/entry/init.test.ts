import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { threatgate as asProgram, type Ended, threatgateHere } from "../flow/program.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

const threatgate = (...args: string[]): Promise<Ended> => threatgateHere(args);

/** A git repository of the sample shop, everything committed. */
function shop(): string {
  const directory = join(mkdtempSync(join(tmpdir(), "threatgate-")), "shop");
  cpSync(join(root, "test/cases/repositories/shop"), directory, { recursive: true });
  git(directory, "init", "--quiet", "--initial-branch=main");
  commit(directory, "first");
  return directory;
}

function git(directory: string, ...args: string[]): void {
  const identity = ["-c", "user.name=Dana", "-c", "user.email=dana@example.org"];
  execFileSync("git", [...identity, ...args], { cwd: directory, stdio: "pipe" });
}

function commit(directory: string, message: string): void {
  git(directory, "add", "--all");
  git(directory, "commit", "--quiet", "--message", message);
}

describe("threatgate init", () => {
  test("writes a model and its drawing, which check takes for what it is: partial", async () => {
    const directory = shop();
    const { code, stdout: out } = await asProgram(["init", directory]);
    expect([code, out.split("\n").slice(0, 2)]).toEqual([
      0,
      ["Written: threat-model.yaml", "Written: docs/data-flow-diagram.md"],
    ]);
    expect(readFileSync(join(directory, "docs/data-flow-diagram.md"), "utf8")).toContain("flowchart LR");
    commit(directory, "model");
    const checked = await threatgate("check", directory, "--base", "HEAD~1", "--format", "json");
    const { systems, problems, conclusion } = JSON.parse(checked.stdout);
    // Drafts are nobody's claim: they add no open threat, and complete nothing.
    expect([checked.code, problems, conclusion]).toEqual([0, [], "success"]);
    const { context, dfd, stride } = systems[0].deliverables;
    expect([context.state, dfd.state, stride.state]).toEqual(["partial", "partial", "partial"]);
    expect(systems[0].indicators["TM-2"].rag).not.toBe("GREEN");
  });

  test("overwrites nothing without --force, and says what else there is", async () => {
    const directory = shop();
    writeFileSync(join(directory, "threat-model.yaml"), "mine");
    const refused = await threatgate("init", directory);
    expect([refused.code, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toMatch(/is there already.*threatgate complete.*--force/);
    expect(readFileSync(join(directory, "threat-model.yaml"), "utf8")).toBe("mine");
    expect((await threatgate("init", directory, "--force")).code).toBe(0);
    expect(readFileSync(join(directory, "threat-model.yaml"), "utf8")).toContain("schemaVersion: 1");
  });

  test("writes none beside a model in another format without --force, and says which it is", async () => {
    const directory = shop();
    cpSync(join(root, "test/cases/models/threagile"), join(directory, "security"), { recursive: true });
    const refused = await threatgate("init", directory);
    expect([refused.code, refused.stdout, existsSync(join(directory, "threat-model.yaml"))]).toEqual([2, "", false]);
    expect(refused.stderr).toMatch(/^threatgate: security\/threagile\.yaml is a threat model already.*--force\.\n$/);
    const dry = await threatgate("init", directory, "--dry-run");
    expect([dry.code, dry.stderr]).toEqual([0, refused.stderr]);
    expect((await threatgate("init", directory, "--force")).code).toBe(0);
    expect(existsSync(join(directory, "threat-model.yaml"))).toBe(true);
  });

  test("--dry-run where the file is there says that it would not be overwritten, and nothing of a second one", async () => {
    const directory = shop();
    writeFileSync(join(directory, "threat-model.yaml"), "schemaVersion: 1\nelements: [{id: web, type: web-app}]\n");
    const refused = await threatgate("init", directory);
    const dry = await threatgate("init", directory, "--dry-run");
    expect([refused.code, dry.code, dry.stderr]).toEqual([2, 0, refused.stderr]);
    expect(dry.stderr).toMatch(/^threatgate: threat-model\.yaml is there already, and is not overwritten\. /);
  });

  test("--dry-run prints the model and writes nothing; the same again gives the same", async () => {
    const directory = shop();
    const once = await threatgate("init", directory, "--dry-run");
    expect(once.stdout).toContain("schemaVersion: 1\nsystem:\n  id: shop\n");
    expect(existsSync(join(directory, "threat-model.yaml"))).toBe(false);
    expect((await threatgate("init", directory, "--dry-run")).stdout).toBe(once.stdout);
  });

  test("--format json says where each part comes from", async () => {
    const { stdout: out } = await threatgate("init", shop(), "--dry-run", "--format", "json");
    const told = JSON.parse(out);
    expect(told).toMatchObject({ schemaVersion: 1, written: false, notRead: [] });
    expect(told.origins.cache).toEqual([{ path: "compose.yaml", line: 22 }]);
    expect(told.files.map(({ path }: { path: string }) => path)).toEqual([
      "threat-model.yaml",
      "docs/data-flow-diagram.md",
    ]);
  });

  test("H067 follows no link: neither to read what lies outside nor to write there", async () => {
    const directory = shop();
    const outside = mkdtempSync(join(tmpdir(), "threatgate-outside-"));
    writeFileSync(join(outside, "compose.yaml"), "services: {smuggled-in: {image: redis}}\n");
    symlinkSync(join(outside, "compose.yaml"), join(directory, "compose.other.yaml"));
    symlinkSync(outside, join(directory, "docs-linked"));
    const { stdout: out } = await threatgate("init", directory, "--dry-run");
    expect(out).not.toContain("smuggled");
    expect(out).toContain("Not read: compose.other.yaml (a link, which is not followed)");
    const linked = shop();
    execFileSync("rm", ["-r", join(linked, "docs")]);
    symlinkSync(outside, join(linked, "docs"));
    const refused = await threatgate("init", linked);
    expect([refused.code, existsSync(join(outside, "data-flow-diagram.md"))]).toEqual([2, false]);
    expect(refused.stderr).toMatch(/leads out of the repository by a link/);
  });

  test("a folder that is no repository is wrong use, in one line", async () => {
    const directory = mkdtempSync(join(tmpdir(), "threatgate-"));
    mkdirSync(join(directory, "a"));
    const { code, stderr: err } = await threatgate("init", join(directory, "a"));
    expect([code, err.trim().split("\n").length]).toEqual([2, 1]);
  });
});

test("status tells what runs and is not modelled, and fails nobody for it", async () => {
  const directory = shop();
  const model = (await threatgate("init", directory, "--dry-run")).stdout;
  const without = model
    .replace(/ {2}# compose\.yaml:24\n {2}- id: queue\n(?: {4}.*\n)+/, "")
    .replace(/ {2}# compose\.yaml:17\n {2}- id: orders-to-queue\n(?: {4}.*\n)+/, "");
  writeFileSync(
    join(directory, "threat-model.yaml"),
    without.replace("files: [ web/**", "files: [ gone/**").replace(/^ {2}- (orders-to-)?queue\n/gm, ""),
  );
  commit(directory, "model");
  const { code, stdout: out } = await asProgram(["status", directory, "--no-color"]);
  expect(code).toBe(0);
  expect(out).toContain(
    "coverage: 12 of 13 parts that the repository's files state are in the model\n  not modelled  queue (message-broker)  compose.yaml:24\n",
  );
  const told = JSON.parse((await threatgate("status", directory, "--format", "json")).stdout);
  expect(told.coverage).toMatchObject({
    found: 13,
    modelled: 12,
    unmodelled: [{ name: "queue", type: "message-broker", where: "compose.yaml:24" }],
  });
});
