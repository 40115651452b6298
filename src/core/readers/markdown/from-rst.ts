import { indentOf } from "./as-html.ts";
import { gridTable, listTable, simpleTable } from "./rst-tables.ts";

/** A document in Markdown, line for line, and the files that it would have taken in. */
export interface AsMarkdown {
  readonly text: string;
  readonly includes: readonly { readonly target: string; readonly line: number }[];
}

/**
 * reStructuredText as Markdown with the same number of lines in the same order: titles, lists, tables, labels, pictures and code. Nothing is
 * included or run; what has no like in Markdown becomes text or an empty line. Linear in the text.
 * https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html
 */
export function markdownFromRst(text: string, depth = 0): AsMarkdown {
  const lines = text.split("\n");
  const out: string[] = [];
  const includes: { target: string; line: number }[] = [];
  const levels: string[] = [];
  while (out.length < lines.length) {
    const at = out.length;
    const taken =
      titleAt(lines, at, levels) ??
      gridTable(lines, at) ??
      simpleTable(lines, at) ??
      directiveAt(lines, at, includes, depth) ??
      literalAt(lines, at);
    if (taken !== undefined) out.push(...taken);
    else out.push(plainLine(lines, at));
  }
  return { text: out.slice(0, lines.length + 1).join("\n"), includes };
}

