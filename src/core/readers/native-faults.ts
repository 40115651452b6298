import type { z } from "zod";
import type { Problem } from "../domain/problem.ts";
import type { ValuePath } from "../text/positions.ts";
import { suggestionFor } from "../text/suggestion.ts";
import { idPattern } from "./native-schema.ts";

/** Line of the key at a path of the file, from 1. */
export type LineOf = (path: ValuePath) => number | undefined;

type Path = ValuePath;

/** What one check found: the part without its faulty fields, or nothing when it cannot stand without them. */
export interface CheckedPart<Part> {
  readonly part?: Part;
  readonly problems: readonly Problem[];
}

/**
 * Checks one value against its schema and keeps what is right: a faulty field is told and left out, a part that lacks a
 * required field is told and left out whole. `at` is the value's path in the file.
 */
export function checkPart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  at: Path,
  file: { readonly path: string; readonly lineOf: LineOf; readonly known: readonly string[]; readonly called: string },
): CheckedPart<z.infer<Schema>> {
  const first = schema.safeParse(value);
  if (first.success) return { part: first.data, problems: [] };
  const problems = first.error.issues.flatMap((issue) => tell(issue, value, at, file));
  let remaining: unknown = value;
  let issues = first.error.issues;
  for (let round = 0; round < 20; round++) {
    const faulty = issues.flatMap(faultyPaths);
    if (faulty.some((path) => path.length === 0)) return { problems };
    const next = without(remaining, faulty);
    if (next === unchanged) return { problems };
    remaining = next;
    const again = schema.safeParse(remaining);
    if (again.success) return { part: again.data, problems };
    issues = again.error.issues;
  }
  return { problems };
}

type Issue = z.core.$ZodIssue;

function steps(issue: Issue): (string | number)[] {
  return issue.path.map((step) => (typeof step === "number" ? step : String(step)));
}

function faultyPaths(issue: Issue): Path[] {
  const path = steps(issue);
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
}

const unchanged = Symbol("nothing could be left out");

/** A copy without the values at the given paths; `unchanged` when one of them is not there to leave out. */
function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((path) => !reaches(value, path))) return unchanged;
  return copy(value, paths);
}

function reaches(value: unknown, path: Path): boolean {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return false;
    current = (current as Record<string | number, unknown>)[step];
  }
  return true;
}

function copy(value: unknown, paths: readonly Path[]): unknown {
  if (paths.length === 0 || typeof value !== "object" || value === null) return value;
  const below = (key: string | number): Path[] =>
    paths.filter((path) => String(path[0]) === String(key)).map((path) => path.slice(1));
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      const rest = below(index);
      return rest.some((path) => path.length === 0) ? [] : [copy(item, rest)];
    });
  }
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    const rest = below(key);
    return rest.some((path) => path.length === 0) ? [] : [[key, copy(item, rest)]];
  });
  return Object.fromEntries(entries);
}

function tell(
  issue: Issue,
  value: unknown,
  at: Path,
  file: { readonly path: string; readonly lineOf: LineOf; readonly known: readonly string[]; readonly called: string },
): Problem[] {
  const path = steps(issue);
  const line = lineNear([...at, ...path], file.lineOf);
  const base = { path: file.path, ...(line === undefined ? {} : { line }), severity: "error" as const };
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const keyLine = lineNear([...at, ...path, key], file.lineOf);
      const near = suggestionFor(key, file.known);
      return {
        ...base,
        ...(keyLine === undefined ? {} : { line: keyLine }),
        what: `Unknown key ${quote(key)} in ${file.called}.`,
        hint: near === undefined ? `Known keys: ${file.known.join(", ")}.` : `Did you mean ${quote(near)}?`,
      };
    });
  }
  const field = path.length === 0 ? file.called : `${quote(path.join("."))} of ${file.called}`;
  const found = valueAt(value, path);
  if (found === undefined) {
    return [
      {
        ...base,
        what: `${capital(field)} is missing.`,
        hint: `Add it: ${expected(issue)}. Until then ${file.called} is not read.`,
      },
    ];
  }
  return [{ ...base, what: `${capital(field)} is not valid: ${show(found)}.`, hint: hintFor(issue, path, found) }];
}

function hintFor(issue: Issue, path: Path, found: unknown): string {
  const last = path.at(-1);
  if (
    typeof found === "string" &&
    /(^|\.)(id|element|from|to|control|threat|boundary|parent)$/.test(String(last)) &&
    !idPattern.test(found)
  ) {
    return `An id has 1 to 64 of A-Z a-z 0-9 . _ - and starts with a letter or digit.${strangers(found)}`;
  }
  const wanted = `Expected ${expected(issue)}.`;
  if (issue.code === "invalid_type" && issue.expected === "string" && typeof found !== "object")
    return `${wanted} Put it in quotes.`;
  if (issue.code === "invalid_value" && typeof found === "string") {
    const near = suggestionFor(found, issue.values.map(String));
    return near === undefined ? wanted : `Did you mean ${quote(near)}? ${wanted}`;
  }
  return wanted;
}

/** The characters of an id that may not be there, by code point, because they often look right (H052). */
function strangers(text: string): string {
  const strange = [...new Set(Array.from(text).filter((character) => !/[A-Za-z0-9._-]/.test(character)))].slice(0, 8);
  if (strange.length === 0) return "";
  const shown = strange.map(
    (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
  return ` Not allowed here: ${shown.join(", ")}.`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  object: "a map of keys",
  array: "a list",
  record: "a map of keys",
  boolean: "true or false",
};

function expected(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeNames[issue.expected] ?? issue.expected;
    case "invalid_value":
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return (
        [...new Set(issue.errors.flatMap((errors) => errors.slice(0, 1).map(expected)))].join(" or ") ||
        "another kind of value"
      );
    case "too_big":
      return issue.origin === "string" ? `at most ${issue.maximum} characters` : `at most ${issue.maximum} entries`;
    case "too_small":
      return issue.origin === "string" ? "a text that is not empty" : "at least one entry";
    default:
      return issue.message;
  }
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

/** Line of the path, or of the nearest part around it. */
export function lineNear(path: Path, lineOf: LineOf): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const line = lineOf(path.slice(0, length));
    if (line !== undefined) return line;
  }
  return undefined;
}

function show(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (value === null) return "nothing is written there";
  if (Array.isArray(value)) return "a list";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "a map";
}

/** A value in backquotes for a message: one line, no control characters, cut to 80. */
export function quote(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029`]/gu, "?");
  return `\`${plain.length > 80 ? `${plain.slice(0, 79)}…` : plain}\``;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
