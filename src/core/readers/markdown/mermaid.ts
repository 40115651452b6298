import type { ElementKind } from "../../domain/stride.ts";
import { kindByName } from "../element-kind.ts";

/** What a Mermaid diagram draws. Names are the labels that people read; lines count from 0 within the diagram. */
export interface Drawing {
  readonly nodes: readonly {
    readonly name: string;
    readonly kind: ElementKind;
    readonly boundary?: string;
    readonly line: number;
  }[];
  readonly flows: readonly {
    readonly from: string;
    readonly to: string;
    readonly label?: string;
    readonly line: number;
  }[];
  readonly boundaries: readonly { readonly name: string; readonly parent?: string; readonly line: number }[];
}

const lineLimit = 4_000;
const partLimit = 2_000;

/**
 * Reads flowcharts, graphs, sequence diagrams and C4 diagrams, tolerantly: a line that is not understood is passed over.
 * Undefined for other kinds (Gantt, pie …), which draw no system. Syntax: https://mermaid.js.org/syntax/flowchart.html
 */
export function readMermaid(text: string): Drawing | undefined {
  const lines = text.split("\n", lineLimit).map((line) => line.slice(0, 2_000));
  const head = lines.find((line) => line.trim() !== "" && !/^\s*(%%|---|title:|config:)/.test(line))?.trim() ?? "";
  if (/^(flowchart|graph)\b/i.test(head)) return readFlowchart(lines);
  if (/^sequenceDiagram\b/i.test(head)) return readSequence(lines);
  if (/^C4(Context|Container|Component|Deployment|Dynamic)\b/i.test(head)) return readC4(lines);
  return undefined;
}

interface Node {
  name: string;
  kind: ElementKind | undefined;
  boundary: string | undefined;
  line: number;
}

/** Collects the parts of a drawing by the short names of its source. */
class Sketch {
  readonly nodes = new Map<string, Node>();
  readonly flows: { from: string; to: string; label?: string; line: number }[] = [];
  readonly boundaries = new Map<string, { name: string; parent: string | undefined; line: number }>();

  node(
    key: string,
    label: string | undefined,
    kind: ElementKind | undefined,
    boundary: string | undefined,
    line: number,
  ): void {
    if (this.boundaries.has(key) || this.nodes.size >= partLimit) return;
    const known = this.nodes.get(key);
    if (known === undefined) this.nodes.set(key, { name: label ?? key, kind, boundary, line });
    else {
      if (label !== undefined) known.name = label;
      known.kind ??= kind;
      known.boundary ??= boundary;
    }
  }

  flow(from: string, to: string, label: string | undefined, line: number): void {
    if (this.flows.length < partLimit)
      this.flows.push({ from, to, ...(label === undefined || label === "" ? {} : { label }), line });
  }

  drawing(): Drawing {
    const nameOf = (key: string): string => this.nodes.get(key)?.name ?? this.boundaries.get(key)?.name ?? key;
    const nodes = [...this.nodes].filter(([key]) => !this.boundaries.has(key));
    return {
      nodes: nodes.map(([, { name, kind, boundary, line }]) => ({
        name,
        kind: kind ?? kindByName(name),
        ...(boundary === undefined ? {} : { boundary: nameOf(boundary) }),
        line,
      })),
      flows: this.flows.map(({ from, to, ...rest }) => ({ from: nameOf(from), to: nameOf(to), ...rest })),
      boundaries: [...this.boundaries.values()].map(({ name, parent, line }) => ({
        name,
        ...(parent === undefined ? {} : { parent: nameOf(parent) }),
        line,
      })),
    };
  }
}

