import { describe, expect, test } from "@jest/globals";
import type { ReviewVerdict } from "../../src/core/domain/assessment.ts";
import type { NamedAccounts } from "../../src/shell/github/named-accounts.ts";
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

/** Accounts and teams by the names that policies give them, remembered as the service does. */
function remembering() {
  const memory = new Map<string, number>();
  const accounts: NamedAccounts = {
    known: async (names) => new Map([...memory].filter(([name]) => names.includes(name))),
    keep: async (found) => {
      for (const [name, id] of found) memory.set(name, id);
    },
  };
  return { memory, accounts };
}

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

  test("H022 of a co-author behind a dozen others", async () => {
    const { stage, number, now } = await begin();
    const dana = stage.github.as("dana").account;
    const others = Array.from(
      { length: 12 },
      (_, index) => `Co-authored-by: guest ${index} <guest-${index}@elsewhere.example>`,
    );
    const trailers = [...others, `Co-authored-by: dana <${dana.id}+dana@users.noreply.github.com>`].join("\n");
    stage.github
      .as("sam")
      .pushToPullRequest(stage.name, number, { message: `Together\n\n${trailers}`, files: { "B.md": "Together.\n" } });
    stage.github.as("dana").review(stage.name, number, "approve");
    expect(await now()).toMatchObject({
      architects: [],
      notCounted: { dana: "contributed commits to the pull request." },
    });
  });

  const nobodys = { name: "somebody", email: "somebody@elsewhere.example" };
  const pushedIt = {
    architects: [],
    peers: [],
    notCounted: { dana: "pushed commits of the pull request." },
    unknown:
      "Every Security Architect contributed to this pull request: name another one in `architects`, or have it reviewed from outside the team.",
  };

  test("H022 of whoever pushed a part of it, under an address that belongs to no account", async () => {
    const { stage, number, now } = await begin();
    stage.github
      .as("dana")
      .pushToPullRequest(stage.name, number, { message: "Mine", files: { "A.md": "A\n" }, author: nobodys });
    stage.github.as("sam").pushToPullRequest(stage.name, number, { message: "More", files: { "B.md": "B\n" } });
    stage.github.as("dana").review(stage.name, number, "approve");
    expect(await now()).toEqual(pushedIt);
    expect(stage.asked.reading).toContain("repos/list-activities");
  });

  test("H022 of whoever pushed what another then rewrote as their own", async () => {
    const { stage, number, now } = await begin();
    stage.github
      .as("dana")
      .pushToPullRequest(stage.name, number, { message: "Mine", files: { "A.md": "A\n" }, author: nobodys });
    stage.pushed(number, { [exportPath]: bucket("exports"), "A.md": "A\n" }, { rebase: true });
    stage.github.as("dana").review(stage.name, number, "approve");
    expect(await now()).toEqual(pushedIt);
  });

  test("H022 but does of somebody who pushed to another branch, or to one of this name before it was deleted", async () => {
    const stage = await Stage.set({ policy: enforce });
    const dana = stage.github.as("dana");
    for (const branch of ["feature", "other"])
      dana.pushCommit(stage.name, { branch, files: { "old.md": "old\n" }, author: nobodys });
    dana.deleteBranch(stage.name, "feature");
    const number = stage.opened({ [exportPath]: bucket("exports") });
    dana.review(stage.name, number, "approve");
    const { assessment } = await stage.evaluated(number);
    expect(assessment.systems[0]?.review.architects.map(({ account }) => account.login)).toEqual(["dana"]);
    expect(assessment.systems[0]?.review.caveat).toBeUndefined();
  });

  test("H022 on a branch in a fork, of whoever events told to have pushed; where they told of nobody, that is said", async () => {
    const stage = await Stage.set({ policy: enforce, repository: { private: false } });
    const { github } = stage;
    github.administrator("olga").createRepository({ name: "mallory/shop", forkOf: stage.name, private: false });
    const files = { [exportPath]: bucket("exports") };
    const number = github.as("mallory").openPullRequest(stage.name, { branch: "theirs", fork: "mallory/shop", files });
    const head = stage.pull(number).head.sha;
    github.as("dana").review(stage.name, number, "approve");
    const reviewed = async (account: number, at: string) => {
      const pushesSeen = async () => [{ head: at, account }];
      const { assessment } = await stage.evaluated(number, { pushesSeen });
      return assessment.systems[0]?.review;
    };
    expect((await reviewed(github.as("dana").account.id, head))?.notCounted).toMatchObject([
      { account: { login: "dana" }, why: "pushed commits of the pull request." },
    ]);
    const told = await reviewed(github.as("mallory").account.id, head);
    expect([told?.architects.length, told?.caveat]).toEqual([1, undefined]);
    const untold = await reviewed(github.as("mallory").account.id, "0".repeat(40));
    expect([untold?.architects.length, untold?.caveat]).toEqual([
      1,
      "Who pushed its commits is not known: its branch is in a fork.",
    ]);
  });

  test("H022 of whoever had us commit it, though to GitHub it is our push and nobody's account", async () => {
    const { stage, number } = await begin();
    const { github } = stage;
    const account = github.as("dana").account.id;
    github.as("dana").review(stage.name, number, "approve");
    const reviewed = async (head: string) => {
      const { assessment } = await stage.evaluated(number, { pushesSeen: async () => [{ head, account }] });
      return assessment.systems[0]?.review.architects.length;
    };
    expect(await reviewed(stage.pull(number).head.sha)).toBe(0);
    // A commit that is no part of it any more is nobody's concern.
    expect(await reviewed("0".repeat(40))).toBe(1);
  });

  test("H017 H022 on the way to the default branch, of whoever wrote what the base of the pull request already holds", async () => {
    const stage = await Stage.set({ policy: enforce });
    const { github } = stage;
    github.as("dana").pushCommit(stage.name, { branch: "sandbox", files: { [exportPath]: bucket("exports") } });
    const number = github.as("sam").openPullRequest(stage.name, {
      branch: "theirs",
      base: "sandbox",
      files: { "README.md": "# Shop\n\nMore.\n" },
    });
    github.as("dana").review(stage.name, number, "approve");
    const { snapshot } = await stage.evaluated(number);
    expect(snapshot.pullRequest?.contributors.map(({ login }) => login)).toEqual(["sam"]);
    // The check is of the commit, whichever branch it goes to.
    const { title, summary, text } = stage.check(number);
    expect(JSON.stringify([title, summary, text])).toContain("contributed commits to the pull request.");
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

  test("H031 of a member of a team that was made anew under the name of the one that the policy meant", async () => {
    const stage = await Stage.set({ policy: enforce });
    const { github } = stage;
    const [dana, olga] = [github.as("dana"), github.administrator("olga")];
    const number = stage.opened({ [exportPath]: bucket("exports") });
    dana.review(stage.name, number, "approve");
    const { memory, accounts } = remembering();
    const reviewed = async () => (await stage.evaluated(number, { accounts })).assessment.systems[0]?.review;
    expect((await reviewed())?.architects).toHaveLength(1);
    const [meant = 0] = memory.values();
    olga.deleteTeam("acme/security-architects");
    olga.createTeam("acme", "security-architects");
    olga.addToTeam("acme/security-architects", "lee");
    olga.setCollaborator(stage.name, "lee", "write");
    github.as("lee").review(stage.name, number, "approve");
    const after = await reviewed();
    expect(after?.architects).toEqual([]);
    expect(after?.unknown).toContain(
      `Cannot verify team \`security-architects\`: it is not the team that had this name when the policy was first read (${meant}), but one made since (`,
    );
    expect(stage.check(number).conclusion).toBe("failure");
  });

  test("H031 of a stranger who took over a login that the policy names without its number", async () => {
    const policy = "version: 1\nmode: enforce\narchitects:\n  users: [lee]\n";
    const stage = await Stage.set({ policy });
    const { github } = stage;
    const [lee, olga] = [github.as("lee").account, github.administrator("olga")];
    const number = stage.opened({ [exportPath]: bucket("exports") });
    const { memory, accounts } = remembering();
    const reviewed = async () => {
      const { assessment } = await stage.evaluated(number, { accounts });
      return assessment.systems[0]?.review;
    };
    await reviewed();
    expect([...memory]).toEqual([["lee", lee.id]]);
    olga.renameAccount("lee", "lee-lastname");
    olga.createAccount("lee");
    olga.setCollaborator(stage.name, "lee", "write");
    const stranger = github.as("lee");
    stranger.review(stage.name, number, "approve");
    const after = await reviewed();
    expect(after?.architects).toEqual([]);
    // Whoever may push here is a peer, and no more than that.
    expect(after?.peers.map(({ account }) => account.id)).toEqual([stranger.account.id]);
    expect(after?.caveat).toBe(
      `@lee is no Security Architect: the policy means account ${lee.id}, whose login this was when the policy was first read; to mean this one, write \`lee#${stranger.account.id}\`.`,
    );
    github.as("lee-lastname").review(stage.name, number, "approve");
    expect((await reviewed())?.architects.map(({ account }) => account.login)).toEqual(["lee-lastname"]);
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

  async function approvedThen(
    files: Readonly<Record<string, string | null>>,
    words: { rebase?: boolean } = {},
    before: Scenery["files"] = {},
  ) {
    const approval = await begin({ policy, files: before });
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

  test("H025, H077 it stands over a file that has another name, and not where its content may be another too", async () => {
    const binary = `// \0\n${"export const rate = 1;\n".repeat(20)}`;
    const before = { "src/rates.js": binary };
    const moved = await approvedThen({ "src/rates.js": null, "src/prices.js": binary }, {}, before);
    expect(moved.found.architects).toEqual(["dana"]);
    const edited = { "src/rates.js": null, "src/prices.js": `${binary}export const fee = 2;\n` };
    const altered = await approvedThen(edited, {}, before);
    expect(altered.found.architects).toEqual([]);
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
