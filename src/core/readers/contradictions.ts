import type { Place, Problem } from "../domain/problem.ts";
import { showPlace } from "../domain/problem.ts";
import type { ThreatModel } from "../domain/threat-model.ts";
import { quote } from "./native-faults.ts";

interface Part {
  readonly id: string;
  readonly place: Place;
}

/** A field that two files may state of one part, as it is compared. Undefined where it is not stated. */
type Field<One> = readonly [name: string, value: (one: One) => string | undefined];

/**
 * Where two files of one model say different things of the same element, flow, boundary or control. Threats are compared
 * where they are joined. What only one file states is no contradiction; the first file's word is kept.
 */
export function contradictions(main: ThreatModel, other: ThreatModel): Problem[] {
  const box = boundaryNames(main, other);
  return [
    ...compare("Element", main.elements, other.elements, [
      ["type", ({ type }) => type],
      ["boundary", ({ boundary }) => (boundary === undefined ? undefined : box(boundary))],
    ]),
    ...compare("Flow", main.flows, other.flows, [
      ["source", ({ from }) => from],
      ["destination", ({ to }) => to],
      ["protocol", ({ protocol }) => protocol?.toLowerCase()],
    ]),
    ...compare("Boundary", main.boundaries, other.boundaries, [
      ["parent", ({ parent }) => (parent === undefined ? undefined : box(parent))],
    ]),
    ...compare("Control", main.controls, other.controls, [["status", ({ status }) => status]]),
  ];
}

/** One file calls a boundary by its id, another by its name: both are the boundary. */
function boundaryNames(main: ThreatModel, other: ThreatModel): (reference: string) => string {
  const ids = new Map([...other.boundaries, ...main.boundaries].map(({ id, name }) => [name.trim().toLowerCase(), id]));
  return (reference) => ids.get(reference.trim().toLowerCase()) ?? reference;
}

function compare<One extends Part>(
  kind: string,
  ours: readonly One[],
  theirs: readonly One[],
  fields: readonly Field<One>[],
): Problem[] {
  const known = new Map(ours.map((one) => [one.id, one]));
  return theirs.flatMap((second) => {
    const first = known.get(second.id);
    if (first === undefined) return [];
    return fields.flatMap(([name, value]): Problem[] => {
      const [one, two] = [value(first), value(second)];
      if (one === undefined || two === undefined || one === two) return [];
      return [
        {
          path: second.place.path,
          ...(second.place.line === undefined ? {} : { line: second.place.line }),
          severity: "warning",
          what: `${kind} ${quote(second.id)} has the ${name} ${quote(two)} here and ${quote(one)} at ${showPlace(first.place)}.`,
          hint: `${quote(one)} holds, because that file comes first; bring the files in line.`,
        },
      ];
    });
  });
}
