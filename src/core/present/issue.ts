import type { Assessment } from "../domain/assessment.ts";
import { type DesiredIssue, dueWords } from "../domain/desired.ts";
import { writeMarker } from "../domain/marker.ts";
import { atLeast, type RiskLevel } from "../domain/risk.ts";
import { strideNames } from "../domain/stride.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import { blocks, cut, entries, fence, limits } from "./blocks.ts";
import { type PresentContext, pullRequestPage, rulePage } from "./context.ts";
import { closedByHand, orphanedWords } from "./issue-closing.ts";
import { type Work, workOf } from "./issue-work.ts";
import { code, link, type Markdown, md, ownWords, plainLine, prose, text } from "./markdown.ts";
import { dayOf, thresholdOf } from "./standing.ts";

/**
 * An issue for each open threat at or above the policy's risk, and a closed one for each that the model shows as dealt
 * with, so that its issue closes. A threat that was deleted opens none and closes none: deleting it solves nothing (H072),
 * and its issue says so.
 */
export function issues(
  assessment: Assessment,
  context: PresentContext,
): { readonly risk: RiskLevel; readonly issue: DesiredIssue }[] {
  return [...workOf(assessment).values()]
    .filter(
      (work) => work.closed !== undefined || work.orphaned || atLeast(work.risk, thresholdOf(assessment, work.system)),
    )
    .map((work) => ({ risk: work.risk, issue: issueOf(work, assessment, context) }));
}

function issueOf(work: Work, assessment: Assessment, context: PresentContext): DesiredIssue {
  const due = work.closed === undefined ? dueOf(assessment, context) : undefined;
  const body = blocks([
    ownWords(`${writeMarker({ kind: "issue", threat: work.id })}`),
    storyLines(work),
    doneWhen(work),
    ...how(work, context),
    md`${from(work, assessment, context)}${ownWords(due?.words ?? "")}`,
  ]);
  return {
    threat: work.id,
    title: titleOf(work),
    body: cut(body, limits.comment),
    labels: ["threat-model", `risk: ${work.risk}`],
    state: work.orphaned ? "orphaned" : work.closed === undefined ? "open" : "closed",
    ...(due ? { due: due.day } : {}),
    because: work.closed?.markdown ?? "The model shows this threat as open again.",
    whenClosedByHand: closedByHand(work).markdown,
    ...(work.orphaned ? { whenOrphaned: orphanedWords(work, context).markdown } : {}),
  };
}

/**
 * The day by which a new threat is to be dealt with: TM-1 turns AMBER when the model has not followed a change within
 * `currency.green` days of its merge.
 */
function dueOf(
  { policy }: Assessment,
  { pullRequest }: PresentContext,
): { readonly day: string; readonly words: string } | undefined {
  const merged = Date.parse(pullRequest?.mergedAt ?? "");
  if (Number.isNaN(merged)) return undefined;
  const days = policy.currency.green;
  const day = dayOf(new Date(merged + days * 86_400_000).toISOString());
  return { day, words: dueWords(day, days) };
}

/** `[T-7c1e2q] What can happen: where (high, information disclosure)`; the id in front keeps two titles apart (H050). */
function titleOf(work: Work): string {
  const stride = work.stride.map((letter) => strideNames[letter].toLowerCase()).join(", ");
  const end = ` (${stride === "" ? work.risk : `${work.risk}, ${stride}`})`;
  const start = `[${plainLine(shortThreatId(work.id), 40)}] `;
  const element = work.element === undefined ? "" : plainLine(work.element, 60);
  const where = element === "" || work.title.includes(element) ? "" : `: ${element}`;
  const room = limits.issueTitle - start.length - where.length - end.length;
  return `${start}${plainLine(work.title, room)}${where}${end}`;
}

function storyLines({ story, written }: Work): Markdown {
  if (story) return md`**As** ${prose(story.as)} **I need** ${prose(story.need)} **so that** ${prose(story.so)}.`;
  return written?.description ? md`${prose(written.description)}` : md`The model has no story for this threat yet.`;
}

function doneWhen({ story, id, modelFile }: Work): Markdown {
  const criteria = (story?.acceptance ?? []).slice(0, 10).map((criterion) => prose(criterion));
  const listed = md`The control stands in ${code(modelFile)} under ${code(shortThreatId(id))}, with its test and the test's result.`;
  return md`**Done when**\n\n${entries([...criteria, listed], "numbers", 12)}`;
}

function how({ derived, risk }: Work, context: PresentContext): (Markdown | undefined)[] {
  if (!derived) return [];
  const { countermeasure, sample, training, drivers, rule } = derived;
  const because = drivers.map((driver) => prose(driver.because.replace(/[.\s]+$/, "")));
  const why = because.length === 0 ? md`${prose(derived.reason)}` : md`${joined(because)}.`;
  return [
    md`**How:** ${prose(countermeasure)}`,
    sample ? fence(sample.language, sample.code, 40) : undefined,
    md`**Learn:** ${link(text(training.title), training.url)} · **Why ${text(risk)}:** ${why} · ${link(md`rule`, rulePage(rule, context))}`,
  ];
}

function joined(pieces: readonly Markdown[]): Markdown {
  return pieces.reduce((all, piece) => md`${all}; ${piece}`);
}

/** Where it arose. Paths without lines: a moved line is no news for an issue. */
function from(work: Work, assessment: Assessment, context: PresentContext): Markdown {
  const system = work.system === undefined ? md`` : md` · system ${text(work.system)}`;
  if (work.written) return md`**From:** ${code(work.written.place.path)}${system}`;
  const page = pullRequestPage(context);
  const { number, author, mergedAt } = context.pullRequest ?? {};
  if (page === undefined || number === undefined) return md`**From:** ${code(assessment.subject.head)}${system}`;
  const by = author === undefined ? md`` : md` by ${code(author)}`;
  const merged = mergedAt === undefined ? md`` : md`, merged ${text(dayOf(mergedAt))}`;
  const path = work.derived ? md` · ${code(work.derived.place.path)}` : md``;
  return md`**From:** ${link(md`#${number}`, page)}${by}${merged}${path}${system}`;
}
