import { z } from "zod";
import {
  addComment,
  addLabels,
  changeIssue,
  deleteIssueComment,
  editIssueComment,
  findLabel,
  labelNamed,
  openIssue,
  requireIssues,
  setLabels,
} from "../deeds/issues.ts";
import { sees, writerOf } from "../identity.ts";
import { accountByLogin, isPullRequest } from "../lookups.ts";
import { atLeast, permissionOf } from "../people.ts";
import { notFound, Refusal, unprocessable } from "../refusal.ts";
import { showComment, showIssue } from "../show/issues.ts";
import { apiOf, showLabel } from "../show/repositories.ts";
import type { Account, Comment, Issue } from "../world.ts";
import {
  type Answer,
  created,
  nothing,
  numberIn,
  type Operation,
  ok,
  page,
  type RepositoryCall,
  read,
} from "./operation.ts";
import { requireOwn, requireShort } from "./reviews.ts";

const readIssues = { on: "repository", needs: [{ issues: "read" }], person: "read" } as const;
const writeIssues = { on: "repository", needs: [{ issues: "write" }], person: "read" } as const;
/** What works on issues and pull requests alike asks for either permission. */
const readEither = { ...readIssues, needs: [{ issues: "read" }, { pull_requests: "read" }] } as const;
const writeEither = { ...writeIssues, needs: [{ issues: "write" }, { pull_requests: "write" }] } as const;
const one = "/repos/{owner}/{repo}/issues/{issue_number}";
const oneComment = "/repos/{owner}/{repo}/issues/comments/{comment_id}";
const labels = "/repos/{owner}/{repo}/labels";

export const issueOperations: readonly Operation[] = [
  { id: "issues/list-for-repo", method: "GET", path: "/repos/{owner}/{repo}/issues", ...readIssues, answer: list },
  { id: "issues/create", method: "POST", path: "/repos/{owner}/{repo}/issues", ...writeIssues, answer: create },
  { id: "issues/get", method: "GET", path: one, ...readEither, answer: get },
  { id: "issues/update", method: "PATCH", path: one, ...writeEither, answer: update },
  { id: "issues/list-comments", method: "GET", path: `${one}/comments`, ...readEither, answer: listComments },
  { id: "issues/create-comment", method: "POST", path: `${one}/comments`, ...writeEither, answer: createComment },
  { id: "issues/get-comment", method: "GET", path: oneComment, ...readEither, answer: getComment },
  { id: "issues/update-comment", method: "PATCH", path: oneComment, ...writeEither, answer: updateComment },
  { id: "issues/delete-comment", method: "DELETE", path: oneComment, ...writeEither, answer: deleteComment },
  { id: "issues/list-labels-on-issue", method: "GET", path: `${one}/labels`, ...readEither, answer: listLabelsOnIssue },
  {
    id: "issues/add-labels",
    method: "POST",
    path: `${one}/labels`,
    ...writeEither,
    person: "triage",
    answer: addToIssue,
  },
  {
    id: "issues/set-labels",
    method: "PUT",
    path: `${one}/labels`,
    ...writeEither,
    person: "triage",
    answer: setOnIssue,
  },
  {
    id: "issues/remove-label",
    method: "DELETE",
    path: `${one}/labels/{name}`,
    ...writeEither,
    person: "triage",
    answer: removeFromIssue,
  },
  { id: "issues/list-labels-for-repo", method: "GET", path: labels, ...readEither, answer: listLabels },
  { id: "issues/create-label", method: "POST", path: labels, ...writeEither, person: "write", answer: createLabel },
  { id: "issues/get-label", method: "GET", path: `${labels}/{name}`, ...readEither, answer: getLabel },
];

function issueIn(call: RepositoryCall): Issue {
  const issue = call.repository.issues.get(numberIn(call, "issue_number"));
  if (issue === undefined) throw notFound();
  if (!isPullRequest(issue)) requireIssues(call.repository);
  return issue;
}

