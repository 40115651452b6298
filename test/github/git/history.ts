import type { Commit, ObjectStore } from "./objects.ts";

/** A commit and all that it descends from. */
export function ancestors(store: ObjectStore, oid: string): Set<string> {
  const seen = new Set<string>();
  const queue = [oid];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...(store.commits.get(next)?.parents ?? []));
  }
  return seen;
}

/** The best common ancestor of two commits: the one that no other common ancestor descends from. */
export function mergeBase(store: ObjectStore, left: string, right: string): string | undefined {
  const leftSide = ancestors(store, left);
  const common = [...ancestors(store, right)].filter((oid) => leftSide.has(oid));
  const reachable = new Set<string>();
  for (const oid of common) {
    for (const parent of store.commits.get(oid)?.parents ?? []) {
      for (const older of ancestors(store, parent)) reachable.add(older);
    }
  }
  return common.find((oid) => !reachable.has(oid));
}

/** The commits of `head` that `base` does not have, oldest first: `git log --reverse --topo-order base..head`. */
export function commitsBetween(store: ObjectStore, base: string, head: string): Commit[] {
  const known = ancestors(store, base);
  const ordered: Commit[] = [];
  const seen = new Set<string>();
  const stack: { readonly oid: string; parentsDone: boolean }[] = [{ oid: head, parentsDone: false }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (top === undefined) break;
    const commit = store.commits.get(top.oid);
    if (commit === undefined || known.has(top.oid) || (seen.has(top.oid) && !top.parentsDone)) {
      stack.pop();
      continue;
    }
    if (top.parentsDone) {
      ordered.push(commit);
      stack.pop();
      continue;
    }
    seen.add(top.oid);
    top.parentsDone = true;
    for (const parent of [...commit.parents].reverse()) stack.push({ oid: parent, parentsDone: false });
  }
  return ordered;
}

/**
 * The commits that changed a path, newest first, simplified as `git log -- path` does it: a merge that is the same as
 * one of its parents at that path is passed over, and only that parent is followed.
 */
export function historyOf(store: ObjectStore, head: string, path: string | undefined): Commit[] {
  const found: Commit[] = [];
  const seen = new Set<string>();
  const waiting = [store.commits.get(head)].filter((commit) => commit !== undefined);
  while (waiting.length > 0) {
    waiting.sort((left, right) => left.committer.date.localeCompare(right.committer.date));
    const commit = waiting.pop();
    if (commit === undefined || seen.has(commit.oid)) continue;
    seen.add(commit.oid);
    const parents = commit.parents.flatMap((oid) => store.commits.get(oid) ?? []);
    if (path === undefined) {
      found.push(commit);
      waiting.push(...parents);
      continue;
    }
    const here = store.entryAt(commit.oid, path);
    const same = parents.find((parent) => sameEntry(store.entryAt(parent.oid, path), here));
    if (same !== undefined) {
      waiting.push(same);
      continue;
    }
    if (here !== undefined || parents.length > 0) found.push(commit);
    waiting.push(...parents);
  }
  return found;
}

function sameEntry(left: { oid: string; mode: string } | undefined, right: { oid: string; mode: string } | undefined) {
  return left?.oid === right?.oid && left?.mode === right?.mode;
}
