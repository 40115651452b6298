import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { addAccount } from "./deeds/accounts.ts";
import { accountNamed } from "./find.ts";
import { repositoryByName } from "./lookups.ts";
import type { Account, App, Installation, Permissions, World } from "./world.ts";

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

/** An App with its bot, its key pair and where it is installed. */
export function addApp(world: World, words: AppSeed, index: number): AppKeys {
  const slug = words.slug ?? (index === 0 ? "threatgate" : `app-${index + 1}`);
  const privateKey = words.privateKey ?? pair().privateKey;
  const owner = words.owner === undefined ? firstOrganization(world) : accountNamed(world, words.owner);
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

/** Installs an App on an account. */
export function addInstallation(world: World, app: App, words: InstallationSeed): Installation {
  const account = accountNamed(world, words.account);
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
