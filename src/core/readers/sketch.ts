import type { ElementKind } from "../domain/stride.ts";
import { kindByName } from "./element-kind.ts";

/** What a diagram in text draws. Names are the labels that people read; lines count from 0 within the diagram. */
export interface Drawing {
  readonly nodes: readonly {
    readonly name: string;
    readonly kind: ElementKind;
    readonly technology?: string;
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

interface Node {
  name: string;
  kind: ElementKind | undefined;
  technology: string | undefined;
  boundary: string | undefined;
  line: number;
}

const mostParts = 2_000;

/** Collects the parts of a drawing by the short names of its source: what is said later of a part completes it. */
export class Sketch {
  readonly nodes = new Map<string, Node>();
  readonly flows: { from: string; to: string; label?: string; line: number }[] = [];
  readonly boundaries = new Map<string, { name: string; parent: string | undefined; line: number }>();

  node(key: string, line: number, more: Partial<Omit<Node, "line">> = {}): void {
    if (this.boundaries.has(key)) return;
    const known = this.nodes.get(key);
    if (known === undefined) {
      if (this.nodes.size >= mostParts) return;
      const { name, kind, technology, boundary } = more;
      this.nodes.set(key, { name: name ?? key, kind, technology, boundary, line });
      return;
    }
    if (more.name !== undefined) known.name = more.name;
    known.kind ??= more.kind;
    known.technology ??= more.technology;
    known.boundary ??= more.boundary;
  }

  boundary(key: string, name: string, parent: string | undefined, line: number): void {
    if (this.boundaries.size >= mostParts || this.boundaries.has(key)) return;
    this.nodes.delete(key);
    this.boundaries.set(key, { name, parent, line });
  }

  flow(from: string, to: string, label: string | undefined, line: number): void {
    if (this.flows.length >= mostParts) return;
    this.flows.push({ from, to, ...(label === undefined || label === "" ? {} : { label }), line });
  }

  drawing(): Drawing {
    const nameOf = (key: string): string => this.nodes.get(key)?.name ?? this.boundaries.get(key)?.name ?? key;
    return {
      nodes: [...this.nodes.values()].map(({ name, kind, technology, boundary, line }) => ({
        name,
        kind: kind ?? kindByName(withoutRemarks(name)),
        ...(technology === undefined ? {} : { technology }),
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

/** A name without what it says in square brackets of its work, as in "Worker [reads the queue]", unless that is all of it. */
function withoutRemarks(name: string): string {
  const bare = name.replace(/\[[^[\]]{0,100}\]/g, " ").trim();
  return bare === "" ? name : bare;
}
