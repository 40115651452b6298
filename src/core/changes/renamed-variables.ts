import type { CodeLine } from "./code-line.ts";
import { declaredIn } from "./declaration.ts";
import type { Language } from "./language.ts";

/*
 * Variables that only got another name: what was assigned to the one is assigned to the other, word for word, in the same function. The
 * lines that use them differ in the name and say nothing new. The assignment itself stays news: the old name may now be somebody
 * else's value further down, where no line of the patch shows it.
 */

/** A value gets a name: what stands before the name, the name, and all behind it. */
const assignment =
  /^((?:(?:const|let|var|final|val|my|auto)\s+)?(?:[\w<>[\].*]{1,60}\s+)?)([@$]?[A-Za-z_]\w{0,60})((?:\s*,\s*\w{1,60}){0,3}\s*:?=(?![=>]).{6,400})$/;
/** Renamings of one file that are followed; nobody renames more on the way. */
const mostRenamings = 12;

interface Hunk {
  readonly heading: string;
  readonly lines: readonly CodeLine[];
}

interface Placed {
  readonly line: CodeLine;
  /** The function around it, as its declaration says it. */
  readonly scope: string;
}

interface Renaming {
  readonly scope: string;
  readonly from: string;
  readonly to: string;
}

/** Lines of both sides that use a variable under its old and its new name, and are the same apart from it. */
export function usesOfRenamed(hunks: readonly Hunk[], language: Language): ReadonlySet<CodeLine> {
  const found = new Set<CodeLine>();
  const placed = hunks.flatMap((hunk) => placedLines(hunk, language));
  const removed = placed.filter(({ line }) => line.kind === "removed");
  const added = placed.filter(({ line }) => line.kind === "added");
  if (removed.length === 0 || added.length === 0) return found;
  for (const { scope, from, to } of renamingsIn(placed, removed, added)) {
    const now = new Map(added.filter((one) => one.scope === scope).map(({ line }) => [line.code, line]));
    for (const { line, scope: where } of removed) {
      if (where !== scope || assigns(line.code, from)) continue;
      const renamed = withName(line.code, from, to);
      const other = renamed === line.code ? undefined : now.get(renamed);
      if (other) found.add(line).add(other);
    }
  }
  return found;
}

function placedLines({ heading, lines }: Hunk, language: Language): readonly Placed[] {
  let scope = heading.trim();
  return lines.flatMap((line) => {
    if (line.code === "") return [];
    if (declaredIn(line.code, language)?.kind === "function") scope = line.code;
    return [{ line, scope }];
  });
}

function renamingsIn(
  all: readonly Placed[],
  removed: readonly Placed[],
  added: readonly Placed[],
): readonly Renaming[] {
  const gone = new Map<string, string>();
  for (const { line, scope } of removed) {
    const [, before, name, rest] = assignment.exec(line.code) ?? [];
    if (name !== undefined) gone.set([scope, before, rest].join("\n"), name);
  }
  const found: Renaming[] = [];
  let tried = 0;
  for (const { line, scope } of added) {
    const [, before, to, rest] = assignment.exec(line.code) ?? [];
    const from = to === undefined ? undefined : gone.get([scope, before, rest].join("\n"));
    if (to === undefined || from === undefined || from === to || tried >= mostRenamings) continue;
    tried++;
    // A name that was there is another value's.
    const stood = all.some((one) => one.scope === scope && one.line.kind !== "added" && names(one.line.code, to));
    if (!stood) found.push({ scope, from, to });
  }
  return found;
}

function assigns(code: string, name: string): boolean {
  return assignment.exec(code)?.[2] === name;
}

function names(code: string, name: string): boolean {
  return withName(code, name, "") !== code;
}

/** A line in which every whole word of one name is another. */
function withName(code: string, from: string, to: string): string {
  return code.replace(/[@$]?[A-Za-z_]\w*/g, (word) => (word === from ? to : word));
}
