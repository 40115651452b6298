/* Lines and texts of plain YAML; see plain-yaml.ts. */

/** Thrown at the first thing this reader leaves to the whole parser; made once, because a stack trace costs time. */
export const notPlain = new Error("not plain YAML");

const plainStart = /[^\s\-?:,[\]{}#&*!|>'"%@`]|-[A-Za-z0-9.-]/y;
const doubleQuoted =
  /"[^"\\\n]*(?:\\(?:["\\/nt]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U000[0-9a-fA-F]{5}|U0010[0-9a-fA-F]{4})[^"\\\n]*)*"/y;
const escapeSequence = /\\([xuU])([0-9a-fA-F]+)|\\(.)/g;
const escapeLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const singleQuoted = /'[^'\n]*(?:''[^'\n]*)*'/y;

/**
 * The lines of a YAML text one by one, and the texts that stand on them: the ground of the plain reader. Lines without
 * content are passed over and counted.
 */
export class PlainLines {
  protected readonly text: string;
  readonly #mostLines: number;
  #lines = 0;
  /** The current line with content: where it begins, its indentation (-1 at the end of a document), where it ends. */
  protected begin = 0;
  protected indent = -1;
  protected end = 0;
  /** The next character to read on the current line. */
  protected at = 0;
  /** What stood between the last line with content and the current one. */
  protected blankLines = 0;
  protected commentLines = 0;
  /** What plainLine took. */
  protected taken = "";

  constructor(text: string, mostLines: number) {
    this.text = text;
    this.#mostLines = mostLines;
  }

  /** Makes the first line with content at or behind the offset the current one. */
  protected goTo(offset: number): void {
    const text = this.text;
    let begin = offset;
    this.blankLines = 0;
    this.commentLines = 0;
    while (begin < text.length) {
      let at = begin;
      while (text.charCodeAt(at) === 0x20) at++;
      const lineEnd = text.indexOf("\n", at);
      const end = lineEnd === -1 ? text.length : lineEnd;
      if (++this.#lines > this.#mostLines) throw notPlain;
      if (at < end && text.charCodeAt(at) !== 0x23) {
        this.begin = begin;
        this.end = end;
        this.at = at;
        this.indent = this.isMarker() ? -1 : at - begin;
        return;
      }
      if (at < end) this.commentLines++;
      else this.blankLines++;
      begin = end + 1;
    }
    this.begin = text.length;
    this.end = text.length;
    this.at = text.length;
    this.indent = -1;
  }

  /** Whether the current line is `---` alone, which ends one document and begins the next. */
  protected isMarker(): boolean {
    return this.end - this.begin === 3 && this.text.startsWith("---", this.begin);
  }

  /** Makes sure that only a comment follows on the current line, and goes to the next one. */
  protected endLine(): void {
    const text = this.text;
    let at = this.at;
    while (text.charCodeAt(at) === 0x20) at++;
    if (at < this.end && (text.charCodeAt(at) !== 0x23 || at === this.at)) throw notPlain;
    this.goTo(this.end + 1);
  }

  protected isDash(): boolean {
    if (this.text.charCodeAt(this.at) !== 0x2d) return false;
    return this.at + 1 === this.end || this.text.charCodeAt(this.at + 1) === 0x20;
  }

  protected quoted(): string | undefined {
    if (this.text[this.at] === "'") {
      const taken = this.take(singleQuoted);
      return taken?.slice(1, -1).replaceAll("''", "'");
    }
    const inner = this.take(doubleQuoted)?.slice(1, -1);
    return inner?.includes("\\") ? unescaped(inner) : inner;
  }

  /** Takes the rest of the line as text without quotes; true when a comment ends it. */
  protected plainLine(): boolean {
    plainStart.lastIndex = this.at;
    if (!plainStart.test(this.text)) throw notPlain;
    let line = this.text.slice(this.at, this.end);
    const comment = line.indexOf(" #");
    if (comment !== -1) line = line.slice(0, comment);
    let length = line.length;
    while (line.charCodeAt(length - 1) === 0x20) length--;
    line = line.slice(0, length);
    if (line.includes(": ") || line.endsWith(":")) throw notPlain;
    this.taken = line;
    return comment !== -1;
  }

  /** The lines further to the right than the column, without the indentation of the first and empty ones at the end. */
  protected blockLines(column: number): readonly string[] {
    const text = this.text;
    const lines: string[] = [];
    let indent = 0;
    let filled = 0;
    let begin = this.end + 1;
    while (begin < text.length) {
      const end = text.indexOf("\n", begin);
      if (end === -1 || ++this.#lines > this.#mostLines) throw notPlain;
      let at = begin;
      while (text.charCodeAt(at) === 0x20) at++;
      if (at === end) {
        // White space at the beginning, or to the right of the text, would count.
        if (lines.length === 0 || at - begin > indent) throw notPlain;
        lines.push("");
      } else {
        if (at - begin <= column) break;
        if (lines.length === 0) indent = at - begin;
        if (at - begin < indent) throw notPlain;
        lines.push(text.slice(begin + indent, end));
        filled = lines.length;
      }
      begin = end + 1;
    }
    if (filled === 0) throw notPlain;
    this.goTo(begin);
    return lines.slice(0, filled);
  }

  protected skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === 0x20) this.at++;
  }

  protected take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

function unescaped(text: string): string {
  const plain = text.replaceAll(escapeSequence, (_, kind: string | undefined, digits: string, letter: string) => {
    if (kind === undefined) return letter === "n" ? "\n" : letter === "t" ? "\t" : letter;
    const length = escapeLengths[kind] ?? 0;
    return String.fromCodePoint(Number.parseInt(digits.slice(0, length), 16)) + digits.slice(length);
  });
  if (!plain.isWellFormed() || plain.includes("\u0000")) throw notPlain;
  return plain;
}

/** Lines joined by spaces; an empty line between them stands for a line break. */
export function folded(lines: readonly string[]): string {
  let out = "";
  let breaks = 0;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith(" ") || line.endsWith(" ")) throw notPlain;
    if (line === "") {
      breaks++;
      continue;
    }
    if (index > 0) out += breaks === 0 ? " " : "\n".repeat(breaks);
    out += line;
    breaks = 0;
  }
  return out;
}
