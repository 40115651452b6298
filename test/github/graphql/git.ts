import { isBinary } from "../diff.ts";
import { historyOf } from "../git/history.ts";
import type { Commit, Signature, TreeEntry } from "../git/objects.ts";
import { accountByEmail } from "../people.ts";
import { pullsWith } from "../rest/pulls.ts";
import { resolve } from "../rest/revision.ts";
import { nodeId } from "../show/node-id.ts";
import { pageOf } from "../show/repositories.ts";
import type { Repository } from "../world.ts";
import { checkSuites } from "./checks.ts";
import { actorShape } from "./people.ts";
import { pullRequestShape } from "./pull-requests.ts";
import { type Arguments, type Context, connection, inputOf, onlyKnows, type Shape, textOf } from "./shape.ts";

/** `object(expression:)` or `object(oid:)`: a commit, tree or blob, or null. */
export function objectAt(context: Context, repository: Repository, args: Arguments): Shape | null {
  onlyKnows(args, "Repository.object", "expression", "oid");
  const [name = "", ...rest] = (textOf(args, "expression") ?? textOf(args, "oid") ?? "").split(":");
  const oid = resolve(repository, name);
  const { store } = repository;
  if (oid === undefined) return store.blobs.has(name) ? blobShape(context, repository, name) : null;
  if (rest.length === 0) return objectShape(context, repository, oid);
  const path = rest.join(":").replace(/\/$/, "");
  const entry = store.entryAt(oid, path);
  if (entry?.mode === "40000") return treeShape(context, repository, entry.oid, path);
  return entry === undefined ? null : objectShape(context, repository, entry.oid);
}

function objectShape(context: Context, repository: Repository, oid: string): Shape | null {
  const { store } = repository;
  const commit = store.commits.get(oid);
  if (commit !== undefined) return commitShape(context, repository, commit);
  if (store.trees.has(oid)) return treeShape(context, repository, oid, "");
  return store.blobs.has(oid) ? blobShape(context, repository, oid) : null;
}

export function blobShape(context: Context, repository: Repository, oid: string): Shape {
  const bytes = repository.store.blob(oid);
  const cap = context.world.caps.blobOfGraphql;
  const binary = isBinary(bytes);
  return {
    __typename: "Blob",
    id: nodeId("Blob", `${repository.id}:${oid}`),
    oid,
    abbreviatedOid: oid.slice(0, 7),
    byteSize: bytes.length,
    isBinary: binary,
    isTruncated: bytes.length > cap,
    text: () => (binary ? null : Buffer.from(bytes.subarray(0, cap)).toString("utf8")),
  };
}

function treeShape(context: Context, repository: Repository, oid: string, path: string): Shape {
  const prefix = path === "" ? "" : `${path}/`;
  return {
    __typename: "Tree",
    id: nodeId("Tree", `${repository.id}:${oid}`),
    oid,
    entries: () =>
      (repository.store.trees.get(oid) ?? []).map((entry) =>
        entryShape(context, repository, prefix + entry.name, entry),
      ),
  };
}

function entryShape(context: Context, repository: Repository, path: string, entry: TreeEntry): Shape {
  const isTree = entry.mode === "40000";
  const isCommit = entry.mode === "160000";
  return {
    __typename: "TreeEntry",
    name: entry.name,
    path,
    mode: Number.parseInt(entry.mode, 8),
    oid: entry.oid,
    type: isTree ? "tree" : isCommit ? "commit" : "blob",
    size: () => repository.store.blobs.get(entry.oid)?.length ?? 0,
    isGenerated: false,
    submodule: null,
    object: () => {
      if (isCommit) return null;
      return isTree ? treeShape(context, repository, entry.oid, path) : blobShape(context, repository, entry.oid);
    },
  };
}

export function commitShape(context: Context, repository: Repository, commit: Commit): Shape {
  const { world } = context;
  const [headline = "", ...rest] = commit.message.trimEnd().split("\n");
  const authors = authorsOf(commit);
  return {
    __typename: "Commit",
    id: nodeId("Commit", `${repository.id}:${commit.oid}`),
    oid: commit.oid,
    abbreviatedOid: commit.oid.slice(0, 7),
    url: `${pageOf(world, repository)}/commit/${commit.oid}`,
    message: commit.message.trimEnd(),
    messageHeadline: headline,
    messageBody: rest.join("\n").trim(),
    committedDate: commit.committer.date,
    authoredDate: commit.author.date,
    author: () => gitActor(context, commit.author),
    committer: () => gitActor(context, commit.committer),
    authors: (args: Arguments) =>
      connection("GitActorConnection", args, authors, (author) => gitActor(context, author)),
    parents: (args: Arguments) =>
      connection(
        "CommitConnection",
        args,
        commit.parents.flatMap((oid) => repository.store.commits.get(oid) ?? []),
        (parent) => commitShape(context, repository, parent),
      ),
    tree: () => treeShape(context, repository, commit.tree, ""),
    file: (args: Arguments) => {
      const path = textOf(args, "path") ?? "";
      const entry = repository.store.entryAt(commit.oid, path);
      return entry === undefined || path === "" ? null : entryShape(context, repository, path, entry);
    },
    history: (args: Arguments) => {
      const since = textOf(args, "since");
      const until = textOf(args, "until");
      const commits = historyOf(repository.store, commit.oid, textOf(args, "path")).filter(
        ({ committer }) =>
          (since === undefined || Date.parse(committer.date) >= Date.parse(since)) &&
          (until === undefined || Date.parse(committer.date) <= Date.parse(until)),
      );
      return connection("CommitHistoryConnection", args, commits, (one) => commitShape(context, repository, one), [
        "path",
        "since",
        "until",
      ]);
    },
    associatedPullRequests: (args: Arguments) => {
      const order = inputOf(args, "orderBy");
      const pulls = pullsWith(repository, commit.oid);
      if (order["direction"] === "DESC") pulls.reverse();
      return connection("PullRequestConnection", args, pulls, (pull) => pullRequestShape(context, repository, pull), [
        "orderBy",
      ]);
    },
    checkSuites: (args: Arguments) => checkSuites(context, repository, commit.oid, args),
  };
}

/** The author, and who is named in `Co-authored-by` lines. */
function authorsOf(commit: Commit): Signature[] {
  const others = [...commit.message.matchAll(/^Co-authored-by: (.*) <([^>]*)>$/gim)];
  return [commit.author, ...others.map(([, name = "", email = ""]) => ({ name, email, date: commit.author.date }))];
}

function gitActor(context: Context, signature: Signature): Shape {
  const account = accountByEmail(context.world, signature.email);
  return {
    __typename: "GitActor",
    name: signature.name,
    email: signature.email,
    date: signature.date,
    user: () => (account?.type === "User" ? actorShape(context, account) : null),
  };
}

/** A branch. */
export function refShape(context: Context, repository: Repository, branch: string): Shape | null {
  const oid = repository.branches.get(branch);
  if (oid === undefined) return null;
  return {
    __typename: "Ref",
    id: nodeId("Ref", `${repository.id}:refs/heads/${branch}`),
    name: branch,
    prefix: "refs/heads/",
    target: () => objectShape(context, repository, oid),
    associatedPullRequests: (args: Arguments) =>
      connection(
        "PullRequestConnection",
        args,
        pullsWith(repository, oid).filter((pull) => pull.head.branch === branch),
        (pull) => pullRequestShape(context, repository, pull),
      ),
  };
}
