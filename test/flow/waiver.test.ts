import { describe, expect, test } from "@jest/globals";
import { bucket, type Scenery, Stage } from "./stage.ts";

const enforce = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\n";

/** A pull request that Dana lets through in an emergency. */
async function waived(scenery: Scenery = {}): Promise<{ stage: Stage; number: number }> {
  const stage = await Stage.set({ policy: enforce, ...scenery });
  const number = stage.opened({ "infra/export.tf": bucket("exports") });
  await stage.evaluated(number);
  expect(stage.check(number).conclusion).toBe("failure");
  const body = "waive until 2026-03-20 because production is down";
  stage.github.as("dana").review(stage.name, number, "approve", { body });
  await stage.evaluated(number);
  return { stage, number };
}

describe("an emergency", () => {
  test("lets one commit through, and leaves an issue of what is owed", async () => {
    const { stage, number } = await waived();
    expect(stage.check(number)).toMatchObject({ conclusion: "success" });
    expect(stage.check(number).title).toMatch(/^Waived until 2026-03-20 by dana/);
    expect(stage.issues()).toEqual([]);
    stage.github.as("olga").merge(stage.name, number);
    await stage.evaluated(number);
    const [debt, ...others] = stage.issues().filter(({ title }) => title.startsWith("Waived"));
    expect(others).toEqual([]);
    expect(debt?.title).toBe(`Waived until 2026-03-20: settle what #${number} left open`);
    expect(debt?.labels.map(({ name }) => name)).toEqual(["threat-model", "waiver"]);
    expect(
      debt?.body?.replaceAll(stage.github.url, "https://github.example").replace(/[0-9a-f]{40}|`[0-9a-f]{7}`/g, "HEAD"),
    ).toBe(
      [
        "<!-- threatgate:1 issue waiver%2D1 -->",
        "",
        "`dana` let [#1](https://github.example/acme/shop/pull/1) through until **2026-03-20**: production is down.",
        "",
        "**Open when it was merged**",
        "",
        "- New object store: aws_s3_bucket `exports` is not in a threat model, because shop has none. ([`infra/export.tf:1`](https://github.example/acme/shop/blob/HEAD/infra/export.tf#L1)) Add a threat model: the check of a pull request offers a first `threat-model.yaml`, ready to edit.",
        "- Approved by @\u200bdana (Security Architect) at HEAD; no peer has approved. Ask a colleague with write access who did not contribute to approve this commit.",
        "",
        "**Done when** each point above is settled in the model or in the code. Close this then; nothing closes it by itself.",
      ].join("\n"),
    );
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test("once a person closed the issue it stays closed", async () => {
    const { stage, number } = await waived();
    stage.github.as("olga").merge(stage.name, number);
    await stage.evaluated(number);
    const debt = stage.issues().find(({ title }) => title.startsWith("Waived"));
    stage.github.as("olga").changeIssue(stage.name, debt?.number ?? 0, { state: "closed" });
    await stage.evaluated(number);
    expect(debt?.state).toBe("closed");
    expect(stage.asked.writing).toEqual([]);
  });

  test("H095 in a public repository the issue is withheld", async () => {
    const { stage, number } = await waived({ repository: { private: false } });
    stage.github.as("olga").merge(stage.name, number);
    const { desired } = await stage.evaluated(number);
    expect(stage.issues().filter(({ title }) => title.startsWith("Waived"))).toEqual([]);
    expect(desired.withheld).toContainEqual({
      output: "issue for the waiver",
      why: "public repository (publish.issues)",
    });
  });

  test("a push ends it: the next commit needs its own", async () => {
    const { stage, number } = await waived();
    stage.pushed(number, { "README.md": "# Shop\n\nMore.\n" });
    await stage.evaluated(number);
    expect(stage.check(number).conclusion).toBe("failure");
  });

  test("H039 written into an architect's review by somebody else, it lets nothing through, and that is said", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ "infra/export.tf": bucket("exports") });
    const review = stage.github.as("dana").review(stage.name, number, "approve", { body: "Looks good to me." });
    const edit = (login: string) =>
      stage.github
        .as(login)
        .editComment(stage.name, number, review, "waive until 2026-03-20 because production is down");
    edit("sam");
    await stage.evaluated(number);
    const { conclusion, summary, text } = stage.check(number);
    expect(conclusion).toBe("failure");
    expect(`${summary}${text}`.replaceAll("\u200b", "")).toContain(
      "The words of @dana's review were edited by @sam and count for nothing.",
    );
    // Her own edit of it is her word.
    edit("dana");
    await stage.evaluated(number);
    expect(stage.check(number).title).toMatch(/^Waived until 2026-03-20 by dana/);
  });

  test("written as a comment, or by somebody else, it lets nothing through", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ "infra/export.tf": bucket("exports") });
    const body = "waive until 2026-03-20 because production is down";
    stage.github.as("dana").comment(stage.name, number, body);
    stage.github.administrator("olga").setCollaborator(stage.name, "lee", "write");
    stage.github.as("lee").review(stage.name, number, "approve", { body });
    await stage.evaluated(number);
    expect(stage.check(number).conclusion).toBe("failure");
  });
});
