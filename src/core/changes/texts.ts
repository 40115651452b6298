import type { ChangedFile, FileText } from "../domain/snapshot.ts";
import { applyPatch, readPatch, reversePatch } from "./patch.ts";
import { type PathRole, roleOf } from "./path-role.ts";
import { structures } from "./structures/index.ts";

/** Roles of files whose meaning is compared before and after. Tests, pages and examples declare nothing that runs. */
const structuralRoles: ReadonlySet<PathRole> = new Set(["production", "view", "lockfile"]);
/** Larger texts are not read as structure. The corpus' largest manifest is far below it. */
export const longestStructuralText = 1024 * 1024;

/** Formats in which each line stands for itself, so that a fragment says what the whole would say of those lines. */
const lineByLine = /(^|\/)(requirements[^/]*\.(txt|in)|constraints[^/]*\.txt|go\.mod|gemfile|\.env[^/]*|[^/]*\.env)$/i;

/** Whether a reader of the file's family can say something from the changed lines alone. */
function readsFragments(path: string): boolean {
  return structures.some((structure) => structure.readFragment !== undefined && structure.wants(path));
}

/** Whether a changed file is of a family whose structure is compared. */
export function isStructural(path: string): boolean {
  return structuralRoles.has(roleOf(path)) && structures.some((structure) => structure.wants(path));
}

/** Paths at the head whose whole text detection wants; everything else it judges by its patch. */
export function textsNeeded(files: readonly ChangedFile[]): readonly string[] {
  // An added or removed file stands in its patch as a whole.
  return files
    .filter((file) => file.status !== "removed" && !(file.status === "added" && file.patch !== undefined))
    .filter((file) => isStructural(file.filename))
    .map((file) => file.filename);
}

/** The two sides of one file. `fragments`: only the changed places are known. */
export interface Sides {
  readonly before: string;
  readonly after: string;
  readonly fragments: boolean;
}

/**
 * Texts of both sides of a file, from what is at hand: given whole, derived from the other side and the patch, or the
 * patch itself where the file came or went. `unknown` says why they cannot be had.
 */
export function sidesOf(
  file: ChangedFile,
  headText: string | undefined,
  baseText: string | undefined,
): { readonly sides: Sides; readonly warning?: string } | { readonly unknown: string } {
  const patch = file.patch === undefined ? undefined : readPatch(file.patch);
  if (file.status === "added") {
    if (headText !== undefined) return whole("", headText);
    if (!patch) return { unknown: "no patch" };
    const text = applyPatch("", patch);
    return "text" in text ? whole("", text.text) : { unknown: text.mismatch };
  }
  if (file.status === "removed") {
    if (baseText !== undefined) return whole(baseText, "");
    if (!patch) return { unknown: "no patch" };
    const text = reversePatch("", patch);
    return "text" in text ? whole(text.text, "") : { unknown: text.mismatch };
  }
  if (headText !== undefined && baseText !== undefined) {
    if (!patch) return whole(baseText, headText);
    const applied = applyPatch(baseText, patch);
    const fits = "text" in applied && applied.text.trimEnd() === headText.trimEnd();
    return fits
      ? whole(baseText, headText)
      : {
          ...whole(baseText, headText),
          warning: "the patch does not lead from the text at the base to the text at the head",
        };
  }
  if (!patch) {
    if (file.status === "renamed" && file.changes === 0) return whole("", "");
    return { unknown: "no patch" };
  }
  if (headText !== undefined) {
    const text = reversePatch(headText, patch);
    return "text" in text
      ? whole(text.text, headText)
      : { unknown: `the patch does not fit the text at the head: ${text.mismatch}` };
  }
  if (baseText !== undefined) {
    const text = applyPatch(baseText, patch);
    return "text" in text
      ? whole(baseText, text.text)
      : { unknown: `the patch does not fit the text at the base: ${text.mismatch}` };
  }
  if ("unreadable" in patch) return { unknown: patch.unreadable };
  if (!lineByLine.test(file.filename) && !readsFragments(file.filename))
    return { unknown: "its whole text was not read" };
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  // Blank lines keep the numbers of the new side, so that places stay right.
  const after: string[] = [];
  const before: string[] = [];
  for (const line of lines) {
    if (line.newLine !== undefined) after[line.newLine - 1] = line.text;
    if (line.oldLine !== undefined) before[line.oldLine - 1] = line.text;
  }
  return { sides: { before: padded(before), after: padded(after), fragments: true } };
}

function whole(before: string, after: string): { readonly sides: Sides } {
  return { sides: { before, after, fragments: false } };
}

/** The hunk headers of a hostile patch may name line 999,999,999; a fragment is no larger than any text we read. */
function padded(lines: readonly string[]): string {
  if (lines.length > 200_000) return "";
  return `${Array.from(lines, (line) => line ?? "").join("\n")}\n`;
}

/** Finds texts by path without walking the list for each file. */
export function textsByPath(texts: readonly FileText[]): ReadonlyMap<string, string> {
  return new Map(texts.map(({ path, text }) => [path, text]));
}
