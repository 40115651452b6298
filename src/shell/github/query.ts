import { policyPath } from "../../core/domain/policy.ts";
import {
  account,
  commit,
  file,
  folder,
  issue,
  members,
  ownRuleFolders,
  page,
  policy,
  post,
  review,
  run,
  thread,
} from "./fragments.ts";

/*
 * The GraphQL documents. Whatever comes from a repository or a policy (paths, team slugs) is a variable, never part of
 * the text. Every page size is chosen so that the whole first query costs at most three points by GitHub's formula
 * (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api): the connections that are
 * asked for, inner ones once for each outer node, divided by 100.
 */

/** A document with its variables. */
export interface Query {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What one pull request is asked about. */
export interface PullRequestQuestion {
  readonly owner: string;
  readonly name: string;
  readonly number: number;
  /** The App that owns our check runs; null when only a token is known. */
  readonly appId: number | null;
  /** Files to read at the head commit. */
  readonly paths: readonly string[];
  /** Folders to list at the head commit; the root is always listed. */
  readonly folders: readonly string[];
  /** Team slugs of the owner. */
  readonly teams: readonly string[];
  /** Whether to ask for anything about teams. A person's token without `read:org` is refused every query that does. */
  readonly seesTeams: boolean;
}

/** What is looked at beside the pull request itself. */
export type Wanted = Pick<PullRequestQuestion, "paths" | "folders" | "teams">;

/** Folders where teams keep threat models; each costs one look in the first query. */
export const modelFolders: readonly string[] = [
  "docs",
  "docs/security",
  "docs/threat-model",
  "docs/threat-models",
  "docs/architecture",
  "security",
  "threat-model",
  "threat-models",
  ".github",
];

/** The label of the issues of threats. */
export const issueLabel = "threat-model";

/** Names under which the answers to a list stand: `f0`, `f1` … */
export function aliases(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

/** The whole first look at a pull request. */
export function pullRequestQuery(question: PullRequestQuestion): Query {
  const files = aliases("f", question.paths.length);
  const folders = aliases("d", question.folders.length);
  const teams = question.seesTeams ? aliases("t", question.teams.length) : [];
  const behalf = question.seesTeams ? " onBehalfOf(first: 3) { nodes { slug } }" : "";
  const teamReviewer = question.seesTeams ? " ... on Team { slug }" : "";
  const document = `query PullRequest($owner: String!, $name: String!, $number: Int!, $policy: String!, $changeRules: String!, $threatRules: String!, $label: String!, $appId: Int, $suiteOf: String${declare([...files, ...folders, ...teams])}) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    databaseId name isPrivate isArchived hasIssuesEnabled
    owner { __typename login }
    defaultBranchRef { name target { ... on Commit { oid ${policy} } } }
    pullRequest(number: $number) {
      id number title state isDraft isCrossRepository locked createdAt updatedAt mergedAt mergedBy { login }
      baseRefName baseRefOid headRefName headRefOid changedFiles url
      author { ...Account }
      contributions: commits(last: 100) { totalCount nodes { commit { ...Contributors } } pageInfo { hasPreviousPage startCursor } }
      latestOpinionatedReviews(first: 30) { ${page} nodes { ...Review${behalf} } }
      reviews(first: 100) { ${page} nodes { ...Post } }
      reviewThreads(first: 50) { ${page} nodes { ...Thread } }
      reviewRequests(first: 30) { nodes { requestedReviewer { __typename ... on User { login } ... on Bot { login } ... on Mannequin { login }${teamReviewer} } } }
      head: commits(last: 1) { nodes { commit {
        oid
        associatedPullRequests(first: 50) { totalCount nodes { number state baseRefName headRefOid repository { databaseId } } }
        checkSuites(first: 5, filterBy: { appId: $appId, checkName: $suiteOf }) { nodes { status app { databaseId slug }
          gate: checkRuns(first: 2, filterBy: { checkName: "threat-model", checkType: LATEST }) { nodes { ...Run } }
          policyGate: checkRuns(first: 2, filterBy: { checkName: "threat-model/policy", checkType: LATEST }) { nodes { ...Run } }
        } }
        tree { entries { name type mode } }
        ${[...folders.map(lookInto), ...files.map(lookAt)].join("\n        ")}
      } } }
    }
    issues(first: 30, labels: [$label], states: [OPEN, CLOSED], orderBy: { field: UPDATED_AT, direction: DESC }) { ${page} nodes { ...Issue } }
  }
  organisationPolicy: repository(owner: $owner, name: ".github", followRenames: false) {
    isPrivate
    defaultBranchRef { name target { ... on Commit { oid ${policy} } } }
  }
  ${askTeams(teams)}
}
${used([account, file, review, commit, post, thread, issue, run, folder], [teams.length > 0 && members])}`;
  return {
    document,
    variables: {
      owner: question.owner,
      name: question.name,
      number: question.number,
      policy: policyPath,
      ...ownRuleFolders,
      label: issueLabel,
      appId: question.appId,
      suiteOf: question.appId === null ? "threat-model" : null,
      ...bind("f", question.paths),
      ...bind("d", question.folders),
      ...(question.seesTeams ? bind("t", question.teams) : {}),
    },
  };
}

/** The policy of a repository and of its owner, without any pull request. */
export function policyQuery(repository: { readonly owner: string; readonly name: string }): Query {
  const document = `query Policy($owner: String!, $name: String!, $policy: String!, $changeRules: String!, $threatRules: String!) {
  repository(owner: $owner, name: $name) {
    name isPrivate
    owner { __typename login }
    defaultBranchRef { name target { ... on Commit { oid ${policy} } } }
  }
  organisationPolicy: repository(owner: $owner, name: ".github", followRenames: false) {
    isPrivate
    defaultBranchRef { name target { ... on Commit { oid ${policy} } } }
  }
}
${used([file, folder], [])}`;
  const { owner, name } = repository;
  return { document, variables: { owner, name, policy: policyPath, ...ownRuleFolders } };
}

/** The default branch of another repository of the same owner, with the names of the files where teams keep models. */
export function elsewhereQuery(repository: { readonly owner: string; readonly name: string }): Query {
  const folders = aliases("d", modelFolders.length);
  const document = `query Elsewhere($owner: String!, $name: String!${declare(folders)}) {
  repository(owner: $owner, name: $name, followRenames: false) {
    isPrivate
    defaultBranchRef { name target { ... on Commit { oid tree { entries { name type mode } } ${folders.map(lookInto).join("\n      ")} } } }
  }
}
${folder}`;
  return { document, variables: { owner: repository.owner, name: repository.name, ...bind("d", modelFolders) } };
}

/** More files and folders at one commit, and teams. */
export function filesQuery(
  repository: { readonly owner: string; readonly name: string },
  commitId: string,
  wanted: Wanted,
): Query {
  const files = aliases("f", wanted.paths.length);
  const folders = aliases("d", wanted.folders.length);
  const teams = aliases("t", wanted.teams.length);
  const looks = [...folders.map(lookInto), ...files.map(lookAt)];
  const document = `query Files($owner: String!, $name: String!, $oid: GitObjectID!${declare([...files, ...folders, ...teams])}) {
  repository(owner: $owner, name: $name) {
    databaseId
    object(oid: $oid) { ... on Commit { oid ${looks.join("\n      ")} } }
  }
  ${askTeams(teams)}
}
${used([], [files.length > 0 && file, folders.length > 0 && folder, teams.length > 0 && members])}`;
  return {
    document,
    variables: {
      owner: repository.owner,
      name: repository.name,
      oid: commitId,
      ...bind("f", wanted.paths),
      ...bind("d", wanted.folders),
      ...bind("t", wanted.teams),
    },
  };
}

/** The lists of a pull request that are read on, page by page, where the first query did not get them whole. */
export const pagedLists = {
  contributions: {
    fragments: [account, commit],
    ask: `commits(last: 100, before: $cursor) { totalCount nodes { commit { ...Contributors } } pageInfo { hasPreviousPage startCursor } }`,
  },
  latestOpinionatedReviews: {
    fragments: [account, review],
    ask: `latestOpinionatedReviews(first: 100, after: $cursor) { ${page} nodes { ...Review } }`,
  },
  reviews: { fragments: [post], ask: `reviews(first: 100, after: $cursor) { ${page} nodes { ...Post } }` },
  reviewThreads: {
    fragments: [thread],
    ask: `reviewThreads(first: 100, after: $cursor) { ${page} nodes { ...Thread } }`,
  },
} as const;

/** The next page of one of those lists, under the name `list`. */
export function listQuery(
  question: Pick<PullRequestQuestion, "owner" | "name" | "number">,
  list: keyof typeof pagedLists,
  cursor: string,
): Query {
  const { ask, fragments } = pagedLists[list];
  const document = `query Page($owner: String!, $name: String!, $number: Int!, $cursor: String!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { list: ${ask} } }
}
${fragments.join("\n")}`;
  return {
    document,
    variables: { owner: question.owner, name: question.name, number: question.number, cursor },
  };
}

/** The next page of our issues, under the name `list`. */
export function issuesQuery(repository: { readonly owner: string; readonly name: string }, cursor: string): Query {
  const document = `query Issues($owner: String!, $name: String!, $label: String!, $cursor: String!) {
  repository(owner: $owner, name: $name) {
    list: issues(first: 100, after: $cursor, labels: [$label], states: [OPEN, CLOSED], orderBy: { field: UPDATED_AT, direction: DESC }) { ${page} nodes { ...Issue } }
  }
}
${issue}`;
  return { document, variables: { owner: repository.owner, name: repository.name, label: issueLabel, cursor } };
}

/** The next page of a team's members. */
export function membersQuery(owner: string, team: string, cursor: string): Query {
  const document = `query Members($owner: String!, $team: String!, $cursor: String!) {
  organization(login: $owner) { team(slug: $team) { members(first: 100, membership: ALL, after: $cursor) { ${page} nodes { __typename login databaseId } } } }
}`;
  return { document, variables: { owner, team, cursor } };
}

/** Where the head of a pull request is, and whether it is still open: asked again right before people are notified. */
export function headQuery(question: Pick<PullRequestQuestion, "owner" | "name" | "number">): Query {
  const document = `query Head($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { databaseId pullRequest(number: $number) { headRefOid state locked } }
}`;
  return { document, variables: { owner: question.owner, name: question.name, number: question.number } };
}

/** Our own latest reviews with the beginnings of their comments: whether a lost answer was carried out after all. */
export function ownReviewsQuery(question: Pick<PullRequestQuestion, "owner" | "name" | "number">): Query {
  const document = `query OwnReviews($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    id reviews(last: 50) { nodes { id fullDatabaseId viewerDidAuthor state body url commit { oid } comments(first: 20) { nodes { body } } } }
  } }
}`;
  return { document, variables: { owner: question.owner, name: question.name, number: question.number } };
}

function lookAt(alias: string): string {
  return `${alias}: file(path: $${alias}) { ...File }`;
}

function lookInto(alias: string): string {
  return `${alias}: file(path: $${alias}) { ...Folder }`;
}

function askTeams(names: readonly string[]): string {
  if (names.length === 0) return "";
  return `teams: organization(login: $owner) { ${names.map((name) => `${name}: team(slug: $${name}) { ...Members }`).join(" ")} }`;
}

function declare(names: readonly string[]): string {
  return names.map((name) => `, $${name}: String!`).join("");
}

function bind(prefix: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${prefix}${index}`, value]));
}

function used(always: readonly string[], sometimes: readonly (string | false)[]): string {
  return [...always, ...sometimes.filter((fragment) => fragment !== false)].join("\n");
}
