import { z } from "zod";
import { Gone } from "../failures.ts";
import { failureOf, gitHubTime, messageOf } from "./answers.ts";
import { type Credentials, type GitHubClient, read } from "./client.ts";
import type { Clock } from "./pace.ts";

/** What a token may do at most: the permissions that judging one pull request needs. `app.yml` gives the reasons. */
const permissions = {
  metadata: "read",
  contents: "read",
  pull_requests: "write",
  checks: "write",
  issues: "write",
  members: "read",
} as const;

/** What one commit onto the branch of a pull request needs. */
const committing = { metadata: "read", contents: "write", pull_requests: "read" } as const;

/** What reading the model of a system needs that another repository holds. */
const reading = { metadata: "read", contents: "read", pull_requests: "read" } as const;

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
export class InstallationTokens {
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
