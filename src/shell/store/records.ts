import { type Kysely, type Selectable, sql } from "kysely";
import type { Assessment } from "../../core/domain/assessment.ts";
import { tell } from "../../core/domain/plan.ts";
import { digestOfRecord } from "../../core/domain/record-chain.ts";
import type { EvaluationRecord, Store } from "../ports.ts";
import type { EvaluationTable, Tables } from "../tables.ts";
import { endOfChain } from "./chain.ts";
import { keepStanding } from "./standings.ts";
import { plain, storable } from "./storable.ts";

/** An assessment as it is stored: everything but the models themselves, which stay in the repository. */
export type StoredAssessment = Assessment;

/** What the pages read back. */
export interface StoredEvaluation {
  readonly id: number;
  readonly repositoryId: number;
  readonly repository: string;
  readonly pullRequest: number | null;
  readonly head: string;
  readonly asOf: Date;
  readonly conclusion: string;
  readonly assessment: StoredAssessment;
  readonly digest: string;
  readonly previous: string;
}

/** The store of the service: evaluations chained by digest, one audit line for each write, the timeline. */
export function createStore(db: Kysely<Tables>): Store {
  return {
    record: (evaluation) => record(db, evaluation),
    last: (repositoryId) => endOfChain(db, repositoryId),
  };
}

/** Stands before the digest of the last record that is known where those between it and the next one are lost. */
const lost = "lost ";

async function record(
  db: Kysely<Tables>,
  { assessment, plan, results, standing, wasJudged = false }: EvaluationRecord,
): Promise<void> {
  const { subject } = assessment;
  const repositoryId = subject.repositoryId ?? 0;
  const stored = storable({ ...assessment, systems: assessment.systems.map(({ model: _, ...system }) => system) });
  await db.transaction().execute(async (transaction) => {
    // Two pull requests of one repository may end at once; the chain must not fork.
    await sql`select pg_advisory_xact_lock(${repositoryId}::bigint)`.execute(transaction);
    const known = await endOfChain(transaction, repositoryId);
    // GitHub shows a verdict of ours of which nothing is recorded: the chain must not read as if it were whole.
    const isLoss = wasJudged && !(await isRecorded(transaction, repositoryId, subject.head));
    const previous = isLoss ? `${lost}${known}` : known;
    const row = {
      repository_id: repositoryId,
      repository: subject.repository,
      pull_request: subject.pullRequest ?? null,
      head: subject.head,
      as_of: assessment.asOf,
      conclusion: assessment.conclusion,
      assessment: stored,
      plan: storable(plan),
      results: storable(results),
    };
    const digest = digestOfRecord(previous, {
      repositoryId,
      repository: row.repository,
      pullRequest: row.pull_request,
      head: row.head,
      asOf: new Date(row.as_of).toISOString(),
      conclusion: row.conclusion,
      assessment: JSON.parse(row.assessment),
      plan: JSON.parse(row.plan),
      results: JSON.parse(row.results),
    });
    await transaction
      .insertInto("evaluation")
      .values({ ...row, digest, previous })
      .execute();
    if (standing) {
      const writes = results.filter(({ outcome }) => outcome === "done").length;
      await keepStanding(transaction, standing, { asOf: assessment.asOf, head: subject.head, writes });
    }
    if (results.length === 0) return;
    await transaction
      .insertInto("audit")
      .values(
        results.map((result) => ({
          at: assessment.asOf,
          repository_id: repositoryId,
          repository: subject.repository,
          pull_request: subject.pullRequest ?? null,
          head: subject.head,
          step: plain(tell({ head: plan.head, steps: [result.step] })[0] ?? result.step.do),
          outcome: result.outcome,
          detail: plain(result.outcome === "done" ? (result.reference ?? "") : result.why),
        })),
      )
      .execute();
  });
}

async function isRecorded(db: Kysely<Tables>, repositoryId: number, head: string): Promise<boolean> {
  const row = await db
    .selectFrom("evaluation")
    .select("id")
    .where("repository_id", "=", repositoryId)
    .where("head", "=", head)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The latest evaluation of one pull request by GitHub's id of the repository, which no other takes over with the name (H089). */
export async function latestEvaluation(
  db: Kysely<Tables>,
  repositoryId: number,
  pullRequest: number,
): Promise<StoredEvaluation | undefined> {
  const of = db.selectFrom("evaluation").selectAll().where("repository_id", "=", repositoryId);
  const row = await of.where("pull_request", "=", pullRequest).orderBy("id", "desc").limit(1).executeTakeFirst();
  return row && readEvaluation(row);
}

function readEvaluation(row: Selectable<EvaluationTable>): StoredEvaluation {
  return {
    id: Number(row.id),
    repositoryId: Number(row.repository_id),
    repository: row.repository,
    pullRequest: row.pull_request,
    head: row.head,
    asOf: row.as_of,
    conclusion: row.conclusion,
    assessment: row.assessment as StoredAssessment,
    digest: row.digest,
    previous: row.previous,
  };
}

/**
 * The writes made for one pull request, oldest first.
 * @param repositoryId where given, only those for the repository of this id: others may have had the name before (H089).
 */
export async function auditOf(
  db: Kysely<Tables>,
  repository: string,
  pullRequest: number,
  repositoryId?: number,
): Promise<{ at: Date; head: string; step: string; outcome: string; detail: string }[]> {
  let query = db
    .selectFrom("audit")
    .select(["at", "head", "step", "outcome", "detail"])
    .where("repository", "=", repository)
    .where("pull_request", "=", pullRequest);
  if (repositoryId !== undefined) query = query.where("repository_id", "=", repositoryId);
  return query.orderBy("id").execute();
}

/** One line of the audit beside evaluations: what somebody did to what we had written, and what no evaluation wrote. */
export async function note(
  db: Kysely<Tables>,
  where: {
    readonly repositoryId: number;
    readonly repository: string;
    readonly pullRequest: number | null;
    readonly head: string;
  },
  at: string,
  line: { readonly step: string; readonly outcome: string; readonly detail: string },
): Promise<void> {
  await db
    .insertInto("audit")
    .values({
      at,
      repository_id: where.repositoryId,
      repository: where.repository,
      pull_request: where.pullRequest,
      head: where.head,
      step: plain(line.step),
      outcome: line.outcome,
      detail: plain(line.detail),
    })
    .execute();
}
