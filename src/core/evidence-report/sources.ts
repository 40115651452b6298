import type { EvidenceComponents } from "../domain/evidence-components.ts";
import type { EvidenceChange, EvidenceFramework, EvidenceRecords, EvidenceSystem } from "../domain/evidence-report.ts";
import type { EvidenceSource } from "../domain/framework.ts";
import { deliverableIds, deliverableNames } from "../domain/threat-model.ts";
import type { SourceState } from "./requirements.ts";
import { resultOf } from "./results.ts";

/** The parts of a report that are evidence by themselves. */
export interface SourcesGround {
  readonly systems: readonly EvidenceSystem[];
  readonly changes: readonly EvidenceChange[];
  readonly components: EvidenceComponents;
  readonly records?: EvidenceRecords;
}

/** What each part of the report comes to as evidence; a part of which there is nothing to say is left out. */
export function sourceStates(ground: SourcesGround): Map<EvidenceSource, SourceState> {
  const states = new Map<EvidenceSource, SourceState>();
  const add = (source: EvidenceSource, state: SourceState | undefined): void => {
    if (state) states.set(source, state);
  };
  for (const id of deliverableIds) add(id, ofDeliverables(ground.systems, [id]));
  add("deliverables", ofDeliverables(ground.systems, deliverableIds));
  add("components", ofComponents(ground.components));
  add(
    "changes",
    ofChanges(
      ground.changes.filter(({ kind }) => kind === "change"),
      "significant change",
    ),
  );
  add(
    "intelligence",
    ofChanges(
      ground.changes.filter(({ kind }) => kind !== "change"),
      "incident or advisory",
    ),
  );
  add("results", ofResults(ground.systems));
  add("review", ofReview(ground.systems));
  add("acceptances", ofAcceptances(ground.systems));
  add("treatment", ofTreatment(ground.systems));
  add("records", ofRecords(ground.records));
  return states;
}

/** Whether all of the requirements that a model must speak of are spoken of: what is left says so itself. */
export function ofApplicability({ requirements, applicability }: EvidenceFramework): SourceState {
  const asked = requirements.filter(({ id }) => applicability.includes(id));
  const spoken = asked.filter(({ applies, threats }) => applies !== undefined || threats.length > 0);
  const says = `${spoken.length} of ${asked.length} requirements are spoken of in the model.`;
  return { state: spoken.length === asked.length ? "met" : spoken.length === 0 ? "gap" : "planned", says };
}

function ofDeliverables(
  systems: readonly EvidenceSystem[],
  ids: readonly (typeof deliverableIds)[number][],
): SourceState | undefined {
  const verdicts = systems.flatMap(({ deliverables }) => deliverables.filter(({ id }) => ids.includes(id)));
  if (verdicts.length === 0) return undefined;
  const complete = verdicts.filter(({ isComplete }) => isComplete).length;
  const name = ids.length === 1 ? sentenceCase(deliverableNames[ids[0] ?? "context"]) : "Deliverables";
  if (complete === verdicts.length) return { state: "met", says: `${name}: complete.` };
  const some = verdicts.some(({ state }) => state === "present" || state === "partial");
  return some ? { state: "planned", says: `${name}: not complete.` } : { state: "gap", says: `${name}: missing.` };
}

function ofComponents({ isRead, manifests, services }: EvidenceComponents): SourceState | undefined {
  if (!isRead) return { state: "unknown", says: "Third-party components: not read here." };
  const all = [...manifests, ...services];
  if (all.length === 0) return undefined;
  const covered = all.filter((one) => one.covered !== undefined).length;
  const says = `${covered} of ${all.length} manifests and services of third parties are in the model.`;
  return { state: covered === all.length ? "met" : covered === 0 ? "gap" : "planned", says };
}

function ofChanges(changes: readonly EvidenceChange[], what: string): SourceState | undefined {
  const asking = changes.filter(({ state }) => state !== "settled");
  if (asking.length === 0) return undefined;
  const gaps = asking.filter(({ state }) => state === "gap").length;
  const plural = what.replace(/(incident|advisory|change)\b/g, (word) =>
    word === "advisory" ? "advisories" : `${word}s`,
  );
  const says = `${asking.length - gaps} of ${asking.length} ${asking.length === 1 ? what : plural} covered by the model.`;
  return { state: gaps === 0 ? "met" : "gap", says };
}

/** Controls that answer a threat and whose last validation passed. */
function ofResults(systems: readonly EvidenceSystem[]): SourceState | undefined {
  const threats = systems.flatMap((system) => system.threats);
  const inPlace = threats.flatMap(({ controls }) =>
    controls.filter(({ status, exists }) => exists && status !== "proposed"),
  );
  const all = new Set(inPlace.map(({ id }) => id));
  if (all.size === 0) return undefined;
  const results = threats.flatMap(({ validations }) => validations.filter(({ isDraft }) => !isDraft));
  const failed = new Set(results.filter(({ result }) => resultOf(result) === "failed").map(({ control }) => control));
  const passed = new Set(results.filter(({ result }) => resultOf(result) === "stated").map(({ control }) => control));
  const shown = [...all].filter((id) => passed.has(id) && !failed.has(id)).length;
  const says = `${shown} of ${all.size} controls in place have a result${failed.size > 0 ? `, ${failed.size} failed` : ""}.`;
  return { state: failed.size > 0 || shown === 0 ? "gap" : shown === all.size ? "met" : "planned", says };
}

function ofReview(systems: readonly EvidenceSystem[]): SourceState | undefined {
  const rags = systems.flatMap(({ indicators }) => indicators.filter(({ id }) => id === "TM-3"));
  if (rags.length === 0) return undefined;
  if (rags.some(({ rag }) => rag === "RED")) return { state: "gap", says: "Review (TM-3): RED." };
  if (rags.some(({ rag }) => rag === "UNKNOWN")) return { state: "unknown", says: "Review (TM-3): not known here." };
  const isWhole = rags.every(({ rag }) => rag === "GREEN");
  return { state: isWhole ? "met" : "planned", says: `Review (TM-3): ${isWhole ? "GREEN" : "AMBER"}.` };
}

function ofAcceptances(systems: readonly EvidenceSystem[]): SourceState | undefined {
  const all = systems.flatMap(({ acceptances }) => acceptances);
  if (all.length === 0) return undefined;
  const void_ = all.filter(({ state }) => state === "not-in-force").length;
  const says = `${all.length - void_} of ${all.length} acceptances in force.`;
  return { state: void_ === 0 ? "met" : "gap", says };
}

function ofTreatment(systems: readonly EvidenceSystem[]): SourceState | undefined {
  const open = systems.flatMap(({ threats }) => threats.filter(({ decision }) => decision.status === "open"));
  if (open.length === 0) return undefined;
  const named = open.filter(({ owner, due }) => owner !== undefined && due !== undefined).length;
  const says = `${named} of ${open.length} open threats name who treats them and by when.`;
  return { state: named === open.length ? "met" : "gap", says };
}

function ofRecords(records: EvidenceRecords | undefined): SourceState {
  if (!records) return { state: "unknown", says: "Records of assessments are kept by the service, not by a clone." };
  if (records.broken) return { state: "gap", says: "The chain of records is broken." };
  return { state: records.count === 0 ? "gap" : "met", says: `${records.count} chained records of assessments.` };
}

function sentenceCase(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
