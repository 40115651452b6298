import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { evidenceReportSchema } from "../../src/core/domain/evidence-report.ts";
import { aBundle, aChain, aRecord } from "../make/a-bundle.ts";
import { threatgate, threatgateHere } from "./program.ts";
import { bucket } from "./stage.ts";

const folder = mkdtempSync(join(tmpdir(), "threatgate-evidence-"));
const clone = join(folder, "shop");
const sampleModel = fileURLToPath(new URL("../cases/models/native/threat-model.yaml", import.meta.url));

/** Git in the small clone, by a person with a fixed name on a fixed day. */
function git(day: string, ...args: string[]): void {
  const date = `${day}T12:00:00Z`;
  const who = {
    GIT_AUTHOR_NAME: "Sam",
    GIT_AUTHOR_EMAIL: "s@acme.example",
    GIT_COMMITTER_NAME: "Sam",
    GIT_COMMITTER_EMAIL: "s@acme.example",
  };
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    ...who,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
  };
  execFileSync("git", args, { cwd: clone, env, stdio: "ignore" });
}

function commit(day: string, title: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    writeFileSync(join(clone, path), text);
  }
  git(day, "add", ".");
  git(day, "commit", "-m", title);
}

/** A model on 2026-01-10, released as v1; a bucket on 2026-02-01 that the model never mentions; released as v2. */
beforeAll(() => {
  mkdirSync(clone);
  git("2026-01-01", "init", "--initial-branch=main");
  commit("2026-01-01", "Begin", { "README.md": "# Shop\n" });
  cpSync(sampleModel, join(clone, "threat-model.yaml"));
  commit("2026-01-10", "Model the shop", {});
  git("2026-01-10", "tag", "v1");
  commit("2026-02-01", "Export orders", { "infra/export.tf": bucket("exports") });
  git("2026-02-01", "tag", "v2");
  commit("2026-02-10", "Say more", { "docs/more.md": "More.\n" });
  git("2026-02-10", "tag", "v3.0.0-rc.1");
  git("2026-02-10", "tag", "web-v9");
  commit("2026-02-11", "Say no more", { "docs/more.md": "No more.\n" });
  git("2026-02-11", "tag", "v3");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asOf = ["--as-of", "2026-04-01T00:00:00Z"] as const;

async function report(...args: readonly string[]) {
  const { code, stdout, stderr } = await threatgateHere(["evidence", clone, ...args, "--format", "json", ...asOf]);
  expect([code, stderr]).toEqual([0, ""]);
  return evidenceReportSchema.parse(JSON.parse(stdout));
}

describe("evidence, on a clone", () => {
  test("of a release leads each threat to the commit that brought it, and names the change that nothing covers", async () => {
    const { period, changes, systems, unknown } = await report("--from", "v1", "--to", "v2");
    expect(period).toMatchObject({ from: { asked: "v1", at: "2026-01-10T12:00:00.000Z" }, to: { asked: "v2" } });
    expect(changes).toMatchObject([
      {
        what: "New object store: aws_s3_bucket `exports`",
        state: "gap",
        came: { title: "Export orders", author: "Sam" },
      },
    ]);
    const [shop] = systems;
    expect(shop?.threats.length).toBeGreaterThan(2);
    for (const { lastChanged, approval } of shop?.threats ?? []) {
      expect(lastChanged).toMatchObject({ at: "2026-01-10T12:00:00.000Z", title: "Model the shop" });
      expect(approval.state).toBe("unknown");
    }
    expect(unknown.join(" ")).toContain("git does not tell who approved");
  });

  test("of a release alone begins with the release before it; the first goes back to the beginning", async () => {
    const { period, changes } = await report("--release", "v2");
    expect(period).toMatchObject({ from: { asked: "v1", at: "2026-01-10T12:00:00.000Z" }, to: { asked: "v2" } });
    expect(changes).toMatchObject([{ state: "gap", came: { title: "Export orders" } }]);
    // Neither another line of versions nor what is not out yet is the release before.
    expect((await report("--release", "v3")).period.from).toMatchObject({ asked: "v2" });
    const first = await report("--release", "v1");
    expect([first.period.from, first.period.to.asked]).toEqual([{}, "v1"]);
  });

  test("of days ends with the last commit of the last day, and judges as of its end", async () => {
    const { period, changes } = await report("--from", "2026-01-05", "--to", "2026-01-31");
    expect(period.to).toMatchObject({ asked: "2026-01-31", at: "2026-01-31T23:59:59.999Z" });
    expect(changes).toEqual([]);
  });

  test("without a period is of the year that ends with the branch, as Markdown", async () => {
    const { code, stdout } = await threatgate(["evidence", clone, ...asOf]);
    expect(code).toBe(0);
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "# Threat-model evidence: local/shop",
      "",
      expect.stringMatching(
        /^2025-04-01 to 2026-04-01 · branch `main` at `[0-9a-f]{12}` \(2026-04-01\) · made 2026-04-01 00:00 UTC$/,
      ),
    ]);
    expect(stdout).toContain("**1 gap**");
  });

  test("as HTML is a whole document", async () => {
    const { stdout } = await threatgateHere(["evidence", clone, "--framework", "cra", "--format", "html", ...asOf]);
    expect([stdout.startsWith("<!doctype html>"), stdout.endsWith("</html>\n")]).toEqual([true, true]);
    expect(stdout).toContain("CRA Annex I Part I (2): applicability");
    expect(stdout).not.toContain("NIST SP 800-218");
  });

  test("says in one line what is wrong with its use, and exits with 2", async () => {
    const wrong: [readonly string[], string][] = [
      [
        ["--from", "v9"],
        "threatgate: `v9` is not a revision of this repository. Name a branch, a tag or a commit that `git log` shows.",
      ],
      [["--from", "2026-02-30"], "threatgate: 2026-02-30 is no day. Write a day as 2026-03-04, or name a revision."],
      [["--from", "v2", "--to", "v1"], "threatgate: --from v2 comes after the end of the period, 2026-01-10."],
      [["--release", "v9"], "threatgate: --release v9: there is no such tag."],
      [
        ["--release", "v2", "--from", "v1"],
        "threatgate: --release: leave --from and --to out; a release is a period by itself.",
      ],
      [["--to", "2020-01-01"], "threatgate: --to 2020-01-01: main has no commit on or before that day."],
      [
        ["--framework", "hipaa"],
        "threatgate: --framework hipaa: choose of cra, nis2, nis2-2690, iso27001, ssdf, asvs.",
      ],
    ];
    for (const [args, says] of wrong) {
      const { code, stdout, stderr } = await threatgateHere(["evidence", clone, ...args, ...asOf]);
      expect([code, stdout, stderr.trim()]).toEqual([2, "", says]);
    }
  });
});

