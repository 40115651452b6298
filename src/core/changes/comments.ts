import type { Language } from "./language.ts";
import { type Hunk, otherSide, type PatchLine } from "./patch.ts";

/*
 * Comments and docstrings of the languages, and how a line is read without them although its hunk may begin in the middle of one.
 */

/** How a language writes comments. */
export interface Comments {
  readonly line: readonly string[];
  readonly block?: readonly [open: string, close: string];
  /** Further pairs that open and close on one line, as templates have them. */
  readonly inline?: readonly (readonly [open: string, close: string])[];
  /** Strings that stand alone as comments, as in Python. */
  readonly docstring?: true;
}

const cLike: Comments = { line: ["//"], block: ["/*", "*/"] };
const hashLike: Comments = { line: ["#"] };
const markup: Comments = { line: [], block: ["<!--", "-->"] };

/** The comments of each language. */
export const commentsOf: Readonly<Record<Language, Comments>> = {
  javascript: cLike,
  go: cLike,
  java: cLike,
  kotlin: cLike,
  csharp: cLike,
  rust: cLike,
  swift: cLike,
  scala: cLike,
  protobuf: cLike,
  prisma: cLike,
  php: { line: ["//", "# ", "#\t"], block: ["/*", "*/"] },
  python: { line: ["#"], docstring: true },
  ruby: hashLike,
  shell: hashLike,
  yaml: hashLike,
  toml: hashLike,
  properties: { line: ["#", ";"] },
  dockerfile: hashLike,
  graphql: { line: ["#"], docstring: true },
  "server-configuration": hashLike,
  terraform: { line: ["#", "//"], block: ["/*", "*/"] },
  sql: { line: ["--"], block: ["/*", "*/"] },
  xml: markup,
  // Blade, Twig and Jinja, ERB.
  html: {
    line: [],
    block: ["<!--", "-->"],
    inline: [
      ["{{--", "--}}"],
      ["{#", "#}"],
      ["<%#", "%>"],
    ],
  },
  json: { line: ["//"] },
  other: { line: ["#", "//"] },
};

/** Whether the first line of a side stands inside a comment that opened above the hunk. */
function startsInside(hunk: Hunk, comments: Comments, not: PatchLine["kind"]): boolean {
  const lines = hunk.lines.filter(({ kind }) => kind !== not);
  if (comments.docstring) return startsInsideDocstring(hunk, lines);
  if (!comments.block) return false;
  const [open, close] = comments.block;
  for (const line of lines) {
    const opens = line.text.indexOf(open);
    const closes = line.text.indexOf(close);
    if (closes >= 0 && (opens < 0 || closes < opens)) return true;
    if (opens >= 0) return false;
  }
  return false;
}

/**
 * A line of quotes alone opens a docstring after `def …:` or at the top of the file, and closes one everywhere else;
 * text before the quotes closes one, too.
 */
