import fc from "fast-check";
import type { Rules } from "../../src/core/domain/rules.ts";
import { inTurn } from "../../src/entry/turns.ts";
import { createMemory, issueTracker, worldOf } from "../../src/entry/world.ts";
import { TryAgainLater } from "../../src/shell/failures.ts";
import { openApp } from "../../src/shell/github/app.ts";
import type { Clock } from "../../src/shell/github/pace.ts";
import { githubPort } from "../../src/shell/github/port.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import type { World } from "../../src/shell/ports.ts";
import { run } from "../../src/shell/run.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { createStore } from "../../src/shell/store/records.ts";
import { effects } from "../../test/github/faults.ts";
import type { GitHub } from "../../test/github/github.ts";
import { startGitHub } from "../../test/github/server.ts";
import { openPrepared } from "../../test/make/prepared-database.ts";
import {
  act,
  type Deed,
  deeds,
  differences,
  firstFile,
  oursOn,
  visible,
} from "../../test/make/pull-request-history.ts";
import type { Outcome, Wanted } from "./outcome.ts";

/*
 * Random histories of one pull request. After each deed the bot hears of it well, twice, late, or not at all; it is killed
 * before, between or after its writes, and answers of GitHub's are lost. In the end it hears of the last state once, as a
 * sweep would see to, and must have left what a bot that heard only of that leaves.
 */

/** How the bot hears of a deed. `killed`: it ends before the write of this number. */
type Heard =
  | { readonly how: "lost" | "well" | "twice" | "answer-lost" | "killed-before-record" }
  | { readonly how: "killed"; readonly before: number };

const hearings: fc.Arbitrary<Heard> = fc.oneof(
  fc.record({ how: fc.constantFrom("lost", "well", "twice", "answer-lost", "killed-before-record") }),
  fc.record({ how: fc.constant("killed" as const), before: fc.integer({ min: 0, max: 3 }) }),
);

interface Turn {
  readonly deed: Deed;
  readonly heard: Heard;
  /** A wake-up of an earlier deed that arrives only now. */
  readonly late: boolean;
}

const turns: fc.Arbitrary<Turn[]> = fc.array(fc.record({ deed: deeds, heard: hearings, late: fc.boolean() }), {
  minLength: 1,
  maxLength: 10,
});

/** The process ends here; whatever it had begun is left as it is. */
class Killed extends Error {}

const name = "acme/shop";
const policy = "version: 1\nmode: enforce\narchitects:\n  teams: [security-architects]\nriskThreshold: medium\n";
const quick: Clock = { now: () => Date.now(), wait: async () => {} };

/** One copy of a history. */
class Copy {
  readonly github: GitHub;
  readonly number: number;
  readonly name = name;
  readonly #rules: Rules;
  readonly #database: Database;
  readonly #repositoryId: number;

  private constructor(github: GitHub, rules: Rules, database: Database, repositoryId: number) {
    this.github = github;
    this.#rules = rules;
    this.#database = database;
    this.#repositoryId = repositoryId;
    github.as("sam").pushCommit(name, { branch: "sandbox", files: { "SANDBOX.md": "Try.\n" } });
    this.number = github.as("sam").openPullRequest(name, { branch: "feature", files: firstFile });
  }

