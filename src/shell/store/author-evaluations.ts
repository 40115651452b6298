import type { Kysely } from "kysely";
import type { Tables } from "../tables.ts";

/** Whoever caused an evaluation, where an event told: GitHub's id of the account. */
interface Caused {
  readonly installation: number;
  readonly author: number;
}

const hour = 3_600_000;

/**
 * Counts one evaluation for the first of these people who may cause another one. Where none may: when the first of them may
 * again (ISO), and nothing is counted. Of nobody nothing is counted.
 */
export async function countOneOf(
  db: Kysely<Tables>,
  installation: number,
  people: readonly number[],
  allowed: number,
  now = Date.now(),
): Promise<string | undefined> {
  const waits: string[] = [];
  for (const author of people) {
    const until = await countEvaluation(db, { installation, author }, allowed, now);
    if (until === undefined) return undefined;
    waits.push(until);
  }
  return waits.toSorted()[0];
}

/**
 * Counts one evaluation that a person causes, unless they have caused `allowed` within the last hour in this installation:
 * then gives when the next one may begin (ISO), and counts nothing. Two at the same moment may both be counted.
 */
async function countEvaluation(
  db: Kysely<Tables>,
  { installation, author }: Caused,
  allowed: number,
  now: number,
): Promise<string | undefined> {
  const oldest = await db
    .selectFrom("author_evaluation")
    .select("at")
    .where("installation", "=", installation)
    .where("author", "=", author)
    .where("at", ">", new Date(now - hour))
    .orderBy("at", "desc")
    .offset(allowed - 1)
    .limit(1)
    .executeTakeFirst();
  if (oldest) return new Date(oldest.at.getTime() + hour).toISOString();
  await db
    .insertInto("author_evaluation")
    .values({ installation, author, at: new Date(now).toISOString() })
    .execute();
  return undefined;
}
