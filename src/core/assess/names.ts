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

/**
 * Whether a text names something as a word of its own: `orders` is named in "the orders table", not in "orders-old".
 * Names of one or two characters name nothing.
 */
export function mentions(text: string, name: string): boolean {
  const wanted = aligned(name.trim());
  if (wanted.length < 3) return false;
  const plain = text.replace(/\s+/g, " ");
  const within = aligned(text);
  for (let at = within.indexOf(wanted); at !== -1; at = within.indexOf(wanted, at + 1)) {
    if (isEdge(plain[at - 1]) && isEdge(plain[at + wanted.length])) return true;
  }
  return false;
}

/** Like `nameKey`, but character by character, so that what stands beside a match can be looked at. */
function aligned(text: string): string {
  return text.replace(/\s+/g, " ").toLowerCase().replace(/[ _-]/g, "-");
}

function isEdge(character: string | undefined): boolean {
  return character === undefined || !/[\p{L}\p{N}_-]/u.test(character);
}
