import { Clock } from "./clock.ts";
import { addAccount } from "./deeds/accounts.ts";
import { commitFiles, type FileEdit } from "./deeds/commits.ts";
import { labelNamed } from "./deeds/issues.ts";
import { accountNamed } from "./find.ts";
import { ObjectStore } from "./git/objects.ts";
import { organizationByLogin, repositoryByName } from "./lookups.ts";
import { type AppKeys, type AppSeed, addApp } from "./seed-apps.ts";
import type { Alerts, BranchRule, Organization, Permission, Repository, Team, World } from "./world.ts";

export interface TeamSeed {
  readonly name: string;
  /** Slug of the team above. */
  readonly parent?: string;
  /** Logins; `login?` with a question mark was invited and has not accepted. */
  readonly members: readonly string[];
}

export interface RepositorySeed {
  /** `owner/name`. */
  readonly name: string;
  readonly id?: number;
  /** Default true. */
  readonly private?: boolean;
  readonly defaultBranch?: string;
  readonly hasIssues?: boolean;
  readonly archived?: boolean;
  /** The first commit of the default branch. */
  readonly files?: Readonly<Record<string, FileEdit>>;
  readonly collaborators?: Readonly<Record<string, Permission>>;
  /** By slug of a team of the owner. */
  readonly teams?: Readonly<Record<string, Permission>>;
  readonly labels?: readonly string[];
  /** Custom properties that the organisation gave it. */
  readonly properties?: Readonly<Record<string, string | readonly string[] | null>>;
  /** Alerts of scanners; a feature that is left out is switched off. */
  readonly alerts?: Alerts;
  /** Rules of rulesets by branch. */
  readonly rules?: Readonly<Record<string, readonly BranchRule[]>>;
  /** `owner/name` of the repository that this is a fork of. */
  readonly forkOf?: string;
}

export interface Seed {
  /** With it the clock stands still between changes; without it it follows the host's. */
  readonly now?: string;
  readonly users?: readonly (
    | string
    | { readonly login: string; readonly id?: number; readonly name?: string; readonly email?: string }
  )[];
  /** Other Apps' accounts, with or without `[bot]` at the end. */
  readonly bots?: readonly string[];
  readonly organizations?: readonly {
    readonly login: string;
    readonly owners?: readonly string[];
    readonly members?: readonly string[];
    readonly basePermission?: Permission;
    readonly teams?: readonly TeamSeed[];
  }[];
  readonly repositories?: readonly RepositorySeed[];
  /** The first is the one under test. Left out: one App with the permissions that Threatgate asks for. */
  readonly apps?: readonly AppSeed[];
  /** Tokens of people: token to login. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** Scopes of those that are classic: what `x-oauth-scopes` says of each. */
  readonly scopes?: Readonly<Record<string, string>>;
}

export interface Seeded {
  readonly world: World;
  readonly apps: readonly AppKeys[];
}

/** Builds the world that a seed describes. Nothing is announced: no App was listening yet. */
export function seedWorld(seed: Seed): Seeded {
  const world = emptyWorld(new Clock(seed.now));
  for (const user of seed.users ?? []) addAccount(world, "User", typeof user === "string" ? { login: user } : user);
  for (const login of seed.bots ?? []) addAccount(world, "Bot", { login });
  for (const organization of seed.organizations ?? []) addOrganization(world, organization);
  for (const repository of seed.repositories ?? []) addRepository(world, repository);
  return { world, apps: (seed.apps ?? [{}]).map((app, index) => addApp(world, app, index)) };
}

function emptyWorld(clock: Clock): World {
  let last = 1000;
  return {
    clock,
    accounts: new Map(),
    organizations: new Map(),
    repositories: new Map(),
    apps: [],
    installations: [],
    formerNames: new Map(),
    caps: {
      filesOfPullRequest: 3000,
      filesOfComparison: 300,
      entriesOfTree: 100_000,
      blobOfContents: 1024 * 1024,
      blobOfGraphql: 512_000,
    },
    lag: { milliseconds: 0, files: "old" },
    url: "http://127.0.0.1",
    announce: () => undefined,
    nextId: () => {
      last += 1;
      return last;
    },
  };
}

function addOrganization(world: World, words: NonNullable<Seed["organizations"]>[number]): void {
  const organization: Organization = {
    account: addAccount(world, "Organization", { login: words.login }),
    members: new Map(),
    teams: [],
    basePermission: words.basePermission ?? "read",
  };
  world.organizations.set(organization.account.id, organization);
  for (const login of words.members ?? []) organization.members.set(accountNamed(world, login).id, "member");
  for (const login of words.owners ?? []) organization.members.set(accountNamed(world, login).id, "admin");
  for (const seed of words.teams ?? []) {
    const team: Team = {
      id: world.nextId(),
      organization,
      slug: slugOf(seed.name),
      name: seed.name,
      privacy: "closed",
      parent: organization.teams.find((other) => other.slug === seed.parent),
      members: new Map(),
    };
    for (const login of seed.members) {
      const account = accountNamed(world, login.replace("?", ""));
      team.members.set(account.id, { role: "member", state: login.endsWith("?") ? "pending" : "active" });
      if (!organization.members.has(account.id)) organization.members.set(account.id, "member");
    }
    organization.teams.push(team);
  }
}

function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

export function addRepository(world: World, words: RepositorySeed): Repository {
  const [owner = "", name = ""] = words.name.split("/");
  const account = accountNamed(world, owner);
  const [parentOwner = "", parentName = ""] = (words.forkOf ?? "").split("/");
  const parent = words.forkOf === undefined ? undefined : repositoryByName(world, parentOwner, parentName);
  const createdAt = world.clock.tick();
  const repository: Repository = {
    id: words.id ?? world.nextId(),
    owner: account,
    name,
    private: words.private ?? true,
    archived: words.archived ?? false,
    deleted: false,
    defaultBranch: words.defaultBranch ?? parent?.defaultBranch ?? "main",
    hasIssues: words.hasIssues ?? true,
    parent,
    store: parent?.store ?? new ObjectStore(),
    branches: new Map(parent?.branches ?? []),
    activities: [],
    issues: new Map(),
    formerIssues: new Map(),
    labels: [],
    releases: [],
    properties: words.properties ?? {},
    alerts: words.alerts ?? {},
    rules: new Map(Object.entries(words.rules ?? {})),
    checkRuns: [],
    collaborators: new Map(),
    teams: new Map(),
    createdAt,
    pushedAt: createdAt,
  };
  world.repositories.set(repository.id, repository);
  for (const label of words.labels ?? []) labelNamed(world, repository, label);
  for (const [login, permission] of Object.entries(words.collaborators ?? {})) {
    repository.collaborators.set(accountNamed(world, login).id, permission);
  }
  for (const [slug, permission] of Object.entries(words.teams ?? {})) {
    const team = organizationByLogin(world, owner)?.teams.find((one) => one.slug === slug);
    if (team === undefined) throw new Error(`${owner} has no team ${slug}`);
    repository.teams.set(team.id, permission);
  }
  if (parent === undefined) {
    const files = words.files ?? { "README.md": `# ${name}\n` };
    const branch = repository.defaultBranch;
    const commit = commitFiles(world, repository, account, { branch, files, message: "Begin" });
    repository.branches.set(branch, commit.oid);
  }
  return repository;
}
