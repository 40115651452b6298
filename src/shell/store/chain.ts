import type { Kysely, Selectable } from "kysely";
import { brokenLink, type ChainedRecord } from "../../core/domain/record-chain.ts";
import type { EvaluationTable, Tables } from "../tables.ts";

/** Where the records that are kept of a repository begin. */
export interface ChainStart {
  /** Digest of the last record that was deleted for its age; empty where none was. */
  readonly digest: string;
  readonly deleted: number;
}

/** What the first record of a repository goes on from: the last one that was deleted for its age, or nothing. */
export async function chainStartOf(db: Kysely<Tables>, repositoryId: number): Promise<ChainStart> {
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

/** The records of a repository in the order of the chain, a page at a time. */
export async function* recordsOf(db: Kysely<Tables>, repositoryId: number): AsyncGenerator<ChainedRecord> {
  let after = 0;
  while (true) {
    const rows = await db
      .selectFrom("evaluation")
      .selectAll()
      .where("repository_id", "=", repositoryId)
      .where("id", ">", after)
      .orderBy("id")
      .limit(page)
      .execute();
    for (const row of rows) yield recordOf(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = Number(last.id);
  }
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
  let previous = (await chainStartOf(db, repositoryId)).digest;
  for await (const record of recordsOf(db, repositoryId)) {
    if (brokenLink(previous, record)) return record.id;
    previous = record.digest;
  }
  return undefined;
}
