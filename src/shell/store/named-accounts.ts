import type { Kysely } from "kysely";
import type { Tables } from "../tables.ts";

/*
 * Whom a login in a policy meant when it was first read (H031). A login can be given up and taken by somebody else; the
 * number of an account never changes hands. What was remembered first stays.
 */

/** Migration: accounts by the logins that policies name. */
export async function addNamedAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("named_account")
    .addColumn("installation", "bigint", (column) => column.notNull())
    .addColumn("login", "text", (column) => column.notNull())
    .addColumn("account", "bigint", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("named_account_key", ["installation", "login"])
    .execute();
}

/** The accounts that these logins (in lower case) were first known to mean. */
export async function accountsNamed(
  db: Kysely<Tables>,
  installation: number,
  logins: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (logins.length === 0) return new Map();
  const rows = await db
    .selectFrom("named_account")
    .select(["login", "account"])
    .where("installation", "=", installation)
    .where("login", "in", [...logins])
    .execute();
  return new Map(rows.map(({ login, account }) => [login, Number(account)]));
}

/** Remembers what these logins mean, where nothing is remembered of them yet. */
export async function keepAccountsNamed(
  db: Kysely<Tables>,
  installation: number,
  accounts: ReadonlyMap<string, number>,
): Promise<void> {
  const at = new Date().toISOString();
  const rows = [...accounts].map(([login, account]) => ({ installation, login, account, at }));
  if (rows.length === 0) return;
  await db
    .insertInto("named_account")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
