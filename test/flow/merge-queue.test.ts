import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { MergeGroupName } from "../../src/shell/event.ts";
import { wakeUpsOf } from "../../src/shell/github/events.ts";
import { GitHubMergeQueue } from "../../src/shell/github/merge-queue.ts";
import { answerMergeGroup } from "../../src/shell/merge-group.ts";
import { usualPermissions } from "../github/seed-apps.ts";
import { eventually, RunningService } from "./program.ts";
import { bucket, Stage } from "./stage.ts";

const enforce = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\n";

/** Three pull requests: two that change nothing of the architecture, and one that adds a bucket. */
function three(stage: Stage): { readonly words: number; readonly more: number; readonly store: number } {
  const words = stage.opened({ "A.md": "Words.\n" }, { branch: "words" });
  const more = stage.opened({ "B.md": "Words.\n" }, { branch: "more" });
  const store = stage.opened({ "infra/export.tf": bucket("exports") }, { branch: "store" });
  return { words, more, store };
}

/** Puts pull requests into the queue; what the webhook asks for then. */
function queued(
  stage: Stage,
  ...numbers: readonly number[]
): { readonly group: MergeGroupName; readonly last: number } {
  stage.github.webhooks.hold();
  stage.github.sendWebhooksTo("http://127.0.0.1:9/api/github/webhooks");
  stage.github.as("dana").enqueue(stage.name, ...numbers);
  const { app, webhooks } = stage.github;
  const [wakeUp] = webhooks.deliveries.flatMap(({ event, guid, body }) =>
    wakeUpsOf(event, guid, JSON.parse(body), { appId: app.id }).filter(({ group }) => group),
  );
  if (!wakeUp?.group) throw new Error("no check was asked for");
  return { group: wakeUp.group, last: wakeUp.subject.number };
}

async function answered(stage: Stage, { group, last }: ReturnType<typeof queued>, isLastAttempt = true) {
  const client = stage.app.forMergeQueue(stage.github.app.installation, "shop");
  const queue = new GitHubMergeQueue(client, { owner: "acme", name: "shop" });
  const evaluated: number[] = [];
  const world = {
    members: (of: MergeGroupName) => queue.members(of),
    evaluate: async (number: number) => {
      evaluated.push(number);
    },
    post: (plan: Parameters<GitHubMergeQueue["post"]>[0]) => queue.post(plan, last),
  };
  const error = await answerMergeGroup(group, world, isLastAttempt).then(
    () => undefined,
    (failure: unknown) => String(failure),
  );
  const check = stage.github.checkRuns(stage.name, group.head).at(-1);
  return { check, evaluated, error };
}

describe("H035: a merge queue asks for the check of a group", () => {
  test("H035: passes where each pull request passes at its current head", async () => {
    const stage = await Stage.set({ policy: enforce });
    const { words, more } = three(stage);
    await stage.evaluated(words);
    await stage.evaluated(more);
    const { check } = await answered(stage, queued(stage, words, more));
    expect(check).toMatchObject({ name: "threat-model", conclusion: "success" });
    expect(check?.summary?.replace(/`[0-9a-f]{7}`/g, "`<id>`")).toBe(
      `Each pull request of this group passes at its current head.\n\n- #${words} at \`<id>\`: passes\n- #${more} at \`<id>\`: passes`,
    );
  });

  test("H035: blocks where one of three does not pass, and names it", async () => {
    const stage = await Stage.set({ policy: enforce });
    const { words, more, store } = three(stage);
    for (const number of [words, more, store]) await stage.evaluated(number);
    const { check } = await answered(stage, queued(stage, words, store, more));
    expect(check).toMatchObject({ conclusion: "failure", title: `#${store} held back` });
    expect(check?.summary?.replace(/`[0-9a-f]{7}`/g, "`<id>`")).toBe(
      `**This group is not merged: one of its pull requests does not pass.** Take it out of the queue, or settle what its own check asks and queue it again.\n\n- #${words} at \`<id>\`: passes\n- #${store} at \`<id>\`: **does not pass**; its own check says why\n- #${more} at \`<id>\`: passes`,
    );
  });

  test("H035: waits for a verdict that is missing, has it made, and counts it as none in the end", async () => {
    const stage = await Stage.set({ policy: enforce });
    const { words, more } = three(stage);
    await stage.evaluated(words);
    const group = queued(stage, words, more);
    const first = await answered(stage, group, false);
    expect(first).toEqual({
      check: undefined,
      evaluated: [more],
      error: `TryAgainLater: The verdict of #${more} is still to come.`,
    });
    expect((await answered(stage, group)).check).toMatchObject({ conclusion: "failure", title: `#${more} held back` });
    await stage.evaluated(more);
    expect((await answered(stage, group, false)).check).toMatchObject({ conclusion: "success" });
  });

  test("H035: a verdict of an earlier head, or of another App's check by the same name, is none", async () => {
    const stage = await Stage.set({ policy: enforce, seed: { apps: [{}, { slug: "other-bot" }] } });
    const { words } = three(stage);
    await stage.evaluated(words);
    stage.pushed(words, { "C.md": "Words.\n" });
    const { sha } = stage.pull(words).head;
    stage.github.as("sam").forgeCheck(stage.name, sha, "threat-model", "other-bot", "success");
    expect((await answered(stage, queued(stage, words))).check).toMatchObject({ conclusion: "failure" });
  });

  test("H035: without the permission to read the queue nothing passes, and the check says what to grant", async () => {
    const { merge_queues: _, ...less } = usualPermissions;
    const stage = await Stage.set({ policy: enforce, seed: { apps: [{ permissions: less }] } });
    const { words } = three(stage);
    await stage.evaluated(words);
    const { check } = await answered(stage, queued(stage, words));
    expect(check).toMatchObject({
      conclusion: "failure",
      title: "The merge group cannot be told",
      summary:
        "**It is not known which pull requests are in this group, so none is let through.** This App may not read merge queues: grant it the permission, or take the check off the queue.",
    });
  });

  test("H035: the running service answers", async () => {
    const stage = await Stage.set({ policy: enforce });
    const folder = await mkdtemp(join(tmpdir(), "threatgate-queue-"));
    const service = await RunningService.start(stage.github, folder);
    try {
      const { words, store } = three(stage);
      await eventually("both are judged", () => stage.checks(words).length > 0 && stage.checks(store).length > 0);
      const head = stage.github.as("dana").enqueue(stage.name, words, store);
      await eventually("the group is answered", () => stage.github.checkRuns(stage.name, head).length > 0);
      expect(stage.github.checkRuns(stage.name, head)[0]).toMatchObject({ conclusion: "failure" });
    } finally {
      await service.end("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    }
  });
});
