import { z } from "zod";
import { commitFiles, moveBranch } from "../deeds/commits.ts";
import { addThreadToPending, deletePending, submitPending } from "../deeds/pending-reviews.ts";
import { openPullRequest } from "../deeds/pull-requests.ts";
import { editReview, reply } from "../deeds/reviews.ts";
import { editThreadComment, setResolved } from "../deeds/threads.ts";
import { may, writerOf } from "../identity.ts";
import { pullRequestsOf, repositoryByName } from "../lookups.ts";
import { Refusal } from "../refusal.ts";
import { readNodeId } from "../show/node-id.ts";
import type { Comment, PullRequest, Repository, Review, Thread, ThreadComment } from "../world.ts";
import { commitShape, refShape } from "./git.ts";
import { issueCommentShape } from "./issues.ts";
import { pullRequestShape } from "./pull-requests.ts";
import { canResolve, reviewShape, threadCommentShape, threadShape } from "./reviews.ts";
import { type Arguments, type Context, forbidden, inputOf, refuse, type Shape, textOf } from "./shape.ts";

/** The mutations that the stand-in carries out, by name. */
export function mutations(context: Context): Shape {
  return {
    __typename: "Mutation",
    resolveReviewThread: (args: Arguments) => resolveThread(context, args, true),
    unresolveReviewThread: (args: Arguments) => resolveThread(context, args, false),
    minimizeComment: (args: Arguments) => minimize(context, args, true),
    unminimizeComment: (args: Arguments) => minimize(context, args, false),
    updatePullRequestReview: (args: Arguments) => updateReview(context, args),
    updatePullRequestReviewComment: (args: Arguments) => updateComment(context, args),
    addPullRequestReviewThread: (args: Arguments) => addThread(context, args),
    submitPullRequestReview: (args: Arguments) => submit(context, args),
    deletePullRequestReview: (args: Arguments) => deleteReview(context, args),
    addPullRequestReviewThreadReply: (args: Arguments) => addReply(context, args),
    addReaction: (args: Arguments) => react(context, args, true),
    removeReaction: (args: Arguments) => react(context, args, false),
    createCommitOnBranch: (args: Arguments) => commitOnBranch(context, args),
    createRef: (args: Arguments) => makeRef(context, args),
    createPullRequest: (args: Arguments) => makePullRequest(context, args),
  };
}

interface Found {
  readonly repository: Repository;
  readonly pull: PullRequest;
}

