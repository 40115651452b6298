/*
 * HashiCorp configuration language, read as far as a difference needs: blocks, labels, attributes, literal values and
 * the line of each. Expressions are kept as text and never evaluated. The reader is tolerant (what it does not know it
 * skips to the end of the line) because a pull request may hold half of a file, and because nothing here decides
 * whether Terraform would accept it. Grammar: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */

/** A value as written. `expression` is anything that is not a literal, as text with single spaces. */
export type HclValue =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null; readonly line: number }
  | { readonly kind: "list"; readonly items: readonly HclValue[]; readonly line: number }
  | { readonly kind: "object"; readonly entries: readonly HclAttribute[]; readonly line: number }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly arguments: readonly HclValue[];
      readonly line: number;
      readonly text: string;
    }
  | { readonly kind: "expression"; readonly text: string; readonly line: number };

export interface HclAttribute {
  readonly name: string;
  readonly line: number;
  readonly value: HclValue;
}

export interface HclBody {
  readonly attributes: readonly HclAttribute[];
  readonly blocks: readonly HclBlock[];
}

export interface HclBlock extends HclBody {
  readonly type: string;
  readonly labels: readonly string[];
  readonly line: number;
}

/** How deep blocks, lists, objects and templates may nest, and how many values one file may hold (hostile cases, limits). */
const deepest = 64;
const mostNodes = 50_000;

class TooMuch extends Error {}

/** Blocks and attributes of one file, or why it was refused (nesting, size). Never throws. */
export function readHcl(text: string): { readonly body: HclBody } | { readonly unreadable: string } {
  try {
    return { body: new HclScanner(text).body(0) };
  } catch (error) {
    if (error instanceof TooMuch) return { unreadable: error.message };
    throw error;
  }
}

const identifierStart = /[\p{L}_]/u;
const identifierPart = /[\p{L}\p{N}_-]/u;

class HclScanner {
  private readonly text: string;
  private at = 0;
  private line = 1;
  private nodes = 0;

