import type { ModelAcceptance } from "../domain/model-decisions.ts";
import type { Place } from "../domain/problem.ts";
import type { Rating } from "../domain/risk.ts";
import type { Threat, ThreatStatus } from "../domain/threat.ts";
import { threatId } from "../domain/threat-id.ts";
import { formatAt, type ModelThreat, type ThreatModel } from "../domain/threat-model.ts";
import { inPlace } from "./facts.ts";
import type { FormerIds } from "./renames.ts";

/** What the model says of one derived threat. */
export interface Answer {
  readonly status: ThreatStatus;
  readonly place: Place;
  /** The people's own rating, where they gave one: it outlives ours. */
  readonly impact?: Rating;
  readonly likelihood?: Rating;
  /** The people's own words, where the threat was found by its id. */
  readonly title?: string;
}

/** What identifies a derived threat when an answer is looked for. */
export interface Asked {
  readonly id: string;
  /** Ids that it had while its element had another one. */
  readonly formerIds?: readonly string[];
  readonly title: string;
  readonly elementId: string;
  readonly elementName: string;
}

/** What a derived threat is asked for under: its id, those it had before, its title on its element. */
export function askedOf({ id, rule, title, element }: Threat, former: FormerIds): Asked {
  const before = (former.get(element.id) ?? []).map((one) => threatId(rule, one));
  return {
    id,
    title,
    elementId: element.id,
    elementName: element.name,
    ...(before.length > 0 && { formerIds: before }),
  };
}

/** Every id that means the threat. */
export function idsOf({ id, formerIds }: Asked): readonly string[] {
  return formerIds ? [id, ...formerIds] : [id];
}

/** As many characters as people are shown; shorter ids are hand-written numbers such as `T-12`. */
const shortestPrefix = "T-".length + 6;

/**
 * Finds the answers of a model to derived threats. A threat of the model answers by its id, by a prefix of it that
 * means only one of `ids`, by an id that the threat had before, or by the same title on the same element. An acceptance may stand alone.
 * @param now instant for the expiry of acceptances; without it an expiry is not judged.
 */
export function answersOf(
  model: ThreatModel,
  ids: readonly string[],
  now: string | undefined,
): (asked: Asked) => Answer | undefined {
  if (model.threats.length === 0 && model.acceptances.length === 0) return () => undefined;
  const byId = new Map<string, ModelThreat>();
  const byTitle = new Map<string, ModelThreat>();
  for (const threat of model.threats) {
    const id = meant(threat.id, ids);
    if (id && !byId.has(id)) byId.set(id, threat);
    if (threat.element) byTitle.set(titleKey(threat.element, threat.title), threat);
  }
  const accepted = new Map<string, ModelAcceptance>();
  for (const acceptance of model.acceptances)
    accepted.set(meant(acceptance.threat, ids) ?? acceptance.threat, acceptance);
  return (asked) => {
    const threat =
      byId.get(asked.id) ??
      first(asked.formerIds, byId) ??
      byTitle.get(titleKey(asked.elementId, asked.title)) ??
      byTitle.get(titleKey(asked.elementName, asked.title));
    const acceptance =
      accepted.get(asked.id) ?? first(asked.formerIds, accepted) ?? (threat && accepted.get(threat.id));
    if (!threat)
      return acceptance && { status: acceptanceHolds(acceptance, now) ? "accepted" : "open", place: acceptance.place };
    return {
      status: statusOf(threat, acceptance, model, now),
      place: threat.place,
      ...(isWorded(threat) && { title: threat.title }),
      ...(threat.impact && { impact: threat.impact }),
      ...(threat.likelihood && { likelihood: threat.likelihood }),
    };
  };
}

function first<Value>(ids: readonly string[] | undefined, by: ReadonlyMap<string, Value>): Value | undefined {
  for (const id of ids ?? []) {
    const found = by.get(id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A reader gives a threat without a title its id for one: that is nobody's wording. */
function isWorded({ id, title }: ModelThreat): boolean {
  return title.trim() !== "" && title !== id;
}

function meant(written: string, ids: readonly string[]): string | undefined {
  if (written.length < shortestPrefix || !written.startsWith("T-")) return undefined;
  const found = ids.filter((id) => id.startsWith(written.toLowerCase().replace("t-", "T-")));
  return found.length === 1 ? found[0] : undefined;
}

function titleKey(element: string, title: string): string {
  return `${element.toLowerCase()}\u0000${title.toLowerCase().replace(/\s+/g, " ").trim()}`;
}

/**
 * A status counts only with what makes it true: a mitigation with a control in place or a text that mitigates, an
 * exclusion with its reason, an acceptance with its record. Machine drafts that nobody confirmed answer nothing.
 */
function statusOf(
  threat: ModelThreat,
  acceptance: ModelAcceptance | undefined,
  model: ThreatModel,
  now: string | undefined,
): ThreatStatus {
  if (model.drafts.includes(threat.id)) return "open";
  switch (threat.status) {
    case "mitigated":
      return isMitigated(threat, model) ? "mitigated" : "open";
    case "not-applicable":
      return threat.reason ? "not-applicable" : "open";
    case "accepted":
      if (acceptance) return acceptanceHolds(acceptance, now) ? "accepted" : "open";
      // Our own format has a place for the record of an acceptance; others carry no more than a reason.
      return formatAt(model, threat.place) !== "native" && threat.reason ? "accepted" : "open";
    case "open":
    case "unknown":
      return acceptance && acceptanceHolds(acceptance, now) ? "accepted" : threat.status;
  }
}

function isMitigated(threat: ModelThreat, model: ThreatModel): boolean {
  const named = model.controls.filter(
    (control) => threat.controls.includes(control.id) && !model.drafts.includes(control.id),
  );
  if (named.some(inPlace)) return true;
  // Formats whose controls have no status say with the threat's own status that they are in place.
  if (named.some((control) => control.status === undefined && formatAt(model, control.place) !== "native")) return true;
  return named.length === 0 && threat.mitigation !== undefined;
}

/** The form of an accepted risk (UKHSA standards, exceptions): a reason, an approver and a time limit not yet over. */
function acceptanceHolds(acceptance: ModelAcceptance, now: string | undefined): boolean {
  if (!acceptance.reason || !acceptance.approver || !acceptance.until) return false;
  return now === undefined || now.slice(0, 10) <= acceptance.until.slice(0, 10);
}
