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

const partLimit = 2_000;

interface Node {
  name: string;
  kind: ElementKind | undefined;
  boundary: string | undefined;
  line: number;
}

/** Collects the parts of a drawing by the short names of its source. */
export class Sketch {
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

/** A label as people read it: no quotes, marks or tags, one line, entities resolved. */
export function clean(label: string): string {
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
