import { describe, expect, test } from "@jest/globals";
import { bucket, Stage } from "./stage.ts";

const path = ".github/threatgate.yml";
const strict = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\n";
const change = { "infra/export.tf": bucket("exports") };

describe("H013: a pull request is judged by the policy of the default branch, whatever it makes of that file", () => {
  test("one that turns everything off is blocked as before, and a check of its own says what would change", async () => {
    const stage = await Stage.set({ policy: strict });
    const lax =
      'version: 1\nmode: observe\npaths:\n  ignore: ["**"]\nrules:\n  terraform-object-store: "off"\narchitects:\n  teams: [everybody]\n';
    const number = stage.opened({ ...change, [path]: lax });
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure" });
    expect(stage.check(number).title).toMatch(/^Blocked: 1 question open/);
    expect(stage.seen(number).requested).toEqual(["security-architects"]);
    const said = stage.check(number, "threat-model/policy");
    expect(said.title).toBe("4 settings would change after the merge");
    expect(said.summary).toContain("This pull request is judged by the policy of the default branch. After the merge:");
    expect(said.summary?.split("\n").filter((line) => line.startsWith("- "))).toEqual([
      "- `architects.teams` would change from `[security-architects]` to `[everybody]`.",
      "- `mode` would change from `enforce` to `observe`.",
      "- `paths.ignore` would change from `[]` to `[**]`.",
      "- `rules.terraform-object-store` would change from what the rule says by itself to `off`.",
    ]);
    expect(said.conclusion).toBe("success");
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test.each([
    ["deletes it", { [path]: null }],
    ["renames it", { [path]: null, ".github/old.yml": strict }],
  ])("one that %s", async (_, files) => {
    const stage = await Stage.set({ policy: strict });
    const number = stage.opened({ ...change, ...files });
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure" });
    const said = stage.check(number, "threat-model/policy");
    expect(said.summary).toContain("`mode` would change from `enforce` to `advise`.");
  });

  test("one that brings the first policy of a repository, and one that would break it", async () => {
    const stage = await Stage.set();
    const number = stage.opened({ ...change, [path]: strict });
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "neutral" });
    expect(stage.check(number, "threat-model/policy").title).toBe("2 settings would change after the merge");

    stage.pushed(number, { [path]: "version: 1\nmodes: enforce\n" });
    await stage.evaluated(number);
    const said = stage.check(number, "threat-model/policy");
    expect(said).toMatchObject({ conclusion: "neutral", title: `${path} could not be used: line 2, see below` });
    expect(said.annotations).toMatchObject([{ path, start_line: 2, annotation_level: "failure" }]);
  });

  test("one whose base is a branch with a lax policy", async () => {
    const stage = await Stage.set({ policy: strict });
    stage.github
      .as("sam")
      .pushCommit(stage.name, { branch: "sandbox", files: { [path]: "version: 1\nmode: observe\n" } });
    const number = stage.github.as("sam").openPullRequest(stage.name, {
      branch: "feature",
      base: "sandbox",
      files: { "infra/export.tf": bucket("exports") },
    });
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure" });
  });

  test("a pull request that touches no policy gets no such check", async () => {
    const stage = await Stage.set({ policy: strict });
    const number = stage.opened(change);
    await stage.evaluated(number);
    expect(stage.checks(number, "threat-model/policy")).toEqual([]);
  });
});

describe("H015: a policy with a fault on the default branch blocks and names the line; it never permits", () => {
  test.each([
    ["a YAML error", "version: 1\nmode: enforce\nrules: [a\n", 3],
    ["an unknown key", "version: 1\nmode: enforce\nrule:\n  x: monitor\n", 3],
    ["a wrong type", "version: 1\nmode: enforce\nriskThreshold: 3\n", 3],
    ["two keys of the same name", "version: 1\nmode: enforce\npreset: ukhsa\nmode: observe\n", 4],
    ["an unknown key before the mode", "version: 1\nenabled: false\nmode: enforce\n", 2],
  ])("%s", async (_, policy, line) => {
    const stage = await Stage.set({ policy });
    const number = stage.opened(change);
    await stage.evaluated(number);
    const check = stage.check(number);
    expect(check).toMatchObject({ conclusion: "failure", title: `Threatgate cannot use ${path}` });
    expect(check.summary).toContain(`${path}:${line}`);
    expect(check.summary).toContain("**The policy cannot be used, so nothing was judged by it.**");
    expect(check.annotations).toMatchObject([{ path, start_line: line, annotation_level: "failure" }]);
    expect(stage.reviews(number)).toEqual([]);
  });

  test("a pull request that changes no architecture is blocked by it too, since nothing could be judged", async () => {
    const stage = await Stage.set({ policy: "version: 1\nmode: enforce\nmodle: x\n" });
    const number = stage.opened({ "README.md": "# Shop\n\nWords.\n" });
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure", title: `Threatgate cannot use ${path}` });
  });

  test("a fault in an advising policy is told and blocks nothing", async () => {
    const stage = await Stage.set({ policy: "version: 1\nmode: advise\nmodle: x\n" });
    const number = stage.opened(change);
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "neutral", title: `Threatgate cannot use ${path}` });
    expect(stage.check(number).summary).toContain(`${path}:3`);
  });

  test("a mode that nobody can read is taken for the strictest", async () => {
    const stage = await Stage.set({ policy: "version: 1\nmode: enforced\n" });
    const number = stage.opened(change);
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure" });
  });

  test("a fault in the organisation's file stops its repositories as well", async () => {
    const stage = await Stage.set({ organisationPolicy: "version: 1\nmode: enforce\nlocked: [mode, colour]\n" });
    const number = stage.opened(change);
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure" });
    expect(stage.check(number).title).toMatch(/^Threatgate cannot use .*threatgate\.yml$/);
  });
});

describe("the organisation's policy", () => {
  const organisationPolicy = `${strict}locked: [mode, architects]\n`;

  test("H019: what it locks, no repository loosens, and the check lists what was written in vain", async () => {
    const stage = await Stage.set({
      organisationPolicy,
      policy: "version: 1\nmode: observe\narchitects:\n  users: [sam]\nriskThreshold: low\n",
    });
    const number = stage.opened(change);
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure" });
    const said = `${stage.check(number).summary}${stage.check(number).text}`;
    expect(said).toMatch(/`mode`[^\n]*(locked|without effect|ignored)/i);
    expect(said).toMatch(/`riskThreshold` \| `"low"` \| repository/);
    expect(stage.seen(number).requested).toEqual(["security-architects"]);
  });

  test("a repository may tighten what the organisation leaves open, and without a file of its own follows it", async () => {
    const stage = await Stage.set({
      organisationPolicy: "version: 1\nmode: observe\n",
      policy: "version: 1\nmode: enforce\n",
    });
    const number = stage.opened(change);
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure" });

    const follower = await Stage.set({ organisationPolicy });
    const same = follower.opened(change);
    await follower.evaluated(same);
    expect(follower.check(same)).toMatchObject({ conclusion: "failure" });
    expect(follower.seen(same).requested).toEqual(["security-architects"]);
  });
});
