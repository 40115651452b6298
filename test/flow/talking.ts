import { branchAccess } from "../../src/entry/branch-access.ts";
import { answerComment, type Talked } from "../../src/shell/conversation.ts";
import type { WakeUp } from "../../src/shell/event.ts";
import { GitHubConversation } from "../../src/shell/github/comments.ts";
import { wakeUpsOf } from "../../src/shell/github/events.ts";
import { bucket, Stage } from "./stage.ts";

export const policy = "version: 1\narchitects:\n  teams: [security-architects]\n";
export const exportPath = "infra/export.tf";

/** A stage on which people also talk to the bot: each comment reaches it as GitHub's webhook says, in order. */
export class Talking {
  readonly stage: Stage;
  readonly number: number;
  readonly rechecked: number[] = [];

  private constructor(stage: Stage, number: number) {
    this.stage = stage;
    this.number = number;
  }

  static async begin(scenery: Parameters<typeof Stage.set>[0] = {}): Promise<Talking> {
    const stage = await Stage.set({ policy, ...scenery });
    return Talking.about(stage, stage.opened({ [exportPath]: bucket("exports") }));
  }

  /** About a pull request that is open already. */
  static async about(stage: Stage, number: number): Promise<Talking> {
    // Drawn and signed, and held back: the test hands them on itself.
    stage.github.webhooks.hold();
    stage.github.sendWebhooksTo("http://127.0.0.1:9/api/github/webhooks");
    await stage.evaluated(number);
    return new Talking(stage, number);
  }

  /** What the webhooks since the last look ask for. */
  wakeUps(): WakeUp[] {
    const { github } = this.stage;
    return github.webhooks.deliveries.flatMap(({ event, guid, body }) =>
      wakeUpsOf(event, guid, JSON.parse(body), { appId: github.app.id }).filter((wakeUp) => wakeUp.comment),
    );
  }

  /** Answers every command that webhooks brought so far. */
  async answered(): Promise<Talked[]> {
    const results: Talked[] = [];
    for (const wakeUp of this.wakeUps()) results.push(await this.answer(wakeUp));
    return results;
  }

  async answer({ comment, subject }: WakeUp): Promise<Talked> {
    if (!comment) throw new Error("no comment asks for anything");
    const { client } = this.stage;
    const conversation = new GitHubConversation(
      client,
      { owner: "acme", name: "shop" },
      subject.number,
      subject.repositoryId,
      branchAccess(this.stage.app, this.stage.github.app.installation, "shop"),
    );
    return answerComment(comment, subject, {
      ...this.stage.world(),
      conversation,
      recheck: async () => {
        this.rechecked.push(subject.number);
      },
    });
  }

  /** Somebody writes into the conversation, and the bot answers. */
  async said(login: string, body: string): Promise<Talked[]> {
    this.comment(login, body);
    return this.answered();
  }

  comment(login: string, body: string): number {
    return this.stage.github.as(login).comment(this.stage.name, this.number, body);
  }

  /** Our comments in the conversation. */
  get replies(): string[] {
    return this.stage
      .pull(this.number)
      .comments.filter((comment) => comment.author?.login === this.stage.bot)
      .map((comment) => comment.body);
  }

  /** Our reactions to a comment of the conversation or a thread. */
  reactions(id?: number): string[] {
    const pull = this.stage.pull(this.number);
    const comments = [...pull.comments, ...pull.threads.flatMap((thread) => thread.comments)];
    return comments
      .filter((comment) => id === undefined || comment.id === id)
      .flatMap((comment) => comment.reactions ?? [])
      .map(({ by, content }) => `${by.login === this.stage.bot ? "we" : by.login}: ${content}`);
  }

  /** The id of a threat that our question asks about, as people are shown it. */
  get threat(): string {
    const [id] = this.threats;
    if (!id) throw new Error("no question names a threat");
    return id;
  }

  /** The ids of all threats that our first question asks about. */
  get threats(): readonly string[] {
    const body = this.stage.questions(this.number)[0]?.comments[0]?.body ?? "";
    return [...new Set(body.match(/T-[0-9a-z]{6}/g))];
  }

  /** Applies the patch of our last answer as `git apply` would, for a file that is new or replaced by it. */
  get patch(): string {
    const [, patch] = /```diff\n([\s\S]*?)\n```/.exec(this.replies.at(-1) ?? "") ?? [];
    if (patch === undefined) throw new Error("the answer shows no patch");
    return patch;
  }
}
