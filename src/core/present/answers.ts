import { formatPatch, structuredPatch } from "diff";
import {
  type AnswerCommand,
  type AnswerResult,
  type Command,
  type Committing,
  commandForms,
  commandNames,
  type Refusal,
} from "../domain/command.ts";
import { type ShownChange, writeMarker } from "../domain/marker.ts";
import { showPlace } from "../domain/problem.ts";
import type { Threat, Unlisted } from "../domain/threat.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import type { ModelThreat } from "../domain/threat-model.ts";
import { type Applied, appliedPart } from "./applied.ts";
import { blocks, cut, entries, fence, limits, table } from "./blocks.ts";
import { type ConfigInput, configOutput } from "./config-output.ts";
import { explained, explainedModel, stories } from "./explained.ts";
import { code, link, type Markdown, md, ownWords, plainLines, prose, sentence, text } from "./markdown.ts";

/** One part of a reply: what one command of the comment came to. */
export type ReplyPart =
  | { readonly kind: "help"; readonly committing?: Committing }
  | { readonly kind: "fault"; readonly line: string; readonly refusal: Refusal }
  | { readonly kind: "answer"; readonly command: AnswerCommand; readonly result: AnswerResult }
  | {
      readonly kind: "explain";
      readonly derived?: Threat;
      readonly written?: ModelThreat;
      /** What else the library knows of the element, and why it is not asked. */
      readonly unlisted?: readonly Unlisted[];
    }
  | { readonly kind: "stories"; readonly threats: readonly Threat[] }
  | { readonly kind: "config"; readonly config: ConfigInput }
  | { readonly kind: "apply"; readonly applied: Applied };

/** A model file before all answers of a comment and after them. */
export interface FileChange {
  readonly file: string;
  /** Absent for a new file. */
  readonly before?: string;
  readonly after: string;
}

export interface ReplyInput {
  readonly parts: readonly ReplyPart[];
  readonly changes: readonly FileChange[];
  /** The change as the marker carries it; absent where there is none. */
  readonly shown?: ShownChange;
  /** Whether `/threat apply` would commit it. */
  readonly committing?: Committing;
  /** The comment that is answered. Its address is shown where the reply does not stand in its thread. */
  readonly comment: { readonly id: number; readonly author: string; readonly url?: string };
  /** Address of the documentation, without a slash at the end. */
  readonly documentation: string;
}

/** A diff shows as many lines around a change as git does. */
const around = 3;

/** The whole reply to the commands of one comment, with its marker. */
export function replyTo({ parts, changes, shown, committing, comment, documentation }: ReplyInput): string {
  const marker = ownWords(writeMarker({ kind: "reply", comment: comment.id, ...(shown ? { shown } : {}) }));
  const to =
    comment.url === undefined ? undefined : md`${link(md`The command`, comment.url)} of ${text(comment.author)}:`;
  const said = blocks([
    to,
    ...parts.map((part) => partOf(part, documentation)),
    ...changes.map((change) => changeOf(change)),
    changes.length === 0 ? undefined : howToWrite(parts, comment.author, committing),
  ]);
  return cut(md`${marker}\n${said}`, limits.comment);
}

function partOf(part: ReplyPart, documentation: string): Markdown {
  switch (part.kind) {
    case "help":
      return help(documentation, part.committing);
    case "fault":
      return md`${code(part.line, 120)} is not done. ${refusal(part.refusal)}`;
    case "answer":
      return answerPart(part.command, part.result);
    case "explain":
      return part.derived
        ? explained(part.derived, part.written, part.unlisted ?? [])
        : part.written
          ? explainedModel(part.written)
          : md``;
    case "stories":
      return stories(part.threats);
    case "config":
      return config(part.config);
    case "apply":
      return appliedPart(part.applied);
  }
}

function refusal({ what, hint, example }: Refusal): Markdown {
  const said = md`${sentence(what, 2_000)} ${sentence(hint, 2_000)}`;
  return example === undefined ? said : md`${said} Right would be ${code(example, 400)}.`;
}

const does: Readonly<Record<Command["name"], string>> = {
  help: "shows this",
  recheck: "judges the pull request anew",
  explain: "says what a threat is, why it is asked here, and what answers it",
  mitigated: "offers the change of the model that names what mitigates it; a path becomes a control with that evidence",
  "not-applicable": "offers the change that sets it aside, with the reason",
  accept: "offers the change that accepts the risk; by a Security Architect alone, who then approves the pull request",
  stories: "shows the security user stories of the threats that are open here",
  reopen: "offers the change that takes an answer back",
  apply:
    "commits to this branch the changes that the answers here were shown with, while its head is the one they were shown for",
  config: "shows each setting of the policy in force, and where it comes from",
};

