import type { AttributeValue, Item } from "../domain/declared-item.ts";
import type { ElementType } from "../domain/element-type.ts";
import type { Place } from "../domain/problem.ts";
import type { Survey, SurveyedItem } from "../domain/survey.ts";

/** A declared thing with the file it stands in. */
export interface Thing extends SurveyedItem {
  readonly path: string;
}

/** All declared things of these kinds, in the order of paths and lines. */
export function thingsOf(survey: Survey, ...kinds: readonly string[]): Thing[] {
  const wanted = new Set(kinds);
  return survey.files.flatMap(({ path, items }) =>
    items.filter(({ item }) => wanted.has(item.kind)).map((surveyed) => ({ ...surveyed, path })),
  );
}

/** Where a thing, or one of its attributes, stands. */
export function placeOf(thing: Thing, attribute?: string): Place {
  return { path: thing.path, line: (attribute && thing.item.lines.get(attribute)) || thing.item.line };
}

/** The value of an attribute as text; undefined when it is not there or is no text, number or boolean. */
export function textOf(item: Item, attribute: string): string | undefined {
  const value = item.attributes.get(attribute);
  return value === undefined || value === null ? undefined : String(value);
}

/** Attributes whose name begins with this, as written. */
export function attributesUnder(item: Item, prefix: string): (readonly [string, AttributeValue])[] {
  return [...item.attributes].filter(([name]) => name.startsWith(prefix));
}

/** The first of the types that rules see which is also in the set. */
export function typeAmong(types: readonly ElementType[], wanted: ReadonlySet<ElementType>): ElementType | undefined {
  return types.find((type) => wanted.has(type));
}

/** Types of stores and other products that an image as well as a resource of a cloud may be. */
const products: readonly ElementType[] = [
  "relational-db",
  "document-db",
  "cache",
  "object-store",
  "search-index",
  "message-broker",
  "backup",
  "secrets-manager",
  "identity-provider",
  "edge-gateway",
  "llm-component",
  "email",
];

/** What an image may be, beside a program of one's own. */
export const imageTypes: ReadonlySet<ElementType> = new Set([...products, "logging-monitoring"]);

/** What a resource of a cloud may be that is a part of the system; rights, records and settings belong to others. */
export const resourceTypes: ReadonlySet<ElementType> = new Set([
  ...products,
  "serverless-function",
  "container-image",
  "k8s-workload",
  "data-pipeline",
  "iot-edge",
]);
