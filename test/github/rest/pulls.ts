import { z } from "zod";
import { removeRequests, requestReviewers } from "../deeds/pull-requests.ts";
import { changesOfPullRequest } from "../diff.ts";
import { commitsBetween } from "../git/history.ts";
import { writerOf } from "../identity.ts";
import { isPullRequest, pullRequestsOf, visibleHead } from "../lookups.ts";
import { atLeast, permissionOf } from "../people.ts";
import { notFound, Refusal, unprocessable } from "../refusal.ts";
import { showAccount, showTeam } from "../show/accounts.ts";
import { showChange, showCommit } from "../show/git.ts";
import { showPullRequest, showWholePullRequest } from "../show/pull-requests.ts";
import type { Account, PullRequest, Team } from "../world.ts";
import { type Answer, created, numberIn, type Operation, ok, page, type RepositoryCall, read } from "./operation.ts";
import { resolveCommit } from "./revision.ts";

export const readPulls = { on: "repository", needs: [{ pull_requests: "read" }], person: "read" } as const;
export const writePulls = { on: "repository", needs: [{ pull_requests: "write" }], person: "read" } as const;
const one = "/repos/{owner}/{repo}/pulls/{pull_number}";

export const pullOperations: readonly Operation[] = [
  { id: "pulls/list", method: "GET", path: "/repos/{owner}/{repo}/pulls", ...readPulls, answer: list },
  { id: "pulls/get", method: "GET", path: one, ...readPulls, answer: get },
  { id: "pulls/list-files", method: "GET", path: `${one}/files`, ...readPulls, answer: listFiles },
  { id: "pulls/list-commits", method: "GET", path: `${one}/commits`, ...readPulls, answer: listCommits },
  {
    id: "pulls/list-requested-reviewers",
    method: "GET",
    path: `${one}/requested_reviewers`,
    ...readPulls,
    answer: listRequested,
  },
  {
    id: "pulls/request-reviewers",
    method: "POST",
    path: `${one}/requested_reviewers`,
    ...writePulls,
    person: "write",
    answer: request,
  },
  {
    id: "pulls/remove-requested-reviewers",
    method: "DELETE",
    path: `${one}/requested_reviewers`,
    ...writePulls,
    person: "write",
    answer: removeRequested,
  },
  {
    id: "repos/list-pull-requests-associated-with-commit",
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    ...readPulls,
    answer: listOfCommit,
  },
];

/** The pull request that the path names. */
export function pullIn(call: RepositoryCall): PullRequest {
  const issue = call.repository.issues.get(numberIn(call, "pull_number"));
  if (issue === undefined || !isPullRequest(issue)) throw notFound();
  return issue;
}

function list(call: RepositoryCall): Answer {
  const { query, repository } = call;
  const state = query.get("state") ?? "open";
  const head = query.get("head");
  const base = query.get("base");
  const pulls = pullRequestsOf(repository).filter(
    (pull) =>
      (state === "all" || pull.state === state) &&
      (base === null || pull.base.branch === base) &&
      (head === null ||
        head === `${pull.head.repository?.owner.login}:${pull.head.branch}` ||
        head === pull.head.branch),
  );
  const key = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const ascending = query.get("direction") === "asc";
  pulls.sort(
    (left, right) => (ascending ? 1 : -1) * (left[key].localeCompare(right[key]) || left.number - right.number),
  );
  return page(call, pulls, (pull) => showPullRequest(call.world, repository, pull));
}

/** As JSON, or as the whole difference when `application/vnd.github.diff` is accepted. */
function get(call: RepositoryCall): Answer {
  const pull = pullIn(call);
  if (!call.accept.includes("diff")) return ok(showWholePullRequest(call.world, call.repository, pull));
  const changes = changesOfPullRequest(call.repository.store, pull.base.sha, visibleHead(call.world, pull));
  const text = changes.map((change) => {
    const from = change.previousFilename ?? change.filename;
    const names = `--- ${change.status === "added" ? "/dev/null" : `a/${from}`}\n+++ ${change.status === "removed" ? "/dev/null" : `b/${change.filename}`}\n`;
    return `diff --git a/${from} b/${change.filename}\n${change.patch === undefined ? "" : `${names}${change.patch}\n`}`;
  });
  return { status: 200, text: text.join(""), type: "application/vnd.github.diff; charset=utf-8" };
}

