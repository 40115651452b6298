import type { SystemWithModels } from "./assess/assess.ts";
import { type Answering, covers } from "./assess/currency.ts";
import { dayOf } from "./assess/days.ts";
import type { Finding } from "./assess/finding.ts";
import { modelDifference } from "./assess/model-difference.ts";
import { nameKey, namesOfElement } from "./assess/names.ts";
import type { SystemAssessment } from "./domain/assessment.ts";
import type { Change } from "./domain/change.ts";
import { rulesBehind } from "./domain/derived-rules.ts";
import type { AssessedEvidence, ClockStart, EvidenceMatch, EvidenceReading } from "./domain/evidence.ts";
import type { Policy } from "./domain/policy.ts";
import { atLeast } from "./domain/risk.ts";
import type { Rules } from "./domain/rules.ts";
import type { Snapshot } from "./domain/snapshot.ts";
import type { ModelThreat, ThreatModel } from "./domain/threat-model.ts";
import { compileLibrary } from "./drafts/library.ts";
import { type Matched, matchAlerts } from "./evidence/matching.ts";
import { weaknessesIn } from "./evidence/weaknesses.ts";
import { isShownToAll } from "./evidence-clock.ts";

/** What evidence is weighed with. The snapshot's timeline holds what evidence asks already (`withClockStarts`). */
export interface EvidenceGround {
  readonly snapshot: Snapshot;
  readonly systems: readonly SystemWithModels[];
  readonly changes: readonly Change[];
  readonly policy: Policy;
  readonly rules: Rules;
}

/** What evidence comes to: all of it for whoever wants to know, and what this difference must answer for. */
export interface WeighedEvidence {
  readonly evidence?: Omit<AssessedEvidence, "clock">;
  readonly findings: readonly Finding[];
}

/** Matches that are kept; more are one flood. */
const mostMatches = 200;

/**
 * Holds what was read against the models. A finding is only what concerns the elements that this difference touches, so
 * that no pull request fails for what it did not touch; the rest is told beside it.
 */
export function weighEvidence(ground: EvidenceGround): WeighedEvidence {
  const { snapshot, systems, policy, rules } = ground;
  const { evidence } = snapshot;
  if (!evidence || (evidence.alerts.length === 0 && !evidence.incidents)) return { findings: [] };
  const alerts = evidence.alerts.flatMap((one) => (one.outcome === "present" ? one.alerts : []));
  const weaknessesOf = weaknessesFrom(rules);
  const changed = new Set(
    snapshot.files.flatMap(({ filename, previous_filename: former }) => [filename, former ?? filename]),
  );
  const results = systems.flatMap((one) => {
    const model = one.head?.model;
    if (!model) return [];
    const held = {
      system: one.system.name,
      model,
      covers: (path: string) => one.system.covers(path),
      weaknessesOf: weaknessesOf(model),
    };
    const matched = matchAlerts(alerts, held, isShownToAll(snapshot, policy), (path) => changed.has(path));
    return [{ ...matched, findings: findingsOf(matched, one, model, ground) }];
  });
  return {
    evidence: {
      read: readingsOf(evidence),
      matches: results.flatMap(({ matches }) => matches).slice(0, mostMatches),
      unmatched: results.reduce((sum, { unmatched }) => sum + unmatched, 0),
    },
    findings: results.flatMap(({ findings }) => findings),
  };
}

/**
 * The weaknesses that a threat of a model is about: those it names itself, and those of the library's threat that it is,
 * by its id or by the name that teams give to it.
 */
function weaknessesFrom({ threats: rules }: Rules): (model: ThreatModel) => (threat: ModelThreat) => readonly string[] {
  const library = compileLibrary(rules);
  return (model) => {
    const behind = rulesBehind(model, rules);
    const typeOf = new Map([
      ...model.elements.map(({ name, type }) => [name, type] as const),
      ...model.elements.map(({ id, type }) => [id, type] as const),
    ]);
    return (threat) => {
      const texts = [threat.id, threat.title, threat.description ?? "", threat.mitigation ?? "", threat.reason ?? ""];
      const named = texts.flatMap(weaknessesIn);
      const rule = behind(threat) ?? library.match(threat, typeOf.get(threat.element ?? ""));
      return [...new Set([...named, ...(rule?.cwe ?? [])])];
    };
  };
}

function readingsOf({ alerts, incidents }: EvidenceReading): AssessedEvidence["read"] {
  const read: AssessedEvidence["read"][number][] = alerts.map((one) => {
    if (one.outcome === "unknown") {
      return { source: one.source, why: one.why, ...(one.needs !== undefined && { needs: one.needs }) };
    }
    const source = one.source === "sarif" ? one.of : one.source;
    const many = (state: string): number => one.alerts.filter((alert) => alert.state === state).length;
    return { source, open: many("open"), fixed: many("fixed"), isWhole: one.isWhole };
  });
  if (incidents?.outcome === "unknown") read.push({ source: "incidents", why: incidents.why });
  return read;
}

