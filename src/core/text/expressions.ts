import { RE2JS } from "re2js";
import { limits } from "./limits.ts";

/** One place where an expression matched. `index` counts UTF-16 units from 0; a group that took no part is undefined. */
export interface Found {
  readonly index: number;
  readonly text: string;
  readonly groups: readonly (string | undefined)[];
}

export interface Expression {
  readonly pattern: string;
  /** Whether it matches somewhere in the text; much cheaper than finding the place. */
  test(text: string): boolean;
  /** The first match in the text. Time grows with the length of the text alone, never exponentially. */
  find(text: string): Found | undefined;
}

/**
 * Compiles a regular expression in RE2 syntax (https://github.com/google/re2/wiki/Syntax): no look-around and no
 * back-references, and in return time linear in the text.
 *
 * @throws Error with the pattern and what is wrong with it; patterns come from rules, which are checked when loaded.
 */
export function compileExpression(pattern: string): Expression {
  if (pattern.length > limits.expressionLength) {
    throw new Error(
      `The expression \`${pattern.slice(0, 60)}…\` is longer than ${limits.expressionLength} characters.`,
    );
  }
  const compiled = compileRe2(pattern);
  return { pattern, test: (text) => compiled.test(text), find: (text) => firstMatch(compiled, text) };
}

/** Patterns come from rules, which are read anew for every organisation that adds some of its own: most are the same ones. */
const compiledBefore = new Map<string, RE2JS>();
const mostRemembered = 10_000;

function compileRe2(pattern: string): RE2JS {
  const known = compiledBefore.get(pattern);
  if (known) return known;
  try {
    const compiled = RE2JS.compile(pattern);
    if (compiledBefore.size >= mostRemembered) compiledBefore.clear();
    compiledBefore.set(pattern, compiled);
    return compiled;
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    throw new Error(`The expression \`${pattern}\` cannot be used: ${why}.`, { cause: fault });
  }
}

function firstMatch(compiled: RE2JS, text: string): Found | undefined {
  const matcher = compiled.matcher(text);
  if (!matcher.find()) return undefined;
  const groups: (string | undefined)[] = [];
  for (let group = 1; group <= matcher.groupCount(); group++) groups.push(matcher.group(group) ?? undefined);
  return { index: matcher.start(), text: matcher.group() ?? "", groups };
}
