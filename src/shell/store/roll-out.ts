import { type Kysely, sql } from "kysely";
import { type Conclusion, conclusions } from "../../core/domain/assessment.ts";
import type { Mode } from "../../core/domain/policy.ts";
import type { PullRequestTrial, RollOut, RollOutQuery, RuleTrial, TrialSum } from "../../core/domain/roll-out.ts";
import type { Tables } from "../tables.ts";
import { questionCounts, questionsFrom, type Sums } from "./figures.ts";
import { idsOf, narrowed, ownerOf, type Visible } from "./visible.ts";

type Db = Kysely<Tables>;

const mostRepositories = 200;
const mostRules = 100;
const day = 86_400_000;

/**
 * The roll-out report over the repositories given and no others: pull requests judged within the last days in `observe` or
 * `advise`. @param now ISO instant.
 * @param most pull requests that are listed, of those that would have been stopped.
 */
export async function rollOutOf(
  db: Db,
  visible: Visible,
  { days, repository }: RollOutQuery,
  now: string,
  most: number,
): Promise<RollOut> {
  const shown = narrowed(visible, repository);
  const from = new Date(Date.parse(now) - days * day).toISOString();
  const ground = { db, visible: shown, from };
  const [{ total, repositories: byRepository }, stopped, rules, knownSince] = await Promise.all([
    sumsOf(ground),
    stoppedOf(ground, most),
    rulesOf(ground),
    knownSinceOf(db, shown),
  ]);
  return {
    schemaVersion: 1,
    owner: visible.owner,
    asOf: now,
    days,
    from,
    knownSince,
    repository,
    total,
    repositories: byRepository,
    pullRequests: stopped,
    rules,
  };
}

interface Ground {
  readonly db: Db;
  readonly visible: Visible;
  readonly from: string;
}

const counted = ({ visible, from }: Ground) =>
  sql<boolean>`owner = ${ownerOf(visible)} and mode <> 'enforce' and last_judged >= ${from}::timestamptz and ${idsOf(visible)}`;

/** What became of the questions of one pull request, each looked at once. */
const questionsOf = sql`lateral (
  select ${questionCounts(sql`one->>'outcome'`)} from jsonb_array_elements(questions) as one
) as q`;

const isStopped = sql`strictest in ('failure', 'action_required')`;

/** Sums over pull requests, as columns. */
const sums = sql.join([
  sql`count(*) as pull_requests`,
  sql`count(*) filter (where strictest = 'failure') as blocked`,
  sql`count(*) filter (where strictest = 'action_required') as waited`,
  sql`count(*) filter (where state = 'merged' and last in ('failure', 'action_required')) as merged_all_the_same`,
  sql`count(*) filter (where comments = 0 and not ${isStopped}) as quiet`,
  sql`sum(comments) as comments`,
  sql`sum(issues) as issues`,
  sql`sum(q.asked) as asked`,
  sql`sum(q.answered) as answered`,
  sql`sum(q.not_applicable) as not_applicable`,
  sql`sum(q.resolved) as resolved`,
]);

function sumFrom(row: Sums | undefined): TrialSum {
  const number = (name: string): number => Number(row?.[name] ?? 0);
  return {
    pullRequests: number("pull_requests"),
    blocked: number("blocked"),
    waited: number("waited"),
    mergedAllTheSame: number("merged_all_the_same"),
    quiet: number("quiet"),
    comments: number("comments"),
    issues: number("issues"),
    questions: questionsFrom(row),
  };
}

/** All together, and each repository by itself, those where most would have been stopped first: in one look at the table. */
async function sumsOf(ground: Ground): Promise<Pick<RollOut, "total" | "repositories">> {
  const { rows } = await sql<Sums & { since: Date }>`
    select grouping(repository_id) as is_total, count(*) over () as groups, max(repository) as name,
      (array_agg(mode order by last_judged desc))[1] as mode, min(first_judged) as since, ${sums}
    from trial cross join ${questionsOf} where ${counted(ground)} group by grouping sets ((repository_id), ())
    order by 1 desc, count(*) filter (where ${isStopped}) desc, count(*) desc, name limit ${mostRepositories + 1}`.execute(
    ground.db,
  );
  const [all, ...each] = rows;
  return {
    total: { repositories: Math.max(0, Number(all?.["groups"] ?? 1) - 1), ...sumFrom(all) },
    repositories: each.map(({ since, ...row }) => ({
      ...sumFrom(row),
      repository: row["name"] ?? "",
      mode: modeOf(row["mode"]),
      since: since.toISOString(),
    })),
  };
}

function modeOf(text: string | null | undefined): Mode {
  return text === "observe" ? "observe" : text === "enforce" ? "enforce" : "advise";
}

function conclusionOf(text: string): Conclusion {
  return conclusions.find((one) => one === text) ?? "neutral";
}

async function stoppedOf({ db, visible, from }: Ground, most: number): Promise<PullRequestTrial[]> {
  const rows = await db
    .selectFrom("trial")
    .selectAll()
    .where(counted({ db, visible, from }))
    .where("strictest", "in", ["failure", "action_required"])
    .orderBy("last_judged", "desc")
    .orderBy("repository_id")
    .orderBy("number")
    .limit(most)
    .execute();
  return rows.map((row) => ({
    repository: row.repository,
    number: row.number,
    title: row.title,
    state: row.state === "merged" ? "merged" : row.state === "closed" ? "closed" : "open",
    mode: modeOf(row.mode),
    strictest: conclusionOf(row.strictest),
    last: conclusionOf(row.last),
    because: [...row.because],
    comments: row.comments,
    issues: row.issues,
    firstJudged: row.first_judged.toISOString(),
    lastJudged: row.last_judged.toISOString(),
  }));
}

async function rulesOf(ground: Ground): Promise<RuleTrial[]> {
  // By pull request first: to count pairs that differ takes many times as long.
  const { rows } = await sql<Sums>`
    select rule, sum(asked) as asked, count(*) as pull_requests, sum(answered) as answered,
      sum(not_applicable) as not_applicable, sum(resolved) as resolved
    from (
      select repository_id, number, one->>'rule' as rule, ${questionCounts(sql`one->>'outcome'`)}
      from trial, jsonb_array_elements(questions) as one where ${counted(ground)}
      group by repository_id, number, one->>'rule'
    ) as each
    group by rule order by sum(asked) desc, rule limit ${mostRules}`.execute(ground.db);
  return rows.map((row) => ({
    rule: row["rule"] ?? "",
    pullRequests: Number(row["pull_requests"]),
    ...questionsFrom(row),
  }));
}

async function knownSinceOf(db: Db, visible: Visible): Promise<string | null> {
  const { rows } = await sql<{ since: Date | null }>`
    select min(first_judged) as since from trial where owner = ${ownerOf(visible)} and ${idsOf(visible)}`.execute(db);
  return rows[0]?.since?.toISOString() ?? null;
}
