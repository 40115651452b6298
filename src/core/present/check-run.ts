import type { Assessment, Conclusion, Reason, SystemAssessment } from "../domain/assessment.ts";
import type { Annotation, DesiredCheckRun } from "../domain/desired.ts";
import { policyPath } from "../domain/policy.ts";
import { riskLevels } from "../domain/risk.ts";
import { blocks, cut, entries, limits, table } from "./blocks.ts";
import { checkDetails, deliverablesBlock, indicatorTable, problemLine } from "./check-details.ts";
import { isQuiet, titleOf } from "./check-title.ts";
import { linkedPlace, linkedPlaceOfChange, type PresentContext } from "./context.ts";
import {
  clip,
  code,
  join,
  link,
  type Markdown,
  md,
  ownWords,
  plainLine,
  plainLines,
  prose,
  sentence,
  text,
} from "./markdown.ts";
import { draftModels } from "./model-draft.ts";
import {
  concernedSystems,
  count,
  isAnsweredElsewhere,
  isTold,
  modelProblems,
  openThreats,
  type PresentedChange,
  policyProblems,
  significantChanges,
  standsOut,
  whatIsOpen,
} from "./standing.ts";

/** The check run `threat-model`: the answer first, then what to do, then why, then detail folded away. */
export function checkRun(assessment: Assessment, context: PresentContext): DesiredCheckRun {
  const quiet = isQuiet(assessment);
  const details = checkDetails(assessment, context);
  return {
    name: "threat-model",
    conclusion: conclusionOf(assessment, context),
    title: plainLine(titleOf(assessment, context), limits.checkTitle),
    summary: cut(quiet ? quietSummary(assessment, context) : fullSummary(assessment, context), limits.checkText),
    text: cut(details, limits.checkText),
    annotations: [...annotations(assessment), ...(context.threadsWouldBlock ? questionAnnotations(assessment) : [])],
  };
}

/** The assessment's own, except that a draft never shows more than `neutral` outside `enforce` when it has questions. */
function conclusionOf(assessment: Assessment, context: PresentContext): Conclusion {
  const waits = context.pullRequest?.isDraft === true && assessment.mode !== "enforce" && !isQuiet(assessment);
  return waits ? "neutral" : assessment.conclusion;
}

function quietSummary(assessment: Assessment, context: PresentContext): Markdown {
  const { files, nearest } = assessment.lookedAt;
  const near = nearest ? md` Nearest to one: ${code(nearest.path)} (${prose(nearest.why)}).` : md``;
  const none = files === 1 ? md`it does not change` : md`none changes`;
  const how = link(md`How this is decided`, context.pages.howDecided);
  return blocks([
    md`${ownWords(count(files, "file"))} looked at; ${none} the architecture, an interface or a third-party component.${near}${notInspectedWords(assessment)} ${how}`,
    problems(assessment),
  ]);
}

function notInspectedWords({ notInspected }: Assessment): Markdown {
  const [first] = notInspected;
  if (!first) return md``;
  if (notInspected.length === 1) return md` Not inspected: ${code(first.path)} (${prose(first.reason)}).`;
  return md` ${notInspected.length} could not be inspected (listed below).`;
}

function fullSummary(assessment: Assessment, context: PresentContext): Markdown {
  const head = assessment.subject.head;
  const systems = concernedSystems(assessment);
  const judged = !assessment.couldNotEvaluate || assessment.changes.length > 0;
  return blocks([
    headline(assessment, context),
    why(assessment, context),
    problems(assessment),
    judged ? changesTable(assessment, context) : undefined,
    ...(judged ? systems.flatMap((system) => lostBlock(system, context, head)) : []),
    ...(judged ? systems.flatMap((system) => systemBlocks(system, systems.length > 1, context, head)) : []),
    judged ? toTurnGreen(assessment, context) : undefined,
  ]);
}

function headline(assessment: Assessment, context: PresentContext): Markdown {
  const { mode, conclusion, waived } = assessment;
  if (assessment.couldNotEvaluate) return couldNotEvaluate(assessment, context);
  if (waived) {
    return md`**${code(waived.by.login)} let this commit through until ${text(waived.until)}:** ${sentence(waived.because)} What is open below stays open and is tracked as debt.`;
  }
  const significant = significantChanges(assessment).length;
  const matter =
    significant === 0
      ? md`**The architecture does not change, but the threat model needs a look.**`
      : md`**${ownWords(count(significant, "change"))} here ${ownWords(significant === 1 ? "matters" : "matter")} to security.**${notInspectedWords(assessment)}`;
  if (context.pullRequest?.isDraft) {
    const then = conclusion === "failure" ? md` As it stands it would be blocked.` : md``;
    return md`${matter} This is a draft: nothing is asked and nobody is called until it is ready for review.${then}`;
  }
  if (mode === "observe") return md`${matter} Nothing is asked and nothing blocks (\`observe\`).`;
  switch (conclusion) {
    case "neutral":
      return md`${matter} Answer in the model or ${ownWords(context.threadsWouldBlock ? "by a command in the conversation" : "in the threads")}; nothing blocks today (\`advise\`).${inCheckInstead(context)}`;
    case "failure":
      return md`${matter} The merge is blocked (\`enforce\`).`;
    case "action_required":
      return md`${matter} The merge waits for a person (\`enforce\`).`;
    case "success":
      return whatIsOpen(assessment).length === 0
        ? md`${matter} The threat model covers ${ownWords(significant === 1 ? "it" : "them")}; nothing is left to do.`
        : md`${matter} Nothing blocks; what is short is a warning (\`${ownWords(mode)}\`).`;
  }
}

