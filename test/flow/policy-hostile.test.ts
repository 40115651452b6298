import { describe, expect, test } from "@jest/globals";
import { bucket, Stage } from "./stage.ts";

const path = ".github/threatgate.yml";
const change = { "infra/export.tf": bucket("exports") };
const long = "a".repeat(255);

/** A policy whose ignored paths are these. */
function ignoring(...patterns: readonly string[]): string {
  return `version: 1\nmode: enforce\npaths:\n  ignore:\n${patterns.map((one) => `    - '${one}'\n`).join("")}`;
}

describe("H014: patterns of a policy that could stop a matcher", () => {
  test.each([
    ["*a*a*a*a*b", "*a*a*a*a*b"],
    ["stars without end", "*a".repeat(100)],
  ])("%s: answered; the path of 255 letters is looked at like any other", async (_, pattern) => {
    const stage = await Stage.set({ policy: ignoring(pattern) });
    const number = stage.opened({ ...change, [long]: "x\n", [`${long}/${long}/${long}`]: "x\n" });
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure" });
    expect(stage.check(number).title).toMatch(/^Blocked: 1 question open/);
  });

  test.each([
    ["extended globs", "+(a)*"],
    ["a range of a million", "{1..1000000}"],
    ["braces that multiply", "{a,b}".repeat(20)],
  ])("%s: refused, the pattern and its line are named, and nothing is let through", async (_, pattern) => {
    const stage = await Stage.set({ policy: ignoring("vendor/**", pattern) });
    const number = stage.opened({ ...change, [long]: "x\n" });
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure", title: `Threatgate cannot use ${path}` });
    expect(stage.check(number).summary).toContain(`${path}:6`);
    expect(stage.check(number).summary).toContain(pattern.slice(0, 30));
  });

  test("ten thousand patterns: refused with the number that is allowed; another repository is judged as ever", async () => {
    const stage = await Stage.set({
      policy: ignoring(...Array.from({ length: 10_000 }, (_, index) => `p${index}/**`)),
    });
    const number = stage.opened(change);
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure", title: `Threatgate cannot use ${path}` });
    expect(stage.check(number).summary).toContain("At most 200");
    const other = await Stage.set({ policy: "version: 1\nmode: advise\n" });
    const same = other.opened(change);
    await other.evaluated(same);
    expect(other.check(same)).toMatchObject({ conclusion: "neutral" });
  });
});

describe("H020: a policy that refers to another file", () => {
  test.each([
    ["of another owner", "extends: other-org/policies"],
    ["as Probot writes it", "_extends: other-org/repo:.github/threatgate.yml"],
    ["of itself", "extends: .github/threatgate.yml"],
    ["of a list", "imports: [a.yml, b.yml, c.yml]"],
    ["by a YAML tag", "systems: !include ../../other.yml"],
    ["by an alias", "systems: *elsewhere"],
  ])("%s: refused by name; no other repository is read, and no other token is asked for", async (_, line) => {
    const stage = await Stage.set({ policy: `version: 1\nmode: enforce\n${line}\n` });
    const number = stage.opened(change);
    await stage.evaluated(number);
    const check = stage.check(number);
    expect(check).toMatchObject({ conclusion: "failure", title: `Threatgate cannot use ${path}` });
    expect(check.summary).toContain(`${path}:3`);
    const tokens = stage.github.requests.all.filter(
      ({ operation }) => operation === "apps/create-installation-access-token",
    );
    expect(tokens.every(({ path: asked }) => asked.includes(`/installations/${stage.github.app.installation}/`))).toBe(
      true,
    );
    expect(JSON.stringify(stage.github.requests.all)).not.toContain("other-org");
  });

  test("the repository of the organisation's own policy is not followed to a new name", async () => {
    const stage = await Stage.set({ organisationPolicy: "version: 1\nextends: acme/.github\n" });
    const number = stage.opened(change);
    await stage.evaluated(number);
    expect(stage.check(number).summary).toContain("`extends` is not a setting.");
  });
});

describe("H031: people who are named by their login alone", () => {
  const policy = "version: 1\nmode: advise\narchitects:\n  users: [dana, 'lee#12']\n";

  test("are told to whoever writes the policy, and not in every check", async () => {
    const stage = await Stage.set();
    const number = stage.opened({ ...change, [path]: policy });
    await stage.evaluated(number);
    const said = stage.check(number, "threat-model/policy");
    expect(said.conclusion).toBe("success");
    expect(said.summary).toContain("`.github/threatgate.yml:4`: `dana` is named by the login alone.");
    expect(said.summary).toContain('Example: `users: ["dana#583231"]`');
    expect(said.summary).not.toContain("`lee#12` is named");

    const judged = await Stage.set({ policy });
    const other = judged.opened(change);
    await judged.evaluated(other);
    expect(`${judged.check(other).summary}${judged.check(other).text}`).not.toContain("named by the login alone");
  });
});
