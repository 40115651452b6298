import type { Change, ChangedElement } from "../domain/change.ts";
import { elementTypes } from "../domain/element-type.ts";
import { fittingId } from "../domain/threat-id.ts";
import type { ModelElement, ThreatModel } from "../domain/threat-model.ts";
import { compileGlobs } from "../text/globs.ts";

/** The element that a change concerns: the model's own where it can be told, otherwise the changed thing itself. */
export interface ConcernedElement {
  readonly element: ChangedElement & { readonly id: string };
  readonly modelled?: ModelElement;
}

/**
 * Finds the model's element that a change concerns. In this order: the same id or name; a technology of that very
 * name; a file the element lists. Types must agree, or the model must leave the type open and agree in kind. A file
 * alone identifies only processes: one file often declares several stores or partners, and crediting a new bucket with
 * what the model says of an old one beside it would fool the gate. Where two elements fit equally, none is taken.
 */
export function elementOfChange(change: Change, model: ThreatModel | undefined): ConcernedElement {
  const modelled = model && match(change, model);
  if (modelled) {
    return { element: { id: modelled.id, name: modelled.name, type: modelled.type ?? change.element.type }, modelled };
  }
  return { element: { ...change.element, id: fittingId(`${change.element.type}-${normalised(change.element.name)}`) } };
}

function match(change: Change, model: ThreatModel): ModelElement | undefined {
  const wanted = normalised(change.element.name);
  const candidates = model.elements.filter((element) => sameType(change.element, element));
  const byName = candidates.filter(
    (element) => normalised(element.id) === wanted || normalised(element.name) === wanted,
  );
  if (byName.length > 0) return only(byName);
  if (wanted.length >= 3) {
    const byTechnology = candidates.filter(
      (element) => element.technology && normalised(element.technology) === wanted,
    );
    if (byTechnology.length > 0) return only(byTechnology);
  }
  if (elementTypes[change.element.type] !== "process") return undefined;
  return only(candidates.filter((element) => listsFile(element, change.path)));
}

function sameType(changed: ChangedElement, element: ModelElement): boolean {
  if (element.type === undefined) return element.kind === elementTypes[changed.type];
  return element.type === changed.type;
}

function listsFile(element: ModelElement, path: string): boolean {
  if (element.files.length === 0) return false;
  return element.files.includes(path) || compileGlobs(element.files).matches(path);
}

function only<Value>(values: readonly Value[]): Value | undefined {
  return values.length === 1 ? values[0] : undefined;
}

/** Names as people vary them: case, blanks, hyphens and underscores do not count. */
function normalised(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
