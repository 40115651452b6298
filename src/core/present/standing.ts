import type { Assessment, Deliverables, IndicatorId, Rag, SystemAssessment } from "../domain/assessment.ts";
import type { Change } from "../domain/change.ts";
import { fingerprintOf } from "../domain/marker.ts";
import { type Policy, policyPath } from "../domain/policy.ts";
import type { Problem } from "../domain/problem.ts";
import { type RiskLevel, riskLevels } from "../domain/risk.ts";
import type { Checklist, Threat } from "../domain/threat.ts";
import { type DeliverableId, deliverableIds } from "../domain/threat-model.ts";
import { plainLine } from "./markdown.ts";

/* What every text asks of an assessment, answered once, so that no two texts count differently. */

/** The mark of a colour; the word always stands beside it. */
export const ragMarks: Readonly<Record<Rag, string>> = { GREEN: "🟢", AMBER: "🟠", RED: "🔴", UNKNOWN: "⚪" };

/** `1 question`, `2 questions`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A change with its place in the assessment, and what is asked about it. */
export interface PresentedChange {
  readonly index: number;
  readonly change: Change;
  /** Further places where the same rule saw the same element of the same file: one question for all of them. */
  readonly also: readonly Change[];
  readonly fingerprint: string;
  readonly checklist: Checklist | undefined;
  /** Neither the model nor an answer covers it. */
  readonly open: boolean;
}

/** Whether people are told of it: what matters, unless its rule is only being watched. */
export function isTold(change: Change): boolean {
  return change.significant && change.mode !== "monitor";
}

/** The changes that matter, each once: first the open ones, highest risk first, then those that are covered. */
export function significantChanges(assessment: Assessment): PresentedChange[] {
  const open = openChanges(assessment);
  const presented = new Map<string, PresentedChange>();
  for (const [index, change] of assessment.changes.entries()) {
    if (!isTold(change)) continue;
    const fingerprint = fingerprintOf(change.rule, change.path, change.element.name);
    const checklist = assessment.checklists.find((candidate) => candidate.change === index);
    const first = presented.get(fingerprint);
    const one = { index, change, also: [], fingerprint, checklist, open: open.has(index) };
    presented.set(fingerprint, first ? together(first, one) : one);
  }
  const weight = (one: PresentedChange) => (one.open ? 100 : 0) + highestRisk(openThreats(one.checklist));
  return [...presented.values()].sort((a, b) => weight(b) - weight(a) || a.index - b.index);
}

function together(first: PresentedChange, other: PresentedChange): PresentedChange {
  return {
    ...first,
    also: [...first.also, other.change],
    checklist:
      first.checklist && other.checklist
        ? merged(first.checklist, other.checklist)
        : (first.checklist ?? other.checklist),
    open: first.open || other.open,
  };
}

function merged(one: Checklist, other: Checklist): Checklist {
  return {
    change: one.change,
    threats: oncePer([...one.threats, ...other.threats], (threat) => threat.id),
    questions: oncePer([...one.questions, ...other.questions], (question) => question.asks),
    credited: oncePer([...one.credited, ...other.credited], (credit) => credit.title),
  };
}

function oncePer<Part>(parts: readonly Part[], name: (part: Part) => string): Part[] {
  const first = new Map<string, Part>();
  for (const part of parts) if (!first.has(name(part))) first.set(name(part), part);
  return [...first.values()];
}

/** What no model and no answer covers. A change that belongs to no system is open when it is asked about. */
function openChanges({ asked, systems }: Assessment): ReadonlySet<number> {
  const ofASystem = new Set(systems.flatMap((system) => system.changes));
  return new Set([...systems.flatMap((system) => system.uncovered), ...asked.filter((index) => !ofASystem.has(index))]);
}

/** Threats of a checklist that nothing answers yet, highest risk first. */
export function openThreats(checklist: Checklist | undefined): Threat[] {
  const open = (checklist?.threats ?? []).filter((threat) => threat.status === "open" || threat.status === "unknown");
  return open.sort((a, b) => riskLevels.indexOf(b.risk) - riskLevels.indexOf(a.risk));
}

function highestRisk(threats: readonly Threat[]): number {
  return Math.max(-1, ...threats.map((threat) => riskLevels.indexOf(threat.risk)));
}

