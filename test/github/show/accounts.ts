import type { Account, App, Installation, Organization, Permissions, Team, World } from "../world.ts";
import { nodeId } from "./node-id.ts";

/** A JSON object as GitHub answers it. */
export type Shown = Readonly<Record<string, unknown>>;

/** GitHub's "simple user". */
export function showAccount(world: World, account: Account): Shown {
  const api = `${world.url}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type, account.id),
    avatar_url: `${world.url}/avatars/${account.id}`,
    gravatar_id: "",
    url: api,
    html_url:
      account.type === "Bot"
        ? `${world.url}/apps/${account.login.replace("[bot]", "")}`
        : `${world.url}/${account.login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: account.type,
    user_view_type: "public",
    site_admin: false,
  };
}

export function showAccountOrNobody(world: World, account: Account | null): Shown | null {
  return account === null ? null : showAccount(world, account);
}

/** The signed-in user's own page of facts (`GET /user`). */
export function showOwnAccount(world: World, account: Account): Shown {
  return {
    ...showAccount(world, account),
    name: account.name,
    company: null,
    blog: "",
    location: null,
    email: account.email === "" ? null : account.email,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

/** The organisation as webhooks carry it. */
export function showOrganization(world: World, organization: Organization): Shown {
  const { account } = organization;
  const api = `${world.url}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId("Organization", account.id),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/${account.id}`,
    description: null,
  };
}

export function showTeam(world: World, team: Team): Shown {
  return {
    ...showTeamItself(world, team),
    parent: team.parent === undefined ? null : showTeamItself(world, team.parent),
  };
}

function showTeamItself(world: World, team: Team): Shown {
  const api = `${world.url}/organizations/${team.organization.account.id}/team/${team.id}`;
  return {
    name: team.name,
    id: team.id,
    node_id: nodeId("Team", team.id),
    slug: team.slug,
    description: null,
    privacy: team.privacy,
    notification_setting: "notifications_enabled",
    type: "organization",
    organization_id: team.organization.account.id,
    url: api,
    html_url: `${world.url}/orgs/${team.organization.account.login}/teams/${team.slug}`,
    members_url: `${api}/members{/member}`,
    repositories_url: `${api}/repos`,
    permission: "pull",
  };
}

/** What an App that hears of everything is subscribed to: the events that this stand-in announces. */
const everyEvent = [
  "check_run",
  "check_suite",
  "issue_comment",
  "issues",
  "membership",
  "merge_group",
  "organization",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "pull_request_review_thread",
  "push",
  "repository",
  "team",
];

function eventsOf(app: App): readonly string[] {
  return app.events.includes("*") ? everyEvent : app.events;
}

export function showApp(world: World, app: App): Shown {
  return {
    id: app.id,
    client_id: `Iv23li${String(app.id).padStart(14, "0")}`,
    slug: app.slug,
    node_id: nodeId("App", app.id),
    owner: showAccount(world, app.owner),
    name: app.name,
    description: "",
    external_url: "https://example.com",
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: app.bot.createdAt,
    updated_at: app.bot.createdAt,
    permissions: app.permissions,
    events: eventsOf(app),
  };
}

export function showInstallation(world: World, installation: Installation): Shown {
  const { app, account } = installation;
  return {
    id: installation.id,
    account: showAccount(world, account),
    repository_selection: installation.selection,
    access_tokens_url: `${world.url}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.url}/installation/repositories`,
    html_url: `${world.url}/organizations/${account.login}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions satisfies Permissions,
    events: eventsOf(app),
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: installation.suspended ? showAccount(world, account) : null,
    suspended_at: installation.suspended ? installation.createdAt : null,
  };
}
