import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { NotInspected } from "../../core/domain/problem.ts";
import type { FileText } from "../../core/domain/snapshot.ts";
import { git, textsAt } from "./git.ts";

/** Texts of a repository's own files, as far as they were wanted, and what could not be read. */
export interface Tree {
  /** Every path, in the order of the alphabet. */
  readonly paths: readonly string[];
  readonly texts: readonly FileText[];
  readonly notRead: readonly NotInspected[];
}

/** How much of a repository is read at most: far above what teams write, far below what hurts. */
export const treeLimits = {
  /** Files whose text is read; what is wanted first comes first. */
  files: 20_000,
  fileBytes: 1024 * 1024,
  allBytes: 128 * 1024 * 1024,
} as const;

/** Texts asked of git at once. */
const batch = 500;

/**
 * Reads the files of a folder that git knows or would add, or those of a commit. Links are never followed, binary and oversized files
 * are left out, and whatever is left out is named.
 * @param wanted how telling a path is; 0 is not read, and where there are too many files the higher number goes first.
 */
export async function readTree(
  directory: string,
  revision: string | undefined,
  wanted: (path: string) => number,
): Promise<Tree> {
  const paths = await pathsOf(directory, revision);
  const asked = paths
    .map((path) => ({ path, worth: wanted(path) }))
    .filter(({ worth }) => worth > 0)
    .sort((a, b) => b.worth - a.worth || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
  const notRead: NotInspected[] = asked.slice(treeLimits.files).map((path) => ({
    path,
    reason: `more than ${treeLimits.files} files`,
  }));
  const texts: FileText[] = [];
  let bytes = 0;
  const chosen = asked.slice(0, treeLimits.files);
  for (let start = 0; start < chosen.length; start += batch) {
    const some = chosen.slice(start, start + batch);
    const found =
      revision === undefined
        ? await workingTexts(directory, some, notRead)
        : await textsAt(directory, revision, some, treeLimits.fileBytes);
    for (const path of some) {
      const text = found.get(path);
      if (text === undefined) {
        if (revision !== undefined) notRead.push({ path, reason: "binary, a link or too large" });
        continue;
      }
      bytes += text.length;
      if (bytes > treeLimits.allBytes) notRead.push({ path, reason: "more text than is read of one repository" });
      else texts.push({ path, text });
    }
  }
  return { paths, texts, notRead };
}

async function pathsOf(directory: string, revision: string | undefined): Promise<string[]> {
  const args =
    revision === undefined
      ? ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]
      : ["ls-tree", "-r", "-z", "--name-only", revision];
  const out = (await git(directory, args)).toString("utf8");
  return [...new Set(out.split("\0").filter((path) => path !== ""))].sort();
}

async function workingTexts(
  directory: string,
  paths: readonly string[],
  notRead: NotInspected[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const path of paths) {
    const full = join(directory, path);
    const stat = await lstat(full).catch(() => undefined);
    // A file that git still lists and that is gone from the folder is no part of what stands there.
    if (stat === undefined) continue;
    if (!stat.isFile()) {
      notRead.push({ path, reason: stat.isSymbolicLink() ? "a link, which is not followed" : "not a file" });
    } else if (stat.size > treeLimits.fileBytes) notRead.push({ path, reason: "too large" });
    else {
      const content = await readFile(full);
      if (content.includes(0)) notRead.push({ path, reason: "binary" });
      else texts.set(path, content.toString("utf8"));
    }
  }
  return texts;
}
