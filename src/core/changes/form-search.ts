import { compileLiterals } from "./literal-search.ts";
import { requiredLiterals } from "./required-literals.ts";

/*
 * Many forms of one thing, each an expression: of a line, those that can match at all. Most lines hold none of the words
 * that the forms need, and are passed over without running a single one.
 */

/** Tells of a line which of the forms, by their index, are worth trying. The answer holds until the next line is asked about. */
export type FormSearch = (code: string) => (index: number) => boolean;

/** Looks ahead or behind, which the reader of literals does not know. */
const looksAround = /\(\?(?:[=!]|<[=!])/;

/** Joins forms into one search. A form of which nothing can be said beforehand is always worth trying. */
export function formSearch(patterns: readonly RegExp[]): FormSearch {
  const literals: string[] = [];
  const owners: number[] = [];
  const always = new Set<number>();
  for (const [index, { source }] of patterns.entries()) {
    const required = looksAround.test(source) ? undefined : requiredLiterals(source);
    if (!required) always.add(index);
    for (const literal of required ?? []) {
      literals.push(literal);
      owners.push(index);
    }
  }
  const search = compileLiterals(literals);
  const seenIn = new Int32Array(patterns.length);
  let line = 0;
  return (code) => {
    line = (line + 1) % 0x7fffffff;
    const now = line;
    search.each(code, (literal) => {
      const owner = owners[literal];
      if (owner !== undefined) seenIn[owner] = now;
    });
    return (index) => always.has(index) || seenIn[index] === now;
  };
}
