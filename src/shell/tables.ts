import type { ColumnType, Generated } from "kysely";

/** A JSON column: written as text, read as the value. */
type Json<T> = ColumnType<T, string, string>;
/** A moment: read as a Date, written as a Date or an ISO string. */
type Moment = ColumnType<Date, Date | string, Date | string>;

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

/** All tables of ours; pg-boss keeps its own in a schema beside them. */
export interface Tables {
  readonly delivery: DeliveryTable;
  readonly evaluation: EvaluationTable;
  readonly audit: AuditTable;
  readonly timeline: TimelineTable;
  readonly history: HistoryTable;
  readonly organisation_policy: OrganisationPolicyTable;
}
