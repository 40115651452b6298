import type { Generated } from "kysely";
import type { Moment } from "./table-columns.ts";

/* What is remembered of people: what they caused, what they pushed, and whom a policy meant by a name. */

/** One evaluation that a person caused. */
export interface AuthorEvaluationTable {
  readonly id: Generated<number>;
  readonly installation: number;
  readonly author: number;
  readonly at: Moment;
}

/** A push to a pull request that an event told of. */
export interface PushTable {
  readonly repository_id: number;
  readonly number: number;
  readonly head: string;
  /** GitHub's id of whoever pushed. */
  readonly account: number;
  readonly at: Moment;
}

/** Whom a login in a policy meant when it was first read. */
export interface NamedAccountTable {
  readonly installation: number;
  /** In lower case. */
  readonly login: string;
  readonly account: number;
  readonly at: Moment;
}
