import { limits } from "./limits.ts";
import { notPlain, PlainLines } from "./plain-yaml-lines.ts";
import type { Positions } from "./positions.ts";
import { coreScalar } from "./yaml-scalars.ts";

/** Some levels below the limit, so that every question of depth is the whole parser's. */
const mostLevels = limits.depth - 4;
/** A key without quotes, as a program sees it. For one that is nothing the whole parser has a name of its own. */
export function unquotedKey(text: string): string {
  const value = coreScalar(text);
  if (value === null) throw notPlain;
  return String(value);
}

/** Longer keys are an error in YAML unless they are marked. https://yaml.org/spec/1.2.2/#742-flow-mappings */
export const longestKey = 1_000;

const flowPlain = /-?[A-Za-z0-9_$/.][^\s,:#[\]{}"']*(?: +[^\s,:#[\]{}"'&*!|>%@`?][^\s,:#[\]{}"']*)*/y;

/**
 * The part of the plain reader for lists and mappings in brackets, which may go on over lines. Whatever is not plain there
 * is thrown as `notPlain`, for the whole parser to decide.
 */
export class PlainFlow extends PlainLines {
  protected readonly positions: Positions;
  readonly #mostNodes: number;
  #nodes = 0;

  constructor(text: string, positions: Positions, mostNodes: number) {
    super(text, mostNodes);
    this.positions = positions;
    this.#mostNodes = mostNodes;
  }

  protected count(depth: number): void {
    if (++this.#nodes > this.#mostNodes || depth > mostLevels) throw notPlain;
  }

  /** The column that the lines of a value in brackets lie to the right of. */
  protected flowColumn = 0;

  /** A list or mapping in brackets, or a value inside one. */
  protected flow(depth: number): unknown {
    switch (this.text[this.at]) {
      case "[":
        return this.#flowList(depth);
      case "{":
        return this.#flowMapping(depth);
      default: {
        this.count(depth);
        const { value, isQuoted } = this.#flowText();
        return isQuoted ? value : coreScalar(value);
      }
    }
  }

  #flowText(): { value: string; isQuoted: boolean } {
    const first = this.text[this.at];
    const isQuoted = first === '"' || first === "'";
    const value = isQuoted ? this.quoted() : this.take(flowPlain);
    if (value === undefined) throw notPlain;
    return { value, isQuoted };
  }

  #flowList(depth: number): readonly unknown[] {
    this.count(depth);
    const out: unknown[] = [];
    const offsets: number[] = [];
    this.at++;
    while (!this.#closes("]")) {
      offsets.push(this.at);
      out.push(this.flow(depth + 1));
      this.#separated("]");
    }
    this.positions.putItems(out, offsets);
    return out;
  }

  #flowMapping(depth: number): object {
    this.count(depth);
    const out: Record<string, unknown> = {};
    const keys: string[] = [];
    const offsets: number[] = [];
    this.at++;
    while (!this.#closes("}")) {
      const start = this.at;
      const { value, isQuoted } = this.#flowText();
      if (!this.text.startsWith(": ", this.at) || this.at - start > longestKey) throw notPlain;
      const key = isQuoted ? value : unquotedKey(value);
      if (key === "__proto__" || Object.hasOwn(out, key)) throw notPlain;
      this.at++;
      this.skipSpaces();
      keys.push(key);
      offsets.push(start);
      out[key] = this.flow(depth + 1);
      this.#separated("}");
    }
    this.positions.putEntries(out, keys, offsets);
    return out;
  }

  /** Takes white space, and the bracket when it comes next. */
  #closes(bracket: string): boolean {
    this.#skipInFlow();
    if (this.text[this.at] !== bracket) return false;
    this.at++;
    return true;
  }

  /** Takes a comma, or stops before the closing bracket. */
  #separated(bracket: string): void {
    this.#skipInFlow();
    const next = this.text[this.at];
    if (next === ",") this.at++;
    else if (next !== bracket) throw notPlain;
  }

  /** Takes white space, comments and line breaks inside brackets. */
  #skipInFlow(): void {
    const start = this.at;
    this.skipSpaces();
    const isComment = this.text.charCodeAt(this.at) === 0x23 && this.at > start;
    if (this.at < this.end && !isComment) return;
    this.goTo(this.end + 1);
    if (this.indent <= this.flowColumn) throw notPlain;
  }
}
