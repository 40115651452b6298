/*
 * Text of others on its way into a file or a terminal. Control characters, direction marks and other things that cannot
 * be seen are shown as their code points, never passed on raw (H053).
 */

const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** A joiner between two signs is part of an emoji or of a script, and does no harm. */
const harmless = new Set(["\u200d"]);

function codePoint(sign: string): string {
  const point = sign.codePointAt(0) ?? 0;
  return point > 0xffff ? `\\u{${point.toString(16)}}` : `\\u${point.toString(16).padStart(4, "0")}`;
}

/** A value on one line, with what cannot be seen shown as its code point. */
export function oneLine(value: string): string {
  return value
    .toWellFormed()
    .replace(/[\s\u0085]+/g, " ")
    .trim()
    .replace(unseen, (sign) => (harmless.has(sign) ? sign : codePoint(sign)));
}

/** A value at most `most` characters long, cut between whole characters. */
export function clip(value: string, most: number): string {
  if (value.length <= most) return value;
  return `${value.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/**
 * The text of a JSON or YAML file in which whatever cannot be seen is written as an escape. Right for JSON, and for YAML
 * whose texts with such characters are in double quotes, as `quotesNeeded` asks.
 */
export function withEscapes(text: string): string {
  return text.replace(unseen, (sign) => {
    if (sign === "\n" || harmless.has(sign)) return sign;
    return [...sign].length === 1 && sign.length > 1
      ? sign
          .split("")
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
          .join("")
      : codePoint(sign);
  });
}

/** Whether a text holds a character that only double quotes can carry escaped. */
export function quotesNeeded(text: string): boolean {
  return [...text.matchAll(unseen)].some(([sign]) => sign !== "\n" && !harmless.has(sign));
}

/**
 * A value in which every text is made of characters: halves of pairs, NUL, and the sign that stands for a broken byte become
 * a question mark, because a file that holds them is refused as damaged (H064).
 */
export function wellFormed<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === "string" ? part.toWellFormed().replace(/[\ufffd\0]/g, "?") : part,
  ) as Value;
}
