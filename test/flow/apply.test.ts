import { describe, expect, test } from "@jest/globals";
import { effects } from "../github/faults.ts";
import { repositoryNamed } from "../github/find.ts";
import { commitsBetween } from "../github/git/history.ts";
import { usualPermissions } from "../github/seed-apps.ts";
import { bucket, Stage } from "./stage.ts";
import { exportPath, policy, Talking } from "./talking.ts";

const granting = { seed: { apps: [{ permissions: { ...usualPermissions, contents: "write" as const } }] } };

/** The model file at the head of the pull request. */
function modelAt(talking: Talking): string | undefined {
  const { head } = talking.stage.pull(talking.number);
  const { store } = repositoryNamed(talking.stage.github.world, talking.stage.name);
  const entry = store.entryAt(head.sha, "threat-model.yaml");
  return entry && Buffer.from(store.blob(entry.oid)).toString("utf8");
}

function headCommit(talking: Talking) {
  const { head } = talking.stage.pull(talking.number);
  const commit = repositoryNamed(talking.stage.github.world, talking.stage.name).store.commits.get(head.sha);
  if (!commit) throw new Error("the head is no commit");
  return commit;
}

/** The text after `Committed as …` with the ids of commits left out. */
function lastReply(talking: Talking): string {
  return (talking.replies.at(-1) ?? "").replace(/\b[0-9a-f]{7,40}\b/g, "<id>");
}

