import { accountByLogin, isPullRequest } from "../lookups.ts";
import type { Account, Issue, PullRequest, World } from "../world.ts";

/** Adds an account; `User` and `Bot` ones may act at once. */
export function addAccount(
  world: World,
  type: Account["type"],
  words: { readonly login: string; readonly id?: number; readonly name?: string; readonly email?: string },
): Account {
  if (accountByLogin(world, words.login) !== undefined) throw new Error(`there is already an account ${words.login}`);
  const account: Account = {
    id: words.id ?? world.nextId(),
    login: words.login,
    type,
    name: words.name ?? words.login,
    email: words.email ?? "",
    createdAt: world.clock.tick(),
  };
  world.accounts.set(account.id, account);
  return account;
}

/** An account goes away: what it wrote stays, by nobody. */
export function deleteAccount(world: World, account: Account): void {
  world.accounts.delete(account.id);
  for (const organization of world.organizations.values()) {
    organization.members.delete(account.id);
    for (const team of organization.teams) team.members.delete(account.id);
  }
  for (const repository of world.repositories.values()) {
    repository.collaborators.delete(account.id);
    for (const issue of repository.issues.values()) forget(issue, account);
  }
}

function forget(issue: Issue | PullRequest, account: Account): void {
  const written = isPullRequest(issue) ? [...issue.reviews, ...issue.threads.flatMap((thread) => thread.comments)] : [];
  for (const one of [issue, ...issue.comments, ...written]) {
    if (one.author === account) one.author = null;
  }
}
