import { describe, expect, test } from "@jest/globals";
import { bucket, Stage } from "./stage.ts";

const change = { "infra/export.tf": bucket("exports") };
const organisationPolicy = `version: 1
mode: advise
riskThreshold: medium
repositories:
  - properties: {criticality: [high, critical]}
    mode: enforce
    riskThreshold: critical
  - match: sh*
    properties: {regulated: true}
    incomplete: fail
`;
const asked = "repos/custom-properties-for-repos-get-repository-values";

function reads(stage: Stage): number {
  return stage.github.requests.all.filter(({ operation }) => operation === asked).length;
}

describe("settings by custom property of the repository", () => {
  test("hold where the repository has the property with one of the values, and all properties of an entry", async () => {
    const properties = { criticality: "critical", regulated: "true", teams: ["a", "b"] };
    const stage = await Stage.set({ organisationPolicy, repository: { properties } });
    const number = stage.opened(change);
    const { assessment } = await stage.evaluated(number);
    expect(assessment.policy).toMatchObject({ mode: "enforce", riskThreshold: "critical", incomplete: "fail" });
    expect(stage.check(number).summary).not.toContain("UNKNOWN: which");
    expect(reads(stage)).toBe(1);
  });

  test("do not hold where the value is another one or none", async () => {
    const stage = await Stage.set({
      organisationPolicy,
      repository: { properties: { criticality: "low", regulated: null } },
    });
    const number = stage.opened(change);
    const { assessment } = await stage.evaluated(number);
    expect(assessment.policy).toMatchObject({ mode: "advise", riskThreshold: "medium", incomplete: "warn" });
  });

  test("are read only where a policy that fits the repository asks for them", async () => {
    for (const policy of [
      "version: 1\nmode: advise\n",
      "version: 1\nrepositories:\n  - match: other-*\n    properties: {x: y}\n    mode: enforce\n",
    ]) {
      const stage = await Stage.set({ organisationPolicy: policy });
      await stage.evaluated(stage.opened(change));
      expect(reads(stage)).toBe(0);
    }
  });

  test.each([403, 404])(
    "H016: refused with %i: nothing is guessed, the stricter value of each is taken, and it is said",
    async (status) => {
      const stage = await Stage.set({ organisationPolicy, repository: { properties: { criticality: "high" } } });
      const body = {
        message: "Resource not accessible by integration",
        documentation_url: "https://docs.github.com/rest",
      };
      stage.github.faults.add({ operation: asked, effect: { do: "answer", status, body }, times: 9 });
      const number = stage.opened(change);
      const { assessment } = await stage.evaluated(number);
      // `enforce` and `fail` are stricter than what holds without them; `critical` is looser than `medium`.
      expect(assessment.policy).toMatchObject({ mode: "enforce", riskThreshold: "medium", incomplete: "fail" });
      const said = stage.check(number).summary ?? "";
      expect(said).toContain("UNKNOWN: which of the organisation's settings by custom property hold here");
      expect(said).toContain("Of those in doubt the stricter value is taken");
    },
  );

  test("an entry that names no repository is a fault with a right example", async () => {
    const stage = await Stage.set({ organisationPolicy: "version: 1\nrepositories:\n  - mode: enforce\n" });
    const number = stage.opened(change);
    await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({
      conclusion: "failure",
      title: "Threatgate cannot use .github/threatgate.yml",
    });
    expect(stage.check(number).summary).toContain(
      "This entry of `repositories` does not say which repositories it is for.",
    );
  });
});
