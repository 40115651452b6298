import type { Account, Organization, Permission, Repository, Team, World } from "./world.ts";

const ranks: readonly Permission[] = ["none", "read", "triage", "write", "maintain", "admin"];

export function atLeast(permission: Permission, wanted: Permission): boolean {
  return ranks.indexOf(permission) >= ranks.indexOf(wanted);
}

/** What an account may do in a repository: the strongest of ownership, organisation, teams, invitation, publicity. */
export function permissionOf(world: World, account: Account, repository: Repository): Permission {
  const grants: Permission[] = [repository.private ? "none" : "read"];
  if (repository.owner.id === account.id) grants.push("admin");
  const own = repository.collaborators.get(account.id);
  if (own !== undefined) grants.push(own);
  const organization = world.organizations.get(repository.owner.id);
  if (organization !== undefined) {
    const role = organization.members.get(account.id);
    if (role === "admin") grants.push("admin");
    if (role === "member") grants.push(organization.basePermission);
    for (const team of organization.teams) {
      const granted = repository.teams.get(team.id);
      if (granted !== undefined && isActiveMember(organization, team, account)) grants.push(granted);
    }
  }
  return grants.reduce((strongest, grant) => (atLeast(grant, strongest) ? grant : strongest), "none");
}

/** Whether the account is an active member of the team or of a team below it. */
export function isActiveMember(organization: Organization, team: Team, account: Account): boolean {
  return teamsWithin(organization, team).some((one) => one.members.get(account.id)?.state === "active");
}

/** A team and all teams below it. */
export function teamsWithin(organization: Organization, team: Team): Team[] {
  const below = organization.teams.filter((other) => other.parent?.id === team.id);
  return [team, ...below.flatMap((child) => teamsWithin(organization, child))];
}

/** How an account is associated with a repository, as GitHub says beside a comment. It is no permission. */
export function associationOf(world: World, account: Account | null, repository: Repository): string {
  if (account === null) return "NONE";
  if (repository.owner.id === account.id) return "OWNER";
  if (world.organizations.get(repository.owner.id)?.members.has(account.id)) return "MEMBER";
  if (repository.collaborators.has(account.id)) return "COLLABORATOR";
  return account.type === "User" ? "CONTRIBUTOR" : "NONE";
}

/** The account that an e-mail address in a commit belongs to, if GitHub knows one. */
export function accountByEmail(world: World, email: string): Account | null {
  const wanted = email.toLowerCase();
  const privateAddress = /^(?:(\d+)\+)?([^@]+)@users\.noreply\.github\.com$/.exec(wanted);
  for (const account of world.accounts.values()) {
    if (account.email !== "" && account.email.toLowerCase() === wanted) return account;
    if (privateAddress === null) continue;
    if (
      privateAddress[1] !== undefined
        ? Number(privateAddress[1]) === account.id
        : account.login.toLowerCase() === privateAddress[2]
    ) {
      return account;
    }
  }
  return null;
}

/** The address that GitHub gives to a commit made in its pages. */
export function privateEmail(account: Account): string {
  return account.email === "" ? `${account.id}+${account.login}@users.noreply.github.com` : account.email;
}
