import type { Language } from "./language.ts";
import type { Hunk, PatchLine } from "./patch.ts";

/*
 * Which part of a changed line is code. Comments, docstrings and blank lines say nothing about what runs, and a rule
 * that fires on them is noise.
 */

export interface CodeLine {
  readonly kind: PatchLine["kind"];
  /** Line in the new file; absent for a removed line. */
  readonly newLine?: number;
  /** Line in the old file; absent for an added line. */
  readonly oldLine?: number;
  /** The line as it stands, cut at a length that no person writes. */
  readonly text: string;
  /** The line without comments and surrounding blanks; empty when nothing of it is code. */
  readonly code: string;
  /** True when it only names what another file offers: `import`, `use`, `require`, `#include`. */
  readonly isImport: boolean;
}

/** Longer lines are minified or hostile; what stands beyond is not read. */
export const longestLine = 600;

interface Comments {
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

const commentsOf: Readonly<Record<Language, Comments>> = {
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

const importLine =
  /^(import\b(?!\s*\()|from\s+[\w.]+\s+import\b|export\s+(\*|\{[^}]*\}|type\s*\{[^}]*\})\s+from\b|use\s+[\w:\\{]|using\s+(static\s+)?[\w.]+( = [\w.<>]+)?;|package\s+[\w.]+;?$|require(_relative)?\s*\(?['"]|(const|let|var)\s+[\w{}\s,:]+=\s*require\(|extern\s+crate\b|pub\s+use\b|#include\b|@import\b|alias\s+\w)/;

/**
 * The lines of a hunk with what of each is code. A block comment or docstring that opened before the hunk is noticed by
 * its end, by a leading ` * `, and by the hunk's heading where git gives one; otherwise the first line is taken for code.
 */
export function readCode(hunk: Hunk, language: Language): readonly CodeLine[] {
  const comments = commentsOf[language];
  const lines: CodeLine[] = [];
  // The two sides of a hunk are two texts: each keeps its own state.
  const before = new SideState(comments, startsInside(hunk, comments, "added"));
  const after = new SideState(comments, startsInside(hunk, comments, "removed"));
  let inImport = false;
  let forTests = false;
  let inTests = language === "rust" && /\bmod tests?\b|\bfn test_/.test(hunk.heading);
  for (const line of hunk.lines) {
    const text = line.text.slice(0, longestLine).replace(/\r$/, "");
    let code = "";
    if (line.kind !== "added") code = before.codeOf(text);
    if (line.kind !== "removed") code = after.codeOf(text);
    if (language === "php" && code === "") code = annotation.exec(text)?.[1] ?? "";
    // Unit tests stand at the foot of a Rust file, in the file they test; `mod tests;` only says that they stand in another.
    if (language === "rust" && !inTests && code !== "") {
      if (code.startsWith("#[cfg(test)]")) {
        forTests = true;
        code = code.replace(/^#\[cfg\(test\)\]\s*/, "");
      }
      if (forTests && code !== "" && !code.startsWith("#[")) {
        inTests = !code.endsWith(";");
        forTests = false;
        code = "";
      } else if (/^mod tests?\b(?!;)|^#\[(?:\w+::)?test\b/.test(code)) inTests = true;
    }
    if (inTests) code = "";
    const isImport = code !== "" && (inImport || (importLine.test(code) && !isTraitUse(text, language)));
    if (isImport) inImport = opensImport(code, inImport);
    lines.push({
      kind: line.kind,
      text,
      code,
      isImport,
      ...(line.newLine === undefined ? {} : { newLine: line.newLine }),
      ...(line.oldLine === undefined ? {} : { oldLine: line.oldLine }),
    });
  }
  return lines;
}

/** What Symfony and Doctrine read out of comments: it runs. https://symfony.com/doc/5.x/routing.html */
const annotation =
  /^\s*\/?\*{1,2}\s*(@(?:\w{1,30}\\)?(?:Route|IsGranted|Security|Get|Post|Put|Patch|Delete)\(.{0,400})/;

/** Whether an import goes on in the next line: its bracket is open. */
function opensImport(code: string, wasOpen: boolean): boolean {
  if (/[{(]\s*$/.test(code) || (/[{(]/.test(code) && !/[})]/.test(code))) return true;
  return wasOpen && !/^[})]|[})];?$|\bfrom\b/.test(code);
}

/** Inside a PHP class `use` takes in a trait: that is code, and it stands indented. */
function isTraitUse(text: string, language: Language): boolean {
  return language === "php" && /^\s+use\s+[\w\\, ]+[;{]/.test(text);
}

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
    if (trimmed !== "") previous = trimmed;
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

class SideState {
  private readonly comments: Comments;
  private inside: boolean;
  private docstring: string | undefined;

  constructor(comments: Comments, inside: boolean) {
    this.comments = comments;
    this.inside = inside && comments.block !== undefined;
    if (inside && comments.docstring) this.docstring = "any";
  }

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