/** At most 3,000 files, as GitHub says. https://docs.github.com/rest/pulls/pulls#list-pull-requests-files */
function listFiles(call: RepositoryCall): Answer {
  const { world, repository } = call;
  const pull = pullIn(call);
  const head = visibleHead(world, pull);
  const isLate = world.lag.files === "empty" && head !== pull.head.sha;
  const changes = isLate ? [] : changesOfPullRequest(repository.store, pull.base.sha, head);
  return page(call, changes.slice(0, world.caps.filesOfPullRequest), (change) =>
    showChange(world, repository, head, change),
  );
}

/** At most 250 commits, oldest first. */
function listCommits(call: RepositoryCall): Answer {
  const { world, repository } = call;
  const pull = pullIn(call);
  const commits = commitsBetween(repository.store, pull.base.sha, visibleHead(world, pull)).slice(0, 250);
  return page(call, commits, (commit) => showCommit(world, repository, commit));
}

function listRequested(call: RepositoryCall): Answer {
  const pull = pullIn(call);
  return ok({
    users: pull.requestedUsers.map((account) => showAccount(call.world, account)),
    teams: pull.requestedTeams.map((team) => showTeam(call.world, team)),
  });
}

const reviewers = z.object({
  reviewers: z.array(z.string()).optional(),
  team_reviewers: z.array(z.string()).optional(),
});

function request(call: RepositoryCall): Answer {
  const { world, repository } = call;
  const pull = pullIn(call);
  const { users, teams } = reviewersIn(call);
  if (pull.author !== null && users.includes(pull.author)) {
    throw unprocessable("Review cannot be requested from pull request author.");
  }
  if (users.some((user) => !atLeast(permissionOf(world, user, repository), "read") || !isInvolved(call, user))) {
    throw unprocessable(collaboratorsOnly);
  }
  requestReviewers(world, repository, pull, writerOf(call.actor).account, users, teams);
  return created(showPullRequest(world, repository, pull));
}

const collaboratorsOnly =
  "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.";

/** Reading a public repository makes nobody a collaborator. */
function isInvolved(call: RepositoryCall, user: Account): boolean {
  return atLeast(permissionOf(call.world, user, { ...call.repository, private: true }), "read");
}

function removeRequested(call: RepositoryCall): Answer {
  const pull = pullIn(call);
  const { users, teams } = reviewersIn(call);
  removeRequests(call.world, call.repository, pull, writerOf(call.actor).account, users, teams);
  return ok(showPullRequest(call.world, call.repository, pull));
}

function reviewersIn(call: RepositoryCall): { readonly users: Account[]; readonly teams: Team[] } {
  const words = read(reviewers, call);
  const accounts = [...call.world.accounts.values()];
  const users = (words.reviewers ?? []).map((login) => {
    const account = accounts.find((known) => known.login.toLowerCase() === login.toLowerCase());
    if (account === undefined) throw unprocessable(collaboratorsOnly);
    return account;
  });
  const teams = (words.team_reviewers ?? []).map((slug) => {
    const team = call.world.organizations.get(call.repository.owner.id)?.teams.find((known) => known.slug === slug);
    if (team === undefined || !call.repository.teams.has(team.id)) throw unprocessable(collaboratorsOnly);
    return team;
  });
  return { users, teams };
}

function listOfCommit(call: RepositoryCall): Answer {
  const commit = resolveCommit(call.repository, call.params["commit_sha"] ?? "");
  if (commit === undefined) throw new Refusal(422, `No commit found for SHA: ${call.params["commit_sha"]}`);
  const pulls = pullsWith(call.repository, commit.oid);
  return page(call, pulls, (pull) => showPullRequest(call.world, call.repository, pull));
}

/** The merged pull request that brought a commit, or else the open ones that contain it. */
export function pullsWith(repository: RepositoryCall["repository"], oid: string): PullRequest[] {
  const containing = pullRequestsOf(repository).filter((pull) => {
    if (pull.mergeCommit === oid || pull.head.sha === oid) return true;
    return commitsBetween(repository.store, pull.base.sha, pull.head.sha).some((commit) => commit.oid === oid);
  });
  const merged = containing.filter((pull) => pull.merged);
  return merged.length > 0 ? merged : containing;
}
