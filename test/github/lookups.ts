import type { Account, Installation, Issue, Organization, PullRequest, Repository, World } from "./world.ts";

export function isPullRequest(issue: Issue | PullRequest): issue is PullRequest {
  return "head" in issue;
}

export function accountByLogin(world: World, login: string): Account | undefined {
  const wanted = login.toLowerCase();
  return [...world.accounts.values()].find((account) => account.login.toLowerCase() === wanted);
}

export function organizationByLogin(world: World, login: string): Organization | undefined {
  const account = accountByLogin(world, login);
  return account === undefined ? undefined : world.organizations.get(account.id);
}

export function repositoryByName(world: World, owner: string, name: string): Repository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  return [...world.repositories.values()].find(
    (repository) => !repository.deleted && fullName(repository).toLowerCase() === wanted,
  );
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

export function pullRequestsOf(repository: Repository): PullRequest[] {
  return [...repository.issues.values()].filter(isPullRequest);
}

/** Whether an installation reaches a repository. */
export function reaches(installation: Installation, repository: Repository): boolean {
  if (installation.deleted || installation.account.id !== repository.owner.id || repository.deleted) return false;
  return installation.selection === "all" || installation.repositories.has(repository.id);
}

/** The head that the API shows: the last one, or an older one while a lag is set. */
export function visibleHead(world: World, pull: PullRequest): string {
  if (world.lag.milliseconds === 0) return pull.head.sha;
  const until = Date.now() - world.lag.milliseconds;
  const seen = pull.heads.filter((head) => head.at <= until);
  return (seen[seen.length - 1] ?? pull.heads[0])?.sha ?? pull.head.sha;
}
