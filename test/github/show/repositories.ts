import { fullName, isPullRequest } from "../lookups.ts";
import type { Issue, Label, Repository, World } from "../world.ts";
import { type Shown, showAccount } from "./accounts.ts";
import { nodeId } from "./node-id.ts";

/** Where the API of a repository is reached. */
export function apiOf(world: World, repository: Repository): string {
  return `${world.url}/repos/${fullName(repository)}`;
}

/** Where people look at a repository. */
export function pageOf(world: World, repository: Repository): string {
  return `${world.url}/${fullName(repository)}`;
}

/** URL templates below the repository's own address: GitHub's field and what follows. */
const places: Readonly<Record<string, string>> = {
  forks_url: "/forks",
  keys_url: "/keys{/key_id}",
  collaborators_url: "/collaborators{/collaborator}",
  teams_url: "/teams",
  hooks_url: "/hooks",
  issue_events_url: "/issues/events{/number}",
  events_url: "/events",
  assignees_url: "/assignees{/user}",
  branches_url: "/branches{/branch}",
  tags_url: "/tags",
  blobs_url: "/git/blobs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  git_refs_url: "/git/refs{/sha}",
  trees_url: "/git/trees{/sha}",
  statuses_url: "/statuses/{sha}",
  languages_url: "/languages",
  stargazers_url: "/stargazers",
  contributors_url: "/contributors",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  commits_url: "/commits{/sha}",
  git_commits_url: "/git/commits{/sha}",
  comments_url: "/comments{/number}",
  issue_comment_url: "/issues/comments{/number}",
  contents_url: "/contents/{+path}",
  compare_url: "/compare/{base}...{head}",
  merges_url: "/merges",
  archive_url: "/{archive_format}{/ref}",
  downloads_url: "/downloads",
  issues_url: "/issues{/number}",
  pulls_url: "/pulls{/number}",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  labels_url: "/labels{/name}",
  releases_url: "/releases{/id}",
  deployments_url: "/deployments",
};

/** A repository, with the fields that lists and webhooks carry. */
export function showRepository(world: World, repository: Repository): Shown {
  const api = apiOf(world, repository);
  const open = [...repository.issues.values()].filter((issue) => issue.state === "open").length;
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
    owner: showAccount(world, repository.owner),
    html_url: pageOf(world, repository),
    description: null,
    fork: repository.parent !== undefined,
    url: api,
    ...Object.fromEntries(Object.entries(places).map(([field, place]) => [field, api + place])),
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    pushed_at: repository.pushedAt,
    git_url: `git://localhost/${fullName(repository)}.git`,
    ssh_url: `git@localhost:${fullName(repository)}.git`,
    clone_url: `${pageOf(world, repository)}.git`,
    svn_url: pageOf(world, repository),
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repository.hasIssues,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? "private" : "public",
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    delete_branch_on_merge: false,
    custom_properties: {},
  };
}

/** A `push` tells of the repository in its own old way: instants in seconds, the owner with name and address. */
export function showRepositoryInPush(world: World, repository: Repository): Shown {
  const seconds = (iso: string): number => Math.floor(Date.parse(iso) / 1000);
  const { owner } = repository;
  return {
    ...showRepository(world, repository),
    owner: { name: owner.login, email: owner.email === "" ? null : owner.email, ...showAccount(world, owner) },
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt),
    stargazers: 0,
    master_branch: repository.defaultBranch,
  };
}

/** What only `GET /repos/{owner}/{repo}` adds. */
export function showWholeRepository(world: World, repository: Repository): Shown {
  return {
    ...showRepository(world, repository),
    network_count: 0,
    subscribers_count: 0,
    ...(repository.parent === undefined
      ? {}
      : { parent: showRepository(world, repository.parent), source: showRepository(world, repository.parent) }),
  };
}

export function showLabel(world: World, repository: Repository, label: Label): Shown {
  return {
    id: label.id,
    node_id: nodeId("Label", label.id),
    url: `${apiOf(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function pageOfIssue(world: World, repository: Repository, issue: Issue): string {
  return `${pageOf(world, repository)}/${isPullRequest(issue) ? "pull" : "issues"}/${issue.number}`;
}
