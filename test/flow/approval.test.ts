import { describe, expect, test } from "@jest/globals";
import type { ReviewVerdict } from "../../src/core/domain/assessment.ts";
import { effects } from "../github/faults.ts";
import { usualPermissions } from "../github/seed-apps.ts";
import { bucket, type Scenery, Stage } from "./stage.ts";

/*
 * Who approves, from what GitHub says over HTTP. Sam opened the pull request; Dana is the Security Architect.
 */

const enforce = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\n";
const exportPath = "infra/export.tf";

interface Approval {
  readonly stage: Stage;
  readonly number: number;
  /** Who counts as architect and as peer now, and why others do not. */
  readonly now: () => Promise<{
    architects: string[];
    peers: string[];
    notCounted: Record<string, string>;
    unknown: string;
  }>;
}

async function begin(scenery: Scenery = {}): Promise<Approval> {
  const stage = await Stage.set({ policy: enforce, ...scenery });
  const number = stage.opened({ [exportPath]: bucket("exports") });
  await stage.evaluated(number);
  const verdict = async (): Promise<ReviewVerdict> => {
    const { assessment } = await stage.evaluated(number);
    const [system] = assessment.systems;
    if (!system) throw new Error("no system was judged");
    return system.review;
  };
  return {
    stage,
    number,
    now: async () => {
      const { architects, peers, notCounted, unknown } = await verdict();
      return {
        architects: architects.map(({ account }) => account.login),
        peers: peers.map(({ account }) => account.login),
        notCounted: Object.fromEntries(notCounted.map(({ account, why }) => [account.login, why])),
        unknown: unknown ?? "",
      };
    },
  };
}

const nobody = { architects: [], peers: [], notCounted: {}, unknown: "" };

describe("an approval counts", () => {
  test("of an architect, at the head", async () => {
    const { stage, number, now } = await begin();
    stage.github.as("dana").review(stage.name, number, "approve");
    expect(await now()).toEqual({ ...nobody, architects: ["dana"] });
  });

  test("of a peer who may push, beside it", async () => {
    const { stage, number, now } = await begin();
    stage.github.administrator("olga").setCollaborator(stage.name, "lee", "write");
    stage.github.as("lee").review(stage.name, number, "approve");
    stage.github.as("dana").review(stage.name, number, "approve");
    expect(await now()).toEqual({ ...nobody, architects: ["dana"], peers: ["lee"] });
  });
});

