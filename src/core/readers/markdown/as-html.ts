/*
 * Tables of other markup languages, written as rows of HTML on the lines on which they stood: what reads Markdown then
 * gives every row its own line. An HTML block ends at an empty line, so that lines without a row hold an empty comment.
 */

/** A row of a table: where it starts, counted from the table's first line, and its cells as text. */
export interface MarkupRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The lines of a table of `length` lines (two at least); the first row is the header where `hasHeader` says so. */
export function tableAsHtml(rows: readonly MarkupRow[], length: number, hasHeader: boolean): string[] {
  const lines = Array.from({ length }, () => "<!---->");
  for (const [index, { line, cells }] of rows.entries()) {
    const name = hasHeader && index === 0 ? "th" : "td";
    const row = cells.map((cell) => `<${name}>${escaped(cell)}</${name}>`).join("");
    if (line < length) lines[line] = `${lines[line] === "<!---->" ? "" : lines[line]}<tr>${row}</tr>`;
  }
  lines[0] = `<table>${lines[0]}`;
  lines[length - 1] = `${lines[length - 1]}</table>`;
  return lines;
}

function escaped(cell: string): string {
  return cell
    .replaceAll("**", "")
    .replaceAll("``", "")
    .replace(/\s+/g, " ")
    .trim()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** How far a line is indented, in characters. */
export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
