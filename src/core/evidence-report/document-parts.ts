import type { Rag } from "../domain/assessment.ts";
import type { Block, Cell, Line, Tone } from "../domain/document.ts";

/** A heading; what it names may come from a repository. */
export function heading(level: 2 | 3, says: string): Block {
  return { kind: "heading", level, line: [says] };
}

export function paragraph(line: Line): Block {
  return { kind: "paragraph", line };
}

export function list(items: readonly Line[]): Block {
  return { kind: "list", items };
}

/** @param widths share of the width of each column, in percent */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], widths?: readonly number[]): Block {
  return { kind: "table", head, rows, ...(widths && { widths }) };
}

/** `1 threat`, `3 threats`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** How each colour is drawn; the word stands beside it. */
export const ragTones: Readonly<Record<Rag, Tone>> = { GREEN: "good", AMBER: "warn", RED: "bad", UNKNOWN: "none" };

/** The day of an instant. */
export function day(at: string): string {
  return at.slice(0, 10);
}
