import { shortDigest } from "../domain/threat-id.ts";
import type { ModelThreat, ThreatModel } from "../domain/threat-model.ts";
import type { Fitted } from "./model-writer.ts";
import { clip, oneLine } from "./plain.ts";

/** Ids that people type and issues carry (H052): the one form that all formats hold and all readers keep. */
const safeId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** Bare numbers are positions, which readers do not take for names. */
const bareNumber = /^\d{1,4}$/;

/** Renamed ids of one namespace: old to new. */
type Names = ReadonlyMap<string, string>;

/**
 * Gives every part an id that the formats hold, and leads every reference to the id of the part it means, by id or by
 * name. A reference that means no part stays as it is. Renaming rests on the old id alone, never on the order.
 */
export function withSafeIds(model: ThreatModel): Fitted {
  const notes: string[] = [];
  const drawn = renamed([...model.elements, ...model.flows, ...model.boundaries]);
  const threats = renamed(model.threats);
  const controls = renamed(model.controls);
  const stories = renamed(model.stories);
  const validations = renamed(model.validations);
  for (const [kind, names] of [
    ["", drawn],
    ["threat ", threats],
    ["control ", controls],
    ["story ", stories],
    ["validation ", validations],
  ] as const)
    for (const [from, to] of names) if (from !== to) notes.push(`${kind}"${shown(from)}" has the id ${to}`);
  return { model: relinked(model, { drawn, threats, controls, stories, validations }), notes };
}

/** New names of all parts, by namespace. */
export interface Renaming {
  readonly drawn: Names;
  readonly threats: Names;
  readonly controls: Names;
  readonly stories: Names;
  readonly validations: Names;
}

/** The model with its parts renamed and every reference led after them. */
export function relinked(model: ThreatModel, names: Renaming): ThreatModel {
  const { drawn } = names;
  const place = lookup(drawn, [...model.elements, ...model.boundaries, ...model.flows]);
  const element = lookup(drawn, model.elements);
  const end = lookup(drawn, [...model.elements, ...model.boundaries]);
  const boundary = lookup(drawn, model.boundaries);
  const to = (map: Names, id: string): string => map.get(id) ?? id;
  const all = new Map([...drawn, ...names.threats, ...names.controls, ...names.stories, ...names.validations]);
  return {
    ...model,
    elements: model.elements.map((part) => ({
      ...part,
      id: to(drawn, part.id),
      ...(part.boundary === undefined ? {} : { boundary: boundary(part.boundary) }),
    })),
    flows: model.flows.map((part) => ({ ...part, id: to(drawn, part.id), from: end(part.from), to: end(part.to) })),
    boundaries: model.boundaries.map((part) => ({
      ...part,
      id: to(drawn, part.id),
      ...(part.parent === undefined ? {} : { parent: boundary(part.parent) }),
    })),
    threats: model.threats.map((part) => ({
      ...part,
      id: to(names.threats, part.id),
      controls: part.controls.map((id) => to(names.controls, id)),
      ...(part.element === undefined
        ? {}
        : { element: element(part.element) === part.element ? place(part.element) : element(part.element) }),
    })),
    controls: model.controls.map((part) => ({ ...part, id: to(names.controls, part.id) })),
    stories: model.stories.map((part) => ({
      ...part,
      id: to(names.stories, part.id),
      threats: part.threats.map((id) => to(names.threats, id)),
    })),
    validations: model.validations.map((part) => ({
      ...part,
      id: to(names.validations, part.id),
      ...(part.control === undefined ? {} : { control: to(names.controls, part.control) }),
    })),
    acceptances: model.acceptances.map((part) => ({ ...part, threat: to(names.threats, part.threat) })),
    drafts: model.drafts.map((id) => to(all, id)),
  };
}

