import type { z } from "zod";
import type { Problem } from "../domain/problem.ts";
import { suggestionFor } from "./suggestion.ts";
import { readOwnYaml, type YamlDocument, type YamlOptions } from "./yaml.ts";

/** Words about one key, for the messages: an example line that is right, or where a key that stands elsewhere belongs. */
export interface KeyWords {
  /** Example by dotted key, list indexes left out: `currency.green` → `green: 30`. */
  readonly examples: Readonly<Record<string, string>>;
  /** Keys that exist, but not in this file: what to do with them. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

export type CheckedYaml<Value> =
  | { readonly value: Value; readonly document: YamlDocument; readonly problems: readonly [] }
  | { readonly document?: YamlDocument; readonly problems: readonly Problem[] };

/**
 * Reads a file in a format of our own and checks it against its schema. Either the whole value, or every fault that
 * was found, each with its line, what was expected, the nearest known key, and an example that is right.
 */
export function readCheckedYaml<Schema extends z.ZodType>(
  path: string,
  text: string,
  schema: Schema,
  words: KeyWords,
  options: YamlOptions = {},
): CheckedYaml<z.infer<Schema>> {
  const { document, problems } = readOwnYaml(path, text, options);
  if (!document) return { problems };
  const parsed = schema.safeParse(document.value);
  if (parsed.success) return { value: parsed.data, document, problems: [] };
  const found = parsed.error.issues.flatMap((issue) => problemsOf(issue, path, document, schema, words));
  return { document, problems: found };
}

type Steps = readonly (string | number)[];

function problemsOf(
  issue: z.core.$ZodIssue,
  path: string,
  document: YamlDocument,
  schema: z.ZodType,
  words: KeyWords,
): Problem[] {
  const steps = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const make = (at: Steps, what: string, hint: string, example?: string): Problem => {
    const line = nearestLine(document, at);
    return {
      path,
      ...(line !== undefined && { line }),
      severity: "error",
      what,
      hint,
      ...(example !== undefined && { example }),
    };
  };
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(key, steps, schema, words, make));
  }
  const dotted = named(steps);
  const example = words.examples[dotted];
  if (issue.code === "invalid_union") {
    return [
      make(
        steps,
        `\`${dotted}\` is ${described(valueAt(document.value, steps))}.`,
        "Write one text, or a list of texts.",
        example,
      ),
    ];
  }
  if (issue.code === "invalid_key") {
    return [make(steps, `\`${dotted}\` is not known here.`, expectation(issue.issues[0]), example)];
  }
  const value = valueAt(document.value, steps);
  const subject = dotted === "" ? "The file" : `\`${dotted}\``;
  if (value === undefined) return [make(steps, `${subject} is missing.`, `Add it: ${expectation(issue)}`, example)];
  return [make(steps, `${subject} is ${described(value)}.`, expectation(issue), example)];
}

function unknownKey(
  key: string,
  steps: Steps,
  schema: z.ZodType,
  words: KeyWords,
  make: (at: Steps, what: string, hint: string, example?: string) => Problem,
): Problem {
  const at = [...steps, key];
  const within = named(steps);
  const shown = key.length > 60 ? `${key.slice(0, 60)}…` : key;
  const elsewhere = within === "" ? words.elsewhere?.[key] : undefined;
  if (elsewhere !== undefined) return make(at, `\`${shown}\` is not a setting of this file.`, elsewhere);
  const known = keysAt(schema, steps);
  const what = within === "" ? `\`${shown}\` is not a setting.` : `\`${shown}\` is not a setting of \`${within}\`.`;
  const near = suggestionFor(key, known);
  if (near === undefined) return make(at, what, `Known here: ${known.map((one) => `\`${one}\``).join(", ")}.`);
  return make(at, what, `Did you mean \`${near}\`?`, words.examples[within === "" ? near : `${within}.${near}`]);
}

function expectation(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case "invalid_value": {
      const values = issue.values.map((value) => `\`${String(value)}\``);
      return values.length === 1 ? `Only ${values[0]} is known.` : `Write one of ${values.join(", ")}.`;
    }
    case "invalid_type": {
      const wanted: Readonly<Record<string, string>> = {
        string: "a text",
        number: "a number",
        int: "a whole number",
        boolean: "`true` or `false`",
        array: "a list",
        object: "a mapping of keys to values",
        record: "a mapping of keys to values",
      };
      return `It must be ${wanted[issue.expected] ?? `of type ${issue.expected}`}.`;
    }
    case "too_big":
      return `At most ${String(issue.maximum)} ${counted(issue.origin)}.`;
    case "too_small":
      return `At least ${String(issue.minimum)} ${counted(issue.origin)}.`;
    case "invalid_format":
      return `It must be ${issue.message}.`;
    case "custom":
      return `It must be ${issue.message}.`;
    default:
      return "Write it as in the example.";
  }
}

function counted(origin: string): string {
  if (origin === "string") return "characters are allowed";
  if (origin === "array") return "entries are allowed";
  return "is allowed";
}

function described(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  return `\`${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}\``;
}

/** The keys that a schema knows at a path, looked up in the schema itself so that the message can never be outdated. */
function keysAt(schema: z.ZodType, steps: Steps): string[] {
  let current: unknown = schema;
  for (const step of steps) {
    current = inner(current);
    const definition = definitionOf(current);
    if (definition?.type === "array") current = definition.element;
    else if (definition?.type === "record") current = definition.valueType;
    else
      current =
        typeof definition?.shape === "object" && definition.shape !== null
          ? Reflect.get(definition.shape, step)
          : undefined;
  }
  const shape = definitionOf(inner(current))?.shape;
  return typeof shape === "object" && shape !== null ? Object.keys(shape) : [];
}

function inner(schema: unknown): unknown {
  let current = schema;
  for (let depth = 0; depth < 8; depth++) {
    const definition = definitionOf(current);
    if (definition?.innerType === undefined) return current;
    current = definition.innerType;
  }
  return current;
}

interface Definition {
  readonly type?: unknown;
  readonly innerType?: unknown;
  readonly element?: unknown;
  readonly valueType?: unknown;
  readonly shape?: unknown;
}

function definitionOf(schema: unknown): Definition | undefined {
  if (typeof schema !== "object" || schema === null || !("def" in schema)) return undefined;
  const { def } = schema;
  return typeof def === "object" && def !== null ? def : undefined;
}

function named(steps: Steps): string {
  return steps.filter((step) => typeof step === "string").join(".");
}

function valueAt(value: unknown, steps: Steps): unknown {
  let current = value;
  for (const step of steps) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = Reflect.get(current, step);
  }
  return current;
}

function nearestLine(document: YamlDocument, steps: Steps): number | undefined {
  for (let length = steps.length; length > 0; length--) {
    const line = document.lineOf(steps.slice(0, length));
    if (line !== undefined) return line;
  }
  return document.lineOf([]);
}
