import type { ColumnType, Generated } from "kysely";
import type { IssuePlace } from "../core/domain/desired.ts";
import type { IssueClosing } from "../core/domain/observed.ts";
import type { AskedQuestion } from "../core/domain/standing.ts";

/** A JSON column: written as text, read as the value. */
type Json<T> = ColumnType<T, string, string>;
/** A moment: read as a Date, written as a Date or an ISO string. */
type Moment = ColumnType<Date, Date | string, Date | string>;
type MomentOrNone = ColumnType<Date | null, Date | string | null, Date | string | null>;

/** A webhook delivery that was durably stored. Duplicates are recognised only against these rows (H008). */
export interface DeliveryTable {
  readonly id: string;
  readonly event: string;
  readonly received: ColumnType<Date, Date | string | undefined, never>;
}

/** One evaluation: what was concluded, what was planned, what became of it. Chained per repository by digests. */
export interface EvaluationTable {
  readonly id: Generated<number>;
  /** GitHub's id of the repository, or 0 for one without (a local checkout). State follows it, not the name. */
  readonly repository_id: number;
  readonly repository: string;
  readonly pull_request: number | null;
  readonly head: string;
  readonly as_of: Moment;
  readonly conclusion: string;
  readonly assessment: Json<unknown>;
  readonly plan: Json<unknown>;
  readonly results: Json<unknown>;
  /** SHA-256 over the previous digest and this record, so that a record cannot be changed unseen. */
  readonly digest: string;
  readonly previous: string;
}

/** One write to the outside: the audit line. */
export interface AuditTable {
  readonly id: Generated<number>;
  readonly at: Moment;
  readonly repository_id: number;
  readonly repository: string;
  readonly pull_request: number | null;
  readonly head: string;
  readonly step: string;
  readonly outcome: string;
  readonly detail: string;
}

/** One entry of the timeline of a repository's default branch. */
export interface TimelineTable {
  readonly repository_id: number;
  readonly kind: string;
  readonly reference: string;
  /** What tells it from the others of this kind and reference: a digest, or the system of an incident or an advisory. */
  readonly what: string;
  readonly at: Moment;
  readonly entry: Json<unknown>;
}

/** How far forward the timeline of a repository's default branch is known. */
export interface HistoryTable {
  readonly repository_id: number;
  readonly commit: string;
  /** What came after that commit came then or later. */
  readonly at: Moment;
}

/** An owner whose policy for all its repositories was seen: should it be shown no more, that is no sign of its absence. */
export interface OrganisationPolicyTable {
  /** Login in lower case. */
  readonly owner: string;
  readonly seen: Moment;
}

/** A repository that was judged, and since when and for whom we look at it. */
export interface RepositoryTable {
  readonly id: number;
  readonly installation: number;
  /** Login and name when it was last seen. */
  readonly owner: string;
  readonly name: string;
  /** When GitHub gave it to us, where an event said so. */
  readonly joined: MomentOrNone;
  /** Where its data are to be erased: from when on. */
  readonly erase_after: MomentOrNone;
  /** Open pull requests were last compared with GitHub's list. */
  readonly swept: MomentOrNone;
  /** Its last merge was last judged again, because nothing was known of how its systems stand. */
  readonly rebuilt: ColumnType<Date | null, string | null | undefined, string | null>;
}

/** An open pull request as it was last judged, and what its verdict rests on. */
export interface OpenPullRequestTable {
  readonly repository_id: number;
  readonly number: number;
  readonly installation: number;
  readonly owner: string;
  readonly repository: string;
  readonly head: string;
  readonly base_branch: string;
  /** Slugs of teams, in lower case, and ids of accounts. */
  readonly teams: Json<readonly string[]>;
  readonly people: Json<readonly number[]>;
  readonly judged: Moment;
  /** When time alone may change the verdict next; null where it never does. */
  readonly due: MomentOrNone;
  /** What is concluded, without dates and words: whether time changed anything is told by it. */
  readonly verdict: string;
  /** The label of incidents by its policy; null where it was judged before that was kept. */
  readonly incident_label: Generated<string | null>;
  /** When alerts or incidents that concern it changed; null once it was asked for again. */
  readonly evidence_changed: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  /** When what is due was asked for, by GitHub's clock; null where it never was. */
  readonly due_asked: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  /** When this was written, by the database's clock. */
  readonly kept: ColumnType<Date, Date | string | undefined, Date | string>;
}

/** A repository that is, or was, to be given a first model. */
export interface OnboardingTable {
  readonly repository_id: number;
  /** `waiting`, `not-asked` (its policy asks for nothing) or `done`. */
  readonly state: string;
  /** What came of it, in words. */
  readonly why: string;
  readonly looked: MomentOrNone;
  /** When something was opened. */
  readonly posted: MomentOrNone;
}

/** An issue that we opened on GitHub. */
export interface OpenedIssueTable {
  readonly repository_id: number;
  /** The threat's whole id. */
  readonly threat: string;
  readonly number: number;
}

