/** How far into a file its top-level keys are looked for: formats name themselves early, and the scan stays linear. */
const scanLimit = 4 * 1024 * 1024;
const keyLimit = 400;

/**
 * The top-level keys of a YAML or JSON text, found by a linear scan without parsing, so that a broken file is still told
 * by its format. Only a first guess: the reader parses.
 */
export function topLevelKeys(text: string): ReadonlySet<string> {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const first = /\S/.exec(text.slice(start, start + 10_000))?.[0];
  return first === "{" ? jsonKeys(text) : first === "[" ? new Set() : yamlKeys(text);
}

function jsonKeys(text: string): Set<string> {
  const keys = new Set<string>();
  const end = Math.min(text.length, scanLimit);
  let depth = 0;
  let index = 0;
  while (index < end && keys.size < keyLimit) {
    const character = text[index];
    if (character === '"') {
      const close = stringEnd(text, index, end);
      if (depth === 1 && /^\s{0,100}:/.test(text.slice(close + 1, close + 102))) keys.add(text.slice(index + 1, close));
      index = close + 1;
      continue;
    }
    if (character === "{" || character === "[") depth++;
    if (character === "}" || character === "]") depth--;
    index++;
  }
  return keys;
}

/** Index of the quote that ends the string which starts at `start`, or the end of the scan. */
function stringEnd(text: string, start: number, end: number): number {
  let index = start + 1;
  while (index < end) {
    if (text[index] === "\\") index += 2;
    else if (text[index] === '"') return index;
    else index++;
  }
  return end;
}

function yamlKeys(text: string): Set<string> {
  const keys = new Set<string>();
  const pattern = /^(?:"([^"\n]{1,100})"|'([^'\n]{1,100})'|([A-Za-z_$][\w $.-]{0,99}?))[ \t]{0,20}:(?=[\s]|$)/gm;
  for (const match of text.slice(0, scanLimit).matchAll(pattern)) {
    keys.add(match[1] ?? match[2] ?? match[3] ?? "");
    if (keys.size >= keyLimit) break;
  }
  return keys;
}
