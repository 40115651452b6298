import { expect } from "@jest/globals";
import { firstBrokenRecord } from "../../src/shell/store/chain.ts";
import { type DatabaseLocation, openDatabase } from "../../src/shell/store/database.ts";
import { auditOf } from "../../src/shell/store/records.ts";
import { repositoryNamed } from "../github/find.ts";
import type { GitHub } from "../github/github.ts";
import { startGitHub } from "../github/server.ts";
import { aShopOnGitHub, shop } from "../make/a-shop-on-github.ts";
import { eventually, RunningService } from "./program.ts";
import { bucket } from "./stage.ts";

/** The shop on the stand-in under the real process, whose database comes, goes and comes back. */
export class ShopUnderService {
  readonly github: GitHub;
  #service: RunningService | undefined;
  #branches = 0;

  private constructor(github: GitHub) {
    this.github = github;
  }

  static async begin(): Promise<ShopUnderService> {
    return new ShopUnderService(await startGitHub(aShopOnGitHub()));
  }

  /** Starts the service, which sweeps every two seconds. */
  async start(folder: string, settings: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#service = await RunningService.start(this.github, folder, { SWEEP_SECONDS: "2", ...settings });
  }

  async stop(): Promise<void> {
    await this.#service?.end("SIGTERM");
  }

  /** Ends everything, however the test went. */
  async close(): Promise<void> {
    await this.#service?.end("SIGKILL");
    await this.github.close();
  }

  /** Sam opens a pull request with a new data store. */
  opened(): number {
    this.#branches++;
    return this.github.as("sam").openPullRequest(shop, {
      branch: `feature-${this.#branches}`,
      files: { [`infra/store-${this.#branches}.tf`]: bucket(`store${this.#branches}`) },
    });
  }

  /** How many checks, reviews and requests for review of ours a pull request shows. */
  ours(number: number): number[] {
    const pull = this.github.pullRequest(shop, number);
    const checks = this.github.checkRuns(shop, number).filter(({ app }) => app.id === this.github.app.id);
    const reviews = pull.reviews.filter(({ author }) => author?.login === `${this.github.app.slug}[bot]`);
    return [checks.length, reviews.length, pull.requestedTeams.length];
  }

  /** Until the service that runs now has evaluated it. */
  async evaluated(number: number): Promise<void> {
    const isOfIt = (line: { readonly msg: string; readonly pullRequest?: number }): boolean =>
      line.msg === "evaluated" && line.pullRequest === number;
    await eventually(`#${number} was evaluated`, () => this.#service?.log.some(isOfIt) ?? false);
  }

  async answered(number: number): Promise<void> {
    await this.evaluated(number);
    await eventually("it is answered", () => this.ours(number).join() === "1,1,1");
  }

  /** What a database holds: the first record at which the chain breaks, and the steps that the audit calls done. */
  async records(place: DatabaseLocation, number: number) {
    const { id } = repositoryNamed(this.github.world, shop);
    const database = await openDatabase(place, () => {});
    const broken = await firstBrokenRecord(database.kysely, id);
    const audit = await auditOf(database.kysely, shop, number, id);
    await database.close();
    return { broken, audit, done: audit.filter(({ outcome }) => outcome === "done").map(({ step }) => step) };
  }

  /** Nobody was told anything anew since so many writes, and each of these shows one of everything. */
  expectSilence(since: number, numbers: readonly number[]): void {
    const written = this.github.requests.writes.slice(since).map(({ operation }) => operation);
    // A check may be brought up to date in place, and a delivery be asked for again.
    const silent = ["checks/update", "apps/redeliver-webhook-delivery"];
    expect(written.filter((operation) => !silent.includes(operation))).toEqual([]);
    for (const number of numbers) expect(this.ours(number)).toEqual([1, 1, 1]);
    this.github.expectNoContractFindings();
  }
}

/** What the audit holds of a pull request that was answered. */
export const answeredSteps = expect.arrayContaining([
  expect.stringMatching(/^create a review/),
  expect.stringMatching(/^ask for review/),
]);
