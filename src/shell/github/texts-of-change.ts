import type { ChangedFile } from "../../core/domain/snapshot.ts";
import type { Needs } from "../ports.ts";
import type { GitHubClient } from "./client.ts";
import { mergeBase, type RepositoryName } from "./files.ts";
import { noTexts, readTexts, type Texts } from "./texts.ts";

/** The changed files whose text is wanted and the places to look at; what the head no longer has is not asked for. */
export function pathsToRead(files: readonly ChangedFile[], needs: Needs): string[] {
  const removed = new Set(files.filter((file) => file.status === "removed").map((file) => file.filename));
  return [...new Set([...needs.look, ...needs.texts])].filter((path) => !removed.has(path));
}

/**
 * Texts before the change, for files whose patch GitHub leaves out because it is very long (lock files): with a patch
 * they are derived from the text after it. Read at the commit where the branches part, which patches start from.
 */
export async function baseTexts(
  client: GitHubClient,
  place: RepositoryName,
  base: string,
  head: string,
  files: readonly ChangedFile[],
  wanted: readonly string[],
): Promise<Texts> {
  const names = new Set(wanted);
  const blind = files.filter((file) => names.has(file.filename) && hasUnshownChange(file));
  if (blind.length === 0) return noTexts;
  const commit = await mergeBase(client, place, base, head);
  return readTexts(
    client,
    place,
    commit,
    blind.map((file) => file.previous_filename ?? file.filename),
  );
}

/**
 * A file that was there before and whose difference GitHub does not show. No lines are counted where an attribute or a NUL
 * makes git take it for binary, so only a rename without lines is taken for nothing but that.
 */
function hasUnshownChange(file: ChangedFile): boolean {
  return file.patch === undefined && file.status !== "added" && (file.status !== "renamed" || file.changes > 0);
}

/** What these paths are called before the change, as far as it touches them. */
export function basePathsOf(files: readonly ChangedFile[], paths: readonly string[]): string[] {
  const names = new Set(paths);
  return files.filter((file) => names.has(file.filename)).map((file) => file.previous_filename ?? file.filename);
}

/** Files that are known, and those found that are wanted, one for each path. */
export function withMore<File extends { readonly path: string }>(
  known: readonly File[],
  found: readonly File[],
  wanted: readonly string[],
): File[] {
  const names = new Set(wanted);
  const byPath = new Map(known.map((file) => [file.path, file]));
  for (const file of found) if (names.has(file.path)) byPath.set(file.path, file);
  return [...byPath.values()];
}