/** The word of a risk; what calls for work stands out. */
export function standsOut(risk: RiskLevel): boolean {
  return risk === "high" || risk === "critical";
}

/** Systems that this difference touches; all of them when it touches none. */
export function concernedSystems(assessment: Assessment): readonly SystemAssessment[] {
  const touched = assessment.systems.filter(
    (system) => system.changes.length > 0 || system.modelUpdated || system.lost.length > 0,
  );
  return touched.length > 0 ? touched : assessment.systems;
}

/** Deliverables that are not complete: not present, or present and lacking something. */
export function shortDeliverables(deliverables: Deliverables): DeliverableId[] {
  return deliverableIds.filter((id) => deliverables[id].state !== "present" || deliverables[id].lacking.length > 0);
}

/** What stands in the way, in a few words each, weightiest first. For titles: plain text. */
export function whatIsOpen(assessment: Assessment): string[] {
  const systems = concernedSystems(assessment);
  const lost = systems.reduce((sum, system) => sum + system.lost.length, 0);
  const questions = significantChanges(assessment).filter((change) => change.open).length;
  const broken = modelProblems(assessment).filter((problem) => problem.severity === "error").length;
  const facts: string[] = [];
  if (lost > 0) facts.push(`${count(lost, "mitigation")} lost`);
  if (broken > 0) facts.push(`${count(broken, "fault")} in the model`);
  if (questions > 0) facts.push(`${count(questions, "question")} open`);
  facts.push(...systems.flatMap((system) => whatASystemLacks(system, systems.length > 1)));
  return facts;
}

function whatASystemLacks(system: SystemAssessment, named: boolean): string[] {
  const of = named ? ` of ${plainLine(system.name, 40)}` : "";
  if (system.home?.unknown) return [`model${of} in ${plainLine(system.home.repository, 80)} not readable`];
  if (system.modelFiles.length === 0 && !system.home?.isWithheld) return [`no threat model${of}`];
  const short = shortDeliverables(system.deliverables).length;
  const facts = short > 0 ? [`model${of} ${short} of ${deliverableIds.length} deliverables short`] : [];
  // TM-2 is the deliverables, just said; TM-3 is a person, said by the title itself.
  const red = (["TM-1", "TM-4"] satisfies IndicatorId[]).filter((id) => system.indicators[id].rag === "RED");
  if (red.length > 0) facts.push(`${red.join(" and ")} RED`);
  return facts;
}

/** Faults of the policy; such a fault stands in the way of judging. */
export function policyProblems(assessment: Assessment): Problem[] {
  return assessment.problems.filter(isOfPolicy);
}

/** Faults of model files, and of whatever else is not the policy. */
export function modelProblems(assessment: Assessment): Problem[] {
  return assessment.problems.filter((problem) => !isOfPolicy(problem));
}

function isOfPolicy(problem: Problem): boolean {
  return (
    problem.path === policyPath || problem.path.endsWith(`/${policyPath}`) || problem.path.endsWith(`:${policyPath}`)
  );
}

/** The risk from which open threats of a system count: what its class decides, or the policy. */
export function thresholdOf({ systems, policy }: Assessment, name: string | undefined): RiskLevel {
  return systems.find((system) => system.name === name)?.classification?.threshold ?? policy.riskThreshold;
}

/** Those whose approval counts as a Security Architect's, named without pinging anybody: `acme/security-architects`. */
export function architectNames(policy: Policy, owner: string): string[] {
  const users = policy.architects.users.map((user) => user.split("#")[0] ?? user);
  return [...policy.architects.teams.map((team) => `${owner}/${team}`), ...users];
}

/** The model file in which an answer belongs. */
export function modelFileOf(assessment: Assessment, change: number): string {
  const system = assessment.systems.find((candidate) => candidate.changes.includes(change)) ?? assessment.systems[0];
  return system?.modelFiles[0] ?? (system?.home ? `${system.home.repository}/threat-model.yaml` : "threat-model.yaml");
}

/** Whether the model that answers a change stands in another repository, where no command of this one reaches. */
export function isAnsweredElsewhere({ systems }: Assessment, change: number): boolean {
  return systems.some((system) => system.home !== undefined && system.changes.includes(change));
}

/** `2026-03-04`, from an ISO instant. */
export function dayOf(instant: string): string {
  return instant.slice(0, 10);
}
