import { z } from "zod";
import type { GroupMember } from "../../core/domain/merge-group.ts";
import type { Plan, StepResult } from "../../core/domain/plan.ts";
import type { MergeGroupName } from "../event.ts";
import { nodesOf } from "./answer-lists.ts";
import { CheckRuns } from "./check-runs.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { refusalIn } from "./partial.ts";

/*
 * A merge queue makes a commit for each entry, on top of the one before it; a group is the entries between two of them.
 * Nothing is taken from messages of commits or names of branches, which people write.
 * https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
 */

const document = `query MergeQueue($owner: String!, $name: String!, $branch: String!, $appId: Int) {
  repository(owner: $owner, name: $name) { databaseId mergeQueue(branch: $branch) { entries(first: 100) { nodes {
    baseCommit { oid } headCommit { oid }
    pullRequest { number headRefOid commits(last: 1) { nodes { commit { oid
      checkSuites(first: 5, filterBy: { appId: $appId }) { nodes { app { databaseId }
        checkRuns(first: 2, filterBy: { checkName: "threat-model", checkType: LATEST }) { nodes { status conclusion } }
      } }
    } } } }
  } } } }
}`;

/** The document that is sent, for checking it against GitHub's schema. */
export const documents = { mergeQueue: document };

const listOf = <Node extends z.ZodType>(node: Node) => z.object({ nodes: z.array(node.nullable()).nullish() });
const commit = z.object({ oid: z.string() });
const run = z.object({ status: z.string(), conclusion: z.string().nullish() });
const suite = z.object({
  app: z.object({ databaseId: z.number().nullish() }).nullish(),
  checkRuns: listOf(run).nullish(),
});
const pullRequest = z.object({
  number: z.number(),
  headRefOid: z.string(),
  commits: listOf(z.object({ commit: commit.extend({ checkSuites: listOf(suite).nullish() }) })),
});
const entry = z.object({
  baseCommit: commit.nullish(),
  headCommit: commit.nullish(),
  pullRequest: pullRequest.nullish(),
});
type Entry = z.infer<typeof entry>;

const shape = z.object({
  repository: z.object({
    databaseId: z.number().nullish(),
    mergeQueue: z.object({ entries: listOf(entry).nullish() }).nullish(),
  }),
});

const reading: Call = { what: "read the merge queue", needs: "Merge queues: read", kind: "read" };

/** The merge queue of one repository. */
export class GitHubMergeQueue {
  readonly #client: GitHubClient;
  readonly #place: RepositoryName;

  constructor(client: GitHubClient, place: RepositoryName) {
    this.#client = client;
    this.#place = place;
  }

  /** Oldest first. A permission that is missing is an answer: nobody is let through because we may not look. */
  async members(group: MergeGroupName): Promise<readonly GroupMember[] | { readonly unknown: string }> {
    const { owner, name } = this.#place;
    const appId = this.#client.identity.appId ?? null;
    const answer = await this.#client.graphql(document, { owner, name, branch: group.branch, appId }, reading);
    const refusal = refusalIn(answer.errors, ["repository"]);
    if (refusal?.kind === "denied") {
      return {
        unknown: "This App may not read merge queues: grant it the permission, or take the check off the queue.",
      };
    }
    if (refusal) throw refusal.asFailure(reading.what, reading.needs);
    const { mergeQueue } = read(shape, answer.data, reading.what).repository;
    const chain = chainOf(nodesOf(mergeQueue?.entries), group);
    if (chain.length === 0) return { unknown: "The queue holds this group no longer." };
    const members = chain.map((one) => memberOf(one, appId));
    if (members.includes(undefined)) return { unknown: "GitHub does not show all pull requests of the group." };
    return members.filter((member) => member !== undefined);
  }

  /** Writes the check on the head of the group. */
  async post(plan: Plan, number: number): Promise<readonly StepResult[]> {
    const checkRuns = new CheckRuns(this.#client);
    const results: StepResult[] = [];
    for (const step of plan.steps) {
      if (step.do !== "create-check-run") continue;
      results.push((await checkRuns.create({ ...this.#place, number, head: plan.head }, step)).result);
    }
    return results;
  }
}

/** The entries from the group's head back to its base. */
function chainOf(entries: readonly Entry[], { head, base }: MergeGroupName): Entry[] {
  const chain: Entry[] = [];
  let at = head;
  while (at !== base && chain.length < entries.length) {
    const found = entries.find(({ headCommit }) => headCommit?.oid === at);
    if (!found) break;
    chain.unshift(found);
    at = found.baseCommit?.oid ?? base;
  }
  return chain;
}

function memberOf({ pullRequest: pull }: Entry, appId: number | null): GroupMember | undefined {
  if (!pull) return undefined;
  const [last] = nodesOf(pull.commits);
  const { number, headRefOid: head } = pull;
  if (last?.commit.oid !== head) return { number, head, verdict: "unknown" };
  const ours = nodesOf(last.commit.checkSuites).filter(({ app }) => appId !== null && app?.databaseId === appId);
  const [check] = ours.flatMap(({ checkRuns }) => nodesOf(checkRuns));
  if (check?.status !== "COMPLETED") return { number, head, verdict: "unknown" };
  const passes = check.conclusion === "SUCCESS" || check.conclusion === "NEUTRAL";
  return { number, head, verdict: passes ? "passes" : "blocked" };
}
