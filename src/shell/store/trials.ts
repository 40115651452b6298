import type { Kysely, Selectable } from "kysely";
import type { Conclusion } from "../../core/domain/assessment.ts";
import type { AskedQuestion, Standing, Trial } from "../../core/domain/standing.ts";
import type { Tables, TrialTable } from "../tables.ts";
import { plain, storable } from "./storable.ts";

/** Makes the table of what `enforce` would have done. */
export async function addTrials(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("trial")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("repository", "text", (column) => column.notNull())
    .addColumn("title", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("mode", "text", (column) => column.notNull())
    .addColumn("strictest", "text", (column) => column.notNull())
    .addColumn("last", "text", (column) => column.notNull())
    .addColumn("because", "jsonb", (column) => column.notNull())
    .addColumn("fingerprints", "jsonb", (column) => column.notNull())
    .addColumn("comments", "integer", (column) => column.notNull())
    .addColumn("issues", "integer", (column) => column.notNull())
    .addColumn("questions", "jsonb", (column) => column.notNull())
    .addColumn("first_judged", "timestamptz", (column) => column.notNull())
    .addColumn("last_judged", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("trial_key", ["repository_id", "number"])
    .execute();
  await db.schema.createIndex("trial_owner").on("trial").columns(["owner", "last_judged"]).execute();
}

/** Worst first. */
const order: readonly string[] = ["failure", "action_required", "neutral", "success"];
/** Most questions of one pull request that are kept. */
const mostQuestions = 200;

type Row = Selectable<TrialTable>;

/**
 * Keeps what `enforce` would have done to a pull request, over all looks at it: whoever was stopped once was stopped, and a
 * question that was asked stays asked. What a merge is judged by afterwards changes no verdict of before. In the
 * transaction of the evaluation, which lets nobody else write of the same repository.
 */
export async function keepTrial(db: Kysely<Tables>, standing: Standing, asOf: string): Promise<void> {
  const { repository, pullRequest, mode, trial } = standing;
  const known = await db
    .selectFrom("trial")
    .selectAll()
    .where("repository_id", "=", repository.id)
    .where("number", "=", pullRequest.number)
    .executeTakeFirst();
  if (!trial && !known) return;
  const { conclusion, because, comments, issues } = trial ?? nothing(pullRequest.conclusion);
  const wasOpen = known !== undefined && pullRequest.state === "merged";
  const last = wasOpen ? known.last : conclusion;
  const isAsStrict = !known || order.indexOf(last) <= order.indexOf(known.strictest);
  const fingerprints = [...new Set([...(known?.fingerprints ?? []), ...comments])].slice(0, mostQuestions);
  const values = {
    owner: repository.owner.toLowerCase(),
    repository: repository.name,
    title: plain(pullRequest.title),
    state: pullRequest.state,
    mode,
    strictest: isAsStrict ? last : known.strictest,
    last,
    because: storable(wasOpen || !isAsStrict ? (known?.because ?? []) : because),
    fingerprints: storable(fingerprints),
    comments: fingerprints.length,
    issues,
    questions: storable(together(known, standing.questions)),
    last_judged: asOf,
  };
  await db
    .insertInto("trial")
    .values({ repository_id: repository.id, number: pullRequest.number, first_judged: asOf, ...values })
    .onConflict((conflict) => conflict.columns(["repository_id", "number"]).doUpdateSet(values))
    .execute();
}

function nothing(conclusion: Conclusion): Trial {
  return { conclusion, because: [], comments: [], issues: 0 };
}

/** The questions as they stand, and earlier ones: what was open and is not asked any more went with its line. */
function together(known: Row | undefined, now: readonly AskedQuestion[]): readonly AskedQuestion[] {
  const all = new Map((known?.questions ?? []).map((one) => [one.fingerprint, one]));
  const still = new Set(now.map(({ fingerprint }) => fingerprint));
  for (const [fingerprint, one] of all)
    if (one.outcome === "open" && !still.has(fingerprint)) all.set(fingerprint, { ...one, outcome: "gone" });
  for (const one of now) all.set(one.fingerprint, one);
  return [...all.values()].slice(0, mostQuestions);
}

/** A pull request was closed and not merged. */
export async function closeTrial(db: Kysely<Tables>, repositoryId: number, number: number): Promise<void> {
  await db
    .updateTable("trial")
    .set({ state: "closed" })
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .where("state", "=", "open")
    .execute();
}
