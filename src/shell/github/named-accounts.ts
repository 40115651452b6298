import { z } from "zod";
import type { NamedAccount, TeamReading } from "../../core/domain/snapshot.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { refusalIn } from "./partial.ts";
import { accountsQuery } from "./people-query.ts";
import { aliases } from "./query.ts";

/** What is remembered of the logins and teams that policies name, all in lower case; of a team under its `teamKey`. */
export interface NamedAccounts {
  known(logins: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Keeps what is not known yet; what is known stays. */
  keep(accounts: ReadonlyMap<string, number>): Promise<void>;
}

const call: Call = { what: "read whom the policy names", needs: "Metadata: read", kind: "read" };

const accountShape = z.object({ databaseId: z.number().nullish() });

/** Accounts that are asked for at once; a policy names at most fifty of each kind. */
const mostAtOnce = 100;

/**
 * The accounts that these logins meant when they were first read. Those of which nothing is remembered are read from GitHub
 * and remembered; one that nobody has stays without an account. Without a memory a login means whoever has it now: then
 * there is nothing to tell.
 */
export async function accountsNamedBy(
  client: GitHubClient,
  memory: NamedAccounts | undefined,
  logins: readonly string[],
): Promise<readonly NamedAccount[]> {
  if (!memory) return [];
  const wanted = [...new Set(logins.map((login) => login.toLowerCase()))].slice(0, mostAtOnce);
  const known = await memory.known(wanted);
  const unknown = wanted.filter((login) => !known.has(login));
  if (unknown.length > 0) await memory.keep(await readAccounts(client, unknown));
  const all = unknown.length > 0 ? await memory.known(wanted) : known;
  return [...all].map(([login, id]) => ({ login, id }));
}

/** No login holds a slash. */
const teamKey = (slug: string): string => `team/${slug.toLowerCase()}`;

/**
 * The same teams, but that one which is not the team that its name meant when it was first read is unknown: whoever may make
 * teams could have taken the name of one that was deleted or renamed.
 */
export async function sameTeams(
  memory: NamedAccounts | undefined,
  readings: readonly TeamReading[],
): Promise<readonly TeamReading[]> {
  const shown = readings.flatMap(({ team, id }) => (id === undefined ? [] : [[teamKey(team), id] as const]));
  if (!memory || shown.length === 0) return readings;
  const keys = shown.map(([key]) => key);
  const before = await memory.known(keys);
  const fresh = shown.filter(([key]) => !before.has(key));
  if (fresh.length > 0) await memory.keep(new Map(fresh));
  const known = fresh.length > 0 ? await memory.known(keys) : before;
  return readings.map((reading) => {
    const meant = known.get(teamKey(reading.team));
    if (reading.id === undefined || meant === undefined || meant === reading.id) return reading;
    const why = `it is not the team that had this name when the policy was first read (${meant}), but one made since (${reading.id}); if that is meant, give it another name and name that in the policy`;
    return { team: reading.team, members: { outcome: "unknown", why } };
  });
}

async function readAccounts(client: GitHubClient, logins: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { document, variables } = accountsQuery(logins);
  const { data, errors } = await client.graphql(document, variables, call);
  const found = new Map<string, number>();
  for (const [index, alias] of aliases("u", logins.length).entries()) {
    const answer = data[alias];
    if (refusalIn(errors, [alias]) || answer === null || answer === undefined) continue;
    const { databaseId } = read(accountShape, answer, call.what);
    if (databaseId) found.set(logins[index] ?? "", databaseId);
  }
  return found;
}
