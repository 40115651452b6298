import type { Bars, Row } from "./rows.ts";
import type { Counted } from "./stage.ts";

/** One thing that happens, and the most that it may cost. */
export interface Occasion {
  readonly what: string;
  readonly bars: Bars;
}

/**
 * Everything that is counted, by name. Each bar is what it costs today with no slack, so that a change that costs more is
 * noticed; docs/operation.md shows the same table and says why each is as it is.
 */
export const occasions = {
  cold: {
    what: "a first push that changes nothing relevant, to a repository that the process does not know yet",
    bars: { requests: 4, graphql: 2, points: 4, writes: 1, content: 0 },
  },
  irrelevant: {
    what: "any other first push that changes nothing relevant",
    bars: { requests: 3, graphql: 1, points: 3, writes: 1, content: 0 },
  },
  relevant: {
    what: "a first relevant push, no model yet",
    bars: { requests: 6, graphql: 1, points: 3, writes: 3, content: 2 },
  },
  again: {
    what: "a push after that without new questions, no model yet",
    bars: { requests: 4, graphql: 1, points: 3, writes: 1, content: 0 },
  },
  title: {
    what: "another title, the same head",
    bars: { requests: 0, graphql: 0, points: 0, writes: 0, content: 0 },
  },
  command: {
    what: "an answer as a command, with its patch",
    bars: { requests: 7, graphql: 4, points: 6, writes: 3, content: 3 },
  },
  answer: {
    what: "a push that answers the question with a first model",
    bars: { requests: 7, graphql: 4, points: 7, writes: 3, content: 2 },
  },
  approval: {
    what: "an approval by a Security Architect",
    bars: { requests: 6, graphql: 3, points: 6, writes: 1, content: 0 },
  },
  modelled: {
    what: "a first relevant push, with a model, to a repository that the process does not know yet",
    bars: { requests: 10, graphql: 5, points: 8, writes: 3, content: 2 },
  },
  modelledAgain: {
    what: "a push after that without new questions, with a model",
    bars: { requests: 4, graphql: 2, points: 4, writes: 1, content: 0 },
  },
  modelledNext: {
    what: "the first relevant push of any other pull request, with a model",
    bars: { requests: 6, graphql: 2, points: 4, writes: 3, content: 2 },
  },
  merge: {
    what: "a merge that opens the first issue of its repository",
    bars: { requests: 7, graphql: 3, points: 7, writes: 2, content: 2 },
  },
  issue: {
    what: "each further issue of a merge",
    bars: { requests: 1, graphql: 0, points: 0, writes: 1, content: 1 },
  },
  queue: {
    what: "a merge queue's check of two pull requests",
    bars: { requests: 2, graphql: 1, points: 7, writes: 1, content: 0 },
  },
  sweep: {
    what: "a sweep over 20 quiet pull requests of a repository",
    bars: { requests: 2, graphql: 0, points: 0, writes: 0, content: 0 },
  },
  sweepEach: {
    what: "of that, each pull request",
    bars: { requests: 0.1 },
  },
  arrival: {
    what: "the App comes to a repository with 96 merges of a year",
    bars: { requests: 9, graphql: 4, points: 6, writes: 0, content: 0 },
  },
  history: {
    what: "the first relevant push there, with all of that history",
    bars: { requests: 116, graphql: 12, points: 22, writes: 4, content: 2 },
  },
} as const satisfies Readonly<Record<string, Occasion>>;

/** A row of the table. */
export function rowOf(name: keyof typeof occasions, { cost, asked, disturbed }: Counted): Row {
  return { name, ...occasions[name], cost, asked, ...(disturbed === undefined ? {} : { disturbed }) };
}