function clean(label: string): string {
  return label
    .replace(/^["'`]+|["'`]+$/g, "")
    .replace(/<br\s*\/?>|\\n/gi, " ")
    .replace(/<[^<>]{0,200}>/g, "")
    .replace(/[*_`]{1,2}(?=\S)|(?<=\S)[*_`]{1,2}/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 600)
    .replace(/#(quot|\d{1,7});/g, entity)
    .slice(0, 120);
}

/** A character written as its number, so that it means nothing in the diagram. https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters */
function entity(written: string, number: string): string {
  if (number === "quot") return '"';
  const point = Number(number);
  return point < 32 || point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? written : String.fromCodePoint(point);
}

/** Statements of one line: a semicolon ends one, unless it stands in quotes or ends an entity. */
function statementsOf(line: string): string[] {
  return line.match(/(?:"[^"]*"|#(?:quot|\d{1,7});|[^;])+/g) ?? [];
}

const ignored = /^(%%|classDef|class\s|style\s|linkStyle|click|direction\b|accTitle|accDescr|title\b|autonumber|---)/i;

function readFlowchart(lines: readonly string[]): Drawing {
  const sketch = new Sketch();
  const open: string[] = [];
  for (const [index, raw] of lines.entries()) {
    for (const statement of statementsOf(raw)) {
      const line = statement.trim();
      if (line === "" || ignored.test(line) || /^(flowchart|graph)\b/i.test(line)) continue;
      const group = /^subgraph\s+(.*)$/i.exec(line)?.[1];
      if (group !== undefined) {
        const named = /^([\w.:-]+)\s*[[({]+\s*(.*?)\s*[\])}]+$/.exec(group.trim());
        const key = named?.[1] ?? clean(group);
        sketch.nodes.delete(key);
        sketch.boundaries.set(key, { name: clean(named?.[2] ?? group), parent: open.at(-1), line: index });
        open.push(key);
      } else if (/^end\b/i.test(line)) open.pop();
      else readChain(line, index, open.at(-1), sketch);
    }
  }
  return sketch.drawing();
}

const arrow =
  /^\s*(<)?(?:(--|==|-\.)\s*(?!-|=|\.|>)([^\n|]{1,200}?)\s*(?:-{2,}[>xo]?|={2,}[>xo]?|\.{1,5}-[>xo]?)|[xo](?=--)?-{2,}[>xo]?(?=[\s|])|-{2,}[>xo]?|={2,}[>xo]?|-\.{1,5}-?[>xo]?|~{3,})\s*(?:\|([^|\n]{0,300})\|)?/;

/** `A[Name] -->|label| B & C --> D`: nodes joined by arrows. */
function readChain(line: string, index: number, boundary: string | undefined, sketch: Sketch): void {
  let rest = line;
  let from: string[] = [];
  let link: { label: string | undefined; back: boolean; drawn: boolean } | undefined;
  for (let step = 0; step < 100; step++) {
    const group = readGroup(rest, index, boundary, sketch);
    if (group === undefined) return;
    if (link?.drawn === true) {
      for (const source of from)
        for (const target of group.keys) {
          sketch.flow(source, target, link.label, index);
          if (link.back) sketch.flow(target, source, link.label, index);
        }
    }
    const match = arrow.exec(group.rest);
    if (match === null || match[0].trim() === "") return;
    const label = match[4] ?? match[3];
    link = {
      label: label === undefined ? undefined : clean(label),
      back: match[1] === "<",
      drawn: !match[0].includes("~~~"),
    };
    from = group.keys;
    rest = group.rest.slice(match[0].length);
  }
}

/** One or several nodes joined by `&`. */
function readGroup(
  text: string,
  index: number,
  boundary: string | undefined,
  sketch: Sketch,
): { keys: string[]; rest: string } | undefined {
  const keys: string[] = [];
  let rest = text;
  for (let step = 0; step < 50; step++) {
    const node = readNode(rest);
    if (node === undefined) return keys.length === 0 ? undefined : { keys, rest };
    sketch.node(node.key, node.label, node.kind, boundary, index);
    keys.push(node.key);
    rest = node.rest;
    const joined = /^\s*&\s*/.exec(rest);
    if (joined === null) return { keys, rest };
    rest = rest.slice(joined[0].length);
  }
  return { keys, rest };
}

const shapes: readonly (readonly [string, string, ElementKind | undefined])[] = [
  ["[(", ")]", "store"],
  ["[[", "]]", undefined],
  ["((", "))", undefined],
  ["([", "])", undefined],
  ["{{", "}}", undefined],
  ["[/", "]", undefined],
  ["[\\", "]", undefined],
  ["[", "]", undefined],
  ["(", ")", undefined],
  ["{", "}", undefined],
  [">", "]", undefined],
];

/** Classes by which authors style the symbols of a data flow diagram: `web["Web"]:::process`. */
const classKinds: Readonly<Record<string, ElementKind>> = { process: "process", store: "store", external: "external" };

function readNode(text: string): { key: string; label?: string; kind?: ElementKind; rest: string } | undefined {
  const key = /^\s*([\p{L}\p{N}_](?:[\p{L}\p{N}_.:/]|-(?![-.>]))*)/u.exec(text);
  if (key?.[1] === undefined) return undefined;
  let rest = text.slice(key[0].length);
  const wide = /^@\{([^{}]{0,300})\}/.exec(rest);
  if (wide !== null) {
    const label = /label:\s*"([^"]{0,200})"/.exec(wide[1] ?? "")?.[1];
    const store = /shape:\s*(cyl|db|database|das|lin-cyl|disk|bow-rect|stored-data)/.test(wide[1] ?? "");
    return {
      key: key[1],
      ...(label === undefined ? {} : { label: clean(label) }),
      ...(store ? { kind: "store" as const } : {}),
      rest: rest.slice(wide[0].length),
    };
  }
  for (const [open, close, kind] of shapes) {
    if (!rest.startsWith(open)) continue;
    const end = closing(rest, open.length, close);
    if (end === -1) break;
    const label = clean(rest.slice(open.length, end).replace(/[/\\]$/, ""));
    rest = rest.slice(end + close.length);
    const named = classKinds[/^:::([\w-]+)/.exec(rest)?.[1] ?? ""] ?? kind;
    return {
      key: key[1],
      ...(label === "" ? {} : { label }),
      ...(named === undefined ? {} : { kind: named }),
      rest: rest.replace(/^:::[\w-]+/, ""),
    };
  }
  return { key: key[1].replace(/:::.*$/, ""), rest: rest.replace(/^:::[\w-]+/, "") };
}

/** Index of the closing sign, looked for after a quoted label where there is one. */
function closing(text: string, from: number, close: string): number {
  const quoted = /^\s*"[^"]{0,500}"/.exec(text.slice(from));
  return text.indexOf(close, from + (quoted?.[0].length ?? 0));
}

function readSequence(lines: readonly string[]): Drawing {
  const sketch = new Sketch();
  let box: string | undefined;
  const blocks: boolean[] = [];
  const drawn = new Set<string>();
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    const participant = /^(participant|actor|create participant|create actor)\s+([^\s]+)(?:\s+as\s+(.*))?$/i.exec(line);
    const boxed = /^box\s+(?:(?:rgba?\([^)]*\)|transparent|#?\w+)\s+)?(.+)$/i.exec(line);
    const message =
      /^([\p{L}\p{N}_ .-]{1,80}?)\s*(?:<<)?(?:-->>|->>|-->|->|--x|-x|--\)|-\))\s*[+-]?\s*([\p{L}\p{N}_ .-]{1,80}?)\s*:\s*(.*)$/u.exec(
        line,
      );
    if (participant !== null) {
      const kind = /actor/i.test(participant[1] ?? "") ? "external" : undefined;
      sketch.node(
        participant[2] ?? "",
        participant[3] === undefined ? undefined : clean(participant[3]),
        kind,
        box,
        index,
      );
    } else if (boxed !== null) {
      box = clean(boxed[1] ?? "");
      sketch.boundaries.set(box, { name: box, parent: undefined, line: index });
      blocks.push(true);
    } else if (/^(loop|alt|opt|par|critical|break|rect)\b/i.test(line)) blocks.push(false);
    else if (/^end\b/i.test(line)) {
      if (blocks.pop() === true) box = undefined;
    } else if (message !== null && !/^note\b/i.test(line)) {
      const from = (message[1] ?? "").trim();
      const to = (message[2] ?? "").trim();
      sketch.node(from, undefined, undefined, undefined, index);
      sketch.node(to, undefined, undefined, undefined, index);
      if (!drawn.has(`${from}\u0000${to}`)) sketch.flow(from, to, clean(message[3] ?? ""), index);
      drawn.add(`${from}\u0000${to}`);
    }
  }
  return sketch.drawing();
}

