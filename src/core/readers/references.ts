import type { Place, Problem } from "../domain/problem.ts";
import type { ThreatModel } from "../domain/threat-model.ts";
import { suggestionFor } from "../text/suggestion.ts";
import { quote } from "./native-faults.ts";

/** Searching a near word costs time; beyond this many faults the list itself is the hint. */
const suggestionLimit = 50;

/**
 * Problems of ids in our own files: a reference to a part that no file of the model holds, a boundary inside itself.
 * Looks only at parts that stand in `ownFiles`; foreign formats report their own. Run after all files are merged, because
 * our file may complete a foreign one.
 */
export function referenceProblems(model: ThreatModel, ownFiles: ReadonlySet<string>): Problem[] {
  if (ownFiles.size === 0) return [];
  const problems: Problem[] = [];
  const ids = {
    element: model.elements.map(({ id }) => id),
    place: [...model.elements, ...model.flows, ...model.boundaries].map(({ id }) => id),
    boundary: model.boundaries.map(({ id }) => id),
    threat: model.threats.map(({ id }) => id),
    control: model.controls.map(({ id }) => id),
    any: draftable(model),
  };
  const names = new Set([...model.elements, ...model.boundaries].map(({ name }) => name));
  const sets = Object.fromEntries(Object.entries(ids).map(([kind, list]) => [kind, new Set(list)]));
  const check = (
    reference: string | undefined,
    kind: keyof typeof ids,
    from: string,
    says: string,
    place: Place,
  ): void => {
    if (reference === undefined || !ownFiles.has(place.path) || sets[kind]?.has(reference) === true) return;
    if (kind === "place" && names.has(reference)) return;
    const near = problems.length < suggestionLimit ? suggestionFor(reference, ids[kind]) : undefined;
    problems.push({
      path: place.path,
      ...(place.line === undefined ? {} : { line: place.line }),
      severity: "error",
      what: `${from} names ${says} ${quote(reference)}, which the model does not hold.`,
      hint: near === undefined ? `Add ${says} with this id, or name one that exists.` : `Did you mean ${quote(near)}?`,
    });
  };
  for (const { id, boundary, place } of model.elements)
    check(boundary, "boundary", `Element ${quote(id)}`, "a boundary", place);
  for (const { id, from, to, place } of model.flows) {
    check(from, "element", `Flow ${quote(id)}`, "an element", place);
    check(to, "element", `Flow ${quote(id)}`, "an element", place);
  }
  for (const { id, parent, place } of model.boundaries)
    check(parent, "boundary", `Boundary ${quote(id)}`, "a boundary", place);
  for (const { id, element, controls, place } of model.threats) {
    check(element, "place", `Threat ${quote(id)}`, "an element", place);
    for (const control of controls) check(control, "control", `Threat ${quote(id)}`, "a control", place);
  }
  for (const { id, threats, place } of model.stories)
    for (const threat of threats) check(threat, "threat", `Story ${quote(id)}`, "a threat", place);
  for (const { id, control, place } of model.validations)
    check(control, "control", `Validation ${quote(id)}`, "a control", place);
  for (const { threat, place } of model.acceptances) check(threat, "threat", "An acceptance", "a threat", place);
  const main = [...ownFiles][0];
  if (main !== undefined) for (const draft of model.drafts) check(draft, "any", "`drafts`", "a part", { path: main });
  return [...problems, ...nestingProblems(model, ownFiles)];
}

/** Everything that `drafts` may name. */
function draftable(model: ThreatModel): string[] {
  const systemFields = ["name", "description", "owner", "users", "data", "links", "exposure", "criticality", "updated"];
  return [
    "system",
    ...systemFields.map((field) => `system.${field}`),
    ...[
      ...model.elements,
      ...model.flows,
      ...model.boundaries,
      ...model.threats,
      ...model.controls,
      ...model.stories,
      ...model.validations,
    ].map(({ id }) => id),
  ];
}

function nestingProblems(model: ThreatModel, ownFiles: ReadonlySet<string>): Problem[] {
  const parents = new Map(model.boundaries.map(({ id, parent }) => [id, parent]));
  return model.boundaries.flatMap(({ id, place }): Problem[] => {
    if (!ownFiles.has(place.path)) return [];
    const seen = new Set<string>();
    let current: string | undefined = id;
    while (current !== undefined && !seen.has(current)) {
      seen.add(current);
      current = parents.get(current);
    }
    if (current !== id) return [];
    return [
      {
        path: place.path,
        ...(place.line === undefined ? {} : { line: place.line }),
        severity: "error",
        what: `Boundary ${quote(id)} lies inside itself.`,
        hint: "Follow `parent` from boundary to boundary: it must end at one without a parent.",
      },
    ];
  });
}
