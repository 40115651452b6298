import type { AttributeValue, Item, Structure } from "../structure.ts";

/** Items that one file may give; a file with more is refused rather than half read. */
const mostItems = 20_000;
/** Attributes that one item may hold, and how deep they may nest. */
const mostAttributes = 5_000;
const deepest = 32;

/** An item under construction: attributes are set with the line they stand on. */
export interface Draft {
  readonly attributes: Map<string, AttributeValue>;
  readonly lines: Map<string, number>;
  /** How many attributes it may hold; as many as one item where nothing is said. */
  readonly most?: number;
}

export function emptyDraft(): Draft {
  return { attributes: new Map(), lines: new Map() };
}

/** A draft that becomes an item for each of its attributes, and may hold as many. */
export function draftOfItems(): Draft {
  return { ...emptyDraft(), most: mostItems };
}

/** Sets one attribute; `undefined` sets nothing. */
export function setAttribute(draft: Draft, name: string, value: AttributeValue | undefined, line?: number): void {
  if (value === undefined || isFull(draft)) return;
  draft.attributes.set(name, value);
  if (line !== undefined) draft.lines.set(name, line);
}

/** The line of the value at a path of the document, where it is known. */
export type LineOf = (path: readonly (string | number)[]) => number | undefined;

/**
 * Sets attributes for everything below `value`, by dotted path. Lists become `name.0`, `name.1`; an empty list is the text `[]`
 * and an empty object `{}`, so that both can be seen. What nests deeper than 32 levels becomes the text `…`.
 */
export function setNested(
  draft: Draft,
  name: string,
  value: unknown,
  lineOf: LineOf,
  path: readonly (string | number)[],
  depth = 0,
): void {
  if (isFull(draft)) return;
  if (value === null || typeof value !== "object") {
    setAttribute(draft, name, plainValue(value), lineOf(path));
    return;
  }
  if (depth > deepest) {
    setAttribute(draft, name, "…", lineOf(path));
    return;
  }
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
  let any = false;
  for (const [key, inner] of entries) {
    any = true;
    setNested(draft, name === "" ? String(key) : `${name}.${key}`, inner, lineOf, [...path, key], depth + 1);
  }
  if (!any && name !== "") setAttribute(draft, name, Array.isArray(value) ? "[]" : "{}", lineOf(path));
}

/** A scalar of a parsed document as an attribute value. */
export function plainValue(value: unknown): AttributeValue | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString();
  return undefined;
}

/** Whether a draft reached the limit and may lack what came after. */
export function isFull(draft: Draft): boolean {
  return draft.attributes.size >= (draft.most ?? mostAttributes);
}

/** A scalar of a parsed document as text; empty for anything else. */
export function plainText(value: unknown): string {
  const plain = plainValue(value);
  return plain === undefined || plain === null ? "" : String(plain);
}

/** A finished item. */
export function itemOf(
  about: {
    readonly kind: string;
    readonly type: string;
    readonly key: string;
    readonly name: string;
    readonly line: number;
  },
  draft: Draft,
): Item {
  return { ...about, attributes: draft.attributes, lines: draft.lines };
}

/** Items as a structure, refused when there are too many to compare. */
export function structureOf(items: readonly Item[]): Structure {
  if (items.length > mostItems) return { unreadable: `more than ${mostItems} items` };
  // An item that reached the limit may lack its last attributes, so nothing is said of the file rather than half.
  const full = items.find((item) => item.attributes.size >= mostAttributes);
  return full ? { unreadable: `line ${full.line}: more than ${mostAttributes} values in one place` } : { items };
}

/** True for what YAML and JSON call a mapping. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

/** The member of a mapping, or undefined: also for names that every object answers to. */
export function member(value: unknown, name: string): unknown {
  return isMapping(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Entries of a mapping, in file order; none for anything else. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isMapping(value) ? Object.entries(value) : [];
}

/** Elements of a list; a single scalar counts as a list of one, as many formats allow. */
export function elementsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** `dateOfBirth`, `DateOfBirth` and `date-of-birth` as `date_of_birth`: one spelling for field names of all formats. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
}

/** The last part of a repository path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
