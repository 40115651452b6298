import { reanchor } from "../anchors.ts";
import { mergeBase } from "../git/history.ts";
import { pullRequestsOf } from "../lookups.ts";
import { privateEmail } from "../people.ts";
import { Refusal, unprocessable } from "../refusal.ts";
import { showAccount, showTeam } from "../show/accounts.ts";
import { showWholePullRequest } from "../show/pull-requests.ts";
import type { Account, PullRequest, Repository, Team, World } from "../world.ts";
import { moveBranch } from "./commits.ts";
import { newIssue } from "./issues.ts";

export interface NewPullRequest {
  readonly title: string;
  readonly body?: string | null;
  readonly headRepository: Repository;
  readonly headBranch: string;
  readonly base: string;
  readonly draft?: boolean;
}

/** Opens a pull request; the head may be in a fork. */
export function openPullRequest(
  world: World,
  repository: Repository,
  account: Account,
  words: NewPullRequest,
): PullRequest {
  const head = words.headRepository.branches.get(words.headBranch);
  const base = repository.branches.get(words.base);
  if (head === undefined || base === undefined) {
    throw unprocessable({ resource: "PullRequest", field: head === undefined ? "head" : "base", code: "invalid" });
  }
  const twin = pullRequestsOf(repository).find(
    (pull) =>
      pull.state === "open" &&
      pull.head.repository === words.headRepository &&
      pull.head.branch === words.headBranch &&
      pull.base.branch === words.base,
  );
  if (twin !== undefined) {
    const owner = words.headRepository.owner.login;
    throw unprocessable({
      resource: "PullRequest",
      code: "custom",
      message: `A pull request already exists for ${owner}:${words.headBranch}.`,
    });
  }
  if (head === base || mergeBase(repository.store, base, head) === head) {
    const message = `No commits between ${words.base} and ${words.headBranch}`;
    throw unprocessable({ resource: "PullRequest", code: "custom", message });
  }
  const pull: PullRequest = {
    ...newIssue(world, repository, account, words.title, words.body ?? null),
    head: { repository: words.headRepository, branch: words.headBranch, sha: head },
    base: { branch: words.base, sha: base },
    draft: words.draft ?? false,
    merged: false,
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
    inMergeQueue: false,
    reviews: [],
    threads: [],
    requestedUsers: [],
    requestedTeams: [],
    heads: [{ sha: head, at: Date.now() }],
  };
  repository.issues.set(pull.number, pull);
  announcePullRequest(world, repository, pull, account, "opened");
  return pull;
}

/** Tells Apps that something happened to a pull request. */
export function announcePullRequest(
  world: World,
  repository: Repository,
  pull: PullRequest,
  sender: Account,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  world.announce({
    event: "pull_request",
    action,
    repository,
    sender,
    payload: { number: pull.number, pull_request: showWholePullRequest(world, repository, pull), ...more },
  });
}

export function setDraft(
  world: World,
  repository: Repository,
  pull: PullRequest,
  account: Account,
  draft: boolean,
): void {
  if (pull.draft === draft) return;
  pull.draft = draft;
  pull.updatedAt = world.clock.tick();
  announcePullRequest(world, repository, pull, account, draft ? "converted_to_draft" : "ready_for_review");
}

/** Points the pull request at another base branch. */
export function retarget(
  world: World,
  repository: Repository,
  pull: PullRequest,
  account: Account,
  base: string,
): void {
  const sha = repository.branches.get(base);
  if (sha === undefined) throw unprocessable({ resource: "PullRequest", field: "base", code: "invalid" });
  const from = { ref: pull.base.branch, sha: pull.base.sha };
  pull.base.branch = base;
  pull.base.sha = sha;
  pull.updatedAt = world.clock.tick();
  reanchor(repository, pull, pull.head.sha);
  const changes = { base: { ref: { from: from.ref }, sha: { from: from.sha } } };
  announcePullRequest(world, repository, pull, account, "edited", { changes });
}

export function editPullRequest(
  world: World,
  repository: Repository,
  pull: PullRequest,
  account: Account,
  words: { readonly title?: string; readonly body?: string },
): void {
  const changes: Record<string, { readonly from: string | null }> = {};
  if (words.title !== undefined && words.title !== pull.title) {
    changes["title"] = { from: pull.title };
    pull.title = words.title;
  }
  if (words.body !== undefined && words.body !== pull.body) {
    changes["body"] = { from: pull.body };
    pull.body = words.body;
  }
  if (Object.keys(changes).length === 0) return;
  pull.updatedAt = world.clock.tick();
  announcePullRequest(world, repository, pull, account, "edited", { changes });
}

export function closePullRequest(world: World, repository: Repository, pull: PullRequest, account: Account): void {
  pull.state = "closed";
  pull.closedAt = world.clock.tick();
  pull.updatedAt = pull.closedAt;
  pull.closedBy = account;
  pull.turns.push({ to: "closed", by: account, at: pull.closedAt });
  announcePullRequest(world, repository, pull, account, "closed");
}

