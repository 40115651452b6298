import { isPullRequest } from "../lookups.ts";
import { Refusal } from "../refusal.ts";
import { showComment, showIssue } from "../show/issues.ts";
import { showWholePullRequest } from "../show/pull-requests.ts";
import { showLabel, showRepository } from "../show/repositories.ts";
import type { Account, App, Comment, Issue, Label, Repository, World } from "../world.ts";

/** The common part of an issue and a pull request, with the next number of the repository. */
export function newIssue(
  world: World,
  repository: Repository,
  author: Account,
  title: string,
  body: string | null,
  app?: App,
): Issue {
  const createdAt = world.clock.tick();
  return {
    id: world.nextId(),
    number: Math.max(0, ...repository.issues.keys()) + 1,
    title,
    body,
    author,
    app,
    state: "open",
    stateReason: null,
    locked: false,
    labels: [],
    assignees: [],
    comments: [],
    createdAt,
    updatedAt: createdAt,
    closedAt: null,
    closedBy: null,
    turns: [],
  };
}

export interface IssueWords {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly state?: "open" | "closed" | undefined;
  readonly stateReason?: Issue["stateReason"] | undefined;
  readonly assignees?: readonly Account[] | undefined;
}

export function openIssue(
  world: World,
  repository: Repository,
  author: Account,
  words: IssueWords & { readonly title: string },
  app?: App,
): Issue {
  requireIssues(repository);
  const issue = newIssue(world, repository, author, words.title, words.body ?? null, app);
  repository.issues.set(issue.number, issue);
  for (const name of words.labels ?? []) putOn(world, issue, labelNamed(world, repository, name), author);
  issue.assignees.push(...(words.assignees ?? []));
  announceIssue(world, repository, issue, author, "opened");
  for (const label of issue.labels) {
    announceIssue(world, repository, issue, author, "labeled", { label: showLabel(world, repository, label) });
  }
  return issue;
}

/** Changes what is named, and tells of each change as GitHub does: edited, closed, reopened, labeled, unlabeled. */
export function changeIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  account: Account,
  words: IssueWords,
): void {
  if (!isPullRequest(issue)) requireIssues(repository);
  const changes: Record<string, { readonly from: string | null }> = {};
  if (words.title !== undefined && words.title !== issue.title) {
    changes["title"] = { from: issue.title };
    issue.title = words.title;
  }
  if (words.body !== undefined && words.body !== issue.body) {
    changes["body"] = { from: issue.body };
    issue.body = words.body;
  }
  issue.updatedAt = world.clock.tick();
  if (Object.keys(changes).length > 0) announceIssue(world, repository, issue, account, "edited", { changes });
  if (words.labels !== undefined) setLabels(world, repository, issue, account, words.labels);
  if (words.assignees !== undefined) issue.assignees.splice(0, issue.assignees.length, ...words.assignees);
  if (words.state === undefined || words.state === issue.state) return;
  issue.state = words.state;
  issue.stateReason = words.state === "open" ? "reopened" : (words.stateReason ?? "completed");
  issue.closedAt = words.state === "closed" ? issue.updatedAt : null;
  issue.closedBy = words.state === "closed" ? account : null;
  issue.turns.push({ to: words.state === "closed" ? "closed" : "reopened", by: account, at: issue.updatedAt });
  announceIssue(world, repository, issue, account, words.state === "closed" ? "closed" : "reopened");
}

export function addLabels(
  world: World,
  repository: Repository,
  issue: Issue,
  account: Account,
  names: readonly string[],
): void {
  setLabels(world, repository, issue, account, [...issue.labels.map((label) => label.name), ...names]);
}

/** Makes these the labels; a name that the repository does not know becomes a new label. */
export function setLabels(
  world: World,
  repository: Repository,
  issue: Issue,
  account: Account,
  names: readonly string[],
): void {
  const wanted = new Set(names.map((name) => labelNamed(world, repository, name)));
  for (const label of issue.labels.slice()) {
    if (wanted.delete(label)) continue;
    issue.labels.splice(issue.labels.indexOf(label), 1);
    announceIssue(world, repository, issue, account, "unlabeled", { label: showLabel(world, repository, label) });
  }
  for (const label of wanted) {
    putOn(world, issue, label, account);
    announceIssue(world, repository, issue, account, "labeled", { label: showLabel(world, repository, label) });
  }
}

