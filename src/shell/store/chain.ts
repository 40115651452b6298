import type { Kysely, Selectable } from "kysely";
import { brokenLink, type ChainedRecord } from "../../core/domain/record-chain.ts";
import { TryAgainLater } from "../failures.ts";
import type { EvaluationTable, Tables } from "../tables.ts";

/** Where the records that are kept of a repository begin. */
export interface ChainStart {
  /** Digest of the last record that was deleted for its age; empty where none was. */
  readonly digest: string;
  readonly deleted: number;
}

/** What the first record of a repository goes on from: the last one that was deleted for its age, or nothing. */
async function chainStartOf(db: Kysely<Tables>, repositoryId: number): Promise<ChainStart> {
  const start = await db
    .selectFrom("chain_start")
    .select(["digest", "deleted"])
    .where("repository_id", "=", repositoryId)
    .executeTakeFirst();
  return start ? { digest: start.digest, deleted: Number(start.deleted) } : { digest: "", deleted: 0 };
}

/** The digest at the end of a repository's chain, which the next record goes on from; empty before its first. */
export async function endOfChain(db: Kysely<Tables>, repositoryId: number): Promise<string> {
  const last = await db
    .selectFrom("evaluation")
    .select("digest")
    .where("repository_id", "=", repositoryId)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return last?.digest ?? (await chainStartOf(db, repositoryId)).digest;
}

/** Records that are read from the database at once: an assessment of a large pull request is some hundred kilobytes. */
const page = 50;

/** The records of a repository that are kept, in the order of the chain, and what the first of them goes on from. */
export interface Chain {
  readonly start: ChainStart;
  /** A page at a time. Throws TryAgainLater where some that were not read yet are deleted for their age meanwhile. */
  readonly records: AsyncIterable<ChainedRecord>;
}

/** How often the beginning is read again where it is just being deleted. */
const mostBeginnings = 5;

/** Reads a chain. No transaction is held: whoever reads may be slow, and the embedded database has one connection. */
export async function chainOf(db: Kysely<Tables>, repositoryId: number): Promise<Chain> {
  for (let attempt = 0; attempt < mostBeginnings; attempt++) {
    const start = await chainStartOf(db, repositoryId);
    const first = await pageAfter(db, repositoryId, 0);
    const { deleted } = await chainStartOf(db, repositoryId);
    if (deleted === start.deleted) return { start, records: recordsFrom(db, repositoryId, start, first) };
  }
  throw deletedMeanwhile();
}

function deletedMeanwhile(): TryAgainLater {
  return new TryAgainLater("Old records were deleted while they were read.");
}

async function* recordsFrom(
  db: Kysely<Tables>,
  repositoryId: number,
  { deleted }: ChainStart,
  first: readonly ChainedRecord[],
): AsyncGenerator<ChainedRecord> {
  let records = first;
  while (true) {
    yield* records;
    const last = records.at(-1);
    if (last === undefined || records.length < page) return;
    records = await pageAfter(db, repositoryId, last.id);
    const isNext = records[0]?.previous === last.digest;
    if (!isNext && (await chainStartOf(db, repositoryId)).deleted !== deleted) throw deletedMeanwhile();
  }
}

async function pageAfter(db: Kysely<Tables>, repositoryId: number, id: number): Promise<readonly ChainedRecord[]> {
  const rows = await db
    .selectFrom("evaluation")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .where("id", ">", id)
    .orderBy("id")
    .limit(page)
    .execute();
  return rows.map(recordOf);
}

function recordOf(row: Selectable<EvaluationTable>): ChainedRecord {
  return {
    id: Number(row.id),
    repositoryId: Number(row.repository_id),
    repository: row.repository,
    pullRequest: row.pull_request,
    head: row.head,
    asOf: row.as_of.toISOString(),
    conclusion: row.conclusion,
    assessment: row.assessment,
    plan: row.plan,
    results: row.results,
    previous: row.previous,
    digest: row.digest,
  };
}

/**
 * Recomputes the chain of a repository's records, from where deletion of old ones left it. Gives the id of the first
 * record that was changed or that lost the one before it; undefined when all are as they were written.
 */
export async function firstBrokenRecord(db: Kysely<Tables>, repositoryId: number): Promise<number | undefined> {
  const { start, records } = await chainOf(db, repositoryId);
  let previous = start.digest;
  for await (const record of records) {
    if (brokenLink(previous, record)) return record.id;
    previous = record.digest;
  }
  return undefined;
}