function startsInsideDocstring(hunk: Hunk, lines: readonly PatchLine[]): boolean {
  let previous = "";
  for (const { text } of lines) {
    const trimmed = text.trim();
    if (/^[rRbBuUfF]?("""|''')$/.test(trimmed)) {
      if (previous === "") return hunk.newStart > 1 && !opensProse(lines);
      return !/[:=(,{[]$/.test(previous);
    }
    if (/"""|'''/.test(trimmed)) {
      const quotes = trimmed.includes('"""') ? '"""' : "'''";
      const alone = trimmed.split(quotes).length === 2;
      return alone && trimmed.endsWith(quotes) && !/[=(,:]\s*[rRbBuUfF]?("""|''')$/.test(trimmed);
    }
    // At the top of a file stand its interpreter and its licence, above its docstring.
    const isHead = hunk.newStart <= 1 && trimmed.startsWith("#");
    if (trimmed !== "" && !isHead) previous = trimmed;
  }
  return false;
}

/** Looks like a statement, and not like a sentence. */
const statement =
  /^(?:return|if|elif|else|for|while|def|class|import|from|raise|with|try|except|assert|yield|await|async|@\w)\b.*|^[\w.[\]"']+\s*(?:=|\+=)\s*\S|^[\w.]+\(.*\)$|[:,({[]$/;

/** Whether the quotes on the first line open a docstring: what stands between them and the next ones is prose. */
function opensProse(lines: readonly PatchLine[]): boolean {
  const first = lines.findIndex(({ text }) => text.trim() !== "");
  const end = lines.findIndex(({ text }, index) => index > first && /"""|'''/.test(text));
  if (end < 0) return false;
  return !lines.slice(first + 1, end).some(({ text }) => statement.test(text.trim()));
}

/** Reads the lines of one side of a hunk in their order, and says of each what of it is code. */
export class SideState {
  private readonly comments: Comments;
  private inside: boolean;
  private docstring: string | undefined;

  constructor(comments: Comments, hunk: Hunk, side: "added" | "removed") {
    const inside = startsInside(hunk, comments, otherSide(side));
    this.comments = comments;
    this.inside = inside && comments.block !== undefined;
    if (inside && comments.docstring) this.docstring = "any";
  }

  /** The line without comments and surrounding blanks; empty when nothing of it is code. */
  codeOf(text: string): string {
    let rest = text;
    if (this.comments.docstring) {
      const left = this.withoutDocstring(rest);
      if (left === undefined) return "";
      rest = left;
    }
    const { block } = this.comments;
    for (const pair of this.comments.inline ?? []) rest = withoutInline(rest, pair);
    if (block) {
      if (this.inside) {
        const end = rest.indexOf(block[1]);
        if (end < 0) return "";
        this.inside = false;
        rest = rest.slice(end + block[1].length);
      }
      rest = this.withoutBlocks(rest, block);
    }
    return withoutLineComment(rest, this.comments.line).trim();
  }

  /** Undefined when the whole line is docstring. A triple-quoted value that is assigned or passed stays code. */
  private withoutDocstring(text: string): string | undefined {
    if (this.docstring !== undefined) {
      const ends = this.docstring === "any" ? /"""|'''/.test(text) : text.includes(this.docstring);
      if (ends) this.docstring = undefined;
      return undefined;
    }
    const opening = /^\s*[rRbBuUfF]?("""|''')/.exec(text);
    const quotes = opening?.[1];
    if (!opening || quotes === undefined) return text;
    if (!text.slice(opening[0].length).includes(quotes)) this.docstring = quotes;
    return undefined;
  }

  private withoutBlocks(text: string, [open, close]: readonly [string, string]): string {
    let rest = text;
    for (;;) {
      const start = outsideStrings(rest, open);
      if (start < 0) return rest;
      const end = rest.indexOf(close, start + open.length);
      if (end < 0) {
        this.inside = true;
        return rest.slice(0, start);
      }
      rest = rest.slice(0, start) + rest.slice(end + close.length);
    }
  }
}

function withoutInline(text: string, [open, close]: readonly [string, string]): string {
  let rest = "";
  let from = 0;
  for (;;) {
    const start = text.indexOf(open, from);
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length);
    if (end < 0) return rest + text.slice(from);
    rest += text.slice(from, start);
    from = end + close.length;
  }
}

function withoutLineComment(text: string, markers: readonly string[]): string {
  const trimmed = text.trimStart();
  // The continuation of a block comment whose opening is above the hunk.
  if (/^\*(\s|\/|$)/.test(trimmed) && markers.includes("//")) return "";
  let cut = text.length;
  for (const marker of markers) {
    const at = outsideStrings(text, marker);
    if (at >= 0 && at < cut) cut = at;
  }
  return text.slice(0, cut);
}

/**
 * Where `marker` first stands outside quotes, or -1. `#` and `;` count only at the start or after a blank, `//` not after
 * a colon, because those are parts of values and of addresses.
 */
function outsideStrings(text: string, marker: string): number {
  if (!text.includes(marker)) return -1;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote !== "") {
      if (character === "\\") at++;
      else if (character === quote) quote = "";
      continue;
    }
    if (character === '"' || character === "`" || (character === "'" && !/\w/.test(text[at - 1] ?? ""))) {
      // An apostrophe or a quote that never closes is no string.
      if (text.indexOf(character, at + 1) > 0) quote = character;
      continue;
    }
    if (text.startsWith(marker, at)) {
      const previous = text[at - 1];
      if ((marker === "#" || marker === ";") && previous !== undefined && !/\s/.test(previous)) continue;
      if (marker === "//" && previous === ":") continue;
      return at;
    }
  }
  return -1;
}
