import type { Commit } from "../git/objects.ts";
import { isPullRequest } from "../lookups.ts";
import type { Repository } from "../world.ts";

/**
 * The commit that a name stands for in a repository: a branch, `refs/heads/…`, `HEAD`, `refs/pull/N/head`, a commit id
 * or an unambiguous beginning of one. Commits of forks are found too: they share the store, as on GitHub.
 */
export function resolve(repository: Repository, name: string): string | undefined {
  if (name === "HEAD") return repository.branches.get(repository.defaultBranch);
  const branch = repository.branches.get(name.replace(/^(refs\/)?heads\//, "")) ?? repository.branches.get(name);
  if (branch !== undefined) return branch;
  const pull = /^(?:refs\/)?pull\/(\d+)\/head$/.exec(name);
  const issue = pull === null ? undefined : repository.issues.get(Number(pull[1]));
  if (issue !== undefined && isPullRequest(issue)) return issue.head.sha;
  const { commits, trees } = repository.store;
  if (commits.has(name) || trees.has(name)) return name;
  if (!/^[0-9a-f]{7,39}$/.test(name)) return undefined;
  const matches = [...commits.keys()].filter((oid) => oid.startsWith(name));
  return matches.length === 1 ? matches[0] : undefined;
}

export function resolveCommit(repository: Repository, name: string): Commit | undefined {
  const oid = resolve(repository, name);
  return oid === undefined ? undefined : repository.store.commits.get(oid);
}
