import type { CodeLine } from "../code-line.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";

/*
 * Fields of Go structs that stood before and are now left out of what is written as JSON, or no longer left out:
 * https://pkg.go.dev/encoding/json#Marshal. A new field says nothing: it comes with what it is for.
 */

/** A field with its tag: its name, and the name it has in JSON. */
const tagged = /^([A-Z]\w{0,80})\s+[^`]{1,160}`[^`]{0,200}\bjson:"([^",]{0,80})[^"]{0,80}"/;

function fieldsOf(
  lines: readonly CodeLine[],
): ReadonlyMap<string, { readonly line: CodeLine; readonly shown: boolean }> {
  const found = new Map<string, { readonly line: CodeLine; readonly shown: boolean }>();
  for (const line of lines) {
    const [, name, json] = tagged.exec(line.code) ?? [];
    if (name !== undefined && json !== undefined) found.set(name, { line, shown: json !== "-" });
  }
  return found;
}

function inspectFile(file: InspectedFile): Sighting[] {
  if (file.role !== "production" || file.language !== "go") return [];
  const before = fieldsOf(file.removed);
  if (before.size === 0) return [];
  for (const [name, { line, shown }] of fieldsOf(file.added)) {
    const earlier = before.get(name);
    if (earlier === undefined || earlier.shown === shown || line.newLine === undefined) continue;
    return [{ what: "changed", path: file.path, line: line.newLine, name, evidence: line.text }];
  }
  return [];
}

export const detector: Detector = {
  name: "visibility",
  sees: ["changed"],
  inspect: (files) => files.flatMap(inspectFile),
};
