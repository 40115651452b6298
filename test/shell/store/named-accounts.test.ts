import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database } from "../../../src/shell/store/database.ts";
import { accountsNamed, keepAccountsNamed } from "../../../src/shell/store/named-accounts.ts";
import { deleteOld } from "../../../src/shell/store/retention.ts";
import { openPrepared } from "../../make/prepared-database.ts";

let database: Database;

beforeAll(async () => {
  database = await openPrepared(() => {});
});

afterAll(() => database.close());

test("H031: whom a login meant first stays, in each installation for itself, until its last repository is erased", async () => {
  const db = database.kysely;
  await keepAccountsNamed(db, 7, new Map([["alice", 42]]));
  await keepAccountsNamed(db, 7, new Map([["alice", 99]]));
  await keepAccountsNamed(db, 8, new Map([["alice", 99]]));
  expect(await accountsNamed(db, 7, ["alice", "bob"])).toEqual(new Map([["alice", 42]]));
  expect(await accountsNamed(db, 8, ["alice"])).toEqual(new Map([["alice", 99]]));
  const gone = { erase_after: "2026-03-04T00:00:00Z", joined: null, swept: null };
  await db
    .insertInto("repository")
    .values({ id: 4711, installation: 7, owner: "acme", name: "shop", ...gone })
    .execute();
  const now = "2026-03-05T00:00:00Z";
  await deleteOld(db, { records: "2025-01-01T00:00:00Z", deliveries: "2025-01-01T00:00:00Z", now });
  expect(await accountsNamed(db, 7, ["alice"])).toEqual(new Map());
  expect(await accountsNamed(db, 8, ["alice"])).toEqual(new Map([["alice", 99]]));
});