/** A repository whose issues stand in another tracker, and the latest merged pull request that lends its place. */
export interface OtherTrackerTable {
  readonly repository_id: number;
  readonly number: number;
  readonly installation: number;
  readonly owner: string;
  readonly repository: string;
  readonly place: Json<IssuePlace>;
  /** Issues there that people closed. */
  readonly closings: Json<readonly IssueClosing[]>;
  /** When it was looked at last; null: never. */
  readonly looked: MomentOrNone;
}

/** A repository's latest merged pull request whose model accepts risks: when the first of them ends. */
export interface AcceptanceTable {
  readonly repository_id: number;
  readonly number: number;
  readonly installation: number;
  readonly owner: string;
  readonly repository: string;
  readonly due: Moment;
  /** When what is due was asked for, by GitHub's clock; null where it never was. */
  readonly due_asked: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

/** The latest merge to the default branch of a repository: see `default-branches.ts`. */
export interface DefaultBranchTable {
  readonly repository_id: number;
  readonly number: number;
  readonly merged: Moment;
  /** In lower case. */
  readonly incident_label: string;
  /** When alerts or incidents changed; null once it was asked for again. */
  readonly evidence_changed: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

/** The last text that we wrote in a place where other people may change it. */
export interface OwnTextTable {
  readonly repository_id: number;
  readonly number: number;
  /** `summary`, or the fingerprint of a question. */
  readonly place: string;
  /** SHA-256 of the text. */
  readonly digest: string;
}

/** One evaluation that put back what somebody had changed or deleted of ours. */
export interface RestorationTable {
  readonly id: Generated<number>;
  readonly repository_id: number;
  readonly number: number;
  readonly at: Moment;
}

/** A comment with commands that was answered. */
export interface AnsweredCommentTable {
  readonly repository_id: number;
  readonly number: number;
  readonly place: string;
  readonly comment: number;
  readonly at: Moment;
}

/** A job that failed at every attempt, until somebody has it done again. */
export interface DeadLetterTable {
  readonly id: string;
  readonly repository_id: number;
  readonly wake_up: Json<unknown>;
  readonly reason: string;
  readonly failed: Moment;
}

/** Where the chain of a repository's evaluations begins when older ones were deleted. */
export interface ChainStartTable {
  readonly repository_id: number;
  /** The digest of the last record that was deleted. */
  readonly digest: string;
  readonly deleted: number;
}

/** Where a search that goes on from one sweep to the next has got to. */
export interface ProgressTable {
  readonly name: string;
  readonly value: string;
  readonly at: Moment;
}

/** An ISO date, kept as text: no time zone of a database or a driver can move it. */
type Day = string;

/** How one system stands on its default branch, as of the last merge that was judged; written with that evaluation. */
export interface SystemStandingTable {
  readonly repository_id: number;
  readonly system: string;
  /** Login in lower case. */
  readonly owner: string;
  readonly repository: string;
  /** Empty where nobody states it. */
  readonly team: string;
  readonly portfolio: string;
  readonly risk_class: string;
  readonly mode: string;
  readonly tm1: string;
  readonly tm2: string;
  readonly tm3: string;
  readonly tm4: string;
  /** Deliverables that are complete, of eight. */
  readonly complete: number;
  readonly threats: number;
  readonly open_critical: number;
  readonly open_high: number;
  readonly open_medium: number;
  readonly open_low: number;
  readonly accepted: number;
  /** The first acceptance that ends. */
  readonly acceptance_ends: Day | null;
  /** When the oldest change that the model does not hold was merged. */
  readonly uncovered_since: MomentOrNone;
  readonly model_updated: Day | null;
  readonly green_days: number;
  readonly amber_days: number;
  readonly review_days: number;
  readonly merged: Moment;
  readonly pull_request: number;
  readonly head: string;
  readonly judged: Moment;
  /** The worst indicator of each of the last weeks, 104 at most, oldest first, one letter a week: G, A, R, U. */
  readonly trend: string;
  /** By framework and state, ids of requirements; empty where it was stored before they were kept. */
  readonly requirements: Json<Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>>;
  /** Sums of `system_week` over the last 13 and 52 weeks, so that a page of many systems needs no look at their weeks. */
  readonly quarter_opened: Generated<number>;
  readonly quarter_mitigated: Generated<number>;
  readonly quarter_accepted: Generated<number>;
  readonly quarter_reopened: Generated<number>;
  readonly quarter_covered: Generated<number>;
  readonly quarter_covered_days: Generated<number>;
  readonly quarter_suppliers: Generated<number>;
  readonly quarter_suppliers_covered: Generated<number>;
  readonly year_covered: Generated<number>;
  readonly year_covered_days: Generated<number>;
  readonly sheet: Json<unknown>;
}

/** A kind of threat of which one or more in a system nobody has mitigated. */
export interface OpenThreatTable {
  readonly repository_id: number;
  readonly system: string;
  readonly owner: string;
  /** The library's rule, or the title in lower case of one written by hand. */
  readonly kind: string;
  readonly title: string;
  readonly risk: string;
  readonly since: Moment;
}

/** An open pull request that waits for a Security Architect. */
export interface ArchitectWaitTable {
  readonly repository_id: number;
  readonly number: number;
  readonly owner: string;
  readonly repository: string;
  readonly title: string;
  readonly conclusion: string;
  readonly since: Moment;
}

/** The measures of one system in one week, which begins on a Monday (UTC). */
export interface SystemWeekTable {
  readonly repository_id: number;
  readonly system: string;
  readonly week: Day;
  readonly owner: string;
  readonly tm1: string;
  readonly tm2: string;
  readonly tm3: string;
  readonly tm4: string;
  readonly open_threats: number;
  readonly opened: Generated<number>;
  readonly mitigated: Generated<number>;
  readonly accepted: Generated<number>;
  readonly reopened: Generated<number>;
  /** Changes that an update covered, and the days that they waited for it, together. */
  readonly covered: Generated<number>;
  readonly covered_days: Generated<number>;
  /** Third-party components and services that merges brought, and those of them that the model holds. */
  readonly suppliers: Generated<number>;
  readonly suppliers_covered: Generated<number>;
}

/** A question asked on a pull request, and what became of it. */
export interface QuestionTable {
  readonly repository_id: number;
  readonly number: number;
  readonly fingerprint: string;
  readonly owner: string;
  readonly rule: string;
  readonly asked: Moment;
  readonly outcome: string;
  readonly changed: Moment;
  /** Reactions of people to the comment that asks it, counted when the pull request is closed. */
  readonly liked: Generated<number>;
  readonly disliked: Generated<number>;
}

/** What `enforce` would have done to one pull request. In `enforce` itself the row says only that. */
export interface TrialTable {
  readonly repository_id: number;
  readonly number: number;
  readonly owner: string;
  readonly repository: string;
  readonly title: string;
  readonly state: string;
  readonly mode: string;
  /** The strictest conclusion of all looks, and that of the last one before the merge. */
  readonly strictest: string;
  readonly last: string;
  readonly because: Json<readonly string[]>;
  /** Fingerprints of the questions that would have stood at its lines, and their number. */
  readonly fingerprints: Json<readonly string[]>;
  readonly comments: number;
  readonly issues: number;
  readonly questions: Json<readonly AskedQuestion[]>;
  readonly first_judged: Moment;
  readonly last_judged: Moment;
}

/** What the bot did for one repository in one week, and what it used of GitHub's API. */
export interface WeekOfWorkTable {
  readonly owner: string;
  /** Name in lower case; requests are made by name. */
  readonly repository: string;
  readonly week: Day;
  readonly calls: Generated<number>;
  readonly evaluations: Generated<number>;
  readonly writes: Generated<number>;
}

/**
 * How many evaluations of one pull request (`#12`), or of pull requests with one head commit (its id), were begun: the
 * latest alone may write (H041).
 */
export interface TurnTable {
  readonly repository_id: number;
  readonly key: string;
  readonly number: number;
  readonly at: Moment;
  /** What the latest has begun to write; null before and when its record is stored. */
  readonly writing: ColumnType<unknown, string | null, string | null>;
}

/** An owner's change of login: see `renamed-owner.ts`. */
export interface OwnerRenamingTable {
  readonly id: Generated<number>;
  readonly installation: number;
  /** In lower case. */
  readonly former: string;
  readonly owner: string;
  readonly at: Moment;
}

/** One evaluation that a person caused. */
export interface AuthorEvaluationTable {
  readonly id: Generated<number>;
  readonly installation: number;
  readonly author: number;
  readonly at: Moment;
}

/** All tables of ours; pg-boss keeps its own in a schema beside them. */
export interface Tables {
  readonly delivery: DeliveryTable;
  readonly evaluation: EvaluationTable;
  readonly audit: AuditTable;
  readonly timeline: TimelineTable;
  readonly history: HistoryTable;
  readonly organisation_policy: OrganisationPolicyTable;
  readonly repository: RepositoryTable;
  readonly open_pull_request: OpenPullRequestTable;
  readonly acceptance: AcceptanceTable;
  readonly opened_issue: OpenedIssueTable;
  readonly onboarding: OnboardingTable;
  readonly other_tracker: OtherTrackerTable;
  readonly default_branch: DefaultBranchTable;
  readonly own_text: OwnTextTable;
  readonly restoration: RestorationTable;
  readonly answered_comment: AnsweredCommentTable;
  readonly dead_letter: DeadLetterTable;
  readonly chain_start: ChainStartTable;
  readonly progress: ProgressTable;
  readonly system_standing: SystemStandingTable;
  readonly open_threat: OpenThreatTable;
  readonly architect_wait: ArchitectWaitTable;
  readonly system_week: SystemWeekTable;
  readonly question: QuestionTable;
  readonly trial: TrialTable;
  readonly week_of_work: WeekOfWorkTable;
  readonly owner_renaming: OwnerRenamingTable;
  readonly turn: TurnTable;
  readonly author_evaluation: AuthorEvaluationTable;
}
