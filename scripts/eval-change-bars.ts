// The bars on detection, as they are set for the corpus of changes.
import type { Bar } from "./eval-bars.ts";

/** How often detection is right, on one group of labelled changes. Shares between 0 and 1. */
export interface Rates {
  readonly significant: number;
  readonly recall: number;
  readonly harmless: number;
  readonly falsePositiveRate: number;
  readonly places: number;
  readonly placesFound: number;
  /** For each significant change, on average. */
  readonly comments: number;
}

/** What is measured over a whole corpus. */
export interface ChangeFigures {
  readonly high: Rates;
  readonly all: Rates;
  /** Share of the harmless changes of dependencies that are spoken about. */
  readonly dependencyFalsePositives: number;
  /** The recall of the project with the lowest. */
  readonly lowestRecall: number;
}

/** What the corpus of changes is held against. */
export function changeBars({ high, all, dependencyFalsePositives, lowestRecall }: ChangeFigures): readonly Bar[] {
  return [
    { what: "surely significant, spoken about", found: high.recall, least: 0.95 },
    { what: "surely harmless, spoken about", found: high.falsePositiveRate, most: 0.03 },
    { what: "all significant, spoken about", found: all.recall, least: 0.9 },
    { what: "all harmless, spoken about", found: all.falsePositiveRate, most: 0.07 },
    { what: "places within five lines", found: all.places, least: 0.55 },
    { what: "comments on a significant change", found: all.comments, most: 3, isNumber: true },
    { what: "the project with the lowest recall", found: lowestRecall, least: 0.8 },
    { what: "harmless dependencies, spoken about", found: dependencyFalsePositives, most: 0.02 },
  ];
}
