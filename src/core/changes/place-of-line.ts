import type { CodeLine } from "./code-line.ts";
import type { CodeHunk } from "./inspected-file.ts";

/** Where a line stands in the new file or, for a removed one, what follows it there; undefined where nothing of its hunk does. */
export function newLineOf({ lines }: CodeHunk, line: CodeLine): number | undefined {
  return lines.slice(lines.indexOf(line)).find(({ newLine }) => newLine !== undefined)?.newLine;
}

/** Where a changed line itself stands: in the new file or, where it is gone, in the old one. */
export function ownPlaceOf({ newLine, oldLine }: CodeLine): { readonly line?: number; readonly baseLine?: number } {
  if (newLine !== undefined) return { line: newLine };
  return oldLine === undefined ? {} : { baseLine: oldLine };
}

/** Where a changed line is spoken of: in the new file or, where nothing follows it there, where it stood in the old one. */
export function placeOf(hunk: CodeHunk, line: CodeLine): { readonly line?: number; readonly baseLine?: number } {
  const place = newLineOf(hunk, line);
  return place === undefined ? ownPlaceOf(line) : { line: place };
}
