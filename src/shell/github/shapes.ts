import { z } from "zod";
import { listOf } from "./answer-lists.ts";
import { issueShape, postShape, threadShape } from "./post-shapes.ts";

/*
 * The shapes of GitHub's answers, only as far as they are used. An answer that does not fit is not believed (H084);
 * a part that GitHub would not show is null there and named in `errors`.
 */

export const accountShape = z.object({
  __typename: z.string(),
  login: z.string(),
  databaseId: z.number().nullish(),
});

const blob = z.object({
  oid: z.string().optional(),
  byteSize: z.number().optional(),
  isBinary: z.boolean().nullish(),
  isTruncated: z.boolean().optional(),
  text: z.string().nullish(),
});

/** An entry of a tree that was asked for as a file. */
export const fileShape = z.object({ type: z.string(), mode: z.number(), object: blob.nullish() });
export type FileEntry = z.infer<typeof fileShape>;

export const treeEntries = z.array(z.object({ name: z.string(), type: z.string(), mode: z.number() }));

/** An entry of a tree that was asked for as a folder. */
export const folderShape = z.object({
  type: z.string(),
  object: z.object({ entries: treeEntries.nullish() }).nullish(),
});

const branch = z.object({
  name: z.string(),
  target: z
    .object({
      oid: z.string().optional(),
      file: fileShape.nullish(),
      changeRules: folderShape.nullish(),
      threatRules: folderShape.nullish(),
      classification: z.object({ type: z.string() }).nullish(),
    })
    .nullish(),
});
export type BranchAnswer = z.infer<typeof branch>;

export const reviewShape = z.object({
  state: z.string(),
  body: z.string().nullish(),
  submittedAt: z.string().nullish(),
  lastEditedAt: z.string().nullish(),
  editor: accountShape.nullish(),
  authorCanPushToRepository: z.boolean().nullish(),
  author: accountShape.nullish(),
  commit: z.object({ oid: z.string() }).nullish(),
  onBehalfOf: listOf(z.object({ slug: z.string() })).nullish(),
});
export type ReviewAnswer = z.infer<typeof reviewShape>;

const gitActor = z.object({ user: accountShape.nullish() });

/** One commit with the accounts behind it. */
export const commitShape = z.object({
  oid: z.string(),
  authors: listOf(gitActor).nullish(),
  committer: gitActor.nullish(),
});
export const contributionShape = z.object({ commit: commitShape });
export type CommitAnswer = z.infer<typeof commitShape>;

