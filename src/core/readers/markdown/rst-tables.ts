import { indentOf, type MarkupRow, tableAsHtml } from "./as-html.ts";

const gridBorder = /^\s*\+(?:[-=]{1,500}\+){1,60}\s*$/;
const simpleBorder = /^\s*={2,}(?:\s+={2,}){1,40}\s*$/;

/** A table drawn with plus signs and bars; a cell that spans columns is read as one cell. */
export function gridTable(lines: readonly string[], at: number): string[] | undefined {
  if (!gridBorder.test(lines[at] ?? "")) return undefined;
  const rows: { line: number; cells: string[] }[] = [];
  let row: { line: number; cells: string[] } | undefined;
  let hasHeader = false;
  let corners: readonly number[] = [];
  let end = at;
  for (; end < lines.length; end++) {
    const line = (lines[end] ?? "").trim();
    if (line.startsWith("+")) {
      corners = [...line.matchAll(/\+/g)].map(({ index }) => index);
      if (row !== undefined) rows.push(row);
      if (line.startsWith("+=") && rows.length === 1) hasHeader = true;
      row = undefined;
    } else if (line.startsWith("|")) {
      row ??= { line: end - at, cells: [] };
      for (const [index, cell] of cellsBetween(line, corners).entries())
        row.cells[index] = `${row.cells[index] ?? ""} ${cell}`.trim();
    } else break;
  }
  if (row !== undefined) rows.push(row);
  return end - at < 3 || rows.length === 0 ? undefined : tableAsHtml(rows, end - at, hasHeader || rows.length > 1);
}

/** The text between the bars that stand under a corner of the border above; a bar elsewhere keeps a line apart in its cell. */
function cellsBetween(line: string, corners: readonly number[]): string[] {
  const bars = corners.filter((corner) => line[corner] === "|" || line[corner] === "+");
  return bars.slice(0, -1).map((bar, index) =>
    line
      .slice(bar + 1, bars[index + 1])
      .trim()
      .replace(/^\|\s?/, "")
      .replace(/^[-=+]{2,}$/, ""),
  );
}

/** A table of columns under lines of equal signs; a row whose first column is empty goes on with the one before. */
export function simpleTable(lines: readonly string[], at: number): string[] | undefined {
  const border = lines[at] ?? "";
  if (!simpleBorder.test(border)) return undefined;
  const starts = [...border.matchAll(/=+/g)].map(({ index }) => index);
  const rows: { line: number; cells: string[] }[] = [];
  let borders = 1;
  let end = at + 1;
  let hasHeader = false;
  for (; end < lines.length; end++) {
    const line = lines[end] ?? "";
    if (simpleBorder.test(line)) {
      borders++;
      const next = lines[end + 1] ?? "";
      if (borders === 2 && rows.length > 0 && next.trim() !== "") hasHeader = true;
      else {
        end++;
        break;
      }
      continue;
    }
    if (line.trim() === "" || /^\s*--[-\s]*$/.test(line)) continue;
    const cells = starts.map((start, index) => line.slice(start, starts[index + 1]).trim());
    const last = rows.at(-1);
    if (cells[0] === "" && last !== undefined)
      for (const [index, cell] of cells.entries()) last.cells[index] = `${last.cells[index] ?? ""} ${cell}`.trim();
    else rows.push({ line: end - at, cells });
  }
  return borders < 2 || rows.length === 0 ? undefined : tableAsHtml(rows, end - at, hasHeader || rows.length > 1);
}

/** `list-table` and `csv-table`: rows as nested lists, or as lines of values between commas. */
export function listTable(block: readonly string[], name: string): string[] {
  const option = (key: string): { readonly line: number; readonly value: string } | undefined => {
    const line = block.findIndex((text) => text.trim().startsWith(`:${key}:`));
    return line === -1
      ? undefined
      : {
          line,
          value: (block[line] ?? "")
            .trim()
            .slice(key.length + 2)
            .trim(),
        };
  };
  const rows = name === "csv-table" ? csvRows(block) : listRows(block);
  const header = option("header");
  if (header !== undefined) rows.unshift({ line: header.line, cells: csvCells(header.value) });
  const length = Math.max(block.length, 2);
  return rows.length === 0
    ? block.map(() => "")
    : tableAsHtml(rows, length, rows.length > 1).slice(0, Math.max(block.length, 2));
}

function listRows(block: readonly string[]): MarkupRow[] {
  const rows: { line: number; cells: string[] }[] = [];
  for (const [line, raw] of block.entries()) {
    const text = raw.trim();
    if (line === 0 || text === "" || (rows.length === 0 && /^:[\w-]+:/.test(text))) continue;
    const opens = /^[*+-]\s+[*+-](?:\s+(.*))?$/.exec(text);
    const cell = /^[-+*](?:\s+(.*))?$/.exec(text);
    const last = rows.at(-1);
    if (opens !== null) rows.push({ line, cells: [opens[1] ?? ""] });
    else if (cell !== null && last !== undefined && indentOf(raw) <= 12) last.cells.push(cell[1] ?? "");
    else if (last !== undefined) last.cells.push(`${last.cells.pop() ?? ""} ${text}`.trim());
  }
  return rows;
}

function csvRows(block: readonly string[]): MarkupRow[] {
  return block.flatMap((raw, line) => {
    const text = raw.trim();
    return line === 0 || text === "" || /^:[\w-]+:/.test(text) ? [] : [{ line, cells: csvCells(text) }];
  });
}

/** Values between commas, quoted where they hold commas. */
function csvCells(text: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (const sign of text) {
    if (sign === '"') quoted = !quoted;
    else if (sign === "," && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += sign;
  }
  return [...cells, cell.trim()];
}