function readC4(lines: readonly string[]): Drawing {
  const sketch = new Sketch();
  const open: string[] = [];
  for (const [index, raw] of lines.entries()) {
    const call = /^\s*(\w+)\(\s*([^,()]{1,100})\s*(?:,\s*"?([^",()]{0,200})"?)?\s*(?:,\s*"?([^",()]{0,200})"?)?/.exec(
      raw,
    );
    if (call === null) {
      if (/^\s*\}/.test(raw)) open.pop();
      continue;
    }
    const [, macro = "", first = "", second, third] = call;
    if (/boundary|deployment_node|^node$/i.test(macro)) {
      sketch.boundaries.set(first, { name: clean(second ?? first), parent: open.at(-1), line: index });
      if (raw.includes("{")) open.push(first);
    } else if (/^(bi)?rel/i.test(macro)) {
      sketch.flow(first, clean(second ?? ""), third === undefined ? undefined : clean(third), index);
      if (/^birel/i.test(macro)) sketch.flow(clean(second ?? ""), first, undefined, index);
    } else if (/^(person|system|container|component)/i.test(macro)) {
      const kind = /db$|queue$/i.test(macro) ? "store" : /^person|_ext/i.test(macro) ? "external" : "process";
      sketch.node(first, clean(second ?? first), kind, open.at(-1), index);
    }
  }
  return sketch.drawing();
}
