import type { ElementKind } from "../domain/stride.ts";
import type { Sketch } from "./sketch.ts";

/**
 * Calls of macros, as C4-PlantUML and the icon libraries of clouds define them: `Container(api, "API", "Go") {`. The
 * libraries are never fetched; what a call draws is told by its name and its first arguments.
 * Source of the C4 macros: the README of plantuml-stdlib/C4-PlantUML.
 */
export interface MacroCall {
  readonly name: string;
  readonly positional: readonly string[];
  readonly opens: boolean;
}

const mostArguments = 12;

/** Splits a line such as `Rel(a, b, "reads, writes", $tags="x")`; undefined when it is no call. Linear. */
export function macroCall(line: string): MacroCall | undefined {
  const head = /^([A-Za-z_]\w{0,60})\s{0,5}\(/.exec(line);
  const end = line.lastIndexOf(")");
  if (head === null || end < head[0].length) return undefined;
  const rest = line.slice(end + 1).trim();
  if (rest !== "" && !rest.startsWith("{")) return undefined;
  const positional: string[] = [];
  let current = "";
  let quoted = false;
  for (const character of `${line.slice(head[0].length, end)},`) {
    if (character === '"') quoted = !quoted;
    if (character !== "," || quoted) {
      current += character;
      continue;
    }
    const argument = current.trim();
    current = "";
    if (!argument.startsWith("$") && positional.length < mostArguments)
      positional.push(argument.replace(/^"|"$/g, "").trim());
  }
  return { name: head[1] ?? "", positional, opens: rest.startsWith("{") };
}

const parts = /^(Person|System|Container|Component|Participant)(Db|Queue|_Ext|Db_Ext|Queue_Ext)*(_[A-Z]\w*)?$/;
const boundary = /(^|_)Boundary(_Ext)?$|^(Boundary|Deployment_Node|Node|Enterprise)(_[LR])?$|Group$/;

/** Draws what a call stands for; false when it draws no part of a system. `inside` is the key of the open boundary. */
export function drawMacro(
  call: MacroCall,
  line: number,
  inside: string | undefined,
  sketch: Sketch,
  clean: (label: string) => string,
): boolean {
  const [first = "", second, third, fourth] = call.positional;
  if (first === "") return false;
  if (/^(Bi)?Rel(_|$|Index)/.test(call.name)) {
    const [from, to, label] = call.name.startsWith("RelIndex") ? [second, third, fourth] : [first, second, third];
    if (from === undefined || to === undefined) return false;
    const [source, target] = call.name.startsWith("Rel_Back") ? [to, from] : [from, to];
    sketch.flow(source, target, label === undefined ? undefined : clean(label), line);
    return true;
  }
  if (call.opens || boundary.test(call.name)) {
    sketch.boundary(first, clean(second ?? first), inside, line);
    return true;
  }
  const isC4 = parts.test(call.name);
  // A macro of another library draws a part when it is given a name and a label.
  if (
    !isC4 &&
    (second === undefined || !/^[\w.-]+$/.test(first) || /^(Lay|Add|Update|Show|Set|Hide|Sprite)/.test(call.name))
  )
    return false;
  const hasTechnology = isC4 ? /^(Container|Component)/.test(call.name) : true;
  const technology =
    hasTechnology && third !== undefined && third !== "" ? clean(third) : isC4 ? undefined : words(call.name);
  sketch.node(first, line, {
    name: clean(second ?? first),
    ...kindOf(call.name),
    ...(technology === undefined ? {} : { technology }),
    ...(inside === undefined ? {} : { boundary: inside }),
  });
  return true;
}

function kindOf(name: string): { kind?: ElementKind } {
  if (
    /Db|Queue|Database|Storage|Bucket|S3|DynamoDB|RDS|Aurora|Redis|Cosmos|Blob|SQS|Kinesis|KeyVault|SecretsManager/.test(
      name,
    )
  )
    return { kind: "store" };
  if (/^Person|_Ext|^Users?$|^Client$|Actor/.test(name)) return { kind: "external" };
  return parts.test(name) ? { kind: "process" } : {};
}

function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ");
}
