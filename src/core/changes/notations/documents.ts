import { readJson } from "../../text/json.ts";
import { readForeignYaml } from "../../text/yaml.ts";
import type { Item, Structure } from "../structure.ts";
import { type LineOf, structureOf } from "./items.ts";

/** One value of a file and where its parts stand. */
export interface ForeignDocument {
  readonly value: unknown;
  readonly lineOf: LineOf;
}

/**
 * The items of a file that people write in JSON or in YAML, document by document; why, where it cannot be read.
 * @param nodes how many values it may hold; the general limit without it
 */
export function structureOfDocuments(
  source: { readonly text: string; readonly isJson: boolean; readonly nodes?: number },
  itemsOf: (document: ForeignDocument) => readonly Item[],
): Structure {
  const options = source.nodes === undefined ? {} : { nodes: source.nodes };
  if (source.isJson) {
    const json = readJson(source.text, options);
    return "unreadable" in json ? json : structureOf(itemsOf(json));
  }
  const yaml = readForeignYaml(source.text, options);
  return "unreadable" in yaml ? yaml : structureOf(yaml.documents.flatMap(itemsOf));
}
