import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { type Command, commandForms, commandNames, type ReadCommand, type Refusal } from "../domain/command.ts";
import { isSubstantive } from "../text/placeholders.ts";
import { suggestionFor } from "../text/suggestion.ts";

/*
 * A command counts only where everybody who reads the comment sees it as one (H032): a whole line that begins with
 * `/threat`, in a paragraph of its own right. Whatever GitHub shows as a quotation (the line below a quoted one belongs to
 * it), as code, struck through, folded away or not at all is somebody else's words, or an example.
 */

/** Longest comment that is searched; GitHub's own limit is 65,536 characters, and no command needs that. */
const longestComment = 20_000;
/** Signs of quotes and lists at the start of one line that are still handed to the parser. */
const deepest = 20;
/** Commands of one comment. */
const mostCommands = 10;
const longestReason = 1_000;

/* The node types of the parser's own result. https://github.com/syntax-tree/mdast */
type Root = ReturnType<typeof fromMarkdown>;
type Block = Root["children"][number];
type Paragraph = Extract<Block, { type: "paragraph" }>;
type Inline = Paragraph["children"][number];

const start = /^\/threat(?=[ \t]|\r?$)/im;

/**
 * The commands of a comment, in order; empty for every comment without one. A line that is meant as a command and is not
 * one is told with a right example. Linear in the size of the comment but for what is refused beforehand. Never throws.
 */
export function commandsIn(comment: string): readonly ReadCommand[] {
  if (!start.test(comment)) return [];
  const text = comment.replace(/\r\n?/g, "\n");
  if (text.length > longestComment || text.split("\n").some(isDeep)) {
    const fault = {
      what: "This comment is too long or too deeply nested to look for commands in it.",
      hint: "Write the command into a comment of its own.",
    };
    return [{ line: "/threat", fault }];
  }
  const root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const lines = commandLines(text, root);
  const read = lines.slice(0, mostCommands).map(readLine);
  if (lines.length <= mostCommands) return read;
  const fault = {
    what: `Only the first ${mostCommands} commands of a comment are read.`,
    hint: "Write the others into another comment.",
  };
  return [...read, { line: lines[mostCommands] ?? "", fault }];
}

function isDeep(line: string): boolean {
  const signs = /^[\s>*+-]*/.exec(line)?.[0].replace(/\s/g, "") ?? "";
  return signs.length > deepest && (signs.includes(">") || signs.length < line.trim().length);
}

/** The lines that stand as commands in a paragraph at the top of the comment. */
function commandLines(text: string, root: Root): string[] {
  const found: string[] = [];
  let offset = 0;
  for (const line of text.split("\n")) {
    if (start.test(line) && isPlain(root, offset)) found.push(line.trimEnd());
    offset += line.length + 1;
  }
  return found;
}

function isPlain(root: Root, offset: number): boolean {
  const block = root.children.find((node) => holds(node, offset));
  if (block?.type !== "paragraph") return false;
  const inline = block.children.find((node) => holds(node, offset));
  return inline?.type === "text" && !isInsideHtml(root, block, offset);
}

function holds(node: Block | Inline, offset: number): boolean {
  const { start: from, end: to } = node.position ?? {};
  return from?.offset !== undefined && to?.offset !== undefined && from.offset <= offset && offset < to.offset;
}

/** Elements in which GitHub shows text as code, quoted, struck through, or folded away. */
const elements =
  /<(\/?)(blockquote|code|del|details|kbd|picture|pre|s|samp|strike|sub|summary|table|template|tt|var)(?=[\s/>])/gi;

/** Raw HTML opened before this place and not closed: it reaches across paragraphs. */
function isInsideHtml(root: Root, paragraph: Paragraph, offset: number): boolean {
  let open = 0;
  const before = (node: Block | Inline): boolean => (node.position?.end.offset ?? 0) <= offset;
  for (const node of root.children) {
    if (node === paragraph || !before(node)) break;
    for (const html of htmlIn(node)) open = count(html, open);
  }
  for (const node of paragraph.children.filter(before)) for (const html of htmlIn(node)) open = count(html, open);
  return open > 0;
}

function* htmlIn(node: Block | Inline): Generator<string> {
  if (node.type === "html") yield node.value;
  // Quotes and lists close what was opened in them when they end.
  if (node.type === "paragraph") for (const child of node.children) if (child.type === "html") yield child.value;
}

function count(html: string, open: number): number {
  let now = open;
  for (const [, closes] of html.matchAll(elements)) now = closes === "/" ? Math.max(0, now - 1) : now + 1;
  return now;
}

