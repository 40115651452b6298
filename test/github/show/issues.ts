import { isPullRequest } from "../lookups.ts";
import { associationOf } from "../people.ts";
import type { Comment, Issue, Repository, World } from "../world.ts";
import { type Shown, showAccount, showAccountOrNobody, showApp } from "./accounts.ts";
import { nodeId } from "./node-id.ts";
import { apiOf, pageOfIssue, showLabel } from "./repositories.ts";

/** Nobody reacts here. */
export function noReactions(url: string): Shown {
  return {
    url: `${url}/reactions`,
    total_count: 0,
    "+1": 0,
    "-1": 0,
    laugh: 0,
    hooray: 0,
    confused: 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  };
}

/** An issue; a pull request looks like one too, with links to itself under `pull_request`. */
export function showIssue(world: World, repository: Repository, issue: Issue): Shown {
  const api = `${apiOf(world, repository)}/issues/${issue.number}`;
  const html = pageOfIssue(world, repository, issue);
  return {
    url: api,
    repository_url: apiOf(world, repository),
    labels_url: `${api}/labels{/name}`,
    comments_url: `${api}/comments`,
    events_url: `${api}/events`,
    html_url: html,
    id: issue.id,
    node_id: nodeId(isPullRequest(issue) ? "PullRequest" : "Issue", issue.id),
    number: issue.number,
    title: issue.title,
    user: showAccountOrNobody(world, issue.author),
    labels: issue.labels.map((label) => showLabel(world, repository, label)),
    state: issue.state,
    locked: issue.locked,
    assignee: showAccountOrNobody(world, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((account) => showAccount(world, account)),
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: showAccountOrNobody(world, issue.closedBy),
    author_association: associationOf(world, issue.author, repository),
    active_lock_reason: null,
    ...(isPullRequest(issue)
      ? {
          draft: issue.draft,
          pull_request: {
            url: `${apiOf(world, repository)}/pulls/${issue.number}`,
            html_url: html,
            diff_url: `${html}.diff`,
            patch_url: `${html}.patch`,
            merged_at: issue.mergedAt,
          },
        }
      : {}),
    body: issue.body,
    reactions: noReactions(api),
    timeline_url: `${api}/timeline`,
    performed_via_github_app: issue.app === undefined ? null : showApp(world, issue.app),
    state_reason: issue.stateReason,
  };
}

export function showComment(world: World, repository: Repository, issue: Issue, comment: Comment): Shown {
  const url = `${apiOf(world, repository)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${pageOfIssue(world, repository, issue)}#issuecomment-${comment.id}`,
    issue_url: `${apiOf(world, repository)}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    user: showAccountOrNobody(world, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(world, comment.author, repository),
    body: comment.body,
    reactions: noReactions(url),
    performed_via_github_app: comment.app === undefined ? null : showApp(world, comment.app),
  };
}
