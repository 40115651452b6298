import type { NotInspected } from "../domain/problem.ts";
import { type ChangedFile, isEmptyAddition } from "../domain/snapshot.ts";
import { type CodeLine, longestLine, readCode } from "./code-line.ts";
import { type Language, languageOf } from "./language.ts";
import { type Hunk, type Patch, readPatch } from "./patch.ts";
import { type PathRole, roleOf } from "./path-role.ts";
import { usesOfRenamed } from "./renamed-variables.ts";
import { startedPaths } from "./run-paths.ts";
import { runsOnServer } from "./server-side.ts";

/** Consecutive changed and context lines of one hunk. */
export interface CodeHunk {
  readonly heading: string;
  readonly lines: readonly CodeLine[];
}

/** One changed file, read once for all rules and detectors. */
export interface InspectedFile {
  readonly file: ChangedFile;
  readonly path: string;
  readonly role: PathRole;
  readonly language: Language;
  readonly patch?: Patch;
  /** Set where it changed and neither a patch nor its texts say how. */
  readonly unshown?: true;
  readonly hunks: readonly CodeHunk[];
  /** Added lines that hold code and that no file of this change lost: neither moved, re-indented nor re-ordered. */
  readonly added: readonly CodeLine[];
  /** Removed lines that hold code and that no file of this change gained. */
  readonly removed: readonly CodeLine[];
  /** All added code, moved or not: what the new text says. */
  readonly allAdded: readonly CodeLine[];
}

/** Roles whose lines are read at all; what the others say does not run. */
const readRoles: ReadonlySet<PathRole> = new Set(["production", "view", "tooling", "example"]);
/** Lines shorter than this (`}`, `else {`, `return`) stand everywhere and say nothing about a move. */
const shortestTelling = 6;

/** What of the changed files could be read, and what could not. */
export interface Inspection {
  readonly files: readonly InspectedFile[];
  readonly notInspected: readonly NotInspected[];
}

/**
 * Reads every changed file once. A patch that cannot be read is said, and the file still goes on with its name and status.
 * @param unshown paths whose change nothing shows
 */
export function inspectFiles(files: readonly ChangedFile[], unshown: ReadonlySet<string> = new Set()): Inspection {
  const notInspected: NotInspected[] = [];
  const started = startedPaths(files);
  const drafts = files.map((file): Draft => {
    const role = started.has(file.filename) ? runningRole(file.filename) : roleOf(file.filename);
    const language = languageOf(file.filename);
    if (file.patch === undefined || file.patch === "") {
      const isUnshown = unshown.has(file.filename);
      const reason = whyWithoutPatch(file, isUnshown);
      if (reason !== undefined) notInspected.push({ path: file.filename, reason });
      return { file, role, language, hunks: [], isUnshown };
    }
    if (!readRoles.has(role)) return { file, role, language, hunks: [] };
    const patch = readPatch(file.patch);
    if ("unreadable" in patch) {
      notInspected.push({ path: file.filename, reason: `the patch could not be read: ${patch.unreadable}` });
      return { file, role, language, patch, hunks: [], isUnshown: role === "production" || role === "view" };
    }
    const cut = role === "production" && programs.has(language) ? lineReadInPart(patch.hunks) : undefined;
    if (cut !== undefined) {
      const reason = `line ${cut} is longer than ${longestLine} characters: only its beginning was read`;
      notInspected.push({ path: file.filename, reason });
    }
    const hunks = patch.hunks.map((hunk) => ({ heading: hunk.heading, lines: readCode(hunk, language) }));
    const isServer =
      role === "view" &&
      runsOnServer(
        file.filename,
        language,
        hunks.map(({ heading }) => heading.trim()),
        hunks.flatMap(({ lines }) => lines),
      );
    return { file, role: isServer ? "production" : role, language, patch, hunks };
  });
  const moved = movedLines(drafts);
  const inspected = drafts.map(({ file, role, language, patch, hunks, isUnshown }): InspectedFile => {
    const lines = hunks.flatMap((hunk) => hunk.lines);
    const allAdded = lines.filter((line) => line.kind === "added" && line.code !== "");
    return {
      file,
      path: file.filename,
      role,
      language,
      ...(patch ? { patch } : {}),
      ...(isUnshown ? { unshown: true as const } : {}),
      hunks,
      added: allAdded.filter((line) => !moved.has(line)),
      removed: lines.filter((line) => line.kind === "removed" && line.code !== "" && !moved.has(line)),
      allAdded,
    };
  });
  return { files: inspected, notInspected };
}

/** What is started runs, whatever its folder is for; where people write programs it is read as one. */
function runningRole(path: string): PathRole {
  const role = roleOf(path);
  return (role === "test" || role === "generated" || role === "example") && programs.has(languageOf(path))
    ? "production"
    : role;
}

/** Languages in which people write what runs; a long line elsewhere is data, or is read as structure. */
const programs: ReadonlySet<Language> = new Set([
  "javascript",
  "python",
  "go",
  "java",
  "kotlin",
  "scala",
  "csharp",
  "rust",
  "ruby",
  "php",
  "swift",
  "shell",
  "sql",
]);

/** The first new line that is not read to its end: what stands there must not pass in silence. */
function lineReadInPart(hunks: readonly Hunk[]): number | undefined {
  for (const { lines } of hunks) {
    const long = lines.find(({ kind, text }) => kind === "added" && text.trimEnd().length > longestLine);
    if (long?.newLine !== undefined) return long.newLine;
  }
  return undefined;
}

interface Draft {
  readonly file: ChangedFile;
  readonly role: PathRole;
  readonly language: Language;
  readonly patch?: Patch;
  readonly hunks: readonly CodeHunk[];
  readonly isUnshown?: boolean;
}

