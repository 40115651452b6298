import type { TeamReading } from "../../core/domain/snapshot.ts";
import { accountOf, distinct } from "./accounts.ts";
import { nodesOf } from "./answer-lists.ts";
import { type GitHubClient, type GraphqlError, read } from "./client.ts";
import { refusalIn } from "./partial.ts";
import { aliases, filesQuery, membersQuery } from "./query.ts";
import { membersShape, teamShape } from "./shapes.ts";

/** Pages of 100 members that are read at most. */
const mostPages = 20;

const call = { what: "read the members of a team", needs: "Members: read (organisation)", kind: "read" } as const;

/**
 * The members of teams that were asked for by alias, child teams included. A team that GitHub does not show (deleted,
 * secret, renamed, or no permission to see members) is unknown with the reason: nobody is required is never concluded (H029).
 */
export async function teamsIn(
  client: GitHubClient,
  owner: { readonly login: string; readonly isOrganisation: boolean },
  asked: readonly string[],
  answer: {
    readonly teams: Readonly<Record<string, unknown>> | null | undefined;
    readonly errors: readonly GraphqlError[];
  },
): Promise<TeamReading[]> {
  const readings: TeamReading[] = [];
  for (const [index, alias] of aliases("t", asked.length).entries()) {
    const team = asked[index] ?? "";
    if (!owner.isOrganisation) {
      readings.push(unknown(team, `${owner.login} is not an organisation and has no teams`));
      continue;
    }
    const refusal = refusalIn(answer.errors, ["teams", alias]);
    const found = answer.teams?.[alias];
    if (refusal?.kind === "denied")
      readings.push(unknown(team, `GitHub does not show it to us: it needs ${call.needs}`));
    else if (!found) readings.push(unknown(team, `${owner.login} has no team "${team}" that we may see`));
    else readings.push(await membersOf(client, owner.login, team, found));
  }
  return readings;
}

async function membersOf(client: GitHubClient, owner: string, team: string, found: unknown): Promise<TeamReading> {
  const shown = read(teamShape, found, call.what);
  let { members } = shown;
  const accounts = nodesOf(members).map(accountOf);
  for (let page = 1; members.pageInfo?.hasNextPage && members.pageInfo.endCursor; page++) {
    if (page >= mostPages) return unknown(team, `it has more than ${mostPages * 100} members`);
    const { document, variables } = membersQuery(owner, team, members.pageInfo.endCursor);
    const answer = await client.graphql(document, variables, call);
    const next = read(membersShape, answer.data, call.what).organization?.team;
    if (!next) return unknown(team, "GitHub did not show all of its members");
    members = next.members;
    accounts.push(...nodesOf(members).map(accountOf));
  }
  const id = shown.databaseId ? { id: shown.databaseId } : {};
  return { team, ...id, members: { outcome: "present", accounts: distinct(accounts) } };
}

/** Reads teams by themselves, for when a policy has named them only after the first look. */
export async function readTeams(
  client: GitHubClient,
  repository: { readonly owner: string; readonly name: string; readonly ownerIsOrganisation: boolean },
  commit: string,
  teams: readonly string[],
): Promise<TeamReading[]> {
  const owner = { login: repository.owner, isOrganisation: repository.ownerIsOrganisation };
  if (teams.length === 0 || !owner.isOrganisation) return teamsIn(client, owner, teams, { teams: null, errors: [] });
  const { document, variables } = filesQuery(repository, commit, { paths: [], folders: [], teams });
  const { data, errors } = await client.graphql(document, variables, call);
  return teamsIn(client, owner, teams, { teams: recordOf(data.teams), errors });
}

function unknown(team: string, why: string): TeamReading {
  return { team, members: { outcome: "unknown", why } };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}
