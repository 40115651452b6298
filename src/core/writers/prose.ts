import { oneLine } from "./plain.ts";

/*
 * The one door through which a value gets into a Markdown document that we write. The value is shown as it is and means
 * nothing: no heading, table cell, link, image, mention, HTML. Read as Markdown it is the same text again.
 * https://spec.commonmark.org/0.31.2/#backslash-escapes
 */

/** A value as text on one line, for a paragraph, a list item or a cell of a table. */
export function inline(value: string): string {
  return escaped(oneLine(value));
}

/** A value whose lines are kept, for a cell of a table. */
export function cell(value: string): string {
  return linesOf(value).map(inline).join("<br>");
}

/** A value whose lines are kept, as a paragraph; empty lines part paragraphs. */
export function paragraphs(value: string): string {
  return value
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .split("\n")
    .map(inline)
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function linesOf(value: string): string[] {
  return value
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

function escaped(text: string): string {
  return text
    .replace(/[\\`*{}[\]<>~|$^&]/g, "\\$&")
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|__+/g, (run) => run.replaceAll("_", "\\_"))
    .replace(/@/g, "\\@")
    .replace(/:(?=\/\/)/g, "\\:")
    .replace(/\b(www)\./gi, "$1\\.")
    .replace(/#(?=[\w]|$)/g, "\\#")
    .replace(/!(?=\\?\[)/g, "\\!")
    .replace(/:(?=[a-z0-9_+-]+:)/gi, "\\:")
    .replace(/^([#+=>-])/, "\\$1")
    .replace(/^(\d{1,9})([.)])/, "$1\\$2");
}
