import { z } from "zod";
import { AppJwt, readKey } from "./app-jwt.ts";
import type { Resource } from "./budget.ts";
import {
  type ClientOptions,
  type Credentials,
  createClient,
  type GitHubClient,
  type Identity,
  read,
} from "./client.ts";
import type { EvidenceAccess } from "./evidence.ts";
import { InstallationTokens } from "./installation-tokens.ts";
import { Installations } from "./installations.ts";
import { machineClock, type PaceLimits, Paces } from "./pace.ts";
import type { ListRepositories } from "./recent.ts";

/** The App's identity: its id and its private keys (PEM), the newest first while they are rotated. */
export interface AppOptions extends ClientOptions {
  readonly appId: number;
  readonly privateKeys: readonly string[];
  readonly pace?: PaceLimits;
  /** Told of each request that is made for a repository of an installation. */
  readonly onCall?: (installation: number, repository: string) => void;
}

/** What alerts of scanners are read with, each where the installation grants it; `app.full.yml` gives the reasons. */
const alerting = ["security_events", "secret_scanning_alerts", "vulnerability_alerts"] as const;

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
  const clientOf = (
    credentials: Credentials,
    installation: number,
    repository: string,
    known: Identity = identity,
  ): GitHubClient =>
    createClient(credentials, known, paces.of(String(installation)), counted(installation, repository));
  const forRepository = (installation: number, repository: string): GitHubClient => {
    const known = { ...identity, coverage: async () => (await installations.of(installation)).coverage };
    return clientOf(tokens.of(installation, repository), installation, repository, known);
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
      clientOf(tokens.toCommit(installation, repository), installation, repository),
    forReading: (installation, repository) =>
      clientOf(tokens.toRead(installation, repository), installation, repository),
    forMergeQueue: (installation, repository) =>
      clientOf(tokens.forQueue(installation, repository), installation, repository),
    forEvidence: (installation, repository) => {
      const granted = async () => {
        const { permissions } = await installations.of(installation);
        return new Set(alerting.filter((name) => permissions[name] === "read" || permissions[name] === "write"));
      };
      const credentials = tokens.toReadAlerts(installation, repository, granted);
      return { granted, client: clientOf(credentials, installation, repository) };
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