  static async begin(rules: Rules, database: Database, repositoryId: number): Promise<Copy> {
    const github = await startGitHub({
      now: "2026-03-04T09:00:00Z",
      users: ["sam", "dana", "lee", "olga"],
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
          id: repositoryId,
          name,
          files: { "README.md": "# Shop\n", ".github/threatgate.yml": policy },
          collaborators: { sam: "write" },
          teams: { "security-architects": "write" },
        },
      ],
    });
    return new Copy(github, rules, database, repositoryId);
  }

  /** One evaluation by a process of its own. Ends early where it is killed, or GitHub lets it wait. */
  async evaluate(heard: Heard, updatedAt?: string): Promise<void> {
    const { id, privateKey, installation } = this.github.app;
    const app = openApp({ appId: id, privateKeys: [privateKey], baseUrl: this.github.url, clock: quick });
    const client = app.forRepository(installation, "shop");
    const world = worldOf({
      ...githubPort(client, { tracker: issueTracker(client) }),
      store: createStore(this.#database.kysely),
      memory: createMemory(),
      rules: this.#rules,
      host: this.github.url,
      requestId: "chaos",
    });
    const place = { repositoryId: this.#repositoryId, repository: name, number: this.number };
    const subject = { kind: "pull-request", owner: "acme", repository: "shop", number: this.number } as const;
    const seen = { ...subject, installation, repositoryId: this.#repositoryId, ...(updatedAt ? { updatedAt } : {}) };
    try {
      await run(seen, killed(await inTurn(killedWhileWriting(world, heard), this.#database, place), heard));
    } catch (error) {
      if (!(error instanceof Killed || error instanceof TryAgainLater)) throw error;
    }
  }
}

/** Its process ends before a write. */
function killedWhileWriting(world: World, heard: Heard): World {
  if (heard.how !== "killed") return world;
  let left = heard.before;
  const { posts } = world;
  return {
    ...world,
    posts: {
      observed: posts.observed.bind(posts),
      begin: posts.begin.bind(posts),
      apply: (subject, plan, mayWrite) =>
        posts.apply(subject, plan, async (step) => {
          if (left-- <= 0) throw new Killed();
          return mayWrite?.(step) ?? true;
        }),
    },
  };
}

/** Its process ends after all writes and before their record. */
function killed(world: World, heard: Heard): World {
  if (heard.how !== "killed-before-record") return world;
  return { ...world, store: { record: async () => Promise.reject(new Killed()) } };
}

async function hear(copy: Copy, heard: Heard, updatedAt: string): Promise<void> {
  if (heard.how === "lost") return;
  const disarm =
    heard.how === "answer-lost"
      ? copy.github.faults.add({
          operation: /create|update|request-reviewers|AddThreads|SubmitReview/,
          times: 2,
          effect: effects.lostAfterApplying,
        })
      : () => {};
  await copy.evaluate(heard, updatedAt);
  disarm();
  if (heard.how === "twice") await copy.evaluate({ how: "well" }, updatedAt);
}

/** Plays one history twice, disturbed and undisturbed; what differs in the end, one sentence each. */
async function play(played: readonly Turn[], begin: () => Promise<Copy>): Promise<readonly string[]> {
  const noisy = await begin();
  const clean = await begin();
  try {
    let before = noisy.github.pullRequest(name, noisy.number).updatedAt;
    for (const { deed, heard, late } of played) {
      act(noisy, noisy.number, deed);
      act(clean, clean.number, deed);
      const now = noisy.github.pullRequest(name, noisy.number).updatedAt;
      await hear(noisy, heard, now);
      if (late) await noisy.evaluate({ how: "well" }, before);
      before = now;
    }
    // A draft and a closed pull request keep what was said before; ready and open they are compared.
    for (const does of ["reopen", "ready"] as const) {
      act(noisy, noisy.number, { does });
      act(clean, clean.number, { does });
    }
    for (const copy of [noisy, clean]) await copy.evaluate({ how: "well" });
    const writes = noisy.github.requests.writes.length;
    await noisy.evaluate({ how: "well" });
    const found = [...differences(visible(noisy, noisy.number), visible(clean, clean.number))];
    if (noisy.github.requests.writes.length > writes) found.push("a second look at the same state writes");
    const head = noisy.github.pullRequest(name, noisy.number).head.sha;
    const onHead = oursOn(noisy, noisy.number).checks.filter(({ headSha }) => headSha === head);
    if (onHead.some(({ status }) => status !== "completed")) found.push("a check was left in progress");
    noisy.github.expectNoContractFindings();
    return found;
  } finally {
    await noisy.github.close();
    await clean.github.close();
  }
}

const openedToAll = 'resource "aws_s3_bucket" "a" {\n  bucket = "acme-a"\n  acl = "public-read"\n}\n';
const answered = `schemaVersion: 1
system: {name: shop, description: Sells things to people., owner: sam}
elements:
  - {id: exports, type: object-store, name: exports, files: [infra/**]}
threats:
  - {id: th-1, element: exports, stride: I, title: Anybody can read the exports, impact: high, likelihood: high, status: open}
`;

/** Histories that went wrong once: they are played first. */
const earlier: readonly Turn[][] = [
  // A question of an earlier commit, answered at last, kept its place for one look and not for the next.
  [
    { deed: push("infra/a.tf", firstFile["infra/a.tf"]), heard: { how: "killed-before-record" }, late: false },
    { deed: push("infra/a.tf", openedToAll), heard: { how: "killed", before: 0 }, late: false },
    { deed: push("threat-model.yaml", answered), heard: { how: "killed", before: 0 }, late: false },
  ],
];

function push(file: string, text: string): Deed {
  return { does: "push", file, text, rebase: false };
}

/** @param count histories to play. */
export async function histories({ seed }: Wanted, count = 300): Promise<Outcome> {
  const rules = await readRules();
  const database = await openPrepared((error) => console.error(error.message));
  let repositories = 10_000;
  const wrong: string[] = [];
  try {
    const begin = (): Promise<Copy> => Copy.begin(rules, database, ++repositories);
    const checked = await fc.check(
      fc.asyncProperty(turns, async (played) => {
        const found = await play(played, begin);
        if (found.length > 0) throw new Error(found.join("; "));
      }),
      { numRuns: count, seed, examples: earlier.map((turnsOfOne) => [turnsOfOne]) },
    );
    if (checked.failed) {
      const said = checked.errorInstance instanceof Error ? checked.errorInstance.message : "";
      wrong.push(`after ${checked.numRuns} histories: ${said}: ${JSON.stringify(checked.counterexample)}`);
    }
    return { figures: { histories: checked.numRuns }, wrong };
  } finally {
    await database.close();
  }
}
