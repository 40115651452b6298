import { z } from "zod";
import type { SinceApproval } from "../../core/domain/snapshot.ts";
import type { Listing } from "../ports.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { asChangedFile, type RepositoryName } from "./files.ts";
import { listedFile } from "./shapes.ts";

/** GitHub lists at most 300 files of a comparison. https://docs.github.com/rest/commits/commits#compare-two-commits */
const mostComparedFiles = 300;

const route = "GET /repos/{owner}/{repo}/compare/{basehead}";
/** The files are on the first page of commits, whatever its length. */
const firstPage = { per_page: 1, page: 1 };
const comparing: Call = { what: "compare the head with the default branch", needs: "Contents: read", kind: "read" };

const comparison = z.object({
  merge_base_commit: z.object({ sha: z.string() }),
  status: z.string(),
  files: z.array(listedFile).nullish(),
});

const unknownCommit = [404, 422];

/**
 * What was pushed since a commit: the files between it and the head. `unknown` where the history was rewritten, so that
 * the one does not lead to the other, where GitHub no longer knows the commit, or where its list is full.
 */
export async function filesSince(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  commit: string,
  head: string,
): Promise<SinceApproval> {
  const call: Call = { ...comparing, what: "read what was pushed since an approval", accepts: unknownCommit };
  const answer = await client.rest(route, { owner, repo: name, basehead: `${commit}...${head}`, ...firstPage }, call);
  if (answer.status !== 200) return { commit, files: "unknown" };
  const { status, files } = read(comparison, answer.data, call.what);
  const isWhole = status === "ahead" && (files ?? []).length < mostComparedFiles;
  return { commit, files: isWhole ? (files ?? []).map(asChangedFile) : "unknown" };
}

/**
 * What `head` would bring to `base`: the changed files since the two parted. Where GitHub's list is full there may be
 * more, which `total` then says as one more than was listed: a list that was cut is never taken for a whole one (H078).
 */
export async function compareFiles(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  base: string,
  head: string,
): Promise<Listing> {
  const parameters = { owner, repo: name, basehead: `${base}...${head}`, ...firstPage };
  const answer = await client.rest(route, parameters, comparing);
  const files = (read(comparison, answer.data, comparing.what).files ?? []).map(asChangedFile);
  return { files, total: files.length < mostComparedFiles ? files.length : files.length + 1, head };
}