describe("evidence verify", () => {
  const chain = aChain([1, 2, 3].map((number) => aRecord(number)));
  const [, second] = chain;
  const verify = async (lines: readonly string[], ...args: readonly string[]) => {
    const file = join(folder, "bundle.jsonl");
    writeFileSync(file, `${lines.join("\n")}\n`);
    const { code, stdout, stderr } = await threatgateHere(["evidence", "verify", file, ...args]);
    return { code, says: stdout.split("\n")[0], stderr: stderr.trim() };
  };

  test("exits 0 for a whole bundle, 1 where a link is broken or a stated record is missing, 2 where it cannot be checked", async () => {
    expect(await verify(aBundle(chain), "--digest", second?.digest ?? "")).toEqual({
      code: 0,
      says: "whole: 3 records of acme/shop (11), each as it was written and following the one before",
      stderr: "",
    });
    const changed = aBundle(chain).map((line) => line.replace("all is well 2", "all is well 9"));
    expect(await verify(changed)).toMatchObject({
      code: 1,
      says: "BROKEN at record 2 (#2 at 222222222222, 2026-03-02 10:00 UTC), line 3: it was changed after it was written, or its digest was.",
    });
    expect(await verify(aBundle(chain), "--digest", "0".repeat(64))).toMatchObject({ code: 1 });
    expect(await verify(aBundle(chain).slice(0, -1))).toMatchObject({
      code: 2,
      says: "cannot be checked: line 4: the file was cut off: 3 records were read, and its end is missing.",
    });
    expect(await verify(aBundle(chain), "--digest", "xyz")).toMatchObject({
      code: 2,
      stderr: "threatgate: --digest xyz: give 12 to 64 hexadecimal digits, as a check states them.",
    });
  });
});
