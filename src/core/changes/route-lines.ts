import type { CodeLine } from "./code-line.ts";
import type { InspectedFile } from "./inspected-file.ts";
import { otherSide } from "./patch.ts";
import { routeForms } from "./route-forms.ts";
import { addressOfRoute, placeOfLine } from "./route-names.ts";

/*
 * What lines say of ways in: the address they declare, by which method it is called, what answers there; and which ways in a
 * change took away, or only gave another address.
 */

/** The address or name of the route that a line declares; undefined when it declares none. */
export function routeOn(code: string, file: InspectedFile): string | undefined {
  // A redirect answers nothing of its own.
  if (/\bredirect\w*\(/i.test(code)) return undefined;
  for (const { languages, files, pattern } of routeForms) {
    if (!languages.includes(file.language) || (files && !files.test(file.path))) continue;
    const found = pattern.exec(code);
    // A group without a prefix of its own only holds routes.
    if (found && /scope\(\s*""/.test(found[0])) return undefined;
    if (found) return found.slice(1).find((group) => group !== undefined && group.trim() !== "") ?? found[0];
  }
  return undefined;
}

/** What answers, as the line names it behind the address; empty where it names nothing. */
export function answerOn(code: string): string {
  const action = /\bto:\s*["']([\w/]+#\w+)["']/.exec(code)?.[1];
  if (action !== undefined) return action;
  const rest = code.replace(/\s+/g, "").replace(/(["'`])(?:\\.|(?!\1)[^\\])*\1/g, "''");
  return /,[\w.:$]{4,120}[),]/.test(rest) ? rest : "";
}

/** The methods of HTTP by which frameworks declare a route, as the call or mark is named. */
const verb = /(?:^|[.:@\s]|\[Http)(get|post|put|patch|delete|any|all)(?:Mapping)?\b/i;

/** By which method the route of a line is called; undefined where the line does not say. */
export function verbOn(code: string): string | undefined {
  return verb.exec(code.slice(0, 80))?.[1]?.toLowerCase();
}

/** The routes that a change took away, each with the methods it could be called by. */
export type GoneRoutes = ReadonlyMap<string, ReadonlySet<string>>;

/** A mark above what answers: an attribute, an annotation, a decorator. */
const routeMark = /^(?:\[|@|#\[)/;

/**
 * Routes that took the place of another one before the same handler: the mark on a function that stands, or the first line of a
 * call whose other lines stand. Both sides of the run have as many routes, by the same methods, in the same order.
 */
export function renamedRoutes(file: InspectedFile): ReadonlySet<CodeLine> {
  const found = new Set<CodeLine>();
  for (const { lines } of file.hunks) {
    let start = 0;
    for (const [index, line] of [...lines, undefined].entries()) {
      if (line !== undefined && line.kind !== "context") continue;
      const run = lines.slice(start, index);
      start = index + 1;
      const routes = (kind: CodeLine["kind"]): readonly CodeLine[] =>
        run.filter((one) => one.kind === kind && routeOn(one.code, file) !== undefined);
      const [came, went] = [routes("added"), routes("removed")];
      if (line === undefined || came.length !== went.length) continue;
      if (came.some(({ code }, place) => verbOn(code) !== verbOn(went[place]?.code ?? ""))) continue;
      const last = run.findLast(({ kind, code }) => kind === "added" && code !== "");
      const isAllMarks = run.every(isMark);
      for (const one of came)
        if (routeMark.test(one.code) ? isAllMarks : one === last && isGoneOnWith(one)) found.add(one);
    }
  }
  return found;
}

function isMark({ code }: CodeLine): boolean {
  return code === "" || routeMark.test(code);
}

/** The call goes on: its handler stands below. */
function isGoneOnWith({ code }: CodeLine): boolean {
  return code.endsWith(",");
}

/** By what routes of a change are told apart: in one language, whatever their parameters are called. */
export function routeKey(route: string, { language }: InspectedFile): string {
  return `${language} ${addressOfRoute(route)}`;
}

/** The route of an address that stands on the line below the call that takes it. */
export function openedRoute(above: string, code: string, file: InspectedFile): string | undefined {
  return above.endsWith("(") && /^["'`/@]/.test(code) ? routeOn(above + code, file) : undefined;
}

/** Routes that are values of their own: https://hapi.dev/tutorials/routing/, https://fastify.dev/docs/latest/Reference/Routes/ */
const pathOfValue = /^(?:path|url):\s*["'`](\/[^"'`]{0,200})["'`],?$/;
const methodOfValue = /^method:\s*\[?\s*["'`](GET|POST|PUT|PATCH|DELETE|\*)["'`]/;
/** What calls others names methods and paths so, too. */
const callsOthers = /client|sdk|mock|pact|contract|stub/i;
/** Lines between the path of such a route and its method. */
const farthestMethod = 3;

/** A route with its method on a line nearby; undefined where the line is no path of one. */
export function routeValue(
  line: CodeLine,
  file: InspectedFile,
): { readonly address: string; readonly method: string } | undefined {
  const address = file.language === "javascript" ? pathOfValue.exec(line.code)?.[1] : undefined;
  if (address === undefined || callsOthers.test(file.path)) return undefined;
  const { lines, at } = placeOfLine(line, file);
  const opposite = otherSide(line.kind === "removed" ? "removed" : "added");
  for (const other of lines.slice(Math.max(0, at - farthestMethod), at + farthestMethod + 1)) {
    const method = other.kind === opposite ? undefined : methodOfValue.exec(other.code)?.[1];
    if (method !== undefined) return { address, method: method.toLowerCase() };
  }
  return undefined;
}

/** The routes that files lost, by their keys. */
export function routesGone(files: readonly InspectedFile[]): GoneRoutes {
  const gone = new Map<string, Set<string>>();
  for (const file of files) {
    const telling = new Set(file.removed);
    for (const { lines } of file.hunks) {
      let above = "";
      for (const line of lines) {
        if (line.kind === "added") continue;
        const before = above;
        if (line.code !== "") above = line.code;
        if (!telling.has(line)) continue;
        const value = routeValue(line, file);
        const route = routeOn(line.code, file) ?? openedRoute(before, line.code, file) ?? value?.address;
        if (route === undefined) continue;
        const methods = gone.get(routeKey(route, file)) ?? new Set();
        const method = value?.method ?? verbOn(line.code);
        if (method !== undefined) methods.add(method);
        gone.set(routeKey(route, file), methods);
      }
    }
  }
  return gone;
}
