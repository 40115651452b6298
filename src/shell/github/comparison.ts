import { z } from "zod";
import type { SinceApproval } from "../../core/domain/snapshot.ts";
import type { Listing } from "../ports.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { asChangedFile, type RepositoryName } from "./files.ts";
import { refusalIn } from "./partial.ts";
import { commitsQuery } from "./people-query.ts";
import { aliases } from "./query.ts";
import { withFormerIds } from "./renames.ts";
import { type Contributors, contributorsIn } from "./reviews.ts";
import { type CommitAnswer, commitShape, listedFile } from "./shapes.ts";

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
  if (status !== "ahead" || (files ?? []).length >= mostComparedFiles) return { commit, files: "unknown" };
  const listed = (files ?? []).map(asChangedFile);
  const names = listed.map(({ filename }) => filename);
  return { commit, files: await withFormerIds(client, { owner, name }, async () => commit, listed, names) };
}

/** Pages of a hundred commits of a comparison that are read at most, and commits whose people are asked for at once. */
const [mostPages, atOnce] = [10, 100];

const comparedCommits = z.object({ total_commits: z.number(), commits: z.array(z.object({ sha: z.string() })) });

/** The people behind all commits that `head` would bring to `base`. */
export async function contributorsBetween(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  base: string,
  head: string,
): Promise<Contributors> {
  const call: Call = { ...comparing, what: "read who wrote what the head would bring to the default branch" };
  const ids: string[] = [];
  let total = 0;
  for (let page = 1; page <= mostPages; page++) {
    const parameters = { owner, repo: name, basehead: `${base}...${head}`, per_page: 100, page };
    const { commits, total_commits } = read(
      comparedCommits,
      (await client.rest(route, parameters, call)).data,
      call.what,
    );
    total = total_commits;
    ids.push(...commits.map(({ sha }) => sha));
    if (commits.length === 0 || ids.length >= total) break;
  }
  const found: CommitAnswer[] = [];
  for (let start = 0; start < ids.length; start += atOnce) {
    const some = ids.slice(start, start + atOnce);
    const { document, variables } = commitsQuery({ owner, name }, some);
    const { data, errors } = await client.graphql(document, variables, call);
    const refusal = refusalIn(errors, ["repository"]);
    if (refusal) throw refusal.asFailure(call.what, call.needs);
    const answer = read(z.record(z.string(), z.unknown()), data["repository"], call.what);
    for (const alias of aliases("c", some.length)) found.push(read(commitShape, answer[alias], call.what));
  }
  return contributorsIn(found, found.length >= total);
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
