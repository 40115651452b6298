import { describe, expect, test } from "@jest/globals";
import { wakeUpsOf } from "../../src/shell/github/events.ts";
import { GitHubMergeQueue } from "../../src/shell/github/merge-queue.ts";
import { answerMergeGroup } from "../../src/shell/merge-group.ts";
import { usualPermissions } from "../github/seed-apps.ts";
import type { CheckRun } from "../github/world.ts";
import { expectTextBeside } from "../make/expected-text.ts";
import { happen, modelOf, openIncident, settledFiles } from "../make/repository-life.ts";
import { Life } from "./life.ts";
import { bucket, Stage } from "./stage.ts";
import { Talking } from "./talking.ts";

/*
 * Whole texts of what people read on GitHub, as the bot wrote them there: `expected/<name>.md`. What differs from run to
 * run (addresses, ids of commits, digests in markers) is told by a word.
 */

const enforce = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\n";
const exportPath = "infra/export.tf";
const emergency = "waive until 2026-03-20 because production is down";

function expectText(stage: Stage, name: string, text: string): void {
  const plain = text
    .replaceAll(stage.github.url, "https://github.example")
    .replaceAll(/\b[0-9a-f]{40}\b/g, "COMMIT")
    .replaceAll(/`(?=[0-9a-f]*\d)[0-9a-f]{7}`/g, "`COMMIT`")
    .replaceAll(/Threatgate \S+, rules `[0-9a-f]{12}`/g, "Threatgate VERSION, rules `DIGEST`")
    .replaceAll(/\b[0-9a-f]{64}\b|(?<=:)[0-9a-f]{12,32}\b/g, "DIGEST");
  expectTextBeside(import.meta.url, name, `${plain.trimEnd()}\n`);
}

function told({ conclusion, status, title, summary, text }: CheckRun): string {
  const parts = [`== check: ${conclusion ?? status}: ${title}`, summary ?? ""];
  return [...parts, ...(text ? ["== check, details", text] : [])].join("\n\n");
}

