import type { ModelBoundary, ModelElement, ModelFlow, ModelThreat, ThreatModel } from "../domain/threat-model.ts";
import { shown } from "./fit.ts";
import type { Fitted } from "./model-writer.ts";

/*
 * Foreign files name parts that they do not hold: a zone that only elements speak of, an end of a flow that nobody drew.
 * Our own format calls that a fault, so whatever is written in it is made whole first, and each step is told.
 */

/** A part that a reference may mean, by its id or its name. */
interface Named {
  readonly id: string;
  readonly name?: string;
}

/** Every reference leads to a part of the model, and no two drawn parts share an id. */
export function withWholeReferences(model: ThreatModel): Fitted {
  const notes: string[] = [];
  const named = withNamedParts(withIdsApart(model, notes));
  const drawn = named.model;
  notes.push(...named.notes);
  // A flow with an open end cannot be written, so nothing can name it.
  const flows = drawn.flows.filter(({ from, to }) => from !== "" && to !== "");
  const places = keysOf([...drawn.elements, ...flows, ...drawn.boundaries]);
  const controls = new Set(model.controls.map(({ id }) => id));
  const threats = new Set(model.threats.map(({ id }) => id));
  const whole: ThreatModel = {
    ...drawn,
    threats: model.threats.map((threat) => withPlace(withControls(threat, controls, notes), places, notes)),
    stories: model.stories.map((story) => ({
      ...story,
      threats: story.threats.filter((id) => isThere(id, threats, `story "${shown(story.id)}"`, "threat", notes)),
    })),
    validations: model.validations.map((validation) => {
      const { control, ...rest } = validation;
      if (control === undefined) return validation;
      const isKnown = isThere(control, controls, `validation "${shown(validation.id)}"`, "control", notes);
      return isKnown ? validation : { ...rest, how: withWords(rest.how, "Control", control) };
    }),
    acceptances: model.acceptances.filter(({ threat }) => isThere(threat, threats, "an acceptance", "threat", notes)),
  };
  return { model: whole, notes };
}

/** What references alone name becomes a part, as a diagram draws it: boundaries of elements, ends of flows. */
export function withNamedParts(model: ThreatModel): Fitted {
  const notes: string[] = [];
  return { model: withNamedEnds(withNamedBoundaries(model, notes), notes), notes };
}

/** Flows and boundaries that have the id of an element get one of their own; what names that id means the element. */
function withIdsApart(model: ThreatModel, notes: string[]): ThreatModel {
  const taken = new Set(model.elements.map(({ id }) => id));
  const renamed = <Part extends ModelBoundary | ModelFlow>(parts: readonly Part[], kind: string): Part[] =>
    parts.map((part) => {
      let id = part.id;
      for (let count = 1; taken.has(id); count++) id = `${part.id}-${kind}${count === 1 ? "" : count}`;
      taken.add(id);
      if (id === part.id) return part;
      notes.push(`${kind} "${shown(part.id)}", whose id an element has too, has the id ${id}`);
      return { ...part, id };
    });
  const boundaries = renamed(model.boundaries, "boundary");
  const moved = new Map(model.boundaries.map(({ id }, index) => [id, boundaries[index]?.id ?? id]));
  return {
    ...model,
    boundaries: boundaries.map((part) =>
      part.parent === undefined ? part : { ...part, parent: moved.get(part.parent) ?? part.parent },
    ),
    elements: model.elements.map((part) =>
      part.boundary === undefined ? part : { ...part, boundary: moved.get(part.boundary) ?? part.boundary },
    ),
    flows: renamed(model.flows, "flow"),
  };
}

