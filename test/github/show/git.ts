import { changesBetween, type FileChange } from "../diff.ts";
import type { Commit, Signature, TreeEntry } from "../git/objects.ts";
import { accountByEmail } from "../people.ts";
import type { Repository, World } from "../world.ts";
import { type Shown, showAccountOrNobody } from "./accounts.ts";
import { nodeId } from "./node-id.ts";
import { apiOf, pageOf } from "./repositories.ts";

const unverified: Shown = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

/** A commit as lists show it. */
export function showCommit(world: World, repository: Repository, commit: Commit): Shown {
  const api = apiOf(world, repository);
  const html = pageOf(world, repository);
  return {
    sha: commit.oid,
    node_id: nodeId("Commit", `${repository.id}:${commit.oid}`),
    commit: {
      author: showSignature(commit.author),
      committer: showSignature(commit.committer),
      message: commit.message.trimEnd(),
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.oid}`,
      comment_count: 0,
      verification: unverified,
    },
    url: `${api}/commits/${commit.oid}`,
    html_url: `${html}/commit/${commit.oid}`,
    comments_url: `${api}/commits/${commit.oid}/comments`,
    author: showAccountOrNobody(world, accountByEmail(world, commit.author.email)),
    committer: showAccountOrNobody(world, accountByEmail(world, commit.committer.email)),
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/commits/${sha}`, html_url: `${html}/commit/${sha}` })),
  };
}

/** One commit with its files, against its first parent. */
export function showWholeCommit(world: World, repository: Repository, commit: Commit): Shown {
  const changes = changesBetween(repository.store, commit.parents[0], commit.oid);
  const additions = changes.reduce((sum, change) => sum + change.additions, 0);
  const deletions = changes.reduce((sum, change) => sum + change.deletions, 0);
  return {
    ...showCommit(world, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: changes
      .slice(0, world.caps.filesOfComparison)
      .map((change) => showChange(world, repository, commit.oid, change)),
  };
}

export function showGitCommit(world: World, repository: Repository, commit: Commit): Shown {
  const api = apiOf(world, repository);
  const html = pageOf(world, repository);
  return {
    sha: commit.oid,
    node_id: nodeId("Commit", `${repository.id}:${commit.oid}`),
    url: `${api}/git/commits/${commit.oid}`,
    html_url: `${html}/commit/${commit.oid}`,
    author: showSignature(commit.author),
    committer: showSignature(commit.committer),
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message.trimEnd(),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
    verification: unverified,
  };
}

function showSignature(signature: Signature): Shown {
  return { name: signature.name, email: signature.email, date: signature.date };
}

/** A changed file; `patch` is left out where GitHub shows none. */
export function showChange(world: World, repository: Repository, head: string, change: FileChange): Shown {
  const path = change.filename.split("/").map(encodeURIComponent).join("/");
  return {
    sha: change.oid,
    filename: change.filename,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${pageOf(world, repository)}/blob/${head}/${path}`,
    raw_url: `${pageOf(world, repository)}/raw/${head}/${path}`,
    contents_url: `${apiOf(world, repository)}/contents/${path}?ref=${head}`,
    ...(change.patch === undefined ? {} : { patch: change.patch }),
    ...(change.previousFilename === undefined ? {} : { previous_filename: change.previousFilename }),
  };
}

/** What an entry of a tree is, in GitHub's words. */
export function kindOf(entry: TreeEntry): "dir" | "file" | "symlink" | "submodule" {
  if (entry.mode === "40000") return "dir";
  if (entry.mode === "120000") return "symlink";
  return entry.mode === "160000" ? "submodule" : "file";
}
