import { RE2JS } from "re2js";
import { compileExpression } from "../text/expressions.ts";
import { compileLiterals } from "./literal-search.ts";
import { requiredLiterals } from "./required-literals.ts";

/**
 * Many expressions searched for in one line. RE2 syntax, case-sensitive unless an expression says `(?i)`; time is
 * linear in the line whatever the expressions are (H014).
 */
export interface ExpressionSet {
  /** Calls `found` with the index of each wanted expression that matches somewhere in the line, and the matched text. */
  each(line: string, isWanted: (index: number) => boolean, found: (index: number, matched: string) => void): void;
}

/** Compiles the expressions. Throws an Error that names the first one that is not valid RE2 syntax. */
export function compileExpressionSet(expressions: readonly string[]): ExpressionSet {
  const compiled = expressions.map((expression) => {
    // Checked with the words of the whole product; run by `test` first, which is much cheaper than finding the place.
    const { find } = compileExpression(expression);
    return { test: RE2JS.compile(expression), find };
  });
  const literals: string[] = [];
  const owners: number[] = [];
  const always: number[] = [];
  for (const [index, expression] of expressions.entries()) {
    const required = requiredLiterals(expression)?.filter(isAscii);
    const all = requiredLiterals(expression);
    if (!all || required?.length !== all.length) {
      always.push(index);
      continue;
    }
    for (const literal of all) {
      literals.push(literal);
      owners.push(index);
    }
  }
  const search = compileLiterals(literals);
  // The line in which an expression was last tried, so that it is tried once a line.
  const tried = new Int32Array(expressions.length);
  let line = 0;
  return {
    each(text, isWanted, found) {
      line = (line + 1) % 0x7fffffff;
      const tryOne = (index: number): void => {
        if (tried[index] === line || !isWanted(index)) return;
        tried[index] = line;
        const expression = compiled[index];
        if (expression?.test.test(text)) found(index, expression.find(text)?.text ?? "");
      };
      for (const index of always) tryOne(index);
      search.each(text, (literal) => {
        const owner = owners[literal];
        if (owner !== undefined) tryOne(owner);
      });
    },
  };
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 128) return false;
  return true;
}
