import type { Assessment } from "../domain/assessment.ts";
import type { Change } from "../domain/change.ts";
import type { DesiredLineComment } from "../domain/desired.ts";
import { writeMarker } from "../domain/marker.ts";
import { showPlace } from "../domain/problem.ts";
import { strideNames } from "../domain/stride.ts";
import type { Checklist, RiskDriver, Threat } from "../domain/threat.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import { blocks, cut, fold, limits, table } from "./blocks.ts";
import { type PresentContext, placeInDiff, placeOfChange, rulePage } from "./context.ts";
import { code, join, link, list, type Markdown, md, ownWords, prose, sentence, text } from "./markdown.ts";
import { count, isAnsweredElsewhere, modelFileOf, openThreats, type PresentedChange, standsOut } from "./standing.ts";
import { shownInComment, threatsShown } from "./threats-shown.ts";

const superscripts = ["¹", "²", "³"] as const;

/** The questions of a pull request by where they can be asked. */
export interface PlacedQuestions {
  readonly comments: readonly DesiredLineComment[];
  /** Asked in the summary, because the file is not part of the diff. */
  readonly unplaced: readonly PresentedChange[];
  /** Fingerprints of the questions that have no comment. */
  readonly alsoOpen: readonly string[];
}

/**
 * A comment for each question, first those that have one, then the weightiest, ten in all, on its line where the diff shows that line, on the file as a whole where the
 * diff only names the file (a removed line, a binary file, a rename: H046). One bad place never costs another comment.
 */
export function placeQuestions(
  open: readonly PresentedChange[],
  assessment: Assessment,
  context: PresentContext,
): PlacedQuestions {
  const comments: DesiredLineComment[] = [];
  const told: PresentedChange[] = [];
  const unplaced: PresentedChange[] = [];
  const alsoOpen: string[] = [];
  const inOrder = askedFirst(open, context.asked ?? []);
  const placed = inOrder.filter(({ change }) => context.commentable.has(change.path)).slice(0, limits.lineComments);
  const shown = threatsShown(tellingTheirs(placed));
  for (const presented of inOrder) {
    const { change, fingerprint } = presented;
    const lines = context.commentable.get(change.path);
    if (lines === undefined || comments.length >= limits.lineComments) {
      if (lines === undefined) unplaced.push(presented);
      alsoOpen.push(fingerprint);
      continue;
    }
    const inDiff = lines.some(({ from, to }) => change.line !== undefined && from <= change.line && change.line <= to);
    const twin = twinOf(presented, told);
    const marker = ownWords(writeMarker({ kind: "question", fingerprint }));
    const says = twin
      ? sameAs(twin, presented, inDiff, assessment, context)
      : checklistOf(presented, inDiff, assessment, context, shown.get(fingerprint));
    const body = cut(md`${marker}\n${says}`, limits.comment);
    comments.push({
      fingerprint,
      path: change.path,
      body,
      ...(inDiff && change.line !== undefined ? { line: change.line } : {}),
    });
    if (!twin) told.push(presented);
  }
  return { comments, unplaced, alsoOpen };
}

/**
 * What has a thread comes first, oldest first: it must not lose its comment to what came later, and a thread that holds a
 * table that others refer to must not become one of the others.
 */