/** What a person must look at because of an alert, once for each threat. */
function findingsOf(
  { matches, maybeRepaired }: Matched,
  system: SystemWithModels,
  model: ThreatModel,
  ground: EvidenceGround,
): readonly Finding[] {
  const touched = new Touched(system, ground);
  const byThreat = new Map<string, EvidenceMatch[]>();
  for (const match of matches) {
    if (match.verdict !== "contradicts" || match.element === undefined) continue;
    byThreat.set(match.threat, [...(byThreat.get(match.threat) ?? []), match]);
  }
  const several = ground.systems.length > 1;
  return [...byThreat.values()].flatMap((all): Finding[] => {
    const [first] = all;
    const threat = model.threats.find(({ id }) => id === first?.threat);
    if (!first || !threat || !touched.has(threat, model)) return [];
    const more =
      all.length === 1 ? "" : ` ${all.length - 1} more ${all.length === 2 ? "alert says" : "alerts say"} the same.`;
    return [
      {
        weight: weightOf(threat, all, maybeRepaired, system, ground),
        says: `${several ? `${first.system}: ` : ""}${first.says}${more}`,
        place: first.place,
        next: `Fix what ${all.length === 1 ? first.alert.reference : "these alerts"} ${all.length === 1 ? "reports" : "report"}, dismiss ${all.length === 1 ? "it" : "them"} with a reason, or set \`${threat.id}\` to \`open\`.`,
      },
    ];
  });
}

/**
 * A claim that this difference makes against an open alert blocks, as every claim does that nothing makes true. One that
 * stood before is short. So is one whose alert stands in a file that this difference changes: it may be the repair, and
 * GitHub's alerts are of the default branch.
 */
function weightOf(
  threat: ModelThreat,
  matches: readonly EvidenceMatch[],
  maybeRepaired: ReadonlySet<EvidenceMatch>,
  { base, classified }: SystemWithModels,
  { policy }: EvidenceGround,
): Finding["weight"] {
  const before = base?.model?.threats.find(({ id }) => id === threat.id);
  const { riskThreshold } = classified?.policy ?? policy;
  if (before?.status === "mitigated") return "short";
  if (threat.risk !== undefined && !atLeast(threat.risk, riskThreshold)) return "short";
  const mayBeRepaired = (match: EvidenceMatch): boolean => match.alert.source !== "sarif" && maybeRepaired.has(match);
  return matches.every(mayBeRepaired) ? "short" : "blocks";
}

/** What of one system a difference touches. */
class Touched {
  readonly #names: ReadonlySet<string>;
  readonly #paths: ReadonlySet<string>;

  constructor({ system, head, base }: SystemWithModels, { changes }: EvidenceGround) {
    const mine = system.changes.flatMap((index) => changes[index] ?? []);
    const { names } = modelDifference(base?.model, head?.model);
    this.#names = new Set([...names, ...mine.map(({ element }) => nameKey(element.name))]);
    this.#paths = new Set(mine.map(({ path }) => path));
  }

  has(threat: ModelThreat, model: ThreatModel): boolean {
    const { names, files } = namesOfElement(model, threat.element ?? threat.id);
    const all = [threat.id, ...threat.controls, ...names];
    return all.some((name) => this.#names.has(nameKey(name))) || files.some((file) => this.#paths.has(file));
  }
}

/** Incidents and advisories with what became of them, oldest first. To be asked once the systems were assessed. */
export function clockStarts(snapshot: Snapshot, systems: readonly SystemAssessment[]): readonly ClockStart[] {
  const today = dayOf(snapshot.now) ?? 0;
  return snapshot.timeline.entries.flatMap((entry): ClockStart[] => {
    if (entry.kind !== "incident" && entry.kind !== "intelligence") return [];
    const { kind, reference, what, at, settled } = entry;
    const days = Math.max(0, today - (dayOf(at) ?? today));
    const concerned = systems.filter(({ name }) => isOf(entry, name));
    return concerned.map((system) => {
      const isCovered = answersOf(snapshot, system).some((answer) => covers(answer, entry));
      const state = settled ? "settled" : isCovered ? "covered" : "running";
      return { kind, reference, what, at, system: system.name, state, days, ...(settled && { why: settled.why }) };
    });
  });
}

function answersOf(
  { timeline, now }: Snapshot,
  { name, modelUpdated, concerns }: SystemAssessment,
): readonly Answering[] {
  const past = timeline.entries.filter(
    (entry): entry is Answering => (entry.kind === "update" || entry.kind === "review") && isOf(entry, name),
  );
  return modelUpdated ? [...past, { kind: "update", at: now, reference: "this pull request", concerns }] : past;
}

function isOf({ system }: { readonly system?: string }, name: string): boolean {
  return system === undefined || nameKey(system) === nameKey(name);
}
