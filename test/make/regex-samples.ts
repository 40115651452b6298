/*
 * Texts that a regular expression of JavaScript matches, made from its own source, for pumping: a text that fits, with a part
 * of it repeated and the end spoilt, is what makes a backtracking matcher try again and again.
 */

type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "all"; readonly parts: readonly Node[] }
  | { readonly kind: "one"; readonly parts: readonly Node[] }
  | { readonly kind: "repeat"; readonly part: Node; readonly least: number; readonly most: number };

const nothing: Node = { kind: "text", text: "" };

/** Parses as much as samples need: look-arounds, anchors and back-references become nothing. */
class Parser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternatives(): Node {
    const parts: Node[] = [this.#sequence()];
    while (this.#source[this.#at] === "|") {
      this.#at++;
      parts.push(this.#sequence());
    }
    return { kind: "one", parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#source.length && !"|)".includes(this.#source[this.#at] ?? "")) parts.push(this.#repeated());
    return { kind: "all", parts };
  }

  #repeated(): Node {
    const part = this.#atom();
    const found = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(this.#source.slice(this.#at));
    if (!found) return part;
    this.#at += found[0].length;
    const least = found[1] ? (found[1] === "+" ? 1 : 0) : Number(found[2]);
    const most = found[1] === "?" ? 1 : found[1] || found[4] === "" ? least + 3 : Number(found[4] ?? found[2]);
    return { kind: "repeat", part, least, most: Math.min(most, least + 3) };
  }

  #atom(): Node {
    const character = this.#source[this.#at++] ?? "";
    if (character === "(") return this.#group();
    if (character === "[") return { kind: "text", text: this.#classMember() };
    if (character === "\\") return { kind: "text", text: this.#escaped() };
    if (character === "^" || character === "$") return nothing;
    return { kind: "text", text: character === "." ? "x" : character };
  }

  #group(): Node {
    const opening = /^\?(?:<[A-Za-z]\w*>|[=!:]|<[=!])/.exec(this.#source.slice(this.#at))?.[0] ?? "";
    this.#at += opening.length;
    const inside = this.alternatives();
    this.#at++;
    return /[=!]$/.test(opening) ? nothing : inside;
  }

  #escaped(): string {
    const letter = this.#source[this.#at++] ?? "";
    const shown: Readonly<Record<string, string>> = {
      d: "7",
      D: "x",
      w: "a",
      W: "-",
      s: " ",
      S: "x",
      b: "",
      B: "",
      t: "\t",
      n: "\n",
      r: "\r",
    };
    if (letter === "u" || letter === "x") {
      const digits = /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{4})|([0-9a-fA-F]{2}))/.exec(this.#source.slice(this.#at));
      this.#at += digits?.[0].length ?? 0;
      return String.fromCodePoint(Number.parseInt(digits?.[1] ?? digits?.[2] ?? digits?.[3] ?? "78", 16));
    }
    if (letter === "p" || letter === "P") {
      this.#at = this.#source.indexOf("}", this.#at) + 1;
      return "a";
    }
    if (/[1-9]/.test(letter) || letter === "k") return "";
    return shown[letter] ?? letter;
  }

  /** One member of a class, for a class of what must not be a character that few exclude. */
  #classMember(): string {
    const start = this.#at;
    if (this.#source[this.#at] === "^") this.#at++;
    const isNot = this.#at > start;
    const members: string[] = [];
    while (this.#at < this.#source.length && this.#source[this.#at] !== "]") {
      const character = this.#source[this.#at++] ?? "";
      members.push(character === "\\" ? this.#escaped() : character);
    }
    this.#at++;
    if (!isNot) return members[0] ?? "";
    return ["a", " ", "-", "7", "é"].find((one) => !members.includes(one)) ?? "é";
  }
}

/** Up to `count` texts that fit the expression, more or less: choices of alternatives and repetitions go round. */
export function samplesOf(source: string, count: number): readonly string[] {
  const tree = new Parser(source).alternatives();
  const samples = new Set<string>();
  for (let round = 0; round < count; round++) {
    let turn = round * 7 + 1;
    const choose = (choices: number): number => {
      turn = (turn * 1103515245 + 12345) & 0x7fffffff;
      return (turn >> 8) % choices;
    };
    samples.add(write(tree, choose).slice(0, 400));
  }
  return [...samples];
}

function write(node: Node, choose: (choices: number) => number): string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "all":
      return node.parts.map((part) => write(part, choose)).join("");
    case "one":
      return write(node.parts[choose(node.parts.length)] ?? nothing, choose);
    case "repeat":
      return Array.from({ length: node.least + choose(node.most - node.least + 1) }, () =>
        write(node.part, choose),
      ).join("");
  }
}

/** The sample with a short part of it repeated to about `length` characters and an end that nothing fits, part after part. */
export function* pumped(sample: string, length: number): Generator<string> {
  const step = Math.max(1, Math.ceil(sample.length / 10));
  for (let start = 0; start < sample.length; start += step) {
    for (const size of [1, 3]) {
      const part = sample.slice(start, start + size);
      if (part.length === size) yield `${sample.slice(0, start)}${part.repeat(Math.ceil(length / size))}\u0001`;
    }
  }
  for (const unit of [" ", "a", "A", "a.", "(", ","]) yield `${sample}${unit.repeat(length / unit.length)}\u0001`;
}
