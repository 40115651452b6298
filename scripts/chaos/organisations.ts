import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunningService } from "../../test/flow/program.ts";
import type { GitHub } from "../../test/github/github.ts";
import { startGitHub } from "../../test/github/server.ts";

const policy = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";

/** A stand-in with so many organisations, each with a repository `shop` and an installation of its own. */
export async function organisations(count: number): Promise<{ github: GitHub; repositories: readonly string[] }> {
  const logins = Array.from({ length: count }, (_, index) => `organisation-${index + 1}`);
  const repositories = logins.map((login) => `${login}/shop`);
  const github = await startGitHub({
    users: ["sam", "dana", "olga"],
    organizations: logins.map((login) => ({
      login,
      owners: ["olga"],
      members: ["sam"],
      teams: [{ name: "security-architects", members: ["dana"] }],
    })),
    repositories: repositories.map((name) => ({
      name,
      files: { "README.md": "# Shop\n", ".github/threatgate.yml": policy },
      collaborators: { sam: "write" as const },
      teams: { "security-architects": "write" as const },
    })),
    apps: [{ slug: "threatgate" }],
  });
  return { github, repositories };
}

/** A folder for one run, and how to remove it. */
export async function folderFor(what: string): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `threatgate-${what}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The real service in a process of its own, for one stand-in; started again on the same data as often as wanted. */
export class Bot {
  readonly #github: GitHub;
  readonly #folder: string;
  readonly #settings: Readonly<Record<string, string>>;
  #service: RunningService | undefined;
  /** Sentences about ends that nobody asked for. */
  readonly ends: string[] = [];
  /** Whatever it said that is no line of its log: an unhandled rejection, a crash. */
  readonly faults: string[] = [];
  /** Every line of every run. */
  readonly said: string[] = [];

  constructor(github: GitHub, folder: string, settings: Readonly<Record<string, string>> = {}) {
    this.#github = github;
    this.#folder = folder;
    // One person does everything here, which nobody does within an hour.
    this.#settings = { EVALUATIONS_PER_PERSON: "10000", SWEEP_SECONDS: "10", ...settings };
  }

  get service(): RunningService {
    if (!this.#service) throw new Error("the service does not run");
    return this.#service;
  }

  async start(): Promise<void> {
    this.#service = await RunningService.start(this.#github, this.#folder, this.#settings);
  }

  /** Ends it; what its log says of faults is kept. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const service = this.#service;
    if (!service) return;
    const early = service.exitCode;
    if (early !== undefined) this.ends.push(`the service ended by itself with ${early}`);
    const code = await service.end(signal);
    if (signal === "SIGTERM" && code !== 0) this.ends.push(`the service ended with ${code} when it was asked to`);
    this.said.push(...service.lines);
    for (const line of service.lines) if (!line.startsWith("{")) this.faults.push(line);
    this.#service = undefined;
  }
}
