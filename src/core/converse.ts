import { Ground, type Looked } from "./answer-ground.ts";
import { type Answerer, placeIn } from "./commands/answer.ts";
import { threatMeant } from "./commands/known-threats.ts";
import type { AnswerCommand, AnswerResult, Command, ReadCommand } from "./domain/command.ts";
import type { JudgeContext } from "./domain/judge-context.ts";
import type { Account } from "./domain/snapshot.ts";
import { type ReplyPart, replyTo } from "./present/answers.ts";

export type { Looked } from "./answer-ground.ts";
export { commandsIn, readLine } from "./commands/read-command.ts";
export { patchOf } from "./present/answers.ts";

/** The commands of one comment, and who wrote it. */
export interface Asked {
  readonly commands: readonly ReadCommand[];
  readonly by: Account;
  readonly comment: { readonly id: number; readonly url?: string };
}

/** What a comment is answered with. */
export interface Conversed {
  /** The pull request is to be judged anew. */
  readonly recheck: boolean;
  /** Nothing of what was asked is done. */
  readonly refused: boolean;
  /** Absent when there is nothing to say. */
  readonly body?: string;
}

/** Whether the commands can only be answered by looking at the pull request. */
export function needsSnapshot(commands: readonly ReadCommand[]): boolean {
  return commands.some((one) => "command" in one && !["help", "recheck", "apply"].includes(one.command.name));
}

/** Paths that commands name as evidence: whether they exist at the head has to be looked up. */
export function evidenceWanted(commands: readonly Command[]): readonly string[] {
  const places = commands.flatMap((command) => (command.name === "mitigated" ? (placeIn(command.by) ?? []) : []));
  return [...new Set(places.map(({ path }) => path))];
}

/**
 * Answers the commands of a comment from one look at the pull request. Pure; without a look only what needs none is
 * answered. Changes of the model are shown, never made.
 */
export function converse(asked: Asked, looked: Looked | undefined, context: JudgeContext): Conversed {
  const ground = looked && new Ground(looked);
  const parts: ReplyPart[] = [];
  let recheck = false;
  let done = 0;
  for (const one of asked.commands) {
    if ("fault" in one) {
      parts.push({ kind: "fault", line: one.line, refusal: one.fault });
      continue;
    }
    if (one.command.name === "recheck") {
      recheck = true;
      done++;
      continue;
    }
    const part = partOf(one.command, one.line, ground, asked.by);
    if (!part) continue;
    parts.push(part);
    if (!isRefusal(part)) done++;
  }
  const refused = done === 0;
  if (parts.length === 0) return { recheck, refused };
  const { id, url } = asked.comment;
  const body = replyTo({
    parts: parts.filter(
      (part, index) => part.kind !== "help" || parts.findIndex(({ kind }) => kind === "help") === index,
    ),
    changes: ground?.changes() ?? [],
    comment: { id, author: asked.by.login, ...(url === undefined ? {} : { url }) },
    documentation: context.documentation,
  });
  return { recheck, refused, body };
}

function isRefusal(part: ReplyPart): boolean {
  return (
    part.kind === "fault" || part.kind === "apply" || (part.kind === "answer" && part.result.outcome === "refused")
  );
}

function partOf(
  command: Exclude<Command, { name: "recheck" }>,
  line: string,
  ground: Ground | undefined,
  by: Account,
): ReplyPart | undefined {
  if (command.name === "help" || command.name === "apply") return { kind: command.name };
  if (!ground) return undefined;
  switch (command.name) {
    case "config":
      return { kind: "config", config: ground.effective };
    case "stories":
      return { kind: "stories", threats: ground.withoutStory() };
    case "explain": {
      const threat = threatMeant(command.threat, ground.threats());
      if ("what" in threat) return { kind: "fault", line, refusal: threat };
      const { derived, written } = threat;
      return { kind: "explain", ...(derived ? { derived } : {}), ...(written ? { written } : {}) };
    }
    default:
      return { kind: "answer", command, result: ground.answer(command, ground.answerer(by)) };
  }
}

/** What one answer would change, for a checkout: nobody's membership can be told there, so the approver is only named. */
export function answerLocally(command: AnswerCommand, who: Answerer, looked: Looked): AnswerResult {
  return new Ground(looked).answer(command, who);
}
