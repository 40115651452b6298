import { describe, expect, test } from "@jest/globals";
import { afterAcceptances } from "../../src/entry/ended-acceptances.ts";
import { bucket, Stage } from "./stage.ts";

const policy = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";

/** A model with one threat of high risk, in this state. */
function model(threat: string): string {
  return `schemaVersion: 1\nsystem:\n  name: Shop\nelements:\n  - id: shop\n    name: shop\n    type: process\nthreats:\n  - id: TH-1\n    element: shop\n    stride: [I]\n    title: Orders can be read by strangers\n    impact: high\n    likelihood: high\n${threat}`;
}

function accepted(until: string): string {
  return model(
    `    status: accepted\n    reason: The pilot has ten known customers only.\nacceptances:\n  - threat: TH-1\n    reason: The pilot has ten known customers only.\n    compensating: Logs are read every day.\n    level: high\n    approver: dana\n    until: "${until}"\n    review: "${until}"\n`,
  );
}

const open = model("    status: open\n");

/** A repository in which a pull request was merged that accepts the risk until the end of March. */
async function merged(before: string): Promise<{ stage: Stage; number: number }> {
  const stage = await Stage.set({ policy, files: { "threat-model.yaml": before } });
  const number = stage.opened({ "threat-model.yaml": accepted("2026-03-31"), "infra/export.tf": bucket("exports") });
  stage.github.as("dana").review(stage.name, number, "approve");
  await stage.evaluated(number);
  stage.github.as("olga").merge(stage.name, number);
  await stage.evaluated(number);
  return { stage, number };
}

const ended = (stage: Stage, number: number) =>
  afterAcceptances({ id: "sweep", why: "acceptance.ended", subject: stage.subject(number) }, stage.world());

const ours = (stage: Stage) =>
  stage
    .issues()
    .filter(({ title }) => title.includes("Orders can be read by strangers"))
    .map(({ state }) => state);

describe("an accepted risk that ends", () => {
  test("opens the issue of its threat, once, and no other; before that day nothing is done", async () => {
    const { stage, number } = await merged(open);
    expect(ours(stage)).toEqual([]);
    const others = stage.issues().length;
    stage.github.clock.set("2026-03-31T23:00:00Z");
    expect(await ended(stage, number)).toMatchObject({ results: [], next: "2026-04-01T00:00:00Z" });
    stage.github.clock.set("2026-04-01T00:10:00Z");
    expect((await ended(stage, number))?.next).toBeUndefined();
    expect([ours(stage), stage.issues().length]).toEqual([["open"], others + 1]);
    expect((await ended(stage, number))?.results).toEqual([]);
  });

  test("is judged by the default branch of that day: what was mended meanwhile stays closed", async () => {
    const { stage, number } = await merged(open);
    stage.github
      .as("sam")
      .pushCommit(stage.name, { branch: "main", files: { "threat-model.yaml": accepted("2026-06-30") } });
    stage.github.clock.set("2026-04-01T00:10:00Z");
    expect(await ended(stage, number)).toMatchObject({ results: [], next: "2026-07-01T00:00:00Z" });
    expect(ours(stage)).toEqual([]);
  });

  test("opens again the issue that its acceptance had closed", async () => {
    const stage = await Stage.set({ policy, files: { "README.md": "# Shop\n" } });
    const first = stage.opened({ "threat-model.yaml": open }, { branch: "first" });
    stage.github.as("olga").merge(stage.name, first);
    await stage.evaluated(first);
    expect(ours(stage)).toEqual(["open"]);
    const second = stage.opened({ "threat-model.yaml": accepted("2026-03-31") }, { branch: "second" });
    stage.github.as("dana").review(stage.name, second, "approve");
    stage.github.as("olga").merge(stage.name, second);
    await stage.evaluated(second);
    expect(ours(stage)).toEqual(["closed"]);
    stage.github.clock.set("2026-04-01T00:10:00Z");
    await ended(stage, second);
    expect(ours(stage)).toEqual(["open"]);
  });

  test("a pull request that was not merged stands for no default branch", async () => {
    const stage = await Stage.set({ policy, files: { "threat-model.yaml": accepted("2026-03-31") } });
    const number = stage.opened({ "infra/export.tf": bucket("exports") });
    expect(await ended(stage, number)).toBeUndefined();
  });
});
