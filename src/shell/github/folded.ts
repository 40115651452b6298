import type { DesiredLineComment } from "../../core/domain/desired.ts";
import { readMarker } from "../../core/domain/marker.ts";

/*
 * A question whose place GitHub refuses, both as a line and as a file, is written below the body of its review, with its
 * marker at the beginning of a line of its own, so that it is found again and not asked twice (H046).
 */

const separator = "\n\n---\n\n";

/** The body of a review with the questions that could be placed nowhere else. */
export function foldInto(body: string, comments: readonly DesiredLineComment[]): string {
  return [body, ...comments.map((comment) => comment.body)].join(separator);
}

/** The fingerprints of questions folded into a body. Only for a body that we wrote. */
export function foldedQuestions(body: string): string[] {
  return body
    .replaceAll("\r\n", "\n")
    .split(separator)
    .slice(1)
    .flatMap((part) => {
      const marked = readMarker(part);
      return marked?.kind === "question" ? [marked.fingerprint] : [];
    });
}
