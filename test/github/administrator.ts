import { addAccount, deleteAccount } from "./deeds/accounts.ts";
import { raiseCodeScanning, raiseDependabot, raiseSecretScanning } from "./deeds/alerts.ts";
import {
  acceptPermissions,
  addToTeam,
  announceInstallation,
  archiveRepository,
  createTeam,
  deleteInstallation,
  deleteRepository,
  deleteTeam,
  removeFromTeam,
  renameRepository,
  renameTeam,
  selectRepositories,
  setDefaultBranch,
  suspendInstallation,
  transferRepository,
} from "./deeds/organisation.ts";
import { accountNamed, repositoryNamed, teamNamed } from "./find.ts";
import { organizationByLogin } from "./lookups.ts";
import { addRepository, type RepositorySeed } from "./seed.ts";
import { addInstallation, type InstallationSeed } from "./seed-apps.ts";
import { showAccount } from "./show/accounts.ts";
import type {
  Account,
  CodeScanningAlert,
  DependabotAlert,
  Installation,
  Permission,
  Permissions,
  SecretScanningAlert,
  World,
} from "./world.ts";

/** What an owner of an organisation does. Each deed changes the world and tells the Apps. */
export class Administrator {
  readonly account: Account;
  readonly #world: World;

  constructor(world: World, account: Account) {
    this.#world = world;
    this.account = account;
  }

  /** `team` is `organization/slug`; a pending member was invited and has not accepted. */
  addToTeam(team: string, login: string, state: "active" | "pending" = "active"): void {
    addToTeam(this.#world, teamNamed(this.#world, team), accountNamed(this.#world, login), this.account, state);
  }

  removeFromTeam(team: string, login: string): void {
    removeFromTeam(this.#world, teamNamed(this.#world, team), accountNamed(this.#world, login), this.account);
  }

  /** `parent` is the slug of a team of the same organisation. */
  createTeam(organization: string, name: string, parent?: string): void {
    const found = organizationByLogin(this.#world, organization);
    if (found === undefined) throw new Error(`there is no organization ${organization}`);
    createTeam(
      this.#world,
      found,
      this.account,
      name,
      parent === undefined ? undefined : teamNamed(this.#world, `${organization}/${parent}`),
    );
  }

  renameTeam(team: string, name: string): void {
    renameTeam(this.#world, teamNamed(this.#world, team), this.account, name);
  }

  deleteTeam(team: string): void {
    deleteTeam(this.#world, teamNamed(this.#world, team), this.account);
  }

  createRepository(words: RepositorySeed): void {
    addRepository(this.#world, words);
  }

  renameRepository(name: string, to: string): void {
    renameRepository(this.#world, repositoryNamed(this.#world, name), this.account, to);
  }

  transferRepository(name: string, to: string): void {
    transferRepository(this.#world, repositoryNamed(this.#world, name), this.account, accountNamed(this.#world, to));
  }

  archiveRepository(name: string): void {
    archiveRepository(this.#world, repositoryNamed(this.#world, name), this.account);
  }

  deleteRepository(name: string): void {
    deleteRepository(this.#world, repositoryNamed(this.#world, name), this.account);
  }

  setDefaultBranch(name: string, branch: string): void {
    setDefaultBranch(this.#world, repositoryNamed(this.#world, name), this.account, branch);
  }

  disableIssues(name: string): void {
    repositoryNamed(this.#world, name).hasIssues = false;
  }

  /** A scanner reports on the default branch of a repository. */
  raiseAlert(
    name: string,
    kind:
      | { readonly codeScanning: CodeScanningAlert }
      | { readonly dependabot: DependabotAlert }
      | { readonly secretScanning: SecretScanningAlert },
  ): void {
    const repository = repositoryNamed(this.#world, name);
    if ("codeScanning" in kind) raiseCodeScanning(this.#world, repository, this.account, kind.codeScanning);
    else if ("dependabot" in kind) raiseDependabot(this.#world, repository, this.account, kind.dependabot);
    else raiseSecretScanning(this.#world, repository, this.account, kind.secretScanning);
  }

  /** Gives a person a role in a repository, or takes it (`none`). */
  setCollaborator(name: string, login: string, permission: Permission): void {
    const { collaborators } = repositoryNamed(this.#world, name);
    if (permission === "none") collaborators.delete(accountNamed(this.#world, login).id);
    else collaborators.set(accountNamed(this.#world, login).id, permission);
  }

  /** Somebody joins GitHub. */
  createAccount(login: string): void {
    addAccount(this.#world, "User", { login });
  }

  /** Somebody leaves GitHub: what they wrote stays, by nobody (H092). */
  deleteAccount(login: string): void {
    deleteAccount(this.#world, accountNamed(this.#world, login));
  }

  /** Somebody takes another name; the old one is free for a stranger (H031). */
  renameAccount(login: string, to: string): void {
    const account = accountNamed(this.#world, login);
    account.login = to;
    const changes = { login: { from: login } };
    for (const installation of this.#world.installations.filter((one) => one.account === account)) {
      const payload = { account: showAccount(this.#world, account), changes, target_type: account.type };
      const sender = this.account;
      this.#world.announce({ event: "installation_target", action: "renamed", installation, sender, payload });
    }
    const organization = this.#world.organizations.get(account.id);
    if (!organization) return;
    const payload = { changes };
    this.#world.announce({ event: "organization", action: "renamed", organization, sender: this.account, payload });
  }

  install(app: string, words: InstallationSeed): number {
    const found = this.#world.apps.find((one) => one.slug === app);
    if (found === undefined) throw new Error(`there is no App ${app}`);
    const installation = addInstallation(this.#world, found, words);
    announceInstallation(this.#world, installation, this.account, "created");
    return installation.id;
  }

  uninstall(installation: number): void {
    deleteInstallation(this.#world, this.#installation(installation), this.account);
  }

  suspend(installation: number, suspended = true): void {
    suspendInstallation(this.#world, this.#installation(installation), this.account, suspended);
  }

  /** Sets what the App may do; leaving one out is taking it away. */
  acceptPermissions(installation: number, permissions: Permissions): void {
    acceptPermissions(this.#world, this.#installation(installation), this.account, permissions);
  }

  selectRepositories(
    installation: number,
    change: { readonly added?: readonly string[]; readonly removed?: readonly string[] },
  ): void {
    const named = (names: readonly string[] = []) => names.map((name) => repositoryNamed(this.#world, name));
    selectRepositories(this.#world, this.#installation(installation), this.account, {
      ...(change.added === undefined ? {} : { added: named(change.added) }),
      ...(change.removed === undefined ? {} : { removed: named(change.removed) }),
    });
  }

  #installation(id: number): Installation {
    const found = this.#world.installations.find((one) => one.id === id);
    if (found === undefined) throw new Error(`there is no installation ${id}`);
    return found;
  }
}
