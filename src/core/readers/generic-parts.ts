import type { ElementKind } from "../domain/stride.ts";
import type { ModelElement, ModelFlow } from "../domain/threat-model.ts";
import type { Cursor } from "./cursor.ts";
import { kindByName } from "./element-kind.ts";
import { known } from "./known.ts";

/* Elements and flows of models in no known schema, by the usual names of their keys. */

/** The first of several keys that holds something. */
export function first(part: Cursor, ...keys: readonly string[]): Cursor | undefined {
  return keys.map((key) => part.at(key)).find((cursor) => cursor.value !== undefined && cursor.value !== null);
}

/** The id of a part, by the usual keys. */
export function idOf(part: Cursor): string | undefined {
  return first(part, "id", "ID", "key", "ref", "REFID")?.text();
}

/** The name of a part, by the usual keys. */
export function nameOf(part: Cursor): string | undefined {
  return first(part, "name", "title", "label", "Name", "Title")?.text();
}

/** One element of a list; the key of the list tells its kind where it says none itself. */
export function elementOf(name: string | undefined, element: Cursor, list: string): ModelElement {
  const id = idOf(element) ?? name ?? nameOf(element) ?? element.text() ?? "";
  const shown = nameOf(element) ?? name ?? id;
  const type = first(element, "type", "kind")?.text();
  return known({
    id,
    name: shown,
    kind: kindOf(type ?? list) ?? kindByName(shown),
    technology: first(element, "technology", "tech", "product")?.text() ?? type,
    boundary: first(element, "boundary", "trust_zone", "trustZone", "trust_boundary", "zone")?.text(),
    data: first(element, "data", "assets", "stores")?.texts() ?? [],
    files: first(element, "files", "paths")?.texts() ?? [],
    facts: [],
    place: element.place(),
  });
}

function kindOf(type: string): ElementKind | undefined {
  if (/external|actor|user|person|interactor/i.test(type)) return "external";
  if (/store|database|\bdb\b|bucket|queue|cache/i.test(type)) return "store";
  return /process|service|server|component|function|lambda/i.test(type) ? "process" : undefined;
}

/** One flow. */
export function flowOf(name: string | undefined, flow: Cursor): ModelFlow {
  const from = first(flow, "from", "source", "first_node", "src", "start")?.text() ?? "";
  const to = first(flow, "to", "target", "destination", "sink", "second_node", "dst", "end")?.text() ?? "";
  const shown = nameOf(flow) ?? name;
  return known({
    id: idOf(flow) ?? `${from} -> ${to}${shown === undefined ? "" : `: ${shown}`}`,
    name: shown,
    from,
    to,
    data: first(flow, "data", "assets", "payload")?.texts() ?? [],
    protocol: first(flow, "protocol", "transport")?.text(),
    facts: [],
    place: flow.place(),
  });
}