/** One that was moved is led to where it is; one that was deleted is gone. https://docs.github.com/rest/issues/issues#get-an-issue */
function former(call: RepositoryCall): Answer | undefined {
  const there = call.repository.formerIssues.get(numberIn(call, "issue_number"));
  if (there === undefined) return undefined;
  if (there === "deleted") throw new Refusal(410, "This issue was deleted");
  if (!sees(call.world, call.actor, there.repository)) throw notFound();
  const api = apiOf(call.world, there.repository).replace(/\/repos\/.*$/, "");
  const url = `${api}/repositories/${there.repository.id}/issues/${there.number}`;
  return { status: 301, headers: { location: url }, body: { message: "Moved Permanently", url } };
}

function show(call: RepositoryCall, issue: Issue) {
  return showIssue(call.world, call.repository, issue);
}

function list(call: RepositoryCall): Answer {
  const { query, repository } = call;
  requireIssues(repository);
  const state = query.get("state") ?? "open";
  const wanted = (query.get("labels") ?? "").split(",").filter((name) => name !== "");
  const creator = query.get("creator");
  const since = query.get("since");
  const issues = [...repository.issues.values()].filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      wanted.every((name) => issue.labels.some((label) => label.name.toLowerCase() === name.toLowerCase())) &&
      (creator === null || issue.author?.login === creator) &&
      (since === null || Date.parse(issue.updatedAt) >= Date.parse(since)),
  );
  const key = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const ascending = query.get("direction") === "asc";
  issues.sort(
    (left, right) => (ascending ? 1 : -1) * (left[key].localeCompare(right[key]) || left.number - right.number),
  );
  return page(call, issues, (issue) => show(call, issue));
}

const label = z.union([z.string(), z.object({ name: z.string() }).transform((value) => value.name)]);
const newWords = z.object({
  title: z.union([z.string(), z.number().transform(String)]),
  body: z.string().nullable().optional(),
  labels: z.array(label).optional(),
  assignees: z.array(z.string()).optional(),
});

function create(call: RepositoryCall): Answer {
  requireIssues(call.repository);
  const words = read(newWords, call);
  requireTitle(words.title);
  requireShort(words.body ?? "");
  const { account, app } = writerOf(call.actor);
  const issue = openIssue(
    call.world,
    call.repository,
    account,
    { ...words, labels: mayLabel(call, account) ? words.labels : [], assignees: accountsNamed(call, words.assignees) },
    app,
  );
  return created(show(call, issue));
}

/** Labels and assignees of somebody without the right are left out silently, as GitHub does. */
function mayLabel(call: RepositoryCall, account: Account): boolean {
  return call.actor.kind === "installation" || atLeast(permissionOf(call.world, account, call.repository), "triage");
}

function accountsNamed(call: RepositoryCall, logins: readonly string[] | undefined): Account[] | undefined {
  return logins?.flatMap((login) => accountByLogin(call.world, login) ?? []);
}

function requireTitle(title: string): void {
  if (title.trim() === "") throw unprocessable({ resource: "Issue", field: "title", code: "missing_field" });
  if (Array.from(title).length > 256) {
    throw unprocessable({
      resource: "Issue",
      field: "title",
      code: "custom",
      message: "title is too long (maximum is 256 characters)",
    });
  }
}

function get(call: RepositoryCall): Answer {
  return former(call) ?? ok(show(call, issueIn(call)));
}

const changeWords = newWords.partial().extend({
  state: z.enum(["open", "closed"]).optional(),
  state_reason: z.enum(["completed", "not_planned", "duplicate", "reopened"]).nullable().optional(),
});

function update(call: RepositoryCall): Answer {
  const issue = issueIn(call);
  const words = read(changeWords, call);
  if (words.title !== undefined) requireTitle(words.title);
  requireShort(words.body ?? "");
  const { account } = writerOf(call.actor);
  if (call.actor.kind === "user" && issue.author !== account && !mayLabel(call, account)) throw notFound();
  const assignees = accountsNamed(call, words.assignees);
  changeIssue(call.world, call.repository, issue, account, { ...words, assignees, stateReason: words.state_reason });
  return ok(show(call, issue));
}

function listComments(call: RepositoryCall): Answer {
  const issue = issueIn(call);
  return page(call, issue.comments, (comment) => showComment(call.world, call.repository, issue, comment));
}

const bodyWords = z.object({ body: z.string().min(1) });