describe("the text of", () => {
  test("a waiver: its check, and the issue of what it leaves owed", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    stage.github.as("dana").review(stage.name, number, "approve", { body: emergency });
    await stage.evaluated(number);
    const check = told(stage.check(number));
    stage.github.as("olga").merge(stage.name, number);
    await stage.evaluated(number);
    const debt = stage.issues().find(({ labels }) => labels.some(({ name }) => name === "waiver"));
    expectText(stage, "waiver", `${check}\n\n== issue: ${debt?.title}\n\n${debt?.body}`);
  });

  test("the answers to /threat apply: done, nothing left, and not done", async () => {
    const seed = { apps: [{ permissions: { ...usualPermissions, contents: "write" as const } }] };
    const talking = await Talking.begin({ seed });
    const { threat } = talking;
    await talking.said("sam", `/threat not-applicable ${threat} because the bucket holds public images only`);
    for (const _ of ["done", "nothing is left"]) {
      talking.comment("sam", "/threat apply");
      await answerLast(talking);
    }
    const granted = talking.replies.map((reply) => `== reply\n\n${reply}`);

    const reading = await Talking.begin();
    await reading.said("sam", `/threat not-applicable ${reading.threat} because the bucket holds public images only`);
    reading.comment("sam", "/threat apply");
    await answerLast(reading);
    const refused = reading.replies.slice(-1).map((reply) => `== reply where it may not write\n\n${reply}`);

    const moved = await Talking.begin({ seed });
    await moved.said("sam", `/threat not-applicable ${moved.threat} because the bucket holds public images only`);
    moved.stage.pushed(moved.number, { "README.md": "# Shop\n\nMore.\n" });
    moved.comment("sam", "/threat apply");
    await answerLast(moved);
    const late = moved.replies.slice(-1).map((reply) => `== reply after a push\n\n${reply}`);
    const all = [...granted, ...refused, ...late].join("\n\n");
    const urls = [reading, moved].map(({ stage }) => stage.github.url);
    const plain = urls.reduce((text, url) => text.replaceAll(url, "https://github.example"), all);
    expectText(talking.stage, "apply", plain);
  });

  test("the check of a merge group: it passes, it does not, it cannot be told", async () => {
    const stage = await Stage.set({ policy: enforce });
    const words = stage.opened({ "A.md": "Words.\n" }, { branch: "words" });
    const store = stage.opened({ [exportPath]: bucket("exports") }, { branch: "store" });
    for (const number of [words, store]) await stage.evaluated(number);
    const passes = await groupCheck(stage, words);
    const held = await groupCheck(stage, words, store);
    const { merge_queues: _, ...less } = usualPermissions;
    stage.github.administrator("olga").acceptPermissions(stage.github.app.installation, less);
    stage.app.forget(stage.github.app.installation);
    const unknown = await groupCheck(stage, words);
    expectText(stage, "merge-group", [passes, held, unknown].map(told).join("\n\n"));
  });

  test("the strictest verdict of a commit: of two pull requests, and of another base", async () => {
    const stage = await Stage.set({ policy: enforce });
    const sam = stage.github.as("sam");
    sam.pushCommit(stage.name, { branch: "sandbox", files: { [exportPath]: bucket("exports") }, message: "Try" });
    const from = stage.tipOf("sandbox");
    sam.pushCommit(stage.name, { branch: "feature", from, files: { "README.md": "# Shop\n\nMore.\n" } });
    const other = sam.openPullRequest(stage.name, { branch: "feature", base: "sandbox", title: "More words" });
    await stage.evaluated(other);
    const ofBase = told(stage.check(other));
    sam.openPullRequest(stage.name, { branch: "feature", title: "All of it" });
    await stage.evaluated(other);
    expectText(stage, "strictest-verdict", [ofBase, told(stage.check(other))].join("\n\n"));
  });

  test("a check that is in progress", async () => {
    const stage = await Stage.set({ policy: enforce });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    await stage.world().posts.begin(stage.subject(number), stage.pull(number).head.sha, undefined);
    expectText(stage, "in-progress", told(stage.check(number)));
  });

  test("what scanners, advisories and incidents say, in a private repository and in a public one", async () => {
    const permissions = {
      ...usualPermissions,
      security_events: "read",
      secret_scanning_alerts: "read",
      vulnerability_alerts: "read",
    } as const;
    const shown: string[] = [];
    for (const isPrivate of [true, false]) {
      const stage = await Stage.set({
        policy: enforce,
        files: { ...settledFiles, "threat-model.yaml": modelOf("open") },
        repository: { private: isPrivate, labels: ["later", "security-incident"], alerts: { codeScanning: [] } },
        seed: { now: "2026-01-10T08:00:00Z", apps: [{ permissions }] },
      });
      const { github, name } = stage;
      openIncident(github, name);
      happen(github, name, { does: "incident", is: "labelled" });
      happen(github, name, { does: "alert", state: "open" });
      happen(github, name, { does: "advisory", state: "open" });
      github.clock.set("2026-03-04T09:00:00Z");
      const route = 'app.get("/orders/:id", (request, response) => response.json(orders.get(request)));\n';
      const number = stage.opened({ "threat-model.yaml": modelOf("mitigated"), "src/web/orders.ts": route });
      await stage.evaluated(number, { evidence: stage.app.forEvidence(stage.installation, "shop") });
      const [review] = stage.reviews(number);
      shown.push(
        `${told(stage.check(number))}\n\n== review\n\n${review?.body}`.replaceAll(github.url, "https://github.example"),
      );
      if (!isPrivate) expectText(stage, "evidence", shown.join("\n\n== the same in a public repository\n\n"));
    }
    expect(shown).toHaveLength(2);
  });

  test("issues that people closed in Jira, in the check of a pull request", async () => {
    const life = await Life.begin("jira");
    life.does({ does: "issue", is: "closed" });
    const closings = life.issues().flatMap(({ isOpen }) => (isOpen ? [] : [{ threat: "th-1", name: "SHOP-1" }]));
    const { number, stage } = life;
    await stage.evaluated(number, { remembered: { entries: [], closings } });
    expectText(stage, "closed-in-jira", told(stage.check(number)));
    await life.close();
  });
});

/** The earlier comments are not answered anew: what they show would be of the commit of now. */
async function answerLast(talking: Talking): Promise<void> {
  const last = talking.wakeUps().at(-1);
  if (!last) throw new Error("nothing was asked");
  await talking.answer(last);
}

/** The check on the head of a group of these pull requests. */
async function groupCheck(stage: Stage, ...numbers: readonly number[]): Promise<CheckRun> {
  const { github, name } = stage;
  github.webhooks.hold();
  github.sendWebhooksTo("http://127.0.0.1:9/api/github/webhooks");
  const head = github.as("dana").enqueue(name, ...numbers);
  const [wakeUp] = github.webhooks.deliveries.flatMap(({ event, guid, body }) =>
    wakeUpsOf(event, guid, JSON.parse(body), { appId: github.app.id }).filter(({ group }) => group?.head === head),
  );
  if (!wakeUp?.group) throw new Error("no check was asked for");
  const queue = new GitHubMergeQueue(stage.app.forMergeQueue(github.app.installation, "shop"), {
    owner: "acme",
    name: "shop",
  });
  const world = {
    members: (of: typeof wakeUp.group & object) => queue.members(of),
    evaluate: async () => {},
    post: (plan: Parameters<GitHubMergeQueue["post"]>[0]) => queue.post(plan, wakeUp.subject.number),
  };
  await answerMergeGroup(wakeUp.group, world, true);
  const check = github.checkRuns(name, head).at(-1);
  if (!check) throw new Error("there is no check");
  return check;
}
