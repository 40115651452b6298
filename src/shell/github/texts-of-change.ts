import type { Needs } from "../../core/domain/needs.ts";
import { type ChangedFile, isRenameAlone } from "../../core/domain/snapshot.ts";
import type { GitHubClient } from "./client.ts";
import { mergeBase, type RepositoryName } from "./files.ts";
import { withFormerIds } from "./renames.ts";
import { joined, noTexts, readTexts, type Texts } from "./texts.ts";

/** The changed files whose text is wanted and the places to look at; what the head no longer has is not asked for. */
export function pathsToRead(files: readonly ChangedFile[], needs: Needs): string[] {
  const removed = new Set(files.filter((file) => file.status === "removed").map((file) => file.filename));
  return [...new Set([...needs.look, ...needs.texts])].filter((path) => !removed.has(path));
}

/** A difference between two commits as GitHub lists it. */
export interface ListedChange {
  readonly base: string;
  readonly head: string;
  readonly files: readonly ChangedFile[];
}

/** The files and texts of a change once it is known which of its renames are nothing else. */
export interface TextsOfChange {
  readonly files: readonly ChangedFile[];
  /** Changed files whose text is wanted: those renamed ones as well whose content is another, or may be. */
  readonly wanted: readonly string[];
  readonly head: Texts;
  readonly base: Texts;
}

/** Renamed files whose texts are read; of what is left over it is said that nothing shows how it changed. */
const mostAltered = 300;

/** Reads on from what is known of the head: what files were before where GitHub shows no line of it, and what became of renamed ones. */
export async function textsOfChange(
  client: GitHubClient,
  place: RepositoryName,
  change: ListedChange,
  needs: Needs,
  known: Texts,
): Promise<TextsOfChange> {
  let asked: Promise<string> | undefined;
  const parting = (): Promise<string> => {
    asked ??= mergeBase(client, place, change.base, change.head);
    return asked;
  };
  const renamed = needs.renamed ?? [];
  const files = await withFormerIds(client, place, parting, change.files, [...renamed, ...needs.look]);
  const alone = new Set(files.filter(isRenameAlone).map((file) => file.filename));
  const altered = renamed.filter((path) => !alone.has(path)).slice(0, mostAltered);
  const wanted = [...new Set([...needs.texts, ...altered])];
  const read = new Set([...needs.texts, ...needs.look]);
  const more = altered.filter((path) => !read.has(path));
  const head = joined(known, await readTexts(client, place, change.head, more));
  const base = await baseTexts(client, place, parting, files, [...wanted, ...needs.look]);
  return { files, wanted, head, base };
}

/**
 * Texts before the change, for files whose patch GitHub leaves out because it is very long (lock files): with a patch
 * they are derived from the text after it.
 * @param parting the commit where the branches part, which patches start from
 */
async function baseTexts(
  client: GitHubClient,
  place: RepositoryName,
  parting: () => Promise<string>,
  files: readonly ChangedFile[],
  wanted: readonly string[],
): Promise<Texts> {
  const names = new Set(wanted);
  const blind = files.filter((file) => names.has(file.filename) && hasUnshownChange(file));
  if (blind.length === 0) return noTexts;
  return readTexts(
    client,
    place,
    await parting(),
    blind.map((file) => file.previous_filename ?? file.filename),
  );
}

/**
 * A file that was there before and whose difference GitHub does not show. No lines are counted where an attribute or a NUL
 * makes git take it for binary, so a rename is taken for nothing but that only by its ids.
 */
function hasUnshownChange(file: ChangedFile): boolean {
  return file.patch === undefined && file.status !== "added" && !isRenameAlone(file);
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
