import { describe, expect, test } from "@jest/globals";
import { bucket, Stage } from "./stage.ts";
import { Talking } from "./talking.ts";

/* Two systems in one repository, each with its own model: what concerns one says nothing about the other. */

const policy = `version: 1
mode: enforce
architects:
  teams: [security-architects]
systems:
  - name: Payments
    paths: [payments/**]
  - name: Website
    paths: [web/**]
`;

function model(name: string, threats = ""): string {
  return `schemaVersion: 1\nsystem: {name: ${name}}\nelements:\n  - {id: app, name: ${name} app, type: process}\n${threats}`;
}

function threat(id: string, title: string): string {
  return `threats:\n  - {id: ${id}, element: app, stride: S, title: ${title}, impact: high, likelihood: high, status: open}\n`;
}

async function stageWith(payments = model("Payments"), web = model("Website")): Promise<Stage> {
  return Stage.set({
    policy,
    files: { "payments/threat-model.yaml": payments, "web/threat-model.yaml": web },
  });
}

describe("two systems in one repository", () => {
  test("a change is held against the model of its own system, and the check speaks of that one alone", async () => {
    const stage = await stageWith(model("Payments"), model("Website", threat("T-shown", "Pages are forged")));
    const number = stage.opened({ "payments/cards.tf": bucket("cards") });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.systems.map(({ name, changes }) => [name, changes.length])).toEqual([
      ["Payments", 1],
      ["Website", 0],
    ]);
    const { summary, text } = stage.check(number);
    expect(text).toContain("Text to add to <code>payments/threat-model.yaml</code>");
    expect(`${summary}${text}`).not.toContain("web/threat-model.yaml");
    expect(`${summary}${text}`).not.toContain("Pages are forged");
    expect(stage.questions(number)[0]?.comments[0]?.body).toContain("`payments/threat-model.yaml`");
  });

  test("a change of both is told for each by its name", async () => {
    const stage = await stageWith();
    const number = stage.opened({ "payments/cards.tf": bucket("cards"), "web/pages.tf": bucket("pages") });
    await stage.evaluated(number);
    const { summary, text } = stage.check(number);
    expect(summary).toContain("**System Payments**");
    expect(summary).toContain("**System Website**");
    expect(text).toContain("Text to add to <code>payments/threat-model.yaml</code>");
    expect(text).toContain("Text to add to <code>web/threat-model.yaml</code>");
  });

  test("an update of one model covers no change of the other system", async () => {
    const stage = await stageWith();
    const updated = `${model("Website")}  - {id: cards, name: cards, type: object-store}\n`;
    const number = stage.opened({ "payments/cards.tf": bucket("cards"), "web/threat-model.yaml": updated });
    const { assessment } = await stage.evaluated(number);
    const [payments, website] = assessment.systems;
    expect(payments).toMatchObject({ modelUpdated: false, uncovered: [0] });
    expect(website).toMatchObject({ modelUpdated: true, uncovered: [] });
  });

  test("the clock of one system does not move with the other's", async () => {
    const stage = await stageWith();
    stage.github.clock.set("2026-03-06T09:00:00Z");
    const cards = stage.opened({ "payments/cards.tf": bucket("cards") }, { branch: "cards" });
    stage.github.as("olga").merge(stage.name, cards, "squash");
    stage.github.clock.set("2026-04-20T09:00:00Z");
    const number = stage.opened(
      { "payments/late.tf": bucket("late"), "web/pages.tf": bucket("pages") },
      { branch: "late" },
    );
    const { assessment } = await stage.evaluated(number);
    expect(assessment.systems.map(({ indicators }) => indicators["TM-1"].rag)).toEqual(["AMBER", "GREEN"]);
  });

  test("an answer is written into the model of the system that the question is about", async () => {
    const stage = await stageWith();
    const number = stage.opened({ "web/pages.tf": bucket("pages") });
    const talk = await Talking.about(stage, number);
    await talk.said("sam", `/threat not-applicable ${talk.threat} because the bucket holds public pages only`);
    expect(talk.patch).toContain("+++ b/web/threat-model.yaml");
  });

  test("after the merge each open threat has one issue, which names its model", async () => {
    const stage = await stageWith();
    const number = stage.opened({
      "payments/threat-model.yaml": model("Payments", threat("T-paid", "Payments are forged")),
      "web/threat-model.yaml": model("Website", threat("T-shown", "Pages are forged")),
    });
    await stage.evaluated(number);
    stage.github.as("olga").merge(stage.name, number, "squash");
    await stage.evaluated(number);
    const issues = stage.issues().map(({ title, body }) => [title, body?.includes("`payments/threat-model.yaml`")]);
    expect(issues).toEqual([
      [expect.stringContaining("Payments are forged"), true],
      [expect.stringContaining("Pages are forged"), false],
    ]);
  });

  test("what lies outside both is one more system, named after the repository", async () => {
    const stage = await stageWith();
    const number = stage.opened({ "infra/logs.tf": bucket("logs") });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.systems.at(-1)).toMatchObject({ name: "shop", changes: [0] });
    expect(assessment.conclusion).toBe("failure");
  });
});