/** All that can be named by a global id, looked up anew each time. */
function lookUp<Item>(
  context: Context,
  id: string,
  kind: string,
  itemsOf: (pull: PullRequest) => readonly (Item & { readonly id: number })[],
): Found & { readonly item: Item } {
  const named = readNodeId(id);
  for (const repository of context.world.repositories.values()) {
    for (const pull of pullRequestsOf(repository)) {
      const item = itemsOf(pull).find((one) => named?.kind === kind && String(one.id) === named.key);
      if (item !== undefined) return { repository, pull, item };
    }
  }
  throw refuse("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}

function requireWrite(context: Context, { repository }: Found): void {
  if (!may(context.world, context.actor, repository, [{ pull_requests: "write" }], "write")) throw forbidden();
}

const payload = (typename: string, input: Arguments, fields: Readonly<Record<string, unknown>>): Shape => ({
  __typename: typename,
  clientMutationId: textOf(input, "clientMutationId") ?? null,
  ...fields,
});

function resolveThread(context: Context, args: Arguments, resolved: boolean): Shape {
  const input = inputOf(args, "input");
  const found = lookUp<Thread>(
    context,
    textOf(input, "threadId") ?? "",
    "PullRequestReviewThread",
    (pull) => pull.threads,
  );
  if (!canResolve(context, found.repository, found.pull)) throw forbidden();
  setResolved(context.world, found.repository, found.pull, found.item, writerOf(context.actor).account, resolved);
  const thread = threadShape(context, found.repository, found.pull, found.item);
  return payload(resolved ? "ResolveReviewThreadPayload" : "UnresolveReviewThreadPayload", input, { thread });
}

function minimize(context: Context, args: Arguments, hide: boolean): Shape {
  const input = inputOf(args, "input");
  const id = textOf(input, "subjectId") ?? "";
  const shape = minimizable(context, id, hide ? (textOf(input, "classifier") ?? "OUTDATED") : undefined);
  return payload(hide ? "MinimizeCommentPayload" : "UnminimizeCommentPayload", input, {
    [hide ? "minimizedComment" : "unminimizedComment"]: shape,
  });
}

/** Reviews, comments in threads and comments of the conversation can be hidden. */
function minimizable(context: Context, id: string, reason: string | undefined): Shape {
  const kind = readNodeId(id)?.kind;
  if (kind === "PullRequestReview") {
    const found = lookUp<Review>(context, id, kind, (pull) => pull.reviews);
    requireWrite(context, found);
    found.item.minimized = reason;
    return reviewShape(context, found.repository, found.pull, found.item);
  }
  if (kind === "IssueComment") {
    const found = lookUp<Comment>(context, id, kind, (pull) => pull.comments);
    requireWrite(context, found);
    found.item.minimized = reason;
    return issueCommentShape(context, found.repository, found.pull, found.item);
  }
  const found = lookUp<ThreadComment>(context, id, "PullRequestReviewComment", commentsOf);
  requireWrite(context, found);
  found.item.minimized = reason;
  return threadCommentShape(context, found.repository, found.pull, threadOf(found), found.item);
}

/** Reactions are once for each account and content, however often they are added. */
function react(context: Context, args: Arguments, add: boolean): Shape {
  const input = inputOf(args, "input");
  const id = textOf(input, "subjectId") ?? "";
  const kind = readNodeId(id)?.kind;
  const found =
    kind === "IssueComment"
      ? lookUp<Comment>(context, id, kind, (pull) => pull.comments)
      : lookUp<Comment>(context, id, "PullRequestReviewComment", commentsOf);
  const needs = [{ pull_requests: "write" as const }, { issues: "write" as const }];
  if (!may(context.world, context.actor, found.repository, needs, "read")) throw forbidden();
  const { account } = writerOf(context.actor);
  const content = textOf(input, "content") ?? "";
  const others = (found.item.reactions ?? []).filter((one) => one.by !== account || one.content !== content);
  found.item.reactions = add ? [...others, { by: account, content }] : others;
  const reaction = { __typename: "Reaction", content };
  return payload(add ? "AddReactionPayload" : "RemoveReactionPayload", input, { reaction });
}

function commentsOf(pull: PullRequest): ThreadComment[] {
  return pull.threads.flatMap((thread) => thread.comments);
}

function threadOf({ pull, item }: Found & { readonly item: ThreadComment }): Thread {
  const thread = pull.threads.find((one) => one.comments.includes(item));
  if (thread === undefined) throw new Error("a comment without a thread");
  return thread;
}

function updateReview(context: Context, args: Arguments): Shape {
  const input = inputOf(args, "input");
  const found = lookUp<Review>(
    context,
    textOf(input, "pullRequestReviewId") ?? "",
    "PullRequestReview",
    (pull) => pull.reviews,
  );
  requireWrite(context, found);
  const { account } = writerOf(context.actor);
  if (found.item.author !== account) throw forbidden();
  editReview(context.world, found.repository, found.pull, found.item, account, textOf(input, "body") ?? "");
  const pullRequestReview = reviewShape(context, found.repository, found.pull, found.item);
  return payload("UpdatePullRequestReviewPayload", input, { pullRequestReview });
}

/** Our own review, by the id in `pullRequestReviewId`. */
function ownReview(context: Context, input: Arguments): Found & { readonly item: Review } {
  const id = textOf(input, "pullRequestReviewId") ?? "";
  const found = lookUp<Review>(context, id, "PullRequestReview", (pull) => pull.reviews);
  requireWrite(context, found);
  if (found.item.author !== writerOf(context.actor).account) throw forbidden();
  return found;
}

/** One thread in a pending review, on a line or, with `subjectType: FILE`, on the file. */
function addThread(context: Context, args: Arguments): Shape {
  const input = inputOf(args, "input");
  const { repository, pull, item } = ownReview(context, input);
  const line = typeof input["line"] === "number" ? input["line"] : undefined;
  const place = {
    path: textOf(input, "path") ?? "",
    side: textOf(input, "side") === "LEFT" ? ("LEFT" as const) : ("RIGHT" as const),
    line: textOf(input, "subjectType") === "FILE" ? undefined : line,
    body: textOf(input, "body") ?? "",
  };
  const { app } = writerOf(context.actor);
  const added = addThreadToPending(context.world, repository, pull, item, place, app);
  const thread = threadShape(context, repository, pull, added);
  return payload("AddPullRequestReviewThreadPayload", input, { thread });
}

function submit(context: Context, args: Arguments): Shape {
  const input = inputOf(args, "input");
  const { repository, pull, item } = ownReview(context, input);
  const { account } = writerOf(context.actor);
  if (textOf(input, "event") !== "COMMENT") throw refuse("UNPROCESSABLE", "the stand-in submits comments only");
  submitPending(context.world, repository, pull, item, account, textOf(input, "body") ?? "");
  const pullRequestReview = reviewShape(context, repository, pull, item);
  return payload("SubmitPullRequestReviewPayload", input, { pullRequestReview });
}

function deleteReview(context: Context, args: Arguments): Shape {
  const input = inputOf(args, "input");
  const { repository, pull, item } = ownReview(context, input);
  const pullRequestReview = reviewShape(context, repository, pull, item);
  deletePending(pull, item);
  return payload("DeletePullRequestReviewPayload", input, { pullRequestReview });
}

function updateComment(context: Context, args: Arguments): Shape {
  const input = inputOf(args, "input");
  const found = lookUp<ThreadComment>(
    context,
    textOf(input, "pullRequestReviewCommentId") ?? "",
    "PullRequestReviewComment",
    commentsOf,
  );
  requireWrite(context, found);
  const { account } = writerOf(context.actor);
  if (found.item.author !== account) throw forbidden();
  const thread = threadOf(found);
  editThreadComment(
    context.world,
    found.repository,
    found.pull,
    thread,
    found.item,
    account,
    textOf(input, "body") ?? "",
  );
  const pullRequestReviewComment = threadCommentShape(context, found.repository, found.pull, thread, found.item);
  return payload("UpdatePullRequestReviewCommentPayload", input, { pullRequestReviewComment });
}

function addReply(context: Context, args: Arguments): Shape {
  const input = inputOf(args, "input");
  const found = lookUp<Thread>(
    context,
    textOf(input, "pullRequestReviewThreadId") ?? "",
    "PullRequestReviewThread",
    (pull) => pull.threads,
  );
  requireWrite(context, found);
  const { account, app } = writerOf(context.actor);
  const made = reply(
    context.world,
    found.repository,
    found.pull,
    found.item,
    account,
    textOf(input, "body") ?? "",
    app,
  );
  const comment = threadCommentShape(context, found.repository, found.pull, found.item, made);
  return payload("AddPullRequestReviewThreadReplyPayload", input, { comment });
}

const commitWords = z.object({
  branch: z.object({ repositoryNameWithOwner: z.string(), branchName: z.string() }),
  expectedHeadOid: z.string(),
  message: z.object({ headline: z.string().min(1), body: z.string().default("") }),
  fileChanges: z.object({ additions: z.array(z.object({ path: z.string(), contents: z.string() })) }),
});

/**
 * One commit onto a branch that is still where it was thought to be. The messages of refusals are those that people
 * report: `STALE_DATA` in planetscale/ghcommit pull request 153.
 */
function commitOnBranch(context: Context, args: Arguments): Shape {
  const input = inputOf(args, "input");
  const { branch, expectedHeadOid, message, fileChanges } = commitWords.parse(input);
  const [owner = "", name = ""] = branch.repositoryNameWithOwner.split("/");
  const repository = repositoryByName(context.world, owner, name);
  if (repository === undefined) throw refuse("NOT_FOUND", `Could not resolve to a Repository with the name '${name}'.`);
  if (!may(context.world, context.actor, repository, [{ contents: "write" }], "write")) throw forbidden();
  if (repository.branches.get(branch.branchName) !== expectedHeadOid) {
    throw refuse("STALE_DATA", `Expected branch to point to "${expectedHeadOid}" but it did not. Pull and try again.`);
  }
  const { account } = writerOf(context.actor);
  const commit = commitFiles(context.world, repository, account, {
    branch: branch.branchName,
    files: Object.fromEntries(
      fileChanges.additions.map(({ path, contents }) => [path, Buffer.from(contents, "base64")]),
    ),
    message: message.body === "" ? message.headline : `${message.headline}\n\n${message.body}`,
    committer: { name: "GitHub", email: "noreply@github.com" },
  });
  moveBranch(context.world, repository, account, branch.branchName, commit.oid);
  return payload("CreateCommitOnBranchPayload", input, { commit: commitShape(context, repository, commit) });
}

function repositoryWithId(context: Context, id: string): Repository {
  const named = readNodeId(id);
  const repository = named?.kind === "Repository" ? context.world.repositories.get(Number(named.key)) : undefined;
  if (repository === undefined) throw refuse("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
  return repository;
}

/** A new branch at a commit that is there. */
function makeRef(context: Context, args: Arguments): Shape {
  const input = inputOf(args, "input");
  const repository = repositoryWithId(context, textOf(input, "repositoryId") ?? "");
  if (!may(context.world, context.actor, repository, [{ contents: "write" }], "write")) throw forbidden();
  const [, branch] = /^refs\/heads\/(.+)$/.exec(textOf(input, "name") ?? "") ?? [];
  const oid = textOf(input, "oid") ?? "";
  if (branch === undefined || !repository.store.commits.has(oid))
    throw refuse("UNPROCESSABLE", "Reference cannot be created.");
  if (repository.branches.has(branch))
    throw refuse("UNPROCESSABLE", `A ref named "refs/heads/${branch}" already exists in the repository.`);
  moveBranch(context.world, repository, writerOf(context.actor).account, branch, oid);
  return payload("CreateRefPayload", input, { ref: refShape(context, repository, branch) });
}

function makePullRequest(context: Context, args: Arguments): Shape {
  const input = inputOf(args, "input");
  const repository = repositoryWithId(context, textOf(input, "repositoryId") ?? "");
  if (!may(context.world, context.actor, repository, [{ pull_requests: "write" }], "read")) throw forbidden();
  try {
    const pull = openPullRequest(context.world, repository, writerOf(context.actor).account, {
      title: textOf(input, "title") ?? "",
      body: textOf(input, "body") ?? null,
      headRepository: repository,
      headBranch: textOf(input, "headRefName") ?? "",
      base: textOf(input, "baseRefName") ?? "",
    });
    return payload("CreatePullRequestPayload", input, { pullRequest: pullRequestShape(context, repository, pull) });
  } catch (error) {
    throw error instanceof Refusal
      ? refuse("UNPROCESSABLE", `${error.message}: ${JSON.stringify(error.errors)}`)
      : error;
  }
}
