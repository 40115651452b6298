import { z } from "zod";
import { TryAgainLater, Uncertain } from "../failures.ts";
import type { BranchCommit, CommitResult } from "../ports.ts";
import { type Call, type GitHubClient, type GraphqlAnswer, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { refusalIn } from "./partial.ts";

/*
 * One commit of model files onto the branch of a pull request (H034). GitHub carries it out only while the branch is
 * where it was, and signs it. https://docs.github.com/graphql/reference/mutations#createcommitonbranch
 */

const branchDocument = `query Branch($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { databaseId pullRequest(number: $number) {
    state isCrossRepository headRefName headRef { target { oid ... on Commit { message url } } }
  } }
}`;

const commitDocument = `mutation Commit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid url } }
}`;

/** The documents that are sent, for checking them against GitHub's schema. */
export const documents = { branchDocument, commitDocument };

const branchShape = z.object({
  repository: z.object({
    databaseId: z.number().nullish(),
    pullRequest: z.object({
      state: z.string(),
      isCrossRepository: z.boolean(),
      headRefName: z.string(),
      headRef: z
        .object({ target: z.object({ oid: z.string(), message: z.string().optional(), url: z.string().optional() }) })
        .nullish(),
    }),
  }),
});

const committedShape = z.object({
  createCommitOnBranch: z.object({ commit: z.object({ oid: z.string(), url: z.string() }) }),
});

const looking: Call = { what: "look where the branch stands", needs: "Contents: read", kind: "read" };
const committing: Call = { what: "commit to the branch", needs: "Contents: write", kind: "once", createsContent: true };

/** Where one commit goes, and the name by which it is found again when GitHub's answer was lost. */
export interface CommitPlace extends RepositoryName {
  readonly number: number;
  readonly repositoryId?: number;
  /** A text that stands in the commit's message and in no other's. */
  readonly mark: string;
}

/**
 * Makes the commit, once: done again after a lost answer it finds what it made. Whatever GitHub or the branch refuses is
 * an answer with the reason; throws only the three kinds of failures.ts.
 */
export async function commitOnBranch(
  client: GitHubClient,
  place: CommitPlace,
  commit: BranchCommit,
): Promise<CommitResult> {
  for (const isSecond of [false, true]) {
    const branch = await branchOf(client, place);
    if ("why" in branch || "id" in branch) return branch;
    if (branch.head !== commit.head) {
      return { why: "The branch has moved on since the changes were shown." };
    }
    try {
      return await make(client, place, branch.name, commit);
    } catch (error) {
      if (!(error instanceof Uncertain) || isSecond) throw error;
      await client.wait(1000);
    }
  }
  throw new TryAgainLater("The commit could not be made.");
}

async function branchOf(
  client: GitHubClient,
  { owner, name, number, repositoryId, mark }: CommitPlace,
): Promise<CommitResult | { readonly name: string; readonly head: string }> {
  const answer = await client.graphql(branchDocument, { owner, name, number }, looking);
  const refusal = refusalIn(answer.errors, ["repository"]);
  if (refusal) throw refusal.asFailure(looking.what, looking.needs);
  const { databaseId, pullRequest } = read(branchShape, answer.data, looking.what).repository;
  const { state, isCrossRepository, headRefName, headRef } = pullRequest;
  if (repositoryId !== undefined && databaseId !== repositoryId)
    return { why: "Another repository has this name now." };
  if (isCrossRepository) return { why: "The branch is in another repository, where this App may not write." };
  if (!headRef) return { why: "The branch is gone." };
  const { oid, message = "", url = "" } = headRef.target;
  if (message.includes(mark)) return { id: oid, url };
  if (state !== "OPEN") return { why: "The pull request is closed." };
  return { name: headRefName, head: oid };
}

async function make(
  client: GitHubClient,
  { owner, name }: CommitPlace,
  branchName: string,
  { head, headline, body, files }: BranchCommit,
): Promise<CommitResult> {
  const input = {
    branch: { repositoryNameWithOwner: `${owner}/${name}`, branchName },
    expectedHeadOid: head,
    message: { headline, body },
    fileChanges: {
      additions: files.map(({ path, text }) => ({ path, contents: Buffer.from(text, "utf8").toString("base64") })),
    },
  };
  const answer = await client.graphql(commitDocument, { input }, committing);
  const why = refusedBecause(answer);
  if (why !== undefined) return { why };
  const { oid, url } = read(committedShape, answer.data, committing.what).createCommitOnBranch.commit;
  return { id: oid, url };
}

/** A branch that moved, a protected one, a missing permission: GitHub says which, and another attempt changes nothing. */
function refusedBecause({ errors }: GraphqlAnswer): string | undefined {
  const [error] = errors;
  if (!error) return undefined;
  if (error.type === "STALE_DATA") return "The branch moved while its commit was being made.";
  return `GitHub does not take the commit: ${error.message.replace(/\s+/g, " ").slice(0, 200)}`;
}
