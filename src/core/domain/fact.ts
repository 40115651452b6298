import type { Place } from "./problem.ts";

/** Yes, no, or nobody said. "Not stated" is an answer of its own and is asked about, never guessed. */
export const factValues = ["yes", "no", "not stated"] as const;
export type FactValue = (typeof factValues)[number];

/** One thing known about an element: `encrypted-at-rest`, `internet-facing`, `personal-data` … */
export interface Fact {
  /** Kebab-case name from `rules/facts.yml`. */
  readonly fact: string;
  readonly is: FactValue;
  /** The place that says so; absent for "not stated". */
  readonly where?: Place;
}
