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
const blank = /[ \t\r\n]*/y;

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
    this.#take(blank);
    while (this.#lenient && this.#comment()) this.#take(blank);
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
    const out = {};
    const seen = new Map<string, number>();
    this.at++;
    for (let first = true; ; first = false) {
      this.blank();
      if (this.#end("}")) return out;
      if (!first) this.#separator("}");
      if (this.#lenient && this.#end("}")) return out;
      const start = this.at;
      if (this.#text[start] !== '"') throw this.#unexpected("a key in double quotes");
      const key = this.#string();
      const earlier = seen.get(key);
      if (earlier !== undefined) {
        throw new Unreadable(
          `the key ${show(key)} is given again (first on line ${this.#positions.lineOfOffset(earlier)})`,
          start,
        );
      }
      seen.set(key, start);
      this.blank();
      if (this.#text[this.at] !== ":") throw this.#unexpected("a colon");
      this.at++;
      this.blank();
      setEntry(out, key, this.value(depth + 1));
      this.#positions.put(out, key, start);
    }
  }

  #array(depth: number): readonly unknown[] {
    const out: unknown[] = [];
    this.at++;
    for (let first = true; ; first = false) {
      this.blank();
      if (this.#end("]")) return out;
      if (!first) this.#separator("]");
      if (this.#lenient && this.#end("]")) return out;
      const start = this.at;
      const value = this.value(depth + 1);
      this.#positions.put(out, out.length, start);
      out.push(value);
    }
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
    const start = this.at;
    let end = this.#text.indexOf('"', start + 1);
    while (end !== -1 && isEscaped(this.#text, end)) end = this.#text.indexOf('"', end + 1);
    if (end === -1) throw new Unreadable("a text in quotes is not closed", start);
    this.at = end + 1;
    const value = parseString(this.#text.slice(start, this.at));
    if (value === undefined)
      throw new Unreadable("a text in quotes holds an escape or a character that JSON does not know", start);
    if (!value.isWellFormed() || value.includes("\u0000")) {
      throw new Unreadable("a text holds half of a surrogate pair or a NUL character", start);
    }
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

/** Whether an odd number of backslashes stands before the offset. */
function isEscaped(text: string, offset: number): boolean {
  let backslashes = 0;
  while (text[offset - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
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
