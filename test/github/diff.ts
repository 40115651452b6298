import { mergeBase } from "./git/history.ts";
import type { FileEntry, ObjectStore } from "./git/objects.ts";
import { patchOf } from "./git/patch.ts";
import { findRenames } from "./git/similarity.ts";

/** One changed file as "list pull request files" describes it. https://docs.github.com/rest/pulls/pulls#list-pull-requests-files */
export interface FileChange {
  readonly filename: string;
  readonly previousFilename?: string;
  readonly status: "added" | "removed" | "modified" | "renamed" | "changed";
  readonly additions: number;
  readonly deletions: number;
  /** Blob at the head; at the base for a removed file. */
  readonly oid: string;
  /** Absent for binary files, for files whose content is the same, and above GitHub's limits of size. */
  readonly patch?: string;
}

/** GitHub shows no patch of a file beyond these. https://docs.github.com/repositories/creating-and-managing-repositories/repository-limits#diff-limits */
const longestPatch = { bytes: 500_000, lines: 20_000 };

/** What a pull request changes: the difference from the merge base to the head (three dots). */
export function changesOfPullRequest(store: ObjectStore, base: string, head: string): FileChange[] {
  return changesBetween(store, mergeBase(store, base, head), head);
}

const remembered = new WeakMap<ObjectStore, Map<string, FileChange[]>>();

/** The difference between two commits or trees, files in the order of git (bytes of the path). */
export function changesBetween(store: ObjectStore, before: string | undefined, after: string): FileChange[] {
  const known = remembered.get(store) ?? new Map<string, FileChange[]>();
  remembered.set(store, known);
  const key = `${before} ${after}`;
  const changes = known.get(key) ?? compute(store, before, after);
  known.set(key, changes);
  return changes;
}

function compute(store: ObjectStore, before: string | undefined, after: string): FileChange[] {
  const old = store.filesOf(before);
  const now = store.filesOf(after);
  const removed = new Map([...old].filter(([path]) => !now.has(path)));
  const added = new Map([...now].filter(([path]) => !old.has(path)));
  const changes: FileChange[] = [];
  for (const { from, to } of findRenames(store, removed, added)) {
    changes.push(describe(store, to, "renamed", removed.get(from), added.get(to), from));
    removed.delete(from);
    added.delete(to);
  }
  for (const [path, entry] of removed) changes.push(describe(store, path, "removed", entry, undefined));
  for (const [path, entry] of added) changes.push(describe(store, path, "added", undefined, entry));
  for (const [path, entry] of now) {
    const was = old.get(path);
    if (was === undefined || (was.oid === entry.oid && was.mode === entry.mode)) continue;
    changes.push(describe(store, path, kind(was) === kind(entry) ? "modified" : "changed", was, entry));
  }
  return changes.sort((left, right) => Buffer.compare(Buffer.from(left.filename), Buffer.from(right.filename)));
}

function describe(
  store: ObjectStore,
  filename: string,
  status: FileChange["status"],
  before: FileEntry | undefined,
  after: FileEntry | undefined,
  previousFilename?: string,
): FileChange {
  const oid = after?.oid ?? before?.oid ?? "";
  const named = { filename, status, oid, ...(previousFilename === undefined ? {} : { previousFilename }) };
  const old = contentOf(store, before);
  const now = contentOf(store, after);
  if (isBinary(old) || isBinary(now)) return { ...named, additions: 0, deletions: 0 };
  const patch = patchOf(Buffer.from(old).toString("utf8"), Buffer.from(now).toString("utf8"));
  const counts = { additions: patch.additions, deletions: patch.deletions };
  const tooLong =
    Buffer.byteLength(patch.text) > longestPatch.bytes || patch.additions + patch.deletions > longestPatch.lines;
  return patch.text === "" || tooLong ? { ...named, ...counts } : { ...named, ...counts, patch: patch.text };
}

/** A submodule has one line for content: the commit that it points at. */
function contentOf(store: ObjectStore, entry: FileEntry | undefined): Uint8Array {
  if (entry === undefined) return new Uint8Array();
  return entry.mode === "160000" ? Buffer.from(`Subproject commit ${entry.oid}\n`) : store.blob(entry.oid);
}

/** Git's own test: a NUL among the first 8,000 bytes. */
export function isBinary(content: Uint8Array): boolean {
  return content.subarray(0, 8000).includes(0);
}

function kind(entry: FileEntry): string {
  return entry.mode.slice(0, 3);
}
