import { RE2JS, RE2Set } from "re2js";

/**
 * Many expressions searched for in one pass over a line. RE2 syntax, case-sensitive unless an expression says `(?i)`;
 * time is linear in the line whatever the expressions are (H014).
 */
export interface ExpressionSet {
  /** Indexes of the expressions that match somewhere in the text, ascending. */
  matching(text: string): readonly number[];
  /** The text that expression `index` matched, or undefined. */
  matched(index: number, text: string): string | undefined;
}

/** Compiles the expressions. Throws an Error that names the first one that is not valid RE2 syntax. */
export function compileExpressionSet(expressions: readonly string[]): ExpressionSet {
  const set = new RE2Set();
  const single: (RE2JS | undefined)[] = [];
  for (const expression of expressions) {
    try {
      set.add(expression);
    } catch (error) {
      throw new Error(
        `\`${expression}\` is not a valid expression: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  if (expressions.length > 0) set.compile();
  return {
    matching: (text) => (expressions.length === 0 ? [] : [...set.match(text)].sort((one, other) => one - other)),
    matched(index, text) {
      const expression = expressions[index];
      if (expression === undefined) return undefined;
      const compiled = single[index] ?? RE2JS.compile(expression);
      single[index] = compiled;
      const matcher = compiled.matcher(text);
      return matcher.find() ? (matcher.group() ?? undefined) : undefined;
    },
  };
}
