import type { TreeEntry } from "../git/objects.ts";
import { notFound } from "../refusal.ts";
import { showGitCommit } from "../show/git.ts";
import { nodeId } from "../show/node-id.ts";
import { apiOf } from "../show/repositories.ts";
import { type Answer, type Operation, ok, type RepositoryCall } from "./operation.ts";
import { base64Lines } from "./repositories.ts";
import { resolve } from "./revision.ts";

const readContents = { on: "repository", needs: [{ contents: "read" }], person: "read" } as const;

/** Git's own objects. https://docs.github.com/rest/git */
export const gitOperations: readonly Operation[] = [
  {
    id: "git/get-tree",
    method: "GET",
    path: "/repos/{owner}/{repo}/git/trees/{tree_sha+}",
    ...readContents,
    answer: getTree,
  },
  {
    id: "git/get-blob",
    method: "GET",
    path: "/repos/{owner}/{repo}/git/blobs/{file_sha}",
    ...readContents,
    answer: getBlob,
  },
  { id: "git/get-ref", method: "GET", path: "/repos/{owner}/{repo}/git/ref/{ref+}", ...readContents, answer: getRef },
  {
    id: "git/get-commit",
    method: "GET",
    path: "/repos/{owner}/{repo}/git/commits/{commit_sha}",
    ...readContents,
    answer: getCommit,
  },
];

/** `recursive` counts whenever it is there, even as `0` or `false`. Beyond the cap the answer says that it was cut. */
function getTree(call: RepositoryCall): Answer {
  const { repository, world } = call;
  const { store } = repository;
  const oid = resolve(repository, call.params["tree_sha"] ?? "");
  const root = oid === undefined ? undefined : (store.commits.get(oid)?.tree ?? oid);
  if (root === undefined || !store.trees.has(root)) throw notFound();
  const entries = listTree(call, root, "", call.query.has("recursive"));
  const cap = world.caps.entriesOfTree;
  return ok({
    sha: root,
    url: `${apiOf(world, repository)}/git/trees/${root}`,
    tree: entries.slice(0, cap),
    truncated: entries.length > cap,
  });
}

function listTree(call: RepositoryCall, tree: string, prefix: string, recursive: boolean): unknown[] {
  return (call.repository.store.trees.get(tree) ?? []).flatMap((entry) => {
    const below = recursive && entry.mode === "40000" ? listTree(call, entry.oid, `${prefix}${entry.name}/`, true) : [];
    return [showEntry(call, prefix, entry), ...below];
  });
}

function showEntry(call: RepositoryCall, prefix: string, entry: TreeEntry) {
  const path = prefix + entry.name;
  const api = apiOf(call.world, call.repository);
  if (entry.mode === "160000") return { path, mode: entry.mode, type: "commit", sha: entry.oid };
  if (entry.mode === "40000") {
    return { path, mode: "040000", type: "tree", sha: entry.oid, url: `${api}/git/trees/${entry.oid}` };
  }
  const size = call.repository.store.blob(entry.oid).length;
  return { path, mode: entry.mode, type: "blob", sha: entry.oid, size, url: `${api}/git/blobs/${entry.oid}` };
}

function getBlob(call: RepositoryCall): Answer {
  const sha = call.params["file_sha"] ?? "";
  const blob = call.repository.store.blobs.get(sha);
  if (blob === undefined) throw notFound();
  if (call.accept.includes("raw"))
    return { status: 200, text: blob, type: "application/vnd.github.raw; charset=utf-8" };
  return ok({
    sha,
    node_id: nodeId("Blob", `${call.repository.id}:${sha}`),
    size: blob.length,
    url: `${apiOf(call.world, call.repository)}/git/blobs/${sha}`,
    content: base64Lines(blob),
    encoding: "base64",
  });
}

function getRef(call: RepositoryCall): Answer {
  const ref = call.params["ref"] ?? "";
  const sha = ref.startsWith("heads/") || ref.startsWith("pull/") ? resolve(call.repository, `refs/${ref}`) : undefined;
  if (sha === undefined) throw notFound();
  const api = apiOf(call.world, call.repository);
  return ok({
    ref: `refs/${ref}`,
    node_id: nodeId("Ref", `${call.repository.id}:refs/${ref}`),
    url: `${api}/git/refs/${ref}`,
    object: { sha, type: "commit", url: `${api}/git/commits/${sha}` },
  });
}

function getCommit(call: RepositoryCall): Answer {
  const commit = call.repository.store.commits.get(call.params["commit_sha"] ?? "");
  if (commit === undefined) throw notFound();
  return ok(showGitCommit(call.world, call.repository, commit));
}
