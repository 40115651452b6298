import type { SystemWithModels } from "./assess/assess.ts";
import { mentions } from "./assess/names.ts";
import type { AlertedPackage, EvidenceReading, Incident, ScannerAlert } from "./domain/evidence.ts";
import type { Policy } from "./domain/policy.ts";
import { atLeast } from "./domain/risk.ts";
import type { Snapshot } from "./domain/snapshot.ts";
import type { ModelElement, ThreatModel } from "./domain/threat-model.ts";
import type { TimelineEntry } from "./domain/timeline.ts";
import { Components } from "./evidence/matching.ts";

/*
 * What starts the 30 days of TM-1 beside a change: an incident, and threat intelligence that concerns the system (UKHSA
 * threat-modelling standard: the model is updated for "new threat intelligence" and after a security incident).
 */

type Asking = Extract<TimelineEntry, { kind: "incident" | "intelligence" }>;

/**
 * The timeline with what incidents and advisories ask, as GitHub shows them now. Where they were read, they take the
 * place of what was remembered of their kind; what is not there any more is settled, never forgotten. Where they were
 * not, or could not be read, what was remembered stands.
 */
export function withClockStarts(snapshot: Snapshot, systems: readonly SystemWithModels[], policy: Policy): Snapshot {
  const { evidence, timeline } = snapshot;
  if (!evidence) return snapshot;
  const fresh: readonly Asking[] = [
    ...intelligenceIn(evidence, systems, policy, isShownToAll(snapshot, policy)),
    ...incidentsIn(evidence, systems),
  ];
  const whole = wholeKinds(evidence);
  const keys = new Set(fresh.map(keyOf));
  const kept = timeline.entries.flatMap((entry): TimelineEntry[] => {
    if (entry.kind !== "incident" && entry.kind !== "intelligence") return [entry];
    if (keys.has(keyOf(entry))) return [];
    return whole.has(entry.kind) ? [gone(entry, snapshot.now)] : [entry];
  });
  const entries = [...kept, ...fresh].toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return { ...snapshot, timeline: { ...timeline, entries } };
}

/** Whether what is written of this snapshot can be read by everybody, and alerts must not be told there (H095). */
export function isShownToAll({ pullRequest, repository }: Snapshot, policy: Policy): boolean {
  return pullRequest !== undefined && !repository.isPrivate && !policy.publish.openThreats;
}

function keyOf({ kind, reference, system }: Asking): string {
  return JSON.stringify([kind, reference, system ?? ""]);
}

/** The kinds of which everything was read, so that what is not among it is not there. */
function wholeKinds({ alerts, incidents }: EvidenceReading): ReadonlySet<string> {
  const kinds = new Set<string>();
  const advisories = alerts.find(({ source }) => source === "dependabot");
  if (advisories?.outcome === "present" && advisories.isWhole) kinds.add("intelligence");
  if (incidents?.outcome === "present" && incidents.isWhole) kinds.add("incident");
  return kinds;
}

function gone(entry: Asking, now: string): Asking {
  if (entry.settled) return entry;
  const why =
    entry.kind === "incident" ? "the issue does not carry the label any more" : "no alert of it is open any more";
  return { ...entry, settled: { at: now, why } };
}

/** Advisories on components of the systems: one entry for each advisory, package and system. */
function intelligenceIn(
  { alerts }: EvidenceReading,
  systems: readonly SystemWithModels[],
  policy: Policy,
  isWithheld: boolean,
): readonly Asking[] {
  const advisories = alerts.flatMap((one) =>
    one.source === "dependabot" && one.outcome === "present" ? one.alerts : [],
  );
  const entries = new Map<string, Asking>();
  for (const { system, head, classified } of systems) {
    const model = head?.model;
    if (!model) continue;
    const components = new Components(model);
    const { riskThreshold } = classified?.policy ?? policy;
    for (const alert of advisories) {
      const { package: brought, at } = alert;
      if (!brought || at === undefined || alert.state === "fixed" || !system.covers(brought.manifest)) continue;
      if (alert.risk === undefined || !atLeast(alert.risk, riskThreshold)) continue;
      const elements = components.of(alert);
      if (!isComponent(brought, components)) continue;
      const entry = intelligence(alert, brought, at, elements, system.name, isWithheld);
      const known = entries.get(keyOf(entry));
      entries.set(keyOf(entry), known ? together(known, entry) : entry);
    }
  }
  return [...entries.values()];
}

