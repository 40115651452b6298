/*
 * The text of a configuration file and the place in it: names, strings, here-documents, comments and brackets are passed over as wholes,
 * with the line kept.
 */

/** How deep blocks, lists, objects and templates may nest, and how many values one file may hold (hostile cases, limits). */
const deepest = 64;
const mostNodes = 50_000;

/** Thrown when a text nests too deep or holds too much; never leaves the reader. */
export class TooMuch extends Error {}

const identifierStart = /[\p{L}_]/u;
const identifierPart = /[\p{L}\p{N}_-]/u;

/** A reading position in a text. */
export class HclCursor {
  readonly text: string;
  at = 0;
  line = 1;
  private nodes = 0;

  constructor(text: string) {
    this.text = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  /** Whether the sign here can begin a name. */
  startsName(): boolean {
    return identifierStart.test(this.text[this.at] ?? "");
  }

  /** An identifier or a quoted string, as names, labels and keys are written. */
  name(): string | undefined {
    const sign = this.text[this.at];
    if (sign === undefined) return undefined;
    if (sign === '"') return this.quoted(0).text;
    if (!identifierStart.test(sign)) return undefined;
    const start = this.at;
    while (this.at < this.text.length && identifierPart.test(this.text[this.at] ?? "")) this.at++;
    return this.text.slice(start, this.at);
  }

  /** `[for …]` and `{for …}` are expressions. */
  comprehends(): boolean {
    return /^[[{]\s*for\s/.test(this.text.slice(this.at, this.at + 200));
  }

  ends(enclosed: boolean): boolean {
    const sign = this.text[this.at];
    if (sign === undefined || sign === "\n" || sign === "#" || sign === "}") return true;
    if (sign === "/" && (this.text[this.at + 1] === "/" || this.text[this.at + 1] === "*")) return true;
    return enclosed && (sign === "," || sign === "]" || sign === ")");
  }

  /** Text of an expression, to the end of its line outside all brackets. */
  expression(depth: number, enclosed: boolean): string {
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
  balanced(depth: number): void {
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
  quoted(depth: number): { text: string; whole: string | undefined } {
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

  heredoc(): { readonly value: string; readonly line: number } | undefined {
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
    return { value: lines.join("\n"), line };
  }

  /** Moves past spaces and comments; past line breaks too when `lines`. */
  skipBlank(lines: boolean): void {
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
  skipUnknown(): void {
    const sign = this.text[this.at];
    if (sign === "(" || sign === "[" || sign === "{") this.balanced(0);
    else if (sign !== "\n" && sign !== "}" && sign !== undefined) this.at++;
  }

  limit(depth: number): void {
    if (depth > deepest) throw new TooMuch(`nested deeper than ${deepest} levels (line ${this.line})`);
    this.nodes++;
    if (this.nodes > mostNodes) throw new TooMuch(`more than ${mostNodes} values`);
  }
}

/** Text with single spaces. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

/** What a quoted string says: escapes resolved, template marks kept. */
export function unquote(written: string): string {
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
