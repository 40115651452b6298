import { z } from "zod";
import type { Listing } from "../ports.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { asChangedFile, type RepositoryName } from "./files.ts";
import { listedFile } from "./shapes.ts";

/** GitHub lists at most 300 files of a comparison. https://docs.github.com/rest/commits/commits#compare-two-commits */
const mostComparedFiles = 300;

const comparison = z.object({
  merge_base_commit: z.object({ sha: z.string() }),
  files: z.array(listedFile).nullish(),
});

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
  const call: Call = { what: "compare the head with the default branch", needs: "Contents: read", kind: "read" };
  // The files are on the first page of commits, whatever its length.
  const parameters = { owner, repo: name, basehead: `${base}...${head}`, per_page: 1, page: 1 };
  const answer = await client.rest("GET /repos/{owner}/{repo}/compare/{basehead}", parameters, call);
  const files = (read(comparison, answer.data, call.what).files ?? []).map(asChangedFile);
  return { files, total: files.length < mostComparedFiles ? files.length : files.length + 1, head };
}
