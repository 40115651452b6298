import { z } from "zod";
import type { ChangedFile } from "../../core/domain/snapshot.ts";
import { showBytes } from "../../core/text/limits.ts";
import { drawingInPng, mayHoldDrawing } from "../../core/text/png-drawing.ts";
import { TryAgainLater } from "../failures.ts";
import type { Listing } from "../ports.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { type FileEntry, type ListedFile, listedFile } from "./shapes.ts";

/** A repository by its names. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

const perPage = 100;

/** GitHub lists at most 3,000 files of a pull request. https://docs.github.com/rest/pulls/pulls#list-pull-requests-files */
export const mostListedFiles = 3000;

/** How often an answer that contradicts itself is read again, and how long to wait before each, in milliseconds. */
export const rereadAfter: readonly number[] = [500, 1000, 2000];

/**
 * The changed files of a pull request with their patches, and the head commit that the list is of where its addresses
 * tell. A list whose pages are of two commits is read again, never mixed.
 */
export async function listFiles(client: GitHubClient, repository: RepositoryName, number: number): Promise<Listing> {
  for (const pause of [...rereadAfter, undefined]) {
    const listed = await readPages(client, repository, number);
    const heads = new Set(listed.map(headIn).filter((head) => head !== undefined));
    if (heads.size <= 1) {
      const [head] = heads;
      const files = listed.map(asChangedFile);
      return { files, total: files.length, ...(head === undefined ? {} : { head }) };
    }
    if (pause !== undefined) await client.wait(pause);
  }
  throw new TryAgainLater("The pull request was pushed to while its files were listed.");
}

async function readPages(client: GitHubClient, repository: RepositoryName, number: number): Promise<ListedFile[]> {
  const byName = new Map<string, ListedFile>();
  // Pages are counted, not followed by links: a ring of links cannot hold us (H084).
  for (let page = 1; page <= mostListedFiles / perPage; page++) {
    const files = await readPage(client, repository, number, page);
    for (const file of files) byName.set(file.filename, file);
    if (files.length < perPage) break;
  }
  return [...byName.values()];
}

async function readPage(
  client: GitHubClient,
  repository: RepositoryName,
  number: number,
  page: number,
): Promise<ListedFile[]> {
  const call: Call = { what: "list the files of the pull request", needs: "Pull requests: read", kind: "read" };
  const parameters = { owner: repository.owner, repo: repository.name, pull_number: number, per_page: perPage, page };
  const answer = await client.rest("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", parameters, call);
  return read(z.array(listedFile), answer.data, call.what);
}

/** The commit that GitHub lists the files of right now, from the first of them alone. */
export async function listedHead(
  client: GitHubClient,
  repository: RepositoryName,
  number: number,
): Promise<string | undefined> {
  const listed = await readPage(client, repository, number, 1);
  return listed.map(headIn).find((head) => head !== undefined);
}

/** The commit in the address of a file's contents; a removed file is addressed at a commit where it still was. */
function headIn(file: ListedFile): string | undefined {
  if (file.status === "removed") return undefined;
  return /[?&]ref=([0-9a-f]{40}|[0-9a-f]{64})(&|$)/.exec(file.contents_url ?? "")?.[1];
}

/** What is kept of an entry of a list of files. */
export function asChangedFile(file: ListedFile): ChangedFile {
  const { filename, status, additions, deletions, changes, previous_filename, patch, sha } = file;
  const isWithoutLines = (status === "renamed" || status === "added") && changes === 0 && patch === undefined;
  return {
    filename,
    status,
    additions,
    deletions,
    changes,
    ...(previous_filename === undefined ? {} : { previous_filename }),
    ...(patch === undefined ? {} : { patch }),
    ...(isWithoutLines && sha ? { sha } : {}),
  };
}

/** What looking at one path at one commit gave. `elsewhere` must be read by its blob. */
export type FileLook =
  | { readonly found: "text"; readonly text: string }
  | { readonly found: "nothing" }
  | { readonly found: "refused"; readonly why: string }
  | { readonly found: "elsewhere"; readonly blob: string };

const symbolicLink = 0o120000;

/** Judges one entry of a tree. Links, submodules and folders are refused by name and never followed (H067). */
export function lookAtEntry(entry: FileEntry | null | undefined, mostBytes: number, path = ""): FileLook {
  if (!entry) return { found: "nothing" };
  if (entry.mode === symbolicLink) return { found: "refused", why: "a symbolic link: it is not followed" };
  if (entry.type === "commit") return { found: "refused", why: "a submodule: it is not followed" };
  if (entry.type === "tree") return { found: "refused", why: "a folder, where a file was expected" };
  const blob = entry.object;
  if (!blob?.oid) return { found: "refused", why: "GitHub did not show its content" };
  const size = blob.byteSize ?? 0;
  if (size > mostBytes) return { found: "refused", why: tooLarge(size, mostBytes) };
  if (blob.isTruncated || mayHoldDrawing(path)) return { found: "elsewhere", blob: blob.oid };
  if (blob.isBinary || typeof blob.text !== "string") return { found: "refused", why: "a binary file" };
  // GitHub puts U+FFFD where bytes are not UTF-8; only the bytes can tell whether the file itself holds that character.
  if (blob.text.includes("\uFFFD")) return { found: "elsewhere", blob: blob.oid };
  return { found: "text", text: blob.text };
}

const blobShape = z.object({ encoding: z.literal("base64"), size: z.number(), content: z.string() });

/** Reads one blob whole, for texts that GraphQL cuts (above 512 KB) and pictures that may hold their drawing. https://docs.github.com/rest/git/blobs#get-a-blob */
export async function readBlob(
  client: GitHubClient,
  repository: RepositoryName,
  blob: string,
  mostBytes: number,
  path = "",
): Promise<FileLook> {
  const call: Call = { what: "read a file", needs: "Contents: read", kind: "read", accepts: [403, 404, 422] };
  const parameters = { owner: repository.owner, repo: repository.name, file_sha: blob };
  const answer = await client.rest("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", parameters, call);
  if (answer.status !== 200) return { found: "refused", why: `GitHub did not give its content (${answer.status})` };
  const { content, size } = read(blobShape, answer.data, call.what);
  if (size > mostBytes) return { found: "refused", why: tooLarge(size, mostBytes) };
  const bytes = Buffer.from(content, "base64");
  if (bytes.length !== size) throw new TryAgainLater("GitHub's answer when asked to read a file was not whole.");
  if (mayHoldDrawing(path)) {
    const text = drawingInPng(bytes);
    return text === undefined ? { found: "refused", why: "a picture without its drawing" } : { found: "text", text };
  }
  if (bytes.includes(0)) return { found: "refused", why: "a binary file" };
  try {
    return { found: "text", text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { found: "refused", why: "not UTF-8 text" };
  }
}

function tooLarge(size: number, mostBytes: number): string {
  return `${showBytes(size)}, above the limit of ${showBytes(mostBytes)}`;
}

const comparison = z.object({ merge_base_commit: z.object({ sha: z.string() }) });

/** The commit that the patches of a pull request start from. https://docs.github.com/rest/commits/commits#compare-two-commits */
export async function mergeBase(
  client: GitHubClient,
  repository: RepositoryName,
  base: string,
  head: string,
): Promise<string> {
  const call: Call = { what: "find where the branches part", needs: "Contents: read", kind: "read" };
  const parameters = { owner: repository.owner, repo: repository.name, basehead: `${base}...${head}`, per_page: 1 };
  const answer = await client.rest("GET /repos/{owner}/{repo}/compare/{basehead}", parameters, call);
  return read(comparison, answer.data, call.what).merge_base_commit.sha;
}
