// The parts of which GraphQL queries are made: what is asked of each kind of thing that GitHub shows.
import { ownClassificationPath, ownRulesFolder } from "../../core/domain/policy.ts";

export const account = `fragment Account on Actor {
  __typename login
  ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on Organization { databaseId }
}`;

export const file = `fragment File on TreeEntry {
  type mode
  object { ... on Blob { oid byteSize isBinary isTruncated text } }
}`;

export const folder = `fragment Folder on TreeEntry { type object { ... on Tree { entries { name type mode } } } }`;

export const review = `fragment Review on PullRequestReview {
  state body submittedAt lastEditedAt authorCanPushToRepository
  author { ...Account } editor { ...Account } commit { oid }
}`;

export const commit = `fragment Contributors on Commit {
  oid
  authors(first: 100) { totalCount nodes { user { ...Account } } }
  committer { user { ...Account } }
}`;

export const post = `fragment Post on PullRequestReview {
  id fullDatabaseId viewerDidAuthor isMinimized state body author { login } commit { oid }
}`;

export const thread = `fragment Thread on PullRequestReviewThread {
  id isResolved viewerCanResolve viewerCanUnresolve resolvedBy { login }
  comments(first: 8) { totalCount nodes { id fullDatabaseId state viewerDidAuthor isMinimized minimizedReason body url } }
}`;

export const issue = `fragment Issue on Issue {
  number title body state viewerDidAuthor
  timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) { nodes { ... on ClosedEvent { actor { __typename login } } } }
  comments(last: 10) { totalCount nodes { viewerDidAuthor body } }
}`;

export const run = `fragment Run on CheckRun { databaseId url name status conclusion externalId annotations(first: 1) { totalCount } }`;

export const members = `fragment Members on Team {
  databaseId slug members(first: 100, membership: ALL) { pageInfo { hasNextPage endCursor } nodes { __typename login databaseId } }
}`;

export const page = "pageInfo { hasNextPage endCursor }";
export const policy = `file(path: $policy) { ...File } changeRules: file(path: $changeRules) { ...Folder } threatRules: file(path: $threatRules) { ...Folder } classification: file(path: "${ownClassificationPath}") { type }`;

/** Where the rules of one's own lie, as variables of the first query. */
export const ownRuleFolders = {
  changeRules: `${ownRulesFolder}/changes`,
  threatRules: `${ownRulesFolder}/threats`,
} as const;