function putOn(world: World, issue: Issue, label: Label, by: Account): void {
  issue.labels.push(label);
  issue.labelled ??= [];
  issue.labelled.push({ label: label.name, by, at: world.clock.tick() });
}

/** A label by name (in any case), made where there is none. */
export function labelNamed(
  world: World,
  repository: Repository,
  name: string,
  color = "ededed",
  description: string | null = null,
): Label {
  const known = findLabel(repository, name);
  if (known !== undefined) return known;
  const label: Label = { id: world.nextId(), name, color, description };
  repository.labels.push(label);
  return label;
}

export function findLabel(repository: Repository, name: string): Label | undefined {
  return repository.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

/** A comment on an issue or in the conversation of a pull request. */
export function addComment(
  world: World,
  repository: Repository,
  issue: Issue,
  author: Account,
  body: string,
  app?: App,
): Comment {
  const createdAt = world.clock.tick();
  const comment: Comment = {
    id: world.nextId(),
    author,
    app,
    body,
    createdAt,
    updatedAt: createdAt,
    editor: null,
    minimized: undefined,
  };
  issue.comments.push(comment);
  issue.updatedAt = createdAt;
  announceComment(world, repository, issue, comment, author, "created");
  return comment;
}

export function editIssueComment(
  world: World,
  repository: Repository,
  issue: Issue,
  comment: Comment,
  editor: Account,
  body: string,
): void {
  const from = comment.body;
  comment.body = body;
  comment.editor = editor;
  comment.updatedAt = world.clock.tick();
  announceComment(world, repository, issue, comment, editor, "edited", { changes: { body: { from } } });
}

export function deleteIssueComment(
  world: World,
  repository: Repository,
  issue: Issue,
  comment: Comment,
  account: Account,
): void {
  issue.comments.splice(issue.comments.indexOf(comment), 1);
  world.clock.tick();
  announceComment(world, repository, issue, comment, account, "deleted");
}

/**
 * An issue moves with its author, text and comments; labels go along where the other repository has them. Its old number
 * leads to it. https://docs.github.com/issues/tracking-your-work-with-issues/administering-issues/transferring-an-issue-to-another-repository
 */
export function transferIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  to: Repository,
  sender: Account,
): Issue {
  const { labels, comments, ...rest } = issue;
  const moved: Issue = {
    ...rest,
    number: Math.max(0, ...to.issues.keys()) + 1,
    labels: labels.flatMap(({ name }) => findLabel(to, name) ?? []),
    comments: [...comments],
  };
  repository.issues.delete(issue.number);
  repository.formerIssues.set(issue.number, { repository: to, number: moved.number });
  to.issues.set(moved.number, moved);
  world.clock.tick();
  const changes = { new_issue: showIssue(world, to, moved), new_repository: showRepository(world, to) };
  announceIssue(world, repository, issue, sender, "transferred", { changes });
  announceIssue(world, to, moved, sender, "opened");
  return moved;
}

export function deleteIssue(world: World, repository: Repository, issue: Issue, sender: Account): void {
  repository.issues.delete(issue.number);
  repository.formerIssues.set(issue.number, "deleted");
  world.clock.tick();
  announceIssue(world, repository, issue, sender, "deleted");
}

export function requireIssues(repository: Repository): void {
  if (!repository.hasIssues) throw new Refusal(410, "Issues has been disabled in this repository.");
}

/** Of a pull request the same words come as `pull_request` events. */
function announceIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  sender: Account,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const payload = isPullRequest(issue)
    ? { number: issue.number, pull_request: showWholePullRequest(world, repository, issue), ...more }
    : { issue: showIssue(world, repository, issue), ...more };
  world.announce({ event: isPullRequest(issue) ? "pull_request" : "issues", action, repository, sender, payload });
}

function announceComment(
  world: World,
  repository: Repository,
  issue: Issue,
  comment: Comment,
  sender: Account,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  world.announce({
    event: "issue_comment",
    action,
    repository,
    sender,
    payload: {
      ...more,
      issue: showIssue(world, repository, issue),
      comment: showComment(world, repository, issue, comment),
    },
  });
}
