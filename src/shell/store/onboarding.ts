import { type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";

/** Makes the table of the repositories that are, or were, to be given a first model. */
export async function addOnboarding(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("onboarding")
    .addColumn("repository_id", "bigint", (column) => column.primaryKey())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("why", "text", (column) => column.notNull())
    .addColumn("looked", "timestamptz")
    .addColumn("posted", "timestamptz")
    .execute();
}

/** A repository whose turn it is. */
export interface WaitingRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
}

/**
 * What came of a look. `waiting`: GitHub could not be asked, and it is looked at again after all others; `not-asked`: the
 * policy asks for nothing, until it changes; `done`: nothing is ever opened again.
 */
export interface Looked {
  readonly state: "waiting" | "not-asked" | "done";
  readonly why: string;
  readonly at: string;
  /** Whether something was opened. */
  readonly posted: boolean;
}

/** Repositories that were given to us wait for their turn; one that had it keeps what came of it. */
export async function awaitOnboarding(db: Kysely<Tables>, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .insertInto("onboarding")
    .values(ids.map((id) => ({ repository_id: id, state: "waiting", why: "", looked: null, posted: null })))
    .onConflict((conflict) =>
      conflict.column("repository_id").doUpdateSet({ state: "waiting" }).where("onboarding.state", "=", "not-asked"),
    )
    .execute();
}

/** Days after which a policy that asked for nothing is read again: not every change of one is told. */
const daysUntilAskedAgain = 7;

/**
 * A repository that we look at and that nobody told us of anew: it was there before its policy could ask for anything. It
 * waits for its turn once, and where its policy asked for nothing, again after a week.
 */
export async function enrolForOnboarding(db: Kysely<Tables>, id: number, now: string): Promise<void> {
  const weekAgo = new Date(Date.parse(now) - daysUntilAskedAgain * 86_400_000);
  await db
    .insertInto("onboarding")
    .values({ repository_id: id, state: "waiting", why: "", looked: null, posted: null })
    .onConflict((conflict) =>
      conflict
        .column("repository_id")
        .doUpdateSet({ state: "waiting" })
        .where("onboarding.state", "=", "not-asked")
        .where("onboarding.looked", "<", weekAgo),
    )
    .execute();
}

/** A policy changed: what was not asked for may be now. */
export async function askOnboardingAgain(db: Kysely<Tables>, owner: string, repositoryId?: number): Promise<void> {
  const owned = db.selectFrom("repository").select("id").where("owner", "=", owner.toLowerCase());
  let update = db
    .updateTable("onboarding")
    .set({ state: "waiting" })
    .where("state", "=", "not-asked")
    .where("repository_id", "in", owned);
  if (repositoryId !== undefined) update = update.where("repository_id", "=", repositoryId);
  await update.execute();
}

/** Installations of which repositories wait; at most so many that a sweep comes to an end, by lot, so that none is always passed over. */
export async function installationsToOnboard(db: Kysely<Tables>, most = 50): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("onboarding")
    .innerJoin("repository", "repository.id", "onboarding.repository_id")
    .select("repository.installation")
    .where("onboarding.state", "=", "waiting")
    .where("repository.erase_after", "is", null)
    .groupBy("repository.installation")
    .orderBy(sql`random()`)
    .limit(most)
    .execute();
  return rows.map(({ installation }) => Number(installation));
}

/** The repositories of an installation that wait, those never looked at first. */
export async function waitingForOnboarding(
  db: Kysely<Tables>,
  installation: number,
  most: number,
): Promise<readonly WaitingRepository[]> {
  const rows = await db
    .selectFrom("onboarding")
    .innerJoin("repository", "repository.id", "onboarding.repository_id")
    .select(["repository.id", "repository.owner", "repository.name"])
    .where("onboarding.state", "=", "waiting")
    .where("repository.installation", "=", installation)
    .where("repository.erase_after", "is", null)
    .orderBy(sql`onboarding.looked nulls first`)
    .orderBy("repository.id")
    .limit(most)
    .execute();
  return rows.map(({ id, owner, name }) => ({ id: Number(id), owner, name }));
}

/** How many were opened for an installation since `since` (ISO). */
export async function onboardedSince(db: Kysely<Tables>, installation: number, since: string): Promise<number> {
  const { count } = await db
    .selectFrom("onboarding")
    .innerJoin("repository", "repository.id", "onboarding.repository_id")
    .select((select) => select.fn.countAll().as("count"))
    .where("repository.installation", "=", installation)
    .where("onboarding.posted", ">", new Date(since))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Remembers what came of a look. */
export async function noteOnboarding(
  db: Kysely<Tables>,
  id: number,
  { state, why, at, posted }: Looked,
): Promise<void> {
  await db
    .updateTable("onboarding")
    .set({ state, why, looked: at, ...(posted ? { posted: at } : {}) })
    .where("repository_id", "=", id)
    .execute();
}
