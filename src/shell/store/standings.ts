import { type Kysely, type Selectable, sql } from "kysely";
import type { Standing, SystemStanding } from "../../core/domain/standing.ts";
import { deliverableIds } from "../../core/domain/threat-model.ts";
import type { SystemStandingTable, Tables } from "../tables.ts";
import { plain, storable } from "./storable.ts";
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
  for (const system of standing.merged.systems) {
    const before = known.find((row) => row.system === plain(system.system));
    await keepSystem(transaction, standing, system, evaluation, before?.trend ?? "");
    await keepOpenThreats(transaction, standing, system, evaluation.asOf);
    // Judged again, the same merge brings nothing anew.
    const isAgain = before?.pull_request === standing.pullRequest.number && before.merged.getTime() === Date.parse(at);
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

async function keepWait(db: Kysely<Tables>, { repository, pullRequest }: Standing, asOf: string): Promise<void> {
  if (!pullRequest.waits) {
    await forgetWait(db, repository.id, pullRequest.number);
    return;
  }
  const values = {
    owner: repository.owner.toLowerCase(),
    repository: repository.name,
    title: plain(pullRequest.title),
    conclusion: pullRequest.conclusion,
  };
  await db
    .insertInto("architect_wait")
    .values({ repository_id: repository.id, number: pullRequest.number, since: asOf, ...values })
    .onConflict((conflict) => conflict.columns(["repository_id", "number"]).doUpdateSet(values))
    .execute();
}

/** A pull request that is closed, or approved, waits for nobody. */
export async function forgetWait(db: Kysely<Tables>, repositoryId: number, number: number): Promise<void> {
  await db
    .deleteFrom("architect_wait")
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
}

async function keepQuestions(db: Kysely<Tables>, standing: Standing, asOf: string): Promise<void> {
  const { repository, pullRequest, questions, mode } = standing;
  // Nobody is asked anything in `observe`.
  if (mode === "observe") return;
  const place = { repository_id: repository.id, number: pullRequest.number };
  if (questions.length > 0) {
    await db
      .insertInto("question")
      .values(
        questions.slice(0, 500).map(({ fingerprint, rule, outcome }) => ({
          ...place,
          fingerprint,
          owner: repository.owner.toLowerCase(),
          rule: plain(rule),
          asked: asOf,
          outcome,
          changed: asOf,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(["repository_id", "number", "fingerprint"])
          .doUpdateSet({ outcome: sql<string>`excluded.outcome`, changed: sql<string>`excluded.changed` })
          .whereRef("question.outcome", "!=", "excluded.outcome"),
      )
      .execute();
  }
  let gone = db
    .updateTable("question")
    .set({ outcome: "gone", changed: asOf })
    .where("repository_id", "=", place.repository_id)
    .where("number", "=", place.number)
    .where("outcome", "=", "open");
  const still = questions.map(({ fingerprint }) => fingerprint);
  if (still.length > 0) gone = gone.where("fingerprint", "not in", still);
  await gone.execute();
}

async function forgetSystems(db: Kysely<Tables>, repositoryId: number, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  for (const table of ["system_standing", "open_threat"] as const) {
    await db.deleteFrom(table).where("repository_id", "=", repositoryId).where("system", "in", names).execute();
  }
}

/** Threats that count against a system. */
function openThreatsOf({ threats }: SystemStanding): SystemStanding["threats"] {
  return threats.filter(({ status }) => status === "open" || status === "unknown");
}

/** The row of a system, without where it is in the tables. */
export function columnsOf(
  standing: Pick<Standing, "repository" | "portfolio" | "mode" | "pullRequest">,
  system: SystemStanding,
): Omit<
  Selectable<SystemStandingTable>,
  | "sheet"
  | "themes"
  | "trend"
  | `quarter_${string}`
  | `year_${string}`
  | "judged"
  | "merged"
  | "head"
  | "uncovered_since"
> {
  const open = openThreatsOf(system);
  const rated = (...levels: readonly (string | undefined)[]): number =>
    open.filter(({ risk }) => levels.includes(risk)).length;
  const ends = system.acceptances.flatMap(({ until }) => until ?? []).toSorted();
  return {
    repository_id: standing.repository.id,
    system: plain(system.system),
    owner: standing.repository.owner.toLowerCase(),
    repository: standing.repository.name,
    team: plain(system.team ?? ""),
    portfolio: plain(standing.portfolio ?? ""),
    risk_class: system.riskClass,
    mode: standing.mode,
    tm1: system.indicators["TM-1"].rag,
    tm2: system.indicators["TM-2"].rag,
    tm3: system.indicators["TM-3"].rag,
    tm4: system.indicators["TM-4"].rag,
    complete: deliverableIds.filter((id) => {
      const { state, lacking } = system.deliverables[id];
      return state === "present" && lacking.length === 0;
    }).length,
    threats: system.threatCount,
    open_critical: rated("critical"),
    open_high: rated("high"),
    open_medium: rated("medium", undefined),
    open_low: rated("low", "note"),
    accepted: system.threats.filter(({ status }) => status === "accepted").length,
    acceptance_ends: ends[0] ?? null,
    model_updated: system.modelUpdated ?? null,
    green_days: system.currency.green,
    amber_days: system.currency.amber,
    review_days: system.currency.review,
    pull_request: standing.pullRequest.number,
  };
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
    themes: storable(system.themes),
    sheet: storable(system),
  };
  await db
    .insertInto("system_standing")
    .values({ repository_id, system: name, trend, ...values })
    .onConflict((conflict) => conflict.columns(["repository_id", "system"]).doUpdateSet(values))
    .execute();
}

async function keepOpenThreats(
  db: Kysely<Tables>,
  { repository }: Standing,
  system: SystemStanding,
  asOf: string,
): Promise<void> {
  const open = openThreatsOf(system);
  const place = { repository_id: repository.id, system: plain(system.system) };
  let closed = db
    .deleteFrom("open_threat")
    .where("repository_id", "=", place.repository_id)
    .where("system", "=", place.system);
  const rows = new Map<string, { title: string; risk: string }>();
  for (const threat of open) {
    const title = plain(threat.title);
    const kind = threat.rule ?? title.trim().toLowerCase();
    const risk = threat.risk ?? "not rated";
    const known = rows.get(kind);
    if (!known || ranks.indexOf(risk) > ranks.indexOf(known.risk))
      rows.set(kind, { title: known?.title ?? title, risk });
  }
  if (rows.size > 0) closed = closed.where("kind", "not in", [...rows.keys()]);
  await closed.execute();
  if (rows.size === 0) return;
  const owner = repository.owner.toLowerCase();
  await db
    .insertInto("open_threat")
    .values([...rows].map(([kind, row]) => ({ ...place, kind, owner, since: asOf, ...row })))
    .onConflict((conflict) =>
      conflict
        .columns(["repository_id", "system", "kind"])
        .doUpdateSet({ title: sql<string>`excluded.title`, risk: sql<string>`excluded.risk` }),
    )
    .execute();
}

const ranks: readonly string[] = ["not rated", "note", "low", "medium", "high", "critical"];

interface Before {
  /** How the system stood before this merge. */
  readonly before: SystemStanding | undefined;
  /** The instant that says which week it is. */
  readonly at: string;
  readonly isAgain: boolean;
}

async function keepWeek(
  db: Kysely<Tables>,
  standing: Standing,
  system: SystemStanding,
  { before, at, isAgain }: Before,
): Promise<void> {
  const effect = isAgain ? undefined : standing.merged?.effects.find((one) => one.system === system.system);
  const { repository_id, system: name, owner, tm1, tm2, tm3, tm4 } = columnsOf(standing, system);
  const colours = { tm1, tm2, tm3, tm4, open_threats: openThreatsOf(system).length };
  const moved = movesOf(before, system);
  const counts = {
    ...moved,
    covered: effect?.coveredAfter.length ?? 0,
    covered_days: effect?.coveredAfter.reduce((sum, days) => sum + days, 0) ?? 0,
    suppliers: effect?.suppliers.changed ?? 0,
    suppliers_covered: effect?.suppliers.covered ?? 0,
  };
  await db
    .insertInto("system_week")
    .values({ repository_id, system: name, week: weekOf(at), owner, ...colours, ...counts })
    .onConflict((conflict) =>
      conflict.columns(["repository_id", "system", "week"]).doUpdateSet({
        ...colours,
        opened: sql<number>`system_week.opened + excluded.opened`,
        mitigated: sql<number>`system_week.mitigated + excluded.mitigated`,
        accepted: sql<number>`system_week.accepted + excluded.accepted`,
        reopened: sql<number>`system_week.reopened + excluded.reopened`,
        covered: sql<number>`system_week.covered + excluded.covered`,
        covered_days: sql<number>`system_week.covered_days + excluded.covered_days`,
        suppliers: sql<number>`system_week.suppliers + excluded.suppliers`,
        suppliers_covered: sql<number>`system_week.suppliers_covered + excluded.suppliers_covered`,
      }),
    )
    .execute();
}

/** How the threats of a system moved from one merge to the next; the first time, what is open counts as opened. */
export function movesOf(
  before: SystemStanding | undefined,
  after: SystemStanding,
): { opened: number; mitigated: number; accepted: number; reopened: number } {
  const was = new Map(before?.threats.map(({ id, status }) => [id, isOpen(status) ? "open" : status]));
  const moves = { opened: 0, mitigated: 0, accepted: 0, reopened: 0 };
  for (const { id, status } of after.threats) {
    const earlier = was.get(id);
    const now = isOpen(status) ? "open" : status;
    if (earlier === now) continue;
    if (now === "open") moves[earlier === undefined ? "opened" : "reopened"]++;
    else if (earlier !== undefined && now === "mitigated") moves.mitigated++;
    else if (earlier !== undefined && now === "accepted") moves.accepted++;
  }
  return moves;
}

function isOpen(status: SystemStanding["threats"][number]["status"]): boolean {
  return status === "open" || status === "unknown";
}
