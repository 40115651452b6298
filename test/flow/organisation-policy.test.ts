import { describe, expect, test } from "@jest/globals";
import type { RepositorySeed, Seed } from "../github/seed.ts";
import { bucket, Stage } from "./stage.ts";

const change = { "infra/export.tf": bucket("exports") };
const enforcing = "version: 1\nmode: enforce\nlocked: [mode]\n";
const hint = "acme/.github";

/** The organisation's own repository; private unless said otherwise. */
function policyRepository(words: Partial<RepositorySeed> = {}): RepositorySeed {
  return { name: "acme/.github", private: true, files: { ".github/threatgate.yml": enforcing }, ...words };
}

function shop(): RepositorySeed {
  return {
    name: "acme/shop",
    files: { "README.md": "# Shop\n" },
    collaborators: { sam: "write" },
    teams: { "security-architects": "write" },
  };
}

/** An installation on chosen repositories alone. */
function onlyOn(...repositories: readonly string[]): NonNullable<Seed["apps"]> {
  return [{ installations: [{ account: "acme", repositories }] }];
}

describe("H016: an organisation's policy that is not shown is not one that is not there", () => {
  test("a private one that the installation does not cover: the check says UNKNOWN and what to do", async () => {
    const seed = { repositories: [shop(), policyRepository()], apps: onlyOn("acme/shop") };
    const stage = await Stage.set({ seed });
    const number = stage.opened(change);
    await stage.evaluated(number);
    const said = stage.check(number).summary ?? "";
    expect(said).toContain("UNKNOWN: whether acme has a policy for all its repositories.");
    expect(said).toContain(`an owner of acme adds ${hint} to the repositories that Threatgate is installed on`);
    expect(stage.check(number).conclusion).toBe("neutral");

    const quiet = stage.opened({ "docs/words.md": "Words.\n" }, { branch: "words" });
    await stage.evaluated(quiet);
    expect(stage.check(quiet).conclusion).toBe("success");
    expect(stage.check(quiet).summary).toContain("UNKNOWN: whether acme has a policy");
  });

  test("where an installation covers every repository, what is not shown is not there, and nothing is said", async () => {
    const stage = await Stage.set();
    const number = stage.opened(change);
    await stage.evaluated(number);
    expect(stage.check(number).summary).not.toContain("UNKNOWN: whether");
    const asked = stage.github.requests.all.filter(({ operation }) => operation === "apps/get-installation");
    await stage.evaluated(number);
    const again = stage.github.requests.all.filter(({ operation }) => operation === "apps/get-installation");
    expect([asked.length, again.length]).toEqual([1, 1]);
  });

  test("a public one is read whatever the installation covers", async () => {
    const seed = { repositories: [shop(), policyRepository({ private: false })], apps: onlyOn("acme/shop") };
    const stage = await Stage.set({ seed });
    const number = stage.opened(change);
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure" });
    expect(stage.check(number).summary).not.toContain("UNKNOWN: whether");
  });

  test("one that was seen before and is shown no more blocks: a lock does not fall by taking a repository away", async () => {
    const seed = { repositories: [shop(), policyRepository()], apps: onlyOn("acme/shop") };
    const stage = await Stage.set({ seed });
    const number = stage.opened(change);
    await stage.evaluated(number, {
      organisationPolicy: { demand: "seen", wasSeen: async (owner) => owner === "acme" },
    });
    const check = stage.check(number);
    expect(check).toMatchObject({ conclusion: "failure", title: "Threatgate cannot use .github/threatgate.yml" });
    expect(check.summary).toContain("it was seen before, and what it locks must not be judged without");
    expect(check.summary).toContain(`Contents: read on ${hint}; an owner of acme adds that repository`);
  });

  test("where the operator requires one, nothing is judged without it, not even where none is there", async () => {
    const stage = await Stage.set();
    const number = stage.opened(change);
    await stage.evaluated(number, { organisationPolicy: { demand: "required" } });
    expect(stage.check(number)).toMatchObject({ conclusion: "failure" });
    expect(stage.check(number).summary).toContain("this service judges nothing without it");
  });

  test("where the operator says that there is none, nothing is said", async () => {
    const seed = { repositories: [shop(), policyRepository()], apps: onlyOn("acme/shop") };
    const stage = await Stage.set({ seed });
    const number = stage.opened(change);
    await stage.evaluated(number, { organisationPolicy: { demand: "none" } });
    expect(stage.check(number).summary).not.toContain("UNKNOWN: whether");
  });
});
