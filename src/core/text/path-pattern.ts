import { braceExpand } from "minimatch";

/** Patterns made ready; undefined says that they hold what only the whole matcher knows. */
export type PathPattern = (path: string) => boolean;

/**
 * The patterns that people mostly write, matched on the text itself and many times faster than by the whole matcher:
 * `*` and `**` between separators, and braces. Undefined for a pattern with `?`, classes (`[a-z]`), empty parts, `.` or `..`.
 * What it does match, it matches as the whole matcher does, for a path that is `plain`; a property test holds it to that.
 *
 * Time is at most the product of the lengths of pattern and path: each `*` and `**` remembers only its last try.
 */
export function compilePathPattern(pattern: string, separator: "/" | "."): PathPattern | undefined {
  if (/[?[\]\\]/.test(pattern)) return undefined;
  const names = new Set<string>();
  const wholes = new Set<string>();
  const others: Parts[] = [];
  for (const expanded of braceExpand(pattern)) {
    const parts = expanded.split(separator);
    if (parts.some(isOdd)) return undefined;
    const [first, second] = parts;
    if (!expanded.includes("*")) wholes.add(expanded);
    else if (parts.length === 2 && first === "**" && second !== undefined && !second.includes("*")) names.add(second);
    else others.push(partsOf(parts, separator));
  }
  return (path) => {
    if (wholes.has(path)) return true;
    if (names.size > 0 && names.has(path.slice(path.lastIndexOf(separator) + 1))) return true;
    for (const parts of others) if (matches(parts, path, separator)) return true;
    return false;
  };
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
