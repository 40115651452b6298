import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { Clock } from "./clock.ts";
import { commitFiles, type FileEdit } from "./deeds/commits.ts";
import { labelNamed } from "./deeds/issues.ts";
import { ObjectStore } from "./git/objects.ts";
import {
  type Account,
  type App,
  accountByLogin,
  type Installation,
  type Organization,
  organizationByLogin,
  type Permission,
  type Permissions,
  type Repository,
  repositoryByName,
  type Team,
  type World,
} from "./world.ts";

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
  /** `owner/name` of the repository that this is a fork of. */
  readonly forkOf?: string;
}

export interface InstallationSeed {
  readonly id?: number;
  readonly account: string;
  /** Names of the selected repositories; left out: all. */
  readonly repositories?: readonly string[];
  readonly permissions?: Permissions;
}

export interface AppSeed {
  readonly id?: number;
  readonly slug?: string;
  readonly owner?: string;
  /** PEM; a pair is made where it is left out. */
  readonly privateKey?: string;
  readonly webhookSecret?: string;
  readonly webhookUrl?: string;
  readonly permissions?: Permissions;
  /** Default: every event. */
  readonly events?: readonly string[];
  /** Left out: installed on every organisation, for all repositories. */
  readonly installations?: readonly InstallationSeed[];
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
}

/** What Threatgate asks for, beside `metadata: read` that every App has. */
export const usualPermissions: Permissions = {
  metadata: "read",
  contents: "read",
  checks: "write",
  statuses: "write",
  pull_requests: "write",
  issues: "write",
  members: "read",
  merge_queues: "read",
};

/** An App's identity as its operator holds it. */
export interface AppKeys {
  readonly app: App;
  readonly privateKey: string;
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

function addOrganization(world: World, words: NonNullable<Seed["organizations"]>[number]): void {
  const organization: Organization = {
    account: addAccount(world, "Organization", { login: words.login }),
    members: new Map(),
    teams: [],
    basePermission: words.basePermission ?? "read",
  };
  world.organizations.set(organization.account.id, organization);
  for (const login of words.members ?? []) organization.members.set(known(world, login).id, "member");
  for (const login of words.owners ?? []) organization.members.set(known(world, login).id, "admin");
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
      const account = known(world, login.replace("?", ""));
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
  const account = known(world, owner);
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
    issues: new Map(),
    labels: [],
    checkRuns: [],
    collaborators: new Map(),
    teams: new Map(),
    createdAt,
    pushedAt: createdAt,
  };
  world.repositories.set(repository.id, repository);
  for (const label of words.labels ?? []) labelNamed(world, repository, label);
  for (const [login, permission] of Object.entries(words.collaborators ?? {})) {
    repository.collaborators.set(known(world, login).id, permission);
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

let sharedPair: { readonly privateKey: string; readonly publicKey: string } | undefined;

/** Making a pair takes a while; one a process is enough for tests. */
function pair(): { readonly privateKey: string; readonly publicKey: string } {
  sharedPair ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  return sharedPair;
}

function addApp(world: World, words: AppSeed, index: number): AppKeys {
  const slug = words.slug ?? (index === 0 ? "threatgate" : `app-${index + 1}`);
  const privateKey = words.privateKey ?? pair().privateKey;
  const owner = words.owner === undefined ? firstOrganization(world) : known(world, words.owner);
  const app: App = {
    id: words.id ?? 4000 + index,
    slug,
    name: slug.charAt(0).toUpperCase() + slug.slice(1),
    owner,
    bot: addAccount(world, "Bot", { login: `${slug}[bot]` }),
    publicKeys: [createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString()],
    webhookSecret: words.webhookSecret ?? "a webhook secret of at least 32 characters",
    webhookUrl: words.webhookUrl,
    permissions: words.permissions ?? usualPermissions,
    events: words.events ?? ["*"],
  };
  world.apps.push(app);
  const everywhere = [...world.organizations.values()].map(({ account }) => ({ account: account.login }));
  (words.installations ?? everywhere).forEach((installation) => {
    addInstallation(world, app, installation);
  });
  return { app, privateKey };
}

export function addInstallation(world: World, app: App, words: InstallationSeed): Installation {
  const account = known(world, words.account);
  const installation: Installation = {
    id: words.id ?? 7000 + world.installations.length,
    app,
    account,
    permissions: words.permissions ?? app.permissions,
    selection: words.repositories === undefined ? "all" : "selected",
    repositories: new Set(
      (words.repositories ?? []).map((name) => {
        const repository = repositoryByName(world, account.login, name.slice(name.indexOf("/") + 1));
        if (repository === undefined) throw new Error(`there is no repository ${name}`);
        return repository.id;
      }),
    ),
    suspended: false,
    deleted: false,
    createdAt: world.clock.tick(),
  };
  world.installations.push(installation);
  return installation;
}

function firstOrganization(world: World): Account {
  const account = [...world.organizations.values()][0]?.account ?? [...world.accounts.values()][0];
  if (account === undefined) throw new Error("a seed needs at least one account");
  return account;
}

function known(world: World, login: string): Account {
  const account = accountByLogin(world, login);
  if (account === undefined) throw new Error(`there is no account ${login}`);
  return account;
}
