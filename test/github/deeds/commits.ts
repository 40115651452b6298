import { reanchor } from "../anchors.ts";
import { changesBetween } from "../diff.ts";
import { ancestors, commitsBetween } from "../git/history.ts";
import type { Commit, FileEntry, FileMode, Signature } from "../git/objects.ts";
import { fullName, pullRequestsOf } from "../lookups.ts";
import { accountByEmail, atLeast, permissionOf, privateEmail } from "../people.ts";
import { Refusal } from "../refusal.ts";
import { showWholePullRequest } from "../show/pull-requests.ts";
import { pageOf } from "../show/repositories.ts";
import type { Account, Activity, PullRequest, Repository, World } from "../world.ts";

/** What becomes of one path: its text or bytes, something else than a plain file, or nothing (`null`: deleted). */
export type FileEdit =
  | string
  | Uint8Array
  | null
  | { readonly movedFrom: string; readonly content?: string | Uint8Array }
  | { readonly content: string | Uint8Array; readonly mode: FileMode }
  | { readonly submodule: string };

export interface CommitWords {
  readonly branch: string;
  readonly files: Readonly<Record<string, FileEdit>>;
  readonly message?: string;
  /** Where a new branch starts; default: the default branch. */
  readonly from?: string;
  /** What git says about the author, which anybody can set; default: the person who pushes. */
  readonly author?: { readonly name: string; readonly email: string };
  readonly committer?: { readonly name: string; readonly email: string };
  /** The date that git says, which anybody can set; default: now. */
  readonly date?: string;
}

export const zeroId = "0".repeat(40);

/** Makes a commit on top of a branch (or of another start) without moving any branch. */
export function commitFiles(world: World, repository: Repository, account: Account, words: CommitWords): Commit {
  const { store } = repository;
  const parent =
    words.from ?? repository.branches.get(words.branch) ?? repository.branches.get(repository.defaultBranch);
  const files = new Map(store.filesOf(parent));
  for (const [path, edit] of Object.entries(words.files)) applyEdit(repository, files, path, edit);
  const date = world.clock.tick();
  const self = { name: account.name, email: privateEmail(account) };
  const author: Signature = { ...(words.author ?? self), date: words.date ?? date };
  const committer: Signature = { ...(words.committer ?? words.author ?? self), date: words.date ?? date };
  const message = words.message ?? `Change ${Object.keys(words.files).join(", ")}`;
  const oid = store.writeCommit({
    tree: store.writeTree(files),
    parents: parent === undefined ? [] : [parent],
    author,
    committer,
    message: message.endsWith("\n") ? message : `${message}\n`,
  });
  const commit = store.commits.get(oid);
  if (commit === undefined) throw new Error("a commit that was just written is not there");
  return commit;
}

function applyEdit(repository: Repository, files: Map<string, FileEntry>, path: string, edit: FileEdit): void {
  const { store } = repository;
  if (edit === null) {
    if (!files.delete(path)) throw new Error(`there is no ${path} to delete`);
    return;
  }
  const mode = files.get(path)?.mode ?? "100644";
  if (typeof edit === "string" || edit instanceof Uint8Array) {
    files.set(path, { mode, oid: store.writeBlob(edit) });
    return;
  }
  if ("submodule" in edit) {
    files.set(path, { mode: "160000", oid: edit.submodule });
    return;
  }
  if ("mode" in edit) {
    files.set(path, { mode: edit.mode, oid: store.writeBlob(edit.content) });
    return;
  }
  const source = files.get(edit.movedFrom);
  if (source === undefined) throw new Error(`there is no ${edit.movedFrom} to move`);
  files.delete(edit.movedFrom);
  files.set(path, edit.content === undefined ? source : { mode: source.mode, oid: store.writeBlob(edit.content) });
}

