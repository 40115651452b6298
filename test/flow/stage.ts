import { afterEach } from "@jest/globals";
import { createMemory, forgetful, issueTracker, worldOf } from "../../src/entry/world.ts";
import type { WakeUp } from "../../src/shell/event.ts";
import { type GitHubApp, openApp } from "../../src/shell/github/app.ts";
import type { GitHubClient } from "../../src/shell/github/client.ts";
import { githubPort, type PortOptions } from "../../src/shell/github/port.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import type { World } from "../../src/shell/ports.ts";
import { type Outcome, run } from "../../src/shell/run.ts";
import { repositoryNamed } from "../github/find.ts";
import type { GitHub } from "../github/github.ts";
import type { RepositorySeed, Seed } from "../github/seed.ts";
import { startGitHub } from "../github/server.ts";
import type { CheckRun, Issue, PullRequest, Review, Thread } from "../github/world.ts";
import { StillClock } from "../shell/github/still-clock.ts";

// The first stage of a file reads GitHub's whole schema and all rules, which takes seconds where others work beside it.
const rules = await readRules();

/** What is different on a stage. */
export interface Scenery {
  /** Text of `.github/threatgate.yml` on the default branch; left out, there is none. */
  readonly policy?: string;
  /** The same of the organisation's `.github` repository; left out, there is no such repository. */
  readonly organisationPolicy?: string;
  /** Files of the organisation's `.github` repository beside its policy. */
  readonly organisationFiles?: Readonly<Record<string, string>>;
  /** Files of the default branch beside the README. */
  readonly files?: Readonly<Record<string, string>>;
  readonly repository?: Partial<RepositorySeed>;
  readonly seed?: Partial<Seed>;
}

/** What the App asks as itself, once in a while for a whole installation. */
const asTheApp: ReadonlySet<string> = new Set(["apps/create-installation-access-token", "apps/get-installation"]);

const open = new Set<Stage>();

afterEach(async () => {
  const stages = [...open];
  open.clear();
  for (const stage of stages) await stage.close();
});

/**
 * An organisation `acme` with a repository `shop` on the stand-in for GitHub, people in it, and the bot as its service
 * runs it, without its database. Sam writes code, Dana is a Security Architect, Lee reviews, Olga owns the organisation.
 * When a test ends, every request must have been as GitHub's API is described.
 */
export class Stage {
  readonly github: GitHub;
  readonly app: GitHubApp;
  readonly memory = createMemory();
  client: GitHubClient;
  /** `owner/name` by which the repository goes now. */
  name: string;
  installation: number;
  #requestsBefore = 0;

  private constructor(github: GitHub, name: string) {
    this.github = github;
    this.name = name;
    // The stand-in judges an App's own token by the host's clock, whatever day it plays; waits pass at once.
    const clock = new StillClock(Date.now());
    const { id, privateKey, installation } = github.app;
    this.app = openApp({ appId: id, privateKeys: [privateKey], baseUrl: github.url, clock });
    this.installation = installation;
    this.client = this.app.forRepository(installation, name.slice(name.indexOf("/") + 1));
  }

  /** The repository goes by another name from now on, under whichever installation is its new owner's. */
  movedTo(name: string, installation = this.installation): void {
    this.name = name;
    this.installation = installation;
    this.client = this.app.forRepository(installation, name.slice(name.indexOf("/") + 1));
  }

  static async set({
    policy,
    organisationPolicy,
    organisationFiles,
    files = {},
    repository = {},
    seed = {},
  }: Scenery = {}): Promise<Stage> {
    const name = repository.name ?? "acme/shop";
    const own = policy === undefined ? {} : { ".github/threatgate.yml": policy };
    const organisation =
      organisationPolicy === undefined && organisationFiles === undefined
        ? []
        : [policyRepository(organisationPolicy, organisationFiles)];
    const github = await startGitHub({
      now: "2026-03-04T09:00:00Z",
      users: ["sam", "dana", "lee", "olga", "mallory"],
      organizations: [
        {
          login: "acme",
          owners: ["olga"],
          members: ["sam", "lee"],
          teams: [{ name: "security-architects", members: ["dana"] }],
        },
      ],
      repositories: [
        {
          files: { "README.md": "# Shop\n", ...own, ...files },
          collaborators: { sam: "write" },
          ...(name.startsWith("acme/") ? { teams: { "security-architects": "write" as const } } : {}),
          ...repository,
          name,
        },
        ...organisation,
      ],
      ...seed,
    });
    const stage = new Stage(github, name);
    open.add(stage);
    return stage;
  }

  /** Opens a pull request of Sam's with these files. */
  opened(
    files: Readonly<Record<string, string | null>>,
    words: { title?: string; branch?: string; draft?: boolean } = {},
  ): number {
    return this.github.as("sam").openPullRequest(this.name, { branch: "feature", ...words, files });
  }

