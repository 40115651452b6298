import type { ElementKind } from "../domain/stride.ts";
import { isDot, readDot } from "./dot-drawing.ts";
import { drawMacro, macroCall } from "./plantuml-macros.ts";
import { type Drawing, Sketch } from "./sketch.ts";

const mostLines = 4_000;
const longestLine = 2_000;

/**
 * Reads component, deployment, use case, sequence and C4 diagrams of PlantUML, and graphs of Graphviz in it, tolerantly: a line that is not understood is
 * passed over, and `!include` is never followed. Undefined for other kinds (classes, states, activities, Gantt …), which draw
 * no system. Syntax: https://plantuml.com/component-diagram, https://plantuml.com/sequence-diagram
 */
export function readPlantUml(text: string): Drawing | undefined {
  if (isDot(text)) return readDot(text);
  const lines = enclosed(text.split("\n", mostLines).map((line) => line.slice(0, longestLine)));
  if (lines.some((line) => otherKind.test(line))) return undefined;
  const sketch = new Sketch();
  const state: State = {
    open: [],
    isSequence: lines.some((line) => sequenceSign.test(line)),
    drawn: new Set(),
    skipTo: undefined,
  };
  for (const [index, raw] of lines.entries()) readLine(raw.trim(), index, state, sketch);
  return sketch.drawing();
}

/** What stands before the first diagram, between two and after the last is no part of one; it becomes empty lines. */
function enclosed(lines: readonly string[]): string[] {
  if (!lines.some((line) => starts.test(line))) return [...lines];
  let isInside = false;
  return lines.map((line) => {
    if (starts.test(line)) isInside = true;
    const shown = isInside ? line : "";
    if (/^\s*@end\w/i.test(line)) isInside = false;
    return shown;
  });
}

const starts = /^\s*@start\w/i;

const otherKind =
  /^\s*(@start(mindmap|wbs|gantt|json|yaml|salt|ditaa|dot|math|latex|regex|ebnf|chen|files|chronology)\b|(abstract |static )?(class|enum|annotation)\s+["\w]|state\s+["\w]|\[\*\]|start\s*$|:[^:]{1,200};\s*$)/i;
const sequenceSign =
  /^\s*(participant\b|autonumber\b|(de)?activate\b|return\b|(alt|loop|opt|par|critical)\s|box\s|==[^=]{1,200}==|create\s)/i;

interface State {
  /** Keys of the open containers; undefined for an open block that is none. */
  readonly open: (string | undefined)[];
  readonly isSequence: boolean;
  /** Pairs that exchanged a message already: a sequence shows the same flow many times. */
  readonly drawn: Set<string>;
  /** The line that ends what is passed over. */
  skipTo: RegExp | undefined;
}