function askedFirst(open: readonly PresentedChange[], asked: readonly string[]): readonly PresentedChange[] {
  const places = new Map(asked.map((fingerprint, index) => [fingerprint, index]));
  const placeOf = ({ fingerprint }: PresentedChange): number => places.get(fingerprint) ?? places.size;
  return open.toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** Those that show a table of their own; the others refer to it. */
function tellingTheirs(presented: readonly PresentedChange[]): readonly PresentedChange[] {
  const told: PresentedChange[] = [];
  for (const one of presented) if (!twinOf(one, told)) told.push(one);
  return told;
}

function twinOf(presented: PresentedChange, told: readonly PresentedChange[]): PresentedChange | undefined {
  return told.find((earlier) => asksTheSame(earlier, presented));
}

/** Whether two changes raise the same threats, of two elements. */
function asksTheSame(one: PresentedChange, other: PresentedChange): boolean {
  const rules = ({ checklist }: PresentedChange) =>
    openThreats(checklist)
      .map((threat) => threat.rule)
      .sort()
      .join(" ");
  return rules(one) !== "" && rules(one) === rules(other);
}

/** Instead of the same table a second time: whose table it is, and the ids to answer by. */
function sameAs(
  twin: PresentedChange,
  presented: PresentedChange,
  standsOnItsLine: boolean,
  assessment: Assessment,
  context: PresentContext,
): Markdown {
  const threats = openThreats(presented.checklist);
  const ids = threats.slice(0, 12).map((threat) => md`${code(shortThreatId(threat.id))} (${text(threat.risk)})`);
  const small = references([], presented.change.rule, context);
  return blocks([
    titleOf(presented.change, standsOnItsLine),
    md`The same threats as ${prose(twin.change.says)} (${placeInDiff(twin.change, context)}), here ${list(ids)}.`,
    (presented.checklist?.questions ?? []).length === 0 ? undefined : questions(presented),
    howToAnswer(threats, presented, assessment, small),
  ]);
}

/**
 * The STRIDE checklist of one change: title, threats with what to do and how to show it, how to answer, references.
 * It names its place where it does not stand on its line. `shown` threats stand open, the rest is folded.
 */
export function checklistOf(
  presented: PresentedChange,
  standsOnItsLine: boolean,
  assessment: Assessment,
  context: PresentContext,
  shown: number = shownInComment,
): Markdown {
  const { change, checklist } = presented;
  const threats = openThreats(checklist);
  const reasons = threats.slice(0, shown).map(whyRated);
  const notes = [...new Set(reasons.filter((reason) => reason !== ""))];
  const rows = threats.map((threat) => threatRow(threat, notes.indexOf(whyRated(threat))));
  const head = [md`Threat`, md`Risk`, md`Do`, md`Show`];
  const more = rows.slice(shown);
  return blocks([
    titleOf(change, standsOnItsLine),
    Math.min(shown, rows.length) === 0 ? undefined : table(head, rows.slice(0, shown)),
    more.length === 0 ? undefined : fold(foldTitle(more.length, shown), table(head, more)),
    footnotes(notes, credited(checklist, change.path)),
    questions(presented),
    howToAnswer(threats, presented, assessment, references(threats, change.rule, context)),
  ]);
}

function foldTitle(more: number, shown: number): string {
  return shown > 0 ? count(more, "more threat") : `${count(more, "threat")} behind graver ones of the same element`;
}

function titleOf(change: Change, standsOnItsLine: boolean): Markdown {
  return standsOnItsLine ? md`**${prose(change.says)}**` : md`**${prose(change.says)}** · ${placeOfChange(change)}`;
}

function threatRow(threat: Threat, note: number): Markdown[] {
  const mark = ownWords(superscripts[note] ?? "");
  const risk = standsOut(threat.risk) ? md`**${text(threat.risk)}**` : text(threat.risk);
  // Four columns: a conversation is too narrow for six, and narrow columns make a table nobody reads.
  return [
    md`${prose(threat.title)}<br>${code(shortThreatId(threat.id))}`,
    md`${note < 0 ? risk : md`${risk} ${mark}`}<br>${text(strideNames[threat.stride])}`,
    prose(threat.countermeasure),
    prose(threat.acceptanceTest),
  ];
}

/** `high because the data is personal`; empty for a threat that no fact raised or lowered. */
function whyRated(threat: Threat): string {
  const because = (by: RiskDriver["by"]) =>
    threat.drivers.filter((driver) => driver.by === by).map((driver) => driver.because.replace(/[.\s]+$/, ""));
  const raised = because(1).join(" and ");
  const lowered = because(-1).join(" and ");
  if (raised === "" && lowered === "") return "";
  if (raised === "") return `only ${threat.risk} because ${lowered}`;
  return `${threat.risk} because ${raised}${lowered === "" ? "" : `, although ${lowered}`}`;
}

function credited(checklist: Checklist | undefined, path: string): Markdown | undefined {
  const facts = (checklist?.credited ?? []).slice(0, 5).map(({ title, where }) => {
    const place = where.path === path && where.line !== undefined ? md`line ${where.line}` : code(showPlace(where));
    return md`${prose(lowerFirst(title), 200)} (${place} answers it)`;
  });
  return facts.length === 0 ? undefined : md`Not asked: ${list(facts)}.`;
}

function lowerFirst(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;
}

function footnotes(notes: readonly string[], notAsked: Markdown | undefined): Markdown | undefined {
  const shown = notes.map((note, index) => md`${ownWords(superscripts[index] ?? "")} ${prose(note)}.`);
  if (notAsked) shown.push(notAsked);
  return shown.length === 0 ? undefined : join(shown, md` `);
}

/** What nobody stated, as one question; the rule's own question where the checklist has nothing at all to ask. */
function questions({ change, checklist }: PresentedChange): Markdown | undefined {
  const asks = (checklist?.questions ?? []).map((question) => question.asks);
  if (asks.length > 0)
    return md`**Nobody says yet:** ${join(
      asks.slice(0, 3).map((ask) => prose(ask)),
      md` `,
    )}`;
  return openThreats(checklist).length === 0 ? md`${sentence(change.asks)} ${sentence(change.why)}` : undefined;
}

/** A model in another repository is changed there: a command here could not write it. */
function howToAnswer(
  threats: readonly Threat[],
  { index }: PresentedChange,
  assessment: Assessment,
  small: Markdown,
): Markdown {
  const model = modelFileOf(assessment, index);
  if (isAnsweredElsewhere(assessment, index)) {
    return md`Put the answer into ${code(model)}, in a pull request there; once it is merged, ${code("/threat recheck")} here. ${small}`;
  }
  const [first, second = first] = threats;
  if (!first || !second) return md`Answer here, or put it into ${code(model)}. ${small}`;
  const mitigated = code(`/threat mitigated ${shortThreatId(first.id)} by <path:line or control>`);
  const notApplicable = code(`/threat not-applicable ${shortThreatId(second.id)} because <reason>`);
  return md`Reply ${mitigated} or ${notApplicable}, or update ${code(model)}. ${small}`;
}

/** Small print: the page of the rule, and the entries of the catalogues that the shown threats come from. */
function references(threats: readonly Threat[], rule: string, context: PresentContext): Markdown {
  const of = (pick: (threat: Threat) => readonly string[]) => [...new Set(threats.flatMap(pick))].slice(0, 2);
  const page = (id: string, address: string) => link(text(id), address.replace("{number}", id.replace(/\D/g, "")));
  const pieces = [
    link(md`why this comment`, rulePage(rule, context)),
    ...of((threat) => threat.cwe).map((id) => page(id, "https://cwe.mitre.org/data/definitions/{number}.html")),
    ...of((threat) => threat.capec).map((id) => page(id, "https://capec.mitre.org/data/definitions/{number}.html")),
    ...of((threat) => threat.asvs).map((id) => md`ASVS ${text(id)}`),
  ];
  return md`<sub>${join(pieces, md` · `)}</sub>`;
}
