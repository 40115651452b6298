/*
 * The little HTML that threat models hold: tables, preformatted text, summaries. Read by scanning tags; nothing is built,
 * nothing is run. Every scan is linear in the text.
 */

/** A table row of HTML: plain cells, and the line on which it starts, counted from the start of the given text (0). */
export interface HtmlRow {
  readonly cells: readonly string[];
  readonly line: number;
  readonly isHeader: boolean;
}

const cellLimit = 40;
const rowLimit = 5_000;

/** The rows of all tables in a piece of HTML, in order; empty when it holds none. */
export function htmlRows(html: string): HtmlRow[] {
  if (!/<table[\s>]/i.test(html)) return [];
  const rows: HtmlRow[] = [];
  let cells: string[] | undefined;
  let isHeader = false;
  let line = 0;
  let start = 0;
  let counted = 0;
  for (const tag of html.matchAll(/<(\/?)(tr|td|th|table)\b[^<>]{0,500}>/gi)) {
    const index = tag.index;
    for (; counted < index; counted++) if (html.charCodeAt(counted) === 10) line++;
    const name = (tag[2] ?? "").toLowerCase();
    const closing = tag[1] === "/";
    if (cells !== undefined && start > 0 && (name !== "td" && name !== "th" ? true : closing || start < index)) {
      if (cells.length < cellLimit) cells.push(textOfHtml(html.slice(start, index)));
      start = 0;
    }
    if (name === "tr" && !closing) {
      if (cells !== undefined && cells.length > 0) rows.push({ cells, line, isHeader });
      cells = [];
      isHeader = false;
    } else if ((name === "tr" || name === "table") && closing) {
      if (cells !== undefined && cells.length > 0) rows.push({ cells, line, isHeader });
      cells = undefined;
    } else if ((name === "td" || name === "th") && !closing) {
      cells ??= [];
      if (name === "th") isHeader = true;
      start = index + tag[0].length;
    }
    if (rows.length >= rowLimit) break;
  }
  return rows;
}

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  "#39": "'",
};

/** The text of a piece of HTML: comments and tags out, line breaks for block ends, the usual entities resolved. */
export function textOfHtml(html: string): string {
  return html
    .replace(/<!--[\s\S]*?(?:-->|$)/g, "")
    .replace(/<(?:br|\/p|\/li|\/div|\/h[1-6]|\/tr)\b[^<>]{0,200}>/gi, "\n")
    .replace(/<li\b[^<>]{0,200}>/gi, "\n- ")
    .replace(/<\/?[a-zA-Z][^<>]{0,1000}>/g, "")
    .replace(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (_, name: string) => entities[name] ?? "")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n[ \n]*/g, "\n")
    .trim();
}