export function reopenPullRequest(world: World, repository: Repository, pull: PullRequest, account: Account): void {
  if (pull.merged)
    throw unprocessable({
      resource: "PullRequest",
      field: "state",
      code: "invalid",
      message: "state cannot be changed. The pull request cannot be reopened.",
    });
  pull.state = "open";
  pull.closedAt = null;
  pull.closedBy = null;
  pull.updatedAt = world.clock.tick();
  pull.turns.push({ to: "reopened", by: account, at: pull.updatedAt });
  announcePullRequest(world, repository, pull, account, "reopened");
}

export type MergeMethod = "merge" | "squash";

/** Merges into the base branch. `merge` makes a commit with two parents, `squash` one commit on the base. */
export function mergePullRequest(
  world: World,
  repository: Repository,
  pull: PullRequest,
  account: Account,
  method: MergeMethod,
): string {
  if (pull.state !== "open" || pull.draft) throw new Refusal(405, "Pull Request is not mergeable");
  const { store } = repository;
  const base = repository.branches.get(pull.base.branch) ?? pull.base.sha;
  const files = mergedFiles(repository, base, pull.head.sha);
  const date = world.clock.tick();
  const owner = pull.head.repository?.owner.login ?? "unknown";
  const message =
    method === "merge"
      ? `Merge pull request #${pull.number} from ${owner}/${pull.head.branch}\n\n${pull.title}\n`
      : `${pull.title} (#${pull.number})\n`;
  const author = method === "squash" && pull.author !== null ? pull.author : account;
  const sha = store.writeCommit({
    tree: store.writeTree(files),
    parents: method === "merge" ? [base, pull.head.sha] : [base],
    author: { name: author.name, email: privateEmail(author), date },
    committer: { name: "GitHub", email: "noreply@github.com", date },
    message,
  });
  pull.state = "closed";
  pull.merged = true;
  pull.mergedAt = date;
  pull.closedAt = date;
  pull.updatedAt = date;
  pull.mergedBy = account;
  pull.closedBy = account;
  pull.turns.push({ to: "closed", by: account, at: date });
  pull.mergeCommit = sha;
  pull.base.sha = base;
  moveBranch(world, repository, account, pull.base.branch, sha);
  announcePullRequest(world, repository, pull, account, "closed");
  return sha;
}

/** Three-way merge by whole files: a file that both sides changed differently is a conflict. */
export function mergedFiles(repository: Repository, base: string, head: string) {
  const { store } = repository;
  const origin = store.filesOf(mergeBase(store, base, head));
  const ours = store.filesOf(base);
  const theirs = store.filesOf(head);
  const merged = new Map(ours);
  for (const path of new Set([...origin.keys(), ...theirs.keys()])) {
    const [was, mine, other] = [origin.get(path), ours.get(path), theirs.get(path)];
    if (other?.oid === was?.oid && other?.mode === was?.mode) continue;
    const untouched = mine?.oid === was?.oid && mine?.mode === was?.mode;
    if (!untouched && mine?.oid !== other?.oid)
      throw new Refusal(405, `Pull Request is not mergeable: conflict in ${path}`);
    if (other === undefined) merged.delete(path);
    else merged.set(path, other);
  }
  return merged;
}

/** Asks people and teams for review; each one newly asked is a webhook of its own. */
export function requestReviewers(
  world: World,
  repository: Repository,
  pull: PullRequest,
  sender: Account,
  users: readonly Account[],
  teams: readonly Team[],
): void {
  for (const user of users) {
    if (pull.requestedUsers.includes(user)) continue;
    pull.requestedUsers.push(user);
    announcePullRequest(world, repository, pull, sender, "review_requested", {
      requested_reviewer: showAccount(world, user),
    });
  }
  for (const team of teams) {
    if (pull.requestedTeams.includes(team)) continue;
    pull.requestedTeams.push(team);
    announcePullRequest(world, repository, pull, sender, "review_requested", { requested_team: showTeam(world, team) });
  }
  pull.updatedAt = world.clock.tick();
}

export function removeRequests(
  world: World,
  repository: Repository,
  pull: PullRequest,
  sender: Account,
  users: readonly Account[],
  teams: readonly Team[],
): void {
  for (const user of users) {
    if (!drop(pull.requestedUsers, user)) continue;
    announcePullRequest(world, repository, pull, sender, "review_request_removed", {
      requested_reviewer: showAccount(world, user),
    });
  }
  for (const team of teams) {
    if (!drop(pull.requestedTeams, team)) continue;
    announcePullRequest(world, repository, pull, sender, "review_request_removed", {
      requested_team: showTeam(world, team),
    });
  }
}

export function drop<Item>(items: Item[], item: Item): boolean {
  const at = items.indexOf(item);
  if (at >= 0) items.splice(at, 1);
  return at >= 0;
}
