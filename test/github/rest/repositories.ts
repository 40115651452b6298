import { changesBetween } from "../diff.ts";
import { commitsBetween, historyOf, mergeBase } from "../git/history.ts";
import type { TreeEntry } from "../git/objects.ts";
import { accountByLogin } from "../lookups.ts";
import { permissionOf } from "../people.ts";
import { notFound, Refusal } from "../refusal.ts";
import { showAccount } from "../show/accounts.ts";
import { kindOf, showChange, showCommit, showWholeCommit } from "../show/git.ts";
import { nodeId } from "../show/node-id.ts";
import { apiOf, pageOf, showWholeRepository } from "../show/repositories.ts";
import type { Activity } from "../world.ts";
import { type Answer, cut, type Operation, ok, page, type RepositoryCall } from "./operation.ts";
import { resolve, resolveCommit } from "./revision.ts";

const readContents = { on: "repository", needs: [{ contents: "read" }], person: "read" } as const;

/** Repositories, their files and their history. */
export const repositoryOperations: readonly Operation[] = [
  {
    id: "repos/get",
    method: "GET",
    path: "/repos/{owner}/{repo}",
    on: "repository",
    needs: [{ metadata: "read" }],
    person: "read",
    answer: (call) => ok(showWholeRepository(call.world, call.repository)),
  },
  {
    id: "repos/custom-properties-for-repos-get-repository-values",
    method: "GET",
    path: "/repos/{owner}/{repo}/properties/values",
    on: "repository",
    needs: [{ metadata: "read" }],
    person: "read",
    answer: (call) =>
      ok(Object.entries(call.repository.properties).map(([property_name, value]) => ({ property_name, value }))),
  },
  {
    id: "repos/get-content",
    method: "GET",
    path: "/repos/{owner}/{repo}/contents/{path+}",
    ...readContents,
    answer: getContent,
  },
  {
    id: "repos/get-content",
    method: "GET",
    path: "/repos/{owner}/{repo}/contents",
    ...readContents,
    answer: getContent,
  },
  {
    id: "repos/list-commits",
    method: "GET",
    path: "/repos/{owner}/{repo}/commits",
    ...readContents,
    answer: listCommits,
  },
  {
    id: "repos/get-commit",
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{ref}",
    ...readContents,
    answer: getCommit,
  },
  {
    id: "repos/compare-commits",
    method: "GET",
    path: "/repos/{owner}/{repo}/compare/{basehead}",
    ...readContents,
    answer: compare,
  },
  {
    id: "repos/list-activities",
    method: "GET",
    path: "/repos/{owner}/{repo}/activity",
    ...readContents,
    answer: listActivities,
  },
  {
    id: "repos/list-branches",
    method: "GET",
    path: "/repos/{owner}/{repo}/branches",
    ...readContents,
    answer: listBranches,
  },
  {
    id: "repos/get-collaborator-permission-level",
    method: "GET",
    path: "/repos/{owner}/{repo}/collaborators/{username}/permission",
    on: "repository",
    needs: [{ metadata: "read" }],
    person: "write",
    answer: getPermission,
  },
];

