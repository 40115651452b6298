import { holds } from "../identity.ts";
import { teamsWithin } from "../people.ts";
import { nodeId } from "../show/node-id.ts";
import type { Account, App, Organization, Team } from "../world.ts";
import { type Arguments, type Context, connection, forbidden, type Shape, textOf } from "./shape.ts";

/** An account as an `Actor`. GraphQL leaves the `[bot]` of an App's login out, unlike REST. */
export function actorShape(context: Context, account: Account | null): Shape | null {
  if (account === null) return null;
  const login = account.type === "Bot" ? account.login.replace(/\[bot\]$/, "") : account.login;
  return {
    __typename: account.type,
    id: nodeId(account.type, account.id),
    databaseId: account.id,
    login,
    url: `${context.world.url}/${login}`,
    resourcePath: `/${login}`,
    avatarUrl: `${context.world.url}/avatars/${account.id}`,
    ...(account.type === "Bot" ? {} : { name: account.name, email: account.email }),
    createdAt: account.createdAt,
  };
}

/** Who asks. For an installation it is the App's bot, with the `[bot]` that `Actor.login` does not have. */
export function viewerShape(context: Context): Shape {
  const { actor } = context;
  if (actor.kind === "user") return actorShape(context, actor.account) ?? { __typename: "User" };
  if (actor.kind !== "installation") throw forbidden();
  const { bot } = actor.grant.installation.app;
  return { ...actorShape(context, bot), __typename: "User", login: bot.login };
}

/** The account behind a token: what `viewerDidAuthor` compares with. */
export function viewerAccount(context: Context): Account | undefined {
  const { actor } = context;
  if (actor.kind === "user") return actor.account;
  return actor.kind === "installation" ? actor.grant.installation.app.bot : undefined;
}

export function organizationShape(context: Context, organization: Organization): Shape {
  const requireMembers = (): void => {
    const { actor } = context;
    if (actor.kind === "user" && organization.members.has(actor.account.id)) return;
    const isOwn = actor.kind === "installation" && actor.grant.installation.account === organization.account;
    if (!isOwn || !holds(actor.grant.permissions, { members: "read" })) throw forbidden();
  };
  return {
    ...actorShape(context, organization.account),
    __typename: "Organization",
    team: (args: Arguments) => {
      requireMembers();
      const team = organization.teams.find((one) => one.slug === textOf(args, "slug"));
      return team === undefined ? null : teamShape(context, team);
    },
    teams: (args: Arguments) => {
      requireMembers();
      return connection("TeamConnection", args, organization.teams, (team) => teamShape(context, team));
    },
  };
}

export function teamShape(context: Context, team: Team): Shape {
  return {
    __typename: "Team",
    id: nodeId("Team", team.id),
    databaseId: team.id,
    slug: team.slug,
    name: team.name,
    combinedSlug: `${team.organization.account.login}/${team.slug}`,
    privacy: team.privacy === "secret" ? "SECRET" : "VISIBLE",
    parentTeam: () => (team.parent === undefined ? null : teamShape(context, team.parent)),
    organization: () => organizationShape(context, team.organization),
    members: (args: Arguments) => {
      const all = textOf(args, "membership") ?? "ALL";
      const below = teamsWithin(team.organization, team);
      const teams = all === "IMMEDIATE" ? [team] : all === "CHILD_TEAM" ? below.filter((one) => one !== team) : below;
      const ids = new Set(
        teams.flatMap((one) => [...one.members].filter(([, { state }]) => state === "active").map(([id]) => id)),
      );
      const accounts = [...ids].flatMap((id) => context.world.accounts.get(id) ?? []);
      return connection(
        "TeamMemberConnection",
        args,
        accounts,
        (account) => actorShape(context, account),
        ["membership"],
        (account) => ({
          role: (team.members.get(account.id)?.role ?? "member").toUpperCase(),
        }),
      );
    },
  };
}

export function appShape(app: App): Shape {
  return { __typename: "App", id: nodeId("App", app.id), databaseId: app.id, slug: app.slug, name: app.name };
}
