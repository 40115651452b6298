import { z } from "zod";
import type { Snapshot } from "../../core/domain/snapshot.ts";
import type { Subject } from "../event.ts";
import type { Recent, Source, Trials } from "../ports.ts";
import { type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";

/** How much a change of the policy is tried on: enough to see what it does, within a few seconds of requests. */
const mostPullRequests = 5;
const mostRepositories = 5;
const mostOfEach = 2;

/** A repository of the installation, as far as choosing needs it. */
export interface InstalledRepository {
  readonly name: string;
  readonly isPrivate: boolean;
  readonly client: GitHubClient;
}

/** The repositories of an installation, the most recently pushed ones first, and how many there are. */
export type ListRepositories = () => Promise<{
  readonly repositories: readonly InstalledRepository[];
  readonly total: number;
}>;

/**
 * Recent pull requests on which a change of the policy is tried: of the repository itself or, for the organisation's policy,
 * of a few others. Where the policy is public, no private repository is named, and none is looked at.
 */
export function gitHubTrials(
  client: GitHubClient,
  sourceOf: (client: GitHubClient) => Source,
  others: ListRepositories | undefined,
): Trials {
  return {
    recent: async (subject, snapshot, isOrganisation) => {
      if (subject.kind !== "pull-request") return { pullRequests: [], notLooked: [] };
      if (!isOrganisation) return ownPullRequests(client, sourceOf(client), subject, snapshot);
      if (!others)
        return { pullRequests: [], notLooked: ["Other repositories: a token for one repository reaches no other."] };
      return pullRequestsOfOthers(await others(), sourceOf, subject, snapshot);
    },
  };
}

type PullRequestSubject = Extract<Subject, { kind: "pull-request" }>;

async function ownPullRequests(
  client: GitHubClient,
  source: Source,
  subject: PullRequestSubject,
  { repository }: Snapshot,
): Promise<Recent> {
  const listed = await listRecent(client, { owner: repository.owner, name: repository.name }, mostPullRequests + 2);
  const other = listed.filter(({ number }) => number !== subject.number);
  const chosen = other.slice(0, mostPullRequests);
  return {
    pullRequests: chosen.map((one) => ({
      subject: subjectOf(subject, repository.name, one.number),
      title: one.title,
      source,
    })),
    notLooked:
      other.length > chosen.length ? [`Older pull requests than the ${mostPullRequests} most recent ones.`] : [],
  };
}

async function pullRequestsOfOthers(
  { repositories, total }: Awaited<ReturnType<ListRepositories>>,
  sourceOf: (client: GitHubClient) => Source,
  subject: PullRequestSubject,
  { repository }: Snapshot,
): Promise<Recent> {
  const candidates = repositories.filter(({ name }) => name.toLowerCase() !== repository.name.toLowerCase());
  const shown = candidates.filter(({ isPrivate }) => repository.isPrivate || !isPrivate);
  const chosen = shown.slice(0, mostRepositories);
  const pullRequests: Recent["pullRequests"][number][] = [];
  for (const { name, client } of chosen) {
    const source = sourceOf(client);
    for (const { number, title } of await listRecent(client, { owner: repository.owner, name }, mostOfEach)) {
      pullRequests.push({ subject: subjectOf(subject, name, number), title, source });
    }
  }
  const hidden = candidates.length - shown.length;
  const rest = total - 1 - chosen.length - hidden;
  return {
    pullRequests,
    notLooked: [
      `Older pull requests than the ${mostOfEach} most recent ones of each repository.`,
      ...(rest > 0 ? [`${rest} more of the repositories that Threatgate is installed on.`] : []),
      ...(hidden > 0 ? ["Private repositories: this one is public, and what is said here is read by everybody."] : []),
    ],
  };
}

/** What names another pull request of the same owner. */
function subjectOf(
  { owner, installation }: PullRequestSubject,
  repository: string,
  number: number,
): PullRequestSubject {
  return { kind: "pull-request", owner, repository, number, ...(installation === undefined ? {} : { installation }) };
}

const listedShape = z.array(z.object({ number: z.number().int(), title: z.string() }));

/** https://docs.github.com/rest/pulls/pulls#list-pull-requests */
async function listRecent(client: GitHubClient, { owner, name }: RepositoryName, most: number) {
  const call = { what: "list recent pull requests", needs: "Pull requests: read", kind: "read" } as const;
  const parameters = { owner, repo: name, state: "all", sort: "updated", direction: "desc", per_page: most };
  const answer = await client.rest("GET /repos/{owner}/{repo}/pulls", parameters, call);
  return read(listedShape, answer.data, call.what);
}
