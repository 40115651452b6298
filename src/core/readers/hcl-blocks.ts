import { limits } from "../text/limits.ts";

/** A block of HCL: `type "label" { attributes and blocks }`. Expressions are kept as their text; nothing is evaluated. */
export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: ReadonlyMap<string, HclValue>;
  readonly blocks: readonly HclBlock[];
  readonly line: number;
}

export interface HclValue {
  /** Texts of a list, or the one text. A reference such as `var.name` is its own text. */
  readonly texts: readonly string[];
  readonly line: number;
}

/**
 * Reads the blocks of an HCL text tolerantly and in one pass: comments, quoted texts, heredocs, lists and maps; anything
 * else is passed over. `unreadable` when it nests deeper or holds more than the limits, or ends inside a block.
 * Syntax: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
export function readHcl(text: string): { readonly root: HclBlock } | { readonly unreadable: string } {
  const scan = new HclScan(text);
  const root = scan.body("", [], 1, 0);
  if (scan.fault !== undefined) return { unreadable: `Line ${scan.line}: ${scan.fault}.` };
  return { root };
}

class HclScan {
  line = 1;
  fault: string | undefined;
  #at = 0;
  #nodes = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  body(type: string, labels: readonly string[], line: number, depth: number): HclBlock {
    const attributes = new Map<string, HclValue>();
    const blocks: HclBlock[] = [];
    const block: HclBlock = { type, labels, attributes, blocks, line };
    if (depth > limits.depth) this.fault = `nested deeper than ${limits.depth} levels`;
    while (this.fault === undefined) {
      this.#blank();
      const next = this.#text[this.#at];
      if (next === undefined) {
        if (depth > 0) this.fault = `the block ${type} that starts on line ${line} is not closed`;
        return block;
      }
      if (next === "}") {
        this.#at++;
        if (depth > 0) return block;
        continue;
      }
      const name = this.#name();
      if (name === undefined) {
        this.#at++;
        continue;
      }
      if (++this.#nodes > limits.nodes) this.fault = `more than ${limits.nodes} values`;
      this.#blank();
      if (this.#text[this.#at] === "=" || this.#text[this.#at] === ":") {
        this.#at++;
        attributes.set(name, this.#value(depth));
        continue;
      }
      const found: string[] = [];
      const start = this.line;
      while (this.#text[this.#at] !== undefined && this.#text[this.#at] !== "{") {
        const label = this.#text[this.#at] === '"' ? this.#quoted() : this.#name();
        if (label === undefined) break;
        found.push(label);
        this.#blank();
      }
      if (this.#text[this.#at] !== "{") continue;
      this.#at++;
      blocks.push(this.body(name, found, start, depth + 1));
    }
    return block;
  }

  #value(depth: number): HclValue {
    const line0 = this.line;
    this.#blank();
    const next = this.#text[this.#at];
    if (next === '"') return { texts: [this.#quoted()], line: line0 };
    if (next === "[") return { texts: this.#list(depth), line: line0 };
    if (next === "{") {
      this.#at++;
      const map = this.body("", [], this.line, depth + 1);
      return { texts: [...map.attributes.values()].flatMap(({ texts }) => texts), line: line0 };
    }
    if (this.#text.startsWith("<<", this.#at)) return { texts: [this.#heredoc()], line: line0 };
    return { texts: [this.#rest()], line: line0 };
  }

  #list(depth: number): string[] {
    const texts: string[] = [];
    this.#at++;
    while (this.fault === undefined) {
      this.#blank();
      const next = this.#text[this.#at];
      if (next === undefined) {
        this.fault = "a list is not closed";
        return texts;
      }
      if (next === "]") {
        this.#at++;
        return texts;
      }
      if (++this.#nodes > limits.nodes || depth > limits.depth) this.fault = "too many or too deep lists";
      if (next === ",") this.#at++;
      else if (next === "{" || next === "[" || next === '"') texts.push(...this.#value(depth + 1).texts);
      else {
        const word = /[^\s,\]]+/y;
        word.lastIndex = this.#at;
        const found = word.exec(this.#text)?.[0] ?? next;
        texts.push(found);
        this.#at += found.length;
      }
    }
    return texts;
  }

  /** A quoted text with its usual escapes; `${…}` stays as it is written. */
  #quoted(): string {
    let out = "";
    this.#at++;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? "";
      if (character === "\\") {
        const escaped = this.#text[this.#at + 1] ?? "";
        out += escaped === "n" ? "\n" : escaped === "t" ? "\t" : escaped;
        this.#at += 2;
      } else if (character === '"') {
        this.#at++;
        return out;
      } else {
        if (character === "\n") this.line++;
        out += character;
        this.#at++;
      }
    }
    this.fault = "a text in quotes is not closed";
    return out;
  }

  #heredoc(): string {
    const head = /<<-?[ \t]*([A-Za-z_]\w{0,60})[^\n]{0,20}\n/y;
    head.lastIndex = this.#at;
    const match = head.exec(this.#text);
    if (match === null) return this.#rest();
    this.#at += match[0].length;
    this.line++;
    const lines: string[] = [];
    while (this.#at < this.#text.length) {
      const end = this.#text.indexOf("\n", this.#at);
      const content = this.#text.slice(this.#at, end === -1 ? undefined : end);
      this.#at = end === -1 ? this.#text.length : end + 1;
      this.line++;
      if (content.trim() === match[1]) return lines.join("\n").trim();
      lines.push(content);
    }
    this.fault = `the text that ends with ${match[1] ?? "its mark"} is not closed`;
    return lines.join("\n");
  }

  /** An expression up to the end of its line, without a comment. */
  #rest(): string {
    const end = this.#text.indexOf("\n", this.#at);
    const content = this.#text.slice(this.#at, end === -1 ? undefined : end);
    const ends = ["#", "//", "}"].map((mark) => content.indexOf(mark)).filter((index) => index !== -1);
    const bare = content.slice(0, ends.length === 0 ? undefined : Math.min(...ends));
    this.#at += Math.max(1, bare.length);
    return bare.trim();
  }

  #name(): string | undefined {
    const name = /[A-Za-z_][\w-]*/y;
    name.lastIndex = this.#at;
    const found = name.exec(this.#text)?.[0];
    if (found !== undefined) {
      this.#at += found.length;
      return found;
    }
    return this.#text[this.#at] === '"' ? this.#quoted() : undefined;
  }

  /** Passes over white space and comments. */
  #blank(): void {
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at];
      if (character === "\n") {
        this.line++;
        this.#at++;
      } else if (character === " " || character === "\t" || character === "\r") this.#at++;
      else if (character === "#" || this.#text.startsWith("//", this.#at)) {
        const end = this.#text.indexOf("\n", this.#at);
        this.#at = end === -1 ? this.#text.length : end;
      } else if (this.#text.startsWith("/*", this.#at)) {
        const end = this.#text.indexOf("*/", this.#at + 2);
        const until = end === -1 ? this.#text.length : end + 2;
        for (let index = this.#at; index < until; index++) if (this.#text.charCodeAt(index) === 10) this.line++;
        this.#at = until;
      } else return;
    }
  }
}
