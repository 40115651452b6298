/*
 * HashiCorp configuration language, read as far as a difference needs: blocks, labels, attributes, literal values and
 * the line of each. Expressions are kept as text and never evaluated. The reader is tolerant (what it does not know it
 * skips to the end of the line) because a pull request may hold half of a file, and because nothing here decides
 * whether Terraform would accept it. Grammar: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */

import { HclCursor, squeeze, TooMuch, unquote } from "./hcl-cursor.ts";

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

/** Blocks and attributes of one file, or why it was refused (nesting, size). Never throws. */
export function readHcl(text: string): { readonly body: HclBody } | { readonly unreadable: string } {
  try {
    return { body: new HclParser(new HclCursor(text)).body(0) };
  } catch (error) {
    if (error instanceof TooMuch) return { unreadable: error.message };
    throw error;
  }
}

/** Recursive descent over a cursor; its depth is bounded by the limit, and so is the stack. */
class HclParser {
  private readonly in: HclCursor;

  constructor(cursor: HclCursor) {
    this.in = cursor;
  }

  /** Reads up to the closing brace of the block at `depth`, or to the end of the text. */
  body(depth: number): HclBody {
    this.in.limit(depth);
    const attributes: HclAttribute[] = [];
    const blocks: HclBlock[] = [];
    for (;;) {
      this.in.skipBlank(true);
      const sign = this.in.text[this.in.at];
      if (sign === undefined) return { attributes, blocks };
      if (sign === "}") {
        this.in.at++;
        if (depth > 0) return { attributes, blocks };
        continue;
      }
      const name = this.in.name();
      if (name === undefined) {
        this.in.skipUnknown();
        continue;
      }
      const line = this.in.line;
      this.in.skipBlank(false);
      if (this.in.text[this.in.at] === "=" && this.in.text[this.in.at + 1] !== "=") {
        this.in.at++;
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
      this.in.skipBlank(false);
      if (this.in.text[this.in.at] === "{") {
        this.in.at++;
        return { type, labels, line, ...this.body(depth + 1) };
      }
      const label = this.in.name();
      if (label === undefined) {
        this.in.skipUnknown();
        return undefined;
      }
      labels.push(label);
    }
  }

  /**
   * One value. Inside brackets (`enclosed`) it ends at a comma or the closing sign as well as at the end of the line.
   * A literal, list or object counts as such only when nothing follows it; otherwise all of it is an expression.
   */
  private value(depth: number, enclosed: boolean): HclValue {
    this.in.limit(depth);
    this.in.skipBlank(enclosed);
    const start = this.in.at;
    const line = this.in.line;
    const simple = this.simple(depth, line);
    if (simple) {
      this.in.skipBlank(false);
      if (this.in.ends(enclosed)) return simple;
    }
    const end = this.in.at;
    const endLine = this.in.line;
    this.in.at = start;
    this.in.line = line;
    const text = this.in.expression(depth, enclosed);
    // An expression always moves past what was tried, so that a value is read at most twice on each level.
    if (this.in.at < end) {
      this.in.at = end;
      this.in.line = endLine;
    }
    return { kind: "expression", text, line };
  }

  private simple(depth: number, line: number): HclValue | undefined {
    const sign = this.in.text[this.in.at];
    if (sign === undefined) return undefined;
    if (sign === '"') {
      const { text, whole } = this.in.quoted(depth);
      return whole === undefined ? { kind: "literal", value: text, line } : { kind: "expression", text: whole, line };
    }
    if (sign === "<" && this.in.text[this.in.at + 1] === "<") {
      const document = this.in.heredoc();
      return document && { kind: "literal", ...document };
    }
    if (sign === "[") return this.in.comprehends() ? undefined : this.list(depth, line);
    if (sign === "{") return this.in.comprehends() ? undefined : this.object(depth, line);
    const number = /^-?\d+(\.\d+)?([eE][+-]?\d+)?(?![\p{L}\p{N}_.])/u.exec(
      this.in.text.slice(this.in.at, this.in.at + 40),
    );
    if (number) {
      this.in.at += number[0].length;
      return { kind: "literal", value: Number(number[0]), line };
    }
    if (!this.in.startsName()) return undefined;
    const start = this.in.at;
    const word = this.in.name() ?? "";
    if (this.in.text[this.in.at] === "(") return this.call(word, start, depth, line);
    if (this.in.text[this.in.at] === "." || this.in.text[this.in.at] === "[") return undefined;
    if (word === "true") return { kind: "literal", value: true, line };
    if (word === "false") return { kind: "literal", value: false, line };
    if (word === "null") return { kind: "literal", value: null, line };
    return { kind: "expression", text: word, line };
  }

  /** A call such as `jsonencode({…})`; an unusual one (a spread argument, a missing bracket) is an expression. */
  private call(name: string, start: number, depth: number, line: number): HclValue | undefined {
    this.in.at++;
    const values: HclValue[] = [];
    for (;;) {
      this.in.skipBlank(true);
      const sign = this.in.text[this.in.at];
      if (sign === undefined || sign === "]" || sign === "}") return undefined;
      if (sign === ")") {
        this.in.at++;
        return { kind: "call", name, arguments: values, line, text: squeeze(this.in.text.slice(start, this.in.at)) };
      }
      if (sign === ",") {
        this.in.at++;
        continue;
      }
      const before = this.in.at;
      values.push(this.value(depth + 1, true));
      if (this.in.at === before) return undefined;
    }
  }

  private list(depth: number, line: number): HclValue {
    this.in.at++;
    const items: HclValue[] = [];
    for (;;) {
      this.in.skipBlank(true);
      const sign = this.in.text[this.in.at];
      if (sign === undefined) break;
      if (sign === "]") {
        this.in.at++;
        break;
      }
      // A closing sign of something else: the list was never closed; its owner shall see the sign.
      if (sign === "}" || sign === ")") break;
      if (sign === ",") {
        this.in.at++;
        continue;
      }
      const before = this.in.at;
      items.push(this.value(depth + 1, true));
      if (this.in.at === before) this.in.at++;
    }
    return { kind: "list", items, line };
  }

  private object(depth: number, line: number): HclValue {
    this.in.at++;
    const entries: HclAttribute[] = [];
    for (;;) {
      this.in.skipBlank(true);
      const sign = this.in.text[this.in.at];
      if (sign === undefined) break;
      if (sign === "}") {
        this.in.at++;
        break;
      }
      if (sign === "]" || sign === ")") break;
      if (sign === ",") {
        this.in.at++;
        continue;
      }
      const before = this.in.at;
      const keyLine = this.in.line;
      const name = this.key(depth);
      this.in.skipBlank(false);
      const joint = this.in.text[this.in.at];
      if (name !== undefined && (joint === "=" || joint === ":")) {
        this.in.at++;
        entries.push({ name, line: keyLine, value: this.value(depth + 1, true) });
      } else if (this.in.at === before) this.in.at++;
    }
    return { kind: "object", entries, line };
  }

  /** A key of an object: a name, or a template or expression in brackets, as text. */
  private key(depth: number): string | undefined {
    if (this.in.text[this.in.at] === "(") {
      const start = this.in.at;
      this.in.balanced(depth);
      return squeeze(this.in.text.slice(start, this.in.at));
    }
    const start = this.in.at;
    if (this.in.name() === undefined) {
      while (this.in.at < this.in.text.length && !/[\s=:,{}[\]]/.test(this.in.text[this.in.at] ?? "")) this.in.at++;
      return this.in.at === start ? undefined : this.in.text.slice(start, this.in.at);
    }
    while (this.in.at < this.in.text.length && /[\p{L}\p{N}_.-]/u.test(this.in.text[this.in.at] ?? "")) this.in.at++;
    const written = this.in.text.slice(start, this.in.at);
    return written.startsWith('"') ? unquote(written) : written;
  }
}