describe("/threat apply, where the installation lets us write files", () => {
  test("commits what was shown, in the name of whoever asked", async () => {
    const talking = await Talking.begin(granting);
    const { threat } = talking;
    await talking.said("sam", `/threat not-applicable ${threat} because the bucket holds public images only`);
    expect(talking.replies[0]).toContain("Write `/threat apply` to have it committed here, or in a checkout");
    const before = talking.stage.pull(talking.number).head.sha;

    expect(await talking.said("sam", "/threat apply")).toContainEqual({ outcome: "done", why: "answered" });
    expect(modelAt(talking)).toContain("    status: not-applicable\n    reason: the bucket holds public images only\n");
    const commit = headCommit(talking);
    expect(commit.parents).toEqual([before]);
    const sam = talking.stage.github.as("sam").account;
    expect(commit.message.split("\n").map((line) => line.replace(/http\S+/, "<address>"))).toEqual([
      `Answer ${threat} in the threat model`,
      "",
      `Threats: ${threat}`,
      "Answered by: sam",
      "Asked for by sam in <address>",
      "",
      `Co-authored-by: sam <${sam.id}+sam@users.noreply.github.com>`,
      "",
    ]);
    expect(lastReply(talking)).toMatch(/Committed as \[`<id>`\]\(\S+\): `T-\w{6}` in `threat-model\.yaml`\./);

    const { assessment } = await talking.stage.evaluated(talking.number);
    expect(assessment.problems).toEqual([]);
    expect(assessment.threats.filter(({ id }) => id.startsWith(threat)).map(({ status }) => status)).toEqual([
      "not-applicable",
    ]);
  });

  test("done again, as after a crash, commits once and says the same", async () => {
    const talking = await Talking.begin(granting);
    await talking.said("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2`);
    await talking.said("sam", "/threat apply");
    const head = talking.stage.pull(talking.number).head.sha;
    const reply = talking.replies.at(-1);
    await talking.answered();
    expect(talking.stage.pull(talking.number).head.sha).toBe(head);
    expect(talking.replies).toHaveLength(2);
    expect(reply).toContain("Committed as");
  });

  test("a lost answer of GitHub's is looked for, not repeated (H044)", async () => {
    const talking = await Talking.begin(granting);
    await talking.said("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2`);
    const before = talking.stage.pull(talking.number).head.sha;
    talking.stage.github.faults.add({ operation: "graphql/Commit", effect: effects.lostAfterApplying });
    await talking.said("sam", "/threat apply");
    expect(headCommit(talking).parents).toEqual([before]);
    expect(lastReply(talking)).toContain("Committed as");
  });

  test("answers of several people are one commit, each dated and judged as its own author's", async () => {
    const talking = await Talking.begin(granting);
    const [first, second] = talking.threats;
    await talking.said("sam", `/threat mitigated ${first} by infra/export.tf:2`);
    await talking.said("dana", `/threat accept ${second} until 2026-05-01 because the export is off until then`);
    await talking.said("sam", "/threat apply");
    expect(modelAt(talking)).toContain("approver: dana");
    expect(modelAt(talking)).toContain("evidence: [infra/export.tf:2]");
    expect(headCommit(talking).message).toContain("Answered by: sam, dana\nAsked for by sam in");
    const { base, head } = talking.stage.pull(talking.number);
    const { store } = repositoryNamed(talking.stage.github.world, talking.stage.name);
    expect(commitsBetween(store, base.sha, head.sha)).toHaveLength(2);
  });

  test("answers that are left out are nobody's in the commit", async () => {
    const talking = await Talking.begin(granting);
    const [first, second] = talking.threats;
    await talking.said("dana", `/threat accept ${second} until 2026-05-01 because the export is off until then`);
    talking.stage.pushed(talking.number, { "README.md": "# Shop\n\nMore.\n" });
    talking.comment("sam", `/threat mitigated ${first} by infra/export.tf:2`);
    // Dana's is not answered anew: that would show its change for the head of now.
    const given = talking.wakeUps().at(-1);
    if (given) await talking.answer(given);
    talking.comment("sam", "/threat apply");
    const asked = talking.wakeUps().at(-1);
    if (asked) await talking.answer(asked);
    expect(headCommit(talking).message).toContain("\nAnswered by: sam\nAsked for by sam in");
    expect(modelAt(talking)).not.toContain("acceptances:");
  });

  test("what the model holds already is not committed again", async () => {
    const talking = await Talking.begin(granting);
    await talking.said("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2`);
    await talking.said("sam", "/threat apply");
    const head = talking.stage.pull(talking.number).head.sha;
    const again = talking.comment("sam", "/threat apply");
    await talking.answered();
    expect(talking.replies.at(-1)).toContain("Nothing is left to commit");
    expect(talking.reactions(again)).toEqual(["we: THUMBS_UP"]);
    expect(talking.stage.pull(talking.number).head.sha).toBe(head);
  });
});

describe("/threat apply is refused (H034)", () => {
  async function refused(talking: Talking, login = "sam"): Promise<string> {
    const { sha } = talking.stage.pull(talking.number).head;
    talking.comment(login, "/threat apply");
    // The earlier comments are not answered anew: that would show their change for the head of now.
    const last = talking.wakeUps().at(-1);
    if (last) await talking.answer(last);
    expect(talking.stage.pull(talking.number).head.sha).toBe(sha);
    expect(modelAt(talking)).toBeUndefined();
    return lastReply(talking);
  }

  test("H034 where the installation lets us only read", async () => {
    const talking = await Talking.begin();
    await talking.said("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2`);
    expect(talking.replies[0]).toContain("Save the patch and run `git apply`");
    expect(await refused(talking)).toContain(
      "`/threat apply` is not done. This App may read the files of the repository and not write them. Take the patches over by hand, or let `threatgate answer` write them.",
    );
  });

  test("H034 by somebody who may not write", async () => {
    const talking = await Talking.begin(granting);
    await talking.said("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2`);
    await refused(talking, "mallory");
    expect(talking.replies).toHaveLength(1);
  });

  test("H034 once the head has moved since the patch was shown", async () => {
    const talking = await Talking.begin(granting);
    await talking.said("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2`);
    talking.stage.pushed(talking.number, { "README.md": "# Shop\n\nMore.\n" });
    expect(await refused(talking)).toMatch(
      /nothing can be committed\.\n\n- \[An answer\]\(\S+\) is left out: its change was shown for `<id>`, and the head is `<id>` now\.\n\nGive such an answer again/,
    );
  });

  test("H034 in a fork", async () => {
    const stage = await Stage.set({ policy, ...granting });
    stage.github.administrator("olga").createRepository({ name: "mallory/shop", forkOf: "acme/shop", private: false });
    const number = stage.github
      .as("mallory")
      .openPullRequest("acme/shop", { branch: "x", fork: "mallory/shop", files: { [exportPath]: bucket("exports") } });
    const talking = await Talking.about(stage, number);
    await talking.said("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2`);
    expect(await refused(talking)).toContain("The branch is in a fork, where this App may not write.");
  });

  test("H034 onto the default branch, from which a pull request goes to another one", async () => {
    const stage = await Stage.set({ policy, ...granting });
    const { github, name } = stage;
    github.as("olga").pushCommit(name, { branch: "release", files: {} });
    github.as("olga").pushCommit(name, { branch: "main", files: { [exportPath]: bucket("exports") } });
    const number = github.as("sam").openPullRequest(name, { branch: "main", base: "release" });
    const talking = await Talking.about(stage, number);
    await talking.said("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2`);
    expect(await refused(talking)).toContain(
      "`/threat apply` is not done. The branch is the default branch, which is changed by pull requests alone.",
    );
  });

  test("H034 for an answer that was edited after it was shown", async () => {
    const talking = await Talking.begin(granting);
    const { github, name } = talking.stage;
    const id = talking.comment("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2`);
    await talking.answered();
    github
      .as("sam")
      .editComment(name, talking.number, id, `/threat not-applicable ${talking.threat} because I say so here`);
    expect(await refused(talking)).toContain("Nothing is left to commit");
  });

  test("H039 when somebody else rewrote what we showed", async () => {
    const talking = await Talking.begin(granting);
    const { github, name, bot } = talking.stage;
    await talking.said("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2`);
    const reply = talking.stage.pull(talking.number).comments.find(({ author }) => author?.login === bot);
    if (!reply) throw new Error("there is no reply");
    github.as("dana").editComment(name, talking.number, reply.id, reply.body.replace("infra/export.tf:2", "README.md"));
    expect(await refused(talking)).toContain("Nothing is left to commit");
  });

  test("H034 in one comment with the answer, which nobody has seen as a patch", async () => {
    const talking = await Talking.begin(granting);
    await talking.said("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2\n/threat apply`);
    expect(talking.replies[0]).toContain(
      "`/threat apply` is not done. The changes of this comment were shown to nobody before it was written.",
    );
    expect(modelAt(talking)).toBeUndefined();
  });

  test("H022 and whoever asked for it has written a part of the change", async () => {
    const talking = await Talking.begin(granting);
    await talking.said("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2`);
    await talking.said("dana", "/threat apply");
    talking.stage.github.as("dana").review(talking.stage.name, talking.number, "approve");
    const { assessment } = await talking.stage.evaluated(talking.number);
    const reviews = assessment.systems.map(({ review }) => review);
    expect(reviews.flatMap(({ architects }) => architects)).toEqual([]);
    expect(reviews.flatMap(({ notCounted }) => notCounted.map(({ account }) => account.login))).toContain("dana");
  });
});
