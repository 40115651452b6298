import { type Kysely, sql } from "kysely";
import { type Conclusion, conclusions } from "../../core/domain/assessment.ts";
import type { Mode } from "../../core/domain/policy.ts";
import type {
  PullRequestTrial,
  RepositoryTrial,
  RollOut,
  RollOutQuery,
  RuleTrial,
  TrialSum,
} from "../../core/domain/roll-out.ts";
import type { Tables } from "../tables.ts";
import { idsOf, ownerOf, type Visible } from "./visible.ts";

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
  const asked = repository.toLowerCase();
  const repositories = visible.repositories.filter(({ name }) => asked === "" || name.toLowerCase() === asked);
  const shown = { owner: visible.owner, repositories };
  const from = new Date(Date.parse(now) - days * day).toISOString();
  const ground = { db, visible: shown, from };
  const [total, byRepository, stopped, rules, knownSince] = await Promise.all([
    totalOf(ground),
    repositoriesOf(ground),
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

const outcomesOf = (name: string) =>
  sql`(select count(*) from jsonb_array_elements(questions) as asked where asked->>'outcome' = ${sql.lit(name)})`;

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
  sql`sum(jsonb_array_length(questions)) as asked`,
  sql`sum(${outcomesOf("mitigated")} + ${outcomesOf("accepted")} + ${outcomesOf("not-applicable")}) as answered`,
  sql`sum(${outcomesOf("not-applicable")}) as not_applicable`,
  sql`sum(${outcomesOf("resolved")}) as resolved`,
]);

type Sums = Readonly<Record<string, string | null>>;

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
    questions: {
      asked: number("asked"),
      answered: number("answered"),
      notApplicable: number("not_applicable"),
      resolved: number("resolved"),
    },
  };
}

async function totalOf(ground: Ground): Promise<RollOut["total"]> {
  const { rows } = await sql<Sums>`
    select count(distinct repository_id) as repositories, ${sums} from trial where ${counted(ground)}`.execute(
    ground.db,
  );
  return { repositories: Number(rows[0]?.["repositories"] ?? 0), ...sumFrom(rows[0]) };
}

async function repositoriesOf(ground: Ground): Promise<RepositoryTrial[]> {
  const { rows } = await sql<Sums & { since: Date }>`
    select max(repository) as name, (array_agg(mode order by last_judged desc))[1] as mode, min(first_judged) as since, ${sums}
    from trial where ${counted(ground)} group by repository_id
    order by count(*) filter (where ${isStopped}) desc, count(*) desc, name limit ${mostRepositories}`.execute(
    ground.db,
  );
  return rows.map(({ since, ...row }) => ({
    ...sumFrom(row),
    repository: row["name"] ?? "",
    mode: modeOf(row["mode"]),
    since: since.toISOString(),
  }));
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
  const outcome = (...names: readonly string[]) =>
    sql`count(*) filter (where asked->>'outcome' in (${sql.join(names.map((name) => sql.lit(name)))}))`;
  const { rows } = await sql<Sums>`
    select asked->>'rule' as rule, count(*) as asked, count(distinct (repository_id, number)) as pull_requests,
      ${outcome("mitigated", "accepted", "not-applicable")} as answered, ${outcome("not-applicable")} as not_applicable,
      ${outcome("resolved")} as resolved
    from trial, jsonb_array_elements(questions) as asked where ${counted(ground)}
    group by 1 order by count(*) desc, rule limit ${mostRules}`.execute(ground.db);
  return rows.map((row) => {
    const { questions, pullRequests } = sumFrom(row);
    return { rule: row["rule"] ?? "", pullRequests, ...questions };
  });
}

async function knownSinceOf(db: Db, visible: Visible): Promise<string | null> {
  const { rows } = await sql<{ since: Date | null }>`
    select min(first_judged) as since from trial where owner = ${ownerOf(visible)} and ${idsOf(visible)}`.execute(db);
  return rows[0]?.since?.toISOString() ?? null;
}
