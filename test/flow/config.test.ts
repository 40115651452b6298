import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { startGitHub } from "../github/server.ts";
import { threatgate, threatgateHere } from "./program.ts";
import { bucket, Stage } from "./stage.ts";

const path = ".github/threatgate.yml";
const organisationPolicy =
  "version: 1\nmode: enforce\nriskThreshold: medium\narchitects: {teams: [security-architects]}\nlocked: [mode, riskThreshold]\n";

describe("a private organisation's policy in a public repository", () => {
  test("its values are not shown: not in the check, not for what is written in vain, not by a change of the policy", async () => {
    const policy = "version: 1\nriskThreshold: critical\nincomplete: fail\n";
    const stage = await Stage.set({ organisationPolicy, policy, repository: { private: false } });
    const number = stage.opened({ "infra/export.tf": bucket("exports"), [path]: "version: 1\nriskThreshold: low\n" });
    await stage.evaluated(number);
    const said = `${stage.check(number).summary}${stage.check(number).text}`;
    expect(said).toContain("| `riskThreshold` | set by the organisation | organisation, locked |");
    expect(said).toContain("| `architects.teams` | set by the organisation | organisation |");
    expect(said).toMatch(/\| `incomplete` \| `"fail"` \| repository/);
    const check = stage.check(number, "threat-model/policy").summary;
    expect(check).toContain("`riskThreshold` would change from what the organisation sets to `low`.");

    stage.pushed(number, { [path]: policy });
    const more = stage.github
      .as("sam")
      .openPullRequest(stage.name, { branch: "more", files: { [path]: `${policy}mode: observe\n` } });
    await stage.evaluated(more);
    const vain = stage.check(more, "threat-model/policy").summary ?? "";
    expect(vain).toContain("is ignored, because the organisation locks `mode`: what the organisation sets stays.");
    expect(vain).not.toContain("`enforce` stays");
  });

  test("where both are private they are", async () => {
    const stage = await Stage.set({ organisationPolicy });
    const number = stage.opened({ "infra/export.tf": bucket("exports") });
    await stage.evaluated(number);
    expect(`${stage.check(number).summary}${stage.check(number).text}`).toMatch(
      /\| `riskThreshold` \| `"medium"` \| organisation/,
    );
  });
});

describe("threatgate config", () => {
  test("OWNER/REPO shows every key with its origin, what is locked, and what is written in vain; by the asker's own token", async () => {
    const github = await startGitHub({
      users: ["olga"],
      organizations: [{ login: "acme", owners: ["olga"], members: [] }],
      repositories: [
        {
          name: "acme/shop",
          files: { "README.md": "x", [path]: "version: 1\nmode: observe\ncurrency: {green: 20}\n" },
          properties: { tier: "gold" },
        },
        {
          name: "acme/.github",
          files: { [path]: `${organisationPolicy}repositories:\n  - properties: {tier: gold}\n    incomplete: fail\n` },
        },
      ],
      tokens: { ghp_olga: "olga" },
    });
    try {
      const variables = { GITHUB_TOKEN: "ghp_olga", GITHUB_API_URL: github.url };
      const { code, stdout, stderr } = await threatgate(["config", "acme/shop"], variables);
      expect([code, stderr]).toEqual([0, ""]);
      const lines = stdout.split("\n").map((line) => line.replace(/ +/g, " "));
      expect(lines).toContain(`mode "enforce" organisation ${path}:2, locked`);
      expect(lines).toContain(`incomplete "fail" organisation ${path}:8`);
      expect(lines).toContain(`currency.green 20 repository ${path}:3`);
      expect(stdout).toContain(
        "ignored: `mode: observe` in .github/threatgate.yml:2 is ignored, because the organisation locks `mode`: `enforce` stays.",
      );

      const json = await threatgateHere(["config", "acme/shop", "--format", "json"], variables);
      const output = JSON.parse(json.stdout) as { settings: { key: string; from: string }[] };
      expect(output.settings.find(({ key }) => key === "mode")).toMatchObject({
        value: "enforce",
        from: "organisation",
        locked: true,
      });

      const gone = await threatgateHere(["config", "acme/nothing"], variables);
      expect(gone.code).toBe(2);
      expect(gone.stderr).toMatch(/^threatgate: /);
      github.expectNoContractFindings();
    } finally {
      await github.close();
    }
  });

  test("without a token it says what is missing", async () => {
    const { code, stderr } = await threatgateHere(["config", "acme/shop"]);
    expect(code).toBe(2);
    expect(stderr).toContain("GITHUB_TOKEN is not set.");
  });

  test("try: what a changed policy would make of the last merges of a clone", async () => {
    const folder = mkdtempSync(join(tmpdir(), "threatgate-try-"));
    try {
      const git = (...args: string[]): void => {
        const who = {
          GIT_AUTHOR_NAME: "Sam",
          GIT_AUTHOR_EMAIL: "sam@acme.example",
          GIT_COMMITTER_NAME: "Sam",
          GIT_COMMITTER_EMAIL: "sam@acme.example",
        };
        execFileSync("git", args, {
          cwd: folder,
          env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...who },
          stdio: "ignore",
        });
      };
      const put = (file: string, text: string): void => {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      };
      git("init", "--initial-branch=main");
      put("README.md", "# Shop\n");
      put(path, "version: 1\nmode: advise\n");
      git("add", ".");
      git("commit", "-m", "Begin");
      put("infra/export.tf", bucket("exports"));
      git("add", ".");
      git("commit", "-m", "Keep exports");
      put("README.md", "# Shop\n\nWords.\n");
      git("add", ".");
      git("commit", "-m", "Say more");
      put(path, "version: 1\nmode: enforce\n");
      const { code, stdout, stderr } = await threatgateHere(["config", "try"], {}, folder);
      expect([code, stderr]).toEqual([0, ""]);
      const lines = stdout.trimEnd().split("\n");
      expect(lines[0]).toBe("mode would change from advise to enforce.");
      expect(lines[2]).toMatch(/^The last 2 steps of main, judged by the policy of main and by .*threatgate\.yml:$/);
      expect(lines[3]).toMatch(/^[0-9a-f]{10} Keep exports$/);
      expect(lines[4]).toMatch(
        /^ {2}neutral -> failure, because: New object store: aws_s3_bucket `exports` is not in a threat model/,
      );
      expect(lines[5]).toBe("1 of 2 stay as they are. Approvals and members of teams are not known in a clone.");

      const wrong = await threatgateHere(["config", "try", "--last", "0"], {}, folder);
      expect([wrong.code, wrong.stderr]).toEqual([2, "threatgate: --last 0: give a number from 1 to 50.\n"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
