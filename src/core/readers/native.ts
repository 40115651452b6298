import type { z } from "zod";
import type { Place, Problem } from "../domain/problem.ts";
import type { ModelSystem, ReadModel, Stated, ThreatModel } from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { suggestionFor } from "../text/suggestion.ts";
import { readOwnYaml } from "../text/yaml.ts";
import { checkPart, type LineOf, lineNear, quote } from "./native-faults.ts";
import { latestReview, modelParts, type Parts } from "./native-parts.ts";
import { draftIdSchema, importSchema, nativeKeys, partSchemas, systemSchema } from "./native-schema.ts";
import type { ModelReader } from "./reader.ts";
import { topLevelKeys } from "./top-level-keys.ts";

/** Our own `threat-model.yaml`. Strict: every fault is told with its line, and the rest of the file is still read. */
export const reader: ModelReader = {
  name: "native",
  wants: (path) => /\.(ya?ml|json)$/i.test(path),
  recognises,
  read,
};

const contentKeys = new Set(nativeKeys.filter((key) => key !== "schemaVersion"));
/** Keys that mark another format which shares some of our words. */
const foreignKeys = [
  "ID",
  "otmVersion",
  "threagile_version",
  "data-flows",
  "$schema",
  "technical_assets",
  "dataflows",
  "nodes",
];

function recognises(path: string, text: string): boolean {
  const keys = topLevelKeys(text);
  if (foreignKeys.some((key) => keys.has(key))) return false;
  const ours = [...keys].filter((key) => contentKeys.has(key)).length;
  if (keys.has("schemaVersion")) return ours > 0 || isOwnName(path);
  return isOwnName(path) && (keys.has("system") || keys.has("elements")) && ours >= 1;
}

function isOwnName(path: string): boolean {
  return /(^|\/)threat-?model\.ya?ml$/i.test(path);
}

function read(path: string, text: string): ReadModel {
  const { document, problems } = readOwnYaml(path, text);
  if (document === undefined) return { format: "native", isModel: false, problems };
  const found: Problem[] = [...problems];
  const { value } = document;
  const lineOf: LineOf = (at) => document.lineOf(at);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    found.push({
      path,
      line: 1,
      severity: "error",
      what: "The file is not a map of keys.",
      hint: "A threat model starts with `schemaVersion: 1`, then `system:`, `elements:`, `threats:` …",
      example: "schemaVersion: 1",
    });
    return { format: "native", isModel: false, problems: found };
  }
  const top = value as Readonly<Record<string, unknown>>;
  checkTop(path, top, lineOf, found);
  const parts = readParts(path, top, lineOf, found);
  const { updated, ...system } = readSystem(path, top, lineOf, found);
  const model: ThreatModel = {
    ...emptyModel("native", [path]),
    system,
    ...modelParts(path, parts, lineOf),
    documentation: {
      ...(system.owner === undefined ? {} : { owner: system.owner }),
      authors: [],
      reviewers: parts.reviews.flatMap(({ part, place }) => (part.by === undefined ? [] : [{ text: part.by, place }])),
      ...(updated === undefined ? latestReview(parts.reviews) : { date: updated }),
    },
    drafts: readStrings(path, top, "drafts", draftIdSchema, lineOf, found).map(({ text: id }) => id),
    imports: readStrings(path, top, "imports", importSchema, lineOf, found),
  };
  const byLine = (one: Problem, other: Problem): number => (one.line ?? 0) - (other.line ?? 0);
  return { format: "native", isModel: true, model, problems: found.sort(byLine) };
}

function checkTop(path: string, top: Readonly<Record<string, unknown>>, lineOf: LineOf, problems: Problem[]): void {
  const version = own(top, "schemaVersion");
  if (version !== 1) {
    const line = lineNear(["schemaVersion"], lineOf);
    problems.push({
      path,
      ...(line === undefined ? {} : { line }),
      severity: "error",
      what: version === undefined ? "`schemaVersion` is missing." : "`schemaVersion` is not one that is known.",
      hint: "This version of Threatgate reads version 1. The rest of the file is read as version 1.",
      example: "schemaVersion: 1",
    });
  }
  for (const key of Object.keys(top)) {
    if (nativeKeys.includes(key)) continue;
    const line = lineNear([key], lineOf);
    const near = suggestionFor(key, nativeKeys);
    problems.push({
      path,
      ...(line === undefined ? {} : { line }),
      severity: "error",
      what: `Unknown key ${quote(key)} at the top of the file.`,
      hint: near === undefined ? `Known keys: ${nativeKeys.join(", ")}.` : `Did you mean ${quote(near)}?`,
    });
  }
}

const singular: Readonly<Record<keyof typeof partSchemas, string>> = {
  elements: "element",
  flows: "flow",
  boundaries: "boundary",
  threats: "threat",
  controls: "control",
  stories: "story",
  validations: "validation",
  acceptances: "acceptance",
  reviews: "review",
  requirements: "requirement",
  questionnaire: "question",
};