/** Newest first, a page after the last activity of the one before. https://docs.github.com/rest/repos/repos#list-repository-activities */
function listActivities(call: RepositoryCall): Answer {
  const { world, repository, query, address } = call;
  const branch = query.get("ref")?.replace(/^refs\/heads\//, "");
  const all = repository.activities
    .filter((one) => (branch === undefined || one.branch === branch) && isBy(one, query.get("actor")))
    .toReversed();
  const from = all.findIndex(({ id }) => String(id) === query.get("after")) + 1;
  const shown = all.slice(from, from + Number(query.get("per_page") ?? 30));
  const last = shown.at(-1);
  const next = new URL(address);
  next.searchParams.set("after", String(last?.id ?? ""));
  const isLast = last === undefined || all.at(-1) === last;
  return ok(
    shown.map(({ id, branch: name, before, after, type, actor, at }) => ({
      id,
      node_id: nodeId("Activity", id),
      before,
      after,
      ref: `refs/heads/${name}`,
      timestamp: at,
      activity_type: type,
      actor: showAccount(world, actor),
    })),
    isLast ? {} : { link: `<${next.href}>; rel="next"` },
  );
}

function isBy({ actor }: Activity, login: string | null): boolean {
  return login === null || actor.login.toLowerCase() === login.toLowerCase();
}

/** A file, a folder, a link or a submodule. https://docs.github.com/rest/repos/contents#get-repository-content */
function getContent(call: RepositoryCall): Answer {
  const { repository } = call;
  const ref = call.query.get("ref") ?? repository.defaultBranch;
  const commit = resolve(repository, ref);
  if (commit === undefined) throw new Refusal(404, `No commit found for the ref ${ref}`);
  const path = (call.params["path"] ?? "").replace(/\/$/, "");
  const entry = repository.store.entryAt(commit, path);
  if (entry === undefined) throw notFound();
  if (entry.mode !== "40000") {
    const blob = repository.store.blob(entry.oid);
    if (call.accept.includes("raw") && kindOf(entry) === "file") {
      return { status: 200, text: blob, type: "application/vnd.github.raw; charset=utf-8" };
    }
    return ok(showFile(call, ref, path, entry));
  }
  const children = (repository.store.trees.get(entry.oid) ?? []).slice(0, 1000);
  return ok(children.map((child) => showListed(call, ref, path === "" ? child.name : `${path}/${child.name}`, child)));
}

function showListed(call: RepositoryCall, ref: string, path: string, entry: TreeEntry) {
  const { world, repository } = call;
  const kind = kindOf(entry);
  const url = `${apiOf(world, repository)}/contents/${encodePath(path)}?ref=${encodeURIComponent(ref)}`;
  const git = `${apiOf(world, repository)}/git/${kind === "dir" ? "trees" : "blobs"}/${entry.oid}`;
  const html = `${pageOf(world, repository)}/${kind === "dir" ? "tree" : "blob"}/${ref}/${encodePath(path)}`;
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    path,
    sha: entry.oid,
    size: kind === "file" || kind === "symlink" ? repository.store.blob(entry.oid).length : 0,
    url,
    html_url: html,
    git_url: git,
    download_url: kind === "file" ? `${pageOf(world, repository)}/raw/${ref}/${encodePath(path)}` : null,
    type: kind === "submodule" ? "file" : kind,
    _links: { self: url, git, html },
  };
}

function showFile(call: RepositoryCall, ref: string, path: string, entry: TreeEntry) {
  const listed = showListed(call, ref, path, entry);
  const blob = call.repository.store.blob(entry.oid);
  const kind = kindOf(entry);
  if (kind === "submodule")
    return { ...listed, type: "submodule", submodule_git_url: "https://example.com/submodule.git" };
  if (kind === "symlink") return { ...listed, target: Buffer.from(blob).toString("utf8") };
  const tooLong = blob.length > call.world.caps.blobOfContents;
  return { ...listed, content: tooLong ? "" : base64Lines(blob), encoding: tooLong ? "none" : "base64" };
}