/**
 * What a model can be expected to speak of: what the team itself brings in to run, and what the model names. Packages that
 * only development uses, and those that other packages bring along, are the business of updates, not of the model.
 */
function isComponent({ scope, isTransitive, name }: AlertedPackage, components: Components): boolean {
  if (components.namedAfter(name).length > 0) return true;
  return scope !== "development" && !isTransitive;
}

function intelligence(
  alert: ScannerAlert,
  brought: AlertedPackage,
  at: string,
  elements: readonly ModelElement[],
  system: string,
  isWithheld: boolean,
): Asking {
  const [first] = elements;
  const inElement = first ? ` in ${first.name}` : "";
  const risk = alert.risk === undefined ? "" : `, ${alert.risk}`;
  const settled = alert.state === "dismissed" ? { at: alert.ended ?? at, why: dismissal(alert) } : undefined;
  return {
    kind: "intelligence",
    at,
    what: isWithheld
      ? "an advisory on a component"
      : `advisory on \`${brought.name}\` (${brought.ecosystem}${risk})${inElement}`,
    reference: isWithheld ? `Dependabot alert ${alert.number ?? ""}`.trim() : alert.reference,
    elements: [...new Set([...elements.flatMap(({ id, name }) => [id, name]), brought.name, alert.reference])],
    system,
    ...(settled && { settled }),
  };
}

function dismissal({ because }: ScannerAlert): string {
  return because === undefined ? "dismissed on GitHub" : `dismissed on GitHub: ${because}`;
}

/** Several alerts of one advisory: the oldest counts, and it is settled only when all are. */
function together(one: Asking, other: Asking): Asking {
  const { settled: _, ...older } = Date.parse(one.at) <= Date.parse(other.at) ? one : other;
  const elements = [...new Set([...one.elements, ...other.elements])];
  const settled = one.settled && other.settled;
  return { ...older, elements, ...(settled && { settled }) };
}

/** Characters of an issue in which elements are looked for. */
const longestIssue = 20_000;
const longestTitle = 120;

/** An incident concerns the systems whose elements its issue names; where it names none, all of them. */
function incidentsIn({ incidents }: EvidenceReading, systems: readonly SystemWithModels[]): readonly Asking[] {
  if (incidents?.outcome !== "present") return [];
  return incidents.incidents.flatMap((incident) => {
    const struck = systems.flatMap(({ system, head }) => {
      const elements = head?.model ? elementsNamed(incident, head.model) : [];
      return elements.length > 0 ? [incidentEntry(incident, elements, system.name)] : [];
    });
    return struck.length > 0 ? struck : [incidentEntry(incident, [])];
  });
}

function elementsNamed({ title, body }: Incident, model: ThreatModel): readonly string[] {
  const text = `${title}\n${body}`.slice(0, longestIssue);
  return [
    ...new Set(
      model.elements.flatMap(({ id, name }) => (mentions(text, name) || mentions(text, id) ? [id, name] : [])),
    ),
  ];
}

function incidentEntry({ number, title, at }: Incident, elements: readonly string[], system?: string): Asking {
  const words = title.replace(/\s+/g, " ").trim().slice(0, longestTitle);
  return {
    kind: "incident",
    at,
    what: `incident "${words}"`,
    reference: `#${number}`,
    elements,
    ...(system !== undefined && { system }),
  };
}
