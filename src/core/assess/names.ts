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

/** `#41`, `issue 41` (in YAML a bare `#41` begins a comment), `…/issues/41`; advisories and alerts by their ids. */
const reference =
  /(?<![\p{L}\p{N}_#-])(?:(?:#|issues?[ /]#?)(\d{1,9})|(ghsa(?:-[0-9a-z]{4}){3}|cve-\d{4}-\d{4,9}|dependabot alert \d{1,9}))(?![\p{L}\p{N}_-])/giu;

/** The issues, advisories and alerts that texts name, an issue as `#41`. */
export function referencesIn(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) => [...text.matchAll(reference)]);
  return [...new Set(found.map(([whole, issue]) => (issue === undefined ? whole : `#${issue}`)))];
}

function isEdge(character: string | undefined): boolean {
  return character === undefined || !/[\p{L}\p{N}_-]/u.test(character);
}
