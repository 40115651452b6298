import { changesOfPullRequest } from "../diff.ts";
import { commitsBetween } from "../git/history.ts";
import { fullName, visibleHead } from "../lookups.ts";
import { associationOf } from "../people.ts";
import type { PullRequest, Repository, World } from "../world.ts";
import { type Shown, showAccount, showAccountOrNobody, showTeam } from "./accounts.ts";
import { nodeId } from "./node-id.ts";
import { apiOf, pageOf, showLabel, showRepository } from "./repositories.ts";

/** A pull request as lists and reviews' webhooks show it. */
export function showPullRequest(world: World, repository: Repository, pull: PullRequest): Shown {
  const api = `${apiOf(world, repository)}/pulls/${pull.number}`;
  const issueApi = `${apiOf(world, repository)}/issues/${pull.number}`;
  const html = `${pageOf(world, repository)}/pull/${pull.number}`;
  const head = visibleHead(world, pull);
  const statuses = `${apiOf(world, repository)}/statuses/${head}`;
  return {
    url: api,
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueApi,
    number: pull.number,
    state: pull.state,
    locked: pull.locked,
    title: pull.title,
    user: showAccountOrNobody(world, pull.author),
    body: pull.body,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit,
    assignee: showAccountOrNobody(world, pull.assignees[0] ?? null),
    assignees: pull.assignees.map((account) => showAccount(world, account)),
    requested_reviewers: pull.requestedUsers.map((account) => showAccount(world, account)),
    requested_teams: pull.requestedTeams.map((team) => showTeam(world, team)),
    labels: pull.labels.map((label) => showLabel(world, repository, label)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${api}/commits`,
    review_comments_url: `${api}/comments`,
    review_comment_url: `${apiOf(world, repository)}/pulls/comments{/number}`,
    comments_url: `${issueApi}/comments`,
    statuses_url: statuses,
    head: showEnd(world, pull.head.repository, pull.head.branch, head),
    base: showEnd(world, repository, pull.base.branch, pull.base.sha),
    _links: {
      self: { href: api },
      html: { href: html },
      issue: { href: issueApi },
      comments: { href: `${issueApi}/comments` },
      review_comments: { href: `${api}/comments` },
      review_comment: { href: `${apiOf(world, repository)}/pulls/comments{/number}` },
      commits: { href: `${api}/commits` },
      statuses: { href: statuses },
    },
    author_association: associationOf(world, pull.author, repository),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** A pull request with its counts: `GET /pulls/{n}` and the `pull_request` webhooks. */
export function showWholePullRequest(world: World, repository: Repository, pull: PullRequest): Shown {
  const head = visibleHead(world, pull);
  const changes = changesOfPullRequest(repository.store, pull.base.sha, head);
  return {
    ...showPullRequest(world, repository, pull),
    merged: pull.merged,
    mergeable: pull.state === "open" ? true : null,
    rebaseable: pull.state === "open" ? true : null,
    mergeable_state: pull.state === "open" ? (pull.draft ? "draft" : "clean") : "unknown",
    merged_by: showAccountOrNobody(world, pull.mergedBy),
    comments: pull.comments.length,
    review_comments: pull.threads.reduce((count, thread) => count + thread.comments.length, 0),
    maintainer_can_modify: false,
    commits: commitsBetween(repository.store, pull.base.sha, head).length,
    additions: changes.reduce((sum, change) => sum + change.additions, 0),
    deletions: changes.reduce((sum, change) => sum + change.deletions, 0),
    changed_files: changes.length,
  };
}

function showEnd(world: World, repository: Repository | null, branch: string, sha: string): Shown {
  const owner = repository === null || repository.deleted ? null : repository.owner;
  return {
    label: `${owner === null ? "unknown" : owner.login}:${branch}`,
    ref: branch,
    sha,
    user: showAccountOrNobody(world, owner),
    repo: owner === null || repository === null ? null : showRepository(world, repository),
  };
}

/** The few words about a pull request that check runs carry; none for one that comes from a fork. */
export function showBriefly(world: World, repository: Repository, pull: PullRequest): Shown {
  const brief = (of: Repository): Shown => ({ id: of.id, url: `${world.url}/repos/${fullName(of)}`, name: of.name });
  return {
    url: `${apiOf(world, repository)}/pulls/${pull.number}`,
    id: pull.id,
    number: pull.number,
    head: { ref: pull.head.branch, sha: pull.head.sha, repo: brief(pull.head.repository ?? repository) },
    base: { ref: pull.base.branch, sha: pull.base.sha, repo: brief(repository) },
  };
}
