import type { z } from "zod";
import type { Account } from "../../core/domain/snapshot.ts";
import type { accountShape } from "./shapes.ts";

const types: readonly Account["type"][] = ["User", "Bot", "Organization", "Mannequin", "EnterpriseUserAccount"];

/** An account as GitHub names it: its type is GitHub's own word, never guessed from the login (H023). */
export function accountOf(actor: z.infer<typeof accountShape>): Account {
  return {
    login: actor.login,
    type: types.find((type) => type === actor.__typename) ?? "unknown",
    ...(actor.databaseId === undefined || actor.databaseId === null ? {} : { id: actor.databaseId }),
  };
}

/** Each account once, by its id where there is one. */
export function distinct(accounts: readonly Account[]): Account[] {
  const byKey = new Map<string, Account>();
  for (const account of accounts)
    byKey.set(account.id === undefined ? `@${account.login}` : String(account.id), account);
  return [...byKey.values()];
}

/** The login of an App's own account without GitHub's suffix: REST and `viewer` write it, other parts of GraphQL do not. */
export function bareLogin(login: string): string {
  return login.replace(/\[bot\]$/, "").toLowerCase();
}
