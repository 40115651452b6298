import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { z } from "zod";
import { Forbidden, Gone } from "../failures.ts";
import { failureOf, gitHubTime, messageOf } from "./answers.ts";
import type { Resource } from "./budget.ts";
import {
  type ClientOptions,
  type Coverage,
  type Credentials,
  createClient,
  type GitHubClient,
  read,
} from "./client.ts";
import type { EvidenceAccess } from "./evidence.ts";
import { type Clock, machineClock, type PaceLimits, Paces } from "./pace.ts";
import type { ListRepositories } from "./recent.ts";

/** The App's identity: its id and its private keys (PEM), the newest first while they are rotated. */
export interface AppOptions extends ClientOptions {
  readonly appId: number;
  readonly privateKeys: readonly string[];
  readonly pace?: PaceLimits;
  /** Told of each request that is made for a repository of an installation. */
  readonly onCall?: (installation: number, repository: string) => void;
}

/** What a token may do at most: the permissions that judging one pull request needs. `app.yml` gives the reasons. */
const permissions = {
  metadata: "read",
  contents: "read",
  pull_requests: "write",
  checks: "write",
  issues: "write",
  members: "read",
} as const;

/** What alerts of scanners are read with, each where the installation grants it; `app.full.yml` gives the reasons. */
const alerting = ["security_events", "secret_scanning_alerts", "vulnerability_alerts"] as const;

/** What one commit onto the branch of a pull request needs. */
const committing = { metadata: "read", contents: "write", pull_requests: "read" } as const;

/** What reading the model of a system needs that another repository holds. */
const reading = { metadata: "read", contents: "read", pull_requests: "read" } as const;

/** The App on GitHub. */
export interface GitHubApp {
  /** Requests as the App itself: its installations and deliveries. */
  asApp(): GitHubClient;
  /**
   * Requests for one repository of one installation: the token reaches this repository and the organisation's `.github`
   * repository alone (H093). All clients of an installation share its pace, and no other installation's.
   */
  forRepository(installation: number, repository: string): GitHubClient;
  /** Requests that list the repositories of an installation, and see nothing of what is in them. */
  forListing(installation: number): GitHubClient;
  /** The repositories of an installation, the most recently pushed ones first, at most a hundred, each with its client. */
  repositoriesOf(installation: number): ReturnType<ListRepositories>;
  /**
   * The same with the right to write files, for one commit that a person asked for, or the branch of a first model. Refused by GitHub, and so a Gone,
   * where the installation does not grant it: ask `mayCommit` first.
   */
  forCommitting(installation: number, repository: string): GitHubClient;
  /** Requests that read files of one repository, and may do nothing else and nowhere else. */
  forReading(installation: number, repository: string): GitHubClient;
  /** Requests that answer for the merge queue of one repository. */
  forMergeQueue(installation: number, repository: string): GitHubClient;
  /** Requests for alerts of scanners and for incidents of one repository, which may read and no more. */
  forEvidence(installation: number, repository: string): EvidenceAccess;
  /** Seconds until an installation has more than this share of its hourly limits left; 0 where it has, or none is known. */
  secondsUntil(installation: number, share: number): number;
  /** The smallest share of its hourly limit that any installation has left; undefined where none is known. */
  leastLeft(resource: Resource): number | undefined;
  /** Whether the installation grants the right to write files (`app.full.yml`), as of ten minutes ago at the latest. */
  mayCommit(installation: number): Promise<boolean>;
  /** What an installation grants has changed: nothing that is remembered of it holds any more, its tokens included. */
  forget(installation: number): void;
}

