import { withholdSecrets } from "../text/secrets.ts";

/*
 * The one door through which a value gets into a text on GitHub. `md` takes only what came through it, so the compiler
 * refuses a raw string. What others wrote is shown as they wrote it, and does nothing: no mention, no reference, no link,
 * no image, no HTML (H047–H054). GitHub looks for mentions and references in the rendered text, where a backslash or an
 * entity is gone again; a zero-width space between the sign and the name is what holds.
 */

/** Zero-width space: keeps a sign and a name apart without being seen. */
const gap = "\u200b";

const made: unique symbol = Symbol("made here");

/** Markdown in which every foreign value is inert. Only this file can make it. */
export interface Markdown {
  readonly markdown: string;
  readonly [made]: true;
}

/** Takes a string as it is. For words that our own code chose or put together: a count, a mark, a fence. Never a value. */
export function ownWords(markdown: string): Markdown {
  return { markdown, [made]: true };
}

/** Markdown from words of our own and values that came through this file. */
export function md(words: TemplateStringsArray, ...values: readonly (Markdown | number)[]): Markdown {
  let out = words[0] ?? "";
  for (const [index, value] of values.entries()) {
    out = joined(out, typeof value === "number" ? `${value}` : value.markdown) + (words[index + 1] ?? "");
  }
  return ownWords(out);
}

/** Several pieces with words of our own between them. */
export function join(pieces: readonly Markdown[], between: Markdown): Markdown {
  const [first, ...rest] = pieces;
  let out = first?.markdown ?? "";
  for (const piece of rest) out = joined(out + between.markdown, piece.markdown);
  return ownWords(out);
}

/** Two code spans side by side would run into one another: their fences need something between them. */
function joined(before: string, after: string): string {
  return before.endsWith("`") && after.startsWith("`") ? `${before}${gap}${after}` : before + after;
}

/** `one, two and three`. */
export function list(pieces: readonly Markdown[]): Markdown {
  if (pieces.length < 2) return pieces[0] ?? md``;
  return md`${join(pieces.slice(0, -1), md`, `)} and ${pieces[pieces.length - 1] ?? md``}`;
}

/** A value as ordinary text on one line, at most `most` characters. */
export function text(value: string, most = 300): Markdown {
  const shown = clip(oneLine(value), most);
  return ownWords(shown === "" ? "(empty)" : escaped(inert(shown)));
}

/** A sentence that names things in backticks: those become code, everything else is text. */
export function prose(sentence: string, most = 1_000): Markdown {
  const pieces: Markdown[] = [];
  let end = 0;
  const shown = clip(oneLine(sentence), most);
  for (const found of shown.matchAll(/`([^`]+)`/g)) {
    if (found.index > end) pieces.push(ownWords(escaped(inert(shown.slice(end, found.index)), end === 0)));
    pieces.push(code(found[1] ?? ""));
    end = found.index + found[0].length;
  }
  if (end < shown.length) pieces.push(ownWords(escaped(inert(shown.slice(end)), end === 0)));
  return pieces.length === 0 ? md`(empty)` : join(pieces, md``);
}

/** `prose`, with a full stop at the end where none is. */
export function sentence(words: string, most = 1_000): Markdown {
  return md`${prose(words, most)}${ownWords(/[.!?…]\s*$/.test(words) ? "" : ".")}`;
}

/** A value in code style, exact but for what cannot be seen, which is shown escaped. */
export function code(value: string, most = 200): Markdown {
  const shown = clip(visible(withholdSecrets(value)), most);
  if (shown === "") return md`(empty)`;
  // A pipe in a code span would end the cell of a table; an entity does not. Mentions and references rest in either.
  if (shown.includes("|")) return ownWords(`<code>${escaped(inert(shown), false)}</code>`);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  const padded = /^`|`$|^ .* $/.test(shown) ? ` ${shown} ` : shown;
  return ownWords(`${fence}${padded}${fence}`);
}

/** A line for an HTML block, where Markdown is not read; what stands in backticks becomes code. */
export function htmlLine(value: string, most = 200): Markdown {
  const html = inert(clip(oneLine(value), most)).replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
  return ownWords(html.replace(/`([^`]+)`/g, "<code>$1</code>"));
}

