import { braceExpand } from "minimatch";

/**
 * Patterns of the kind that people mostly write, matched on the text itself and many times faster than by the whole matcher:
 * `*` and `**` between separators, and braces. Not taken are patterns with `?`, classes (`[a-z]`), empty parts, `.` or `..`.
 * A path that is plain is matched as the whole matcher would; a property test holds it to that.
 *
 * Time is at most the product of the lengths of patterns and path: each `*` and `**` remembers only its last try.
 */
export class PlainPatterns {
  readonly #separator: "/" | ".";
  readonly #wholes = new Set<string>();
  /** Of two parts, the first `**`: a name, an ending such as `.tf`, and what is neither. */
  readonly #names = new Set<string>();
  readonly #endings = new Set<string>();
  readonly #others: Parts[] = [];

  constructor(separator: "/" | ".") {
    this.#separator = separator;
  }

  /** Takes the pattern in; false, and nothing is taken, when it is for the whole matcher. */
  add(pattern: string): boolean {
    if (/[?[\]\\]/.test(pattern)) return false;
    const all = braceExpand(pattern).map((expanded) => expanded.split(this.#separator));
    if (all.some((parts) => parts.some(isOdd))) return false;
    for (const parts of all) this.#addParts(parts);
    return true;
  }

  #addParts(parts: readonly string[]): void {
    const [first, name = ""] = parts;
    const isAnywhere = first === "**" && parts.length === 2;
    if (!parts.some((part) => part.includes("*"))) this.#wholes.add(parts.join(this.#separator));
    else if (isAnywhere && !name.includes("*")) this.#names.add(name);
    else if (isAnywhere && /^\*\.[^.*]+$/.test(name)) this.#endings.add(name.slice(1));
    else this.#others.push(partsOf(parts, this.#separator));
  }

  /** For a path that `isPlainPath`. */
  matches(path: string): boolean {
    if (this.#wholes.has(path)) return true;
    if (this.#names.size > 0 && this.#names.has(path.slice(path.lastIndexOf(this.#separator) + 1))) return true;
    // The name holds the last dot, or the ending would hold a separator.
    if (this.#endings.size > 0 && this.#endings.has(path.slice(Math.max(0, path.lastIndexOf("."))))) return true;
    for (const parts of this.#others) if (matches(parts, path, this.#separator)) return true;
    return false;
  }
}

/** Whether every part of a path is a name: paths that git and GitHub give are. */
export function isPlainPath(path: string, separator: "/" | "."): boolean {
  if (separator === ".") return !path.startsWith(".") && !path.endsWith(".") && !path.includes("..") && path !== "";
  return path !== "" && !/(?:^|\/)\.{0,2}(?:\/|$)/.test(path);
}

function isOdd(part: string): boolean {
  return part === "" || part === "." || part === "..";
}

interface Parts {
  readonly parts: readonly string[];
  /** Characters that each path must begin and end with: most paths are told apart by these alone. */
  readonly start: string;
  readonly end: string;
}

function partsOf(parts: readonly string[], separator: string): Parts {
  // Several `**` in a row say what one says.
  const distinct = parts.filter((part, index) => part !== "**" || parts[index - 1] !== "**");
  const [first = "", ...rest] = distinct;
  const last = distinct.at(-1) ?? "";
  const head = /^[^*]*/.exec(first)?.[0] ?? "";
  return {
    parts: distinct,
    start: head === first && rest.length > 0 ? head + separator : head,
    end: last.slice(last.lastIndexOf("*") + 1),
  };
}

/** Walks pattern and path part by part. Where a part does not fit, the last `**` takes one part more. */
function matches({ parts, start, end }: Parts, path: string, separator: string): boolean {
  if (!path.startsWith(start) || !path.endsWith(end)) return false;
  let part = 0;
  let at = 0;
  let retryPart = -1;
  let retryAt = 0;
  while (at <= path.length) {
    const wanted = parts[part];
    if (wanted === "**") {
      // At the end of a pattern it stands for at least one part, and for all that are left.
      if (part === parts.length - 1) return true;
      retryPart = ++part;
      retryAt = at;
      continue;
    }
    const next = path.indexOf(separator, at);
    const stop = next === -1 ? path.length : next;
    if (wanted !== undefined && partMatches(wanted, path, at, stop)) {
      part++;
      at = stop + 1;
      continue;
    }
    if (retryPart === -1) return false;
    const skipped = path.indexOf(separator, retryAt);
    if (skipped === -1) return false;
    part = retryPart;
    retryAt = skipped + 1;
    at = retryAt;
  }
  return part === parts.length;
}

const star = 42;

/** Whether one part of a path, from `start` to `stop`, fits one part of a pattern; `*` alone wants a character at least. */
function partMatches(wanted: string, path: string, start: number, stop: number): boolean {
  let wantedAt = 0;
  let at = start;
  let retryWantedAt = -1;
  let retryAt = 0;
  while (at < stop) {
    const code = wanted.charCodeAt(wantedAt);
    if (wantedAt < wanted.length && code === star) {
      retryWantedAt = ++wantedAt;
      retryAt = at;
    } else if (wantedAt < wanted.length && code === path.charCodeAt(at)) {
      wantedAt++;
      at++;
    } else if (retryWantedAt === -1) return false;
    else {
      wantedAt = retryWantedAt;
      at = ++retryAt;
    }
  }
  while (wanted.charCodeAt(wantedAt) === star) wantedAt++;
  return wantedAt === wanted.length;
}
