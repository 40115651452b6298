import type { Place, Problem } from "../domain/problem.ts";
import { showPlace } from "../domain/problem.ts";
import { shortDigest } from "../domain/threat-id.ts";
import type { ThreatModel } from "../domain/threat-model.ts";
import { quote } from "./native-faults.ts";

interface Part {
  readonly id: string;
  readonly place: Place;
}

/**
 * Ids that one file gives to two parts (H073). Both parts are kept: the first keeps the id, a later one is renamed by a
 * digest of its own content, so that it never takes over the first one's issue. Told with both lines.
 */
export function withUniqueIds(model: ThreatModel): {
  readonly model: ThreatModel;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const copies = new Map<string, number>();
  const severity = model.format === "native" ? "error" : "warning";
  const unique = <Kind extends Part>(
    kind: string,
    parts: readonly Kind[],
    taken: Map<string, Place> = new Map(),
  ): Kind[] =>
    parts.map((part) => {
      const first = taken.get(part.id);
      if (first === undefined) {
        taken.set(part.id, part.place);
        return part;
      }
      const renamed = `${part.id.slice(0, 50)}-${shortDigest(JSON.stringify({ ...part, place: undefined }), 8)}`;
      const copy = (copies.get(renamed) ?? 0) + 1;
      copies.set(renamed, copy);
      const id = copy === 1 && !taken.has(renamed) ? renamed : `${renamed}.${copy}`;
      taken.set(id, part.place);
      // Ids that a reader derived are no fault of the author's: flows and stories of other formats have none of their own.
      if (model.format !== "native" && (kind === "flow" || kind === "boundary" || kind === "story"))
        return { ...part, id };
      problems.push({
        path: part.place.path,
        ...(part.place.line === undefined ? {} : { line: part.place.line }),
        severity,
        what: `The id ${quote(part.id)} is given to two parts: here and at ${showPlace(first)}.`,
        hint: `Give this ${kind} an id of its own. Until then it is known as ${quote(id)}.`,
      });
      return { ...part, id };
    });
  const placed = new Map<string, Place>();
  return {
    model: {
      ...model,
      elements: unique("element", model.elements, placed),
      flows: unique("flow", model.flows, model.format === "native" ? placed : new Map<string, Place>()),
      boundaries: unique("boundary", model.boundaries, model.format === "native" ? placed : new Map<string, Place>()),
      threats: unique("threat", model.threats),
      controls: unique("control", model.controls),
      stories: unique("story", model.stories),
      validations: unique("validation", model.validations),
    },
    problems,
  };
}
