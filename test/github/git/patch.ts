import { diffArrays } from "diff";
import { compact, type Side } from "./compaction.ts";

/** The difference of two texts as GitHub's `patch` holds it, and how many lines it adds and removes. */
export interface Patch {
  /** From the first `@@`; empty when the texts are the same. */
  readonly text: string;
  readonly additions: number;
  readonly deletions: number;
}

const context = 3;

/** A unified difference with three lines of context, hunks and section headings as `git diff` writes them. */
export function patchOf(before: string, after: string): Patch {
  const [old, now] = compared(linesOf(before), linesOf(after));
  const runs = changedRuns(old, now);
  const hunks: string[] = [];
  for (let at = 0; at < runs.length; ) {
    let last = at;
    while (last + 1 < runs.length && gap(runs[last], runs[last + 1]) <= 2 * context) last += 1;
    hunks.push(hunkOf(old, now, runs.slice(at, last + 1)));
    at = last + 1;
  }
  return {
    text: hunks.join("\n"),
    additions: now.changed.filter(Boolean).length,
    deletions: old.changed.filter(Boolean).length,
  };
}

/** For each line of `before` (from 1) the line of `after` that it became; absent for a line that is gone. */
export function lineMap(before: string, after: string): ReadonlyMap<number, number> {
  const [old, now] = compared(linesOf(before), linesOf(after));
  const map = new Map<number, number>();
  let there = 0;
  old.changed.forEach((changed, here) => {
    if (changed) return;
    while (now.changed[there]) there += 1;
    there += 1;
    map.set(here + 1, there);
  });
  return map;
}

/** Lines with their line ends, so that a missing last one counts as a difference. */
export function linesOf(text: string): string[] {
  // By hand: on one line of megabytes an expression runs out of stack.
  const lines: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const next = end < 0 ? text.length : end + 1;
    lines.push(text.slice(start, next));
    start = next;
  }
  return lines;
}

function compared(before: readonly string[], after: readonly string[]): [Side, Side] {
  const old: Side = { lines: before, changed: before.map(() => false) };
  const now: Side = { lines: after, changed: after.map(() => false) };
  let oldAt = 0;
  let newAt = 0;
  for (const part of diffArrays([...before], [...after])) {
    const count = part.value.length;
    if (part.removed) old.changed.fill(true, oldAt, oldAt + count);
    else if (part.added) now.changed.fill(true, newAt, newAt + count);
    if (!part.added) oldAt += count;
    if (!part.removed) newAt += count;
  }
  compact(old, now);
  compact(now, old);
  return [old, now];
}

/** A run of changes: lines [oldStart, oldEnd) became lines [newStart, newEnd), counted from 0. */
interface Run {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

function changedRuns(old: Side, now: Side): Run[] {
  const runs: Run[] = [];
  let oldAt = 0;
  let newAt = 0;
  while (oldAt < old.lines.length || newAt < now.lines.length) {
    const oldStart = oldAt;
    const newStart = newAt;
    while (old.changed[oldAt]) oldAt += 1;
    while (now.changed[newAt]) newAt += 1;
    if (oldAt > oldStart || newAt > newStart) runs.push({ oldStart, oldEnd: oldAt, newStart, newEnd: newAt });
    oldAt += 1;
    newAt += 1;
  }
  return runs;
}

function gap(left: Run | undefined, right: Run | undefined): number {
  return left === undefined || right === undefined ? 0 : right.oldStart - left.oldEnd;
}

function hunkOf(old: Side, now: Side, runs: readonly Run[]): string {
  const first = runs[0];
  const last = runs[runs.length - 1];
  if (first === undefined || last === undefined) return "";
  const lead = Math.min(context, first.oldStart);
  const tail = Math.min(context, old.lines.length - last.oldEnd);
  const oldStart = first.oldStart - lead;
  const oldCount = last.oldEnd + tail - oldStart;
  const newStart = first.newStart - lead;
  const newCount = last.newEnd + tail - newStart;
  const body: string[] = [];
  let at = oldStart;
  for (const run of runs) {
    body.push(...shown(" ", old.lines.slice(at, run.oldStart)));
    body.push(...shown("-", old.lines.slice(run.oldStart, run.oldEnd)));
    body.push(...shown("+", now.lines.slice(run.newStart, run.newEnd)));
    at = run.oldEnd;
  }
  body.push(...shown(" ", old.lines.slice(at, last.oldEnd + tail)));
  const heading = headingBefore(old.lines, oldStart);
  const header = `@@ -${range(oldStart, oldCount)} +${range(newStart, newCount)} @@`;
  return [heading === "" ? header : `${header} ${heading}`, ...body].join("\n");
}

function range(start: number, count: number): string {
  if (count === 0) return `${start},0`;
  return count === 1 ? `${start + 1}` : `${start + 1},${count}`;
}

function shown(sign: string, lines: readonly string[]): string[] {
  return lines.flatMap((line) =>
    line.endsWith("\n") ? [sign + line.slice(0, -1)] : [sign + line, "\\ No newline at end of file"],
  );
}

/** The nearest line above a hunk that begins with a letter, `_` or `$`: what git prints after the second `@@`. */
function headingBefore(lines: readonly string[], start: number): string {
  for (let at = start - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? "";
    if (/^[A-Za-z_$]/.test(line)) return Buffer.from(line.trimEnd(), "utf8").subarray(0, 80).toString("utf8").trimEnd();
  }
  return "";
}
