import { Minimatch } from "minimatch";
import { limits } from "./limits.ts";
import { isPlainPath, PlainPatterns } from "./path-pattern.ts";

/** Patterns ready to be matched. `refused` names those that are not used, each with the reason. */
export interface Globs {
  matches(path: string): boolean;
  readonly refused: readonly { readonly pattern: string; readonly why: string }[];
}

/**
 * Compiles path patterns: `*`, `**`, `?`, `[a-z]` and braces such as `{a,b}`, from the repository's root; `vendor/`
 * means all below it; letters count in their case; a leading dot is nothing special. No extended globs, no ranges in
 * braces and no negation: they either cost time without bound or say something else in every tool. Matching is bounded
 * in time (no backtracking), whatever the pattern.
 */
export function compileGlobs(patterns: readonly string[]): Globs {
  const refused: { pattern: string; why: string }[] = [];
  const used: string[] = [];
  for (const [index, pattern] of patterns.entries()) {
    const why = index < limits.globs ? fault(pattern) : `more than ${limits.globs} patterns`;
    if (why !== undefined) refused.push({ pattern, why });
    else used.push(rooted(pattern));
  }
  const matches = matcherOf(used, "/", (path) => path);
  return { refused, matches: (path) => path.length <= limits.pathLength && matches(path) };
}

/** Why a pattern cannot be used; undefined when it can. */
function fault(pattern: string): string | undefined {
  if (pattern.trim() === "") return "it is empty";
  if (pattern.length > limits.globLength) return `it is longer than ${limits.globLength} characters`;
  if (!pattern.isWellFormed() || holdsControls(pattern)) return "it holds control characters";
  if (pattern.startsWith("!")) return "it begins with `!`, and patterns only say what belongs, never what does not";
  if (pattern.includes("\\")) return "it holds a backslash; paths are written with `/`";
  if (/[?*+@!]\(/.test(pattern)) return "it holds an extended glob such as `+(a|b)`; write the cases as `{a,b}`";
  if (/\{[^{}]*\.\.[^{}]*\}/.test(pattern)) return "it holds a range in braces; write the cases as `{a,b}`";
  if (pattern.split("/").includes("..")) return "it leaves the repository with `..`";
  if (braceCount(pattern) > limits.globBraces) return `its braces stand for more than ${limits.globBraces} patterns`;
  return undefined;
}

function holdsControls(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) < 0x20) return true;
  return false;
}

function rooted(pattern: string): string {
  const bare = pattern.replace(/^(\.?\/)+/, "");
  return bare === "" ? "**" : bare.endsWith("/") ? `${bare}**` : bare;
}

/**
 * One pattern over dotted names such as `spec.containers.0.image`: `*` stands for one part, `**` for any number. Patterns
 * come from rules, which are checked when loaded.
 */
export function compileNameGlob(pattern: string): (name: string) => boolean {
  return matcherOf([pattern], ".", (name) => name.replaceAll("/", "\u2215").replaceAll(".", "/"));
}

/**
 * Patterns over names that are written with a separator of their own. `asPath` says a name with slashes; only patterns
 * and names that are out of the ordinary are asked in that form, of a slower matcher that knows them all.
 */
function matcherOf(
  patterns: readonly string[],
  separator: "/" | ".",
  asPath: (name: string) => string,
): (name: string) => boolean {
  const plain = new PlainPatterns(separator);
  const others = patterns.filter((pattern) => !plain.add(pattern)).map((pattern) => wholeMatcher(asPath(pattern)));
  let all: readonly Minimatch[] | undefined;
  return (name) => {
    if (isPlainPath(name, separator)) return plain.matches(name) || others.some((one) => one.match(asPath(name)));
    all ??= patterns.map((pattern) => wholeMatcher(asPath(pattern)));
    return all.some((one) => one.match(asPath(name)));
  };
}

function wholeMatcher(pattern: string): Minimatch {
  return new Minimatch(pattern, { dot: true, nonegate: true, nocomment: true, noext: true, platform: "linux" });
}

/** An upper bound of the patterns that braces stand for: the product, over all braces, of their commas plus one. */
function braceCount(pattern: string): number {
  let product = 1;
  const open: number[] = [];
  for (const character of pattern) {
    if (character === "{") open.push(1);
    else if (character === "," && open.length > 0) open.push((open.pop() ?? 0) + 1);
    else if (character === "}") product *= open.pop() ?? 1;
  }
  return product;
}
