import type { ThreatModel } from "../domain/threat-model.ts";
import { relinked } from "./fit.ts";
import type { Fitted } from "./model-writer.ts";
import { oneLine } from "./plain.ts";
import { withNamedParts } from "./whole-references.ts";

/* A document knows elements, flows and boundaries by their names: fits those of a model to that. */

/** The diagram of the document draws what is only named, so that it is read back from it; a document has no drafts. */
export function withDrawnParts(model: ThreatModel): Fitted {
  const named = withNamedParts(model);
  return { ...named, model: { ...named.model, drafts: model.drafts } };
}

/** In a document a part is what it is called; two that are called alike get their ids beside the names. */
export function withNamesAsIds(model: ThreatModel): Fitted {
  const parts = [...model.elements, ...model.boundaries];
  const drawn = new Map([...namesApart(model.boundaries), ...namesApart(model.elements)]);
  const named = relinked(
    {
      ...model,
      elements: model.elements.map((part) => ({ ...part, name: drawn.get(part.id) ?? part.name })),
      boundaries: model.boundaries.map((part) => ({ ...part, name: drawn.get(part.id) ?? part.name })),
    },
    { drawn, threats: new Map(), controls: new Map(), stories: new Map(), validations: new Map() },
  );
  const changed = parts.filter(({ id }) => drawn.get(id) !== id).length;
  const copies = new Map<string, number>();
  const flows = new Map<string, string>();
  const withIds = named.flows.map((stated) => {
    const label = stated.name ?? [...stated.data, stated.protocol ?? ""].filter((text) => text !== "").join(", ");
    const flow = { ...stated, ...(label === "" ? {} : { name: oneLine(label).slice(0, 120).trim() }) };
    const base = flow.name === undefined ? `${flow.from} -> ${flow.to}` : `${flow.from} -> ${flow.to}: ${flow.name}`;
    const copy = (copies.get(base) ?? 0) + 1;
    copies.set(base, copy);
    const id = copy === 1 ? base : `${base} #${copy}`;
    flows.set(flow.id, id);
    return { ...flow, id };
  });
  return {
    model: {
      ...named,
      flows: withIds,
      threats: named.threats.map((threat) => ({
        ...threat,
        ...(threat.element === undefined ? {} : { element: flows.get(threat.element) ?? threat.element }),
      })),
    },
    notes:
      changed + withIds.length === 0
        ? []
        : ["elements, flows and boundaries are known by their names in a document; their ids are not in it"],
  };
}

/** What parts of one kind are called in the document, by their ids. */
function namesApart(parts: readonly { readonly id: string; readonly name: string }[]): [string, string][] {
  const often = new Map<string, number>();
  for (const { name } of parts) often.set(oneLine(name), (often.get(oneLine(name)) ?? 0) + 1);
  return parts.map(({ id, name }) => {
    const shown = oneLine(name);
    return [id, shown === "" || (often.get(shown) ?? 0) > 1 ? `${shown} ${id}`.trim() : shown];
  });
}