describe("an approval does not count", () => {
  test("H021 of the author, an architect, through a second pull request that merges the branch", async () => {
    const { stage } = await begin();
    const { github } = stage;
    const first = github
      .as("dana")
      .openPullRequest(stage.name, { branch: "mine", files: { "infra/a.tf": bucket("a") } });
    const head = stage.pull(first).head.sha;
    github
      .as("sam")
      .pushCommit(stage.name, { branch: "theirs", from: head, files: { "README.md": "# Shop\n\nMore.\n" } });
    const second = github.as("sam").openPullRequest(stage.name, { branch: "theirs" });
    github.as("dana").review(stage.name, second, "approve");
    const { assessment } = await stage.evaluated(second);
    const [system] = assessment.systems;
    expect(system?.review.architects).toEqual([]);
    expect(system?.review.notCounted).toMatchObject([
      { account: { login: "dana" }, why: "contributed commits to the pull request." },
    ]);
    expect(stage.check(second).conclusion).toBe("failure");
  });

  test("H022 of whoever committed or co-authored a part of it", async () => {
    const { stage, number, now } = await begin();
    const dana = stage.github.as("dana").account;
    const trailer = `Co-authored-by: dana <${dana.id}+dana@users.noreply.github.com>`;
    stage.pushed(number, { "README.md": "# Shop\n\nMore.\n" });
    stage.github
      .as("sam")
      .pushToPullRequest(stage.name, number, { message: `Pair\n\n${trailer}`, files: { "B.md": "Together.\n" } });
    stage.github.as("dana").review(stage.name, number, "approve");
    expect(await now()).toEqual({
      ...nobody,
      notCounted: { dana: "contributed commits to the pull request." },
      unknown:
        "Every Security Architect contributed to this pull request: name another one in `architects`, or have it reviewed from outside the team.",
    });
  });

  test("H023 of a bot, whatever its login looks like", async () => {
    const { stage, number, now } = await begin({
      policy: `${enforce}  users: [helper]\n`,
      seed: { apps: [{}, { slug: "helper" }] },
    });
    stage.github.as("helper[bot]").review(stage.name, number, "approve");
    expect(await now()).toEqual({ ...nobody, notCounted: { helper: "is not a person's account." } });
  });

  test("H024 given before the model was changed", async () => {
    const { stage, number, now } = await begin();
    stage.github.as("dana").review(stage.name, number, "approve");
    const approved = stage.pull(number).head.sha;
    stage.pushed(number, { "threat-model.yaml": "schemaVersion: 1\nsystem:\n  name: shop\n" });
    const head = stage.pull(number).head.sha;
    expect(await now()).toEqual({
      ...nobody,
      notCounted: { dana: `approved ${approved.slice(0, 7)}, and the head is now ${head.slice(0, 7)}.` },
    });
    stage.github.as("dana").review(stage.name, number, "approve");
    expect(await now()).toMatchObject({ architects: ["dana"] });
  });

  test("H025 given before other files were changed", async () => {
    const { stage, number, now } = await begin();
    stage.github.as("dana").review(stage.name, number, "approve");
    stage.pushed(number, { "README.md": "# Shop\n\nMore.\n" });
    expect(await now()).toMatchObject({
      architects: [],
      notCounted: { dana: expect.stringMatching(/^approved \w{7}, and/) },
    });
  });

  test("H026 submitted after a push, from a page that still showed the commit before", async () => {
    const { stage, number, now } = await begin();
    const at = stage.pull(number).head.sha;
    stage.pushed(number, { "README.md": "# Shop\n\nMore.\n" });
    stage.github.as("dana").review(stage.name, number, "approve", { at });
    expect(await now()).toMatchObject({
      architects: [],
      notCounted: { dana: expect.stringMatching(/^approved \w{7}, and/) },
    });
  });

  test("H027 after a request for changes or a dismissal; a comment and a second approval clear nothing", async () => {
    const { stage, number, now } = await begin();
    const dana = stage.github.as("dana");
    const first = dana.review(stage.name, number, "approve");
    dana.review(stage.name, number, "comment", { body: "One more thing." });
    expect(await now()).toMatchObject({ architects: ["dana"] });
    dana.review(stage.name, number, "request changes", { body: "Not like this." });
    expect(await now()).toEqual({ ...nobody, notCounted: { dana: "asked for changes." } });
    const again = dana.review(stage.name, number, "approve");
    expect(await now()).toMatchObject({ architects: ["dana"] });
    stage.github.administrator("olga").setCollaborator(stage.name, "lee", "admin");
    stage.github.as("lee").dismiss(stage.name, number, again);
    expect(await now()).toMatchObject({ architects: [] });
    expect(first).not.toBe(again);
  });

  test("H028 of somebody who has left the team since", async () => {
    const { stage, number, now } = await begin();
    stage.github.as("dana").review(stage.name, number, "approve");
    expect(await now()).toMatchObject({ architects: ["dana"] });
    stage.github.administrator("olga").removeFromTeam("acme/security-architects", "dana");
    expect((await now()).architects).toEqual([]);
  });

  test.each([
    ["the permission is not granted", "members"],
    ["GitHub does not answer", "fault"],
    ["the team is gone", "gone"],
  ])("H029 where %s: it cannot be verified, and nobody is taken for approved", async (_, how) => {
    const { members: _members, ...less } = usualPermissions;
    const { stage, number, now } = await begin(how === "members" ? { seed: { apps: [{ permissions: less }] } } : {});
    stage.github.as("dana").review(stage.name, number, "approve");
    if (how === "gone") stage.github.administrator("olga").deleteTeam("acme/security-architects");
    if (how === "fault") {
      stage.github.faults.add({ operation: "graphql/PullRequest", effect: effects.serverError(), times: 9 });
      await expect(stage.evaluated(number)).rejects.toThrow(/GitHub could not be asked to/);
      return;
    }
    const told = await now();
    expect(told.architects).toEqual([]);
    expect(told.unknown).toMatch(/^(Cannot verify team `security-architects`|.*security-architects)/);
    expect(["failure", "action_required"]).toContain(stage.check(number).conclusion);
  });

  test("H030 where nobody else can: an empty team blocks with an instruction", async () => {
    const { stage, number, now } = await begin();
    stage.github.administrator("olga").removeFromTeam("acme/security-architects", "dana");
    const told = await now();
    expect(told.architects).toEqual([]);
    expect(told.unknown).toMatch(/security-architects/);
    expect(stage.check(number).conclusion).toBe("failure");
  });

  test("H031 of a stranger who took over the login that the policy pins by its number", async () => {
    const stage = await Stage.set({ seed: {} });
    const { id } = stage.github.as("lee").account;
    const policy = `version: 1\nmode: enforce\narchitects:\n  users: ["lee#${id}"]\n`;
    stage.github.as("olga").pushCommit(stage.name, { branch: "main", files: { ".github/threatgate.yml": policy } });
    const number = stage.opened({ [exportPath]: bucket("exports") });
    stage.github.administrator("olga").renameAccount("lee", "lee-lastname");
    stage.github.administrator("olga").createAccount("lee");
    stage.github.administrator("olga").setCollaborator(stage.name, "lee", "write");
    stage.github.as("lee").review(stage.name, number, "approve");
    const { assessment } = await stage.evaluated(number);
    const [system] = assessment.systems;
    expect(system?.review.architects).toEqual([]);
    const { assessment: after } = await (async () => {
      stage.github.as("lee-lastname").review(stage.name, number, "approve");
      return stage.evaluated(number);
    })();
    expect(after.systems[0]?.review.architects.map(({ account }) => account.login)).toEqual(["lee-lastname"]);
  });

  test.each(["LGTM", "/approve", "- [x] approved"])("H032 written as %j into a comment", async (words) => {
    const { stage, number, now } = await begin();
    stage.github.as("dana").comment(stage.name, number, words);
    stage.github.as("dana").review(stage.name, number, "comment", { body: words });
    expect(await now()).toMatchObject({ architects: [], peers: [] });
  });

  test("H033 because git says that an architect wrote the commit, or a bot did: only GitHub's accounts tell", async () => {
    const stage = await Stage.set({ policy: enforce });
    const dana = stage.github.as("dana").account;
    const number = stage.github.as("sam").openPullRequest(stage.name, {
      branch: "feature",
      files: { [exportPath]: bucket("exports") },
      author: { name: "dependabot[bot]", email: "49699333+dependabot[bot]@users.noreply.github.com" },
    });
    stage.github.as("sam").pushToPullRequest(stage.name, number, {
      message: "Approved",
      files: { "README.md": "# Shop\n\nMore.\n" },
      author: { name: "dana", email: `${dana.id}+dana@users.noreply.github.com` },
    });
    const { assessment } = await stage.evaluated(number);
    expect(assessment.systems[0]?.review).toMatchObject({ architects: [], peers: [] });
    expect(stage.check(number).conclusion).toBe("failure");
    // A forged author takes from Dana the right to approve, and gives nobody any.
    stage.github.as("dana").review(stage.name, number, "approve");
    const { assessment: after } = await stage.evaluated(number);
    expect(after.systems[0]?.review.architects).toEqual([]);
  });
});

