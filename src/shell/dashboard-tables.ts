import type { Generated } from "kysely";
import type { Rag } from "../core/domain/assessment.ts";
import type { RiskClass } from "../core/domain/classification.ts";
import type { Mode } from "../core/domain/policy.ts";
import type { KeptStanding, ReleaseKind } from "../core/domain/release.ts";
import type { AskedQuestion } from "../core/domain/standing.ts";
import type { Json, Moment, MomentOrNone } from "./table-columns.ts";

// What is kept so that pages can be shown without reading a model: derived, and erased with the repository.

/** An ISO date, kept as text: no time zone of a database or a driver can move it. */
type Day = string;

/** The four indicators. */
interface Colours {
  readonly tm1: Rag;
  readonly tm2: Rag;
  readonly tm3: Rag;
  readonly tm4: Rag;
}

/** What happened to one system in a week. */
interface Counts {
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

/** Sums of `system_week` over the last 13 and 52 weeks, so that a page of many systems needs no look at their weeks. */
type Sums = { readonly [Count in keyof Counts as `quarter_${Count}`]: Generated<number> } & {
  readonly [Count in "covered" | "covered_days" as `year_${Count}`]: Generated<number>;
};

/** How one system stands on its default branch, as of the last merge that was judged; written with that evaluation. */
export interface SystemStandingTable extends Colours, Sums {
  readonly repository_id: number;
  readonly system: string;
  /** Login in lower case. */
  readonly owner: string;
  readonly repository: string;
  /** Empty where nobody states it. */
  readonly team: string;
  readonly portfolio: string;
  readonly risk_class: RiskClass;
  readonly mode: Mode;
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
export interface SystemWeekTable extends Colours, Counts {
  readonly repository_id: number;
  readonly system: string;
  readonly week: Day;
  readonly owner: string;
  readonly open_threats: number;
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

/** A release, as GitHub showed it last. */
export interface ReleaseTable {
  readonly repository_id: number;
  /** GitHub's id of it. */
  readonly release: number;
  readonly owner: string;
  readonly repository: string;
  readonly tag: string;
  readonly name: string;
  readonly kind: ReleaseKind;
  readonly published: Moment;
  readonly prerelease: boolean;
  /** What the tag names; null where GitHub does not tell. */
  readonly commit: string | null;
  readonly withdrawn: boolean;
}

/** How the systems of a repository stood from a merge on, until the next row: see `past-standings.ts`. */
export interface PastStandingTable {
  readonly repository_id: number;
  readonly since: Moment;
  readonly pull_request: number;
  readonly head: string;
  readonly systems: Json<readonly KeptStanding[]>;
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
