import type { ModelFormat, ThreatModel } from "../domain/threat-model.ts";

const drawings: ReadonlySet<ModelFormat> = new Set<ModelFormat>(["drawio", "plantuml"]);

/** Whether a file of this format draws a system and says nothing else of it. */
export function isDrawing({ format }: Pick<ThreatModel, "format">): boolean {
  return drawings.has(format);
}

/**
 * A drawing beside a model, with its parts under the model's own ids: a drawing knows its parts by their names alone, and
 * what is drawn under the name of an element, a boundary or both ends of a flow is that part, not a second one. The
 * model says what kind a part is; the drawing adds where it lies.
 */
export function underIdsOf(main: ThreatModel, drawing: ThreatModel): ThreatModel {
  const elements = byName(main.elements);
  const boundaries = byName(main.boundaries);
  const elementId = (id: string): string => elements.get(nameKey(id))?.id ?? id;
  const boundaryId = (id: string): string => boundaries.get(nameKey(id))?.id ?? id;
  const known = new Set(main.flows.map(({ from, to }) => pairOf(from, to)));
  return {
    ...drawing,
    elements: drawing.elements.map((element) => {
      const same = elements.get(nameKey(element.name));
      const boundary = element.boundary === undefined ? {} : { boundary: boundaryId(element.boundary) };
      return { ...element, ...boundary, ...(same && { id: same.id, name: same.name, kind: same.kind }) };
    }),
    boundaries: drawing.boundaries.map((boundary) => ({
      ...boundary,
      id: boundaryId(boundary.id),
      ...(boundary.parent === undefined ? {} : { parent: boundaryId(boundary.parent) }),
    })),
    flows: drawing.flows
      .map((flow) => ({ ...flow, from: elementId(flow.from), to: elementId(flow.to) }))
      .filter(({ from, to }) => !known.has(pairOf(from, to))),
  };
}

/** The parts whose name nobody else has: of two with one name none can be meant. */
function byName<Part extends { readonly name: string }>(parts: readonly Part[]): ReadonlyMap<string, Part> {
  const found = new Map<string, Part>();
  const twice = new Set<string>();
  for (const part of parts) {
    const key = nameKey(part.name);
    if (found.has(key)) twice.add(key);
    found.set(key, part);
  }
  for (const key of twice) found.delete(key);
  return found;
}

function nameKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function pairOf(from: string, to: string): string {
  return `${from}\u0000${to}`;
}
