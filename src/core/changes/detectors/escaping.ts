import type { CodeLine } from "../code-line.ts";
import type { Detector, Sighting } from "../detector.ts";
import { type InspectedFile, withoutBlanks } from "../inspected-file.ts";

/*
 * Escaping, quoting and cleaning that is put around what stood without it, or taken off: the line is the same but for
 * the function. A new line that escapes is ordinary; one that now does, or no longer does, is a control that came or went.
 * In templates, which escape by themselves, it is the mark against it that goes.
 */

/** Functions that make text of others harmless for a page, a shell, a query, a path or a header. */
const cleaning =
  /(?:^|[^\w$])((?:[\w$]{1,40}(?:\.|->|::)){0,3}(?:e|h|esc|escape|escape_?html|escapeHtml|escapeHTML|html_escape|htmlspecialchars|htmlentities|esc_html|esc_attr|esc_url|strip_tags|striptags|sanitize|sanitise|(?:sanitize|sanitise)_(?!number|amount|date|decimal|currency|price|integer|phone|name\b)\w{1,40}|sanitize[A-Z]\w{0,40}|clean_html|cleanHtml|purify|bleach\.clean|quote|quote_plus|shellescape|escapeshellarg|escapeshellcmd|basename|secure_filename|encodeURIComponent|encodeURI|urlencode|rawurlencode|conditional_escape|force_escape|escape_once|sanitize_sql_like|escape_string|quote_ident|json_escape|escape_javascript|addslashes|escapeRegExp|escapeRegex))\(/g;

/** The same in Ruby without brackets: `@title = sanitize title`. */
const cleaningBare =
  /(^|[=(,:{]\s*|\breturn\s+)(?:sanitize|strip_tags|html_escape|escape_once|strip_links)\s+(?=[@\w])/;

/** A cleaned line without the call around its argument; undefined when it cleans nothing. */
function uncleaned(code: string): ReadonlySet<string> {
  const found = new Set<string>();
  if (cleaningBare.test(code)) found.add(withoutBlanks(code.replace(cleaningBare, "$1")));
  for (const match of code.matchAll(cleaning)) {
    const name = match[1] ?? "";
    const start = match.index + match[0].length - name.length - 1;
    const open = start + name.length;
    const close = closingOf(code, open);
    if (close === undefined) continue;
    // What quotes for a shell takes a list: `quote([name])`. https://github.com/ljharb/shell-quote
    const given = /^\[([^[\]]*)\]$/.exec(code.slice(open + 1, close))?.[1] ?? code.slice(open + 1, close);
    found.add(withoutBlanks(code.slice(0, start) + given + code.slice(close + 1)));
    if (found.size >= mostCalls) break;
  }
  return found;
}

/** No line has more calls than this that are worth looking at. */
const mostCalls = 8;

function closingOf(code: string, open: number): number | undefined {
  let depth = 0;
  for (let index = open; index < code.length; index++) {
    const character = code[index];
    if (character === "(") depth++;
    else if (character === ")" && --depth === 0) return index;
  }
  return undefined;
}

/** What a template of Ruby shows as it is: `note.text` of `= note.text.html_safe`. */
const shownAsIs = /^(.{1,400}?)\.html_safe\b/;
/** A line of Haml or Slim that works something out, and shows nothing. */
const worksOut = /^-\s/;
const names = /[A-Za-z_]\w{2,60}/g;

/** Text that was shown as it is, and still is shown but escaped. Where it went as well, nothing of it is shown at all. */
function unmarkedIn(file: InspectedFile): Sighting[] {
  if (file.role !== "view" || file.language !== "html") return [];
  const telling = new Set(file.removed);
  for (const { lines } of file.hunks) {
    const marked = (kind: CodeLine["kind"]): number =>
      lines.filter((line) => line.kind === kind && /\bhtml_safe\b/.test(line.code)).length;
    // The mark may stand at the end of a statement that takes more lines now.
    if (marked("added") >= marked("removed")) continue;
    const shown = new Set(
      lines.flatMap(({ kind, code }) =>
        kind === "added" && !shownAsIs.test(code) && !worksOut.test(code) ? (code.match(names) ?? []) : [],
      ),
    );
    const line = lines.find((one) => {
      const value = telling.has(one) ? shownAsIs.exec(one.code)?.[1] : undefined;
      // The last name is the value's own; `to_json` and its like only say in which form.
      const name = value?.match(names)?.findLast((part) => !part.startsWith("to_"));
      return name !== undefined && shown.has(name);
    });
    if (line) return [{ ...sightingOf(file, lines, line), what: "unmarked" }];
  }
  return [];
}

/** What components of the GOV.UK Design System show, escaped or as it is: https://design-system.service.gov.uk/get-started/production/ */
const shownBy = /^["']?(html|text)["']?:\s*([\w.?[\]]{2,80}),?$/;

/** The same value, newly shown as text or as HTML. */
function shownOtherwise(file: InspectedFile): Sighting[] {
  for (const { lines } of file.hunks) {
    for (const line of lines) {
      const [, form, value] = (line.kind === "added" && shownBy.exec(line.code)) || [];
      if (value === undefined) continue;
      const isOther = ({ kind, code }: CodeLine): boolean => {
        const before = kind === "removed" ? shownBy.exec(code) : null;
        return before?.[2] === value && before[1] !== form;
      };
      if (lines.some(isOther)) return [{ ...sightingOf(file, lines, line), what: form === "text" ? "came" : "went" }];
    }
  }
  return [];
}

function inspectFile(file: InspectedFile): Sighting[] {
  // A template of Ruby escapes by itself, and is told to clean where it must show what others marked up.
  const isTemplate = file.role === "view" && file.language === "html" && /\.(?:erb|haml|slim)$/.test(file.path);
  const found: Sighting[] =
    file.role === "production" || file.role === "view" ? [...unmarkedIn(file), ...shownOtherwise(file)] : [];
  if (file.role !== "production" && !isTemplate) return found;
  for (const { lines } of file.hunks) {
    const plain = {
      added: new Set(lines.filter(({ kind }) => kind === "added").map(({ code }) => withoutBlanks(code))),
      removed: new Set(lines.filter(({ kind }) => kind === "removed").map(({ code }) => withoutBlanks(code))),
    };
    for (const line of lines) {
      if (line.kind === "context" || line.isImport || line.code === "") continue;
      const opposite = line.kind === "added" ? plain.removed : plain.added;
      if (opposite.size === 0 || ![...uncleaned(line.code)].some((code) => opposite.has(code))) continue;
      found.push(sightingOf(file, lines, line));
      break;
    }
  }
  return found;
}

function sightingOf(file: InspectedFile, lines: readonly CodeLine[], line: CodeLine): Sighting {
  const shared = { path: file.path, name: file.path.slice(file.path.lastIndexOf("/") + 1), evidence: line.text };
  if (line.newLine !== undefined) return { what: "came", line: line.newLine, ...shared };
  const place = lines.slice(lines.indexOf(line)).find(({ kind }) => kind === "added")?.newLine;
  return {
    what: "went",
    ...shared,
    ...(place === undefined ? {} : { line: place }),
    ...(place === undefined && line.oldLine !== undefined ? { baseLine: line.oldLine } : {}),
  };
}

export const detector: Detector = {
  name: "escaping",
  sees: ["came", "went", "unmarked"],
  inspect: (files) => files.flatMap(inspectFile),
};
