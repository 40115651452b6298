import { type CodeLine, indentOf } from "./code-line.ts";

/*
 * What a line stands under, by its indent: a check below a new `if` is asked no longer of everybody.
 */

/** What runs the lines below it never, once or many times. */
const wrapping = /^(?:\}?\s*else\s*)?(?:if|elif|elsif|unless|for|foreach|while)\b|\.(?:each|forEach)\b|\bfor each\b/;

/**
 * Whether an added line stands as a removed one did (`isSame`), but newly under an added condition or loop that counts. `lines` are
 * those of one hunk, `index` is its place among them.
 */
export function isNewlyUnderCondition(
  lines: readonly CodeLine[],
  index: number,
  isSame: (code: string) => boolean,
  counts: (above: CodeLine) => boolean,
): boolean {
  const indent = indentOf(lines[index] ?? { text: "" });
  const earlier = lines.find(({ kind, code }) => kind === "removed" && isSame(code));
  if (!earlier || indentOf(earlier) >= indent) return false;
  for (const above of lines.slice(0, index).reverse()) {
    if (above.kind === "removed" || above.code === "" || indentOf(above) >= indent) continue;
    return above.kind === "added" && wrapping.test(above.code) && counts(above);
  }
  return false;
}

/** Removed lines that stood under a condition or in a loop: `if (strict) {` above `requireUser();`. */
export function linesUnderCondition(hunks: readonly { readonly lines: readonly CodeLine[] }[]): ReadonlySet<CodeLine> {
  const found = new Set<CodeLine>();
  for (const { lines } of hunks) {
    const before = lines.filter(({ kind, code }) => kind !== "added" && code !== "");
    for (const [index, line] of before.entries()) {
      if (line.kind !== "removed") continue;
      const indent = indentOf(line);
      const above = before
        .slice(Math.max(0, index - farthestCondition), index)
        .findLast((one) => indentOf(one) < indent);
      if (above && wrapping.test(above.code)) found.add(line);
    }
  }
  return found;
}

/** Lines above a removed one in which the condition is looked for that it stood under. */
const farthestCondition = 20;