/** Blocks that draw nothing, and the line that ends each. */
const passedOver: readonly (readonly [RegExp, RegExp])[] = [
  [/^\/'(?!.*'\/)/, /'\//],
  [/^[hr]?note\b(?!.*:)(?!.*"\s*as\b)/i, /^end\s?[hr]?note$/i],
  [/^legend\b/i, /^end\s?legend$/i],
  [/^(title|header|footer|caption)\s*$/i, /^end\s?(title|header|footer|caption)$/i],
  [/^skinparam\s+\w*\s*\{$/i, /^\}$/],
  [/^<style>/i, /^<\/style>/i],
  [/^!(procedure|function|unquoted|definelong)\b/i, /^!(endprocedure|endfunction|enddefinelong)\b/i],
  [/^(?:component|rectangle|node|card|database|storage|agent|artifact)\b.*\[\s*$/i, /^[^[]*\]\s*$/],
];

const ignored =
  /^('|!|@|\/'|skinparam\b|hide\b|show\b|left to right|top to bottom|title\b|header\b|footer\b|caption\b|scale\b|autonumber\b|activate\b|deactivate\b|destroy\b|return\b|[hr]?note\b|==|\.\.\.|\|\|\||newpage\b|allowmixing\b|LAYOUT_|SHOW_|HIDE_|ref\b)/i;

function readLine(line: string, index: number, state: State, sketch: Sketch): void {
  if (state.skipTo !== undefined) {
    if (state.skipTo.test(line)) state.skipTo = undefined;
    return;
  }
  if (line === "") return;
  const block = passedOver.find(([starts]) => starts.test(line));
  if (block !== undefined) {
    // A part may be described over several lines: its name stands on the first.
    if (/\[\s*$/.test(line)) declare(line.replace(/\[\s*$/, ""), index, state, sketch);
    state.skipTo = block[1];
    return;
  }
  if (ignored.test(line)) return;
  if (line.startsWith("}")) {
    state.open.pop();
    return;
  }
  const inside = insideOf(state);
  const call = macroCall(line);
  if (call !== undefined) {
    drawMacro(call, index, inside, sketch, clean);
    if (call.opens) state.open.push(call.positional[0] ?? inside);
    return;
  }
  const boxed = state.isSequence ? /^box\b\s*("[^"]*"|[^#]*)/i.exec(line) : null;
  if (boxed !== null) {
    const name = clean(boxed[1] ?? "") || "box";
    sketch.boundary(name, name, undefined, index);
    state.open.push(name);
    return;
  }
  if (/^end\s?box$/i.test(line)) {
    state.open.pop();
    return;
  }
  if (/^(together|package|frame|group)?\s*\{$/i.test(line)) {
    state.open.push(inside);
    return;
  }
  if (readArrow(line, index, inside, state, sketch)) return;
  declare(line, index, state, sketch);
}

function insideOf({ open }: State): string | undefined {
  return open.at(-1);
}

const kindOfKeyword: Readonly<Record<string, ElementKind | undefined>> = {
  actor: "external",
  person: "external",
  database: "store",
  queue: "store",
  storage: "store",
  collections: "store",
  stack: "store",
  participant: undefined,
};

const keyword =
  /^(?:create\s+)?(actor|person|database|queue|storage|collections|stack|participant|component|node|cloud|rectangle|package|folder|frame|boundary|entity|control|agent|artifact|interface|usecase|card|file|hexagon|process|action|label|container|circle)(?:\/)?\s+(.+)$/i;

/** `component "Long name" as short <<stereotype>> #colour {`, `[Name] as short`, `:Actor: as short`, `() "Interface"`. */
function declare(line: string, index: number, state: State, sketch: Sketch): void {
  const opens = line.endsWith("{");
  const body = opens ? line.slice(0, -1).trim() : line;
  const inside = insideOf(state);
  const named = keyword.exec(body);
  const word = named?.[1]?.toLowerCase();
  const part = partOf(word === undefined ? body : (named?.[2] ?? ""), word !== undefined);
  if (part === undefined || (word === undefined && !part.isMarked)) {
    if (opens) state.open.push(inside);
    return;
  }
  const { key, label } = part;
  const kind = word === undefined ? part.kind : kindOfKeyword[word];
  if (opens && kind !== "store") {
    sketch.boundary(key, label, inside, index);
    state.open.push(key);
    return;
  }
  if (word !== "label" && word !== "circle")
    sketch.node(key, index, {
      name: label,
      ...(kind === undefined ? {} : { kind }),
      ...(inside === undefined ? {} : { boundary: inside }),
    });
  if (opens) state.open.push(inside);
}

interface Part {
  readonly key: string;
  readonly label: string;
  readonly kind?: ElementKind;
  /** Written in signs that only parts have: brackets, colons. */
  readonly isMarked: boolean;
}

/** One part as it is written, with what follows its name. */
function partOf(text: string, isDeclared: boolean): Part | undefined {
  const body = text
    .replace(/<<[^<>]{0,200}>>/g, " ")
    .replace(/\s#[\w;:.|\\/-]*\s*$/g, " ")
    .replace(/\border\s+\d{1,4}\b/i, " ")
    .trim();
  const renamed = /^(.+?)\s+as\s+(.+)$/i.exec(body);
  const [left, right] = [renamed?.[1] ?? body, renamed?.[2]];
  const first = oneName(left);
  const second = right === undefined ? undefined : oneName(right);
  if (first === undefined) return undefined;
  if (!isDeclared && !first.isMarked) return { ...first, isMarked: false };
  if (second === undefined) return { ...first };
  // Either side may be the long name: `"Long" as short` and `short as "Long"`.
  const [key, label] = second.isQuoted && !first.isQuoted ? [first.key, second.label] : [second.key, first.label];
  return { key, label, ...(first.kind === undefined ? {} : { kind: first.kind }), isMarked: first.isMarked };
}

function oneName(text: string): (Part & { readonly isQuoted: boolean }) | undefined {
  const body = text.trim();
  const marked = /^(?:\[([^\]]{1,200})\]|:([^:]{1,200}):|\(\)\s*"?([^"]{1,200})"?|\(([^()]{1,200})\))/.exec(body);
  if (marked !== null) {
    const label = clean(marked[1] ?? marked[2] ?? marked[3] ?? marked[4] ?? "");
    return {
      key: label,
      label,
      isMarked: true,
      isQuoted: true,
      ...(marked[2] === undefined ? {} : { kind: "external" as const }),
    };
  }
  const quoted = /^"([^"]{1,300})"/.exec(body);
  if (quoted !== null) {
    const label = clean(quoted[1] ?? "");
    return { key: label, label, isMarked: false, isQuoted: true };
  }
  const plain = /^[\p{L}\p{N}_$][\p{L}\p{N}_.$@/-]*/u.exec(body)?.[0];
  return plain === undefined ? undefined : { key: plain, label: clean(plain), isMarked: false, isQuoted: false };
}

/** The arrow of every diagram: heads, a body of dashes or dots with colours and a direction in it, heads. */
const arrow =
  /\s*([<>ox*#^|\\/]{0,3})(-+|=+|\.+|~+)(\[[^\]]{0,100}\])?(?:(left|right|up|down|le|ri|do|up|l|r|u|d)(?=[-.=~[]))?(\[[^\]]{0,100}\])?([-.=~]*)((?:\(0?\)?|0\)?)(?=\s)|[<>ox*#^|\\/]{0,3})(?=[\s"[(:\p{L}_]|$)/u;

/** `a -[#red]right-> b : label`. True when the line is an arrow, drawn or hidden. */
function readArrow(line: string, index: number, inside: string | undefined, state: State, sketch: Sketch): boolean {
  const left =
    /^(\[[^\]]{1,200}\]|"[^"]{1,300}"|:[^:]{1,200}:|\([^()]{1,200}\)|[\p{L}\p{N}_$](?:[\p{L}\p{N}_.$@/]|-(?![-.<>|=\\/[]|[lrud]))*)/u.exec(
      line,
    );
  if (left === null) return false;
  const cardinality = /^\s+"[^"]{0,60}"/;
  const afterLeft = line.slice(left[0].length).replace(cardinality, "");
  const match = arrow.exec(afterLeft);
  if (match === null || match.index !== 0 || match[0].trim() === "") return false;
  const isBody = (match[2] ?? "").length + (match[6] ?? "").length > 0;
  const [before = "", after = ""] = [match[1], match[7]];
  if (!isBody || (!state.isSequence && (match[2] ?? "").length + (match[6] ?? "").length < 2 && before + after === ""))
    return false;
  const rest = afterLeft
    .slice(match[0].length)
    .trim()
    .replace(/^"[^"]{0,60}"\s+(?=[\w[(":])/, "");
  const target =
    /^(\[[^\]]{1,200}\]|"[^"]{1,300}"|:[^:]{1,200}:|\([^()]{1,200}\)|[\p{L}\p{N}_$](?:[\p{L}\p{N}_.$@/]|-(?=[\p{L}\p{N}]))*)/u.exec(
      rest,
    );
  const from = oneName(left[0]);
  const to = target === null ? undefined : oneName(target[0]);
  if (from === undefined || to === undefined) return state.isSequence;
  const options = `${match[3] ?? ""}${match[5] ?? ""}`;
  if (options.includes("hidden")) return true;
  for (const { key, label, kind, isMarked } of [from, to])
    if (isMarked || !sketch.nodes.has(key))
      sketch.node(key, index, {
        ...(sketch.nodes.has(key) ? {} : { name: label }),
        ...(kind === undefined ? {} : { kind }),
        // A sequence names its parts outside the box; elsewhere the first mention places a part.
        ...(inside === undefined || state.isSequence ? {} : { boundary: inside }),
      });
  const label = /:\s*(.*)$/.exec(rest.slice(target?.[0].length ?? 0))?.[1];
  const isBack = /[<]/.test(before) && !/[>]/.test(after);
  const [source, sink] = isBack ? [to.key, from.key] : [from.key, to.key];
  const pair = `${source}\u0000${sink}`;
  if (!state.isSequence || (!state.drawn.has(pair) && source !== sink))
    sketch.flow(source, sink, label === undefined ? undefined : clean(label), index);
  state.drawn.add(pair);
  return true;
}

/** A label as people read it: markup of Creole and HTML out, on one line. https://plantuml.com/creole */
function clean(label: string): string {
  return label
    .trim()
    .replace(/^"+|"+$/g, "")
    .replace(/\\n|\\l|\\r|<br\s*\/?>/gi, " ")
    .replace(/<[$&][^<>]{0,100}>|<\/?[a-z][^<>]{0,100}>/gi, "")
    .replace(/\*\*|__|(?<!:)\/\/|--|~~|""/g, "")
    .replace(/^\s*={1,6}(?![=>])|={2,6}\s*$/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 120);
}
