import type { Place, Problem } from "../domain/problem.ts";
import type { Stated } from "../domain/threat-model.ts";
import { readJson } from "../text/json.ts";
import type { ValuePath } from "../text/positions.ts";
import { readForeignYaml } from "../text/yaml.ts";

/**
 * A place in somebody else's JSON or YAML. Every step is safe: what is not there, or of another type, is empty. Only own
 * keys are seen, so that `__proto__` and its like are data (H062).
 */
export interface Cursor {
  readonly value: unknown;
  /** The value at a key of a map; an empty cursor when there is none. */
  at(...keys: readonly string[]): Cursor;
  /** The items of a list, empty for anything else. */
  items(): Cursor[];
  /** The entries of a map, empty for anything else. */
  entries(): (readonly [string, Cursor])[];
  /** The items of a list, or the values of a map: some teams write one for the other. Names are the map's keys. */
  named(): (readonly [string | undefined, Cursor])[];
  /** A text that is not empty, trimmed; numbers and booleans as texts; undefined for anything else. */
  text(): string | undefined;
  /** The texts of a list, or of one text. */
  texts(): string[];
  /** True or false where the value is one, or a text that says so. */
  flag(): boolean | undefined;
  place(): Place;
  /** The text with its place. */
  stated(): Stated | undefined;
}

/** A cursor on the whole of a value that was read, with the lines of its parts. */
export function cursorOn(
  value: unknown,
  path: string,
  lineOf: (at: ValuePath) => number | undefined,
  at: ValuePath = [],
): Cursor {
  const child = (key: string | number, found: unknown): Cursor => cursorOn(found, path, lineOf, [...at, key]);
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const cursor: Cursor = {
    value,
    at: (...keys) => {
      let current: Cursor = cursor;
      for (const [index, key] of keys.entries())
        current = step(current, key, path, lineOf, [...at, ...keys.slice(0, index + 1)]);
      return current;
    },
    items: () => (Array.isArray(value) ? value.map((item: unknown, index) => child(index, item)) : []),
    entries: () => (isMap ? Object.entries(value).map(([key, item]) => [key, child(key, item)] as const) : []),
    named: () => (isMap ? cursor.entries() : cursor.items().map((item) => [undefined, item] as const)),
    text: () => {
      if (typeof value === "string") return value.trim() === "" ? undefined : value.trim();
      return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
    },
    texts: () => {
      const one = cursor.text();
      return one === undefined ? cursor.items().flatMap((item) => item.text() ?? []) : [one];
    },
    flag: () => {
      if (typeof value === "boolean") return value;
      if (typeof value !== "string") return undefined;
      return /^(true|yes)$/i.test(value.trim()) ? true : /^(false|no)$/i.test(value.trim()) ? false : undefined;
    },
    place: () => {
      for (let length = at.length; length >= 0; length--) {
        const line = lineOf(at.slice(0, length));
        if (line !== undefined) return { path, line };
      }
      return { path };
    },
    stated: () => {
      const text = cursor.text();
      return text === undefined ? undefined : { text, place: cursor.place() };
    },
  };
  return cursor;
}

function step(
  from: Cursor,
  key: string,
  path: string,
  lineOf: (at: ValuePath) => number | undefined,
  at: ValuePath,
): Cursor {
  const { value } = from;
  const found: unknown =
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
      ? Reflect.get(value, key)
      : undefined;
  return cursorOn(found, path, lineOf, at);
}

/** Opens a JSON or YAML text by its first character; several YAML documents give the first one that is a map. */
export function openForeign(path: string, text: string): { readonly root: Cursor } | { readonly problem: Problem } {
  const refuse = (why: string): { problem: Problem } => ({
    problem: {
      path,
      severity: "error",
      what: `The file cannot be read. ${why}`,
      hint: "Correct it, or export it again from its tool.",
    },
  });
  if (/^\s*[{[]/.test(text)) {
    const read = readJson(text);
    return "unreadable" in read
      ? refuse(read.unreadable)
      : { root: cursorOn(read.value, path, (at) => read.lineOf(at)) };
  }
  const read = readForeignYaml(text);
  if ("unreadable" in read) return refuse(read.unreadable);
  const document = read.documents.find(({ value }) => typeof value === "object" && value !== null) ?? read.documents[0];
  if (document === undefined) return refuse("It holds no document.");
  return { root: cursorOn(document.value, path, (at) => document.lineOf(at)) };
}
