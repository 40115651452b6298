import type { NotInspected } from "../../core/domain/problem.ts";
import type { FileText } from "../../core/domain/snapshot.ts";
import type { GitHubClient } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { pathsAtOnce, readTexts } from "./texts.ts";
import { readTree } from "./tree.ts";

/** How much is read of one repository: what describes infrastructure goes first, and the rest is named as not read. */
export const readingLimits = { files: pathsAtOnce * 10, allBytes: 16 * 1024 * 1024 } as const;

/** The files of a commit: every path, the texts that were read, and what was not. */
export interface FilesOfCommit {
  readonly paths: readonly string[];
  readonly texts: readonly FileText[];
  /** What of it could not be read, and why. */
  readonly notRead: readonly NotInspected[];
}

/**
 * The files of a commit, the most telling ones first, within bounds; or why it cannot be known what it holds.
 * @param worth how telling a path is; 0 is not read.
 */
export async function readRepositoryFiles(
  client: GitHubClient,
  place: RepositoryName,
  commit: string,
  worth: (path: string) => number,
): Promise<FilesOfCommit | { readonly why: string }> {
  const { headPaths, headPathsComplete } = await readTree(client, place, commit);
  if (headPathsComplete !== true) return { why: "GitHub lists only a part of so large a repository" };
  const wanted = headPaths
    .map((path) => ({ path, worth: worth(path) }))
    .filter((one) => one.worth > 0)
    .sort((a, b) => b.worth - a.worth || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
  const notRead: NotInspected[] = [];
  const texts: FileText[] = [];
  let bytes = 0;
  for (let from = 0; from < wanted.length; from += pathsAtOnce) {
    const some = wanted.slice(from, from + pathsAtOnce);
    const why =
      from >= readingLimits.files
        ? `more than ${readingLimits.files} files`
        : bytes >= readingLimits.allBytes
          ? "more text than is read of one repository"
          : undefined;
    if (why !== undefined) {
      notRead.push(...some.map((path) => ({ path, reason: why })));
      continue;
    }
    const found = await readTexts(client, place, commit, some);
    texts.push(...found.texts);
    notRead.push(...found.notRead);
    for (const { text } of found.texts) bytes += text.length;
  }
  return { paths: headPaths, texts, notRead };
}