/** GitHub breaks base64 after 60 characters. */
export function base64Lines(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("base64")
    .replaceAll(/.{1,60}/g, "$&\n");
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function listCommits(call: RepositoryCall): Answer {
  const { repository, query } = call;
  const start = resolve(repository, query.get("sha") ?? repository.defaultBranch);
  if (start === undefined) throw notFound();
  const since = query.get("since");
  const until = query.get("until");
  const commits = historyOf(repository.store, start, query.get("path") ?? undefined).filter(
    ({ committer }) =>
      (since === null || Date.parse(committer.date) >= Date.parse(since)) &&
      (until === null || Date.parse(committer.date) <= Date.parse(until)),
  );
  return page(call, commits, (commit) => showCommit(call.world, repository, commit));
}

function getCommit(call: RepositoryCall): Answer {
  const commit = resolveCommit(call.repository, call.params["ref"] ?? "");
  if (commit === undefined) throw new Refusal(422, `No commit found for SHA: ${call.params["ref"]}`);
  return ok(showWholeCommit(call.world, call.repository, commit));
}

/** `base...head`; `owner:branch` names a branch of a fork. Files come on the first page alone. */
function compare(call: RepositoryCall): Answer {
  const { world, repository, query } = call;
  const [baseName = "", headName = ""] = (call.params["basehead"] ?? "").split("...");
  const base = resolveCommit(repository, endOf(call, baseName));
  const head = resolveCommit(repository, endOf(call, headName));
  const origin = base && head && repository.store.commits.get(mergeBase(repository.store, base.oid, head.oid) ?? "");
  if (base === undefined || head === undefined || origin === undefined) throw notFound();
  const ahead = commitsBetween(repository.store, base.oid, head.oid);
  const behind = commitsBetween(repository.store, head.oid, base.oid).length;
  const status = ahead.length === 0 ? (behind === 0 ? "identical" : "behind") : behind === 0 ? "ahead" : "diverged";
  const { slice, headers } = cut(call, query.has("page") || query.has("per_page") ? ahead : ahead.slice(0, 250));
  const paged = query.has("page") || query.has("per_page");
  const first = (query.get("page") ?? "1") === "1";
  const changes = changesBetween(repository.store, origin.oid, head.oid).slice(0, world.caps.filesOfComparison);
  const html = `${pageOf(world, repository)}/compare/${baseName}...${headName}`;
  return ok(
    {
      url: `${apiOf(world, repository)}/compare/${baseName}...${headName}`,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: showCommit(world, repository, base),
      merge_base_commit: showCommit(world, repository, origin),
      status,
      ahead_by: ahead.length,
      behind_by: behind,
      total_commits: ahead.length,
      commits: (paged ? slice : ahead.slice(0, 250)).map((commit) => showCommit(world, repository, commit)),
      ...(first ? { files: changes.map((change) => showChange(world, repository, head.oid, change)) } : {}),
    },
    paged ? headers : {},
  );
}

function endOf(call: RepositoryCall, name: string): string {
  const [owner, branch] = name.split(":");
  if (branch === undefined || owner === undefined) return name;
  const other = [...call.world.repositories.values()].find(
    (one) => one.owner.login.toLowerCase() === owner.toLowerCase() && one.store === call.repository.store,
  );
  return other?.branches.get(branch) ?? name;
}

function listBranches(call: RepositoryCall): Answer {
  const { world, repository } = call;
  return page(call, [...repository.branches], ([name, sha]) => ({
    name,
    commit: { sha, url: `${apiOf(world, repository)}/commits/${sha}` },
    protected: false,
  }));
}

/** The old four roles under `permission`, the exact one under `role_name`. */
function getPermission(call: RepositoryCall): Answer {
  const { world, repository } = call;
  const account = accountByLogin(world, call.params["username"] ?? "");
  if (account === undefined) throw notFound();
  const role = permissionOf(world, account, repository);
  const permission = role === "maintain" ? "write" : role === "triage" ? "read" : role;
  return ok({
    permission,
    role_name: role,
    user: { ...showAccount(world, account), role_name: role, permissions: flags(role) },
  });
}

function flags(role: ReturnType<typeof permissionOf>) {
  const order = ["none", "read", "triage", "write", "maintain", "admin"];
  const has = (wanted: string): boolean => order.indexOf(role) >= order.indexOf(wanted);
  return {
    pull: has("read"),
    triage: has("triage"),
    push: has("write"),
    maintain: has("maintain"),
    admin: has("admin"),
  };
}
