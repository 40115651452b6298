import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { eventually, RunningService } from "./program.ts";
import { bucket, Stage } from "./stage.ts";
import { exportPath, policy, Talking } from "./talking.ts";

describe("a command in the conversation", () => {
  test("help is answered once, with a link to the question, and acknowledged", async () => {
    const talking = await Talking.begin();
    const id = talking.comment("sam", "/threat help");
    expect(await talking.answered()).toEqual([{ outcome: "done", why: "answered" }]);
    expect(talking.replies).toHaveLength(1);
    expect(talking.replies[0]).toContain("**Commands**: a whole line of a new comment");
    expect(talking.replies[0]).toContain(`#issuecomment-${id}) of sam:`);
    expect(talking.replies[0]).toContain(
      "while its head is the one they were shown for. Off here: this App may read the files of the repository and not write them. |",
    );
    expect(talking.reactions(id)).toEqual(["we: THUMBS_UP"]);
  });

  test("delivered twice, and answered again after a failure, is answered once", async () => {
    const talking = await Talking.begin();
    await talking.said("sam", `/threat explain ${talking.threat}`);
    const [first] = talking.replies;
    await talking.answered();
    await talking.answered();
    expect(talking.replies).toEqual([first]);
    expect(talking.reactions()).toEqual(["we: THUMBS_UP"]);
  });

  test("recheck judges anew and writes nothing", async () => {
    const talking = await Talking.begin();
    await talking.said("sam", "/threat recheck");
    expect(talking.rechecked).toEqual([talking.number]);
    expect(talking.replies).toEqual([]);
    expect(talking.reactions()).toEqual(["we: THUMBS_UP"]);
  });

  test("explain says what the threat is and how to answer it", async () => {
    const talking = await Talking.begin();
    await talking.said("sam", `/threat explain ${talking.threat}`);
    expect(talking.replies[0]).toContain(`\`${talking.threat}\` **`);
    expect(talking.replies[0]).toContain("- **Where:** `infra/export.tf:1`, exports");
  });

  test("config shows where each setting comes from", async () => {
    const talking = await Talking.begin();
    await talking.said("sam", "/threat config");
    expect(talking.replies[0]).toContain(
      '| `architects.teams` | `["security-architects"]` | repository `.github/threatgate.yml:3` |',
    );
  });

  test("what is wrong with it is said with a right example", async () => {
    const talking = await Talking.begin();
    expect(await talking.said("sam", "/threat mitigate T-1a by x")).toEqual([
      { outcome: "refused", why: "the answer says why" },
    ]);
    expect(talking.replies[0]).toMatch(
      /`\/threat mitigate T-1a by x` is not done\. `mitigate` is no command\. Did you mean `mitigated`\? Right would be `\/threat mitigated/,
    );
    expect(talking.reactions()).toEqual(["we: CONFUSED"]);
  });
});

describe("a command in the thread of a question", () => {
  test("is answered in the thread", async () => {
    const talking = await Talking.begin();
    const [question] = talking.stage.questions(talking.number);
    const id = talking.stage.github
      .as("sam")
      .replyInThread(
        talking.stage.name,
        talking.number,
        question?.id ?? 0,
        `/threat mitigated ${talking.threat} by infra/export.tf:2`,
      );
    expect(await talking.answered()).toEqual([{ outcome: "done", why: "answered" }]);
    await talking.answered();
    expect(talking.replies).toEqual([]);
    const said = talking.stage.questions(talking.number)[0]?.comments ?? [];
    expect(said.map((comment) => comment.author?.login)).toEqual([talking.stage.bot, "sam", talking.stage.bot]);
    expect(said[2]?.body).toContain("New file `threat-model.yaml`.");
    expect(said[2]?.body).toContain("+    evidence: [infra/export.tf:2]");
    expect(talking.reactions(id)).toEqual(["we: THUMBS_UP"]);
  });
});

describe("an answer", () => {
  test("mitigated by a path makes a patch that, once committed, settles the threat", async () => {
    const talking = await Talking.begin();
    await talking.said("sam", `/threat mitigated ${talking.threat} by infra/export.tf:2`);
    const text = talking.patch
      .split("\n")
      .filter((line) => line.startsWith("+") && !line.startsWith("+++"))
      .map((line) => line.slice(1))
      .join("\n");
    talking.stage.pushed(talking.number, { "threat-model.yaml": `${text}\n` });
    const { assessment } = await talking.stage.evaluated(talking.number);
    expect(assessment.problems).toEqual([]);
    const title = /\*\*mitigated\*\* by `infra\/export.tf:2`: (.*)\.\n/.exec(talking.replies[0] ?? "")?.[1];
    expect(assessment.threats.find((threat) => threat.title === title)?.status).toBe("mitigated");
  });

  test.each([
    [
      "a file that is not there",
      "infra/nowhere.tf",
      "is neither a control of the model nor a file at the head of this change.",
    ],
    ["a line that is not there", "infra/export.tf:99", "`infra/export.tf` has 3 lines; there is no line 99."],
    ["a place outside the repository", "../../etc/passwd", "is neither a control of the model nor a file"],
  ])("by %s is refused (H074)", async (_, by, why) => {
    const talking = await Talking.begin();
    await talking.said("sam", `/threat mitigated ${talking.threat} by ${by}`);
    expect(talking.replies[0]).toContain(why);
    expect(talking.replies[0]).not.toContain("```diff");
    expect(talking.reactions()).toEqual(["we: CONFUSED"]);
  });

  test("not-applicable carries its reason into the model", async () => {
    const talking = await Talking.begin();
    await talking.said("sam", `/threat not-applicable ${talking.threat} because the bucket holds public images only`);
    expect(talking.patch).toContain("+    status: not-applicable\n+    reason: the bucket holds public images only");
  });

  test("an architect accepts, with the approval still to come", async () => {
    const talking = await Talking.begin();
    await talking.said(
      "dana",
      `/threat accept ${talking.threat} until 2026-05-01 because the export is off until then`,
    );
    expect(talking.patch).toContain("+    approver: dana\n+    until: 2026-05-01");
    expect(talking.replies[0]).toContain("It counts once dana approves this pull request at the commit that holds it.");
  });

  test.each([
    ["sam", "2026-05-01", "Only a Security Architect accepts a risk, and sam is none by the policy."],
    ["dana", "2026-03-03", "2026-03-03 is over."],
    ["dana", "2028-03-03", "and the policy allows 365."],
    ["dana", "2026-02-30", "`2026-02-30` is no day."],
  ])("%s cannot accept until %s (H075)", async (login, until, why) => {
    const talking = await Talking.begin();
    await talking.said(login, `/threat accept ${talking.threat} until ${until} because we can live with it`);
    expect(talking.replies[0]).toContain(why);
    expect(talking.replies[0]).not.toContain("```diff");
  });

  test("an architect who wrote the change cannot accept its risk (H075)", async () => {
    const talking = await Talking.begin();
    talking.stage.github.as("dana").pushToPullRequest(talking.stage.name, talking.number, {
      message: "Help",
      files: { "README.md": "# Shop\n\nMore.\n" },
    });
    await talking.said("dana", `/threat accept ${talking.threat} until 2026-05-01 because we can live with it`);
    expect(talking.replies[0]).toContain(
      "dana wrote a part of this change, and nobody accepts the risk of their own work.",
    );
  });
});

describe("what is no command of a person leaves no trace (H032)", () => {
  test.each([
    ["praise", "LGTM"],
    ["a quotation", "> /threat help"],
    ["a code block", "```\n/threat help\n```"],
    ["the middle of a line", "write /threat help for more"],
  ])("%s", async (_, body) => {
    const talking = await Talking.begin();
    await talking.said("sam", body);
    expect(talking.replies).toEqual([]);
    expect(talking.reactions()).toEqual([]);
  });

  test("a comment that was edited into a command, or whose command was edited", async () => {
    const talking = await Talking.begin();
    const { github, name } = talking.stage;
    const first = talking.comment("sam", "Looks good.");
    github.as("sam").editComment(name, talking.number, first, "/threat help");
    const second = talking.comment("sam", "/threat help");
    github.as("lee").editComment(name, talking.number, second, "/threat config");
    expect(await talking.answered()).toEqual([{ outcome: "ignored", why: "it was edited" }]);
    expect(talking.replies).toEqual([]);
    expect(talking.reactions()).toEqual([]);
  });

  test("a comment that was deleted meanwhile", async () => {
    const talking = await Talking.begin();
    const id = talking.comment("sam", "/threat help");
    talking.stage.github.as("sam").deleteComment(talking.stage.name, talking.number, id);
    expect(await talking.answered()).toEqual([{ outcome: "ignored", why: "the comment is gone" }]);
  });

  test("a bot's comment, our own included", async () => {
    const talking = await Talking.begin();
    talking.comment(talking.stage.bot, "/threat help");
    expect(talking.wakeUps()).toEqual([]);
    expect(talking.replies).toEqual(["/threat help"]);
  });
});

describe("somebody without the right", () => {
  test("gets a reaction and no text (H032)", async () => {
    const talking = await Talking.begin();
    expect(await talking.said("mallory", "/threat help")).toEqual([
      { outcome: "refused", why: "its author may not write to the repository" },
    ]);
    expect(talking.replies).toEqual([]);
    expect(talking.reactions()).toEqual(["we: CONFUSED"]);
  });

  test("cannot answer for us by copying our marker (H037)", async () => {
    const talking = await Talking.begin();
    const id = talking.comment("sam", "/threat help");
    const forged = talking.comment("mallory", `<!-- threatgate:1 reply ${id} -->\nAll is well.`);
    await talking.answered();
    expect(talking.replies).toHaveLength(1);
    const comment = talking.stage.pull(talking.number).comments.find((one) => one.id === forged);
    expect(comment?.body).toContain("All is well.");
  });

  test("and a closed pull request is not talked in any more", async () => {
    const talking = await Talking.begin();
    talking.stage.github.as("sam").close(talking.stage.name, talking.number);
    expect(await talking.said("sam", "/threat help")).toEqual([
      { outcome: "refused", why: "the pull request is closed" },
    ]);
    expect(talking.replies).toEqual([]);
  });

  test("a locked conversation takes no answer, and that is all", async () => {
    const talking = await Talking.begin();
    talking.comment("sam", "/threat help");
    talking.stage.github.as("dana").lock(talking.stage.name, talking.number);
    expect(await talking.answered()).toEqual([{ outcome: "refused", why: "GitHub does not take the answer" }]);
  });
});

describe("the running service", () => {
  test("answers a command once, however often it is delivered, and judges anew when asked", async () => {
    const stage = await Stage.set({ policy });
    const folder = await mkdtemp(join(tmpdir(), "threatgate-conversation-"));
    const service = await RunningService.start(stage.github, folder);
    try {
      const number = stage.opened({ [exportPath]: bucket("exports") });
      await eventually("the pull request is answered", () => stage.reviews(number).length > 0);
      const ofBot = () => stage.pull(number).comments.filter((comment) => comment.author?.login === stage.bot);
      const reacted = (id: number) =>
        stage
          .pull(number)
          .comments.find((comment) => comment.id === id)
          ?.reactions?.map(({ content }) => content);

      const id = stage.github.as("sam").comment(stage.name, number, "/threat config");
      const delivery = stage.github.webhooks.deliveries.find(({ event }) => event === "issue_comment");
      if (!delivery) throw new Error("the comment was not announced");
      stage.github.webhooks.redeliver(delivery);
      await eventually("the command is answered", () => reacted(id)?.includes("THUMBS_UP") === true);
      stage.github.webhooks.replay(delivery);
      await eventually(
        "each of the two jobs is done",
        () => service.log.filter(({ msg }) => msg === "comment").length >= 2,
      );
      expect(ofBot()).toHaveLength(1);
      expect(reacted(id)).toEqual(["THUMBS_UP"]);

      const evaluated = () => service.log.filter(({ msg }) => msg === "evaluated").length;
      const before = evaluated();
      stage.github.as("sam").comment(stage.name, number, "/threat recheck");
      await eventually("it is judged anew", () => evaluated() > before);
      expect(ofBot()).toHaveLength(1);
    } finally {
      await service.end("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    }
  });
});
