import { z } from "zod";
import { readMarker } from "../../core/domain/marker.ts";
import type { SeenRepository } from "../../core/domain/seen-repository.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { readRepositoryFiles } from "./repository-files.ts";
import type { RepositoryPolicyReading } from "./repository-policy.ts";

/* What is read of a repository to give it a first threat model, within bounds: some fifteen requests at the most. */

const factsShape = z.object({
  id: z.number().int(),
  archived: z.boolean(),
  fork: z.boolean(),
  has_issues: z.boolean(),
});

const issuesAreOff = "its issues are switched off";

/**
 * Why a repository is given no first model, as far as GitHub's own facts say; undefined where nothing is against it.
 * https://docs.github.com/rest/repos/repos#get-a-repository
 */
export async function whyNotOnboarded(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  id: number,
  needsIssues: boolean,
): Promise<string | undefined> {
  const call: Call = { what: "look at the repository", needs: "Metadata: read", kind: "read" };
  const answer = await client.rest("GET /repos/{owner}/{repo}", { owner, repo: name }, call);
  const facts = read(factsShape, answer.data, call.what);
  if (facts.id !== id) return "another repository has this name now";
  if (facts.archived) return "it is archived";
  if (facts.fork) return "it is a fork";
  if (!facts.has_issues && needsIssues) return issuesAreOff;
  return undefined;
}

/**
 * The files of a default branch's head, the most telling ones first; or why it cannot be known what it holds.
 * @param worth how telling a path is; 0 is not read.
 */
export async function readForOnboarding(
  client: GitHubClient,
  { texts: policy, owner, name, isPrivate, commit }: RepositoryPolicyReading,
  worth: (path: string) => number,
): Promise<SeenRepository | { readonly why: string }> {
  if (commit === undefined) return { why: "it is empty" };
  const files = await readRepositoryFiles(client, { owner, name }, commit, worth);
  if ("why" in files) return { why: `${files.why}: it may have a threat model` };
  return { owner, name, isPrivate, commit, ...files, policy };
}

const ownIssues = `query OwnIssues($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    issues(first: 100, labels: ["threat-model"], states: [OPEN, CLOSED], orderBy: { field: CREATED_AT, direction: ASC }) {
      nodes { body url viewerDidAuthor }
    }
  }
}`;

/** The document that is sent, for checking it against GitHub's schema. */
export const documents = { ownIssues };

const issuesShape = z.object({
  repository: z.object({
    issues: z.object({ nodes: z.array(z.object({ body: z.string(), url: z.string(), viewerDidAuthor: z.boolean() })) }),
  }),
});

/**
 * The address of our own issue of this identity among the first hundred, open or closed: by its marker and by our own
 * account, never by a marker alone (H037).
 */
export async function ownIssueOf(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  identity: string,
): Promise<string | undefined> {
  const call: Call = { what: "look for our own issues", needs: "Issues: read", kind: "read" };
  const { data } = await client.graphql(ownIssues, { owner, name }, call);
  const { nodes } = read(issuesShape, data, call.what).repository.issues;
  const isOurs = ({ body, viewerDidAuthor }: (typeof nodes)[number]): boolean => {
    const marked = readMarker(body);
    return viewerDidAuthor && marked?.kind === "issue" && marked.threat === identity;
  };
  return nodes.find(isOurs)?.url;
}
