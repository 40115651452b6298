import { type MarkupRow, tableAsHtml } from "./as-html.ts";
import type { AsMarkdown } from "./from-rst.ts";

/**
 * AsciiDoc as Markdown with the same number of lines in the same order: titles, attributes, lists, tables, labels,
 * pictures and code. Nothing is included or run. Linear in the text. https://docs.asciidoctor.org/asciidoc/latest/
 */
export function markdownFromAsciidoc(text: string): AsMarkdown {
  const lines = text.split("\n");
  const out: string[] = [];
  const includes: { target: string; line: number }[] = [];
  const closings = closingsIn(lines);
  let attributes = "";
  let inHeader = false;
  while (out.length < lines.length) {
    const at = out.length;
    const line = (lines[at] ?? "").trimEnd();
    const include = /^include::([^[\]]{1,500})\[/.exec(line)?.[1];
    if (include !== undefined) includes.push({ target: include, line: at + 1 });
    const taken = blockAt(lines, at, attributes, closings) ?? tableAt(lines, at, attributes, closings);
    if (taken !== undefined) out.push(...taken);
    else if (inHeader && line !== "") out.push(headerLine(line));
    else out.push(plainLine(line));
    inHeader = taken === undefined && line !== "" && (inHeader || /^= \S/.test(line));
    attributes = /^\[[^\]]{0,500}\]$/.test(line) ? line.toLowerCase() : "";
  }
  return { text: out.join("\n"), includes };
}

/** The line on which a mark stands next after a line; -1 where it does not. */
type Closings = (mark: string, after: number) => number;

