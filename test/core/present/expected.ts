import type { Desired, DesiredCheckRun } from "../../../src/core/domain/desired.ts";
import { expectTextBeside } from "../../make/expected-text.ts";

/** Compares with `expected/<name>.md`. */
export function expectText(name: string, text: string): void {
  expectTextBeside(import.meta.url, name, text);
}

/** Everything desired as one text: the check, the review with its comments, who is asked, the issues. */
export function tellDesired(desired: Desired): string {
  const parts: string[] = [];
  if (desired.checkRun) parts.push(tellCheck(desired.checkRun));
  const { review } = desired;
  if (review === "leave") parts.push("== review: left as it is");
  else if ("settled" in review) parts.push(`== review, settled\n\n${review.settled}`);
  else {
    parts.push(`== review\n\n${review.ask.summary}`);
    for (const { path, line, body } of review.ask.comments)
      parts.push(`== comment on ${path}, line ${line ?? "none"}\n\n${body}`);
  }
  const asked = [...desired.reviewers.teams, ...desired.reviewers.users];
  if (asked.length > 0) parts.push(`== asked for review: ${asked.join(", ")}`);
  for (const issue of desired.issues) {
    parts.push(`== issue, ${issue.state}: ${issue.title}\n\nlabels: ${issue.labels.join(", ")}\n\n${issue.body}`);
    if (issue.state === "open") parts.push(`== said when it is closed by hand\n\n${issue.whenClosedByHand ?? ""}`);
    if (issue.whenOrphaned !== undefined) parts.push(`== said when its threat is deleted\n\n${issue.whenOrphaned}`);
  }
  for (const { output, why } of desired.withheld) parts.push(`== withheld: ${output}: ${why}`);
  return `${parts.join("\n\n")}\n`;
}

function tellCheck(check: DesiredCheckRun): string {
  const annotations = check.annotations.map(
    (a) => `== annotation, ${a.annotation_level}, ${a.path}:${a.start_line}: ${a.title}\n\n${a.message}`,
  );
  return [
    `== check: ${check.conclusion}: ${check.title}`,
    check.summary,
    "== check, details",
    check.text ?? "",
    ...annotations,
  ].join("\n\n");
}