/** Boundaries that are only named become parts: a diagram draws them as well. */
function withNamedBoundaries(model: ThreatModel, notes: string[]): ThreatModel {
  const known = keysOf(model.boundaries);
  const taken = new Set([...model.elements, ...model.flows].map(({ id }) => id));
  const added = new Map<string, ModelBoundary>();
  const led = <Part extends { readonly place: ModelBoundary["place"] }>(part: Part, name: string | undefined) => {
    if (name === undefined || known.has(keyOf(name))) return name;
    const before = added.get(keyOf(name));
    if (before) return before.id;
    const id = taken.has(name) ? `${name}-boundary` : name;
    added.set(keyOf(name), { id, name, place: part.place });
    notes.push(`boundary "${shown(name)}" is a part of its own: it was only named`);
    return id;
  };
  const elements = model.elements.map((part) => leading(part, "boundary", led(part, part.boundary)));
  const boundaries = model.boundaries.map((part) => leading(part, "parent", led(part, part.parent)));
  return { ...model, elements, boundaries: [...boundaries, ...added.values()] };
}

/** Ends of flows that are no elements become some, as drafts: what they are nobody has said. */
function withNamedEnds(model: ThreatModel, notes: string[]): ThreatModel {
  const known = keysOf(model.elements);
  // An id says which of several boundaries with one name is meant.
  const boundaries = new Map(model.boundaries.map(({ id, name }) => [keyOf(name), id]));
  for (const { id } of model.boundaries) boundaries.set(keyOf(id), id);
  const added = new Map<string, ModelElement>();
  const led = (name: string, place: ModelFlow["place"]): string => {
    if (name === "" || known.has(keyOf(name))) return name;
    const before = added.get(keyOf(name));
    if (before) return before.id;
    const within = boundaries.get(keyOf(name));
    const id = within === undefined ? name : `${within}-element`;
    const part = { id, name, kind: "process", data: [], files: [], facts: [], place } as const;
    added.set(keyOf(name), within === undefined ? part : { ...part, boundary: within });
    notes.push(`"${shown(name)}", which only flows name, is drafted as an element`);
    return id;
  };
  const flows = model.flows.map((flow) => ({
    ...flow,
    from: led(flow.from, flow.place),
    to: led(flow.to, flow.place),
  }));
  const drafted = [...added.values()].map(({ id }) => id);
  return {
    ...model,
    flows,
    elements: [...model.elements, ...added.values()],
    drafts: [...model.drafts, ...drafted],
  };
}

/** The part with this reference; unchanged where there is none. */
function leading<Part, Key extends string>(part: Part, key: Key, value: string | undefined): Part {
  return value === undefined ? part : { ...part, [key]: value };
}

/** What a threat concerns stays in its words where it is no part of the model. */
function withPlace(threat: ModelThreat, places: ReadonlySet<string>, notes: string[]): ModelThreat {
  const { element, ...rest } = threat;
  if (element === undefined || places.has(keyOf(element))) return threat;
  notes.push(
    `threat "${shown(threat.id)}" names "${shown(element)}", which is no part of the model: see its description`,
  );
  return { ...rest, description: withWords(rest.description ?? "", "Concerns", element) };
}

function withControls(threat: ModelThreat, known: ReadonlySet<string>, notes: string[]): ModelThreat {
  const from = `threat "${shown(threat.id)}"`;
  return { ...threat, controls: threat.controls.filter((id) => isThere(id, known, from, "control", notes)) };
}

function isThere(id: string, known: ReadonlySet<string>, from: string, kind: string, notes: string[]): boolean {
  if (known.has(id)) return true;
  notes.push(`${from} names the ${kind} "${shown(id)}", which the model does not hold: left out`);
  return false;
}

function withWords(text: string, label: string, words: string): string {
  return `${text.trimEnd()}${text.trim() === "" ? "" : "\n\n"}${label}: ${words}`;
}

function keysOf(parts: readonly Named[]): ReadonlySet<string> {
  return new Set(parts.flatMap(({ id, name }) => [keyOf(id), ...(name === undefined ? [] : [keyOf(name)])]));
}

function keyOf(name: string): string {
  return name.trim().toLowerCase();
}
