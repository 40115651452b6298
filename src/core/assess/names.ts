import type { ThreatModel } from "../domain/threat-model.ts";

/** A name as it is compared: case, spaces, hyphens and underscores do not tell two names apart. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, "-");
}

/** Ids and names of an element and the paths or patterns of its files, found by its id or its name. */
export function namesOfElement(model: ThreatModel, reference: string): { names: string[]; files: readonly string[] } {
  const wanted = nameKey(reference);
  const element = model.elements.find(({ id, name }) => nameKey(id) === wanted || nameKey(name) === wanted);
  return element ? { names: [element.id, element.name], files: element.files } : { names: [reference], files: [] };
}

/** Whether a text names something as a word of its own. Names of one or two characters name nothing. */
export function mentions(text: string, name: string): boolean {
  const wanted = nameKey(name);
  if (wanted.length < 3) return false;
  const within = nameKey(text);
  for (let at = within.indexOf(wanted); at !== -1; at = within.indexOf(wanted, at + 1)) {
    if (isEdge(within[at - 1]) && isEdge(within[at + wanted.length])) return true;
  }
  return false;
}

function isEdge(character: string | undefined): boolean {
  return character === undefined || !/[\p{L}\p{N}]/u.test(character);
}