/** Finds the new id of a part by its old id, else by its name in any spelling of case. */
function lookup(
  names: Names,
  parts: readonly { readonly id: string; readonly name?: string }[],
): (reference: string) => string {
  const ids = new Set(parts.map(({ id }) => id));
  const byName = new Map<string, string>();
  for (const { id, name } of parts) {
    const key = name?.trim().toLowerCase();
    if (key !== undefined && key !== "" && !byName.has(key)) byName.set(key, id);
  }
  return (reference) => {
    const id = ids.has(reference) ? reference : byName.get(reference.trim().toLowerCase());
    return id === undefined ? reference : (names.get(id) ?? id);
  };
}

function renamed(parts: readonly { readonly id: string }[]): Names {
  const kept = new Set(parts.map(({ id }) => id).filter(isSafe));
  const names = new Map<string, string>();
  for (const { id } of parts) {
    if (isSafe(id)) {
      names.set(id, id);
      continue;
    }
    const plain = slug(id);
    const taken = plain === "" || kept.has(plain) || bareNumber.test(plain);
    const name = taken ? `${plain === "" ? "part" : plain}-${shortDigest(id, 8)}` : plain;
    kept.add(name);
    names.set(id, name);
  }
  return names;
}

function isSafe(id: string): boolean {
  return safeId.test(id) && !bareNumber.test(id);
}

/** `Booking pages` becomes `booking-pages`. */
function slug(id: string): string {
  return id
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, "-")
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
    .slice(0, 50)
    .replace(/[^a-z0-9]+$/, "");
}

/** Free texts that answer threats become controls, for formats in which a control is a part of its own. */
export function withMitigationsAsControls(model: ThreatModel): Fitted {
  const controls = new Map(model.controls.map((control) => [control.id, control]));
  const titles = new Map(model.controls.map((control) => [control.title.trim().toLowerCase(), control.id]));
  const notes: string[] = [];
  const threats = model.threats.map((threat): ModelThreat => {
    const { mitigation, ...rest } = threat;
    const isReason = mitigation !== undefined && mitigation === threat.reason;
    if (mitigation === undefined || isReason) return isReason ? rest : threat;
    const answered = threat.controls.some((id) => covers(controls.get(id)?.title, mitigation));
    if (answered) return rest;
    const id = titles.get(mitigation.trim().toLowerCase()) ?? `C-${shortDigest(mitigation.trim().toLowerCase(), 12)}`;
    if (!controls.has(id)) {
      controls.set(id, {
        id,
        title: mitigation.trim(),
        ...(threat.status === "mitigated" ? { status: "implemented" as const } : {}),
        evidence: [],
        place: threat.place,
      });
      notes.push(`the mitigation of threat ${threat.id} is the control ${id}`);
    }
    return { ...rest, controls: [...new Set([...threat.controls, id])] };
  });
  return { model: { ...model, threats, controls: [...controls.values()] }, notes };
}

/** Whether a control's title is the whole text, or what a reader kept of a long one. */
function covers(title: string | undefined, mitigation: string): boolean {
  return (
    title !== undefined &&
    title.length > 0 &&
    (title === mitigation || (title.length >= 200 && mitigation.startsWith(title)))
  );
}

/** Controls become one free text of their threats, for formats that have no controls. */
export function withControlsAsMitigations(model: ThreatModel): Fitted {
  const titles = new Map(model.controls.map(({ id, title }) => [id, title]));
  const notes: string[] = [];
  const threats = model.threats.map((threat): ModelThreat => {
    const named = threat.controls.flatMap((id) => titles.get(id) ?? []);
    if (named.length === 0 || threat.mitigation !== undefined) return threat;
    notes.push(`the controls of threat ${threat.id} are its mitigation text`);
    return { ...threat, mitigation: named.join("; ") };
  });
  return { model: { ...model, threats }, notes };
}

/** One step after another; the notes of all of them. */
export function fitted(model: ThreatModel, ...steps: readonly ((model: ThreatModel) => Fitted)[]): Fitted {
  let current = model;
  const notes: string[] = [];
  for (const step of steps) {
    const done = step(current);
    current = done.model;
    notes.push(...done.notes);
  }
  return { model: current, notes };
}

/** An id or name as it is shown in a note. */
export function shown(text: string): string {
  return clip(oneLine(text), 80);
}