function couldNotEvaluate(assessment: Assessment, context: PresentContext): Markdown {
  const enforced = assessment.conclusion === "failure" || assessment.conclusion === "action_required";
  const broken = policyProblems(assessment).some(({ severity }) => severity === "error");
  const effect = enforced
    ? md`Until then the merge is blocked (\`enforce\`).`
    : md`Nothing blocks (\`${ownWords(assessment.mode)}\`); in \`enforce\` this would.`;
  if (broken)
    return md`**The policy cannot be used, so nothing was judged by it.** Mend it on the default branch. ${effect}`;
  const id = context.requestId === undefined ? md`` : md` Request id: ${code(context.requestId)}.`;
  return md`**Threatgate could not evaluate this commit.** Press *Re-run* on this check, comment \`/threat recheck\`, or push again. ${effect}${id}`;
}

/** Why it is so, as far as nothing below says it: what blocks, waits, or could not be evaluated. */
function why(assessment: Assessment, context: PresentContext): Markdown | undefined {
  const told = assessment.reasons.filter((reason) => decides(reason, assessment) && !isSaidBelow(reason, assessment));
  if (told.length === 0) return undefined;
  const lines = told.map(({ says, place }) => {
    const where = place ? md` (${linkedPlace(place, context, assessment.subject.head)})` : md``;
    return md`${prose(says, 400)}${where}`;
  });
  return entries(lines, "marks", 8);
}

/** Whether a reason is one of those that made the check what it is. */
function decides({ outcome }: Reason, assessment: Assessment): boolean {
  if (assessment.couldNotEvaluate) return outcome === "could-not-evaluate";
  if (assessment.conclusion === "failure" || assessment.conclusion === "action_required") {
    return outcome === "failure" || outcome === "action_required";
  }
  return assessment.conclusion !== "success" && !assessment.changes.some(isTold);
}

/** The list of faults, the table of changes, the lost mitigations and the indicators each say what they are about. */
function isSaidBelow({ says }: Reason, assessment: Assessment): boolean {
  const texts = [
    ...assessment.problems.map((problem) => problem.what),
    ...significantChanges(assessment).map(({ change }) => change.says),
    ...assessment.systems.flatMap((system) => system.lost.map(({ what }) => what)),
    ...concernedSystems(assessment).flatMap((system) => Object.values(system.indicators).map((verdict) => verdict.why)),
  ];
  return texts.some((text) => text !== "" && says.includes(text));
}