  constructor(text: string) {
    this.text = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  /** Reads up to the closing brace of the block at `depth`, or to the end of the text. */
  body(depth: number): HclBody {
    this.limit(depth);
    const attributes: HclAttribute[] = [];
    const blocks: HclBlock[] = [];
    for (;;) {
      this.skipBlank(true);
      const sign = this.text[this.at];
      if (sign === undefined) return { attributes, blocks };
      if (sign === "}") {
        this.at++;
        if (depth > 0) return { attributes, blocks };
        continue;
      }
      const name = this.name();
      if (name === undefined) {
        this.skipUnknown();
        continue;
      }
      const line = this.line;
      this.skipBlank(false);
      if (this.text[this.at] === "=" && this.text[this.at + 1] !== "=") {
        this.at++;
        attributes.push({ name, line, value: this.value(depth + 1, false) });
        continue;
      }
      const block = this.block(name, line, depth);
      if (block) blocks.push(block);
    }
  }

  private block(type: string, line: number, depth: number): HclBlock | undefined {
    const labels: string[] = [];
    for (;;) {
      this.skipBlank(false);
      if (this.text[this.at] === "{") {
        this.at++;
        return { type, labels, line, ...this.body(depth + 1) };
      }
      const label = this.name();
      if (label === undefined) {
        this.skipUnknown();
        return undefined;
      }
      labels.push(label);
    }
  }

  /** An identifier or a quoted string, as names, labels and keys are written. */
  private name(): string | undefined {
    const sign = this.text[this.at];
    if (sign === undefined) return undefined;
    if (sign === '"') return this.quoted(0).text;
    if (!identifierStart.test(sign)) return undefined;
    const start = this.at;
    while (this.at < this.text.length && identifierPart.test(this.text[this.at] ?? "")) this.at++;
    return this.text.slice(start, this.at);
  }

  /**
   * One value. Inside brackets (`enclosed`) it ends at a comma or the closing sign as well as at the end of the line.
   * A literal, list or object counts as such only when nothing follows it; otherwise all of it is an expression.
   */
  private value(depth: number, enclosed: boolean): HclValue {
    this.limit(depth);
    this.skipBlank(enclosed);
    const start = this.at;
    const line = this.line;
    const simple = this.simple(depth, line);
    if (simple) {
      this.skipBlank(false);
      if (this.ends(enclosed)) return simple;
    }
    const end = this.at;
    const endLine = this.line;
    this.at = start;
    this.line = line;
    const text = this.expression(depth, enclosed);
    // An expression always moves past what was tried, so that a value is read at most twice on each level.
    if (this.at < end) {
      this.at = end;
      this.line = endLine;
    }
    return { kind: "expression", text, line };
  }

  private simple(depth: number, line: number): HclValue | undefined {
    const sign = this.text[this.at];
    if (sign === undefined) return undefined;
    if (sign === '"') {
      const { text, whole } = this.quoted(depth);
      return whole === undefined ? { kind: "literal", value: text, line } : { kind: "expression", text: whole, line };
    }
    if (sign === "<" && this.text[this.at + 1] === "<") return this.heredoc();
    if (sign === "[") return this.comprehends() ? undefined : this.list(depth, line);
    if (sign === "{") return this.comprehends() ? undefined : this.object(depth, line);
    const number = /^-?\d+(\.\d+)?([eE][+-]?\d+)?(?![\p{L}\p{N}_.])/u.exec(this.text.slice(this.at, this.at + 40));
    if (number) {
      this.at += number[0].length;
      return { kind: "literal", value: Number(number[0]), line };
    }
    if (!identifierStart.test(sign)) return undefined;
    const start = this.at;
    const word = this.name() ?? "";
    if (this.text[this.at] === "(") return this.call(word, start, depth, line);
    if (this.text[this.at] === "." || this.text[this.at] === "[") return undefined;
    if (word === "true") return { kind: "literal", value: true, line };
    if (word === "false") return { kind: "literal", value: false, line };
    if (word === "null") return { kind: "literal", value: null, line };
    return { kind: "expression", text: word, line };
  }

  /** A call such as `jsonencode({…})`; an unusual one (a spread argument, a missing bracket) is an expression. */
  private call(name: string, start: number, depth: number, line: number): HclValue | undefined {
    this.at++;
    const values: HclValue[] = [];
    for (;;) {
      this.skipBlank(true);
      const sign = this.text[this.at];
      if (sign === undefined || sign === "]" || sign === "}") return undefined;
      if (sign === ")") {
        this.at++;
        return { kind: "call", name, arguments: values, line, text: squeeze(this.text.slice(start, this.at)) };
      }
      if (sign === ",") {
        this.at++;
        continue;
      }
      const before = this.at;
      values.push(this.value(depth + 1, true));
      if (this.at === before) return undefined;
    }
  }

  private list(depth: number, line: number): HclValue {
    this.at++;
    const items: HclValue[] = [];
    for (;;) {
      this.skipBlank(true);
      const sign = this.text[this.at];
      if (sign === undefined) break;
      if (sign === "]") {
        this.at++;
        break;
      }
      // A closing sign of something else: the list was never closed; its owner shall see the sign.
      if (sign === "}" || sign === ")") break;
      if (sign === ",") {
        this.at++;
        continue;
      }
      const before = this.at;
      items.push(this.value(depth + 1, true));
      if (this.at === before) this.at++;
    }
    return { kind: "list", items, line };
  }

  private object(depth: number, line: number): HclValue {
    this.at++;
    const entries: HclAttribute[] = [];
    for (;;) {
      this.skipBlank(true);
      const sign = this.text[this.at];
      if (sign === undefined) break;
      if (sign === "}") {
        this.at++;
        break;
      }
      if (sign === "]" || sign === ")") break;
      if (sign === ",") {
        this.at++;
        continue;
      }
      const before = this.at;
      const keyLine = this.line;
      const name = this.key(depth);
      this.skipBlank(false);
      const joint = this.text[this.at];
      if (name !== undefined && (joint === "=" || joint === ":")) {
        this.at++;
        entries.push({ name, line: keyLine, value: this.value(depth + 1, true) });
      } else if (this.at === before) this.at++;
    }
    return { kind: "object", entries, line };
  }

  /** A key of an object: a name, or a template or expression in brackets, as text. */
  private key(depth: number): string | undefined {
    if (this.text[this.at] === "(") {
      const start = this.at;
      this.balanced(depth);
      return squeeze(this.text.slice(start, this.at));
    }
    const start = this.at;
    if (this.name() === undefined) {
      while (this.at < this.text.length && !/[\s=:,{}[\]]/.test(this.text[this.at] ?? "")) this.at++;
      return this.at === start ? undefined : this.text.slice(start, this.at);
    }
    while (this.at < this.text.length && /[\p{L}\p{N}_.-]/u.test(this.text[this.at] ?? "")) this.at++;
    const written = this.text.slice(start, this.at);
    return written.startsWith('"') ? unquote(written) : written;
  }

  /** `[for …]` and `{for …}` are expressions. */
  private comprehends(): boolean {
    return /^[[{]\s*for\s/.test(this.text.slice(this.at, this.at + 200));
  }

  private ends(enclosed: boolean): boolean {
    const sign = this.text[this.at];
    if (sign === undefined || sign === "\n" || sign === "#" || sign === "}") return true;
    if (sign === "/" && (this.text[this.at + 1] === "/" || this.text[this.at + 1] === "*")) return true;
    return enclosed && (sign === "," || sign === "]" || sign === ")");
  }

  /** Text of an expression, to the end of its line outside all brackets. */
  private expression(depth: number, enclosed: boolean): string {
    const start = this.at;
    while (this.at < this.text.length) {
      const sign = this.text[this.at];
      if (sign === "\n") {
        // An operator at either side of the line break carries the expression on, inside brackets only.
        if (!enclosed || !this.continues(start)) break;
        this.line++;
        this.at++;
        continue;
      }
      if (sign === "#" || (sign === "/" && (this.text[this.at + 1] === "/" || this.text[this.at + 1] === "*"))) break;
      if (sign === "}" || (enclosed && (sign === "," || sign === "]" || sign === ")"))) break;
      if (sign === "(" || sign === "[" || sign === "{") this.balanced(depth);
      else if (sign === '"') this.quoted(depth);
      else if (sign === "<" && this.text[this.at + 1] === "<" && this.heredocMark()) this.heredoc();
      else this.at++;
    }
    return squeeze(this.text.slice(start, this.at));
  }

  private continues(start: number): boolean {
    if (/[?:+*/%&|<>=!-]\s*$/.test(this.text.slice(Math.max(start, this.at - 20), this.at))) return true;
    return /^\s*([?+*/%&|<>!]|:[^:]|==)/.test(this.text.slice(this.at, this.at + 200));
  }

  /** Moves past a bracket and its partner, strings and comments inside included. */
  private balanced(depth: number): void {
    let open = 0;
    while (this.at < this.text.length) {
      const sign = this.text[this.at];
      if (sign === '"') {
        this.quoted(depth);
        continue;
      }
      if (sign === "<" && this.text[this.at + 1] === "<" && this.heredocMark()) {
        this.heredoc();
        continue;
      }
      if (sign === "#" || (sign === "/" && (this.text[this.at + 1] === "/" || this.text[this.at + 1] === "*"))) {
        this.skipBlank(false);
        continue;
      }
      if (sign === "\n") this.line++;
      this.at++;
      if (sign === "(" || sign === "[" || sign === "{") {
        open++;
        this.limit(depth + open);
      } else if (sign === ")" || sign === "]" || sign === "}") {
        open--;
        if (open <= 0) return;
      }
    }
  }

  /** A quoted string. `whole` is set when it is nothing but one interpolation, and holds its expression. */
  private quoted(depth: number): { text: string; whole: string | undefined } {
    const start = this.at;
    this.at++;
    let interpolations = 0;
    let firstEnd = -1;
    while (this.at < this.text.length) {
      const sign = this.text[this.at];
      // A quoted string ends with its line; a missing quote costs one line, not the file.
      if (sign === "\n") break;
      if (sign === "\\") {
        this.at += this.text[this.at + 1] === "\n" ? 1 : 2;
        continue;
      }
      if (sign === '"') {
        this.at++;
        break;
      }
      if ((sign === "$" || sign === "%") && this.text[this.at + 1] === "{") {
        if (this.text[this.at - 1] === sign && this.at - 1 > start) {
          this.at += 2;
          continue;
        }
        interpolations++;
        this.at++;
        this.limit(depth + 1);
        this.balanced(depth + 1);
        if (firstEnd < 0) firstEnd = this.at;
        continue;
      }
      this.at++;
    }
    const written = this.text.slice(start, this.at);
    if (interpolations === 1 && written.startsWith('"${') && firstEnd === this.at - 1) {
      return { text: unquote(written), whole: squeeze(written.slice(3, -2)) };
    }
    return { text: unquote(written), whole: undefined };
  }

  private heredocMark(): RegExpExecArray | null {
    return /^<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t]*\r?\n/u.exec(this.text.slice(this.at, this.at + 120));
  }

  private heredoc(): HclValue | undefined {
    const mark = this.heredocMark();
    if (!mark) return undefined;
    this.at += mark[0].length;
    this.line++;
    const line = this.line;
    const lines: string[] = [];
    while (this.at < this.text.length) {
      const end = this.text.indexOf("\n", this.at);
      const stop = end < 0 ? this.text.length : end;
      const content = this.text.slice(this.at, stop).replace(/\r$/, "");
      this.at = stop;
      if (content.trim() === mark[2]) break;
      lines.push(content);
      if (end < 0) break;
      this.at++;
      this.line++;
    }
    return { kind: "literal", value: lines.join("\n"), line };
  }

  /** Moves past spaces and comments; past line breaks too when `lines`. */
  private skipBlank(lines: boolean): void {
    while (this.at < this.text.length) {
      const sign = this.text[this.at];
      if (sign === "\n") {
        if (!lines) return;
        this.line++;
        this.at++;
      } else if (sign === " " || sign === "\t" || sign === "\r") this.at++;
      else if (sign === "#" || (sign === "/" && this.text[this.at + 1] === "/")) {
        const end = this.text.indexOf("\n", this.at);
        this.at = end < 0 ? this.text.length : end;
      } else if (sign === "/" && this.text[this.at + 1] === "*") {
        const end = this.text.indexOf("*/", this.at + 2);
        const stop = end < 0 ? this.text.length : end + 2;
        for (let index = this.at; index < stop; index++) if (this.text[index] === "\n") this.line++;
        this.at = stop;
      } else return;
    }
  }

  /** Moves past one thing that is neither a name nor a closing brace. */
  private skipUnknown(): void {
    const sign = this.text[this.at];
    if (sign === "(" || sign === "[" || sign === "{") this.balanced(0);
    else if (sign !== "\n" && sign !== "}" && sign !== undefined) this.at++;
  }

  private limit(depth: number): void {
    if (depth > deepest) throw new TooMuch(`nested deeper than ${deepest} levels (line ${this.line})`);
    this.nodes++;
    if (this.nodes > mostNodes) throw new TooMuch(`more than ${mostNodes} values`);
  }
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

function unquote(written: string): string {
  const inner = written.slice(1, written.length > 1 && written.endsWith('"') ? -1 : undefined);
  if (!inner.includes("\\") && !inner.includes("$${") && !inner.includes("%%{")) return inner;
  return inner
    .replace(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)/g, (whole, code: string) => {
      if (code.length === 1) return escapes[code] ?? whole;
      const point = Number.parseInt(code.slice(1), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    })
    .replace(/([$%])\1\{/g, "$1{");
}
