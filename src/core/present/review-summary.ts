import type { Assessment } from "../domain/assessment.ts";
import { writeMarker } from "../domain/marker.ts";
import { showPlace } from "../domain/problem.ts";
import type { Threat } from "../domain/threat.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import { blocks, cut, fold, limits } from "./blocks.ts";
import { checksPage, type PresentContext, placeInDiff } from "./context.ts";
import { checklistOf } from "./line-comments.ts";
import { code, join, link, list, type Markdown, md, ownWords, prose, text } from "./markdown.ts";
import { draftModels } from "./model-draft.ts";
import {
  architectNames,
  concernedSystems,
  count,
  isAnsweredElsewhere,
  type PresentedChange,
  significantChanges,
} from "./standing.ts";

/** The summary while something is open: what is asked, where, how to answer, and whether it blocks. */
export function openSummary(
  pullRequest: number,
  unplaced: readonly PresentedChange[],
  assessment: Assessment,
  context: PresentContext,
): string {
  const open = significantChanges(assessment).filter((change) => change.open);
  const lost = concernedSystems(assessment).flatMap((system) => system.lost);
  const body = blocks([
    md`${marker(pullRequest)}\n${title(open.length, lost.length)} · ${link(md`details`, checksPage(context))}`,
    questionLines(open, context),
    lostLines(lost),
    howToAnswer(open, assessment, context),
    ...unplacedBlocks(unplaced, assessment, context),
  ]);
  return cut(body, limits.comment);
}

function marker(pullRequest: number): Markdown {
  return ownWords(writeMarker({ kind: "summary", pullRequest }));
}

function title(questions: number, lost: number): Markdown {
  const parts: string[] = [];
  if (questions > 0) parts.push(`${count(questions, "question")} on this change`);
  if (lost > 0) parts.push(`${count(lost, "mitigation")} lost`);
  return md`**Threat model: ${ownWords(parts.join(", "))}**`;
}

function questionLines(open: readonly PresentedChange[], context: PresentContext): Markdown | undefined {
  const lines = open.slice(0, 12).map(({ change }) => {
    return md`🔸 ${placeInDiff(change, context)} ${prose(change.says, 200)} → ${prose(change.asks, 300)}`;
  });
  if (open.length > 12) lines.push(md`…and ${open.length - 12} more, in the details.`);
  return lines.length === 0 ? undefined : join(lines, md`<br>\n`);
}

function lostLines(lost: Assessment["systems"][number]["lost"]): Markdown | undefined {
  if (lost.length === 0) return undefined;
  const lines = lost.map(({ threat, what }) => {
    const place = code(showPlace(threat.place));
    return md`🔻 ${prose(what, 400)} (${place})`;
  });
  return join(lines.slice(0, 12), md`<br>\n`);
}

function howToAnswer(open: readonly PresentedChange[], assessment: Assessment, context: PresentContext): Markdown {
  const [draft] = draftModels(assessment);
  const ready = draft
    ? md`, or put it into ${code(draft.file)}: ${link(md`ready-made text`, checksPage(context))}`
    : md` or in the model`;
  const isElsewhere = open.length > 0 && open.every(({ index }) => isAnsweredElsewhere(assessment, index));
  const there = md`Answer in ${code(draft?.file ?? "the model")}, which stands in another repository: ${link(md`ready-made text`, checksPage(context))}. `;
  const answer =
    open.length === 0
      ? md``
      : isElsewhere
        ? there
        : context.threadsWouldBlock
          ? md`The questions stand in the check and not in threads, because this branch lets nothing merge while a conversation is open. Answer here with a command${ready}. `
          : md`Answer in the threads${ready}. `;
  return md`${answer}${effect(assessment, context)} \`/threat help\``;
}

/** Whether it blocks: the one thing that everybody wants to know. */
function effect(assessment: Assessment, context: PresentContext): Markdown {
  if (assessment.waived) return md`Nothing blocks: waived until ${text(assessment.waived.until)}.`;
  switch (assessment.conclusion) {
    case "failure":
      return md`The merge is blocked until then.`;
    case "action_required":
      return md`The merge waits for ${approvers(assessment, context)}.`;
    default:
      return md`Nothing blocks today.`;
  }
}

function approvers(assessment: Assessment, context: PresentContext): Markdown {
  const names = architectNames(assessment.policy, context.repository.owner);
  return names.length === 0
    ? md`a Security Architect`
    : md`a Security Architect (${list(names.slice(0, 4).map((name) => code(name)))})`;
}

function unplacedBlocks(
  unplaced: readonly PresentedChange[],
  assessment: Assessment,
  context: PresentContext,
): Markdown[] {
  if (unplaced.length === 0) return [];
  const each = unplaced.map((presented) => checklistOf(presented, false, assessment, context));
  return [fold(`${count(unplaced.length, "question")} without a line to stand on`, join(each, md`\n\n---\n\n`))];
}

/** The same text once everything is answered, or gone: what became of it, in one line. */
export function settledSummary(pullRequest: number, assessment: Assessment, context: PresentContext): string {
  const answered = significantChanges(assessment);
  const said =
    answered.length === 0
      ? md`**Threat model: nothing to answer any more.** The changes that were asked about are no longer part of this pull request.`
      : md`**Threat model: ${ownWords(allOf(answered.length))} answered**${outcomes(assessment)}.`;
  const waits = assessment.conclusion === "action_required" ? md` ${effect(assessment, context)}` : md``;
  return cut(md`${marker(pullRequest)}\n${said}${waits}`, limits.comment);
}

function allOf(questions: number): string {
  if (questions === 1) return "the question is";
  return questions === 2 ? "both questions" : `all ${questions} questions`;
}

/** ` (T-7c1e2q mitigated in threat-model.yaml:40, …)`: what was decided about each threat, and where it says so. */
function outcomes(assessment: Assessment): Markdown {
  const decided = new Map<string, Threat>();
  for (const { checklist } of significantChanges(assessment)) {
    for (const threat of checklist?.threats ?? []) {
      if (threat.status !== "open" && threat.status !== "unknown") decided.set(threat.id, threat);
    }
  }
  if (decided.size === 0) return md``;
  const shown = [...decided.values()].slice(0, 6).map((threat) => outcome(threat, assessment));
  if (decided.size > 6) shown.push(md`${decided.size - 6} more`);
  return md` (${join(shown, md`, `)})`;
}

function outcome(threat: Threat, assessment: Assessment): Markdown {
  const id = code(shortThreatId(threat.id));
  const acceptance = assessment.systems
    .flatMap((system) => system.model?.acceptances ?? [])
    .find((candidate) => candidate.threat === threat.id);
  if (threat.status === "accepted" && acceptance) {
    const until = acceptance.until === undefined ? md`` : md` until ${text(acceptance.until)}`;
    const by = acceptance.approver === undefined ? md`` : md` by ${code(acceptance.approver)}`;
    return md`${id} accepted${until}${by}`;
  }
  const where = threat.statusPlace ? md` (${code(showPlace(threat.statusPlace))})` : md``;
  return md`${id} ${text(threat.status.replace("-", " "))}${where}`;
}
