import { may, sees } from "../identity.ts";
import { fullName, isPullRequest, pullRequestsOf, repositoryByName } from "../lookups.ts";
import { nodeId } from "../show/node-id.ts";
import { pageOf } from "../show/repositories.ts";
import type { Issue, PullRequest, Release, Repository } from "../world.ts";
import { commitShape, objectAt, refShape } from "./git.ts";
import { issueShape, labelShape } from "./issues.ts";
import { actorShape } from "./people.ts";
import { pullRequestShape } from "./pull-requests.ts";
import {
  type Arguments,
  type Context,
  connection,
  forbidden,
  inputOf,
  numberOf,
  refuse,
  type Shape,
  textOf,
  textsOf,
} from "./shape.ts";

/** A repository by name; an old name is followed unless `followRenames` is false. */
export function repositoryAt(context: Context, args: Arguments): Shape {
  const { world, actor } = context;
  const owner = textOf(args, "owner") ?? "";
  const name = textOf(args, "name") ?? "";
  const former = args["followRenames"] === false ? undefined : world.formerNames.get(`${owner}/${name}`.toLowerCase());
  const repository =
    repositoryByName(world, owner, name) ?? (former === undefined ? undefined : world.repositories.get(former));
  if (repository === undefined || !sees(world, actor, repository)) {
    throw refuse("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  }
  return repositoryShape(context, repository);
}

export function repositoryShape(context: Context, repository: Repository): Shape {
  const { world, actor } = context;
  const requires = (permission: string): void => {
    if (!may(world, actor, repository, [{ [permission]: "read" }], "read")) throw forbidden();
  };
  return {
    __typename: "Repository",
    id: nodeId("Repository", repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: fullName(repository),
    owner: () => actorShape(context, repository.owner),
    url: pageOf(world, repository),
    isPrivate: repository.private,
    visibility: repository.private ? "PRIVATE" : "PUBLIC",
    isArchived: repository.archived,
    isDisabled: false,
    isEmpty: repository.branches.size === 0,
    isFork: repository.parent !== undefined,
    isLocked: false,
    hasIssuesEnabled: repository.hasIssues,
    isInOrganization: repository.owner.type === "Organization",
    createdAt: repository.createdAt,
    pushedAt: repository.pushedAt,
    updatedAt: repository.pushedAt,
    viewerPermission: () => (actor.kind === "user" ? "READ" : null),
    defaultBranchRef: () => {
      requires("contents");
      return refShape(context, repository, repository.defaultBranch);
    },
    ref: (args: Arguments) => {
      requires("contents");
      return refShape(context, repository, (textOf(args, "qualifiedName") ?? "").replace(/^refs\/heads\//, ""));
    },
    object: (args: Arguments) => {
      requires("contents");
      return objectAt(context, repository, args);
    },
    labels: (args: Arguments) => connection("LabelConnection", args, repository.labels, labelShape, ["orderBy"]),
    releases: (args: Arguments) => {
      requires("contents");
      const order = inputOf(args, "orderBy");
      const direction = order["direction"] === "DESC" ? -1 : 1;
      const key = order["field"] === "NAME" ? "tag" : "createdAt";
      const sorted = repository.releases.toSorted(
        (one, other) => direction * (one[key].localeCompare(other[key]) || one.id - other.id),
      );
      return connection("ReleaseConnection", args, sorted, (one) => releaseShape(context, repository, one), [
        "orderBy",
      ]);
    },
    label: (args: Arguments) => {
      const label = repository.labels.find((one) => one.name === textOf(args, "name"));
      return label === undefined ? null : labelShape(label);
    },
    pullRequest: (args: Arguments) => {
      requires("pull_requests");
      const number = numberOf(args, "number") ?? 0;
      const pull = repository.issues.get(number);
      if (pull === undefined || !isPullRequest(pull)) {
        throw refuse("NOT_FOUND", `Could not resolve to a PullRequest with the number of ${number}.`);
      }
      return pullRequestShape(context, repository, pull);
    },
    mergeQueue: (args: Arguments) => {
      if (!may(world, actor, repository, [{ merge_queues: "read" }], "read")) throw forbidden();
      const branch = textOf(args, "branch") ?? repository.defaultBranch;
      const queued = pullRequestsOf(repository).filter((pull) => pull.inMergeQueue && pull.base.branch === branch);
      return {
        __typename: "MergeQueue",
        entries: (of: Arguments) => mergeQueueEntries(context, repository, of, queued),
      };
    },
    pullRequests: (args: Arguments) => {
      requires("pull_requests");
      const states = textsOf(args, "states");
      const base = textOf(args, "baseRefName");
      const head = textOf(args, "headRefName");
      const wanted = pullRequestsOf(repository).filter(
        (pull) =>
          (states === undefined || states.includes(pull.merged ? "MERGED" : pull.state.toUpperCase())) &&
          (base === undefined || pull.base.branch === base) &&
          (head === undefined || pull.head.branch === head),
      );
      const sorted = inOrder(wanted, inputOf(args, "orderBy"));
      const filters = ["states", "baseRefName", "headRefName", "orderBy"];
      return connection(
        "PullRequestConnection",
        args,
        sorted,
        (pull) => pullRequestShape(context, repository, pull),
        filters,
      );
    },
    issue: (args: Arguments) => {
      requires("issues");
      const number = numberOf(args, "number") ?? 0;
      const issue = repository.issues.get(number);
      if (issue === undefined || isPullRequest(issue)) {
        throw refuse("NOT_FOUND", `Could not resolve to an Issue with the number of ${number}.`);
      }
      return issueShape(context, repository, issue);
    },
    issues: (args: Arguments) => {
      requires("issues");
      const states = textsOf(args, "states");
      const labels = textsOf(args, "labels");
      const wanted = [...repository.issues.values()].filter(
        (issue) =>
          !isPullRequest(issue) &&
          (states === undefined || states.includes(issue.state.toUpperCase())) &&
          (labels === undefined || issue.labels.some((label) => labels.includes(label.name))),
      );
      const sorted = inOrder(wanted, inputOf(args, "orderBy"));
      return connection("IssueConnection", args, sorted, (issue) => issueShape(context, repository, issue), [
        "states",
        "labels",
        "orderBy",
      ]);
    },
  };
}

function releaseShape(context: Context, repository: Repository, release: Release): Shape {
  return {
    __typename: "Release",
    id: nodeId("Release", release.id),
    databaseId: release.id,
    tagName: release.tag,
    name: release.name,
    isDraft: release.draft,
    isPrerelease: release.prerelease,
    createdAt: release.createdAt,
    publishedAt: release.publishedAt,
    tagCommit: () => {
      const commit = release.draft ? undefined : repository.store.commits.get(release.commit);
      return commit === undefined ? null : commitShape(context, repository, commit);
    },
  };
}

/** Without an order GitHub lists oldest first. */
function inOrder<Item extends Issue>(items: readonly Item[], order: Arguments): Item[] {
  const key = order["field"] === "UPDATED_AT" ? "updatedAt" : "createdAt";
  const direction = order["direction"] === "DESC" ? -1 : 1;
  return [...items].sort(
    (left, right) => direction * (left[key].localeCompare(right[key]) || left.number - right.number),
  );
}

function mergeQueueEntries(
  context: Context,
  repository: Repository,
  args: Arguments,
  queued: readonly PullRequest[],
): Shape {
  const commitAt = (oid: string | undefined) => {
    const commit = oid === undefined ? undefined : repository.store.commits.get(oid);
    return commit === undefined ? null : commitShape(context, repository, commit);
  };
  return connection("MergeQueueEntryConnection", args, queued, (pull) => ({
    __typename: "MergeQueueEntry",
    baseCommit: () => commitAt(pull.queued?.base),
    headCommit: () => commitAt(pull.queued?.head),
    pullRequest: () => pullRequestShape(context, repository, pull),
  }));
}