const adornment = /^([=\-~^"'`#*+.:_<>])\1{2,}\s*$/;

/** A title with a line under it, or one over and under; the order in which the kinds of lines appear gives the levels. */
function titleAt(lines: readonly string[], at: number, levels: string[]): string[] | undefined {
  const [first = "", second = "", third = ""] = lines.slice(at, at + 3);
  const over = adornment.exec(first)?.[1];
  if (over !== undefined && second.trim() !== "" && adornment.exec(third)?.[1] === over && !/\s{2}=|=\s{2}/.test(first))
    return ["", heading(second.trim(), `${over}${over}`, levels), ""];
  const under = adornment.exec(second)?.[1];
  const title = first.trim();
  const isTitle = title !== "" && indentOf(first) === 0 && !adornment.test(first) && second.trim().length >= 3;
  if (under === undefined || !isTitle || second.trim().length < Math.min(title.length, 200) - 1) return undefined;
  return [heading(title, under, levels), ""];
}

function heading(title: string, style: string, levels: string[]): string {
  if (!levels.includes(style)) levels.push(style);
  return `${"#".repeat(Math.min(levels.indexOf(style) + 1, 6))} ${inline(title)}`;
}

const codeDirectives = /^(code-block|code|sourcecode|literalinclude|parsed-literal|highlight)$/;
const drawingDirectives = /^(uml|plantuml|mermaid|graphviz|digraph|ditaa|blockdiag|seqdiag)$/;

/** A directive with its options and body, a comment or a target, from its first line to its last. */
function directiveAt(
  lines: readonly string[],
  at: number,
  includes: { target: string; line: number }[],
  depth: number,
): string[] | undefined {
  const line = lines[at] ?? "";
  const start = /^(\s{0,40})\.\.(?:\s+(.*))?$/.exec(line);
  if (start === null) return undefined;
  const indent = start[1]?.length ?? 0;
  const found = /^(?:\|[^|]{1,80}\|\s+)?([\w:-]{1,40})::\s*(.*)$/.exec(start[2] ?? "");
  const end = bodyEnd(lines, at, indent);
  const [name, argument] = [(found?.[1] ?? "").toLowerCase(), (found?.[2] ?? "").trim()];
  const body = lines.slice(at + 1, end);
  const empty = Array.from({ length: end - at }, () => "");
  if (found === null) return /^_[^:]{1,200}:\s*\S/.test(start[2] ?? "") ? [""] : empty;
  if (name === "include") includes.push({ target: argument, line: at + 1 });
  if (name === "image" || name === "figure") {
    const alt = body.find((option) => /^\s*:alt:/.test(option))?.replace(/^\s*:alt:\s*/, "") ?? "";
    return [`![${alt.replace(/[[\]]/g, "")}](${argument.replace(/[\s()<>]/g, "")})`, ...dedented(withoutOptions(body))];
  }
  if (name === "list-table" || name === "csv-table") return listTable(lines.slice(at, end), name);
  if (codeDirectives.test(name) || drawingDirectives.test(name)) {
    const language = drawingDirectives.test(name) ? (name === "uml" ? "plantuml" : name) : argument;
    return fenced(language, withoutOptions(body), (lines[end] ?? "").trim() === "");
  }
  const lead = argument === "" || name === "table" ? "" : inline(argument);
  return [lead, ...nested(withoutOptions(body), depth)];
}

/** Directives within directives that are looked into; deeper ones stay text. */
const mostNested = 8;

/** The lines of a directive's body may themselves hold lists, tables and code. */
function nested(body: readonly string[], depth: number): string[] {
  if (body.length === 0) return [];
  const own = dedented(body);
  return depth >= mostNested ? own : markdownFromRst(own.join("\n"), depth + 1).text.split("\n");
}

/** The place after the last line that is indented deeper than the directive; empty lines before the next text are not its own. */
function bodyEnd(lines: readonly string[], at: number, indent: number): number {
  let end = at + 1;
  for (let next = at + 1; next < lines.length; next++) {
    const line = lines[next] ?? "";
    if (line.trim() === "") continue;
    if (indentOf(line) <= indent) break;
    end = next + 1;
  }
  return end;
}

function withoutOptions(body: readonly string[]): string[] {
  let inOptions = true;
  return body.map((line) => {
    if (inOptions && /^\s*:[\w-]{1,40}:/.test(line)) return "";
    if (line.trim() !== "") inOptions = false;
    return line;
  });
}

function dedented(body: readonly string[]): string[] {
  const least = body.reduce((indent, line) => (line.trim() === "" ? indent : Math.min(indent, indentOf(line))), 1_000);
  return body.map((line) => line.slice(least));
}

/**
 * A block of code with the line before it, which opens the fence. The empty line after it closes the fence; where none
 * follows (`hasRoom`), its last line does.
 */
function fenced(language: string, body: readonly string[], hasRoom: boolean): string[] {
  const own = dedented(body);
  const first = own.findIndex((line) => line.trim() !== "");
  if (first === -1) return ["", ...own];
  const word = /^[\w+-]{0,30}/.exec(language)?.[0] ?? "";
  const code = own.slice(first, hasRoom ? undefined : -1).map((line) => line.replaceAll("```", "'''"));
  return [...own.slice(0, first).map(() => ""), `\`\`\`${word}`, ...code, "```"];
}

/** A paragraph that ends in two colons and the indented text after it. */
function literalAt(lines: readonly string[], at: number): string[] | undefined {
  const line = (lines[at] ?? "").trimEnd();
  if (!line.endsWith("::") || (lines[at + 1] ?? "").trim() !== "") return undefined;
  const end = bodyEnd(lines, at, indentOf(line));
  if (end <= at + 2) return undefined;
  const lead = inline(line.trim().slice(0, -1));
  return [lead === ":" ? "" : lead, ...fenced("", lines.slice(at + 2, end), (lines[end] ?? "").trim() === "")];
}

/** One line that belongs to no table, title or directive. */
function plainLine(lines: readonly string[], at: number): string {
  const line = (lines[at] ?? "").replace(/\t/g, "    ");
  const next = lines[at + 1] ?? "";
  const field = /^(\s{0,20}):([^:]{1,60}):(?:\s+(.*))?$/.exec(line);
  if (field !== null) return `${field[1] ?? ""}**${field[2] ?? ""}:** ${inline(field[3] ?? "")}`;
  const isItem = /^\s*([-*+•]|\(?[\dA-Za-z#]{1,3}[.)])\s/.test(line);
  const isTerm =
    !isItem &&
    line.trim() !== "" &&
    line.trim().length <= 80 &&
    (lines[at - 1] ?? "").trim() === "" &&
    next.trim() !== "" &&
    indentOf(next) > indentOf(line);
  if (isTerm)
    return `${" ".repeat(indentOf(line) % 4)}**${inline(line.trim()).replaceAll("**", "").replace(/:$/, "")}:**`;
  const kept = isItem || indentOf(line) < 4 || isInList(lines, at) ? line : line.trim();
  return inline(kept.replace(/^(\s*)#\.\s/, (_, indent: string) => `${indent}1. `).replace(/^(\s*)\|\s/, "$1"));
}

/** Whether what stands less indented before a line is an item of a list, whose text goes on; looked for in few lines. */
function isInList(lines: readonly string[], at: number): boolean {
  const indent = indentOf(lines[at] ?? "");
  for (let back = at - 1; back >= Math.max(0, at - 40); back--) {
    const line = lines[back] ?? "";
    if (line.trim() !== "" && indentOf(line) < indent) return /^\s*([-*+•]|\(?[\dA-Za-z#]{1,3}[.)])\s/.test(line);
  }
  return false;
}

/** Roles, links and literals in a line as Markdown writes them. */
function inline(line: string): string {
  return line
    .replace(/`([^`<>]{0,300})<([^`<>\s]{1,500})>`__?/g, (_, words: string, url: string) => `[${words.trim()}](${url})`)
    .replace(/:[\w:+.-]{1,30}:`([^`<>]{1,300})(?:<[^`<>]{0,300}>)?`/g, (_, words: string) => words.trim())
    .replace(/``([^`]{1,500})``/g, "`$1`")
    .replace(/`([^`]{1,300})`__?(?!\w)/g, "$1")
    .replace(/(\w)__?(?=[\s.,;)]|$)/g, "$1");
}
