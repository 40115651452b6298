import { describe, expect, test } from "@jest/globals";
import { worldOf } from "../../src/entry/world.ts";
import { judgingApart } from "../../src/shell/judge-process.ts";
import { run } from "../../src/shell/run.ts";
import { anOwnChangeRule, classificationOfThePage, ownRulesOfThePage } from "../make/an-own-rule.ts";
import { bucket, Stage } from "./stage.ts";

const bus = { "src/orders.ts": 'export const port = 1;\nconst bus = new FernhillBus("orders");\n' };
const enforcing = "version: 1\nmode: enforce\nincomplete: warn\n";
const folder = ".github/threatgate";

describe("an organisation adds a rule", () => {
  test("the example of the page asks on the line, with its own threat, and links to its own file", async () => {
    const stage = await Stage.set({ organisationPolicy: enforcing, organisationFiles: ownRulesOfThePage() });
    const number = stage.opened(bus);
    const { assessment } = await stage.evaluated(number);
    expect(stage.check(number)).toMatchObject({ conclusion: "failure" });
    expect(assessment.versions.rules).toMatch(/^[0-9a-f]{12}\+[0-9a-z]{8}$/);
    const [question] = stage.questions(number);
    expect(question).toMatchObject({ path: "src/orders.ts" });
    const said = question?.comments[0]?.body ?? "";
    expect(said).toContain("A message on the company bus comes from somebody else than it says");
    expect(said).toContain("acme/.github/blob/HEAD/.github/threatgate/changes/org-bus-client.yml");
    expect(stage.questions(number)).toHaveLength(1);
    await stage.evaluated(number);
    expect(stage.asked).toEqual({ reading: ["pulls/list-files", "graphql/PullRequest"], writing: [] });
  });

  test("they reach the process that judges, which knows the snapshot alone", async () => {
    const stage = await Stage.set({ organisationPolicy: enforcing, organisationFiles: ownRulesOfThePage() });
    const number = stage.opened(bus);
    // It runs below normal priority: on a busy machine it waits for everybody else.
    const apart = judgingApart({ time: 120_000 });
    try {
      const here = stage.world();
      const { assessment } = await run(
        stage.subject(number),
        worldOf({ ...here, host: "https://host", requestId: "r", judging: apart }),
      );
      expect(assessment.changes.map(({ rule }) => rule)).toEqual(["org-bus-client"]);
      expect(assessment.threats.map(({ rule }) => rule)).toEqual(["org-bus-message-forged"]);
    } finally {
      apart.stop();
    }
  });

  test("modes are set by policy, for one repository or a pattern of them; `off` is silent", async () => {
    for (const [mode, conclusion] of [
      ["monitor", "success"],
      ["off", "success"],
      ["block", "failure"],
    ] as const) {
      const stage = await Stage.set({
        organisationPolicy: `${enforcing}repositories:\n  - match: sh*\n    rules: {org-bus-client: "${mode}"}\n`,
        organisationFiles: ownRulesOfThePage(),
      });
      const number = stage.opened(bus);
      await stage.evaluated(number);
      expect([mode, stage.check(number).conclusion]).toEqual([mode, conclusion]);
    }
  });

  test("a threat is switched off by policy", async () => {
    const stage = await Stage.set({
      organisationPolicy: `${enforcing}rules: {org-bus-message-forged: "off"}\n`,
      organisationFiles: ownRulesOfThePage(),
    });
    const number = stage.opened(bus);
    const { assessment } = await stage.evaluated(number);
    expect(assessment.threats).toEqual([]);
    expect(stage.questions(number)[0]?.comments[0]?.body).not.toContain("comes from somebody else");
  });

  test("a file with a fault is named with its line and a right example; the other rules, own and shipped, work", async () => {
    const bad = anOwnChangeRule("org-bad", "x").replace("confidence: high", "confidence: hgh");
    const stage = await Stage.set({
      organisationPolicy: enforcing,
      organisationFiles: { ...ownRulesOfThePage(), [`${folder}/changes/org-bad.yml`]: bad },
    });
    const number = stage.opened({ ...bus, "infra/export.tf": bucket("exports") });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.changes.filter(({ significant }) => significant).map(({ rule }) => rule)).toEqual([
      "terraform-object-store",
      "org-bus-client",
    ]);
    const said = stage.check(number).summary ?? "";
    expect(said).toContain("`acme/.github:.github/threatgate/changes/org-bad.yml:9`");
    expect(said).toContain("`confidence` is `hgh`.");
    expect(said).toContain("Example: `confidence: high`");
    expect(said).not.toContain("cannot use .github/threatgate.yml");
  });

  test("H013: a rule that the pull request itself brings is not used", async () => {
    const stage = await Stage.set({ policy: "version: 1\nrepositoryRules: use\n" });
    const number = stage.opened({
      "src/a.ts": "ownWord();\n",
      [`${folder}/changes/repo-word.yml`]: anOwnChangeRule("repo-word", "ownWord"),
    });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.changes.filter(({ rule }) => rule === "repo-word")).toEqual([]);
  });

  test("rules of the repository: used where its policy says so, not where the organisation locks that", async () => {
    const files = { [`${folder}/changes/repo-word.yml`]: anOwnChangeRule("repo-word", "ownWord") };
    const policy = "version: 1\nrepositoryRules: use\n";
    const stage = await Stage.set({ policy, files });
    const number = stage.opened({ "src/a.ts": "ownWord();\n" });
    await stage.evaluated(number);
    expect(stage.questions(number)).toHaveLength(1);

    const locked = await Stage.set({ policy, files, organisationPolicy: "version: 1\nlocked: [repositoryRules]\n" });
    const same = locked.opened({ "src/a.ts": "ownWord();\n" });
    await locked.evaluated(same);
    expect(locked.questions(same)).toEqual([]);
    expect(locked.check(same).summary).toContain("The rules in this folder are not used.");
    expect(locked.check(same).summary).toContain("The organisation locks `repositoryRules`");
  });

  test("sixty rules: fifty are read, the others are named", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => {
        const id = `org-w${String(index).padStart(2, "0")}`;
        return [`${folder}/changes/${id}.yml`, anOwnChangeRule(id, `word${index}x`)];
      }),
    );
    const stage = await Stage.set({ organisationPolicy: enforcing, organisationFiles: files });
    const number = stage.opened({ "src/a.ts": "word3x();\nword55x();\n" });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.changes.map(({ rule }) => rule)).toEqual(["org-w03"]);
    expect(assessment.problems).toHaveLength(10);
    expect(assessment.problems[0]).toMatchObject({
      path: `acme/.github:${folder}/changes/org-w50.yml`,
      what: "It is not read: there are too many.",
    });
  });

  test("the organisation's classification decides the class of every system, from the next verdict on", async () => {
    const model = `schemaVersion: 1
system: { id: shop, name: Shop, exposure: internal }
questionnaire:
  - { fact: ferries, asks: Does an outage hold up the ferries?, choices: [wait, none], answer: wait }
`;
    const files = { "threat-model.yaml": model };
    const without = await Stage.set({ organisationPolicy: enforcing, files });
    const first = without.opened({ "infra/export.tf": bucket("exports") });
    expect((await without.evaluated(first)).assessment.systems[0]?.classification).toMatchObject({
      riskClass: "medium",
    });

    const stage = await Stage.set({
      organisationPolicy: enforcing,
      organisationFiles: { [`${folder}/classification.yml`]: classificationOfThePage() },
      files,
    });
    const number = stage.opened({ "infra/export.tf": bucket("exports") });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.systems[0]?.classification).toMatchObject({ riskClass: "high", rule: "ferries-wait" });
    expect(assessment.versions.rules).toMatch(/^[0-9a-f]{12}\+[0-9a-z]{8}$/);
    expect(stage.check(number).text).toContain("ferry that waits costs the island its supplies");
  });

  test("H013: a classification that the repository or the pull request brings is told and not used", async () => {
    const classification = classificationOfThePage();
    const stage = await Stage.set({
      policy: "version: 1\nrepositoryRules: use\n",
      files: { [`${folder}/classification.yml`]: classification },
    });
    const number = stage.opened({ "infra/export.tf": bucket("exports") });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.systems[0]?.classification).toMatchObject({ riskClass: "medium", decidedBy: "unknown" });
    expect(stage.check(number).summary).toContain("How systems are classified is the organisation's to say");
  });
});
