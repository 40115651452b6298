import { fullName } from "../lookups.ts";
import { showAccount, showTeam } from "../show/accounts.ts";
import { nodeId } from "../show/node-id.ts";
import type { Account, Installation, Organization, Permissions, Repository, Team, World } from "../world.ts";

export function addToTeam(
  world: World,
  team: Team,
  member: Account,
  sender: Account,
  state: "active" | "pending" = "active",
): void {
  if (!team.organization.members.has(member.id)) team.organization.members.set(member.id, "member");
  team.members.set(member.id, { role: "member", state });
  world.clock.tick();
  if (state === "active") announceMembership(world, team, member, sender, "added");
}

export function removeFromTeam(world: World, team: Team, member: Account, sender: Account): void {
  if (!team.members.delete(member.id)) return;
  world.clock.tick();
  announceMembership(world, team, member, sender, "removed");
}

function announceMembership(world: World, team: Team, member: Account, sender: Account, action: string): void {
  world.announce({
    event: "membership",
    action,
    organization: team.organization,
    sender,
    payload: { scope: "team", member: showAccount(world, member), team: showTeam(world, team) },
  });
}

export function createTeam(
  world: World,
  organization: Organization,
  sender: Account,
  name: string,
  parent?: Team,
): Team {
  const team: Team = {
    id: world.nextId(),
    organization,
    slug: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
    name,
    privacy: "closed",
    parent,
    members: new Map(),
  };
  organization.teams.push(team);
  announceTeam(world, team, sender, "created");
  return team;
}

export function renameTeam(world: World, team: Team, sender: Account, name: string): void {
  const from = team.name;
  team.name = name;
  team.slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  announceTeam(world, team, sender, "edited", { changes: { name: { from } } });
}

export function deleteTeam(world: World, team: Team, sender: Account): void {
  team.organization.teams.splice(team.organization.teams.indexOf(team), 1);
  announceTeam(world, team, sender, "deleted");
}

function announceTeam(
  world: World,
  team: Team,
  sender: Account,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  world.clock.tick();
  const payload = { team: showTeam(world, team), ...more };
  world.announce({ event: "team", action, organization: team.organization, sender, payload });
}

/** The old name leads to the repository until another one takes it, as on GitHub. */
export function renameRepository(world: World, repository: Repository, sender: Account, name: string): void {
  const from = repository.name;
  world.formerNames.set(fullName(repository).toLowerCase(), repository.id);
  repository.name = name;
  announceRepository(world, repository, sender, "renamed", { changes: { repository: { name: { from } } } });
}

export function transferRepository(world: World, repository: Repository, sender: Account, to: Account): void {
  const from = showAccount(world, repository.owner);
  const kind = repository.owner.type === "Organization" ? "organization" : "user";
  world.formerNames.set(fullName(repository).toLowerCase(), repository.id);
  repository.owner = to;
  announceRepository(world, repository, sender, "transferred", { changes: { owner: { from: { [kind]: from } } } });
}

export function archiveRepository(world: World, repository: Repository, sender: Account): void {
  repository.archived = true;
  announceRepository(world, repository, sender, "archived");
}

export function deleteRepository(world: World, repository: Repository, sender: Account): void {
  announceRepository(world, repository, sender, "deleted");
  repository.deleted = true;
}

export function setDefaultBranch(world: World, repository: Repository, sender: Account, branch: string): void {
  const from = repository.defaultBranch;
  repository.defaultBranch = branch;
  announceRepository(world, repository, sender, "edited", { changes: { default_branch: { from } } });
}

function announceRepository(
  world: World,
  repository: Repository,
  sender: Account,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  world.clock.tick();
  world.announce({ event: "repository", action, repository, sender, payload: more });
}

export function suspendInstallation(
  world: World,
  installation: Installation,
  sender: Account,
  suspended: boolean,
): void {
  installation.suspended = suspended;
  announceInstallation(world, installation, sender, suspended ? "suspend" : "unsuspend");
}

export function deleteInstallation(world: World, installation: Installation, sender: Account): void {
  announceInstallation(world, installation, sender, "deleted");
  installation.deleted = true;
}

export function acceptPermissions(
  world: World,
  installation: Installation,
  sender: Account,
  permissions: Permissions,
): void {
  installation.permissions = permissions;
  announceInstallation(world, installation, sender, "new_permissions_accepted");
}

export function announceInstallation(world: World, installation: Installation, sender: Account, action: string): void {
  world.clock.tick();
  const payload = { repositories: repositoriesOf(world, installation).map(showMinimal), requester: null };
  world.announce({ event: "installation", action, sender, installation, payload });
}

/** Adds repositories to, or takes them from, what the installation may reach. */
export function selectRepositories(
  world: World,
  installation: Installation,
  sender: Account,
  change: { readonly added?: readonly Repository[]; readonly removed?: readonly Repository[] },
): void {
  installation.selection = "selected";
  for (const [action, repositories] of Object.entries(change)) {
    for (const repository of repositories) {
      if (action === "added") installation.repositories.add(repository.id);
      else installation.repositories.delete(repository.id);
    }
    world.clock.tick();
    world.announce({
      event: "installation_repositories",
      action,
      sender,
      installation,
      payload: {
        repository_selection: "selected",
        repositories_added: action === "added" ? repositories.map(showMinimal) : [],
        repositories_removed: action === "removed" ? repositories.map(showMinimal) : [],
        requester: null,
      },
    });
  }
}

export function repositoriesOf(world: World, installation: Installation): Repository[] {
  return [...world.repositories.values()].filter(
    (repository) =>
      !repository.deleted &&
      repository.owner.id === installation.account.id &&
      (installation.selection === "all" || installation.repositories.has(repository.id)),
  );
}

function showMinimal(repository: Repository) {
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
  };
}
