import { eventually, RunningService } from "../../test/flow/program.ts";
import type { GitHub } from "../../test/github/github.ts";
import type { LoggedRequest } from "../../test/github/request-log.ts";
import type { Seed } from "../../test/github/seed.ts";
import { startGitHub } from "../../test/github/server.ts";
import { aShopOnGitHub } from "../../test/make/a-shop-on-github.ts";
import { folderFor } from "../chaos/organisations.ts";
import { rest } from "../chaos/outcome.ts";
import type { Cost } from "./rows.ts";

/** What was counted, and what was asked, in order. */
export interface Counted {
  readonly cost: Cost;
  readonly asked: readonly string[];
  readonly disturbed?: string;
}

/** Nothing may come for so long before it is said that nothing more comes, in milliseconds. */
const stillFor = 1000;

/** GitHub's stand-in and the real service in a process of its own, which hears of everything by webhooks. */
export class Stage {
  readonly github: GitHub;
  readonly #folder: Awaited<ReturnType<typeof folderFor>>;
  #service: RunningService | undefined;

  private constructor(github: GitHub, folder: Awaited<ReturnType<typeof folderFor>>) {
    this.github = github;
    this.#folder = folder;
  }

  /** The service is not started yet. */
  static async set(seed: Partial<Seed>): Promise<Stage> {
    return new Stage(await startGitHub(aShopOnGitHub(seed)), await folderFor("cost"));
  }

  async start(settings: Readonly<Record<string, string>>): Promise<void> {
    this.#service = await RunningService.start(this.github, this.#folder.path, settings);
  }

  async end(): Promise<void> {
    await this.#service?.end("SIGTERM");
    await this.github.close();
    await this.#folder.remove();
  }

  /** Everything that is asked of GitHub from now until all that this causes is over. */
  async counted(work: () => unknown): Promise<Counted> {
    await this.atRest();
    const from = this.mark();
    await work();
    await this.atRest();
    return this.since(from);
  }

  /** A moment from which may be counted. */
  mark(): { readonly requests: number; readonly points: number } {
    return { requests: this.github.requests.all.length, points: this.github.limits.spent.graphql };
  }

  since(from: ReturnType<Stage["mark"]>): Counted {
    const all = this.github.requests.all.slice(from.requests);
    return countedIn(all, new Set(this.github.requests.writes), this.github.limits.spent.graphql - from.points);
  }

  /** Until the first sweep after the start has looked at every installation, and what it caused is over. */
  async firstSweep(): Promise<void> {
    await eventually("the service has swept", () => this.sweeps > 0, 120_000);
    await this.atRest();
  }

  /** How many evaluations have ended that were asked for by this. */
  evaluations(why: string): number {
    return this.#service?.log.filter((line) => line.msg === "evaluated" && line.why === why).length ?? 0;
  }

  /** How many sweeps have begun. */
  get sweeps(): number {
    return this.github.requests.of("apps/list-installations").length;
  }

  /** Nothing on its way, nothing waiting, nothing running. */
  async atRest(): Promise<void> {
    await this.github.webhooks.idle();
    await eventually(
      "the service is at rest",
      async () => {
        const before = this.github.requests.all.length;
        await rest(stillFor);
        return this.github.requests.all.length === before && ((await this.#service?.isIdle()) ?? true);
      },
      300_000,
    );
  }
}

function countedIn(all: readonly LoggedRequest[], writing: ReadonlySet<LoggedRequest>, points: number): Counted {
  const own = all.filter(({ installation }) => installation !== undefined);
  const writes = own.filter((one) => writing.has(one));
  // After ten seconds the head shows that it is looked at, which costs three requests more.
  const isSlow = writes.some(({ operation, body }) => operation === "checks/create" && isInProgress(body));
  return {
    cost: {
      requests: own.length,
      notModified: own.filter(({ status }) => status === 304).length,
      graphql: own.filter(({ operation }) => operation.startsWith("graphql")).length,
      points,
      writes: writes.length,
      content: writes.filter(({ operation }) => !operation.startsWith("checks/")).length,
      asApp: all.length - own.length,
    },
    asked: all.map(({ operation, status }) => (status < 400 && status > 0 ? operation : `${operation} (${status})`)),
    ...(isSlow ? { disturbed: "this machine took longer than ten seconds for one evaluation: measure again" } : {}),
  };
}

function isInProgress(body: unknown): boolean {
  return typeof body === "object" && body !== null && "status" in body && body.status === "in_progress";
}