/** Points a branch at a commit; tells Apps of the push, and moves the open pull requests that it is the head of. */
export function moveBranch(world: World, repository: Repository, account: Account, branch: string, to: string): void {
  const before = repository.branches.get(branch) ?? zeroId;
  if (before === to) return;
  repository.branches.set(branch, to);
  repository.pushedAt = world.clock.tick();
  const isRewritten = before !== zeroId && !ancestors(repository.store, to).has(before);
  note(repository, account, {
    branch,
    before,
    after: to,
    type: before === zeroId ? "branch_creation" : isRewritten ? "force_push" : "push",
  });
  world.announce({
    event: "push",
    repository,
    sender: account,
    payload: pushPayload(world, repository, account, branch, before, to),
  });
  for (const owner of world.repositories.values()) {
    for (const pull of pullRequestsOf(owner)) {
      const isHead = pull.head.repository === repository && pull.head.branch === branch && pull.state === "open";
      if (isHead) synchronize(world, owner, pull, account, before, to);
    }
  }
}

function note(
  repository: Repository,
  actor: Account,
  done: Pick<Activity, "branch" | "before" | "after" | "type">,
): void {
  repository.activities.push({ ...done, id: repository.activities.length + 1, actor, at: repository.pushedAt });
}

/** Removes a branch. Pull requests keep the commits that they knew. */
export function deleteBranch(world: World, repository: Repository, account: Account, branch: string): void {
  const before = repository.branches.get(branch);
  if (before === undefined) throw new Refusal(422, "Reference does not exist");
  repository.branches.delete(branch);
  note(repository, account, { branch, before, after: zeroId, type: "branch_deletion" });
  const payload = pushPayload(world, repository, account, branch, before, zeroId);
  world.announce({ event: "push", repository, sender: account, payload });
}

function synchronize(
  world: World,
  repository: Repository,
  pull: PullRequest,
  account: Account,
  before: string,
  after: string,
): void {
  pull.head.sha = after;
  pull.base.sha = repository.branches.get(pull.base.branch) ?? pull.base.sha;
  pull.heads.push({ sha: after, at: Date.now() });
  pull.updatedAt = world.clock.tick();
  reanchor(repository, pull, before);
  world.announce({
    event: "pull_request",
    action: "synchronize",
    repository,
    sender: account,
    payload: { number: pull.number, before, after, pull_request: showWholePullRequest(world, repository, pull) },
  });
}

function pushPayload(
  world: World,
  repository: Repository,
  account: Account,
  branch: string,
  before: string,
  after: string,
) {
  const { store } = repository;
  const created = before === zeroId;
  const deleted = after === zeroId;
  const start = created ? repository.branches.get(repository.defaultBranch) : before;
  const commits = deleted || start === undefined || start === after ? [] : commitsBetween(store, start, after);
  const head = deleted ? undefined : store.commits.get(after);
  return {
    ref: `refs/heads/${branch}`,
    before,
    after,
    pusher: { name: account.login, email: privateEmail(account) },
    created,
    deleted,
    forced: !created && !deleted && !ancestors(store, after).has(before),
    base_ref: null,
    compare: `${pageOf(world, repository)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: commits.map((commit) => pushedCommit(world, repository, commit)),
    head_commit: head === undefined ? null : pushedCommit(world, repository, head),
  };
}

function pushedCommit(world: World, repository: Repository, commit: Commit) {
  const changes = changesBetween(repository.store, commit.parents[0], commit.oid);
  const paths = (...wanted: readonly string[]) =>
    changes.filter((change) => wanted.includes(change.status)).map((change) => change.filename);
  const renamed = changes.filter((change) => change.status === "renamed");
  return {
    id: commit.oid,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message.trimEnd(),
    timestamp: commit.committer.date,
    url: `${pageOf(world, repository)}/commit/${commit.oid}`,
    author: pushedSignature(world, commit.author),
    committer: pushedSignature(world, commit.committer),
    added: [...paths("added"), ...renamed.map((change) => change.filename)],
    removed: [...paths("removed"), ...renamed.map((change) => change.previousFilename ?? "")],
    modified: paths("modified", "changed"),
  };
}

function pushedSignature(world: World, signature: Signature) {
  const account = accountByEmail(world, signature.email);
  return {
    name: signature.name,
    email: signature.email,
    ...(account === null ? {} : { username: account.login }),
  };
}

/** Refuses who may not push, as git's own answer would. */
export function requirePush(world: World, account: Account, repository: Repository): void {
  if (repository.archived) throw new Refusal(403, "Repository was archived so is read-only.");
  if (!atLeast(permissionOf(world, account, repository), "write")) {
    throw new Refusal(403, `${account.login} may not push to ${fullName(repository)}`);
  }
}
