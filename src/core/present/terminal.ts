import type { Assessment, SystemAssessment } from "../domain/assessment.ts";
import type { Change } from "../domain/change.ts";
import { addAThreatModel } from "../domain/next-steps.ts";
import { showPlace } from "../domain/problem.ts";
import type { Threat } from "../domain/threat.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import { deliverableIds, deliverableNames } from "../domain/threat-model.ts";
import { evidenceLines } from "./evidence-lines.ts";

/** How words are coloured; the plain palette leaves them as they are. */
export interface Palette {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
}

const asIs = (text: string): string => text;
/** No colour: not a terminal, or `NO_COLOR`. */
export const plainPalette: Palette = { strong: asIs, faint: asIs, good: asIs, warn: asIs, bad: asIs };

/** What `threatgate check` prints: what changed, the indicators, what to do next. Everything hostile is made plain. */
export function checkText(assessment: Assessment, palette: Palette): string {
  const significant = assessment.changes.filter((change) => change.significant);
  const lines = [headline(assessment, significant.length, palette), ""];
  for (const problem of assessment.problems) {
    lines.push(`  ${palette.bad(problem.severity)} ${clean(showPlace(problem))}  ${clean(problem.what)}`);
    lines.push(`     ${clean(problem.hint)}`);
    if (problem.example) for (const line of problem.example.split("\n")) lines.push(`     | ${clean(line)}`);
  }
  if (assessment.problems.length > 0) lines.push("");
  assessment.changes.forEach((change, index) => {
    if (change.significant) lines.push(...changeLines(assessment, change, index, palette));
  });
  if (significant.length > 0) lines.push("");
  for (const system of assessment.systems) {
    lines.push(...indicatorLines(system, assessment.systems.length > 1, palette));
    if (hasModel(system)) lines.push(...deliverableLines(system, palette));
  }
  lines.push(...besideTheModelLines(assessment));
  if (assessment.notInspected.length > 0) lines.push(...notInspectedLines(assessment, palette));
  const next = nextSteps(assessment);
  if (next.length > 0)
    lines.push("", ...next.map((step, index) => `  ${index === 0 ? "next:" : "     "} ${clean(step)}`));
  lines.push("", verdict(assessment, palette));
  return `${lines.join("\n")}\n`;
}

function headline(assessment: Assessment, count: number, palette: Palette): string {
  const { files, nearest } = assessment.lookedAt;
  const looked = `${files} file${files === 1 ? "" : "s"} looked at`;
  if (assessment.couldNotEvaluate) return `${palette.strong("Could not evaluate")}  ${palette.faint(looked)}`;
  if (count === 0 && assessment.conclusion !== "success") {
    return `${palette.strong("No change of the architecture, but the threat model needs a look")}  ${palette.faint(looked)}`;
  }
  if (count === 0) {
    const near = nearest ? `. Nearest to one: ${clean(nearest.path)} (${clean(nearest.why)}).` : "";
    return `${palette.strong("No threat-model change needed")}  ${palette.faint(looked)}${near}`;
  }
  return `${palette.strong(`${count} change${count === 1 ? " matters" : "s matter"} to security`)}  ${palette.faint(looked)}`;
}

function changeLines(assessment: Assessment, change: Change, index: number, palette: Palette): string[] {
  const place = change.line === undefined ? change.path : `${change.path}:${change.line}`;
  const lines = [`  ${palette.strong(clean(place))}  ${clean(change.says)}`];
  const checklist = assessment.checklists.find((list) => list.change === index);
  const threats = checklist?.threats ?? [];
  const width = Math.max(0, ...threats.map((threat) => clean(threat.title).length));
  for (const threat of threats.slice(0, 3)) lines.push(threatLine(threat, width, palette));
  if (threats.length > 3) lines.push(palette.faint(`     and ${threats.length - 3} more (--format json)`));
  for (const question of checklist?.questions ?? [])
    lines.push(`     ${palette.faint("asks")}      ${clean(question.asks)}`);
  for (const credit of checklist?.credited ?? []) {
    lines.push(palette.faint(`     not asked: ${clean(credit.title)} (${clean(showPlace(credit.where))})`));
  }
  return lines;
}

