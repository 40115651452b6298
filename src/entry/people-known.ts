import type { WakeUp } from "../shell/event.ts";
import type { PortOptions } from "../shell/github/port.ts";
import type { Database } from "../shell/store/database.ts";
import { accountsNamed, keepAccountsNamed } from "../shell/store/named-accounts.ts";
import { pushesOf } from "../shell/store/pushes.ts";

/** What is remembered of the people on whom a verdict rests: who pushed, and whom the logins of a policy first meant. */
export function peopleKnown(
  { kysely: db }: Database,
  { repositoryId, number, installation = 0 }: WakeUp["subject"],
): Pick<PortOptions, "pushesSeen" | "accounts"> {
  return {
    accounts: {
      known: (logins) => accountsNamed(db, installation, logins),
      keep: (accounts) => keepAccountsNamed(db, installation, accounts),
    },
    ...(repositoryId === undefined ? {} : { pushesSeen: () => pushesOf(db, { repositoryId, number }) }),
  };
}
