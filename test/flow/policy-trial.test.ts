import { describe, expect, test } from "@jest/globals";
import { githubPort } from "../../src/shell/github/port.ts";
import { run } from "../../src/shell/run.ts";
import { anOwnChangeRule, ownRulesOfThePage } from "../make/an-own-rule.ts";
import { bucket, Stage } from "./stage.ts";

const path = ".github/threatgate.yml";
const advising = "version: 1\nmode: advise\n";
const enforcing = "version: 1\nmode: enforce\n";
const check = "threat-model/policy";

/** The lines of the check that are not the sentences on settings. */
function trialIn(summary: string | null | undefined): string[] {
  const text = summary ?? "";
  return text
    .slice(text.indexOf("**Tried on"))
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("[All settings"));
}

describe("a change of the policy is tried on recent pull requests", () => {
  test("of the repository itself: what would be judged otherwise, and why", async () => {
    const stage = await Stage.set({ policy: advising });
    const open = stage.opened({ "infra/export.tf": bucket("exports") }, { branch: "bucket" });
    const harmless = stage.opened({ "README.md": "# Shop\n\nWords.\n" }, { branch: "words" });
    const number = stage.opened({ [path]: enforcing }, { branch: "policy" });
    await stage.evaluated(number);
    const said = stage.check(number, check);
    expect(said.title).toBe("1 setting would change after the merge; 1 of 2 recent pull requests judged otherwise");
    expect(trialIn(said.summary)).toEqual([
      "**Tried on 2 recent pull requests**, each judged as it stands now, by the policy in force and by the changed one:",
      `- \`acme/shop#${open}\`: \`neutral\` → \`failure\`, because: New object store: aws_s3_bucket \`exports\` is not in a threat model, because shop has none.`,
      "One other stays as it is.",
    ]);
    expect(stage.checks(open)).toEqual([]);
    expect(stage.checks(harmless)).toEqual([]);
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
    expect(stage.asked.reading).toEqual(["pulls/list-files", "graphql/PullRequest"]);
  });

  test("at most five; what is older is said not to be looked at", async () => {
    const stage = await Stage.set({ policy: advising });
    for (let count = 0; count < 8; count++) {
      stage.opened({ [`infra/b${count}.tf`]: bucket(`b${count}`) }, { branch: `b${count}` });
    }
    const number = stage.opened({ [path]: enforcing }, { branch: "policy" });
    await stage.evaluated(number);
    const lines = trialIn(stage.check(number, check).summary);
    expect(lines[0]).toContain("**Tried on 5 recent pull requests**");
    expect(lines.slice(-2)).toEqual(["Not looked at:", "- Older pull requests than the 5 most recent ones."]);
  });

  test("a pull request that cannot be read is said, and the check stands", async () => {
    const stage = await Stage.set({ policy: advising });
    stage.opened({ "infra/export.tf": bucket("exports") }, { branch: "bucket" });
    const number = stage.opened({ [path]: enforcing }, { branch: "policy" });
    const body = { message: "Server Error" };
    // The first listing is that of the pull request itself.
    stage.github.faults.add({
      operation: "pulls/list-files",
      after: 1,
      times: 9,
      effect: { do: "answer", status: 502, body },
    });
    await stage.evaluated(number);
    expect(stage.check(number).conclusion).toBe("success");
    expect(trialIn(stage.check(number, check).summary).join("\n")).toMatch(
      /\*\*Tried on no pull request\.\*\*\nNot looked at:\n- acme\/shop#.* could not be judged: /,
    );
  });

  test("a pull request that changes no policy tries nothing", async () => {
    const stage = await Stage.set({ policy: advising });
    stage.opened({ "infra/a.tf": bucket("a") }, { branch: "a" });
    const number = stage.opened({ "infra/export.tf": bucket("exports") }, { branch: "b" });
    await stage.evaluated(number);
    expect(stage.asked.reading).not.toContain("pulls/list");
  });
});

describe("a change of the organisation's policy is tried on other repositories", () => {
  const repositories = (isPublic: boolean) => [
    { name: "acme/.github", private: !isPublic, files: { [path]: advising }, collaborators: { sam: "write" as const } },
    { name: "acme/shop", files: { "README.md": "# Shop\n" }, collaborators: { sam: "write" as const } },
    { name: "acme/site", private: false, files: { "README.md": "# Site\n" }, collaborators: { sam: "write" as const } },
  ];
  const change = { "infra/export.tf": bucket("exports") };

  async function staged(isPublic: boolean): Promise<Stage> {
    const stage = await Stage.set({
      repository: { name: "acme/.github" },
      seed: { repositories: repositories(isPublic) },
    });
    const sam = stage.github.as("sam");
    for (const name of ["acme/shop", "acme/site"]) sam.openPullRequest(name, { branch: "feature", files: change });
    return stage;
  }

  test("of the installation, two pull requests each", async () => {
    const stage = await staged(false);
    const number = stage.opened({ [path]: enforcing });
    await stage.evaluated(number);
    const lines = trialIn(stage.check(number, check).summary).join("\n");
    expect(lines).toContain("**Tried on 2 recent pull requests**");
    expect(lines).toMatch(/- `acme\/shop#\d+`: `neutral` → `failure`/);
    expect(lines).toMatch(/- `acme\/site#\d+`: `neutral` → `failure`/);
    expect(lines).toContain("Older pull requests than the 2 most recent ones of each repository.");
  });

  test("a public one names and reads no private repository", async () => {
    const stage = await staged(true);
    const number = stage.opened({ [path]: enforcing });
    await stage.evaluated(number);
    const said = stage.check(number, check).summary ?? "";
    expect(said).not.toContain("acme/shop");
    expect(said).toContain("acme/site#");
    expect(said).toContain("Private repositories: this one is public, and what is said here is read by everybody.");
  });

  test("with a token for one repository alone no other is reached, and that is said", async () => {
    const stage = await staged(false);
    const number = stage.opened({ [path]: enforcing });
    const { trials } = githubPort(stage.client);
    await run(stage.subject(number), { ...stage.world(), trials });
    expect(stage.check(number, check).summary).toContain(
      "Other repositories: a token for one repository reaches no other.",
    );
  });

  test("own rules that a pull request brings: their faults, their examples, and what they would ask", async () => {
    const stage = await staged(false);
    stage.github.as("sam").openPullRequest("acme/shop", {
      branch: "bus",
      files: { "src/orders.ts": 'new FernhillBus("orders");\n' },
    });
    const wrong = anOwnChangeRule("org-wrong", "wrongWord").replace('after: "x"', 'after: "wrongWord"');
    const number = stage.opened({
      ...ownRulesOfThePage(),
      ".github/threatgate/changes/org-bad.yml": "id: org-bad\n",
      ".github/threatgate/changes/org-wrong.yml": wrong,
    });
    await stage.evaluated(number);
    const said = stage.check(number, check);
    expect(said.conclusion).toBe("neutral");
    expect(said.title).toBe(".github/threatgate/changes/org-bad.yml could not be used: line 1, see below");
    expect(said.summary).toContain("Example: `org-wrong`: expected silent (it is not): said");
    expect(said.summary).toMatch(
      /- `acme\/shop#\d+`: `success` → `neutral`, because: New sender or receiver on the company bus/,
    );
    expect(said.annotations?.[0]).toMatchObject({ path: ".github/threatgate/changes/org-bad.yml" });
  });
});
