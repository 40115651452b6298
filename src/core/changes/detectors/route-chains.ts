import { type CodeLine, indentOf } from "../code-line.ts";
import type { Detector, Sighting } from "../detector.ts";
import { type CodeHunk, type InspectedFile, withoutBlanks } from "../inspected-file.ts";
import { otherSide } from "../patch.ts";
import { ownPlaceOf } from "../place-of-line.ts";

/*
 * What stands between the path of a route and its handler, in Express, Koa, Fastify, Hono and what is built like them: the route is
 * there before and after, and a check comes into its chain, goes from it or is told something else. https://expressjs.com/en/guide/routing.html
 */

/** What routes are registered on; not what asks other systems, keeps things or drives a browser in the same words. */
const receiver = String.raw`(?:this\.)?(?!(?:axios|https?|client|request|agent|cache|redis|lodash|cy|i18n|config|\w*[cC]lient)\b)[A-Za-z_$][\w$]{0,60}`;
const method = "get|post|put|patch|delete|del|all";
const typed = "(?:<[^>]{0,80}>)?";
const quotedPath = "[\"'`][^\"'`]{0,200}[\"'`]";
/** A path, or the name that it is kept under: `paths.orders`. */
const path = String.raw`${quotedPath}|(?:[A-Za-z_]\w{0,40}\.){1,5}\w{1,40}`;
/** A route on one line: what it is registered on, its method, its path, and the rest. */
const route = new RegExp(String.raw`^(?:await\s+)?(${receiver})\.(${method})${typed}\(\s*(${path})\s*,\s*(.{1,400})$`);
/** A route whose chain stands on the lines below: `router.get(`, `"/orders",`; or `router.route("/orders").get(`. */
const opening = new RegExp(
  String.raw`^(?:await\s+)?(?:${receiver}(?:\.route\(\s*${quotedPath}\s*\))?)?\.(?:${method})${typed}\(\s*(?:(?:${path})\s*,)?$`,
);
/** The same in gin, echo, chi, fiber and Macaron. */
const routeInGo =
  /^(?:_?\s*=\s*)?([A-Za-z_]\w{0,40}(?:\.\w{1,40}){0,3})\.(GET|POST|PUT|PATCH|DELETE|Any|Get|Post|Put|Patch|Delete|Handle|HandleFunc|Combo)\(\s*("[^"]{0,200}")\s*,\s*(.{1,400})$/;
/** What a check is named for in Go, where a handler may be about rights as well: it says that it demands something. */
const demanding =
  /^(?:[rR]eq(?:uire[ds]?)?|[mM]ust|[nN]eeds?|[oO]nly|[cC]heck|[eE]nsure|[vV]erify|[aA]uth\w*|[iI]s|[hH]as|[cC]an|[aA]llow|[rR]estrict|[lL]imit|[gG]uard|[pP]rotect)(?:[A-Z]|$)/;
/** One entry of such a chain on a line of its own. */
const entry = /^(?!(?:async|function|await|return|const|let|new)\b)[A-Za-z_$][\w$.]{1,80}(?:,|\(.{0,200}\),?|\(\{?)$/;
/** What a check is named for. */
const control =
  /auth|guard|valid|limit|csrf|role|perm|access|verif|requir|check|celebrate|protect|ensure|upload|multer|cors|helmet|admin|owner|saniti|captcha|session|token|login|signed|throttl|secur|allow|restrict|block|tenant|member|polic|scope|(?:^|\.)(?:can|is|has)[A-Z]/i;
const noControl =
  /^(?:\w+\.)*(?:async\w*|wrap\w*|catch\w*|\w*[hH]andler|log\w*|cache\w*|trace\w*|metrics?\w*)\b|controller/i;
/** So far above an entry is the route looked for. */
const reach = 12;

/** The arguments of a call, split at the commas between them; the last may be cut. */
function argumentsOf(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let quote = "";
  let one = "";
  for (const character of text) {
    if (quote !== "") quote = character === quote ? "" : quote;
    else if ("\"'`".includes(character)) quote = character;
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    if (depth < 0) break;
    if (character === "," && depth === 0 && quote === "") {
      found.push(one.trim());
      one = "";
    } else one += character;
  }
  return [...found, one.trim()].filter(Boolean);
}

/** The checks of a chain, each as what it says: blanks and brackets around what it is told say nothing. */
function checksOn(rest: string): readonly string[] {
  const all = argumentsOf(rest);
  const isCut = /,\s*$/.test(rest);
  return (isCut ? all : all.slice(0, -1)).filter(isCheck).map((one) => withoutBlanks(one).replace(/[[\]()]/g, ""));
}

function checksInGo(rest: string): readonly string[] {
  return argumentsOf(rest)
    .filter((one) => demanding.test(/(\w+)(?:\(|$)/.exec(one)?.[1] ?? ""))
    .map((one) => withoutBlanks(one).replace(/[()]/g, ""));
}

function isCheck(text: string): boolean {
  const name = /^[\w$.]+/.exec(text)?.[0] ?? "";
  return name !== "" && control.test(name) && !noControl.test(name);
}

/** The routes of one side of a file that stand on one line, each with the checks of its chain. */
function routesOf(
  lines: readonly CodeLine[],
  isGo: boolean,
): ReadonlyMap<string, { readonly line: CodeLine; readonly checks: readonly string[] }> {
  const found = new Map<string, { readonly line: CodeLine; readonly checks: readonly string[] }>();
  for (const line of lines) {
    const [, on, method, path, rest] = (isGo ? routeInGo : route).exec(line.code) ?? [];
    if (on === undefined || method === undefined || path === undefined || rest === undefined) continue;
    const key = `${on}.${method} ${path.replaceAll('"', "'")}`;
    if (!found.has(key)) found.set(key, { line, checks: isGo ? checksInGo(rest) : checksOn(rest) });
  }
  return found;
}

function differ(one: readonly string[], other: readonly string[]): boolean {
  return one.length !== other.length || one.some((check) => !other.includes(check));
}

/** An entry came into a chain that stood, or went from it. */
function changedEntry(hunk: CodeHunk, telling: ReadonlySet<CodeLine>): CodeLine | undefined {
  for (const [index, line] of hunk.lines.entries()) {
    if (line.kind === "context" || !telling.has(line) || line.isImport) continue;
    if (!entry.test(line.code) || !isCheck(line.code)) continue;
    const said = withoutBlanks(line.code);
    const other = otherSide(line.kind);
    const stood = hunk.lines.some(({ kind, code }) => kind === other && withoutBlanks(code).includes(said));
    if (!stood && standsInChain(hunk, index)) return line;
  }
  return undefined;
}

/** Above it, with nothing but entries and what they are told between, a route opens that the other side has as well. */
function standsInChain(hunk: CodeHunk, index: number): boolean {
  const line = hunk.lines[index];
  if (!line) return false;
  const indent = indentOf(line);
  for (const above of hunk.lines.slice(Math.max(0, index - reach), index).reverse()) {
    if (above.code === "" || (above.kind !== "context" && above.kind !== line.kind)) continue;
    if (indentOf(above) >= indent) continue;
    if (!opening.test(above.code)) return false;
    return (
      above.kind === "context" ||
      hunk.lines.some((other) => other.kind !== above.kind && pathOn(other.code) === pathOn(above.code))
    );
  }
  return false;
}

function pathOn(code: string): string {
  return /["'`](\/[^"'`]{0,200})["'`]/.exec(code)?.[1] ?? code;
}

function inspectFile(file: InspectedFile): Sighting[] {
  const isGo = file.language === "go";
  if (file.role !== "production" || file.file.status === "added") return [];
  if (!isGo && file.language !== "javascript") return [];
  const found: Sighting[] = [];
  const before = routesOf(file.removed, isGo);
  for (const [key, { line, checks }] of before.size === 0 ? [] : routesOf(file.added, isGo)) {
    const earlier = before.get(key);
    if (!earlier || line.newLine === undefined || !differ(earlier.checks, checks)) continue;
    const name = pathOn(line.code);
    found.push({ what: "changed", path: file.path, line: line.newLine, name, evidence: line.text });
  }
  if (isGo) return found;
  const telling = new Set([...file.added, ...file.removed]);
  for (const hunk of file.hunks) {
    const line = changedEntry(hunk, telling);
    if (!line) continue;
    const name = file.path.slice(file.path.lastIndexOf("/") + 1);
    found.push({ what: "changed", path: file.path, ...ownPlaceOf(line), name, evidence: line.text });
  }
  return found;
}

export const detector: Detector = {
  name: "routeChains",
  sees: ["changed"],
  inspect: (files) => files.flatMap(inspectFile),
};
