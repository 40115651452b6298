import { blocks, cut, limits } from "./blocks.ts";
import { code, md, text } from "./markdown.ts";

/** What a check says that waits, because one person has caused as many evaluations within an hour as are allowed. */
export interface WaitingForAuthor {
  /** Evaluations that one person may cause in any hour. */
  readonly allowed: number;
  /** When the next one begins, ISO. */
  readonly until: string;
}

/**
 * The words of a check in progress that waits for its turn. It stays in progress, so that it blocks a merge and passes
 * nothing unexamined.
 */
export function waitingCheck({ allowed, until }: WaitingForAuthor): {
  readonly title: string;
  readonly summary: string;
} {
  const time = `${until.slice(0, 10)} ${until.slice(11, 16)} UTC`;
  return {
    title: `Waiting until ${time}: ${allowed} evaluations an hour for each person`,
    summary: cut(
      blocks([
        md`**Not judged yet.** The person whose event asked for this has caused ${allowed} evaluations within the last hour; that is as many as one person may, so that nobody's pull requests wait for another's.`,
        md`It is judged by itself at ${text(time)}, on whatever is the newest commit then. Nothing needs to be done. Whoever runs this service sets the number (${code("EVALUATIONS_PER_PERSON")}).`,
      ]),
      limits.checkText,
    ),
  };
}
