import { z } from "zod";
import type { NamedAccount } from "../../core/domain/snapshot.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import { refusalIn } from "./partial.ts";
import { accountsQuery, aliases } from "./query.ts";

/** What is remembered of the logins that policies name; all logins are in lower case. */
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
