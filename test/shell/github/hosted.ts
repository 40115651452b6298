import type { Desired } from "../../../src/core/domain/desired.ts";
import { fingerprintOf, writeMarker } from "../../../src/core/domain/marker.ts";
import type { Needs } from "../../../src/core/domain/needs.ts";
import type { Observed } from "../../../src/core/domain/observed.ts";
import type { Plan, StepResult } from "../../../src/core/domain/plan.ts";
import type { Snapshot } from "../../../src/core/domain/snapshot.ts";
import { reconcile } from "../../../src/core/reconcile.ts";
import type { Subject } from "../../../src/shell/event.ts";
import { openApp } from "../../../src/shell/github/app.ts";
import type { GitHubClient } from "../../../src/shell/github/client.ts";
import { githubPort } from "../../../src/shell/github/port.ts";
import { alwaysMayWrite } from "../../../src/shell/ports.ts";
import { tracker } from "../../../src/shell/trackers/github-issues.ts";
import type { GitHub } from "../../github/github.ts";
import type { Seed } from "../../github/seed.ts";
import { startGitHub } from "../../github/server.ts";
import { StillClock } from "./still-clock.ts";

// The first test of a file reads GitHub's whole schema, which takes seconds where others work beside it.
export const repository = "acme/shop";

/** An organisation with two architects, a developer and one repository; each test bends what it is about. */
export const organisation: Seed = {
  now: "2026-03-04T09:00:00Z",
  users: ["sam", "dana", "lee", "olga"],
  organizations: [
    {
      login: "acme",
      owners: ["olga"],
      members: ["sam", "dana", "lee"],
      teams: [{ name: "security-architects", members: ["dana", "lee"] }],
    },
  ],
  repositories: [
    {
      name: repository,
      files: {
        "README.md": "# Shop\n",
        ".github/threatgate.yml": "version: 1\n",
        "docs/threat-model.md": "# Threats\n",
      },
      teams: { "security-architects": "write" },
      collaborators: { sam: "write" },
    },
  ],
};

export const nothingMore: Needs = { texts: [], look: [], teams: [] };

/** A stand-in for GitHub with our App installed on it, and what the bot's shell does there. */
export class Hosted {
  readonly github: GitHub;
  readonly clock: StillClock;
  readonly client: GitHubClient;

  private constructor(github: GitHub, clock: StillClock, client: GitHubClient) {
    this.github = github;
    this.clock = clock;
    this.client = client;
  }

  static async start(seed: Seed = organisation): Promise<Hosted> {
    const github = await startGitHub(seed);
    // The stand-in judges an App's own token by the host's clock, whatever day it plays.
    const clock = new StillClock(Date.now());
    const { id, privateKey, installation } = github.app;
    const app = openApp({ appId: id, privateKeys: [privateKey], baseUrl: github.url, clock });
    return new Hosted(github, clock, app.forRepository(installation, "shop"));
  }

  subject(number: number): Extract<Subject, { kind: "pull-request" }> {
    const { installation } = this.github.app;
    return { kind: "pull-request", owner: "acme", repository: "shop", number, installation };
  }

  /** Opens a pull request of Sam's that adds these files. */
  open(files: Readonly<Record<string, string>> = { "infra/export.tf": lines(5) }, branch = "feature"): number {
    return this.github.as("sam").openPullRequest(repository, { branch, files });
  }

  port() {
    return githubPort(this.client, { tracker: tracker.open(this.client) });
  }

  async read(number: number, needs: Needs = nothingMore): Promise<Snapshot> {
    const { source } = this.port();
    const subject = this.subject(number);
    return source.snapshot(subject, await source.listing(subject), needs);
  }

  /** One whole evaluation with a verdict given beforehand. */
  async evaluate(
    number: number,
    desired: Desired,
  ): Promise<{ plan: Plan; results: readonly StepResult[]; observed: Observed }> {
    const { source, posts } = this.port();
    const subject = this.subject(number);
    const snapshot = await source.snapshot(subject, await source.listing(subject), nothingMore);
    const observed = await posts.observed(subject, snapshot, undefined);
    const plan = reconcile(desired, observed, snapshot.head);
    return { plan, observed, results: await posts.apply(subject, plan, alwaysMayWrite) };
  }

  /** The operations that were asked for since `clear`, left out what the App asks once in a while for an installation. */
  operations(): string[] {
    const asTheApp = ["apps/create-installation-access-token", "apps/get-installation"];
    return this.github.requests.all
      .map((request) => request.operation)
      .filter((operation) => !asTheApp.includes(operation));
  }
}

export function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("");
}

/** What a verdict would show: a check, a review with one question a line, a request for review. */
export function wanted(
  number: number,
  more: Partial<Desired> = {},
  questions: readonly (number | undefined)[] = [2],
): Desired {
  return {
    checkRun: {
      name: "threat-model",
      conclusion: "neutral",
      title: "Advice: 1 question open",
      summary: "One change matters.",
      annotations: [],
    },
    pullRequestUrl: `https://github.example/acme/shop/pull/${number}`,
    review: {
      ask: {
        summary: `${writeMarker({ kind: "summary", pullRequest: number })}\n**Threat model: 1 question**`,
        comments: questions.map((line, index) => question(`rule-${index}`, "infra/export.tf", line)),
      },
    },
    reviewers: { teams: ["security-architects"], users: [] },
    issues: [],
    withheld: [],
    ...more,
  };
}

export function question(rule: string, path: string, line: number | undefined) {
  const fingerprint = fingerprintOf(rule, path, "bucket");
  const body = `${writeMarker({ kind: "question", fingerprint })}\n**${rule}**: who can read it?`;
  return { fingerprint, path, body, ...(line === undefined ? {} : { line }) };
}

export function threatIssue(threat: string, state: "open" | "closed" = "open") {
  return {
    threat,
    title: `Threat ${threat}`,
    body: `${writeMarker({ kind: "issue", threat })}\nTo do.`,
    labels: ["threat-model"],
    state,
  };
}