const checkRun = z.object({
  databaseId: z.number().nullish(),
  url: z.string(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullish(),
  externalId: z.string().nullish(),
  annotations: z.object({ totalCount: z.number() }).nullish(),
});
export type CheckRunAnswer = z.infer<typeof checkRun>;

const checkSuite = z.object({
  status: z.string(),
  app: z.object({ databaseId: z.number().nullish(), slug: z.string() }).nullish(),
  gate: listOf(checkRun).nullish(),
  policyGate: listOf(checkRun).nullish(),
});
export type CheckSuiteAnswer = z.infer<typeof checkSuite>;

/** The head commit: fixed parts here, files and folders by their aliases beside them. */
const headCommit = z.looseObject({
  oid: z.string(),
  associatedPullRequests: listOf(
    z.object({
      number: z.number(),
      state: z.string(),
      baseRefName: z.string(),
      headRefOid: z.string(),
      repository: z.object({ databaseId: z.number().nullish() }).nullish(),
    }),
  ).nullish(),
  checkSuites: listOf(checkSuite).nullish(),
  tree: z.object({ entries: treeEntries.nullish() }).nullish(),
});
export type HeadCommitAnswer = z.infer<typeof headCommit>;

const pullRequest = z.object({
  id: z.string(),
  number: z.number().int(),
  title: z.string(),
  state: z.string(),
  isDraft: z.boolean(),
  isCrossRepository: z.boolean(),
  locked: z.boolean().optional(),
  createdAt: z.string().nullish(),
  updatedAt: z.string().nullish(),
  mergedAt: z.string().nullish(),
  mergedBy: z.object({ login: z.string() }).nullish(),
  baseRefName: z.string(),
  baseRefOid: z.string(),
  headRefName: z.string().optional(),
  headRefOid: z.string(),
  changedFiles: z.number().int(),
  url: z.string().optional(),
  author: accountShape.nullish(),
  contributions: z.object({
    totalCount: z.number(),
    nodes: z.array(contributionShape.nullable()).nullish(),
    pageInfo: z.object({ hasPreviousPage: z.boolean(), startCursor: z.string().nullable() }),
  }),
  latestOpinionatedReviews: listOf(reviewShape).nullish(),
  reviews: listOf(postShape).nullish(),
  reviewThreads: listOf(threadShape).nullish(),
  reviewRequests: listOf(
    z.object({
      requestedReviewer: z
        .object({ __typename: z.string(), login: z.string().optional(), slug: z.string().optional() })
        .nullish(),
    }),
  ).nullish(),
  head: z.object({ nodes: z.array(z.object({ commit: headCommit }).nullable()).nullish() }),
});
export type PullRequestAnswer = z.infer<typeof pullRequest>;

/** The answer to `pullRequestQuery`. */
export const firstLookShape = z.object({
  viewer: z.object({ login: z.string() }).nullish(),
  repository: z.object({
    databaseId: z.number().nullish(),
    name: z.string(),
    isPrivate: z.boolean(),
    isArchived: z.boolean(),
    hasIssuesEnabled: z.boolean(),
    owner: z.object({ __typename: z.string(), login: z.string() }),
    defaultBranchRef: branch.nullish(),
    pullRequest,
    issues: listOf(issueShape).nullish(),
  }),
  organisationPolicy: z.object({ isPrivate: z.boolean().optional(), defaultBranchRef: branch.nullish() }).nullish(),
  teams: z.record(z.string(), z.unknown()).nullish(),
});
/** The answer to the question for policies alone. */
export const policyLookShape = z.object({
  repository: firstLookShape.shape.repository.pick({
    name: true,
    isPrivate: true,
    owner: true,
    defaultBranchRef: true,
  }),
  organisationPolicy: firstLookShape.shape.organisationPolicy,
});
export type FirstLook = z.infer<typeof firstLookShape>;

/** The answer to `filesQuery`. */
export const filesShape = z.object({
  repository: z.object({ object: z.looseObject({ oid: z.string() }).nullish() }),
  teams: z.record(z.string(), z.unknown()).nullish(),
});

/** A team with the first page of its members. */
export const teamShape = z.object({ databaseId: z.number().nullish(), members: listOf(accountShape) });

/** The answer to `membersQuery`. */
export const membersShape = z.object({
  organization: z.object({ team: z.object({ members: listOf(accountShape) }).nullish() }).nullish(),
});

/** The answer to `listQuery` and `issuesQuery`, with the nodes still unread. */
export const listShape = z.object({
  nodes: z.array(z.unknown()).nullish(),
  pageInfo: z.object({
    hasNextPage: z.boolean().optional(),
    endCursor: z.string().nullish(),
    hasPreviousPage: z.boolean().optional(),
    startCursor: z.string().nullish(),
  }),
});

/** The answer to `headQuery`. */
export const headShape = z.object({
  repository: z.object({
    databaseId: z.number().nullish(),
    pullRequest: z.object({ headRefOid: z.string(), state: z.string(), locked: z.boolean().optional() }),
  }),
});

/** One entry of "list pull request files". https://docs.github.com/rest/pulls/pulls#list-pull-requests-files */
export const listedFile = z.object({
  filename: z.string(),
  status: z.enum(["added", "removed", "modified", "renamed", "copied", "changed", "unchanged"]),
  additions: z.number(),
  deletions: z.number(),
  changes: z.number(),
  previous_filename: z.string().optional(),
  patch: z.string().optional(),
  contents_url: z.string().optional(),
  sha: z.string().nullish(),
});
export type ListedFile = z.infer<typeof listedFile>;
