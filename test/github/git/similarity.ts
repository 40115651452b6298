import type { FileEntry, ObjectStore } from "./objects.ts";

export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** git gives up on inexact renames above this number of candidates (`diff.renameLimit`). */
const renameLimit = 1000;
const half = 0.5;

/**
 * Which removed files became which added ones: the same content first, then the most similar above one half,
 * as `git diff --find-renames` decides. https://git-scm.com/docs/git-diff#Documentation/git-diff.txt---find-renamesn
 */
export function findRenames(
  store: ObjectStore,
  removed: ReadonlyMap<string, FileEntry>,
  added: ReadonlyMap<string, FileEntry>,
): Rename[] {
  const sources = new Map([...removed].filter(([, entry]) => isRegular(entry)));
  const targets = new Map([...added].filter(([, entry]) => isRegular(entry)));
  const renames: Rename[] = [];
  const take = (from: string, to: string): void => {
    renames.push({ from, to });
    sources.delete(from);
    targets.delete(to);
  };
  for (const [to, entry] of Array.from(targets)) {
    if (store.blob(entry.oid).length === 0) continue;
    const same = [...sources].filter(([, source]) => source.oid === entry.oid).map(([path]) => path);
    const from = same.find((path) => baseName(path) === baseName(to)) ?? same[0];
    if (from !== undefined) take(from, to);
  }
  if (sources.size * targets.size > renameLimit * renameLimit) return renames;
  for (const { from, to } of candidates(store, sources, targets)) {
    if (sources.has(from) && targets.has(to)) take(from, to);
  }
  return renames;
}

function candidates(
  store: ObjectStore,
  sources: ReadonlyMap<string, FileEntry>,
  targets: ReadonlyMap<string, FileEntry>,
): (Rename & { readonly score: number })[] {
  const weights = new Map<string, ReadonlyMap<string, number>>();
  const weigh = (oid: string): ReadonlyMap<string, number> => {
    const known = weights.get(oid) ?? weightByLine(store.blob(oid));
    weights.set(oid, known);
    return known;
  };
  const found: (Rename & { readonly score: number })[] = [];
  for (const [to, target] of targets) {
    for (const [from, source] of sources) {
      const larger = Math.max(store.blob(source.oid).length, store.blob(target.oid).length);
      const smaller = Math.min(store.blob(source.oid).length, store.blob(target.oid).length);
      if (smaller === 0 || smaller < larger * half) continue;
      const score = copied(weigh(source.oid), weigh(target.oid)) / larger;
      if (score >= half) found.push({ from, to, score });
    }
  }
  return found.sort((left, right) => right.score - left.score || sameName(right) - sameName(left));
}

/** Bytes by line, lines cut at 64 bytes, as git measures what was copied. */
function weightByLine(content: Uint8Array): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  const text = Buffer.from(content).toString("latin1");
  for (const piece of text.match(/[^\n]{0,63}\n|[^\n]{1,64}/g) ?? []) {
    weights.set(piece, (weights.get(piece) ?? 0) + piece.length);
  }
  return weights;
}

function copied(from: ReadonlyMap<string, number>, to: ReadonlyMap<string, number>): number {
  let bytes = 0;
  for (const [piece, weight] of from) bytes += Math.min(weight, to.get(piece) ?? 0);
  return bytes;
}

function isRegular(entry: FileEntry): boolean {
  return entry.mode === "100644" || entry.mode === "100755";
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function sameName(rename: Rename): number {
  return baseName(rename.from) === baseName(rename.to) ? 1 : 0;
}