/** Lines whose code stands on both sides of the change: moved within or between files, or re-indented. */
function movedLines(files: readonly Draft[]): ReadonlySet<CodeLine> {
  const removed = new Map<string, CodeLine[]>();
  const moved = rewrappedLines(files);
  for (const { hunks, language } of files) for (const line of usesOfRenamed(hunks, language)) moved.add(line);
  for (const { line, language } of linesOf(files, "removed")) {
    const text = bareOf(line.code, language);
    if (text.length < shortestTelling) continue;
    const others = removed.get(text);
    if (others) others.push(line);
    else removed.set(text, [line]);
  }
  if (removed.size === 0) return moved;
  for (const { line, language } of linesOf(files, "added")) {
    const origins = removed.get(bareOf(line.code, language));
    if (!origins) continue;
    moved.add(line);
    // Added again elsewhere, its origins are known already.
    if (origins[0] && !moved.has(origins[0])) for (const origin of origins) moved.add(origin);
  }
  return moved;
}

/** A run of changed lines longer than this is no re-wrapped statement. */
const longestRun = 40;
/** What is shorter stands in many places. */
const shortestStatement = 16;

/**
 * Statements that were only broken over other lines: whole lines of one side say, read on without a break, what whole lines
 * of the other side say, each line counted once. They are no news. A line of which anything is missing stays what it is, and
 * so does one that stands within a longer line: a check that is quoted in a text, or put behind a condition, is gone.
 */
function rewrappedLines(files: readonly { readonly hunks: readonly CodeHunk[] }[]): Set<CodeLine> {
  const found = new Set<CodeLine>();
  const settle = (run: readonly CodeLine[]): void => {
    if (run.length > longestRun) return;
    const added = run.filter(({ kind, code }) => kind === "added" && code !== "");
    for (const [index, line] of run.entries()) {
      if (line.kind !== "removed" || line.code === "" || found.has(line)) continue;
      const removed = run.slice(index).filter(({ kind, code }) => kind === "removed" && code !== "");
      for (const start of added.keys()) {
        const same = sayTheSame(removed, added.slice(start));
        if (same.some((one) => found.has(one))) continue;
        for (const one of same) found.add(one);
        if (same.length > 0) break;
      }
    }
  };
  for (const { hunks } of files) {
    for (const { lines } of hunks) {
      let run: CodeLine[] = [];
      for (const line of lines) {
        if (line.kind !== "context") {
          run.push(line);
          continue;
        }
        settle(run);
        run = [];
      }
      settle(run);
    }
  }
  return found;
}

/** The first lines of both lists that say the same, broken otherwise; none where they do not, or line by line. */
function sayTheSame(one: readonly CodeLine[], other: readonly CodeLine[]): readonly CodeLine[] {
  let [left, right, taken, matched] = ["", "", 0, 0];
  while (left === "" || left !== right) {
    const isLeftShorter = left.length <= right.length;
    const next = isLeftShorter ? one[taken] : other[matched];
    if (!next) return [];
    if (isLeftShorter) {
      left += withoutBlanks(next.code);
      taken++;
    } else {
      right += withoutBlanks(next.code);
      matched++;
    }
    if (!left.startsWith(right) && !right.startsWith(left)) return [];
  }
  const isBroken = taken + matched > 2 && left.length >= shortestStatement;
  return isBroken ? [...one.slice(0, taken), ...other.slice(0, matched)] : [];
}

function* linesOf(
  files: readonly Draft[],
  kind: CodeLine["kind"],
): Generator<{ readonly line: CodeLine; readonly language: Language }> {
  for (const { hunks, language } of files) {
    for (const { lines } of hunks)
      for (const line of lines) if (line.kind === kind && line.code !== "") yield { line, language };
  }
}

/**
 * What moves is often made visible on the way: `fn a()` here is `pub fn a()` there. Where a part of a page gets a file of its own, it
 * is handed what the page knew from its controller: `@order.note` here is `order.note` there.
 */
function bareOf(code: string, language: Language): string {
  const bare = withoutBlanks(
    code.replace(
      /^(?:(?:pub(?:\([^)]{1,20}\))?|export|default|public|private|protected|internal|static|final|async|override)\s+)+/,
      "",
    ),
  );
  return language === "html" ? bare.replace(/@(?=[a-z_])/g, "") : bare;
}

/** Code without any blanks and without the punctuation that formatters move: two lines that say the same are equal. */
export function withoutBlanks(code: string): string {
  const bare = code.replace(/[\s;,]+/g, "").replaceAll('"', "'");
  return bare.includes(")=>") ? bare.replace(/\((\w+)\)=>/g, "$1=>") : bare;
}

/** Pictures, fonts, sound and film: nothing runs them, and nobody can say more of them than their names. */
const media = /\.(?:png|jpe?g|gif|ico|webp|avif|bmp|tiff?|eot|ttf|otf|woff2?|mp3|mp4|ogg|wav|webm|mov)$/i;

/** Undefined where an absent patch hides nothing: a rename alone, a new file that is empty, a picture. */
function whyWithoutPatch(file: ChangedFile, isUnshown: boolean): string | undefined {
  if (file.status === "renamed" && file.changes === 0)
    return isUnshown ? "no patch: renamed, and nothing shows whether that is all" : undefined;
  if (file.changes > 0) return "no patch: too large for GitHub to show";
  if (file.status === "changed") return "no patch: only the file's mode changed";
  if (isEmptyAddition(file) || media.test(file.filename)) return undefined;
  return "no patch: binary or empty";
}
