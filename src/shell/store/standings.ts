import { type Kysely, sql } from "kysely";
import type { Standing, SystemStanding } from "../../core/domain/standing.ts";
import type { Tables } from "../tables.ts";
import { keepWait } from "./architect-waits.ts";
import { keepOpenThreats } from "./open-threats.ts";
import { keepPast } from "./past-standings.ts";
import { keepQuestions } from "./questions.ts";
import { plain, storable } from "./storable.ts";
import { columnsOf } from "./system-columns.ts";
import { keepWeek } from "./system-weeks.ts";
import { keepTrial } from "./trials.ts";
import { sumWeeks } from "./week-sums.ts";
import { weekOf } from "./weeks.ts";

/** What an evaluation was of, beside what it says of systems. */
export interface Evaluation {
  /** ISO instant. */
  readonly asOf: string;
  readonly head: string;
  /** Writes that were done. */
  readonly writes: number;
}

/**
 * Writes what an evaluation says of systems, in the transaction of the evaluation itself: what waits for an architect, what
 * became of the questions, and after a merge how the systems stand and what the week brought. What an earlier merge says
 * replaces nothing that a later one said.
 */
export async function keepStanding(
  transaction: Kysely<Tables>,
  standing: Standing,
  evaluation: Evaluation,
): Promise<void> {
  await keepWait(transaction, standing, evaluation.asOf);
  await keepQuestions(transaction, standing, evaluation.asOf);
  await keepTrial(transaction, standing, evaluation.asOf);
  await addWork(transaction, standing.repository, evaluation.asOf, {
    calls: 0,
    evaluations: 1,
    writes: evaluation.writes,
  });
  await keepMerged(transaction, standing, evaluation);
}

/** How the systems stand after a merge, and what the week brought; nothing where nothing was merged. */
export async function keepMerged(
  transaction: Kysely<Tables>,
  standing: Standing,
  evaluation: Evaluation,
): Promise<void> {
  if (!standing.merged) return;
  const known = await transaction
    .selectFrom("system_standing")
    .select(["system", "merged", "pull_request", "trend", "sheet"])
    .where("repository_id", "=", standing.repository.id)
    .execute();
  const { at } = standing.merged;
  if (known.some(({ merged }) => merged.getTime() > Date.parse(at))) return;
  const names = standing.merged.systems.map(({ system }) => plain(system));
  await forgetSystems(
    transaction,
    standing.repository.id,
    known.map(({ system }) => system).filter((name) => !names.includes(name)),
  );
  // Judged again, the same merge brings nothing anew.
  const wasKept = ({ pull_request, merged }: (typeof known)[number]): boolean =>
    pull_request === standing.pullRequest.number && merged.getTime() === Date.parse(at);
  const isSameMerge = known.some(wasKept);
  await keepPast(transaction, standing, standing.merged.systems, {
    since: isSameMerge ? evaluation.asOf : at,
    head: evaluation.head,
    isAgain: isSameMerge,
  });
  for (const system of standing.merged.systems) {
    const before = known.find((row) => row.system === plain(system.system));
    await keepSystem(transaction, standing, system, evaluation, before?.trend ?? "");
    await keepOpenThreats(transaction, standing, system, evaluation.asOf);
    const isAgain = before !== undefined && wasKept(before);
    await keepWeek(transaction, standing, system, {
      before: before ? (before.sheet as SystemStanding) : undefined,
      at: isAgain ? evaluation.asOf : at,
      isAgain,
    });
  }
  await sumWeeks(transaction, evaluation.asOf, standing.repository.id);
}

/** Counts of work, added to those of the week. */
export async function addWork(
  db: Kysely<Tables>,
  { owner, name }: { readonly owner: string; readonly name: string },
  at: string,
  work: { readonly calls: number; readonly evaluations: number; readonly writes: number },
): Promise<void> {
  await db
    .insertInto("week_of_work")
    .values({ owner: owner.toLowerCase(), repository: name.toLowerCase(), week: weekOf(at), ...work })
    .onConflict((conflict) =>
      conflict.columns(["owner", "repository", "week"]).doUpdateSet({
        calls: sql<number>`week_of_work.calls + excluded.calls`,
        evaluations: sql<number>`week_of_work.evaluations + excluded.evaluations`,
        writes: sql<number>`week_of_work.writes + excluded.writes`,
      }),
    )
    .execute();
}

async function forgetSystems(db: Kysely<Tables>, repositoryId: number, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  for (const table of ["system_standing", "open_threat"] as const) {
    await db.deleteFrom(table).where("repository_id", "=", repositoryId).where("system", "in", names).execute();
  }
}

async function keepSystem(
  db: Kysely<Tables>,
  standing: Standing,
  system: SystemStanding,
  { asOf, head }: Evaluation,
  trend: string,
): Promise<void> {
  const { repository_id, system: name, ...columns } = columnsOf(standing, system);
  const values = {
    ...columns,
    uncovered_since: system.uncovered[0]?.at ?? null,
    merged: standing.merged?.at ?? asOf,
    head,
    judged: asOf,
    requirements: storable(system.requirements),
    sheet: storable(system),
  };
  await db
    .insertInto("system_standing")
    .values({ repository_id, system: name, trend, ...values })
    .onConflict((conflict) => conflict.columns(["repository_id", "system"]).doUpdateSet(values))
    .execute();
}
