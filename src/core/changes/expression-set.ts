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

/** One expression, ready to be asked; compiled once and for all. */
export interface LineExpression {
  readonly pattern: string;
  /** Much cheaper than finding the place. */
  matches(line: string): boolean;
  matched(line: string): string;
}

/** Throws an Error that names the expression when it is not valid RE2 syntax. */
export function compileLineExpression(pattern: string): LineExpression {
  const { test, find } = compileExpression(pattern);
  return { pattern, matches: test, matched: (line) => find(line)?.text ?? "" };
}

/** Joins expressions into a set. */
export function expressionSet(expressions: readonly LineExpression[]): ExpressionSet {
  const literals: string[] = [];
  const owners: number[] = [];
  const always: number[] = [];
  for (const [index, { pattern }] of expressions.entries()) {
    const required = requiredLiterals(pattern);
    if (!required?.every(isAscii)) {
      always.push(index);
      continue;
    }
    for (const literal of required) {
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
        const expression = expressions[index];
        if (expression?.matches(text)) found(index, expression.matched(text));
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
