import type { NotInspected } from "../../core/domain/problem.ts";
import type { FileText } from "../../core/domain/snapshot.ts";
import { limits } from "../../core/text/limits.ts";
import { TryAgainLater } from "../failures.ts";
import { type GitHubClient, read } from "./client.ts";
import { type FileLook, lookAtEntry, type RepositoryName, readBlob } from "./files.ts";
import { isTooMuch } from "./first-look.ts";
import { refusalIn } from "./partial.ts";
import { aliases, filesQuery } from "./query.ts";
import { fileShape, filesShape, folderShape } from "./shapes.ts";

/** Files looked at in one query, each of which may bring half a megabyte; more are asked for in further ones. */
export const pathsAtOnce = 60;

/** Texts found, and the paths that could not be read with the reason. A path that is in neither is not there. */
export interface Texts {
  readonly texts: readonly FileText[];
  readonly notRead: readonly NotInspected[];
  /** Paths below the folders that were listed. */
  readonly paths: readonly string[];
}

export const noTexts: Texts = { texts: [], notRead: [], paths: [] };

/** Reads the answers to files and folders that were asked for by alias, fetching what GraphQL did not give whole. */
export async function textsIn(
  client: GitHubClient,
  repository: RepositoryName,
  answers: Readonly<Record<string, unknown>>,
  asked: { readonly paths: readonly string[]; readonly folders: readonly string[] },
): Promise<Texts> {
  const texts: FileText[] = [];
  const notRead: NotInspected[] = [];
  for (const [index, alias] of aliases("f", asked.paths.length).entries()) {
    const path = asked.paths[index] ?? "";
    const entry = read(fileShape.nullish(), answers[alias], "read files of the head commit");
    const first = lookAtEntry(entry, limits.changedFileBytes, path);
    const look: FileLook =
      first.found === "elsewhere"
        ? await readBlob(client, repository, first.blob, limits.changedFileBytes, path)
        : first;
    if (look.found === "text") texts.push({ path, text: look.text });
    if (look.found === "refused") notRead.push({ path, reason: look.why });
  }
  const paths = aliases("d", asked.folders.length).flatMap((alias, index) => {
    const folder = read(folderShape.nullish(), answers[alias], "list folders of the head commit");
    return filesIn(folder?.object?.entries ?? [], asked.folders[index]);
  });
  return { texts, notRead, paths };
}

/** The paths of the files in a listed folder; the root has no name. */
export function filesIn(
  entries: readonly { readonly name: string; readonly type: string }[],
  folder?: string,
): string[] {
  const files = entries.filter((entry) => entry.type === "blob");
  return files.map((entry) => (folder === undefined ? entry.name : `${folder}/${entry.name}`));
}

/** Reads files at any commit, in as few queries as the number of paths allows. */
export async function readTexts(
  client: GitHubClient,
  repository: RepositoryName,
  commit: string,
  paths: readonly string[],
): Promise<Texts> {
  let all: Texts = noTexts;
  for (let from = 0; from < paths.length; from += pathsAtOnce) {
    all = joined(all, await readSome(client, repository, commit, paths.slice(from, from + pathsAtOnce)));
  }
  return all;
}

/** Reads files in one query; where GitHub cannot answer it in its time, in two of half the size. */
async function readSome(
  client: GitHubClient,
  repository: RepositoryName,
  commit: string,
  paths: readonly string[],
): Promise<Texts> {
  try {
    return await readTogether(client, repository, commit, paths);
  } catch (error) {
    if (!isTooMuch(error) || paths.length <= fewPaths) throw error;
    const half = Math.ceil(paths.length / 2);
    const first = await readSome(client, repository, commit, paths.slice(0, half));
    return joined(first, await readSome(client, repository, commit, paths.slice(half)));
  }
}

/** A query of so few files is not refused for its size. */
const fewPaths = 10;

async function readTogether(
  client: GitHubClient,
  repository: RepositoryName,
  commit: string,
  paths: readonly string[],
): Promise<Texts> {
  const asked = { paths, folders: [], teams: [] };
  const { document, variables } = filesQuery(repository, commit, asked);
  const call = { what: "read files of the repository", needs: "Contents: read", kind: "read" } as const;
  const answer = await client.graphql(document, variables, call);
  const refusal = refusalIn(answer.errors, ["repository"]);
  if (refusal) throw refusal.asFailure(call.what, call.needs);
  const { object } = read(filesShape, answer.data, call.what).repository;
  if (object?.oid !== commit) throw new TryAgainLater(`GitHub does not show commit ${commit} yet.`);
  return textsIn(client, repository, object, asked);
}

export function joined(one: Texts, other: Texts): Texts {
  return {
    texts: [...one.texts, ...other.texts],
    notRead: [...one.notRead, ...other.notRead],
    paths: [...one.paths, ...other.paths],
  };
}
