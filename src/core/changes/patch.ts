/*
 * A unified diff of one file, as GitHub's "list pull request files" gives it: it begins with the first `@@` line, the
 * file's own header lines are left out. https://docs.github.com/rest/pulls/pulls#list-pull-requests-files
 */

/** The two texts that a hunk shows at once: the new one and the old one. */
export type Side = "added" | "removed";

export function otherSide(side: Side): Side {
  return side === "added" ? "removed" : "added";
}

/** One line of a hunk. Line numbers count from 1; a side on which the line does not stand has none. */
export interface PatchLine {
  readonly kind: "added" | "removed" | "context";
  /** Without the leading `+`, `-` or space; a carriage return at the end is kept. */
  readonly text: string;
  readonly oldLine?: number;
  readonly newLine?: number;
  /** Set on the last line of a side that does not end in a newline. */
  readonly noNewline?: true;
}

export interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  /** What git prints after the second `@@`: usually the enclosing function or type. */
  readonly heading: string;
  readonly lines: readonly PatchLine[];
}

/** The hunks of a patch in order, or why it is not one. */
export type Patch = { readonly hunks: readonly Hunk[] } | { readonly unreadable: string };

/** GitHub leaves out patches far below this; a local diff may reach it. Longer patches are not read. */
const longestPatch = 8 * 1024 * 1024;
const header = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)$/;

/**
 * Reads a patch. Linear in its length; never throws. Refuses a patch that does not begin with a hunk, whose hunk holds
 * other lines than its header says, or whose hunks go backwards: such a patch was not written by git, and reading it
 * half would hide the other half.
 */
export function readPatch(patch: string): Patch {
  if (patch.length > longestPatch) return { unreadable: "patch too large" };
  const texts = patch.split("\n");
  if (texts.at(-1) === "") texts.pop();
  const hunks: Hunk[] = [];
  let at = 0;
  let lastOld = 0;
  let lastNew = 0;
  while (at < texts.length) {
    const found = header.exec((texts[at] ?? "").slice(0, 2000));
    if (!found) return { unreadable: `line ${at + 1} of the patch is not a hunk header` };
    at++;
    const [oldStart, oldCount] = [Number(found[1]), found[2] === undefined ? 1 : Number(found[2])];
    const [newStart, newCount] = [Number(found[3]), found[4] === undefined ? 1 : Number(found[4])];
    if (oldStart < lastOld || newStart < lastNew) return { unreadable: "the hunks of the patch are out of order" };
    const lines: PatchLine[] = [];
    let oldLine = oldStart;
    let newLine = newStart;
    const oldEnd = oldStart + oldCount;
    const newEnd = newStart + newCount;
    while (oldLine < oldEnd || newLine < newEnd || texts[at]?.startsWith("\\")) {
      const text = texts[at];
      if (text === undefined) return { unreadable: "the patch ends inside a hunk" };
      const line = readLine(text, oldLine, newLine);
      if (line === undefined)
        return { unreadable: `line ${at + 1} of the patch is neither added, removed nor context` };
      at++;
      if (line === "no newline") {
        const last = lines.pop();
        if (last) lines.push({ ...last, noNewline: true });
        continue;
      }
      if (line.kind !== "added") oldLine++;
      if (line.kind !== "removed") newLine++;
      if (oldLine > oldEnd || newLine > newEnd) return { unreadable: "a hunk is longer than its header says" };
      lines.push(line);
    }
    [lastOld, lastNew] = [oldEnd, newEnd];
    hunks.push({ oldStart, oldCount, newStart, newCount, heading: found[5] ?? "", lines });
  }
  return { hunks };
}

function readLine(text: string, oldLine: number, newLine: number): PatchLine | "no newline" | undefined {
  switch (text[0]) {
    case "+":
      return { kind: "added", text: text.slice(1), newLine };
    case "-":
      return { kind: "removed", text: text.slice(1), oldLine };
    case " ":
      return { kind: "context", text: text.slice(1), oldLine, newLine };
    case "\\":
      return "no newline";
    case undefined:
      // Some tools strip the single space of an empty context line.
      return { kind: "context", text: "", oldLine, newLine };
    default:
      return undefined;
  }
}

/** A run of lines, both ends included. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Lines of the new file on which GitHub accepts a review comment for this patch: those inside a hunk, context included
 * (H046). Empty for a patch that cannot be read.
 */
export function commentableLines(patch: string): readonly LineRange[] {
  const read = readPatch(patch);
  if ("unreadable" in read) return [];
  return read.hunks
    .filter((hunk) => hunk.newCount > 0)
    .map((hunk) => ({ start: hunk.newStart, end: hunk.newStart + hunk.newCount - 1 }));
}

/** The other side of a text under a patch, or why the two do not belong together. */
export type Patched = { readonly text: string } | { readonly mismatch: string };

/** The text after the patch. Exact: no fuzz and no searching, because both come from the same pair of commits. */
export function applyPatch(before: string, patch: Patch): Patched {
  return walk(before, patch, "removed", "added");
}

/** The text before the patch, from the text after it. */
export function reversePatch(after: string, patch: Patch): Patched {
  return walk(after, patch, "added", "removed");
}

function walk(source: string, patch: Patch, drops: "added" | "removed", brings: "added" | "removed"): Patched {
  if ("unreadable" in patch) return { mismatch: patch.unreadable };
  const lines = source.split("\n");
  const sourceEnds = lines.at(-1) === "";
  if (sourceEnds) lines.pop();
  const out: string[] = [];
  /** Whether the line that was put out last ends in a newline. */
  let ends = true;
  let at = 0;
  for (const hunk of patch.hunks) {
    const [start, count] = drops === "removed" ? [hunk.oldStart, hunk.oldCount] : [hunk.newStart, hunk.newCount];
    // A side without lines names the line before the hunk.
    const from = count === 0 ? start : start - 1;
    if (from > lines.length) return { mismatch: `the text ends before line ${start} of the patch` };
    for (; at < from; at++) out.push(lines[at] ?? "");
    for (const line of hunk.lines) {
      if (line.kind !== brings) {
        if (lines[at] !== line.text) return { mismatch: `line ${at + 1} differs from the patch` };
        at++;
      }
      if (line.kind !== drops) {
        out.push(line.text);
        ends = line.noNewline !== true;
      }
    }
  }
  if (at < lines.length) ends = sourceEnds;
  for (; at < lines.length; at++) out.push(lines[at] ?? "");
  if (out.length === 0) return { text: "" };
  return { text: out.join("\n") + (ends ? "\n" : "") };
}