function help(documentation: string, committing: Committing | undefined): Markdown {
  const off = committing?.possible === false ? md` Off here: ${text(lowered(committing.why))}` : md``;
  const rows = commandNames.map((name) => [
    code(commandForms[name].form),
    name === "apply" ? md`${text(does[name])}.${off}` : text(does[name]),
  ]);
  return blocks([
    md`**Commands**: a whole line of a new comment, by people who may write to this repository. Edited comments are not read.`,
    table([md`Command`, md`What it does`], rows),
    md`An answer is a change of the model, shown as a patch: nothing counts until it is committed. ${link(md`How a verdict comes about`, `${documentation}/how-it-decides.md`)}.`,
  ]);
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function answerPart(command: AnswerCommand, result: AnswerResult): Markdown {
  if (result.outcome === "refused")
    return md`${code(`/threat ${command.name} ${command.threat}`)} is not done. ${refusal(result)}`;
  const id = code(shortThreatId(result.threat.id));
  const what = md`${id} ${answerWords(command)}: ${prose(result.threat.title, 300)}`;
  if (result.outcome === "already") return md`${what}. ${code(result.file)} says so already; nothing to do.`;
  return blocks([md`${what}.`, ...result.notes.map((note) => sentence(note))]);
}

function answerWords(command: AnswerCommand): Markdown {
  switch (command.name) {
    case "mitigated":
      return md`**mitigated** by ${code(command.by, 300)}`;
    case "not-applicable":
      return md`**not applicable**`;
    case "accept":
      return md`**accepted** until ${text(command.until)}`;
    case "reopen":
      return md`**open** again`;
  }
}

/** The change of one file as a unified diff that `git apply` takes. */
function changeOf(change: FileChange): Markdown {
  const { file, before } = change;
  const patch = patchOf(change);
  const isExact = plainLines(patch) === patch && patch.split("\n").every((line) => line.length <= 1_000);
  const where = before === undefined ? md`New file ${code(file)}` : md`Change of ${code(file)}`;
  return blocks([
    md`${where}. Until it is committed here, the threat counts as before:`,
    fence("diff", patch),
    isExact
      ? undefined
      : md`Some characters of the file are shown in another form, so this patch cannot be applied as it stands; the command below writes it.`,
  ]);
}

/** The unified diff of a file's change. */
export function patchOf({ file, before, after }: FileChange): string {
  const from = before === undefined ? "/dev/null" : `a/${file}`;
  const patch = structuredPatch(from, `b/${file}`, before ?? "", after, undefined, undefined, { context: around });
  for (const hunk of patch.hunks) {
    // A comment loses an empty last line; the patch is as good without it while another line of context follows the change.
    while (hunk.lines.at(-1) === " " && hunk.lines.at(-2)?.startsWith(" ")) {
      hunk.lines.pop();
      hunk.oldLines--;
      hunk.newLines--;
    }
  }
  const [head = "", ...rest] = formatPatch(patch)
    .split("\n")
    .filter((line) => !line.startsWith("===="));
  return [head, ...rest].join("\n").trimEnd();
}

/** What writes the same into a checkout. */
function howToWrite(parts: readonly ReplyPart[], approver: string, committing: Committing | undefined): Markdown {
  const commands = parts.flatMap((part) =>
    part.kind === "answer" && part.result.outcome === "change"
      ? [`npx threatgate answer ${argumentsOf(part.command, part.result.threat.id, approver)}`]
      : [],
  );
  const how = committing?.possible
    ? md`Write ${code("/threat apply")} to have it committed here, or in a checkout of the branch:`
    : md`Save the patch and run ${code("git apply")}, or in a checkout of the branch:`;
  return blocks([how, fence("sh", commands.join("\n"))]);
}

function argumentsOf(command: AnswerCommand, id: string, approver: string): string {
  switch (command.name) {
    case "mitigated":
      return `${id} --mitigated-by ${quoted(command.by)}`;
    case "not-applicable":
      return `${id} --not-applicable ${quoted(command.because)}`;
    case "accept":
      return `${id} --accept-until ${quoted(command.until)} --because ${quoted(command.because)} --approver ${quoted(approver)}`;
    case "reopen":
      return `${id} --reopen`;
  }
}

/** One argument for a shell, whatever it holds. */
function quoted(argument: string): string {
  return /^[A-Za-z0-9._/:-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

function config(input: ConfigInput): Markdown {
  const { settings, ignored, problems, usable } = configOutput(input);
  const rows = settings.map(({ key, value, from, where, locked }) => [
    code(key),
    code(JSON.stringify(value) ?? "", 120),
    md`${text(from)}${where === undefined ? md`` : md` ${code(where)}`}${locked ? md`, locked` : md``}`,
  ]);
  return blocks([
    usable
      ? md`**The policy in force here**, read from default branches:`
      : md`**The policy cannot be used until these faults are mended.**`,
    ...problems.map((problem) => md`${code(showPlace(problem))}: ${sentence(problem.what)} ${sentence(problem.hint)}`),
    table([md`Setting`, md`Value`, md`From`], rows, 80),
    ignored.length === 0
      ? undefined
      : entries(
          ignored.map((one) => md`Without effect: ${sentence(one)}`),
          "marks",
        ),
  ]);
}