/** Opens the App. Throws an Error that says which key is not one, so that the service refuses to start (H002). */
export function openApp(options: AppOptions): GitHubApp {
  const clock = options.clock ?? machineClock;
  const paces = new Paces(options.pace, clock);
  const keys = options.privateKeys.map(readKey);
  if (keys.length === 0) throw new Error("No private key of the App was given.");
  const identity = { door: "app", appId: options.appId } as const;
  const jwt = new AppJwt(options.appId, keys, clock);
  const asApp = createClient(jwt, identity, paces.of("app"), options);
  jwt.follow(asApp);
  const tokens = new InstallationTokens(asApp, clock);
  const installations = new Installations(asApp, clock);
  const counted = (installation: number, repository: string): ClientOptions => ({
    ...options,
    onRequest: (request) => {
      options.onRequest?.(request);
      options.onCall?.(installation, repository);
    },
  });
  const forRepository = (installation: number, repository: string): GitHubClient => {
    const known = { ...identity, coverage: async () => (await installations.of(installation)).coverage };
    return createClient(
      tokens.of(installation, repository),
      known,
      paces.of(String(installation)),
      counted(installation, repository),
    );
  };
  const forListing = (installation: number): GitHubClient =>
    createClient(tokens.toList(installation), identity, paces.of(String(installation)), options);
  return {
    asApp: () => asApp,
    forRepository,
    forListing,
    repositoriesOf: async (installation) => {
      const lister = forListing(installation);
      const call = {
        what: "list the repositories of the installation",
        needs: "Metadata: read",
        kind: "read",
      } as const;
      const answer = await lister.rest("GET /installation/repositories", { per_page: 100 }, call);
      const { repositories, total_count: total } = read(repositoriesSchema, answer.data, call.what);
      const latest = repositories
        .filter(({ archived }) => !archived)
        .toSorted((one, other) => ((one.pushed_at ?? "") < (other.pushed_at ?? "") ? 1 : -1));
      return {
        total,
        repositories: latest.map(({ name, private: isPrivate }) => ({
          name,
          isPrivate,
          client: forRepository(installation, name),
        })),
      };
    },
    forCommitting: (installation, repository) =>
      createClient(
        tokens.toCommit(installation, repository),
        identity,
        paces.of(String(installation)),
        counted(installation, repository),
      ),
    forReading: (installation, repository) =>
      createClient(
        tokens.toRead(installation, repository),
        identity,
        paces.of(String(installation)),
        counted(installation, repository),
      ),
    forMergeQueue: (installation, repository) =>
      createClient(
        tokens.forQueue(installation, repository),
        identity,
        paces.of(String(installation)),
        counted(installation, repository),
      ),
    forEvidence: (installation, repository) => {
      const granted = async () => {
        const { permissions } = await installations.of(installation);
        return new Set(alerting.filter((name) => permissions[name] === "read" || permissions[name] === "write"));
      };
      const credentials = tokens.toReadAlerts(installation, repository, granted);
      return {
        granted,
        client: createClient(credentials, identity, paces.of(String(installation)), counted(installation, repository)),
      };
    },
    secondsUntil: (installation, share) => paces.of(String(installation)).budget.secondsUntil(share, clock.now()),
    leastLeft: (resource) => {
      const shares = [...paces.all].flatMap(({ budget }) => budget.shareOf(resource, clock.now()) ?? []);
      return shares.length === 0 ? undefined : Math.min(...shares);
    },
    mayCommit: async (installation) => (await installations.of(installation)).permissions["contents"] === "write",
    forget: (installation) => {
      installations.forget(installation);
      tokens.forget(installation);
    },
  };
}

/** What an installation of the App covers and grants. */
interface Installed {
  readonly coverage: Coverage;
  readonly permissions: Readonly<Record<string, string>>;
}

/** Installations as they stand, each asked for at most every ten minutes: an owner may change them at any time. */
class Installations {
  readonly #asApp: GitHubClient;
  readonly #clock: Clock;
  readonly #known = new Map<number, { readonly installed: Installed; readonly until: number }>();

  constructor(asApp: GitHubClient, clock: Clock) {
    this.#asApp = asApp;
    this.#clock = clock;
  }

  forget(installation: number): void {
    this.#known.delete(installation);
  }

  async of(installation: number): Promise<Installed> {
    const known = this.#known.get(installation);
    if (known && known.until > this.#clock.now()) return known.installed;
    const call = { what: "ask what the App is installed on", needs: "nothing", kind: "read" } as const;
    const route = "GET /app/installations/{installation_id}";
    const answer = await this.#asApp.rest(route, { installation_id: installation }, call);
    const { repository_selection: coverage, permissions } = read(installationSchema, answer.data, call.what);
    const installed = { coverage, permissions };
    if (this.#known.size >= remembered) this.#known.clear();
    this.#known.set(installation, { installed, until: this.#clock.now() + 600_000 });
    return installed;
  }
}

/** https://docs.github.com/rest/apps/installations#list-repositories-accessible-to-the-app-installation */
const repositoriesSchema = z.object({
  total_count: z.number().int(),
  repositories: z.array(
    z.object({
      name: z.string(),
      private: z.boolean(),
      archived: z.boolean().optional(),
      pushed_at: z.string().nullish(),
    }),
  ),
});

/** https://docs.github.com/rest/apps/apps#get-an-installation-for-the-authenticated-app */
const installationSchema = z.object({
  repository_selection: z.enum(["all", "selected"]),
  permissions: z.record(z.string(), z.string()),
});

function readKey(pem: string, index: number): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error(`Private key ${index + 1} of the App is not an RSA key in PEM form.`);
  }
}

