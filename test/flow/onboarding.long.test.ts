import { describe, expect, test } from "@jest/globals";
import { takeNotice } from "../../src/entry/notices.ts";
import { TryAgainLater } from "../../src/shell/failures.ts";
import { waitingForOnboarding } from "../../src/shell/store/onboarding.ts";
import { effects } from "../github/faults.ts";
import { asking, infra, onboardingScene } from "./onboarding-scene.ts";
import type { Stage } from "./stage.ts";

const bodyOf = (stage: Stage): string => stage.issues().at(-1)?.body ?? "";

describe("onboarding: a repository without a threat model", () => {
  test("gets one issue with the derived model, its diagram and its baseline threats", async () => {
    const { stage, database, sweep, joined } = await onboardingScene({});
    await joined("shop");
    expect(await sweep()).toEqual({ opened: 1, passed: 0 });
    expect(stage.issues()).toHaveLength(1);
    const [issue] = stage.issues();
    expect(issue).toMatchObject({
      state: "open",
      title: "Begin the threat model: a first draft from the repository's own files",
    });
    const body = bodyOf(stage);
    for (const part of [
      "```mermaid",
      "**Baseline threats**",
      "schemaVersion: 1",
      "infra/main.tf",
      "questionnaire:",
      "npx threatgate init",
    ])
      expect(body).toContain(part);
    const line = await database.kysely.selectFrom("audit").selectAll().executeTakeFirst();
    expect(line).toMatchObject({ step: "open the issue of the first model", outcome: "done" });
  });

  test("one that GitHub does not answer for waits until all others had their turn", async () => {
    const { stage, database, sweep, joined } = await onboardingScene({}, [{ name: "acme/desk", files: infra }]);
    await joined("shop", "desk");
    stage.github.faults.add({ operation: "graphql/OwnIssues", effect: effects.serverError(), times: 10 });
    await expect(sweep()).rejects.toThrow(TryAgainLater);
    stage.github.faults.clear();
    const names = async () =>
      (await waitingForOnboarding(database.kysely, stage.github.app.installation, 9)).map(({ name }) => name);
    expect(await names()).toEqual(["desk", "shop"]);
    expect(await sweep("2026-03-04T10:10:00Z")).toEqual({ opened: 2, passed: 0 });
    expect(await names()).toEqual([]);
  });

  test("once: not after it was closed, not after it was deleted, not after a second event", async () => {
    const { stage, sweep, joined } = await onboardingScene({});
    await joined("shop");
    await sweep();
    const number = stage.issues()[0]?.number ?? 0;
    stage.github.as("olga").changeIssue(stage.name, number, { state: "closed" });
    await joined("shop");
    expect(await sweep("2026-03-05T10:00:00Z")).toEqual({ opened: 0, passed: 0 });
    stage.github.as("olga").deleteIssue(stage.name, number);
    await joined("shop");
    expect(await sweep("2026-03-06T10:00:00Z")).toEqual({ opened: 0, passed: 0 });
    expect(stage.issues()).toEqual([]);
  });

  test("H037 where our records are lost it is found by its marker and our own account; a marker of somebody else's is no issue of ours", async () => {
    const { stage, database, sweep, joined } = await onboardingScene({});
    const marker = "<!-- threatgate:1 issue onboarding%3A%20first%20model -->";
    stage.github.as("mallory").openIssue(stage.name, { title: "Begin", body: marker, labels: ["threat-model"] });
    await joined("shop");
    expect((await sweep()).opened).toBe(1);
    expect(bodyOf(stage).startsWith(`${marker}\n`)).toBe(true);
    await database.kysely.deleteFrom("onboarding").execute();
    await joined("shop");
    expect(await sweep("2026-03-05T10:00:00Z")).toEqual({ opened: 0, passed: 1 });
    expect(stage.issues()).toHaveLength(2);
  });

  test("H095 in a public repository holds no threat and no question about countermeasures, unless the policy publishes them", async () => {
    const hidden = await onboardingScene({ repository: { private: false } });
    await hidden.joined("shop");
    await hidden.sweep();
    const body = bodyOf(hidden.stage);
    expect(body).toContain("**Threats** are not written here, because everybody can read it");
    expect(body).toContain("elements:");
    for (const secret of ["Baseline threats", "threats:", "To do:", "element: "])
      expect([secret, body.includes(secret === "element: " ? "\n    element: " : secret)]).toEqual([secret, false]);
    const shown = await onboardingScene({
      repository: { private: false },
      organisationPolicy: `${asking}publish:\n  openThreats: true\n`,
    });
    await shown.joined("shop");
    await shown.sweep();
    expect(bodyOf(shown.stage)).toContain("**Baseline threats**");
  });

  test.each([
    ["the policy asks for none", { organisationPolicy: "version: 1\n" }, "its policy asks for none"],
    ["the policy has a fault", { organisationPolicy: "version: 1\nonboarding: yes\n" }, "its policy cannot be used"],
    [
      "it has a model",
      {
        files: {
          ...infra,
          "docs/threat-model.yaml":
            "schemaVersion: 1\nsystem:\n  name: Shop\nelements:\n  - id: a\n    name: a\n    type: process\n",
        },
      },
      "it has a threat model: docs/threat-model.yaml",
    ],
    ["it is archived", { repository: { archived: true } }, "it is archived"],
    ["its issues are off", { repository: { hasIssues: false } }, "its issues are switched off"],
    ["nothing in it runs", { files: { "docs/words.md": "Words.\n" } }, "nothing that runs was found in its files"],
  ])("gets none where %s", async (_, words, why) => {
    const { stage, database, sweep, joined } = await onboardingScene(words);
    await joined("shop");
    expect((await sweep()).opened).toBe(0);
    expect(stage.issues()).toEqual([]);
    expect(await database.kysely.selectFrom("onboarding").select("why").executeTakeFirst()).toEqual({ why });
  });

  test("gets it later where the policy comes to ask for it", async () => {
    const { stage, database, sweep, joined } = await onboardingScene({ organisationPolicy: "version: 1\n" });
    await joined("shop");
    await sweep();
    stage.github.as("olga").pushCommit("acme/.github", { branch: "main", files: { ".github/threatgate.yml": asking } });
    expect((await sweep()).opened).toBe(0);
    await takeNotice(database, { kind: "policy-changed", owner: "acme" }, "d", { graceDays: 30 });
    expect((await sweep()).opened).toBe(1);
  });

  test("six an hour for an installation", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `service-${index}`);
    const { stage, sweep, joined } = await onboardingScene(
      {},
      names.map((name) => ({ name: `acme/${name}`, files: infra })),
    );
    await joined(...names);
    expect((await sweep("2026-03-04T10:00:00Z")).opened).toBe(6);
    expect((await sweep("2026-03-04T10:30:00Z")).opened).toBe(0);
    expect((await sweep("2026-03-04T11:00:01Z")).opened).toBe(2);
    expect(names.map((name) => stage.github.issues(`acme/${name}`).length)).toEqual(names.map(() => 1));
  });
});
