import { z } from "zod";
import type { ChangedFile } from "../../core/domain/snapshot.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { asChangedFile, type RepositoryName } from "./files.ts";
import type { HistoryCommit } from "./history-pages.ts";
import { listedFile } from "./shapes.ts";

/** GitHub gives 300 files with a commit or a comparison, and of a commit further pages up to 3,000. */
const filesAtOnce = 300;
const mostPages = 10;

const call: Call = { what: "read what a merge changed", needs: "Contents: read", kind: "read" };

/** What steps changed, by the newest commit of each: read once, however often the way back is gone. */
export type StepChanges = Map<string, readonly ChangedFile[]>;

/**
 * The files that a step changed on the default branch, with patches: its own difference to the commit before it, never
 * what the pull request said of itself, because a merge commit can hold more. One request, as a rule.
 */
export async function stepFiles(
  client: GitHubClient,
  repository: RepositoryName,
  step: StepCommits,
  changes: StepChanges,
): Promise<readonly ChangedFile[]> {
  const [newest] = step.commits;
  const known = changes.get(newest.oid);
  if (known) return known;
  const files = await readFiles(client, repository, step);
  changes.set(newest.oid, files);
  return files;
}

interface StepCommits {
  /** Newest first. */
  readonly commits: readonly [HistoryCommit, ...HistoryCommit[]];
  readonly before?: HistoryCommit;
}

async function readFiles(
  client: GitHubClient,
  repository: RepositoryName,
  step: StepCommits,
): Promise<readonly ChangedFile[]> {
  const [newest, ...older] = step.commits;
  if (older.length === 0) return filesOfCommit(client, repository, newest.oid);
  if (step.before) {
    const files = await filesBetween(client, repository, step.before.oid, newest.oid);
    if (files.length < filesAtOnce) return files;
  }
  // More than a comparison shows: each commit by itself, oldest first, so that the last word on a file is the latest.
  const byName = new Map<string, ChangedFile>();
  for (const commit of step.commits.toReversed()) {
    for (const file of await filesOfCommit(client, repository, commit.oid)) byName.set(file.filename, file);
  }
  return [...byName.values()];
}

const files = z.object({ files: z.array(listedFile).optional() });

/** https://docs.github.com/rest/commits/commits#get-a-commit: the difference to the first parent. */
async function filesOfCommit(client: GitHubClient, repository: RepositoryName, commit: string): Promise<ChangedFile[]> {
  const byName = new Map<string, ChangedFile>();
  for (let page = 1; page <= mostPages; page++) {
    const parameters = { owner: repository.owner, repo: repository.name, ref: commit, ...(page > 1 ? { page } : {}) };
    const answer = await client.rest("GET /repos/{owner}/{repo}/commits/{ref}", parameters, call);
    const listed = read(files, answer.data, call.what).files ?? [];
    const before = byName.size;
    for (const file of listed) byName.set(file.filename, asChangedFile(file));
    if (listed.length < filesAtOnce || byName.size === before) break;
  }
  return [...byName.values()];
}

/** https://docs.github.com/rest/commits/commits#compare-two-commits */
async function filesBetween(
  client: GitHubClient,
  repository: RepositoryName,
  base: string,
  head: string,
): Promise<ChangedFile[]> {
  const parameters = { owner: repository.owner, repo: repository.name, basehead: `${base}...${head}` };
  const answer = await client.rest("GET /repos/{owner}/{repo}/compare/{basehead}", parameters, call);
  return (read(files, answer.data, call.what).files ?? []).map(asChangedFile);
}
