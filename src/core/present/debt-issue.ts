import type { Assessment } from "../domain/assessment.ts";
import type { DesiredIssue } from "../domain/desired.ts";
import { writeMarker } from "../domain/marker.ts";
import { blocks, cut, entries, limits } from "./blocks.ts";
import { linkedPlace, type PresentContext, pullRequestPage } from "./context.ts";
import { code, link, type Markdown, md, ownWords, plainLine, prose, sentence, text } from "./markdown.ts";

/**
 * The issue of what a waiver let through: who, until when, why, and every point that was open then (product.md, "On a
 * pull request"). Undefined where nothing was waived. It stays until a person closes it: only people know that the
 * emergency is over.
 */
export function debtIssue(assessment: Assessment, context: PresentContext): DesiredIssue | undefined {
  const { waived, reasons, subject } = assessment;
  const number = context.pullRequest?.number;
  if (!waived || number === undefined) return undefined;
  const identity = `waiver-${number}`;
  const page = pullRequestPage(context);
  const which = page === undefined ? md`#${number}` : link(md`#${number}`, page);
  // The first reason is the waiver itself.
  const open = reasons.filter(({ outcome }) => outcome !== "success");
  const lines = open.map(({ says, place, next }): Markdown => {
    const where = place ? md` (${linkedPlace(place, context, subject.head)})` : md``;
    return md`${prose(says, 400)}${where}${next === undefined ? md`` : md` ${sentence(next, 400)}`}`;
  });
  const body = blocks([
    ownWords(writeMarker({ kind: "issue", threat: identity })),
    md`${code(waived.by.login)} let ${which} through until **${text(waived.until)}**: ${sentence(waived.because)}`,
    lines.length === 0 ? undefined : blocks([md`**Open when it was merged**`, entries(lines, "marks", 20)]),
    md`**Done when** each point above is settled in the model or in the code. Close this then; nothing closes it by itself.`,
  ]);
  return {
    threat: identity,
    title: plainLine(`Waived until ${waived.until}: settle what #${number} left open`, limits.issueTitle),
    body: cut(body, limits.comment),
    labels: ["threat-model", "waiver"],
    state: "open",
  };
}
