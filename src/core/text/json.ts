import { limits } from "./limits.ts";
import { misfitOf, withoutMark } from "./misfit.ts";
import { Positions, setEntry, type ValuePath } from "./positions.ts";

/** A JSON text that was read: plain data, and the line of each part. */
export interface JsonDocument {
  readonly value: unknown;
  /** Line of the key (or list item) at the path, from 1; undefined when nothing is there. */
  readonly lineOf: (path: ValuePath) => number | undefined;
}

export interface JsonOptions {
  readonly bytes?: number;
  readonly nodes?: number;
  /** Allows `//` and block comments and trailing commas, as tsconfig and editor files have them. */
  readonly comments?: boolean;
}

/**
 * Reads JSON (RFC 8259) inside limits of size, depth and number of nodes. A key given twice is refused with both lines:
 * readers disagree on which one counts. Keys such as `__proto__` are plain data. Never throws.
 */
export function readJson(text: string, options: JsonOptions = {}): JsonDocument | { readonly unreadable: string } {
  const misfit = misfitOf(text, options.bytes ?? limits.foreignModelBytes);
  if (misfit) return { unreadable: misfit.what };
  const source = withoutMark(text);
  const positions = new Positions(source);
  const scan = new Scan(source, positions, options.nodes ?? limits.nodes, options.comments ?? false);
  try {
    scan.blank();
    const start = scan.at;
    const value = scan.value(0);
    scan.blank();
    if (scan.at < source.length) throw new Unreadable("more text after the end of the value", scan.at);
    return { value, lineOf: (path) => positions.line(value, start, path) };
  } catch (fault) {
    if (fault instanceof Unreadable)
      return { unreadable: `Line ${positions.lineOfOffset(fault.offset)}: ${fault.message}.` };
    throw fault;
  }
}

class Unreadable extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const quote = 0x22;
const backslash = 0x5c;

/** A recursive descent over the text; its depth is bounded by the limit, so the stack is as well. */
class Scan {
  at = 0;
  readonly #text: string;
  readonly #positions: Positions;
  readonly #mostNodes: number;
  readonly #lenient: boolean;
  #nodes = 0;

  constructor(text: string, positions: Positions, mostNodes: number, lenient: boolean) {
    this.#text = text;
    this.#positions = positions;
    this.#mostNodes = mostNodes;
    this.#lenient = lenient;
  }

  blank(): void {
    this.#whiteSpace();
    while (this.#lenient && this.#comment()) this.#whiteSpace();
  }

  #whiteSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  value(depth: number): unknown {
    if (++this.#nodes > this.#mostNodes) throw new Unreadable(`more than ${this.#mostNodes} values`, this.at);
    const next = this.#text[this.at];
    if (next === "{" || next === "[") {
      if (depth >= limits.depth) throw new Unreadable(`nested deeper than ${limits.depth} levels`, this.at);
      return next === "{" ? this.#object(depth) : this.#array(depth);
    }
    if (next === '"') return this.#string();
    if (this.#word("true")) return true;
    if (this.#word("false")) return false;
    if (this.#word("null")) return null;
    const digits = this.#take(number);
    if (digits !== undefined && digits !== "") return Number(digits);
    throw new Unreadable(
      next === undefined ? "the text ends too early" : `a value was expected, not ${show(next)}`,
      this.at,
    );
  }

  #object(depth: number): object {
    const out: Record<string, unknown> = {};
    const keys: string[] = [];
    const offsets: number[] = [];
    this.at++;
    for (let first = true; ; first = false) {
      this.blank();
      if (this.#end("}")) break;
      if (!first) this.#separator("}");
      if (this.#lenient && this.#end("}")) break;
      const start = this.at;
      if (this.#text[start] !== '"') throw this.#unexpected("a key in double quotes");
      const key = this.#string();
      if (Object.hasOwn(out, key)) {
        const earlier = this.#positions.lineOfOffset(offsets[keys.indexOf(key)] ?? start);
        throw new Unreadable(`the key ${show(key)} is given again (first on line ${earlier})`, start);
      }
      this.blank();
      if (this.#text[this.at] !== ":") throw this.#unexpected("a colon");
      this.at++;
      this.blank();
      keys.push(key);
      offsets.push(start);
      const value = this.value(depth + 1);
      // Assigning to this one name would change what the object inherits.
      if (key === "__proto__") setEntry(out, key, value);
      else out[key] = value;
    }
    this.#positions.putEntries(out, keys, offsets);
    return out;
  }

  #array(depth: number): readonly unknown[] {
    const out: unknown[] = [];
    const offsets: number[] = [];
    this.at++;
    for (let first = true; ; first = false) {
      this.blank();
      if (this.#end("]")) break;
      if (!first) this.#separator("]");
      if (this.#lenient && this.#end("]")) break;
      offsets.push(this.at);
      out.push(this.value(depth + 1));
    }
    this.#positions.putItems(out, offsets);
    return out;
  }

  /** Takes the closing bracket where it stands next. */
  #end(bracket: string): boolean {
    if (this.#text[this.at] !== bracket) return false;
    this.at++;
    return true;
  }

  #separator(bracket: string): void {
    if (this.#text[this.at] !== ",") throw this.#unexpected(`a comma or ${bracket}`);
    this.at++;
    this.blank();
  }

  #comment(): boolean {
    const line = this.#text.startsWith("//", this.at);
    if (!line && !this.#text.startsWith("/*", this.at)) return false;
    const end = this.#text.indexOf(line ? "\n" : "*/", this.at + 2);
    if (end === -1 && !line) throw new Unreadable("a comment is not closed", this.at);
    this.at = end === -1 ? this.#text.length : end + (line ? 1 : 2);
    return true;
  }

  #string(): string {
    const text = this.#text;
    const start = this.at;
    let at = start + 1;
    let code = text.charCodeAt(at);
    while (code !== quote && code !== backslash && code >= 0x20) code = text.charCodeAt(++at);
    const value = code === quote ? text.slice(start + 1, at) : this.#escapedString(start, at);
    if (code === quote) this.at = at + 1;
    if (!value.isWellFormed() || value.includes("\u0000")) {
      throw new Unreadable("a text holds half of a surrogate pair or a NUL character", start);
    }
    return value;
  }

  /** A text that holds an escape, or something that may not be in it, from `from` on. */
  #escapedString(start: number, from: number): string {
    let end = from;
    while (end < this.#text.length && this.#text.charCodeAt(end) !== quote)
      end += this.#text.charCodeAt(end) === backslash ? 2 : 1;
    if (end >= this.#text.length) throw new Unreadable("a text in quotes is not closed", start);
    this.at = end + 1;
    const value = parseString(this.#text.slice(start, this.at));
    if (value === undefined)
      throw new Unreadable("a text in quotes holds an escape or a character that JSON does not know", start);
    return value;
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  #unexpected(wanted: string): Unreadable {
    const next = this.#text[this.at];
    return new Unreadable(
      next === undefined ? "the text ends too early" : `${wanted} was expected, not ${show(next)}`,
      this.at,
    );
  }
}

function parseString(quoted: string): string | undefined {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function show(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