/**
 * Signs the App's own tokens: at most ten minutes long, begun a minute in the past against drift
 * (https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app).
 * When GitHub refuses one, the difference of its clock to ours is measured and the next key is tried (H085).
 */
class AppJwt implements Credentials {
  readonly #appId: number;
  readonly #keys: readonly KeyObject[];
  readonly #clock: Clock;
  #key = 0;
  #offset = 0;
  #asApp: GitHubClient | undefined;

  constructor(appId: number, keys: readonly KeyObject[], clock: Clock) {
    this.#appId = appId;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** The client to measure GitHub's clock with. */
  follow(asApp: GitHubClient): void {
    this.#asApp = asApp;
  }

  async token(): Promise<string> {
    const key = this.#keys[this.#key % this.#keys.length];
    if (!key) throw new Forbidden("The App has no private key.", "a private key of the App");
    const now = Math.floor((this.#clock.now() + this.#offset) / 1000);
    const head = encode({ alg: "RS256", typ: "JWT" });
    const claims = encode({ iat: now - 60, exp: now + 540, iss: String(this.#appId) });
    const signature = sign("sha256", Buffer.from(`${head}.${claims}`), key).toString("base64url");
    return `${head}.${claims}.${signature}`;
  }

  async renew(): Promise<string> {
    const call = { what: "ask for its time", needs: "nothing", kind: "read", accepts: anyRefusal } as const;
    const answer = await this.#asApp?.rest("GET /app", {}, call);
    if (answer?.status === 401) {
      const offset = gitHubTime(answer, this.#clock.now()) - this.#clock.now();
      // A difference that the minute of grace does not cover is the clock's fault; otherwise the key is out of use.
      if (Math.abs(offset - this.#offset) > 30_000) this.#offset = offset;
      else this.#key++;
    }
    return this.token();
  }
}

const anyRefusal = [400, 401, 403, 404];

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

interface Token {
  readonly value: string;
  readonly until: number;
}

const tokenSchema = z.object({ token: z.string().min(1), expires_at: z.string() });

/** Most tokens remembered; each is for one repository and an hour at most. */
const remembered = 2000;

/** What one request for a token asks for. */
interface Wish {
  /** Left out: all of the installation. */
  readonly repositories?: readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
}

function wishesFor(repository: string): readonly Wish[] {
  const both = repository === ".github" ? [repository] : [repository, ".github"];
  return [
    { repositories: both, permissions },
    { repositories: [repository], permissions },
    { repositories: both },
    { repositories: [repository] },
  ];
}

/** Mints installation tokens, each for one repository, and keeps them until five minutes before they end. */
class InstallationTokens {
  readonly #asApp: GitHubClient;
  readonly #clock: Clock;
  readonly #tokens = new Map<string, Token>();
  readonly #pending = new Map<string, Promise<Token>>();

  constructor(asApp: GitHubClient, clock: Clock) {
    this.#asApp = asApp;
    this.#clock = clock;
  }

  of(installation: number, repository: string): Credentials {
    return this.#credentials(`${installation}/${repository}`, installation, wishesFor(repository), repository);
  }

  /** To know which repositories there are, and nothing of what is in them. */
  toList(installation: number): Credentials {
    return this.#credentials(`${installation}/list`, installation, [{ permissions: { metadata: "read" } }], "any");
  }

  /** To write files of this one repository, and nothing else than what a commit needs. */
  toCommit(installation: number, repository: string): Credentials {
    const wishes = [{ repositories: [repository], permissions: committing }];
    return this.#credentials(`${installation}/${repository}/commit`, installation, wishes, repository);
  }

  /** To read the files of this one repository and who merged them. */
  toRead(installation: number, repository: string): Credentials {
    const wishes = [{ repositories: [repository], permissions: reading }];
    return this.#credentials(`${installation}/${repository}/read`, installation, wishes, repository);
  }

  /** To read its merge queue, where that is granted: an owner may not have accepted it yet, and is told so. */
  forQueue(installation: number, repository: string): Credentials {
    const repositories = [repository];
    const wishes = [
      { repositories, permissions: { ...permissions, merge_queues: "read" } },
      { repositories, permissions },
    ];
    return this.#credentials(`${installation}/${repository}/queue`, installation, wishes, repository);
  }

  /** To read alerts and issues of this one repository: of the permissions that are granted, and no others. */
  toReadAlerts(installation: number, repository: string, granted: () => Promise<ReadonlySet<string>>): Credentials {
    const wishes = async () => {
      const alerts = Object.fromEntries([...(await granted())].map((name) => [name, "read"]));
      return [{ repositories: [repository], permissions: { metadata: "read", issues: "read", ...alerts } }];
    };
    return this.#credentials(`${installation}/${repository}/alerts`, installation, wishes, repository);
  }

  #credentials(
    key: string,
    installation: number,
    wishes: readonly Wish[] | (() => Promise<readonly Wish[]>),
    repository: string,
  ): Credentials {
    const wanted = async () => (typeof wishes === "function" ? wishes() : wishes);
    const renew = async () => (await this.#fresh(key, installation, await wanted(), repository)).value;
    return {
      token: async () => {
        const known = this.#tokens.get(key);
        return known && known.until > this.#clock.now() ? known.value : renew();
      },
      renew,
    };
  }

  #fresh(key: string, installation: number, wishes: readonly Wish[], repository: string): Promise<Token> {
    const waiting = this.#pending.get(key);
    if (waiting) return waiting;
    const minting = this.#mint(installation, wishes, repository)
      .then((token) => {
        this.#forgetOld();
        this.#tokens.set(key, token);
        return token;
      })
      .finally(() => this.#pending.delete(key));
    this.#pending.set(key, minting);
    return minting;
  }

  /**
   * GitHub answers 422 when one of the repositories is not in the installation or one of the permissions not granted;
   * it does not say which. So less is asked for, step by step; the repository itself is never left out.
   */
  async #mint(installation: number, wishes: readonly Wish[], repository: string): Promise<Token> {
    const call = {
      what: "give us a token for the repository",
      needs: "an installation of the App that includes the repository",
      // Not a write that people see: minted again after a doubt, and never paced.
      kind: "read",
      accepts: [403, 422],
    } as const;
    for (const wish of wishes) {
      const route = "POST /app/installations/{installation_id}/access_tokens";
      const answer = await this.#asApp.rest(route, { installation_id: installation, ...wish }, call);
      if (answer.status === 422) continue;
      if (answer.status === 403 && /suspended/i.test(messageOf(answer.data))) {
        throw new Gone(`Installation ${installation} of the App is suspended.`);
      }
      if (answer.status === 403) throw failureOf(answer, call.what, call.needs);
      const { token, expires_at } = read(tokenSchema, answer.data, call.what);
      return { value: token, until: this.#end(expires_at, gitHubTime(answer, this.#clock.now())) };
    }
    throw new Gone(`The repository ${repository} does not belong to installation ${installation} of the App.`);
  }

  /** The end on our own clock, from how long GitHub lets it live; five minutes early. */
  #end(expiresAt: string, gitHubNow: number): number {
    const life = Date.parse(expiresAt) - gitHubNow;
    return this.#clock.now() + (Number.isFinite(life) ? life : 3_600_000) - 300_000;
  }

  /** A token keeps the permissions that it was made with. */
  forget(installation: number): void {
    for (const key of this.#tokens.keys()) if (key.startsWith(`${installation}/`)) this.#tokens.delete(key);
  }

  #forgetOld(): void {
    if (this.#tokens.size < remembered) return;
    for (const [key, token] of this.#tokens) if (token.until <= this.#clock.now()) this.#tokens.delete(key);
    for (const key of this.#tokens.keys()) {
      if (this.#tokens.size < remembered) return;
      this.#tokens.delete(key);
    }
  }
}