function createComment(call: RepositoryCall): Answer {
  const issue = issueIn(call);
  const { body } = read(bodyWords, call);
  requireShort(body);
  requireUnlocked(issue);
  const { account, app } = writerOf(call.actor);
  const comment = addComment(call.world, call.repository, issue, account, body, app);
  return created(showComment(call.world, call.repository, issue, comment));
}

function requireUnlocked(issue: Issue): void {
  if (issue.locked) throw new Refusal(403, "Unable to create comment because issue is locked.");
}

function commentIn(call: RepositoryCall): { readonly issue: Issue; readonly comment: Comment } {
  const id = numberIn(call, "comment_id");
  for (const issue of call.repository.issues.values()) {
    const comment = issue.comments.find((known) => known.id === id);
    if (comment !== undefined) return { issue, comment };
  }
  throw notFound();
}

function getComment(call: RepositoryCall): Answer {
  const { issue, comment } = commentIn(call);
  return ok(showComment(call.world, call.repository, issue, comment));
}

function updateComment(call: RepositoryCall): Answer {
  const { issue, comment } = commentIn(call);
  const { body } = read(bodyWords, call);
  requireShort(body);
  requireOwn(call, comment);
  editIssueComment(call.world, call.repository, issue, comment, writerOf(call.actor).account, body);
  return ok(showComment(call.world, call.repository, issue, comment));
}

function deleteComment(call: RepositoryCall): Answer {
  const { issue, comment } = commentIn(call);
  requireOwn(call, comment);
  deleteIssueComment(call.world, call.repository, issue, comment, writerOf(call.actor).account);
  return nothing;
}

/** A bare list, or `{ labels: [...] }`. */
const labelsWords = z.union([
  z.array(label),
  z.object({ labels: z.array(label).optional() }).transform((value) => value.labels ?? []),
]);

function labelsOf(call: RepositoryCall, issue: Issue) {
  return issue.labels.map((known) => showLabel(call.world, call.repository, known));
}

function listLabelsOnIssue(call: RepositoryCall): Answer {
  const issue = issueIn(call);
  return page(call, labelsOf(call, issue), (shown) => shown);
}

function addToIssue(call: RepositoryCall): Answer {
  const issue = issueIn(call);
  addLabels(call.world, call.repository, issue, writerOf(call.actor).account, read(labelsWords, call));
  return ok(labelsOf(call, issue));
}

function setOnIssue(call: RepositoryCall): Answer {
  const issue = issueIn(call);
  setLabels(call.world, call.repository, issue, writerOf(call.actor).account, read(labelsWords, call));
  return ok(labelsOf(call, issue));
}

function removeFromIssue(call: RepositoryCall): Answer {
  const issue = issueIn(call);
  const name = (call.params["name"] ?? "").toLowerCase();
  const kept = issue.labels.filter((known) => known.name.toLowerCase() !== name).map((known) => known.name);
  if (kept.length === issue.labels.length) throw new Refusal(404, "Label does not exist");
  setLabels(call.world, call.repository, issue, writerOf(call.actor).account, kept);
  return ok(labelsOf(call, issue));
}

function listLabels(call: RepositoryCall): Answer {
  return page(call, call.repository.labels, (known) => showLabel(call.world, call.repository, known));
}

const labelWords = z.object({
  name: z.string().min(1),
  color: z.string().optional(),
  description: z.string().optional(),
});

function createLabel(call: RepositoryCall): Answer {
  const words = read(labelWords, call);
  if (findLabel(call.repository, words.name) !== undefined) {
    throw unprocessable({ resource: "Label", code: "already_exists", field: "name" });
  }
  if ((words.description ?? "").length > 100) {
    throw unprocessable({
      resource: "Label",
      code: "custom",
      field: "description",
      message: "description is too long (maximum is 100 characters)",
    });
  }
  const made = labelNamed(call.world, call.repository, words.name, words.color ?? "ededed", words.description ?? null);
  return created(showLabel(call.world, call.repository, made));
}

function getLabel(call: RepositoryCall): Answer {
  const found = findLabel(call.repository, call.params["name"] ?? "");
  if (found === undefined) throw notFound();
  return ok(showLabel(call.world, call.repository, found));
}
