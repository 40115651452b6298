import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { threatgate as asProgram, type Ended, threatgateHere } from "../flow/program.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const sample = join(root, "test/cases/models/native/threat-model.yaml");

const threatgate = (...args: string[]): Promise<Ended> => threatgateHere(args);

function folder(): string {
  return mkdtempSync(join(tmpdir(), "threatgate-"));
}

test("convert writes to standard output and names on standard error what does not fit", async () => {
  const { code, stdout: out, stderr: err } = await asProgram(["convert", sample, "--to", "otm"]);
  expect([code, out.split("\n")[0], err.split("\n")[0]]).toEqual([
    0,
    "otmVersion: 0.2.0",
    "not carried: story (story-db-private)",
  ]);
});

test("convert says which parts it could not read: they are missing from what it writes", async () => {
  const model = join(folder(), "threat-model.yaml");
  writeFileSync(model, "schemaVersion: 1\nelements:\n  - {id: web, type: web-app}\n  - {id: db, type: database}\n");
  const { code, stdout, stderr } = await threatgate("convert", model, "--to", "otm");
  expect([code, stdout.includes("id: web"), stdout.includes("id: db")]).toEqual([0, true, false]);
  expect(stderr).toContain(`${model}:4: \`type\` of element \`db\` is not valid: \`database\`.`);
});

test("convert overwrites nothing without --force, and takes JSON from the ending", async () => {
  const out = join(folder(), "model.json");
  writeFileSync(out, "mine");
  const refused = await threatgate("convert", sample, "--to", "otm", "--out", out);
  expect([refused.code, readFileSync(out, "utf8")]).toEqual([2, "mine"]);
  expect(refused.stderr).toMatch(/is there already.*--force/);
  expect((await threatgate("convert", sample, "--to", "otm", "--out", out, "--force")).code).toBe(0);
  expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ otmVersion: "0.2.0" });
});

test("convert --format json carries the text and every loss", async () => {
  const { stdout: out } = await threatgate("convert", sample, "--to", "threat-dragon", "--format", "json");
  const told = JSON.parse(out);
  expect(told).toMatchObject({ schemaVersion: 1, from: "native", to: "threat-dragon", fileName: "threat-model.json" });
  expect(told.losses).toContainEqual({
    part: "threat",
    id: "db-disclosure",
    field: "status",
    value: "accepted",
    became: "open",
  });
});

test("what is no model is wrong use, in one line", async () => {
  const { code, stderr: err } = await threatgate("convert", join(root, "package.json"), "--to", "native");
  expect([code, err.trim().split("\n").length]).toEqual([2, 1]);
});

test("diagram draws SVG with every name, inert", async () => {
  const model = join(folder(), "threat-model.yaml");
  writeFileSync(
    model,
    'schemaVersion: 1\nelements:\n  - {id: a, type: web-app, name: "</text><script>alert(1)</script>", boundary: b}\n  - {id: c, type: relational-db}\nflows:\n  - {id: f, from: a, to: c, protocol: "<svg onload=x>"}\nboundaries: [{id: b, name: "B & C"}]\n',
  );
  const { code, stdout: out } = await asProgram(["diagram", model, "--format", "svg"]);
  expect(code).toBe(0);
  expect(out).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(out).toContain("B &amp; C");
  expect(out).not.toMatch(/<script|<svg onload|<a |xlink:href/);
});

test("diagram says when there is nothing to draw", async () => {
  const { code, stderr: err } = await threatgate(
    "diagram",
    join(root, "test/cases/models/markdown/stride-headings.md"),
  );
  expect([code, err]).toEqual([2, expect.stringMatching(/nothing to draw/)]);
});

test("complete drafts in a repository, with the owner from its history, and the second time nothing", async () => {
  const directory = folder();
  cpSync(join(root, "examples/fernhill/booking-service/main"), directory, { recursive: true });
  const model = join(directory, "docs/threat-model.md");
  writeFileSync(
    model,
    readFileSync(model, "utf8").replace(/^\| \*\*(Owner|Version|Last reviewed|Reviewers)\*\*.*\n/gm, ""),
  );
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Maya Okafor", "-c", "user.email=maya@example.org", ...args], {
      cwd: directory,
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_AUTHOR_DATE: "2026-03-01T10:00:00Z",
        GIT_COMMITTER_DATE: "2026-03-01T10:00:00Z",
      },
    });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "first");
  const dry = await threatgate("complete", directory, "--dry-run");
  expect([dry.code, dry.stdout]).toEqual([0, expect.stringMatching(/Would create: docs\/threat-model\.yaml/)]);
  expect(git("status", "--porcelain").toString()).toBe("");
  const first = await asProgram(["complete", directory]);
  expect(first.stdout).toMatch(
    /6 stories, 6 controls, 6 validations, the owner \(Maya Okafor\), the date of the last change \(2026-03-01\)/,
  );
  expect(readFileSync(join(directory, "docs/threat-model.yaml"), "utf8")).toMatch(
    /owner: Maya Okafor\n {2}updated: 2026-03-01/,
  );
  const second = await threatgate("complete", directory);
  expect(second.stdout).toMatch(/Nothing is left to draft/);
  expect(git("status", "--porcelain").toString()).toBe("?? docs/threat-model.yaml\n");
});

test("complete never writes through a link that leads out of the repository", async () => {
  const directory = folder();
  const outside = folder();
  mkdirSync(join(directory, "security"));
  cpSync(sample, join(directory, "threat-model.yaml"));
  const model = readFileSync(sample, "utf8").replace(/^stories:[\s\S]*?^validations:/m, "validations:");
  writeFileSync(join(directory, "threat-model.yaml"), model);
  symlinkSync(outside, join(directory, "docs"));
  const { code, stderr: err } = await threatgate("complete", directory);
  expect([code, err]).toEqual([2, expect.stringMatching(/leads out of the repository/)]);
});

test("complete without a model says so", async () => {
  const { code, stderr: err } = await threatgate("complete", folder());
  expect([code, err]).toEqual([
    0,
    "There is no threat model here that could be completed. `threatgate init` writes a first one.\n",
  ]);
});