/** A link that we built. An address that is not plain http(s) leaves the label alone. */
export function link(label: Markdown, address: string): Markdown {
  const safe = safeAddress(address);
  return safe === undefined ? label : ownWords(`[${label.markdown}](${safe})`);
}

/** A path as the path of an address. */
export function pathOfAddress(path: string): string {
  return path
    .toWellFormed()
    .split("/")
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join("/");
}

/** A value for a place that shows plain text on one line: a check's title, an issue's title, an annotation's title. */
export function plainLine(value: string, most: number): string {
  return clip(oneLine(value), most);
}

/** A value for a place that shows plain text with lines: the message of an annotation, the code of a fence. */
export function plainLines(value: string): string {
  return withholdSecrets(value)
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .split("\n")
    .map((line) => visible(line.replaceAll("\t", "  ")))
    .join("\n");
}

/** At most `most` characters (UTF-16 units, as GitHub's limits of titles are counted), cut between whole characters. */
export function clip(value: string, most: number): string {
  if (value.length <= most) return value;
  return `${value
    .slice(0, most - 1)
    .replace(/[\ud800-\udbff]$/, "")
    .trimEnd()}…`;
}

function oneLine(value: string): string {
  return visible(
    withholdSecrets(value)
      .replace(/[\s\u0085]+/g, " ")
      .trim(),
  );
}

const joiner = "\u200d";

/**
 * What cannot be seen or would turn the line around, shown as its code point: control and format characters (direction
 * overrides, zero-width characters, tags), line separators, invisible letters. The joiner inside an emoji stays.
 */
function visible(value: string): string {
  return value
    .toWellFormed()
    .replace(/(\p{M}{4})\p{M}+/gu, "$1")
    .replace(
      /(\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?)?(\u034f|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800])/gu,
      (_, before: string | undefined, sign: string) =>
        before !== undefined && sign === joiner ? `${before}${joiner}` : `${before ?? ""}${codePoint(sign)}`,
    );
}

function codePoint(sign: string): string {
  const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const hex = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return named[sign] ?? (hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`);
}

/**
 * Breaks what GitHub would make a mention, a reference, a commit, an address or an emoji of, also where only the words
 * after the value complete it. Nothing is lost to the eye.
 */
function inert(value: string): string {
  return value
    .replace(/@(?=\S|$)/g, `@${gap}`)
    .replace(/#(?=\d|$)/g, `#${gap}`)
    .replace(/(gh-)(?=\d)/gi, `$1${gap}`)
    .replace(/(?<![A-Za-z0-9])[0-9a-f]{7,}(?![A-Za-z0-9])/gi, (digits) => digits.replace(/.{6}(?=.)/g, `$&${gap}`))
    .replace(/:(?=\/\/)/g, `:${gap}`)
    .replace(/(www)(?=\.|$)/gi, `$1${gap}`)
    .replace(/:(?=[a-z0-9_+-]+(?::|$))/gi, `:${gap}`);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "|": "&#124;",
  '"': "&quot;",
};

/** Escapes what Markdown would read as structure, and no more, so that the source stays readable in a mail. */
function escaped(value: string, startsLine = true): string {
  const quoted = value
    .replace(/[\\`*[\]~$]/g, "\\$&")
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\_")
    .replace(/[&<>|]/g, (sign) => entities[sign] ?? sign);
  return startsLine ? quoted.replace(/^[#+=-]/, "\\$&").replace(/^(\d+)([.)])(?=\s|$)/, "$1\\$2") : quoted;
}

function safeAddress(address: string): string | undefined {
  if (!/^https?:\/\/[^\s/]/i.test(address) || withholdSecrets(address) !== address) return undefined;
  return address.replace(/[\s<>()[\]\\|`*_~"'\p{C}]/gu, (sign) =>
    encodeURIComponent(sign.toWellFormed()).replace(
      /[()*_~']/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  );
}