function problems(assessment: Assessment): Markdown | undefined {
  const found = [...policyProblems(assessment), ...modelProblems(assessment)];
  const ordered = found.sort((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"));
  return ordered.length === 0 ? undefined : entries(ordered.map(problemLine), "marks", 10);
}

function changesTable(assessment: Assessment, context: PresentContext): Markdown | undefined {
  const changes = significantChanges(assessment);
  if (changes.length === 0) return undefined;
  const rows = changes.map((presented, index) => [
    md`${index + 1}`,
    prose(presented.change.says, 200),
    md`${linkedPlaceOfChange(presented.change, context, assessment.subject)}${alsoLines(presented)}`,
    asks(presented),
  ]);
  return table([md``, md`Change`, md`Where`, md`Asks`], rows, 30);
}

/** ` and lines 67, 88`: where else the same was seen. */
function alsoLines({ also }: PresentedChange): Markdown {
  const lines = also.flatMap((change) => change.line ?? []).map((line) => md`${line}`);
  if (lines.length === 0) return md``;
  const shown = lines.length > 4 ? [...lines.slice(0, 3), md`${lines.length - 3} more`] : lines;
  return md` and ${ownWords(lines.length === 1 ? "line" : "lines")} ${join(shown, md`, `)}`;
}

function asks({ checklist, open }: PresentedChange): Markdown {
  if (!open) return md`answered`;
  const threats = openThreats(checklist);
  if (threats.length === 0) return md`1 question`;
  const highest = riskLevels[Math.max(...threats.map((threat) => riskLevels.indexOf(threat.risk)))] ?? "note";
  const risk = standsOut(highest) ? md`**${text(highest)}**` : text(highest);
  return threats.length === 1 ? md`1 threat, ${risk}` : md`${threats.length} threats, highest ${risk}`;
}

function lostBlock(system: SystemAssessment, context: PresentContext, head: string): Markdown[] {
  if (system.lost.length === 0) return [];
  const lines = system.lost.map(({ threat, what }) => {
    const where = linkedPlace(threat.place, context, head);
    return md`${prose(what, 400)} (${where})`;
  });
  return [md`**No longer held back:**`, entries(lines, "marks", 20)];
}

function systemBlocks(system: SystemAssessment, named: boolean, context: PresentContext, head: string): Markdown[] {
  const indicators = indicatorTable(system, context, head);
  // Of a model that could not be read nobody knows what it holds.
  const known = system.home?.unknown ? [] : [deliverablesBlock(system, context, head)];
  return named ? [md`**System ${text(system.name)}**`, indicators, ...known] : [indicators, ...known];
}

/** The instructions, each once: the questions first, then what the reasons and the indicators ask for. */
function toTurnGreen(assessment: Assessment, context: PresentContext): Markdown | undefined {
  const changes = significantChanges(assessment);
  const steps = new Set<string>();
  for (const { says, next } of assessment.reasons) {
    const isQuestion = changes.some(({ change, open }) => open && says.includes(change.says));
    if (next !== undefined && !isQuestion) steps.add(next);
  }
  for (const system of concernedSystems(assessment)) {
    for (const { next } of Object.values(system.indicators)) for (const step of next) steps.add(step);
  }
  const lines = [...steps].map((step) => sentence(step, 300));
  const [draft] = draftModels(assessment);
  const open = changes.filter((change) => change.open).length;
  if (open > 0) {
    const places = draft ? [md`in ${code(draft.file)} (ready-made text below)`] : [md`in the model`];
    const isAskedHere = assessment.mode !== "observe" && !context.pullRequest?.isDraft;
    if (isAskedHere && !changes.every(({ index }) => isAnsweredElsewhere(assessment, index)))
      places.push(context.threadsWouldBlock ? md`by a command in the conversation` : md`in the threads`);
    lines.unshift(md`Answer the ${ownWords(open === 1 ? "question" : `${open} questions`)} ${join(places, md` or `)}.`);
  }
  // What is waived, or let through with a warning, is green already.
  const title = assessment.conclusion === "success" ? md`**Still to do**` : md`**To turn this green**`;
  return lines.length === 0 ? undefined : md`${title}\n\n${entries(lines, "marks", 8)}`;
}

function inCheckInstead({ threadsWouldBlock }: PresentContext): Markdown {
  if (!threadsWouldBlock) return md``;
  return md` The questions stand at their lines as annotations of this check: a rule of the branch lets nothing merge while a conversation is open, so that threads would block.`;
}

/** Open questions at their lines where threads would block; GitHub shows annotations as plain text. */
function questionAnnotations(assessment: Assessment): Annotation[] {
  const open = significantChanges(assessment).filter((change) => change.open);
  return open.slice(0, mostAnnotatedQuestions).map(({ change, checklist }) => {
    const threats = openThreats(checklist).map(({ id, title, risk }) => `${id.slice(0, 8)} (${risk}): ${title}`);
    const line = change.line ?? 1;
    return {
      path: change.path,
      start_line: line,
      end_line: line,
      annotation_level: "notice",
      title: plainLine(change.says.replaceAll("`", ""), limits.annotationTitle),
      message: clip(plainLines([change.asks, ...threats].join("\n")), limits.annotationMessage / 4),
    };
  });
}

/** As many as are asked in threads at most. */
const mostAnnotatedQuestions = 10;

/** Faults of policy and model files on their lines, with exact paths (H049); GitHub shows annotations as plain text. */
function annotations(assessment: Assessment): Annotation[] {
  const blocking = assessment.mode === "enforce";
  const found = [...policyProblems(assessment).filter(({ path }) => path === policyPath), ...modelProblems(assessment)];
  return found.map((problem) => {
    const line = problem.line ?? 1;
    const message = [problem.what, problem.hint, problem.example === undefined ? "" : `Example: ${problem.example}`];
    return {
      path: problem.path,
      start_line: line,
      end_line: line,
      annotation_level: problem.severity === "warning" ? "notice" : blocking ? "failure" : "warning",
      title: plainLine(problem.what.replaceAll("`", ""), limits.annotationTitle),
      message: clip(plainLines(message.filter((part) => part !== "").join("\n")), limits.annotationMessage / 4),
    };
  });
}