/** One line into a command, or what is wrong with it. */
export function readLine(line: string): ReadCommand {
  const words = line.slice("/threat".length).trim();
  const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.exec(words.replace(/\t/g, " "))?.[0];
  if (unseen !== undefined && unseen !== "\u200d") {
    const code = (unseen.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return faulty(line, {
      what: `The command holds a character that cannot be seen (U+${code}).`,
      hint: "Type it anew.",
      example: commandForms.help.example,
    });
  }
  const [, verb = "", rest = ""] = /^(\S*)\s*(.*)$/.exec(words) ?? [];
  const name = commandNames.find((one) => one === verb.toLowerCase());
  if (verb === "") return { line, command: { name: "help" } };
  if (name === undefined) {
    const near = suggestionFor(verb.toLowerCase(), commandNames);
    const example = commandForms[commandNames.find((one) => one === near) ?? "help"].example;
    const hint =
      near === undefined
        ? `Commands are ${commandNames.map((one) => `\`${one}\``).join(", ")}.`
        : `Did you mean \`${near}\`?`;
    return faulty(line, { what: `\`${verb.slice(0, 40)}\` is no command.`, hint, example });
  }
  const command = commandOf(name, rest);
  return "what" in command ? faulty(line, command) : { line, command };
}

function faulty(line: string, fault: Refusal): ReadCommand {
  return { line, fault };
}

function commandOf(name: Command["name"], rest: string): Command | Refusal {
  switch (name) {
    case "help":
    case "recheck":
    case "stories":
    case "apply":
    case "config":
      return rest === "" ? { name } : wrong(name, `\`/threat ${name}\` takes nothing more.`);
    case "explain":
    case "reopen": {
      const threat = idOf(rest);
      return threat === undefined ? wrong(name, noId(rest)) : { name, threat };
    }
    default:
      return answerOf(name, rest);
  }
}

function answerOf(name: "mitigated" | "not-applicable" | "accept", rest: string): Command | Refusal {
  const [, first = "", tail = ""] = /^(\S*)\s*(.*)$/.exec(rest) ?? [];
  const threat = idOf(first);
  if (threat === undefined) return wrong(name, noId(first));
  switch (name) {
    case "mitigated": {
      const by = bare(/^by\s+(.+)$/i.exec(tail)?.[1] ?? "");
      if (by === "")
        return wrong(
          name,
          "What mitigates the threat is missing: the word `by`, then a control of the model or a path.",
        );
      if (isSlot(by)) return wrong(name, `\`${clipped(by)}\` is the place for a control or a path.`);
      return by.length > 300 ? wrong(name, "The control or path is longer than 300 characters.") : { name, threat, by };
    }
    case "not-applicable": {
      const because = /^because\s+(.+)$/i.exec(tail)?.[1];
      return faultOfReason(name, because) ?? { name, threat, because: because ?? "" };
    }
    case "accept": {
      const found = /^until\s+(\S+)(?:\s+because\s+(.+))?\s*$/i.exec(tail);
      const until = bare(found?.[1] ?? "");
      if (until === "")
        return wrong(name, "The day until which the risk is accepted is missing: the word `until`, then a date.");
      return faultOfReason(name, found?.[2]) ?? { name, threat, until, because: found?.[2] ?? "" };
    }
  }
}

function faultOfReason(name: "not-applicable" | "accept", because: string | undefined): Refusal | undefined {
  if (because === undefined) return wrong(name, "The reason is missing: the word `because`, then why.");
  if (isSlot(because) || !isSubstantive(because, 3))
    return wrong(name, `\`${clipped(because)}\` is no reason: say in three words or more why.`);
  if (because.length > longestReason) return wrong(name, `The reason is longer than ${longestReason} characters.`);
  return undefined;
}

function wrong(name: Command["name"], what: string): Refusal {
  const { form, example } = commandForms[name];
  return { what, hint: `The form is \`${form}\`.`, example };
}

function noId(written: string): string {
  if (written === "") return "The id of the threat is missing.";
  return `\`${clipped(written)}\` is no id of a threat.`;
}

/** The id as it was written, out of the code style in which our own texts show it. */
function idOf(written: string): string | undefined {
  const id = bare(written);
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id) && /\d|-/.test(id) ? id.replace(/\.+$/, "") : undefined;
}

function bare(written: string): string {
  const trimmed = written.trim();
  return /^`([^`]+)`$/.exec(trimmed)?.[1]?.trim() ?? trimmed;
}

/** `<reason>` or `…`, copied from the form. */
function isSlot(written: string): boolean {
  return /^<[^<>]*>$|^(…|\.\.\.)$/.test(written.trim());
}

function clipped(written: string): string {
  const shown = written.replaceAll("`", "'");
  return shown.length > 60 ? `${shown.slice(0, 59)}…` : shown;
}