function threatLine(threat: Threat, width: number, palette: Palette): string {
  const risk = threat.risk.padEnd(8);
  const coloured = threat.risk === "high" || threat.risk === "critical" ? palette.bad(risk) : palette.warn(risk);
  return `     ${shortThreatId(threat.id)} ${coloured} ${clean(threat.title).padEnd(width)}  ${clean(threat.countermeasure)}`;
}

/** The lines of one system: its indicators, then the deliverables that lack something. */
export function systemLines(system: SystemAssessment, named: boolean, palette: Palette): string[] {
  return [...indicatorLines(system, named, palette), ...deliverableLines(system, palette)];
}

function hasModel({ home, modelFiles }: SystemAssessment): boolean {
  return home !== undefined || modelFiles.length > 0;
}

function indicatorLines(system: SystemAssessment, named: boolean, palette: Palette): string[] {
  const lines = named ? [`  ${palette.strong(clean(system.name))}`] : [];
  const names = { "TM-1": "Currency", "TM-2": "Deliverables", "TM-3": "Review", "TM-4": "Integration" } as const;
  for (const [id, name] of Object.entries(names) as [keyof typeof names, string][]) {
    const { rag, why } = system.indicators[id];
    const colour = { GREEN: palette.good, AMBER: palette.warn, RED: palette.bad, UNKNOWN: palette.faint }[rag];
    lines.push(`  ${id} ${name.padEnd(13)} ${colour(rag.padEnd(7))} ${clean(why)}`);
  }
  return lines;
}

function deliverableLines(system: SystemAssessment, palette: Palette): string[] {
  const lines: string[] = [];
  // Of a model that could not be read nobody knows what it holds.
  for (const id of system.home?.unknown ? [] : deliverableIds) {
    const verdict = system.deliverables[id];
    const first = verdict.lacking[0];
    if (verdict.state === "present" && !first) continue;
    const rest = verdict.lacking.length - 1;
    const lacks = first ? `${clean(first.says)}${rest > 0 ? ` (and ${rest} more)` : ""}` : clean(verdict.found);
    lines.push(palette.faint(`       ${deliverableNames[id].padEnd(22)} ${verdict.state.padEnd(11)} ${lacks}`));
  }
  return lines;
}

/** What scanners, advisories and incidents say. */
export function besideTheModelLines({ evidence }: Assessment): string[] {
  const lines = evidence ? evidenceLines(evidence) : [];
  return lines.length === 0
    ? []
    : ["", "  from scanners, advisories and incidents:", ...lines.map((line) => `     ${clean(line)}`)];
}

function notInspectedLines(assessment: Assessment, palette: Palette): string[] {
  const shown = assessment.notInspected.slice(0, 5).map((file) => `     ${clean(file.path)} (${clean(file.reason)})`);
  const rest = assessment.notInspected.length - shown.length;
  return [
    "",
    palette.faint("  not inspected:"),
    ...shown,
    ...(rest > 0 ? [palette.faint(`     and ${rest} more`)] : []),
  ];
}

function nextSteps(assessment: Assessment): string[] {
  const steps = assessment.reasons.flatMap((reason) => (reason.next ? [reason.next] : []));
  const isClone = assessment.subject.pullRequest === undefined;
  const isWithoutModel = isClone && steps.length > 0 && !assessment.systems.some(hasModel);
  const first = "`threatgate init` derives a first threat-model.yaml from the files of this clone.";
  const all = isWithoutModel ? [first, ...steps.filter((step) => step !== addAThreatModel)] : steps;
  return [...new Set(all)].slice(0, 5);
}

function verdict(assessment: Assessment, palette: Palette): string {
  const mode = `(policy: ${assessment.mode})`;
  switch (assessment.conclusion) {
    case "success":
      return `${palette.good("success")} ${mode}`;
    case "neutral":
      return `${palette.warn("neutral")} ${mode}: ${assessment.couldNotEvaluate ? "could not evaluate" : "nothing blocks"}`;
    default:
      return `${palette.bad(assessment.conclusion)} ${mode}`;
  }
}

/** Control characters, escape sequences and direction overrides reach no terminal (H053). */
export function plainTerminal(text: string): string {
  return clean(text);
}

function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) =>
      character === "\n" || character === "\t" ? " " : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}
