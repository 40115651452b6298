import { Administrator } from "./administrator.ts";
import type { Clock } from "./clock.ts";
import type { Contract } from "./contract.ts";
import type { Faults } from "./faults.ts";
import { accountNamed, issueNumbered, pullNumbered, repositoryNamed } from "./find.ts";
import type { Identity } from "./identity.ts";
import { clientOf } from "./oauth.ts";
import { Person } from "./person.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { RequestLog } from "./request-log.ts";
import type { AppKeys } from "./seed-apps.ts";
import type { Webhooks } from "./webhooks.ts";
import type { App, CheckRun, Issue, PullRequest, World } from "./world.ts";

interface Parts {
  readonly world: World;
  readonly identity: Identity;
  readonly limits: RateLimits;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly contract: Contract;
  readonly webhooks: Webhooks;
  readonly apps: readonly AppKeys[];
  readonly close: () => Promise<void>;
}

/** A running stand-in: people to act, webhooks and faults to steer, and everything to look at afterwards. */
export class GitHub {
  /** Where the REST API, `/graphql` and the pages are. */
  readonly url: string;
  readonly world: World;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly limits: RateLimits;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly contract: Contract;
  readonly webhooks: Webhooks;
  readonly apps: readonly AppKeys[];
  readonly #close: () => Promise<void>;

  constructor(parts: Parts) {
    this.url = parts.world.url;
    this.world = parts.world;
    this.clock = parts.world.clock;
    this.identity = parts.identity;
    this.limits = parts.limits;
    this.faults = parts.faults;
    this.requests = parts.requests;
    this.contract = parts.contract;
    this.webhooks = parts.webhooks;
    this.apps = parts.apps;
    this.#close = parts.close;
  }

  /** The App under test, as its operator knows it. */
  get app(): {
    readonly id: number;
    readonly slug: string;
    readonly privateKey: string;
    readonly webhookSecret: string;
    readonly installation: number;
    readonly clientId: string;
    readonly clientSecret: string;
  } {
    const [keys] = this.apps;
    if (keys === undefined) throw new Error("the seed has no App");
    const { app, privateKey } = keys;
    const installation = this.world.installations.find((one) => one.app === app)?.id ?? 0;
    return { id: app.id, slug: app.slug, privateKey, webhookSecret: app.webhookSecret, installation, ...clientOf(app) };
  }

  /** Where an App hears of what happens; default the first App. */
  sendWebhooksTo(url: string, slug: string = this.app.slug): void {
    this.#appNamed(slug).webhookUrl = url;
  }

  /** Somebody who acts; the account must be there. */
  as(login: string): Person {
    return new Person(this.world, accountNamed(this.world, login));
  }

  /** Somebody who acts as owner of an organisation. */
  administrator(login: string): Administrator {
    return new Administrator(this.world, accountNamed(this.world, login));
  }

  pullRequest(repository: string, number: number): PullRequest {
    return pullNumbered(repositoryNamed(this.world, repository), number);
  }

  issue(repository: string, number: number): Issue {
    return issueNumbered(repositoryNamed(this.world, repository), number);
  }

  /** Issues that are no pull requests, oldest first. */
  issues(repository: string): readonly Issue[] {
    return [...repositoryNamed(this.world, repository).issues.values()].filter((issue) => !("head" in issue));
  }

  /** Check runs on a commit, or on the head of a pull request; oldest first. */
  checkRuns(repository: string, of: number | string): readonly CheckRun[] {
    const sha = typeof of === "number" ? this.pullRequest(repository, of).head.sha : of;
    return repositoryNamed(this.world, repository).checkRuns.filter((run) => run.headSha === sha);
  }

  /** What the API shows is this much older than what is (H083). */
  lagBehind(milliseconds: number, files: "old" | "empty" = "old"): void {
    this.world.lag = { milliseconds, files };
  }

  /** Throws when a request was not as GitHub's API is described, or when the stand-in itself answered wrongly. */
  expectNoContractFindings(): void {
    this.contract.expectNoFindings();
  }

  /** Waits for webhooks on their way, then stops. */
  close(): Promise<void> {
    return this.#close();
  }

  #appNamed(slug: string): App {
    const app = this.world.apps.find((one) => one.slug === slug);
    if (app === undefined) throw new Error(`there is no App ${slug}`);
    return app;
  }
}
