/*
 * What a text must hold for a regular expression to match in it at all. Most lines of a change hold none of the words
 * that rules look for; knowing the words, they are passed over without running a single expression.
 */

/** Shorter literals stand in nearly every line and save nothing. */
const shortest = 3;

/** What is known of a part of an expression: the exact text it matches, or literals of which one must be there. */
type Part = { readonly exact: string } | { readonly oneOf: readonly string[] | undefined };

/**
 * Lower-case literals of which at least one stands (in any case) in every text that the expression matches. Undefined
 * when nothing can be said; then the expression has to be run. RE2 syntax; unknown constructs count as "anything".
 */
export function requiredLiterals(expression: string): readonly string[] | undefined {
  const reader = new Reader(expression);
  const part = reader.alternatives();
  if (!reader.atEnd()) return undefined;
  return literalsOf(part);
}

function literalsOf(part: Part): readonly string[] | undefined {
  if ("oneOf" in part) return part.oneOf;
  return part.exact.length >= shortest ? [part.exact.toLowerCase()] : undefined;
}

const anything: Part = { oneOf: undefined };
const nothing: Part = { exact: "" };

class Reader {
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** `a|b|c` up to a closing bracket or the end. */
  alternatives(): Part {
    const branches: Part[] = [this.sequence()];
    while (this.text[this.at] === "|") {
      this.at++;
      branches.push(this.sequence());
    }
    const [only] = branches;
    if (branches.length === 1 && only) return only;
    const all: string[] = [];
    for (const branch of branches) {
      const literals = literalsOf(branch);
      if (!literals) return anything;
      all.push(...literals);
    }
    return { oneOf: all };
  }

  private sequence(): Part {
    let run = "";
    let isExact = true;
    let best: readonly string[] | undefined;
    const offer = (literals: readonly string[] | undefined): void => {
      if (literals && (!best || worth(literals) > worth(best))) best = literals;
    };
    while (!this.atEnd() && this.text[this.at] !== "|" && this.text[this.at] !== ")") {
      const part = this.repeated(this.atom());
      if ("exact" in part) run += part.exact;
      else {
        isExact = false;
        offer(literalsOf({ exact: run }));
        run = "";
        offer(part.oneOf);
      }
    }
    if (isExact) return { exact: run };
    offer(literalsOf({ exact: run }));
    return { oneOf: best };
  }

  /** The part under its quantifier, if one follows. */
  private repeated(part: Part): Part {
    const character = this.text[this.at];
    let least = 1;
    if (character === "*" || character === "?") least = 0;
    else if (character === "{") {
      const counted = /^\{(\d+)(,\d*)?\}/.exec(this.text.slice(this.at, this.at + 16));
      if (!counted) return part;
      least = Number(counted[1]);
      this.at += counted[0].length - 1;
    } else if (character !== "+") return part;
    this.at++;
    if (this.text[this.at] === "?") this.at++;
    // Repeated text is no longer exact; once at least, its literals are still required.
    return least === 0 ? anything : { oneOf: literalsOf(part) };
  }

  private atom(): Part {
    const character = this.text[this.at++] ?? "";
    switch (character) {
      case "(":
        return this.group();
      case "[":
        this.characterClass();
        return anything;
      case "\\":
        return this.escape();
      case ".":
        return anything;
      case "^":
      case "$":
        return nothing;
      default:
        return { exact: character };
    }
  }

  private group(): Part {
    if (this.text.startsWith("?", this.at)) {
      const opening = /^\?(?:P?<\w+>|[imsU-]*(?::|\)))/.exec(this.text.slice(this.at, this.at + 80));
      if (!opening) {
        this.at = this.text.length + 1;
        return anything;
      }
      this.at += opening[0].length;
      if (opening[0].endsWith(")")) return nothing;
    }
    if (++this.depth > 100) {
      this.at = this.text.length + 1;
      return anything;
    }
    const inside = this.alternatives();
    this.depth--;
    this.at++;
    return inside;
  }

  private characterClass(): void {
    if (this.text[this.at] === "^") this.at++;
    if (this.text[this.at] === "]") this.at++;
    while (!this.atEnd() && this.text[this.at] !== "]") {
      if (this.text[this.at] === "\\") this.at++;
      else if (this.text.startsWith("[:", this.at)) this.at = Math.max(this.at, this.text.indexOf(":]", this.at) + 1);
      this.at++;
    }
    this.at++;
  }

  private escape(): Part {
    const character = this.text[this.at++] ?? "";
    if (character === "b" || character === "B" || character === "A" || character === "z") return nothing;
    if (/[^A-Za-z0-9]/.test(character)) return { exact: character };
    if (character === "x") this.at += this.text[this.at] === "{" ? this.text.slice(this.at).indexOf("}") + 1 : 2;
    else if (character === "p" || character === "P")
      this.at += this.text[this.at] === "{" ? this.text.slice(this.at).indexOf("}") + 1 : 1;
    return anything;
  }
}

/** A few long literals are worth more than many short ones. */
function worth(literals: readonly string[]): number {
  return Math.min(...literals.map((literal) => literal.length)) - literals.length / 50;
}