  /** Sam pushes one more commit. */
  pushed(number: number, files: Readonly<Record<string, string | null>>, words: { rebase?: boolean } = {}): void {
    this.github.as("sam").pushToPullRequest(this.name, number, { message: "More", files, ...words });
  }

  /** One evaluation of a pull request, from its newest state. */
  async evaluated(number: number, options: PortOptions = {}): Promise<Outcome> {
    const before = this.github.requests.all.length;
    this.#requestsBefore = before;
    return run(this.subject(number), this.world(options));
  }

  subject(number: number): WakeUp["subject"] {
    const [owner = "", repository = ""] = this.name.split("/");
    return { kind: "pull-request", owner, repository, number, installation: this.installation };
  }

  world(options: PortOptions = {}): World {
    return worldOf({
      ...githubPort(this.client, {
        tracker: issueTracker(this.client),
        others: () => this.app.repositoriesOf(this.installation),
        elsewhere: (other) => this.app.forReading(this.installation, other),
        ...options,
      }),
      store: forgetful,
      memory: this.memory,
      rules,
      host: this.github.url,
      requestId: "request-1",
      details: "https://threatgate.example/page",
      // On a busy machine an evaluation may take longer than people wait for: what is written must not depend on it.
      showProgressAfter: 3_600_000,
    });
  }

  /** What the last evaluation asked of GitHub, tokens left out: `reading` in order, `writing` in order. */
  get asked(): { readonly reading: string[]; readonly writing: string[] } {
    const writes = new Set(this.github.requests.writes);
    const since = this.github.requests.all
      .slice(this.#requestsBefore)
      .filter(({ operation }) => !asTheApp.has(operation));
    const names = (wanted: boolean) => since.filter((one) => writes.has(one) === wanted).map((one) => one.operation);
    return { reading: names(false), writing: names(true) };
  }

  pull(number: number): PullRequest {
    return this.github.pullRequest(this.name, number);
  }

  /** The commit that a branch points to. */
  tipOf(branch: string): string {
    return repositoryNamed(this.github.world, this.name).branches.get(branch) ?? "";
  }

  /** Text of a file at a commit; undefined where there is none. */
  fileAt(commit: string, path: string): string | undefined {
    const { store } = repositoryNamed(this.github.world, this.name);
    const entry = store.entryAt(commit, path);
    return entry && Buffer.from(store.blob(entry.oid)).toString("utf8");
  }

  /** Our own check on the head, the latest of its name. Throws where there is none. */
  check(number: number, name = "threat-model"): CheckRun {
    const ours = this.checks(number, name);
    const latest = ours[ours.length - 1];
    if (!latest) throw new Error(`there is no check ${name} of ours`);
    return latest;
  }

  checks(number: number, name = "threat-model"): CheckRun[] {
    return this.github
      .checkRuns(this.name, number)
      .filter((check) => check.name === name && check.app.id === this.github.app.id);
  }

  /** Our own submitted reviews, oldest first. */
  reviews(number: number): Review[] {
    return this.pull(number).reviews.filter((review) => review.author?.login === this.bot);
  }

  /** Threads that we began, oldest first. */
  questions(number: number): Thread[] {
    return this.pull(number).threads.filter((thread) => thread.comments[0]?.author?.login === this.bot);
  }

  issues(): readonly Issue[] {
    return this.github.issues(this.name);
  }

  /** Everything of ours that people see of a pull request, with which two moments are compared. */
  seen(number: number) {
    return {
      checks: this.checks(number).map(({ id, conclusion, title, summary, text }) => ({
        id,
        conclusion,
        title,
        summary,
        text,
      })),
      reviews: this.reviews(number).map(({ id, body, minimized }) => ({ id, body, minimized })),
      questions: this.questions(number).map(({ id, path, resolved, comments }) => ({
        id,
        path,
        resolved,
        said: comments.map(({ body }) => body),
      })),
      requested: this.pull(number).requestedTeams.map((team) => team.slug),
      issues: this.issues().map((issue) => ({ number: issue.number, title: issue.title, state: issue.state })),
    };
  }

  get bot(): string {
    return `${this.github.app.slug}[bot]`;
  }

  async close(): Promise<void> {
    open.delete(this);
    await this.github.close();
    this.github.expectNoContractFindings();
  }
}

function policyRepository(text: string | undefined, files: Readonly<Record<string, string>> = {}): RepositorySeed {
  const policy = text === undefined ? {} : { ".github/threatgate.yml": text };
  return { name: "acme/.github", files: { "README.md": "# acme\n", ...policy, ...files } };
}

/** A bucket in Terraform: the plainest change that matters, a new data store. */
export function bucket(name: string, more = ""): string {
  return `resource "aws_s3_bucket" "${name}" {\n  bucket = "acme-${name}"\n${more}}\n`;
}
