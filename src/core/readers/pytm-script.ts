import type { ModelBoundary, ModelElement, ModelFlow, ModelSystem } from "../domain/threat-model.ts";
import { kindByName } from "./element-kind.ts";
import { known } from "./known.ts";

/** What a pytm script states outright, by its lines. */
export interface PytmScript {
  readonly system: ModelSystem;
  readonly elements: readonly ModelElement[];
  readonly flows: readonly ModelFlow[];
  readonly boundaries: readonly ModelBoundary[];
}

interface Call {
  readonly variable: string | undefined;
  readonly type: string;
  readonly positional: readonly string[];
  readonly keywords: ReadonlyMap<string, string>;
  readonly line: number;
}

const elementTypes = new Set([
  "Actor",
  "Server",
  "Datastore",
  "Process",
  "SetOfProcesses",
  "Lambda",
  "LLM",
  "Agent",
  "ExternalEntity",
  "Asset",
]);
const callLimit = 5_000;

/** Reads constructor calls and `name.attribute = …` lines of a pytm script. Nothing is run and nothing is imported. */
export function readPytmScript(path: string, text: string): PytmScript {
  const calls = callsIn(text);
  const names = new Map<string, string>();
  for (const { variable, type, positional } of calls) {
    const name = type === "Dataflow" ? positional[2] : positional[0];
    if (variable !== undefined && name !== undefined) names.set(variable, unquote(name));
  }
  const nameOf = (expression: string | undefined): string | undefined => {
    if (expression === undefined || expression === "None") return undefined;
    return /^['"]/.test(expression) ? unquote(expression) : (names.get(expression) ?? expression);
  };
  const assigned = assignmentsIn(text);
  const attribute = (call: Call, key: string): string | undefined =>
    call.keywords.get(key) ?? (call.variable === undefined ? undefined : assigned.get(`${call.variable}.${key}`));
  const place = (call: Call) => ({ path, line: call.line });
  const elements = calls
    .filter(({ type }) => elementTypes.has(type))
    .map((call): ModelElement => {
      const name = unquote(call.positional[0] ?? call.keywords.get("name") ?? "");
      return known({
        id: name,
        name,
        kind:
          call.type === "Actor" || call.type === "ExternalEntity"
            ? "external"
            : call.type === "Datastore"
              ? "store"
              : call.type === "Asset"
                ? kindByName(name)
                : "process",
        technology: nameOf(attribute(call, "OS")),
        boundary: nameOf(attribute(call, "inBoundary")),
        data: [],
        files: [],
        facts: [],
        place: place(call),
      });
    });
  const flows = calls
    .filter(({ type }) => type === "Dataflow")
    .map((call): ModelFlow => {
      const from = nameOf(call.positional[0] ?? call.keywords.get("source")) ?? "";
      const to = nameOf(call.positional[1] ?? call.keywords.get("sink")) ?? "";
      const name = nameOf(call.positional[2] ?? call.keywords.get("name"));
      return known({
        id: name ?? `${from} -> ${to}`,
        name,
        from,
        to,
        data: [],
        protocol: nameOf(attribute(call, "protocol")),
        facts: [],
        place: place(call),
      });
    });
  const boundaries = calls
    .filter(({ type }) => type === "Boundary")
    .map((call): ModelBoundary => {
      const name = unquote(call.positional[0] ?? "");
      return known({ id: name, name, parent: nameOf(attribute(call, "inBoundary")), place: place(call) });
    });
  const tm = calls.find(({ type }) => type === "TM");
  const description = tm === undefined ? undefined : attribute(tm, "description");
  return {
    system: known({
      name: tm?.positional[0] === undefined ? undefined : { text: unquote(tm.positional[0]), place: place(tm) },
      description:
        tm === undefined || description === undefined ? undefined : { text: unquote(description), place: place(tm) },
      users: [],
      data: calls
        .filter(({ type }) => type === "Data")
        .map((call) =>
          known({
            name: unquote(call.positional[0] ?? ""),
            classification: attribute(call, "classification")?.replace(/^Classification\./, ""),
            place: place(call),
          }),
        ),
      links: [],
    }),
    elements,
    flows,
    boundaries,
  };
}

function callsIn(text: string): Call[] {
  const calls: Call[] = [];
  const pattern =
    /^[ \t]*(?:([A-Za-z_]\w{0,80})[ \t]*(?::[ \t]*\w{1,40}[ \t]*)?=[ \t]*)?(TM|Actor|Server|Datastore|Process|SetOfProcesses|Lambda|LLM|Agent|ExternalEntity|Asset|Boundary|Dataflow|Data)\(/gm;
  let line = 1;
  let counted = 0;
  for (const match of text.matchAll(pattern)) {
    for (; counted < match.index; counted++) if (text.charCodeAt(counted) === 10) line++;
    const parts = argumentsAt(text, match.index + match[0].length);
    const keywords = new Map<string, string>();
    const positional: string[] = [];
    for (const part of parts) {
      const keyword = /^([A-Za-z_]\w*)\s*=\s*([\s\S]*)$/.exec(part);
      if (keyword?.[1] !== undefined) keywords.set(keyword[1], (keyword[2] ?? "").trim());
      else positional.push(part);
    }
    calls.push({ variable: match[1], type: match[2] ?? "", positional, keywords, line });
    if (calls.length >= callLimit) break;
  }
  return calls;
}

const argumentLimit = 20_000;

/** The arguments of a call, split at its own commas; texts in quotes and nested brackets are kept whole. */
function argumentsAt(text: string, start: number): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = start;
  const end = Math.min(text.length, start + argumentLimit);
  const push = (to: number): void => {
    const part = text.slice(from, to).trim();
    if (part !== "") parts.push(part);
  };
  for (let index = start; index < end; index++) {
    const character = text[index] ?? "";
    if (character === '"' || character === "'") index = stringEnd(text, index, end);
    else if (character === "#") {
      const lineEnd = text.indexOf("\n", index);
      index = lineEnd === -1 ? end : lineEnd;
    } else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) {
      if (depth === 0) {
        push(index);
        return parts;
      }
      depth--;
    } else if (character === "," && depth === 0) {
      push(index);
      from = index + 1;
    }
  }
  return parts;
}

function stringEnd(text: string, start: number, end: number): number {
  const quote = text[start] ?? "";
  const triple = text.startsWith(quote.repeat(3), start);
  const close = triple ? quote.repeat(3) : quote;
  for (let index = start + close.length; index < end; index++) {
    if (text[index] === "\\") index++;
    else if (text.startsWith(close, index)) return index + close.length - 1;
  }
  return end;
}

/** `name.attribute = expression` lines; a text over several lines is kept whole. */
function assignmentsIn(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const match of text.matchAll(/^[ \t]*([A-Za-z_]\w{0,80}\.[A-Za-z_]\w{0,80})[ \t]*=[ \t]*(?!=)/gm)) {
    const start = match.index + match[0].length;
    const isText = text[start] === '"' || text[start] === "'";
    const lineEnd = text.indexOf("\n", start);
    const end = isText
      ? stringEnd(text, start, Math.min(text.length, start + argumentLimit)) + 1
      : lineEnd === -1
        ? text.length
        : lineEnd;
    found.set(match[1] ?? "", text.slice(start, end).trim());
    if (found.size >= callLimit) break;
  }
  return found;
}

function unquote(expression: string): string {
  return expression
    .replace(/^[fru]{0,2}("""|'''|"|')([\s\S]*)\1$/i, "$2")
    .replace(/\s+/g, " ")
    .trim();
}
