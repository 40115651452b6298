import type { Place } from "./problem.ts";

/** Yes, no, or nobody said. "Not stated" is an answer of its own and is asked about, never guessed. */
export const factValues = ["yes", "no", "not stated"] as const;
export type FactValue = (typeof factValues)[number];

/**
 * Whether an element is there at all. Stated only of what its clients alone speak of, such as the store of a driver: while it is
 * `not stated` its existence is all that is asked, and where it is `no` nothing is.
 */
export const inUseFact = "in-use";

/** One thing known about an element: `encrypted-at-rest`, `internet-facing`, `personal-data` … */
export interface Fact {
  /** Kebab-case name from `rules/facts.yml`. */
  readonly fact: string;
  readonly is: FactValue;
  /** The place that says so; absent for "not stated". */
  readonly where?: Place;
}
