import { z } from "zod";
import { readMarker } from "../../core/domain/marker.ts";
import type { OnboardingPullRequest } from "../../core/domain/onboarding.ts";
import { type Call, type GitHubClient, type GraphqlAnswer, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { refusalIn } from "./partial.ts";

/*
 * One pull request with a first model, from a branch of ours. Each of its three steps is found again on GitHub, so that
 * whoever dies between two of them goes on where they were: the branch, the commit on it, the pull request from it.
 */

/** The branch. Nothing else of ours is ever pushed to it. */
export const firstModelBranch = "threatgate/first-model";
/** Stands in the message of our commit, and in no other's by chance. */
const mark = "Threatgate-First-Model: ";

const lookDocument = `query FirstModel($owner: String!, $name: String!, $branch: String!, $qualified: String!) {
  repository(owner: $owner, name: $name) {
    id databaseId
    defaultBranchRef { name }
    ref(qualifiedName: $qualified) { target { oid ... on Commit { message } } }
    pullRequests(first: 20, headRefName: $branch, states: [OPEN, CLOSED, MERGED]) { nodes { url body viewerDidAuthor } }
  }
}`;

const branchDocument = `mutation MakeBranch($input: CreateRefInput!) {
  createRef(input: $input) { ref { name } }
}`;

const commitDocument = `mutation CommitFirstModel($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

const openDocument = `mutation OpenFirstModel($input: CreatePullRequestInput!) {
  createPullRequest(input: $input) { pullRequest { url } }
}`;

/** The documents that are sent, for checking them against GitHub's schema. */
export const documents = { lookDocument, branchDocument, commitDocument, openDocument };

const lookShape = z.object({
  repository: z.object({
    id: z.string(),
    databaseId: z.number().nullish(),
    defaultBranchRef: z.object({ name: z.string() }).nullish(),
    ref: z.object({ target: z.object({ oid: z.string(), message: z.string().optional() }).nullish() }).nullish(),
    pullRequests: z.object({
      nodes: z.array(z.object({ url: z.string(), body: z.string(), viewerDidAuthor: z.boolean() })),
    }),
  }),
});
const openedShape = z.object({ createPullRequest: z.object({ pullRequest: z.object({ url: z.string() }) }) });

const looking: Call = { what: "look for our own pull request", needs: "Pull requests: read", kind: "read" };
const branching: Call = { what: "make a branch", needs: "Contents: write", kind: "once" };
const committing: Call = { what: "commit to our branch", needs: "Contents: write", kind: "once" };
const opening: Call = {
  what: "open a pull request",
  needs: "Pull requests: write",
  kind: "once",
  createsContent: true,
};

/** Where it goes. */
export interface FirstModelPlace extends RepositoryName {
  readonly repositoryId: number;
  /** The head of the default branch that the model was derived from. */
  readonly commit: string;
  /** What our marker names in the text of the pull request. */
  readonly identity: string;
}

/** The requests: one client may write files and no more, the other pull requests. */
export interface FirstModelClients {
  readonly writing: GitHubClient;
  readonly posting: GitHubClient;
}

/** `there`: it was opened before, whatever became of it. `why`: what GitHub or the repository does not allow. */
export type FirstModelOpened = { readonly opened: string } | { readonly there: string } | { readonly why: string };

/** The address of our own pull request with a first model, open or not, by our marker and our own account (H037). */
export async function ownFirstModelOf(
  client: GitHubClient,
  place: RepositoryName,
  identity: string,
): Promise<string | undefined> {
  return ownAmong(await look(client, place), identity);
}

/**
 * Opens it, once. Throws only the three kinds of failures.ts: when it is not known whether GitHub did a step, the next call
 * finds out.
 */
export async function openFirstModel(
  { writing, posting }: FirstModelClients,
  place: FirstModelPlace,
  { title, body, files }: OnboardingPullRequest,
): Promise<FirstModelOpened> {
  const seen = await look(posting, place);
  if (seen.databaseId !== place.repositoryId) return { why: "another repository has this name now" };
  const there = ownAmong(seen, place.identity);
  if (there !== undefined) return { there };
  const target = seen.ref?.target;
  if (target?.message?.trimEnd().endsWith(mark + place.repositoryId) !== true) {
    if (target && target.oid !== place.commit && !(await isContained(posting, place, target.oid)))
      return { why: `the branch ${firstModelBranch} is there and is not ours` };
    const made = target ? undefined : refusedBecause(await makeBranch(writing, seen.id, place.commit), "branch");
    if (made !== undefined) return { why: made };
    const head = target?.oid ?? place.commit;
    const committed = refusedBecause(await commit(writing, place, head, title, files), "commit");
    if (committed !== undefined) return { why: committed };
  }
  const input = {
    repositoryId: seen.id,
    baseRefName: seen.defaultBranchRef?.name ?? "",
    headRefName: firstModelBranch,
    title,
    body,
  };
  const answer = await posting.graphql(openDocument, { input }, opening);
  const refused = refusedBecause(answer, "pull request");
  if (refused !== undefined) return { why: refused };
  return { opened: read(openedShape, answer.data, opening.what).createPullRequest.pullRequest.url };
}

type Look = z.output<typeof lookShape>["repository"];

async function look(client: GitHubClient, { owner, name }: RepositoryName): Promise<Look> {
  const variables = { owner, name, branch: firstModelBranch, qualified: `refs/heads/${firstModelBranch}` };
  const { data, errors } = await client.graphql(lookDocument, variables, looking);
  const refusal = refusalIn(errors, ["repository"]);
  if (refusal) throw refusal.asFailure(looking.what, looking.needs);
  return read(lookShape, data, looking.what).repository;
}

function ownAmong({ pullRequests }: Look, identity: string): string | undefined {
  return pullRequests.nodes.find(({ body, viewerDidAuthor }) => {
    const marked = readMarker(body);
    return viewerDidAuthor && marked?.kind === "issue" && marked.threat === identity;
  })?.url;
}

const comparisonShape = z.object({ status: z.string() });

/** Whether the default branch holds a commit already: then a branch there is one that was made and never committed to. */
async function isContained(client: GitHubClient, place: FirstModelPlace, oid: string): Promise<boolean> {
  const call: Call = { what: "look what our branch holds", needs: "Contents: read", kind: "read", accepts: [404] };
  const route = "GET /repos/{owner}/{repo}/compare/{basehead}";
  const basehead = `${place.commit}...${oid}`;
  const answer = await client.rest(
    route,
    { owner: place.owner, repo: place.name, basehead, per_page: 1, page: 1 },
    call,
  );
  if (answer.status !== 200) return false;
  const { status } = read(comparisonShape, answer.data, call.what);
  return status === "behind" || status === "identical";
}

function makeBranch(client: GitHubClient, repositoryId: string, oid: string): Promise<GraphqlAnswer> {
  const input = { repositoryId, name: `refs/heads/${firstModelBranch}`, oid };
  return client.graphql(branchDocument, { input }, branching);
}

function commit(
  client: GitHubClient,
  { owner, name, repositoryId }: FirstModelPlace,
  head: string,
  headline: string,
  files: OnboardingPullRequest["files"],
): Promise<GraphqlAnswer> {
  const input = {
    branch: { repositoryNameWithOwner: `${owner}/${name}`, branchName: firstModelBranch },
    expectedHeadOid: head,
    message: { headline, body: mark + repositoryId },
    fileChanges: {
      additions: files.map(({ path, text }) => ({ path, contents: Buffer.from(text, "utf8").toString("base64") })),
    },
  };
  return client.graphql(commitDocument, { input }, committing);
}

/** A rule of the repository or a missing permission: GitHub says which, and another attempt changes nothing. */
function refusedBecause({ errors }: GraphqlAnswer, what: string): string | undefined {
  const [error] = errors;
  return error && `GitHub does not take the ${what}: ${error.message.replace(/\s+/g, " ").slice(0, 200)}`;
}
