import type { ElementKind } from "../../domain/stride.ts";
import { kindByName } from "../element-kind.ts";
import { type Drawing, Sketch } from "../sketch.ts";
import { clean } from "./mermaid-label.ts";

/** Statements of one line: a semicolon ends one, unless it stands in quotes or ends an entity. */
function statementsOf(line: string): string[] {
  return line.match(/(?:"[^"]*"|#(?:quot|\d{1,7});|[^;])+/g) ?? [];
}

/** The first line. A part may be called `GRAPH` as well. */
const header = /^(?:flowchart|graph)(?:-elk)?(?:\s{1,20}(?:TB|TD|BT|RL|LR|[<>^v]))?\s*;?$/i;

const mostJoined = 20;

/**
 * The lines with those that go on joined to what follows them: a text in quotes that is not closed, an arrow or an `&` without
 * its other end. Each has the index of its first.
 */
function wholeLines(lines: readonly string[]): { readonly text: string; readonly index: number }[] {
  const found: { text: string; index: number }[] = [];
  let joined = 0;
  for (const [index, line] of lines.entries()) {
    const last = found.at(-1);
    const isBlank = line.trim() === "" || /^\s*%%/.test(line);
    if (last !== undefined && joined < mostJoined && goesOn(last.text)) {
      if (!isBlank) last.text = `${last.text} ${line.trim()}`;
      joined++;
    } else {
      joined = 0;
      if (!isBlank) found.push({ text: line, index });
    }
  }
  return found;
}

function goesOn(line: string): boolean {
  if (ignored.test(line.trim()) || header.test(line.trim())) return false;
  return /[[({|]\s{0,20}"[^"]*$/.test(line) || /(?:[-=.]>|-{3}|&|>\|[^|]{0,300}\|)\s*$/.test(line);
}

const ignored = /^(%%|classDef|class\s|style\s|linkStyle|click|direction\b|accTitle|accDescr|title\b|autonumber|---)/i;

/** Reads `flowchart` and `graph`. https://mermaid.js.org/syntax/flowchart.html */
export function readFlowchart(lines: readonly string[]): Drawing {
  const sketch = new Sketch();
  const open: string[] = [];
  for (const { text, index } of wholeLines(lines)) {
    for (const statement of statementsOf(text)) {
      const line = statement.trim();
      if (line === "" || ignored.test(line) || header.test(line)) continue;
      const group = /^subgraph\s+(.*)$/i.exec(line)?.[1];
      if (group !== undefined) {
        const named = /^([\w.:-]+)\s*[[({]+\s*(.*?)\s*[\])}]+$/.exec(group.trim());
        const key = named?.[1] ?? clean(group);
        sketch.boundary(key, clean(named?.[2] ?? group), open.at(-1), index);
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
    // An edge may have an id of its own: `A e1@--> B`.
    const after = group.rest.replace(/^\s+\w{1,40}@(?=[-=.~<xo])/, " ");
    const match = arrow.exec(after);
    if (match === null || match[0].trim() === "") return;
    const label = match[4] ?? match[3];
    link = {
      label: label === undefined ? undefined : clean(label),
      back: match[1] === "<",
      drawn: !match[0].includes("~~~"),
    };
    from = group.keys;
    rest = after.slice(match[0].length);
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
    sketch.node(node.key, index, {
      ...(node.label === undefined ? {} : { name: node.label }),
      kind: node.kind,
      boundary,
    });
    keys.push(node.key);
    rest = node.rest;
    const joined = /^\s*&\s*/.exec(rest);
    if (joined === null) return { keys, rest };
    rest = rest.slice(joined[0].length);
  }
  return { keys, rest };
}

/** What a symbol says of its kind: `terminal` is where something starts or ends, an outsider unless the name says otherwise. */
type Shape = ElementKind | "terminal" | undefined;

/** Signs around a label, the longer first. Circles, hexagons and the like are drawn for anything: there the name tells. */
const shapes: readonly (readonly [string, string, Shape])[] = [
  ["(((", ")))", undefined],
  ["[(", ")]", "store"],
  ["[[", "]]", undefined],
  ["((", "))", undefined],
  ["([", "])", "terminal"],
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

/** The named shapes of newer Mermaid. https://mermaid.js.org/syntax/flowchart.html#complete-list-of-new-shapes */
function shapeNamed(name: string): Shape {
  if (
    /^(cyl(inder)?|db|database|das|h-cyl(inder)?|horizontal-cylinder|lin-cyl|lined-cylinder|disk|bow-rect|stored-data|win-pane|internal-storage)$/.test(
      name,
    )
  )
    return "store";
  if (/^(stadium|pill|terminal)$/.test(name)) return "terminal";
  return undefined;
}

const working =
  /\b(services?|apis?|servers?|apps?|application|workers?|process(or)?|functions?|gateway|engine|modules?|controller|handler|jobs?|proxy|daemon|agent|pods?|containers?|lambda|cluster)\b/i;

/** A terminal is an outsider, unless its name tells of a store or of something that works. */
function kindOf(shape: Shape, label: string): ElementKind | undefined {
  if (shape !== "terminal") return shape;
  const named = kindByName(label);
  return named === "process" && !working.test(label) ? "external" : named;
}

function readNode(text: string): { key: string; label?: string; kind?: ElementKind; rest: string } | undefined {
  const key = /^\s*([\p{L}\p{N}_](?:[\p{L}\p{N}_.:/]|-(?![-.>]))*)/u.exec(text);
  if (key?.[1] === undefined) return undefined;
  let rest = text.slice(key[0].length);
  const wide = /^@\{([^{}]{0,300})\}/.exec(rest);
  if (wide !== null) {
    const label = /label:\s*"([^"]{0,200})"/.exec(wide[1] ?? "")?.[1];
    const kind = kindOf(shapeNamed(/shape:\s*["']?([\w-]{1,40})/.exec(wide[1] ?? "")?.[1] ?? ""), label ?? key[1]);
    return {
      key: key[1],
      ...(label === undefined ? {} : { label: clean(label) }),
      ...(kind === undefined ? {} : { kind }),
      rest: rest.slice(wide[0].length),
    };
  }
  for (const [open, close, kind] of shapes) {
    if (!rest.startsWith(open)) continue;
    const end = closing(rest, open.length, close);
    if (end === -1) break;
    const label = clean(rest.slice(open.length, end).replace(/[/\\]$/, ""));
    rest = rest.slice(end + close.length);
    const named = classKinds[/^:::([\w-]+)/.exec(rest)?.[1] ?? ""] ?? kindOf(kind, label);
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
