import { holds } from "../identity.ts";
import { accountByLogin, organizationByLogin } from "../lookups.ts";
import { teamsWithin } from "../people.ts";
import { notAllowed, notFound } from "../refusal.ts";
import { showAccount, showTeam } from "../show/accounts.ts";
import type { Organization, Team } from "../world.ts";
import { type Answer, type Call, type Operation, ok, page } from "./operation.ts";

const team = "/orgs/{org}/teams/{team_slug}";

/** Teams and their members. https://docs.github.com/rest/teams */
export const organisationOperations: readonly Operation[] = [
  { id: "teams/list", method: "GET", path: "/orgs/{org}/teams", on: "anything", answer: list },
  { id: "teams/get-by-name", method: "GET", path: team, on: "anything", answer: get },
  { id: "teams/list-members-in-org", method: "GET", path: `${team}/members`, on: "anything", answer: listMembers },
  {
    id: "teams/get-membership-for-user-in-org",
    method: "GET",
    path: `${team}/memberships/{username}`,
    on: "anything",
    answer: getMembership,
  },
];

/** The organisation, if the actor may see its teams: `members: read` for an App, membership for a person. */
function organizationIn(call: Call): Organization {
  const organization = organizationByLogin(call.world, call.params["org"] ?? "");
  if (organization === undefined) throw notFound();
  const { actor } = call;
  if (actor.kind === "user" && organization.members.has(actor.account.id)) return organization;
  if (actor.kind !== "installation" || actor.grant.installation.account !== organization.account) throw notFound();
  if (!holds(actor.grant.permissions, { members: "read" })) throw notAllowed([{ members: "read" }]);
  return organization;
}

function teamIn(call: Call): Team {
  const found = organizationIn(call).teams.find((one) => one.slug === call.params["team_slug"]);
  if (found === undefined) throw notFound();
  return found;
}

function list(call: Call): Answer {
  return page(call, organizationIn(call).teams, (one) => showTeam(call.world, one));
}

function get(call: Call): Answer {
  const found = teamIn(call);
  const { account } = found.organization;
  return ok({
    ...showTeam(call.world, found),
    created_at: account.createdAt,
    updated_at: account.createdAt,
    members_count: found.members.size,
    repos_count: 0,
    organization: {
      ...showAccount(call.world, account),
      events_url: `${call.world.url}/orgs/${account.login}/events`,
      hooks_url: `${call.world.url}/orgs/${account.login}/hooks`,
      issues_url: `${call.world.url}/orgs/${account.login}/issues`,
      members_url: `${call.world.url}/orgs/${account.login}/members{/member}`,
      public_members_url: `${call.world.url}/orgs/${account.login}/public_members{/member}`,
      description: null,
      has_organization_projects: true,
      has_repository_projects: true,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      created_at: account.createdAt,
      updated_at: account.createdAt,
      archived_at: null,
    },
  });
}

/** Active members, those of teams below included. */
function listMembers(call: Call): Answer {
  const found = teamIn(call);
  const ids = new Set<number>();
  for (const one of teamsWithin(found.organization, found)) {
    for (const [id, { state }] of one.members) if (state === "active") ids.add(id);
  }
  const accounts = [...ids].flatMap((id) => call.world.accounts.get(id) ?? []);
  return page(call, accounts, (account) => showAccount(call.world, account));
}

function getMembership(call: Call): Answer {
  const found = teamIn(call);
  const account = accountByLogin(call.world, call.params["username"] ?? "");
  if (account === undefined) throw notFound();
  const memberships = teamsWithin(found.organization, found).flatMap((one) => one.members.get(account.id) ?? []);
  const membership = found.members.get(account.id) ?? memberships[0];
  if (membership === undefined) throw notFound();
  const url = `${call.world.url}/organizations/${found.organization.account.id}/team/${found.id}/memberships/${account.login}`;
  return ok({ url, role: membership.role, state: membership.state });
}
