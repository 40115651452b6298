import type { CodeLine } from "../code-line.ts";
import { declaredIn } from "../declaration.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";

/*
 * What is left out of what is written as JSON, or no longer left out: fields of Go structs that stood before
 * (https://pkg.go.dev/encoding/json#Marshal), members of classes that are marked so.
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

/** Leaves a member out of what is written as JSON: https://fasterxml.github.io/jackson-annotations/ */
const leftOut = /^(?:@(?:get:|field:)?JsonIgnore\b|\[JsonIgnore\b)/;
const mark = /^(?:@|\[)/;
/** Marks between one on a member and the member. */
const mostMarks = 8;

/**
 * Members that are left out from now on, or no longer. A method that comes with the mark shows and hides nothing, and neither does
 * a member that goes with it: what it held was given to nobody before.
 */
function marksIn(file: InspectedFile): Sighting[] {
  if (file.role !== "production" || !/^(?:java|kotlin|scala|csharp)$/.test(file.language)) return [];
  const telling = new Set([...file.added, ...file.removed]);
  for (const { lines } of file.hunks) {
    for (const [index, line] of lines.entries()) {
      if (line.kind === "context" || !telling.has(line) || !leftOut.test(line.code)) continue;
      const member = lines.slice(index + 1, index + 1 + mostMarks).find(({ code }) => code !== "" && !mark.test(code));
      const isMethod = declaredIn(member?.code ?? "", file.language)?.kind === "function";
      if (member?.kind === line.kind && (isMethod || line.kind === "removed")) continue;
      const at = line.newLine ?? member?.newLine;
      const place = at === undefined ? {} : { line: at };
      return [{ what: "changed", path: file.path, ...place, name: "JsonIgnore", evidence: line.text }];
    }
  }
  return [];
}

export const detector: Detector = {
  name: "visibility",
  sees: ["changed"],
  inspect: (files) => files.flatMap((file) => [...inspectFile(file), ...marksIn(file)]),
};
