import type { NotInspected, Problem } from "../domain/problem.ts";
import type { ChangedFile } from "../domain/snapshot.ts";
import { diffItems } from "./difference.ts";
import { settleMoves } from "./moves.ts";
import { emptyDraft, itemOf } from "./notations/items.ts";
import { readPatch } from "./patch.ts";
import type { Difference, Structure } from "./structure.ts";
import { structures } from "./structures/index.ts";
import { changedLinesOf, comesIntoUse, isStructural, longestStructuralText, type Sides, sidesOf } from "./texts.ts";

/*
 * What the changed files of one pull request mean before and after, as items, and how the two differ.
 */

/** A difference with the file it was found in and the lines of both its texts, for evidence. */
export interface FileDifference {
  readonly path: string;
  readonly difference: Difference;
  readonly after: readonly string[];
  readonly before: readonly string[];
  /** Where what the file declared before cannot be read: all that it declares now, each as if it were new. */
  readonly ifNew?: readonly FileDifference[];
}

export interface Differences {
  readonly differences: readonly FileDifference[];
  readonly notInspected: readonly NotInspected[];
  readonly problems: readonly Problem[];
}

/** Differences of meaning of all changed files that a structure reader wants, moves between files settled. */
export function differencesOf(
  files: readonly ChangedFile[],
  headTexts: ReadonlyMap<string, string>,
  baseTexts: ReadonlyMap<string, string>,
): Differences {
  const found: FileDifference[] = [];
  const notInspected: NotInspected[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    if (!isStructural(file.filename)) continue;
    const basePath = file.previous_filename ?? file.filename;
    const headText = headTexts.get(file.filename);
    const read = comesIntoUse(file)
      ? sidesOf({ ...file, status: "added" }, headText, undefined)
      : sidesOf(file, headText, baseTexts.get(basePath) ?? baseTexts.get(file.filename));
    if ("unknown" in read) {
      notInspected.push({ path: file.filename, reason: read.unknown });
      continue;
    }
    if (read.warning !== undefined) {
      problems.push({
        path: file.filename,
        severity: "warning",
        what: `Both texts were compared as they are: ${read.warning}.`,
        hint: "The texts and the patch should come from the same two commits.",
      });
    }
    let { sides } = read;
    if (sides.before.length > longestStructuralText || sides.after.length > longestStructuralText) {
      const lines = changedLinesOf(file);
      const reason = lines ? "too large to be compared whole: only its changed lines were read" : "too large";
      notInspected.push({ path: file.filename, reason });
      if (!lines) continue;
      sides = lines;
    }
    const unreadable = compareSides(file, basePath, sides, found);
    if (unreadable !== undefined) notInspected.push({ path: file.filename, reason: unreadable });
  }
  return { differences: settleMoves(found), notInspected, problems };
}

function compareSides(file: ChangedFile, basePath: string, sides: Sides, found: FileDifference[]): string | undefined {
  const path = file.filename;
  let unreadable: string | undefined;
  const ifNew: FileDifference[] = [];
  // Few differences are asked for their lines.
  const after = onceAsked(() => sides.after.split("\n"));
  const before = onceAsked(() => sides.before.split("\n"));
  const placed = (difference: Difference): FileDifference => ({
    path,
    difference,
    get after() {
      return after();
    },
    get before() {
      return before();
    },
  });
  for (const reader of structures) {
    if (!reader.wants(path)) continue;
    const read = (side: string, text: string): Structure => {
      if (text === "") return { items: [] };
      return sides.fragments && reader.readFragment ? reader.readFragment(side, text) : reader.read(side, text);
    };
    const now = read(path, sides.after);
    const then = read(reader.wants(basePath) ? basePath : path, sides.before);
    if ("unreadable" in now) {
      unreadable = `could not be parsed: ${now.unreadable}`;
      continue;
    }
    if ("unreadable" in then) {
      // All that stands there now may be new. That is one thing to ask about, not one for each item.
      for (const difference of diffItems([], now.items)) ifNew.push(placed(difference));
      if (now.items.length > 0) unreadable ??= `what it was before could not be parsed: ${then.unreadable}`;
      continue;
    }
    for (const difference of diffItems(then.items, now.items)) found.push(placed(difference));
  }
  if (ifNew.length > 0) found.push({ ...placed(unknownBase(file)), ifNew });
  return unreadable;
}

/** Says of a file that what it declared before is not known; at its first changed line. */
function unknownBase({ filename, patch }: ChangedFile): Difference {
  const read = patch === undefined ? undefined : readPatch(patch);
  const lines = read && "hunks" in read ? read.hunks.flatMap((hunk) => hunk.lines) : [];
  const line = lines.find(({ kind }) => kind === "added")?.newLine ?? 1;
  const item = { kind: "unreadable-base", type: "file", key: filename, name: filename, line };
  return { change: "added", after: itemOf(item, emptyDraft()), attributes: [] };
}

function onceAsked<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
