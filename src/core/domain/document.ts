/*
 * A document as data, before it is Markdown or HTML: whoever says what it holds need not know how either escapes, and
 * both say the same. Every text in it may come from a repository; the writers make it inert.
 */

/** How a word is coloured; the word itself always says the same. */
export type Tone = "good" | "warn" | "bad" | "none";

/** A piece of a line: plain text, something in code style, or a word that stands out. */
export type Inline =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly tone: Tone; readonly says: string }
  /** Text that stands back: an explanation beside the fact. */
  | { readonly soft: string };

/** One line. */
export type Line = readonly Inline[];

/** A cell of a table: lines one below the other. */
export type Cell = readonly Line[];

export type Block =
  | { readonly kind: "heading"; readonly level: 2 | 3; readonly line: Line }
  | { readonly kind: "paragraph"; readonly line: Line }
  | { readonly kind: "list"; readonly items: readonly Line[] }
  | {
      readonly kind: "table";
      readonly head: readonly string[];
      readonly rows: readonly (readonly Cell[])[];
      /** Share of the width of each column in percent; absent where the content decides. */
      readonly widths?: readonly number[];
    };

export interface ShownDocument {
  readonly title: string;
  /** Below the title, one line. */
  readonly subtitle: Line;
  readonly blocks: readonly Block[];
}

/** A sentence that names things in backticks as pieces of a line. */
export function proseLine(sentence: string): Line {
  const pieces: Inline[] = [];
  let end = 0;
  for (const found of sentence.matchAll(/`([^`]+)`/g)) {
    if (found.index > end) pieces.push(sentence.slice(end, found.index));
    pieces.push({ code: found[1] ?? "" });
    end = found.index + found[0].length;
  }
  if (end < sentence.length || pieces.length === 0) pieces.push(sentence.slice(end));
  return pieces;
}