function readParts(path: string, top: Readonly<Record<string, unknown>>, lineOf: LineOf, problems: Problem[]): Parts {
  const readList = <Name extends keyof typeof partSchemas>(name: Name): Parts[Name] => {
    const list = listAt(path, top, name, lineOf, problems);
    const read: { part: unknown; place: Place }[] = [];
    list.forEach((entry, index) => {
      const at = [name, index];
      const called = calledOf(entry, singular[name], index);
      const schema = partSchemas[name];
      const checked = checkPart(schema, entry, at, { path, lineOf, known: Object.keys(schema.shape), called });
      problems.push(...checked.problems);
      const line = lineNear(at, lineOf);
      if (checked.part !== undefined)
        read.push({ part: checked.part, place: { path, ...(line === undefined ? {} : { line }) } });
    });
    return read as Parts[Name];
  };
  return {
    elements: readList("elements"),
    flows: readList("flows"),
    boundaries: readList("boundaries"),
    threats: readList("threats"),
    controls: readList("controls"),
    stories: readList("stories"),
    validations: readList("validations"),
    acceptances: readList("acceptances"),
    reviews: readList("reviews"),
    requirements: readList("requirements"),
    questionnaire: readList("questionnaire"),
  };
}

function calledOf(entry: unknown, kind: string, index: number): string {
  const id = typeof entry === "object" && entry !== null && "id" in entry ? entry.id : undefined;
  return typeof id === "string" && id.length > 0 ? `${kind} ${quote(id)}` : `${kind} ${index + 1}`;
}

function listAt(
  path: string,
  top: Readonly<Record<string, unknown>>,
  name: string,
  lineOf: LineOf,
  problems: Problem[],
): readonly unknown[] {
  const list = own(top, name);
  if (list === undefined || list === null) return [];
  if (Array.isArray(list)) return list;
  const line = lineNear([name], lineOf);
  problems.push({
    path,
    ...(line === undefined ? {} : { line }),
    severity: "error",
    what: `\`${name}\` is not a list.`,
    hint: "Each entry starts on its own line with a hyphen.",
    example: `${name}:\n  - id: …`,
  });
  return [];
}

function readStrings(
  path: string,
  top: Readonly<Record<string, unknown>>,
  name: "drafts" | "imports",
  schema: z.ZodType<string>,
  lineOf: LineOf,
  problems: Problem[],
): Stated[] {
  return listAt(path, top, name, lineOf, problems).flatMap((entry, index): Stated[] => {
    const checked = checkPart(schema, entry, [name, index], {
      path,
      lineOf,
      known: [],
      called: `entry ${index + 1} of \`${name}\``,
    });
    problems.push(...checked.problems);
    const line = lineNear([name, index], lineOf);
    return checked.part === undefined
      ? []
      : [{ text: checked.part, place: { path, ...(line === undefined ? {} : { line }) } }];
  });
}

function readSystem(
  path: string,
  top: Readonly<Record<string, unknown>>,
  lineOf: LineOf,
  problems: Problem[],
): ModelSystem & { readonly updated?: Stated } {
  const value = own(top, "system");
  if (value === undefined || value === null) return { users: [], data: [], links: [] };
  const checked = checkPart(systemSchema, value, ["system"], {
    path,
    lineOf,
    known: Object.keys(systemSchema.shape),
    called: "`system`",
  });
  problems.push(...checked.problems);
  const system = checked.part ?? {};
  const place = (...at: (string | number)[]): Place => {
    const line = lineNear(["system", ...at], lineOf);
    return { path, ...(line === undefined ? {} : { line }) };
  };
  const stated = (
    key: "name" | "description" | "owner" | "exposure" | "criticality" | "updated",
  ): Record<string, Stated> => {
    const text = system[key];
    return text === undefined ? {} : { [key]: { text, place: place(key) } };
  };
  return {
    ...(system.id === undefined ? {} : { id: system.id }),
    ...stated("name"),
    ...stated("description"),
    ...stated("owner"),
    ...stated("exposure"),
    ...stated("criticality"),
    ...stated("updated"),
    users: (system.users ?? []).map((text, index) => ({ text, place: place("users", index) })),
    data: (system.data ?? []).map((data, index) => ({
      name: data.name,
      ...(data.classification === undefined ? {} : { classification: data.classification }),
      place: place("data", index),
    })),
    links: (system.links ?? []).map((text, index) => ({ text, place: place("links", index) })),
    ...(system.regulations && {
      regulations: system.regulations.map((text, index) => ({ text, place: place("regulations", index) })),
    }),
  };
}

/** A key of the file itself, never one of the prototype (H062). */
function own(top: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(top, key) ? top[key] : undefined;
}
