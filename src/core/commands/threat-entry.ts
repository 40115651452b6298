import type { Document } from "yaml";
import { shortDigest } from "../domain/threat-id.ts";
import { addEntry, dropItems, entryWith, listAt, type Mapping } from "./edit-yaml.ts";
import type { AnsweredSystem } from "./ground.ts";
import type { KnownThreat } from "./known-threats.ts";

/* Where an answer stands in a file of our own format: the entry of its threat, and the ids there. */

/** The order of keys in our format, for lists that an answer or a draft begins. */
export const keyOrder = [
  "schemaVersion",
  "system",
  "elements",
  "flows",
  "boundaries",
  "threats",
  "controls",
  "stories",
  "validations",
  "acceptances",
  "reviews",
  "requirements",
  "questionnaire",
  "drafts",
  "imports",
];

/** Ids that our own format takes. */
export const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The threat's entry in the file, made where there is none, with what it refers to; it is no draft any more. */
export function threatEntry(document: Document, threat: KnownThreat, system: AnsweredSystem): Mapping {
  dropItems(document, "drafts", (draft) => draft === threat.id);
  const found = entryWith(document, "threats", "id", threat.id);
  if (found) return found;
  const { derived, written } = threat;
  // Our file speaks of another file's threat by its id alone.
  if (!derived || written) return addEntry(document, listAt(document, "threats", keyOrder), { id: threat.id });
  const element = elementOf(document, threat, system);
  const { stride, title, impact, likelihood } = derived;
  return addEntry(document, listAt(document, "threats", keyOrder), {
    id: threat.id,
    element,
    stride,
    title: title.replace(/\s+/g, " ").slice(0, 300),
    impact,
    likelihood,
  });
}

/** The id of the derived threat's element in the model; the element is added where the model does not hold it. */
function elementOf(document: Document, { derived }: KnownThreat, { model }: AnsweredSystem): string | undefined {
  if (!derived) return undefined;
  const { element, place } = derived;
  if (model?.elements.some(({ id }) => id === element.id) && idPattern.test(element.id)) return element.id;
  const id = nativeId(element.id);
  if (!model?.elements.some((one) => one.id === id) && !entryWith(document, "elements", "id", id)) {
    const name = element.name.replace(/\s+/g, " ").trim().slice(0, 200);
    const entry = { id, type: element.type, name: name === "" ? id : name, files: [place.path.slice(0, 500)] };
    addEntry(document, listAt(document, "elements", keyOrder), entry);
  }
  return id;
}

/** An id that our own format takes, the same as in the drafts that the check offers. */
export function nativeId(id: string): string {
  if (idPattern.test(id)) return id;
  const words = id
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/g, "")
    .slice(0, 50);
  return words === "" ? `E-${shortDigest(id, 10)}` : `${words}-${shortDigest(id, 6)}`;
}
