import type { Place } from "./problem.ts";

/** A risk that somebody accepted for a time, with the reason and who stands for it. */
export interface ModelAcceptance {
  readonly threat: string;
  readonly reason?: string;
  readonly compensating?: string;
  readonly level?: string;
  readonly approver?: string;
  /** ISO dates, as written and valid; anything else is a problem and absent here. */
  readonly until?: string;
  readonly review?: string;
  readonly place: Place;
}

/** A review of the model that the file itself claims; what counts is the review on GitHub. */
export interface ModelReview {
  readonly by?: string;
  readonly role?: string;
  readonly on?: string;
  readonly commit?: string;
  readonly outcome?: string;
  readonly place: Place;
}

/** What the author says of one requirement of a law or standard: whether it applies to the system, and why. */
export interface ModelRequirement {
  /** Its id as `rules/catalogues/frameworks.json` writes it: `I.1(2)(g)`. */
  readonly requirement: string;
  readonly applies: "yes" | "no";
  readonly because?: string;
  readonly place: Place;
}

/** One question of the questionnaire in the model, and its answer once somebody gave one. */
export interface ModelAnswer {
  /** The fact asked for: of the system (`exposure`), or of the element named. */
  readonly fact: string;
  /** Id of the element or flow; absent for a fact of the system. */
  readonly element?: string;
  readonly asks?: string;
  /** Absent while nobody has answered. */
  readonly answer?: string;
  readonly place: Place;
}
