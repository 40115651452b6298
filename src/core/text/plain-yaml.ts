import { limits } from "./limits.ts";
import { longestKey, PlainFlow, unquotedKey } from "./plain-yaml-flow.ts";
import { folded, notPlain } from "./plain-yaml-lines.ts";
import type { Positions } from "./positions.ts";
import { coreScalar } from "./yaml-scalars.ts";

/** One document as the plain reader found it, and the offset at which its content begins. */
export interface PlainDocument {
  readonly value: unknown;
  readonly start: number;
}

/**
 * Reads the YAML that people and programs mostly write, in one pass over its lines and many times faster than a whole
 * parser: mappings and lists in blocks, texts on one line or folded over several, `|` and `>` texts, and lists and
 * mappings in brackets. Everything else (anchors, aliases, tags, merge keys, directives, tabs, CRLF, unusual
 * escapes, and whatever is wrong, too deep or too much) gives undefined, and the whole parser decides. So it never
 * refuses and never repairs: what it does read, the whole parser reads the same, which a property test holds.
 */
export function readPlainYaml(
  source: string,
  positions: Positions,
  mostNodes: number,
): readonly PlainDocument[] | undefined {
  if (/[\t\r\uFEFF]/.test(source)) return undefined;
  try {
    return new PlainReader(source, positions, mostNodes).documents();
  } catch (caught) {
    if (caught === notPlain) return undefined;
    throw caught;
  }
}

const plainKey = /(?:[A-Za-z0-9_$/.]|<(?!<))[^\n:# ]*(?:(?::(?=[^\s])| +(?=[^\n:# ]))[^\n:# ]*)*(?= *:(?:[ \n]|$))/y;
const blockHeader = /[|>]-?(?=\n)/y;

class PlainReader extends PlainFlow {
  documents(): readonly PlainDocument[] {
    const found: PlainDocument[] = [];
    this.goTo(0);
    while (this.begin < this.text.length) {
      if (this.isMarker()) this.goTo(this.end + 1);
      if (this.indent === -1) throw notPlain;
      const start = this.at;
      found.push({ start, value: this.#block(0) });
      if (this.indent !== -1 || found.length > limits.documents / 2) throw notPlain;
    }
    if (found.length === 0) throw notPlain;
    return found;
  }

  #block(depth: number): unknown {
    return this.isDash() ? this.#list(this.indent, depth) : this.#mapping(this.indent, depth);
  }

  #list(column: number, depth: number): readonly unknown[] {
    this.count(depth);
    const out: unknown[] = [];
    const offsets: number[] = [];
    while (this.indent === column && this.isDash()) {
      this.at++;
      this.skipSpaces();
      if (this.at === this.end) {
        this.endLine();
        if (this.indent <= column) throw notPlain;
        offsets.push(this.at);
        out.push(this.#below(column, depth + 1));
      } else {
        offsets.push(this.at);
        out.push(this.#item(column, depth + 1));
      }
    }
    if (this.indent > column) throw notPlain;
    this.positions.putItems(out, offsets);
    return out;
  }

  /** A list item that begins on the line of its dash. */
  #item(column: number, depth: number): unknown {
    if (this.isDash()) throw notPlain;
    return this.#isKey() ? this.#mapping(this.at - this.begin, depth) : this.#inline(column, depth);
  }

  /** A value on the lines below its key or dash. */
  #below(column: number, depth: number): unknown {
    if (this.isDash() || this.#isKey()) return this.#block(depth);
    return this.#inline(column, depth);
  }

  #isKey(): boolean {
    const start = this.at;
    const isKey = this.#key() !== undefined;
    this.at = start;
    return isKey;
  }

  #mapping(column: number, depth: number): object {
    this.count(depth);
    const out: Record<string, unknown> = {};
    const keys: string[] = [];
    const offsets: number[] = [];
    do {
      const start = this.at;
      const key = this.#key();
      // A key given twice is the whole parser's to tell, with both lines.
      if (key === undefined || key === "__proto__" || Object.hasOwn(out, key)) throw notPlain;
      keys.push(key);
      offsets.push(start);
      out[key] = this.#valueOfKey(column, depth + 1);
    } while (this.indent === column);
    if (this.indent > column) throw notPlain;
    this.positions.putEntries(out, keys, offsets);
    return out;
  }

  /** The key at the current place, as a program sees it, with its colon taken; undefined when there is none. */
  #key(): string | undefined {
    const quote = this.text.charCodeAt(this.at);
    const start = this.at;
    const isQuoted = quote === 0x22 || quote === 0x27;
    const key = isQuoted ? this.quoted() : this.take(plainKey);
    this.skipSpaces();
    if (key === undefined || this.text.charCodeAt(this.at) !== 0x3a || this.at - start > longestKey) return undefined;
    this.at++;
    if (this.at < this.end && this.text.charCodeAt(this.at) !== 0x20) return undefined;
    return isQuoted ? key : unquotedKey(key);
  }

  #valueOfKey(column: number, depth: number): unknown {
    const afterColon = this.at;
    this.skipSpaces();
    if (this.at < this.end && this.text.charCodeAt(this.at) !== 0x23) return this.#inline(column, depth);
    this.at = afterColon;
    this.endLine();
    if (this.indent > column) return this.#below(column, depth);
    if (this.indent === column && this.isDash()) return this.#list(column, depth);
    this.count(depth);
    return null;
  }

  /** A value on the line of its key or dash; `column` is where the lines around it begin. */
  #inline(column: number, depth: number): unknown {
    switch (this.text[this.at]) {
      case '"':
      case "'": {
        this.count(depth);
        const value = this.quoted();
        if (value === undefined) throw notPlain;
        return this.#alone(value, column);
      }
      case "[":
      case "{":
        this.flowColumn = column;
        return this.#alone(this.flow(depth), column);
      case "|":
      case ">":
        return this.#blockText(column, depth);
      default:
        return this.#plain(column, depth);
    }
  }

  /** The value, once nothing that belongs to it follows. */
  #alone(value: unknown, column: number): unknown {
    this.endLine();
    if (this.indent > column) throw notPlain;
    return value;
  }

  /** A text without quotes, with the lines it is continued on. */
  #plain(column: number, depth: number): unknown {
    this.count(depth);
    let hasComment = this.plainLine();
    let text = this.taken;
    while (this.#goOn() && this.indent > column) {
      // A comment ends the text; what follows it further to the right is an error.
      if (hasComment || this.commentLines > 0) throw notPlain;
      const separator = this.blankLines === 0 ? " " : "\n".repeat(this.blankLines);
      hasComment = this.plainLine();
      text += separator + this.taken;
    }
    return coreScalar(text);
  }

  #goOn(): boolean {
    this.goTo(this.end + 1);
    return this.indent !== -1;
  }

  /** A text after `|`, kept line by line, or after `>`, folded. */
  #blockText(column: number, depth: number): string {
    this.count(depth);
    const header = this.take(blockHeader);
    if (header === undefined) throw notPlain;
    const lines = this.blockLines(column);
    const last = header.endsWith("-") ? "" : "\n";
    return (header.startsWith("|") ? lines.join("\n") : folded(lines)) + last;
  }
}
