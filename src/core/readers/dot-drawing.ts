import { type Drawing, Sketch } from "./sketch.ts";

const mostCharacters = 400_000;
const mostTokens = 40_000;
const deepest = 40;

/** Whether a text, or what a PlantUML file encloses, is a graph of Graphviz. */
export function isDot(text: string): boolean {
  return /^[ \t]{0,40}(?:strict[ \t]{1,9})?(?:di)?graph\b[^\n{]{0,200}\{/m.test(text.slice(0, 20_000));
}

/**
 * Reads a graph in the language of Graphviz, which PlantUML takes as well: nodes by their labels, edges as flows, clusters as
 * boundaries. HTML labels are passed over. Grammar: https://graphviz.org/doc/info/lang.html
 */
export function readDot(text: string): Drawing {
  const graph = new Graph(tokensOf(text));
  graph.read();
  return graph.sketch.drawing();
}

interface Token {
  readonly text: string;
  readonly line: number;
  /** A name or a quoted text, not a sign. */
  readonly isName: boolean;
}

class Graph {
  readonly sketch = new Sketch();
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): void {
    while (this.#at < this.#tokens.length && !this.#takes("{")) this.#at++;
    this.#body(undefined, 0);
  }

  /** The statements up to the closing bracket, and the keys of the nodes that they name. */
  #body(cluster: string | undefined, depth: number): string[] {
    const named: string[] = [];
    while (this.#at < this.#tokens.length && !this.#takes("}")) {
      if (this.#takes(";") || this.#takes(",")) continue;
      const before = this.#at;
      named.push(...this.#statement(cluster, depth));
      if (this.#at === before) this.#at++;
    }
    return named;
  }

  /** One statement, and the keys of the nodes that it names. */
  #statement(cluster: string | undefined, depth: number): string[] {
    const [first, next] = [this.#tokens[this.#at], this.#tokens[this.#at + 1]];
    if (first?.isName !== true || next?.isName === true) return this.#nodesOrEdges(cluster, depth);
    if (next?.text === "=") {
      this.#at += 2;
      this.#say(cluster, first.text, this.#takesName());
      return [];
    }
    if (next?.text !== "[" || !/^(node|edge|graph)$/.test(first.text)) return this.#nodesOrEdges(cluster, depth);
    this.#at++;
    while (this.#takes("[")) {
      const label = this.#attributes().get("label");
      // In `graph [label="…"]` the label is that of the cluster itself; those of nodes and edges are meant for all.
      if (first.text === "graph") this.#say(cluster, "label", label);
    }
    return [];
  }

  /** A node with what is said of it, or a chain of edges: each leads from all nodes of one end to all of the next. */
  #nodesOrEdges(cluster: string | undefined, depth: number): string[] {
    const line = this.#tokens[this.#at]?.line ?? 0;
    const flowsBefore = this.sketch.flows.length;
    let from = this.#operand(cluster, depth);
    const named = [...(from ?? [])];
    while (from !== undefined && (this.#takes("->") || this.#takes("--"))) {
      const end = this.#tokens[this.#at]?.line ?? 0;
      const to = this.#operand(cluster, depth);
      for (const source of from) for (const sink of to ?? []) this.sketch.flow(source, sink, undefined, end);
      named.push(...(to ?? []));
      from = to;
    }
    while (this.#takes("[")) {
      const label = this.#attributes().get("label");
      if (label === undefined || label === "") continue;
      const flows = this.sketch.flows.slice(flowsBefore);
      for (const flow of flows) flow.label = label;
      const [only] = named;
      if (flows.length === 0 && only !== undefined) this.sketch.node(only, line, { name: label });
    }
    return named;
  }

  /** One end of an edge: a node with or without a port, or a group of statements. */
  #operand(cluster: string | undefined, depth: number): string[] | undefined {
    const one = this.#tokens[this.#at];
    if (one === undefined) return undefined;
    if (one.isName && one.text === "subgraph") {
      this.#at++;
      const key = this.#takesName();
      if (!this.#takes("{") || depth > deepest) return undefined;
      const isCluster = key?.startsWith("cluster") === true;
      if (isCluster) this.sketch.boundary(key, key.replace(/^cluster_?(?=.)/, ""), cluster, one.line);
      return this.#body(isCluster ? key : cluster, depth + 1);
    }
    if (this.#takes("{")) return depth > deepest ? undefined : this.#body(cluster, depth + 1);
    const key = this.#takesName();
    if (key === undefined) return undefined;
    for (let ports = 0; ports < 2 && this.#takes(":"); ports++) this.#takesName();
    this.sketch.node(key, one.line, cluster === undefined ? {} : { boundary: cluster });
    return [key];
  }

  /** The pairs up to the closing bracket. */
  #attributes(): Map<string, string> {
    const found = new Map<string, string>();
    while (this.#at < this.#tokens.length && !this.#takes("]")) {
      const key = this.#takesName();
      if (key === undefined) this.#at++;
      else if (this.#takes("=")) found.set(key, this.#takesName() ?? "");
    }
    return found;
  }

  #say(cluster: string | undefined, key: string, text: string | undefined): void {
    const boundary = cluster === undefined ? undefined : this.sketch.boundaries.get(cluster);
    if (key === "label" && boundary !== undefined && text !== undefined && text !== "") boundary.name = text;
  }

  #takes(sign: string): boolean {
    const one = this.#tokens[this.#at];
    if (one === undefined || one.isName || one.text !== sign) return false;
    this.#at++;
    return true;
  }

  #takesName(): string | undefined {
    const one = this.#tokens[this.#at];
    if (one?.isName !== true) return undefined;
    this.#at++;
    return one.text;
  }
}

/** A comment, a line end, a quoted text, HTML, an arrow, a sign, a name; of a longer comment only its beginning. */
const token =
  /\/\*|\/\/[^\n]*|^[ \t]{0,40}#[^\n]*|(\n)|"((?:[^"\\]|\\[\s\S]){0,500})"|<[^<>\n]{0,200}>|(->|--)|([{}[\];,=:])|([\p{L}\p{N}_.]+)|[^\s]/gmu;

function tokensOf(text: string): Token[] {
  const source = text.slice(0, mostCharacters);
  const found: Token[] = [];
  const pattern = new RegExp(token);
  let line = 0;
  for (let match = pattern.exec(source); match !== null; match = pattern.exec(source)) {
    const [whole, newline, quoted, arrow, sign, name] = match;
    let end = pattern.lastIndex;
    if (whole === "/*") {
      const close = source.indexOf("*/", end);
      end = close === -1 ? source.length : close + 2;
      pattern.lastIndex = end;
    }
    if (quoted !== undefined) found.push({ text: shown(quoted), line, isName: true });
    else if (name !== undefined) found.push({ text: name.slice(0, 120), line, isName: true });
    else if (arrow !== undefined || sign !== undefined) found.push({ text: whole, line, isName: false });
    if (newline !== undefined || quoted !== undefined || whole === "/*")
      line += source.slice(match.index, end).split("\n").length - 1;
    if (found.length >= mostTokens) break;
  }
  return found;
}

/** A label on one line, its escapes resolved. */
function shown(text: string): string {
  return text
    .replace(/\\[nlr]/g, " ")
    .replace(/\\(.)/gs, "$1")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 120);
}
