import { z } from "zod";
import { TryAgainLater } from "../failures.ts";
import { nodesOf } from "./answer-lists.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { isTooMuch } from "./first-look.ts";
import { refusalIn } from "./partial.ts";
import { aliases, type Query } from "./query.ts";

/** A merged pull request, as GitHub itself dates it. */
export interface MergedPullRequest {
  readonly number: number;
  readonly title: string;
  readonly mergedAt: string;
}

/** One commit on the way back through a default branch. */
export interface HistoryCommit {
  readonly oid: string;
  /** The commit that the branch pointed to before; absent for a first commit. */
  readonly parent?: string;
  /** What the commit says of itself: anybody can set it. */
  readonly committedDate: string;
  readonly title: string;
  /** The pull request that brought it to the default branch; absent for a push without one. */
  readonly pullRequest?: MergedPullRequest;
  /** Ids of the contents of the model files there. */
  readonly models: ReadonlyMap<string, string>;
}

/** Commits by their ids, and when GitHub made the repository: nothing was pushed to it before. */
export interface HistoryPage {
  readonly commits: ReadonlyMap<string, HistoryCommit>;
  readonly createdAt: string;
}

/** GitHub gives at most 100 commits at once. A commit and a model file are one look into a tree each. */
const mostCommits = 100;
const mostLooks = 1000;
const fewestCommits = 10;

const call: Call = {
  what: "read the history of the default branch",
  needs: "Contents: read, Pull requests: read",
  kind: "read",
};

/**
 * Commits from one backwards, that one included: three points by GitHub's formula. `since` and the order of dates are
 * not relied on, because commit dates can be set to anything; the caller follows first parents.
 */
export async function readHistoryPage(
  client: GitHubClient,
  repository: RepositoryName & { readonly defaultBranch: string },
  from: string,
  models: readonly string[],
): Promise<HistoryPage> {
  let count = Math.min(mostCommits, Math.max(fewestCommits, Math.floor(mostLooks / Math.max(1, models.length))));
  for (;;) {
    try {
      return await askFor(client, repository, from, models, count);
    } catch (error) {
      // GitHub gives a query ten seconds; fewer commits take less.
      if (!isTooMuch(error) || count <= fewestCommits) throw error;
      count = Math.max(fewestCommits, Math.floor(count / 3));
    }
  }
}

const commit = z.looseObject({
  oid: z.string(),
  committedDate: z.string(),
  messageHeadline: z.string(),
  parents: z.object({ nodes: z.array(z.object({ oid: z.string() }).nullable()).nullish() }),
  associatedPullRequests: z
    .object({
      nodes: z
        .array(
          z
            .object({
              number: z.number().int(),
              title: z.string(),
              mergedAt: z.string().nullish(),
              baseRefName: z.string(),
              repository: z.object({ databaseId: z.number().nullish() }).nullish(),
            })
            .nullable(),
        )
        .nullish(),
    })
    .nullish(),
});

const pageShape = z.object({
  repository: z.object({
    databaseId: z.number().nullish(),
    createdAt: z.string(),
    object: z.object({ history: z.object({ nodes: z.array(commit.nullable()).nullish() }).optional() }).nullish(),
  }),
});

const entry = z.object({ oid: z.string() }).nullish();

async function askFor(
  client: GitHubClient,
  repository: RepositoryName & { readonly defaultBranch: string },
  from: string,
  models: readonly string[],
  count: number,
): Promise<HistoryPage> {
  const { document, variables } = historyQuery(repository, from, models, count);
  const answer = await client.graphql(document, variables, call);
  const refusal = refusalIn(answer.errors, ["repository"]);
  if (refusal) throw refusal.asFailure(call.what, call.needs);
  const { databaseId, createdAt, object } = read(pageShape, answer.data, call.what).repository;
  const commits = nodesOf(object?.history).map((node): HistoryCommit => {
    const [parent] = nodesOf(node.parents);
    const pullRequest = broughtBy(nodesOf(node.associatedPullRequests), repository.defaultBranch, databaseId);
    const contents = aliases("f", models.length).flatMap((alias, index): [string, string][] => {
      const found = read(entry, node[alias], call.what);
      return found ? [[models[index] ?? "", found.oid]] : [];
    });
    return {
      oid: node.oid,
      ...(parent ? { parent: parent.oid } : {}),
      committedDate: node.committedDate,
      title: pullRequest?.title ?? node.messageHeadline,
      ...(pullRequest ? { pullRequest } : {}),
      models: new Map(contents),
    };
  });
  const byId = new Map(commits.map((one) => [one.oid, one]));
  if (!byId.has(from)) throw new TryAgainLater(`GitHub does not show commit ${from} yet.`);
  return { commits: byId, createdAt };
}

type Associated = NonNullable<
  NonNullable<NonNullable<z.infer<typeof commit>["associatedPullRequests"]>["nodes"]>[number]
>;

/** The pull request that first brought a commit to the default branch of this repository. */
function broughtBy(
  associated: readonly Associated[],
  defaultBranch: string,
  repositoryId: number | null | undefined,
): MergedPullRequest | undefined {
  let first: MergedPullRequest | undefined;
  for (const { number, title, mergedAt, baseRefName, repository } of associated) {
    if (!mergedAt || baseRefName !== defaultBranch) continue;
    if (repository?.databaseId && repositoryId && repository.databaseId !== repositoryId) continue;
    if (first === undefined || Date.parse(mergedAt) < Date.parse(first.mergedAt)) first = { number, title, mergedAt };
  }
  return first;
}

function historyQuery(repository: RepositoryName, from: string, models: readonly string[], count: number): Query {
  const files = aliases("f", models.length);
  const declared = files.map((name) => `, $${name}: String!`).join("");
  const looks = files.map((name) => `${name}: file(path: $${name}) { oid }`).join("\n        ");
  const document = `query History($owner: String!, $name: String!, $from: GitObjectID!, $count: Int!${declared}) {
  repository(owner: $owner, name: $name) {
    databaseId createdAt
    object(oid: $from) { ... on Commit {
      history(first: $count) { nodes {
        oid committedDate messageHeadline
        parents(first: 1) { nodes { oid } }
        associatedPullRequests(first: 5) { nodes { number title mergedAt baseRefName repository { databaseId } } }
        ${looks}
      } }
    } }
  }
}`;
  const paths = Object.fromEntries(files.map((name, index) => [name, models[index] ?? ""]));
  return { document, variables: { owner: repository.owner, name: repository.name, from, count, ...paths } };
}
