import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { type Database, openDatabase } from "../../src/shell/store/database.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const cache = join(root, "node_modules/.cache");

/**
 * Gives a data folder an embedded database as a first start leaves it. Making one takes four seconds of a processor, which
 * is most of what the start of a service costs; so one is made for each state of our tables, and copied.
 */
export async function prepareDatabase(dataDir: string): Promise<void> {
  const prepared = join(cache, `database-${stateOfTables()}`);
  if (!existsSync(prepared)) await make(prepared);
  // At once: a thousand files, of which each waits for its turn, cost three times as much of the processor.
  cpSync(prepared, join(dataDir, "database"), { recursive: true });
}

/** A database of its own for one suite, as a first start leaves it; gone when it is closed. */
export async function openPrepared(
  onError: (error: Error) => void = (error) => {
    throw error;
  },
): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), "threatgate-database-"));
  await prepareDatabase(folder);
  const database = await openDatabase({ folder }, onError);
  return {
    ...database,
    close: async () => {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Takes all rows out of our tables: the next test of a suite begins as the first one did. */
export async function emptied({ kysely }: Database): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%'`.execute(
    kysely,
  );
  await sql`truncate ${sql.join(rows.map(({ name }) => sql.table(name)))} restart identity cascade`.execute(kysely);
}

async function make(prepared: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "making-"));
  const database = await openDatabase({ folder }, (error) => {
    throw error;
  });
  await database.close();
  // Two suites may begin at once: whoever comes second keeps what the first one made.
  await rename(join(folder, "database"), prepared).catch((error: unknown) => {
    if (!existsSync(prepared)) throw error;
  });
  await rm(folder, { recursive: true, force: true });
  await forgetOld();
}

/** Every edit of a file of the store asks for another one, of forty megabytes: those of days ago are of no use to anybody. */
async function forgetOld(): Promise<void> {
  const dayAgo = Date.now() - 86_400_000;
  const made = readdirSync(cache).filter((name) => /^(?:database|making)-/.test(name));
  for (const path of made.map((name) => join(cache, name)))
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? dayAgo) < dayAgo)
      await rm(path, { recursive: true, force: true });
}

/** Changes with whatever the tables are made by: our migrations, and the versions of engine and queue. */
function stateOfTables(): string {
  const digest = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  const store = join(root, "src/shell/store");
  for (const file of readdirSync(store).sort()) digest.update(readFileSync(join(store, file)));
  return digest.digest("hex").slice(0, 12);
}
