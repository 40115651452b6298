import type { ColumnType, Generated } from "kysely";
import type { IssuePlace } from "../core/domain/desired.ts";
import type { IssueClosing } from "../core/domain/observed.ts";
import type {
  ArchitectWaitTable,
  OpenThreatTable,
  PastStandingTable,
  QuestionTable,
  ReleaseTable,
  SystemStandingTable,
  SystemWeekTable,
  TrialTable,
  WeekOfWorkTable,
} from "./dashboard-tables.ts";
import type { AuthorEvaluationTable, NamedAccountTable, PushTable } from "./people-tables.ts";
import type { Json, Moment, MomentOrNone } from "./table-columns.ts";

export type { SystemStandingTable, TrialTable } from "./dashboard-tables.ts";

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
  /** Its releases were last read; null: they are to be read as soon as may be. */
  readonly releases_read: ColumnType<Date | null, string | null | undefined, string | null>;
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
  readonly past_standing: PastStandingTable;
  readonly release: ReleaseTable;
  readonly system_week: SystemWeekTable;
  readonly question: QuestionTable;
  readonly trial: TrialTable;
  readonly week_of_work: WeekOfWorkTable;
  readonly owner_renaming: OwnerRenamingTable;
  readonly turn: TurnTable;
  readonly author_evaluation: AuthorEvaluationTable;
  readonly push: PushTable;
  readonly named_account: NamedAccountTable;
}
