import type { CodeLine } from "./code-line.ts";
import { type Declaration, declaredIn } from "./declaration.ts";
import type { InspectedFile } from "./inspected-file.ts";

/*
 * How a way in is called where people read of it, and by what it is known again: never by the number of a line, because a later push
 * moves lines.
 */

/** So much of an address is shown. */
const longestShown = 120;
/** Lines below a route on which its address or its handler may stand. */
const farthestBelow = 8;

/**
 * An address whatever its parameters are called and must look like, and without quotes and blanks: `/notes/:id`, `/notes/{note:.+}`,
 * `/notes/<int:id>`, `/notes/:id(\\d+)`.
 */
export function addressOfRoute(route: string): string {
  return bare(addressIn(route) ?? route).replace(
    /(?<=[/(]|^):\w+(?:\([^()]{0,80}\))?|\{\w+(?::[^{}]{0,80}(?:\{[\d,]{1,9}\}[^{}]{0,40})?)?\}|<(?:\w+:)?\w+>|\[\w+\]/g,
    ":",
  );
}

function bare(route: string): string {
  return route.replace(/["'`\s]/g, "");
}

/** What names a route to people: its address; where it has none of its own, what answers. */
export function shownRoute(route: string, line: CodeLine, file: InspectedFile, verb: string | undefined): string {
  const own = addressIn(route);
  if (own !== undefined) return own;
  const action = /\bto:\s*["']([\w/]+#\w+)["']/.exec(line.code)?.[1];
  if (action !== undefined) return action;
  const below = linesBelow(line, file);
  const isOpen = /[(,[{]$/.test(line.code);
  const lower =
    isOpen && bare(route) !== "/"
      ? below.map(({ code }) => /^(?:(?:path|url):\s*)?["'`](\/?[^"'`]+)["'`]/.exec(code)?.[1])
      : [];
  const address = lower[0] ?? lower[1];
  if (address !== undefined) return address.slice(0, longestShown);
  const handler = isMark(line) ? firstFunction(below, file) : undefined;
  if (handler !== undefined) return `${handler.name} of ${nameOf(file.path)}`;
  return `${verb === undefined ? "" : `${verb.toUpperCase()} `}/ of ${nameOf(file.path)}`;
}

/** The address that a route names: the first text in quotes with a slash, or the first one, or the whole without brackets. */
function addressIn(route: string): string | undefined {
  const trimmed = route.trim();
  const quoted = /^[(]/.test(trimmed)
    ? [...trimmed.matchAll(/["'`]([^"'`]+)["'`]/g)].map(([, text]) => text ?? "")
    : [];
  const found = quoted.find((text) => text.includes("/")) ?? quoted[0] ?? trimmed.replace(/^["'`]|["'`]$/g, "");
  const isName = bare(found).length > 1 && /[\w/]/.test(found) && !/[([]["'`]?$|^@|^\[\w+$/.test(found);
  return isName ? found.slice(0, longestShown) : undefined;
}

function isMark({ code }: CodeLine): boolean {
  return /^(?:\[|@|#\[)/.test(code);
}

function linesBelow(line: CodeLine, file: InspectedFile): readonly CodeLine[] {
  const { lines, at } = placeOfLine(line, file);
  return lines.slice(at + 1, at + 1 + farthestBelow).filter(({ kind, code }) => kind !== "removed" && code !== "");
}

function firstFunction(lines: readonly CodeLine[], file: InspectedFile): Declaration | undefined {
  for (const { code } of lines) {
    const declared = declaredIn(code, file.language);
    if (declared) return declared.kind === "function" ? declared : undefined;
  }
  return undefined;
}

/** A file's name without its extension. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
}

/** The address that a file answers by its place: `pages/api/users/[id].ts` answers `/api/users/[id]`. */
export function addressOf(path: string): string {
  const address = path
    .replace(/^.*?(pages|app|routes|server)\//, "/")
    .replace(/(\/index|\/route|\/\+server)?\.(js|ts|mjs|tsx)$/, "");
  return address === "" ? "/" : address;
}

/** Where a line stands in its file: its hunk, and its index there. */
interface LinePlace {
  readonly heading: string;
  readonly lines: readonly CodeLine[];
  readonly at: number;
}

const places = new WeakMap<InspectedFile, ReadonlyMap<CodeLine, LinePlace>>();

/** The place of a line that a file has; each file is gone through once. */
export function placeOfLine(line: CodeLine, file: InspectedFile): LinePlace {
  let known = places.get(file);
  if (!known) {
    known = new Map(
      file.hunks.flatMap(({ heading, lines }) =>
        lines.map((one, at): [CodeLine, LinePlace] => [one, { heading, lines, at }]),
      ),
    );
    places.set(file, known);
  }
  return known.get(line) ?? { heading: "", lines: [], at: 0 };
}

/** So many lines above may be what a line stands in. */
const farthestAbove = 400;

/** The name of the function or type around a line, or of the type alone, as the lines above and git's hunk heading give it. */
export function enclosingOf(line: CodeLine, file: InspectedFile, kind?: Declaration["kind"]): string | undefined {
  const { heading, lines, at } = placeOfLine(line, file);
  const nameIn = (code: string): string | undefined => {
    const declared = declaredIn(code, file.language);
    return kind === undefined || declared?.kind === kind ? declared?.name : undefined;
  };
  for (let index = at - 1; index >= Math.max(0, at - farthestAbove); index--) {
    const above = lines[index];
    const name = above && above.kind !== "removed" ? nameIn(above.code) : undefined;
    if (name !== undefined) return name;
  }
  return nameIn(heading.trim());
}
