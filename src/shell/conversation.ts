import { applyShown, type ShownAnswers } from "../core/apply-answers.ts";
import {
  type Applied,
  type Asked,
  type Conversed,
  commandsIn,
  converse,
  evidenceWanted,
  type Looked,
  needsCommitting,
  needsSnapshot,
  wantsApply,
} from "../core/converse.ts";
import type { Committing, ReadCommand } from "../core/domain/command.ts";
import type { Account } from "../core/domain/snapshot.ts";
import type { CommentName, Subject } from "./event.ts";
import { Forbidden, Gone } from "./failures.ts";
import type { CommentReading, Conversation, World } from "./ports.ts";
import { look } from "./run.ts";

/** What one command needs of the world: to look at a pull request, to talk in it, and to have it judged anew. */
export interface Talk extends World {
  readonly conversation: Conversation;
  recheck(subject: Subject): Promise<void>;
}

/** What became of a comment. `ignored` leaves no trace on GitHub. */
export interface Talked {
  readonly outcome: "ignored" | "refused" | "done";
  readonly why: string;
}

/**
 * Answers one comment, from what GitHub shows now: its text, whether it was edited, and the right of its author are all
 * read here and never taken from an event (H032). Whatever is no command of a person leaves no trace; who may not write
 * here gets a reaction and no text. May be done again at any time: it answers once, and then only edits that answer.
 * Throws only the three kinds of failures.ts.
 */
export async function answerComment(comment: CommentName, subject: Subject, talk: Talk): Promise<Talked> {
  const { conversation } = talk;
  const reading = await conversation.read(comment);
  if (!reading) return ignored("the comment is gone");
  const why = whyIgnored(reading);
  if (why !== undefined || !reading.author) return ignored(why ?? "its author is gone");
  const commands = commandsIn(reading.body);
  if (commands.length === 0) return ignored("it holds no command");
  const by = reading.author;
  if (!(await conversation.mayWrite(by))) return refuse(comment, talk, "its author may not write to the repository");
  if (!reading.isOpen) return refuse(comment, talk, "the pull request is closed");
  await conversation.react(comment, "seen");
  const committing = needsCommitting(commands) ? await conversation.committing() : undefined;
  const asked: Asked = {
    commands,
    by,
    at: reading.at,
    comment: { id: comment.id, ...(comment.where === "thread" ? {} : { url: reading.url }) },
    ...(committing ? { committing } : {}),
  };
  const shown = committing?.possible && wantsApply(commands) ? await answersShown(talk) : [];
  const all = [...commands, ...shown.flatMap((given) => given.commands)];
  const looked = needsSnapshot(commands) ? await lookForEvidence(all, subject, talk) : undefined;
  const applied =
    looked && committing && wantsApply(commands)
      ? await apply(shown, { by, reading }, looked, committing, conversation)
      : undefined;
  const said = converse(asked, looked, talk.context, applied);
  if (said.recheck) await talk.recheck(subject);
  const isSaid = said.body === undefined || (await conversation.reply(comment, reading, said.body));
  await conversation.react(comment, said.refused || !isSaid ? "refused" : "done", "seen");
  return talked(said, isSaid);
}

/** The last word when every attempt failed: the person sees that nothing came of it, and may ask again. */
export async function answerFailed(comment: CommentName, conversation: Conversation): Promise<void> {
  const reading = await conversation.read(comment);
  if (!reading?.author || whyIgnored(reading) !== undefined || commandsIn(reading.body).length === 0) return;
  await conversation.react(comment, "refused");
}

function whyIgnored({ author, isEdited, isOurs }: CommentReading): string | undefined {
  if (isOurs) return "it is our own";
  if (author?.type !== "User") return "it is not by a person";
  return isEdited ? "it was edited" : undefined;
}

function ignored(why: string): Talked {
  return { outcome: "ignored", why };
}

async function refuse(comment: CommentName, { conversation }: Talk, why: string): Promise<Talked> {
  await conversation.react(comment, "refused");
  return { outcome: "refused", why };
}

function talked({ refused }: Conversed, isSaid: boolean): Talked {
  if (!isSaid) return { outcome: "refused", why: "GitHub does not take the answer" };
  return refused ? { outcome: "refused", why: "the answer says why" } : { outcome: "done", why: "answered" };
}

/** Answers that were shown with their change, by people who may write here still; edited comments are not read. */
async function answersShown({ conversation }: Talk): Promise<readonly ShownAnswers[]> {
  const found: ShownAnswers[] = [];
  const rights = new Map<string, boolean>();
  for (const { author, body, isEdited, at, url, shown } of await conversation.shown()) {
    if (author?.type !== "User" || isEdited) continue;
    const who = `${author.login}#${author.id}`;
    const mayWrite = rights.get(who) ?? (await conversation.mayWrite(author));
    rights.set(who, mayWrite);
    if (mayWrite) found.push({ by: author, at, url, shown, commands: commandsIn(body) });
  }
  return found;
}

async function apply(
  answers: readonly ShownAnswers[],
  { by, reading }: { readonly by: Account; readonly reading: CommentReading },
  looked: Looked,
  committing: Committing,
  conversation: Conversation,
): Promise<Applied> {
  if (!committing.possible) return { outcome: "off", why: committing.why };
  if (looked.snapshot.pullRequest?.isFork !== false) {
    return { outcome: "off", why: "The branch is in a fork, where this App may not write." };
  }
  if (looked.snapshot.pullRequest.headBranch === looked.snapshot.repository.defaultBranch) {
    return { outcome: "off", why: "The branch is the default branch, which is changed by pull requests alone." };
  }
  const { commit, threats, left } = applyShown(answers, by, reading.url, looked);
  if (!commit) return { outcome: "nothing", left };
  const { head, headline, body } = commit;
  const files = commit.files.map(({ file, after }) => ({ path: file, text: after }));
  const result = await conversation.commit({ head, headline, body, files }, reading);
  if ("why" in result) return { outcome: "refused", why: result.why, left };
  return { outcome: "committed", commit: result, threats, files: files.map(({ path }) => path), left };
}

/** The pull request as an evaluation sees it, and whether the files that commands name as evidence are there. */
async function lookForEvidence(commands: readonly ReadCommand[], subject: Subject, talk: Talk): Promise<Looked> {
  const snapshot = await look(subject, talk);
  const { assessment } = await talk.judging.judge(snapshot, talk.context);
  const read = new Set([...snapshot.headTexts, ...snapshot.models].map(({ path }) => path));
  const wanted = evidenceWanted(commands.flatMap((one) => ("command" in one ? [one.command] : [])));
  const texts = wanted.filter((path) => !read.has(path));
  if (texts.length === 0) return { snapshot, assessment };
  try {
    const more = await talk.source.complete(subject, snapshot, { texts, look: [], teams: [] });
    return { snapshot: more, assessment };
  } catch (error) {
    // What cannot be looked up is told as not found; only a fault that passes is worth another attempt.
    if (error instanceof Gone || error instanceof Forbidden) return { snapshot, assessment };
    throw error;
  }
}
