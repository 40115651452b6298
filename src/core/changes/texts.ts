import type { NotInspected } from "../domain/problem.ts";
import { type ChangedFile, type FileText, isEmptyAddition, isRenameAlone } from "../domain/snapshot.ts";
import { languageOf } from "./language.ts";
import { patchBetween } from "./line-difference.ts";
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

/** Files without a patch whose texts are wanted in its place; where more are hidden, the rest is said to be. */
const mostUnshown = 300;

/**
 * Paths whose whole text detection wants; everything else it judges by its patch. A removed one is wanted as it was before.
 */
export function textsNeeded(files: readonly ChangedFile[]): readonly string[] {
  let unshown = 0;
  return files
    .filter((file) => {
      if (comesIntoUse(file) || (hidesText(file) && !awaitsIds(file))) return unshown++ < mostUnshown;
      // An added or removed file stands in its patch as a whole.
      const isWhole = file.status === "removed" || (file.status === "added" && file.patch !== undefined);
      return !isWhole && isStructural(file.filename);
    })
    .map((file) => file.filename);
}

/** Renamed files of which only the ids of their contents tell whether they changed, and whose text is wanted where these differ. */
export function renamesToSettle(files: readonly ChangedFile[]): readonly string[] {
  const isOpen = (file: ChangedFile): boolean => hidesText(file) && awaitsIds(file) && !comesIntoUse(file);
  return files.filter(isOpen).map((file) => file.filename);
}

function awaitsIds({ status, changes, previous_sha }: ChangedFile): boolean {
  return status === "renamed" && changes === 0 && previous_sha === undefined;
}

/** What runs, or is read as meaning: of these a change must not go unread. */
const telling: ReadonlySet<PathRole> = new Set(["production", "view"]);

/**
 * Whether a file only now counts: what lay among tests, examples or pages was not read there, and runs from here on. All of
 * it is new then, whatever lines were edited on the way (H077).
 */
export function comesIntoUse({ status, filename, previous_filename }: ChangedFile): boolean {
  if (previous_filename === undefined || (status !== "renamed" && status !== "copied")) return false;
  if (structuralRoles.has(roleOf(previous_filename)) || !structuralRoles.has(roleOf(filename))) return false;
  return languageOf(filename) !== "other" || isStructural(filename);
}

/**
 * Whether a file came without a patch though a person would expect one: GitHub leaves out what is long, what an attribute
 * calls binary or not to be compared, and everything that holds a NUL (H077). What is a rename alone by the ids of its content, and a
 * file without lines, hide nothing.
 */
export function hidesText(file: ChangedFile): boolean {
  if (file.patch !== undefined && file.patch !== "") return false;
  if (!telling.has(roleOf(file.filename))) return false;
  if (file.changes > 0) return true;
  if (comesIntoUse(file)) return true;
  if (file.status === "removed" || isRenameAlone(file) || isEmptyAddition(file)) return false;
  return languageOf(file.filename) !== "other" || isStructural(file.filename);
}

/** Changed files with what is known of those that came without a patch. */
export interface ShownFiles {
  /** All of them; one without a patch has the one that its two texts give. */
  readonly files: readonly ChangedFile[];
  /** Paths of which neither patch nor texts are known: how they changed is unknown. */
  readonly unshown: ReadonlySet<string>;
}

/**
 * Makes the patches that are missing from the texts of both sides, where these are known; and of a file that only now counts
 * one that shows the whole of it.
 * @param notRead what was asked for and could not be read; undefined when nobody asked, and then nothing counts as unshown
 */
export function withOwnPatches(
  files: readonly ChangedFile[],
  headTexts: ReadonlyMap<string, string>,
  baseTexts: ReadonlyMap<string, string>,
  notRead: readonly NotInspected[] | undefined,
): ShownFiles {
  const refused = new Set(notRead?.map(({ path }) => path));
  const unshown = new Set<string>();
  const shown = files.map((file) => {
    const isNewHere = comesIntoUse(file);
    if (!isNewHere && !hidesText(file)) return file;
    const head = file.status === "removed" ? "" : headTexts.get(file.filename);
    const base =
      file.status === "added" || isNewHere ? "" : (baseTexts.get(formerPath(file)) ?? baseTexts.get(file.filename));
    if (head === undefined || base === undefined) {
      // An empty new file has no text either; what could not be read was refused by name.
      const isEmpty = file.status === "added" && file.changes === 0 && !refused.has(file.filename);
      if (notRead && !isEmpty) unshown.add(file.filename);
      return file;
    }
    const patch = patchBetween(base, head);
    return patch === undefined ? file : { ...file, patch };
  });
  return { files: shown, unshown };
}

function formerPath({ filename, previous_filename }: ChangedFile): string {
  return previous_filename ?? filename;
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
    if (isRenameAlone(file)) return whole(headText ?? "", headText ?? "");
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
  const sides = changedLinesOf(file);
  return sides ? { sides } : { unknown: "its whole text was not read" };
}

/** Lines up to which a fragment keeps its numbers: no more than any text we read has. */
const longestFragment = 200_000;

/**
 * What the patch alone shows of both sides, where the file's format lets lines speak for themselves; else undefined. Blank
 * lines keep the numbers, so that places stay right.
 */
export function changedLinesOf(file: ChangedFile): Sides | undefined {
  const patch = file.patch === undefined ? undefined : readPatch(file.patch);
  if (!patch || "unreadable" in patch) return undefined;
  if (!lineByLine.test(file.filename) && !readsFragments(file.filename)) return undefined;
  const after: string[] = [];
  const before: string[] = [];
  for (const line of patch.hunks.flatMap((hunk) => hunk.lines)) {
    if (line.newLine !== undefined) after[line.newLine - 1] = line.text;
    if (line.oldLine !== undefined) before[line.oldLine - 1] = line.text;
  }
  // The hunk headers of a hostile patch may name line 999,999,999.
  if (Math.max(after.length, before.length) > longestFragment) return undefined;
  return { before: padded(before), after: padded(after), fragments: true };
}

function whole(before: string, after: string): { readonly sides: Sides } {
  return { sides: { before, after, fragments: false } };
}

function padded(lines: readonly string[]): string {
  return `${Array.from(lines, (line) => line ?? "").join("\n")}\n`;
}

/** Finds texts by path without walking the list for each file. */
export function textsByPath(texts: readonly FileText[]): ReadonlyMap<string, string> {
  return new Map(texts.map(({ path, text }) => [path, text]));
}
