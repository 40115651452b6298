import { worthReading } from "../core/first-model.ts";
import { Forbidden, Gone } from "../shell/failures.ts";
import type { GitHubApp } from "../shell/github/app.ts";
import { reserveForPeople } from "../shell/github/budget.ts";
import { type FilesOfCommit, readRepositoryFiles } from "../shell/github/repository-files.ts";

/** The files of one commit of a repository, or why they were not read. */
export type ReadFiles = (
  place: { readonly owner: string; readonly name: string; readonly installation: number },
  commit: string,
) => Promise<FilesOfCommit | { readonly why: string }>;

/** Commits whose files are remembered: a report is often asked for in several forms, one after the other. */
const mostRemembered = 4;

/**
 * Reads manifests, lock files and what else names third-party components at a commit: some fifteen requests, and none while
 * the installation's hourly budget is short, which belongs to pull requests first.
 */
export function filesForEvidence(app: Pick<GitHubApp, "forReading" | "secondsUntil">): ReadFiles {
  const known = new Map<string, FilesOfCommit>();
  return async ({ owner, name, installation }, commit) => {
    const key = `${owner}/${name}@${commit}`;
    const before = known.get(key);
    if (before) return before;
    if (app.secondsUntil(installation, reserveForPeople) > 0)
      return { why: "GitHub's hourly limit is nearly used up, and what is left of it belongs to pull requests" };
    const client = app.forReading(installation, name);
    const found = await readRepositoryFiles(client, { owner, name }, commit, worthReading).catch((error: unknown) => {
      if (error instanceof Gone || error instanceof Forbidden) return { why: error.message };
      throw error;
    });
    if ("why" in found) return found;
    known.set(key, found);
    for (const oldest of known.keys()) {
      if (known.size <= mostRemembered) break;
      known.delete(oldest);
    }
    return found;
  };
}