describe("where the policy lets an approval stand while nothing that matters changes", () => {
  const policy = `${enforce}approvals: unchanged\n`;

  async function approvedThen(files: Readonly<Record<string, string>>, words: { rebase?: boolean } = {}) {
    const approval = await begin({ policy });
    const { stage, number, now } = approval;
    stage.github.as("dana").review(stage.name, number, "approve");
    stage.pushed(number, files, words);
    return { ...approval, found: await now() };
  }

  test("H025 it stands over words and tests, and names the commit that was approved", async () => {
    const { stage, number, found } = await approvedThen({
      "README.md": "# Shop\n\nMore.\n",
      "test/export.test.ts": "test('exports', () => {});\n",
    });
    expect(found).toEqual({ ...nobody, architects: ["dana"] });
    expect(stage.asked.reading).toContain("repos/compare-commits");
    await stage.evaluated(number);
    expect(stage.asked.writing).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ["the model", { "threat-model.yaml": "schemaVersion: 1\nsystem:\n  name: shop\n" }],
    ["the architecture", { "infra/more.tf": bucket("more") }],
    ["the policy", { ".github/threatgate.yml": `${policy}riskThreshold: low\n` }],
    ["what a rule only records", { "package.json": '{"name":"shop","devDependencies":{"vitest":"3.0.0"}}\n' }],
    ["a file that cannot be looked into", { "lib/tool.jar": "\u0000\u0001binary" }],
  ])("H025 it ends with a push that touches %s", async (_, files) => {
    const { found } = await approvedThen(files);
    expect(found).toMatchObject({
      architects: [],
      notCounted: { dana: expect.stringMatching(/^approved \w{7}, and/) },
    });
  });

  test("H025 it ends when the history is rewritten, whatever that changes", async () => {
    const { found } = await approvedThen(
      { [exportPath]: bucket("exports"), "README.md": "# Shop\n" },
      { rebase: true },
    );
    expect(found.architects).toEqual([]);
  });
});

test("H040 a draft in enforce has exactly the verdict that it would have when ready", async () => {
  const stage = await Stage.set({ policy: enforce });
  const number = stage.opened({ [exportPath]: bucket("exports") }, { draft: true });
  await stage.evaluated(number);
  const { conclusion } = stage.check(number);
  stage.github.as("sam").markReady(stage.name, number);
  expect(stage.check(number).conclusion).toBe("failure");
  await stage.evaluated(number);
  expect(stage.check(number).conclusion).toBe(conclusion);
});
