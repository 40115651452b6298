import { z } from "zod";
import { readMarker } from "../../core/domain/marker.ts";
import type { NotInspected } from "../../core/domain/problem.ts";
import type { FileText } from "../../core/domain/snapshot.ts";
import type { SeenRepository } from "../ports.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import type { RepositoryPolicyReading } from "./repository-policy.ts";
import { pathsAtOnce, readTexts } from "./texts.ts";
import { readTree } from "./tree.ts";

/* What is read of a repository to give it a first threat model, within bounds: some fifteen requests at the most. */

/** How much is read of one repository: what describes infrastructure goes first, and the rest is named as not read. */
export const readingLimits = { files: pathsAtOnce * 10, allBytes: 16 * 1024 * 1024 } as const;

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
  const place = { owner, name };
  const { headPaths, headPathsComplete } = await readTree(client, place, commit);
  if (headPathsComplete !== true)
    return { why: "GitHub lists only a part of so large a repository: it may have a threat model" };
  const wanted = headPaths
    .map((path) => ({ path, worth: worth(path) }))
    .filter((one) => one.worth > 0)
    .sort((a, b) => b.worth - a.worth || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
  const notRead: NotInspected[] = [];
  const texts: FileText[] = [];
  let bytes = 0;
  for (let from = 0; from < wanted.length; from += pathsAtOnce) {
    const some = wanted.slice(from, from + pathsAtOnce);
    const why =
      from >= readingLimits.files
        ? `more than ${readingLimits.files} files`
        : bytes >= readingLimits.allBytes
          ? "more text than is read of one repository"
          : undefined;
    if (why !== undefined) {
      notRead.push(...some.map((path) => ({ path, reason: why })));
      continue;
    }
    const found = await readTexts(client, place, commit, some);
    texts.push(...found.texts);
    notRead.push(...found.notRead);
    for (const { text } of found.texts) bytes += text.length;
  }
  return { owner, name, isPrivate, commit, paths: headPaths, texts, notRead, policy };
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
