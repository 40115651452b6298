import { Ground, type Looked } from "./answer-ground.ts";
import { digestOfChange } from "./apply-answers.ts";
import type { Answerer } from "./commands/ground.ts";
import { threatMeant } from "./commands/known-threats.ts";
import { placeIn } from "./commands/mitigated.ts";
import type { AnswerCommand, AnswerResult, Command, Committing, ReadCommand } from "./domain/command.ts";
import type { JudgeContext } from "./domain/judge-context.ts";
import type { Account } from "./domain/snapshot.ts";
import { type ReplyPart, replyTo } from "./present/answers.ts";
import type { Applied } from "./present/applied.ts";

export type { Looked } from "./answer-ground.ts";
export { commandsIn, readLine } from "./commands/read-command.ts";
export { patchOf } from "./present/answers.ts";
export type { Applied } from "./present/applied.ts";

/** The commands of one comment, and who wrote it. */
export interface Asked {
  readonly commands: readonly ReadCommand[];
  readonly by: Account;
  readonly comment: { readonly id: number; readonly url?: string };
  /** When it was written, ISO instant: the day that answers are dated. Left out, when the pull request was looked at. */
  readonly at?: string;
  /** Whether answers may be committed here. */
  readonly committing?: Committing;
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
  return commands.some((one) => "command" in one && !["help", "recheck"].includes(one.command.name));
}

/** Whether it matters to them that answers may be committed here. */
export function needsCommitting(commands: readonly ReadCommand[]): boolean {
  return commands.some((one) => "command" in one && ["help", "apply", ...answers].includes(one.command.name));
}

/** Paths that commands name as evidence: whether they exist at the head has to be looked up. */
export function evidenceWanted(commands: readonly Command[]): readonly string[] {
  const places = commands.flatMap((command) => (command.name === "mitigated" ? (placeIn(command.by) ?? []) : []));
  return [...new Set(places.map(({ path }) => path))];
}

/** Whether a comment asks to commit what was shown. With answers of its own it does not: nobody has seen their change. */
export function wantsApply(commands: readonly ReadCommand[]): boolean {
  const names = commands.flatMap((one) => ("command" in one ? [one.command.name] : []));
  return names.includes("apply") && !names.some((name) => answers.has(name));
}

const answers: ReadonlySet<string> = new Set(["mitigated", "not-applicable", "accept", "reopen"]);

/**
 * Answers the commands of a comment from one look at the pull request. Pure; without a look only what needs none is
 * answered. Changes of the model are shown; what `/threat apply` came to is given by whoever did it.
 */
export function converse(
  asked: Asked,
  looked: Looked | undefined,
  context: JudgeContext,
  applied: Applied = unseen,
): Conversed {
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
    const part = partOf(one.command, one.line, ground, asked, applied);
    if (!part) continue;
    parts.push(part);
    if (!isRefusal(part)) done++;
  }
  const refused = done === 0;
  if (parts.length === 0) return { recheck, refused };
  const { id, url } = asked.comment;
  const changes = ground?.changes() ?? [];
  const shown =
    looked && changes.length > 0 ? { head: looked.snapshot.head, digest: digestOfChange(changes) } : undefined;
  const body = replyTo({
    parts: parts.filter(
      (part, index) => part.kind !== "help" || parts.findIndex(({ kind }) => kind === "help") === index,
    ),
    changes,
    ...(shown ? { shown } : {}),
    ...(asked.committing ? { committing: asked.committing } : {}),
    comment: { id, author: asked.by.login, ...(url === undefined ? {} : { url }) },
    documentation: context.documentation,
  });
  return { recheck, refused, body };
}

const unseen: Applied = {
  outcome: "off",
  why: "The changes of this comment were shown to nobody before it was written.",
};

function isRefusal(part: ReplyPart): boolean {
  switch (part.kind) {
    case "fault":
      return true;
    case "apply":
      return (
        part.applied.outcome !== "committed" && (part.applied.outcome !== "nothing" || part.applied.left.length > 0)
      );
    case "answer":
      return part.result.outcome === "refused";
    default:
      return false;
  }
}

function partOf(
  command: Exclude<Command, { name: "recheck" }>,
  line: string,
  ground: Ground | undefined,
  { by, at, committing }: Asked,
  applied: Applied,
): ReplyPart | undefined {
  if (command.name === "help") return { kind: "help", ...(committing ? { committing } : {}) };
  if (command.name === "apply") return { kind: "apply", applied };
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
      return {
        kind: "explain",
        ...(derived ? { derived, unlisted: ground.unlistedBeside(derived) } : {}),
        ...(written ? { written } : {}),
      };
    }
    default:
      return { kind: "answer", command, result: ground.answer(command, ground.answerer(by), at) };
  }
}

/** What one answer would change, for a checkout: nobody's membership can be told there, so the approver is only named. */
export function answerLocally(command: AnswerCommand, who: Answerer, looked: Looked): AnswerResult {
  return new Ground(looked).answer(command, who);
}