/** Looks each mark up in the lines on which it stands, so that marks never closed cost nothing (H058). */
function closingsIn(lines: readonly string[]): Closings {
  const places = new Map<string, number[]>();
  for (const [place, line] of lines.entries()) {
    const mark = line.trimEnd();
    if (!/^(-{4,}|\.{4,}|\/{4,}|```|\|={3,})$/.test(mark)) continue;
    const known = places.get(mark);
    if (known === undefined) places.set(mark, [place]);
    else known.push(place);
  }
  const used = new Map<string, number>();
  return (mark, after) => {
    const own = places.get(mark) ?? [];
    let next = used.get(mark) ?? 0;
    while (next < own.length && (own[next] ?? 0) <= after) next++;
    used.set(mark, next);
    return own[next] ?? -1;
  };
}

/** Author and revision stand under the title without a name; attributes carry theirs. */
function headerLine(line: string): string {
  if (line.startsWith(":") || line.startsWith("=") || line.startsWith("//")) return plainLine(line);
  if (/^v?\d/.test(line)) return `**Version:** ${line}\\`;
  return `**Author:** ${line.replace(/<[^<>]{0,200}>/g, "").trim()}\\`;
}

const fences = /^(-{4,}|\.{4,}|`{3,}\w{0,20})$/;

/** A delimited block: code and text as it stands become a fence, comments vanish, other marks are struck out. */
function blockAt(lines: readonly string[], at: number, attributes: string, closings: Closings): string[] | undefined {
  const mark = (lines[at] ?? "").trimEnd();
  if (/^(={4,}|\*{4,}|_{4,}|--|\+)$/.test(mark)) return [""];
  const isComment = /^\/{4,}$/.test(mark);
  if (!isComment && !fences.test(mark)) return undefined;
  const closing = mark.startsWith("`") ? "```" : mark;
  const end = closings(closing, at);
  if (end === -1) return [""];
  const body = lines.slice(at + 1, end);
  if (isComment) return ["", ...body.map(() => ""), ""];
  const named = /^\[(?:source,)?\s?([\w-]{1,30})/.exec(attributes)?.[1];
  const language = named === undefined || /^(listing|literal|source)$/.test(named) ? mark.replace(/^\W+/, "") : named;
  return [`\`\`\`${language}`, ...body.map((line) => line.replaceAll("```", "'''")), "```"];
}

/** A table between `|===` and `|===`: a cell opens with a bar, and as many cells as there are columns make a row. */
function tableAt(lines: readonly string[], at: number, attributes: string, closings: Closings): string[] | undefined {
  const mark = (lines[at] ?? "").trimEnd();
  if (!/^\|={3,}$/.test(mark)) return undefined;
  const end = closings(mark, at);
  if (end === -1) return undefined;
  const cells: { line: number; text: string }[] = [];
  let columns = columnsIn(attributes);
  for (let place = at + 1; place < end; place++) {
    const line = (lines[place] ?? "").trim();
    if (line === "") {
      if (columns === 0) columns = cells.length;
      continue;
    }
    const [lead = "", ...opened] = line.split(/(?:(?<=^|\s)(?:\d{1,2}[+*])?[<^>.]{0,3}[aehlmsd]?)\|/);
    const last = cells.at(-1);
    if (lead.trim() !== "" && last !== undefined) last.text = `${last.text} ${lead.trim()}`;
    for (const text of opened) cells.push({ line: place - at, text: plainLine(text.trim()) });
    if (columns === 0 && opened.length > 1) columns = opened.length;
  }
  const rows: MarkupRow[] = [];
  const width = columns === 0 ? cells.length : columns;
  for (let first = 0; first < cells.length; first += width) {
    const row = cells.slice(first, first + width);
    rows.push({ line: row[0]?.line ?? 0, cells: row.map(({ text }) => text) });
  }
  return rows.length === 0 ? undefined : tableAsHtml(rows, end - at + 1, rows.length > 1);
}

/** The number of columns that `cols="1,2,1"` or `cols="3*"` states; 0 where it says nothing. */
function columnsIn(attributes: string): number {
  const stated = /cols\s?=\s?"?([^"\]]{1,200})"?/.exec(attributes)?.[1];
  if (stated === undefined) return 0;
  const times = /^\s?(\d{1,2})\*/.exec(stated)?.[1];
  return times === undefined ? stated.split(/[,;]/).length : Number(times);
}

function plainLine(line: string): string {
  if (/^\/\/(?!\/)/.test(line) || /^\[[^\]]{0,500}\]$/.test(line) || /^(ifdef|ifndef|endif|include)::/.test(line))
    return "";
  const title = /^(={1,6})\s+(\S.*)$/.exec(line);
  if (title !== null) return `${"#".repeat((title[1] ?? "").length)} ${inline(title[2] ?? "")}`;
  const attribute = /^:([\w-]{1,40}):\s+(.*)$/.exec(line);
  if (attribute !== null) return `**${attributeName(attribute[1] ?? "")}:** ${inline(attribute[2] ?? "")}\\`;
  const picture = /^image::([^[\]\s]{1,500})\[([^\]]{0,300})\]/.exec(line);
  if (picture !== null) return `![${(picture[2] ?? "").split(",")[0] ?? ""}](${picture[1] ?? ""})`;
  const block = /^\.([^\s.].*)$/.exec(line);
  if (block !== null) return `**${inline(block[1] ?? "").replaceAll("**", "")}**`;
  const item = /^\s*([*.-]{1,5})\s+(.*)$/.exec(line);
  if (item !== null) {
    const [marks = "", words = ""] = [item[1], item[2]];
    const isNumbered = marks.startsWith(".");
    return `${(isNumbered ? "   " : "  ").repeat(marks.length - 1)}${isNumbered ? "1." : "-"} ${described(words)}`;
  }
  return described(line);
}

/** "Term:: what it is" is a label with its text. */
function described(line: string): string {
  const found = /^([^:]{1,80})::(?:\s+(.*))?$/.exec(line);
  return found === null
    ? inline(line)
    : `**${inline(found[1] ?? "").replaceAll("**", "")}:** ${inline(found[2] ?? "")}`;
}

function attributeName(name: string): string {
  if (name === "revdate") return "Date";
  if (name === "revnumber") return "Version";
  return name.replaceAll("-", " ");
}

/** Links, references, pictures and bold words in a line as Markdown writes them. */
function inline(line: string): string {
  return line
    .replace(/<<[^<>,]{1,200},\s?([^<>]{1,200})>>/g, "$1")
    .replace(/<<([^<>,]{1,200})>>/g, "$1")
    .replace(
      /(?:link:|xref:)([^\s[\]]{1,500})\[([^\]]{0,300})\]/g,
      (_, url: string, words: string) => `[${words || url}](${url})`,
    )
    .replace(/\b(https?:\/\/[^\s[\]]{1,500})\[([^\]]{1,300})\]/g, "[$2]($1)")
    .replace(/image:([^\s[\]:]{1,500})\[([^\]]{0,300})\]/g, "![$2]($1)")
    .replace(/(^|[\s(|])\*([^\s*](?:[^*\n]{0,200}[^\s*])?)\*(?=[\s.,;:!?)|]|$)/g, "$1**$2**");
}
